"""Decide from the phrases that were found what a field collects and what that tells.

The rules of this file, in the order in which they work:

1. A phrase that asks for a language, for tones or for a subject counts only where it has them.
2. Masks: what a false friend, a promise or a statement covers cannot be used.
3. The longest phrase wins over those that lie within it (*country of citizenship* over *country*);
   among ordinary categories both stand.
4. What explains a label, and the question of a screen, count for a label that says nothing by itself;
   for status always.
5. The table counts for a column that says nothing by itself, or little.
6. Combinations lift, lower, add and drop.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from curtilage.detection.lookup import Hit
from curtilage.detection.nouns import Match, Verdict
from curtilage.detection.phrases import Phrase
from curtilage.detection.rulebook import RANKS, STATUS, Combination
from curtilage.detection.words import ASK, STOP, toned

NOTHING: Final = Verdict()
THRESHOLD: Final = 0.5
"""Chosen: below it a person who reads the form would not call the field so."""

_SAYS_LITTLE: Final = frozenset(["address", "other_government_id", "free_text", "photo", "full_name"])
"""Categories that words such as *country*, *number* or *photo* give: a table may say what they are of."""

_SAID_NOTHING: Final = frozenset(["false-friend:promise", "false-friend:explanation"])
"""Where the text was understood to ask nothing, what it stands under does not make it a question."""

_TELLS: Final = 2
"""From this rank on a phrase singles people out: strong and direct."""

_ENOUGH: Final = 4
"""Reasons that are told for one category; more teach nobody anything."""

_WEIGHT: Final = {
    "text": 1.0,
    "name": 1.0,
    "option": 1.0,
    "help": 0.9,
    "question": 0.8,
    "table": 0.75,
    "context": 0.0,
}
"""Chosen: a label and a name say it, what stands around hints at it."""


class Zone:
    """One part of a field, and the phrases that occur in it. Written out, as many are made.

    Attributes:
        kind: ``text``, ``name``, ``option``, ``help`` (what explains a label), ``question`` (of the
            screen), ``table`` or ``context``.
        words: As split, for the ends of sentences.
        hits: Phrases found, see :class:`~curtilage.detection.lookup.Lookup`.
        bounds: For names, the first word and the one past the last; None where sentences bound.
        bare: For tables: the column is called nothing but ``amount``, ``type`` and the like.
        matches: Those of the hits that tell of a category.
        unsure: Those that do so under conditions.
        masks: Those that say that words mean something else.
    """

    __slots__ = ("bare", "bounds", "hits", "kind", "masks", "matches", "unsure", "words")

    def __init__(
        self,
        kind: str,
        words: Sequence[str],
        hits: list[Hit],
        bounds: tuple[int, int] | None = None,
        *,
        bare: bool = False,
    ) -> None:
        self.kind = kind
        self.words = words
        self.hits = hits
        self.bounds = bounds
        self.bare = bare
        self.matches: list[Hit] = []
        self.unsure: list[Hit] = []
        self.masks: list[Hit] = []


class _Found:
    """What has been gathered for one category. Written out, because it is made for every field."""

    __slots__ = ("rank", "reasons", "score", "shy")

    def __init__(self, score: float = 0.0, *, shy: bool = True) -> None:
        self.score = score
        self.rank = 0
        self.shy = shy
        self.reasons: dict[str, None] = {}


def judge(zones: Sequence[Zone], lang: str, raw: str, combinations: Iterable[Combination]) -> Verdict:
    """Return the verdict on one field.

    Args:
        zones: The parts of the field in which some phrase was found.
        lang: Language of the field, two letters; empty where unknown.
        raw: The text as it was, for phrases that only their tones tell apart.
        combinations: Applied in their order.
    """
    groups = _sort(zones)
    if not any(zone.matches or zone.unsure for zone in zones):
        return NOTHING
    notes: dict[str, None] = {}
    for zone in zones:
        if zone.unsure:
            zone.matches += [hit for hit in zone.unsure if _counts(hit, zone, lang, raw, groups)]
        if zone.masks:
            zone.masks = [hit for hit in zone.masks if _counts(hit, zone, lang, raw, groups)]
    everywhere = _masked_everywhere(zones, notes)
    kept = {zone.kind: _settle(zone, everywhere, notes) for zone in zones if zone.matches}
    found: dict[str, _Found] = {}
    for kind in ("text", "name", "option"):
        if hits := kept.get(kind):
            _gather(found, hits, kind)
    silent = not found
    for kind in ("help", "question"):
        if hits := kept.get(kind):
            _gather(found, [hit for hit in hits if silent or hit[0].target in STATUS], kind)
    if "table" in kept and not (_SAID_NOTHING & notes.keys() and not found):
        speaks = silent and (bool(raw) or any(zone.bare for zone in zones))
        _gather(found, _of_the_table(found, kept["table"], speaks=speaks), "table")
    if len(found) > 1:
        _step_back(found)
    if found:
        _combine(found, groups, combinations)
    return _verdict(found, notes)


def _sort(zones: Iterable[Zone]) -> set[str]:
    """Put the hits of each zone where they belong; return the groups that are spoken of."""
    groups: set[str] = set()
    for zone in zones:
        matches = zone.matches
        for hit in zone.hits:
            phrase = hit[0]
            kind = phrase.kind
            if kind == "match":
                (matches if phrase.plain else zone.unsure).append(hit)
            elif kind == "mask":
                zone.masks.append(hit)
            elif not phrase.zones or zone.kind in phrase.zones:
                groups.add(phrase.target)
    return groups


def _counts(hit: Hit, zone: Zone, lang: str, raw: str, groups: set[str]) -> bool:
    phrase = hit[0]
    if phrase.zones and zone.kind not in phrase.zones:
        return False
    if phrase.strict and lang != phrase.lang and (lang or not _is_spelt_so(hit, zone, raw)):
        return False
    if phrase.needs and not phrase.needs & groups:
        return False
    if phrase.lacks and phrase.lacks & groups:
        return False
    if phrase.tones and phrase.tones not in toned(raw):
        return False
    return not (phrase.begins or phrase.ends) or _stands(hit, zone)


def _is_spelt_so(hit: Hit, zone: Zone, raw: str) -> bool:
    """Say whether a short word of some language is all that is asked, with its accents.

    *Edad* and *Tuổi* are questions; the *no* in "no income" is not Vietnamese for debt.
    """
    phrase, start, used = hit
    if not phrase.spelt or zone.kind != "text" or phrase.spelt not in toned(raw):
        return False
    first, last = _sentence(zone.words, start)
    return used == ((1 << last) - 1) & ~((1 << first) - 1)


def _masked_everywhere(zones: Sequence[Zone], notes: dict[str, None]) -> list[Phrase]:
    found = [hit[0] for zone in zones for hit in zone.masks if hit[0].scope == "field"]
    for mask in found:
        notes[f"false-friend:{mask.target}"] = None
    return found


def _settle(zone: Zone, everywhere: list[Phrase], notes: dict[str, None]) -> list[Hit]:
    """Return the matches of a zone that are neither masked nor held by a longer phrase."""
    whole = zone.matches
    for mask in everywhere:
        whole = [hit for hit in whole if mask.masked and hit[0].target not in mask.masked]
    for mask, start, used in zone.masks:
        if mask.scope == "field":
            continue
        covered = _reach(mask, start, used, zone)
        left = [hit for hit in whole if not _covers(mask, covered, used, hit)]
        if len(left) < len(whole):
            notes[f"false-friend:{mask.target}"] = None
        whole = left
    if len(whole) < 2:
        return whole
    return _longest(whole)


def _stands(hit: Hit, zone: Zone) -> bool:
    """Say whether the phrase begins, or ends, its sentence, as it asks to."""
    phrase, start, used = hit
    first, last = zone.bounds or _sentence(zone.words, start)
    if phrase.begins and start != first:
        return False
    return not phrase.ends or used.bit_length() == last


def _reach(mask: Phrase, start: int, used: int, zone: Zone) -> int:
    if mask.scope == "span":
        return used
    if mask.scope == "zone" or zone.bounds:
        return -1
    first, last = _sentence(zone.words, start)
    if mask.scope == "statement" and last < len(zone.words) and zone.words[last] == ASK:
        return 0
    return ((1 << last) - 1) & ~((1 << first) - 1)


def _sentence(found: Sequence[str], at: int) -> tuple[int, int]:
    first = at
    while first and found[first - 1] not in (STOP, ASK):
        first -= 1
    last = at
    while last < len(found) and found[last] not in (STOP, ASK):
        last += 1
    return first, last


def _covers(mask: Phrase, covered: int, used: int, hit: Hit) -> bool:
    if mask.masked and hit[0].target not in mask.masked:
        return False
    if not hit[2] & covered:
        return False
    longer = mask.scope == "span" and hit[2] & used == used and hit[2] != used
    return not longer


def _longest(hits: list[Hit]) -> list[Hit]:
    """Return the phrases that no longer one takes the place of.

    A phrase of status takes the place of any. One of an ordinary category does not silence another
    (*medical benefits* are benefits, and *medical*), nor what singles people out (*request asylum*).
    """
    spans = {hit[2] for hit in hits}
    if len(spans) == 1:
        return hits
    takers = {span: [other for other in spans if other & span == span and other != span] for span in spans}
    return [hit for hit in hits if hit[0].keep or not takers[hit[2]] or not _held(hit, hits, takers[hit[2]])]


def _held(hit: Hit, hits: Iterable[Hit], takers: list[int]) -> bool:
    phrase, start, last = hit
    # All from its first word to its last: what stands in a gap is not left to others.
    used = (1 << last.bit_length()) - (1 << start)
    if used != last:
        takers = [taker for taker in takers if taker & used == used and taker != used]
    if not takers:
        return False
    if phrase.shy or (phrase.target in STATUS and phrase.rank < _TELLS):
        return True
    by = [other[0].target for other in hits if other[2] in takers]
    return phrase.target in by or not STATUS.isdisjoint(by)


def _gather(found: dict[str, _Found], hits: Iterable[Hit], kind: str) -> None:
    weight = _WEIGHT[kind]
    for phrase, _, _ in hits:
        score = phrase.score * weight
        if score < THRESHOLD:
            continue
        one = found.get(phrase.target)
        if one is None:
            one = found[phrase.target] = _Found()
        one.score = max(one.score, score)
        one.rank = max(one.rank, phrase.rank)
        if not phrase.shy:
            one.shy = False
        if len(one.reasons) < _ENOUGH:
            one.reasons[f"{kind}:{phrase.label}"] = None


def _of_the_table(found: dict[str, _Found], hits: list[Hit], *, speaks: bool) -> list[Hit]:
    """Return what a table says of its column.

    Of status where the column says little itself: ``passports.expiry`` is of a passport,
    ``citizenship_info.ssn`` is a number. Of the rest only where it ``speaks`` for the column:
    ``expenses.amount`` is of money, ``medicaid_applications.signed_at`` is of no benefit.
    """
    little = found.keys() <= _SAYS_LITTLE
    return [hit for hit in hits if (little if hit[0].target in STATUS else speaks)]


def _step_back(found: dict[str, _Found]) -> None:
    """Take away what only shy phrases say, where another category is there more plainly."""
    bold = any(not one.shy for one in found.values())
    best = max(one.score for one in found.values())
    for category in [category for category, one in found.items() if one.shy and (bold or one.score < best)]:
        del found[category]


def _combine(found: dict[str, _Found], groups: set[str], combinations: Iterable[Combination]) -> None:
    here = {*found, *groups}
    for rule in combinations:
        if not rule.all <= here or rule.none & here:
            continue
        for category in rule.drop:
            found.pop(category, None)
        if rule.add:
            found.setdefault(rule.add, _Found(score=0.7, shy=False))
        one = found.get(rule.on)
        if one is not None:
            one.rank = rule.level if rule.level is not None else one.rank
            one.reasons[f"combination:{rule.name}"] = None
        here = {*found, *groups}


def _verdict(found: dict[str, _Found], notes: dict[str, None]) -> Verdict:
    if not found:
        return Verdict(reasons=tuple(notes)) if notes else NOTHING
    matches = [
        Match(category, RANKS[one.rank], round(one.score, 2), tuple(one.reasons))
        for category, one in found.items()
    ]
    if len(matches) > 1:
        matches.sort(key=lambda match: (-match.score, match.category))
    return Verdict(tuple(matches), RANKS[max(one.rank for one in found.values())], tuple(notes))
