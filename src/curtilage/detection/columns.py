"""Join what a column is called with what its cells hold: one verdict, each part with its evidence.

A name says what somebody meant to write there; the cells say what was written. Three kinds of evidence
come from cells, each told in the reasons:

* ``value:RULE in N of M cells`` what was found; a few odd cells in a million are told as well;
* ``content:RULE fills N of M cells`` nearly all cells look like one kind of identifier, and not by chance;
* ``codes:LIST`` nearly all cells are codes of one kind.

What the cells alone suggest weakly (a list of countries, dates that are half a century apart) counts
where the name agrees, or the same table names people. Counts come in, never a cell.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from curtilage.detection.nouns import Match, Verdict
from curtilage.detection.values.codes import CodeList, load_lists
from curtilage.detection.values.nouns import Relations
from curtilage.detection.values.profile import Profile
from curtilage.detection.values.sealed import Coat
from curtilage.inventory.nouns import Reveals

MAIN: Final = 0.05
"""Share of cells from which on a column is said to hold something, and not only odd cells of it. Chosen."""
_ODD_SCORE: Final = 0.55
_FULL: Final = 0.8
"""Share of cells that make a column one of its kind; the rest is typing errors and remarks. Chosen."""
_ALL: Final = 0.985
_FEW_BY_CHANCE: Final = 0.3
"""Of cells with other digits; a check digit leaves one in ten, its absence nearly all. Chosen."""
_UNLIKE_CHANCE: Final = 0.25
"""By how much more of the cells fit than of the same with other digits. Chosen: a first digit that is
never 0 makes a difference of a tenth, and says nothing."""
_ENOUGH: Final = 20
_CODED: Final = 0.95
_MANY_TELL: Final = 3
"""Different telling codes with which a list need not hold every cell."""
_SEALED: Final = 0.9
_LIVES: Final = 40
"""Years between the early and the late dates of a column of birthdays, at least. Chosen."""
_LEAST: Final = 0.5
"""Scores below are not said."""
_WEAK: Final = 0.45
_LIFTED: Final = 0.75
_IF: Final = "if beside "
"""Begins a reason of weak evidence: what another column of the table must hold for it to count."""
_MANY_NAMES: Final = 150
"""Different capitalised words that a column of family names has at least; one of cities has fewer. Chosen."""
_BY_CELLS: Final = ("value:", "content:", "codes:", "beside ")
"""How reasons begin that come from cells."""
_ABOUT_PEOPLE: Final = "people"
_PEOPLE: Final = frozenset(
    "full_name given_name family_name ssn itin date_of_birth alien_number passport drivers_license email phone".split()
)


class TellingRule(Protocol):
    """What a rule for values says of a cell in which it finds something."""

    @property
    def category(self) -> str:
        """Id of the category that it finds."""
        ...

    @property
    def reveals(self) -> Reveals:
        """What such a cell tells."""
        ...

    @property
    def asks(self) -> Relations:
        """What must stand around it to be found; nothing where its shape alone tells."""
        ...

    @property
    def before(self) -> str:
        """Characters of which one must stand right before it; empty where nothing must."""
        ...

    @property
    def beside(self) -> tuple[str, ...]:
        """Categories of other columns of the table, beside which a column that it fills counts."""
        ...


@dataclass(frozen=True, slots=True)
class CellCounts:
    """What was counted in one column.

    Attributes:
        seen: Cells that were looked at and are not null.
        rules: Cells with at least one hit, by id of the rule; rules without a hit are left out.
        profile: What a few of its cells look like.
    """

    seen: int = 0
    rules: Mapping[str, int] = field(default_factory=dict)
    profile: Profile = field(default_factory=Profile)


@dataclass(slots=True)
class _Evidence:
    """What speaks for one category."""

    reveals: Reveals
    score: float
    reasons: tuple[str, ...]


def judge_column(verdict: Verdict, counts: CellCounts, rules: Mapping[str, TellingRule]) -> Verdict:
    """Return what a column holds, by its name and by its cells together.

    Args:
        verdict: What its name, label and options say.
        counts: What was counted in its cells.
        rules: Every rule by id; a rule that is not there is passed over.

    Returns:
        The categories that the name says and those that the cells say, best first. What both say is
        surer than either. A category that the name says stays although no cell shows it: cells may be
        empty today.
    """
    found: dict[str, _Evidence] = {}
    for category, evidence in (
        *_hits(counts, rules),
        *_filled(counts.profile, rules, named=frozenset(verdict.categories)),
        *_codes(counts.profile, named=frozenset(verdict.categories)),
        *_weak(counts.profile, rules),
    ):
        found[category] = _both(found.get(category), evidence)
    reasons = (*verdict.reasons, *_coat(counts.profile))
    if not found:
        return Verdict(verdict.matches, verdict.reveals, reasons)
    return _join(verdict, found, reasons)


def judge_table(verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """Return the verdicts of the columns of one table, each seen beside the others.

    What cells alone suggest weakly is lifted where another column of the table bears it out, and left
    out where none does: countries beside names are birthplaces, countries alone are geography.
    """
    sure = [{match.category for match in verdict.matches if match.score >= _LIFTED} for verdict in verdicts]
    for categories in sure:
        if categories & _PEOPLE:
            categories.add(_ABOUT_PEOPLE)
    return tuple(
        _settle(verdict, frozenset().union(*sure[:at], *sure[at + 1 :]))
        for at, verdict in enumerate(verdicts)
    )


def is_named(match: Match) -> bool:
    """Return whether the name of a column says a category, and not its cells alone."""
    return any(not reason.startswith(_BY_CELLS) for reason in match.reasons)


def coat_of(verdict: Verdict) -> str:
    """Return what nearly all cells of a column are that are no plain text; empty where they are.

    Returns:
        A :class:`~curtilage.detection.values.sealed.Coat`, such as ``ciphertext``.
    """
    for reason in verdict.reasons:
        kind, _, said = reason.partition(":")
        coat = said.partition(" ")[0]
        if kind == "content" and coat in set(Coat):
            return coat
    return ""


def _settle(verdict: Verdict, beside: frozenset[str]) -> Verdict:
    if all(match.score >= _LEAST for match in verdict.matches):
        return verdict
    lifted = [match if match.score >= _LEAST else _lift(match, beside) for match in verdict.matches]
    return _verdict([match for match in lifted if match], verdict.reasons)


def _lift(match: Match, beside: frozenset[str]) -> Match | None:
    borne_out = [reason for reason in match.reasons if reason.removeprefix(_IF) in beside]
    if not borne_out:
        return None
    reasons = tuple(
        reason.removeprefix("if ")
        for reason in match.reasons
        if reason in borne_out or not reason.startswith(_IF)
    )
    return Match(match.category, match.reveals, _LIFTED, reasons)


def _hits(counts: CellCounts, rules: Mapping[str, TellingRule]) -> Iterable[tuple[str, _Evidence]]:
    for rule, cells in sorted(counts.rules.items(), key=lambda pair: (-pair[1], pair[0])):
        if cells and rule in rules and rules[rule].category:
            share = cells / max(1, counts.seen)
            score = _ODD_SCORE if share < MAIN else round(0.7 + 0.25 * min(1.0, share), 3)
            reason = f"value:{rule} in {cells:,} of {counts.seen:,} cells"
            yield rules[rule].category, _Evidence(rules[rule].reveals, score, (reason,))


def _filled(
    profile: Profile, rules: Mapping[str, TellingRule], *, named: frozenset[str]
) -> Iterable[tuple[str, _Evidence]]:
    """Give the kind of identifier that nearly all cells are: the surest, and others only if as sure."""
    sure = {rule: _surety(rule, profile, rules, named) for rule in profile.filled if rule in rules}
    best = max(sure.values(), default=0.0)
    for rule, score in sorted(sure.items()):
        if score and score == best and rules[rule].category:
            reason = f"content:{rule} fills {profile.filled[rule]:,} of {profile.tried:,} cells"
            yield rules[rule].category, _Evidence(rules[rule].reveals, score, (reason,))


def _surety(rule: str, profile: Profile, rules: Mapping[str, TellingRule], named: frozenset[str]) -> float:
    """Return how sure it is that the cells are what a rule finds; 0 where they may be anything."""
    share = profile.filled[rule] / max(1, profile.tried)
    if profile.tried < _ENOUGH or share < _FULL:
        return 0.0
    chance = profile.by_chance.get(rule, 0) / max(1, profile.chances)
    if rules[rule].category in named:
        return 0.95
    if not (rules[rule].asks or rules[rule].before):
        return 0.93 if chance <= _FEW_BY_CHANCE else 0.85
    if chance <= _FEW_BY_CHANCE:
        return 0.8
    various = profile.beginnings * 4 >= min(profile.different, 400)
    return 0.6 if share >= _ALL and share - chance >= _UNLIKE_CHANCE and various else 0.0


def _codes(profile: Profile, *, named: frozenset[str]) -> Iterable[tuple[str, _Evidence]]:
    lists = {each.id: each for each in load_lists().lists}
    fitting = [
        lists[each]
        for each, cells in profile.coded.items()
        if profile.tried >= _ENOUGH
        and cells >= profile.tried * (_CODED if profile.telling[each] < _MANY_TELL else _FULL)
    ]
    fitting.sort(key=lambda each: (each.category not in named, -profile.telling[each.id]))
    for each in fitting[:1]:
        if each.category and (score := _code_score(each, profile, named)):
            reasons = [f"codes:{each.id} in {profile.coded[each.id]:,} of {profile.tried:,} cells"]
            if score < _LEAST:
                reasons.append(_IF + _ABOUT_PEOPLE)
            yield each.category, _Evidence(each.reveals, score, tuple(reasons))


def _code_score(each: CodeList, profile: Profile, named: frozenset[str]) -> float:
    if each.category in named:
        return 0.95
    telling = profile.telling[each.id]
    if not telling:
        return 0.0
    if each.category == "country_of_birth":  # a country may also be that of an address
        return _WEAK
    return 0.85 if telling > 1 else 0.7


def _weak(profile: Profile, rules: Mapping[str, TellingRule]) -> Iterable[tuple[str, _Evidence]]:
    """Give what counts only where another column of the table bears it out."""
    early, late = profile.years
    if late - early >= _LIVES:
        reason = f"content:dates that are {late - early} years apart"
        yield "date_of_birth", _Evidence(Reveals.NONE, _WEAK, (reason, _IF + _ABOUT_PEOPLE))
    yield from _names(profile)
    for rule, cells in sorted(profile.filled.items()):
        if rule in rules and rules[rule].beside and cells >= _ALL * profile.tried >= _ENOUGH:
            reason = f"content:{rule} fills {cells:,} of {profile.tried:,} cells"
            asked = tuple(_IF + category for category in rules[rule].beside)
            yield rules[rule].category, _Evidence(rules[rule].reveals, _WEAK, (reason, *asked))


def _names(profile: Profile) -> Iterable[tuple[str, _Evidence]]:
    if profile.tried < _ENOUGH:
        return
    if profile.given >= profile.tried / 2:
        reason = f"content:given names in {profile.given:,} of {profile.tried:,} cells"
        yield "given_name", _Evidence(Reveals.NONE, _LIFTED, (reason,))
    elif profile.capitalised >= _CODED * profile.tried and profile.different >= _MANY_NAMES:
        reason = f"content:capitalised words in {profile.capitalised:,} of {profile.tried:,} cells"
        yield "family_name", _Evidence(Reveals.NONE, _WEAK, (reason, _IF + "given_name"))


def _coat(profile: Profile) -> tuple[str, ...]:
    """Say what a column that looks sealed is."""
    looked = sum(profile.coats.values())
    return tuple(
        f"content:{coat} in {count:,} of {looked:,} cells"
        for coat, count in sorted(profile.coats.items())
        if coat != Coat.PLAIN and count >= _SEALED * looked
    )


def _both(one: _Evidence | None, other: _Evidence) -> _Evidence:
    if one is None:
        return other
    reveals = max(one.reveals, other.reveals, key=lambda level: level.rank)
    return _Evidence(reveals, max(one.score, other.score), (*one.reasons, *other.reasons))


def _join(verdict: Verdict, found: Mapping[str, _Evidence], reasons: tuple[str, ...]) -> Verdict:
    known = {match.category: match for match in verdict.matches}
    joined = []
    for category in dict.fromkeys((*known, *found)):
        match, evidence = known.get(category), found.get(category)
        if match and evidence:
            level = max(match.reveals, evidence.reveals, key=lambda level: level.rank)
            # Two witnesses: as unlikely to be wrong as both of them together.
            score = round(1 - (1 - match.score) * (1 - evidence.score), 3)
            borne = (reason for reason in evidence.reasons if not reason.startswith(_IF))
            joined.append(Match(category, level, score, tuple(dict.fromkeys((*match.reasons, *borne)))))
        elif match:
            joined.append(match)
        elif evidence:
            joined.append(Match(category, evidence.reveals, evidence.score, evidence.reasons))
    return _verdict(joined, reasons)


def _verdict(matches: list[Match], reasons: tuple[str, ...]) -> Verdict:
    ordered = tuple(sorted(matches, key=lambda match: -match.score))
    said = [match.reveals for match in ordered if match.score >= _LEAST]
    return Verdict(ordered, max(said, key=lambda level: level.rank, default=Reveals.NONE), reasons)
