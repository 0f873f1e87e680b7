"""Packs of rules by jurisdiction: read, chosen for a day, signed by counsel.

Rules of this file:

* A pack is two files: ``NAME.yml`` (whom it binds, from when to when, what it selects, duties) and
  ``NAME.cedar`` (rules; may be missing). Its hash is over the bytes of both.
* Only the base pack permits. Every other pack adds rules that stop, or selects one of the options of a
  choice; the options stop the very same requests. So no pack can let out what the base keeps.
* A pack out of its time, or unsigned, decides nothing.
* Two packs that select differently decide nothing: a person says which of them binds the city.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec

from curtilage.disclosure.nouns import Duty
from curtilage.disclosure.policy.rules import BadRulesError, PolicyRule, read_rules
from curtilage.foundation.canonical import fingerprint
from curtilage.foundation.errors import Problem, UndecidedError, UsageError

if TYPE_CHECKING:
    from cedarpy import pst

FOLDER: Final = Path(__file__).parent / "packs"
"""The packs that ship."""

ALWAYS: Final = ("base", "us-federal")
"""Packs that every set begins with."""

CITY: Final = "city"
"""Id of the pack that the city's own additions make."""


class NoSuchPackError(UsageError):
    """A pack is asked for that does not exist."""

    code = "disclosure.no-such-pack"

    def __init__(self, *, pack: str, known: tuple[str, ...]) -> None:
        self.pack = pack
        super().__init__(f"There is no pack {pack!r}. Nothing was decided. Choose from: {', '.join(known)}")


class PackOutOfTimeError(UndecidedError):
    """A pack does not hold on the day for which it is asked: it needs review."""

    code = "disclosure.pack-out-of-time"

    def __init__(self, *, pack: str, effective: date, expires: date, day: date) -> None:
        self.pack, self.effective, self.expires, self.day = pack, effective, expires, day
        super().__init__(
            f"The pack {pack} holds from {effective} until {expires}, and {day} is not in that time. "
            "Nothing was decided. Have counsel review the law and the pack, or ask for another day with --date."
        )


class ConflictingPacksError(UndecidedError):
    """Two packs select different rules for the same requests."""

    code = "disclosure.conflicting-packs"

    def __init__(self, *, choice: str, packs: tuple[str, ...]) -> None:
        self.choice, self.packs = choice, packs
        super().__init__(
            f"The packs {' and '.join(packs)} select differently for {choice}. Nothing was decided. "
            "Ask counsel which of them binds the city, and leave the other out."
        )


class PackDuty(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What must be done besides, and when.

    Attributes:
        when: Fact or ``outcome`` to a word, a yes or no, or a list of words of which one is enough; all
            of them must hold. ``given`` stands for a record that is there. Empty is always.
    """

    id: str
    text: str
    when: dict[str, bool | str | tuple[str, ...]]
    cite: str
    source: str
    sure: str

    def to_duty(self) -> Duty:
        """Return it without its condition."""
        return Duty(self.id, self.text, self.cite, self.sure)


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    pack: str
    title: dict[str, str]
    binds: str
    effective: date
    expires: date
    read: date
    choices: dict[str, str]
    duties: tuple[PackDuty, ...]
    notes: tuple[str, ...]
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as it was read.

    Attributes:
        id: Such as ``or``.
        title: By language.
        binds: Whom it binds, one sentence.
        effective: First calendar day on which our reading of the law holds.
        expires: First day on which it does not: somebody must read the law again.
        pending: Law of that place is on its way and not in it.
        choices: Name of a choice to the option that is selected.
        duties: What must be done besides.
        notes: What is not sure, for counsel.
        rules: Its rules, in the order of the text.
        hash: 64 hexadecimal digits over its files; what counsel signs.
    """

    id: str
    title: dict[str, str]
    binds: str
    effective: date
    expires: date
    pending: bool
    choices: dict[str, str]
    duties: tuple[PackDuty, ...]
    notes: tuple[str, ...]
    rules: tuple[PolicyRule, ...]
    hash: str


@dataclass(frozen=True, slots=True)
class Policies:
    """The rules that decide on one day.

    Attributes:
        packs: In the order in which they were chosen.
        rules: The rules that were selected, in the order of the packs.
        day: The calendar day for which they were chosen.
        unsigned: Ids of packs that counsel has not signed.
        hash: 64 hexadecimal digits that name this set.
    """

    packs: tuple[Pack, ...]
    rules: tuple[PolicyRule, ...]
    day: date
    unsigned: tuple[str, ...]
    hash: str

    @property
    def names(self) -> tuple[str, ...]:
        """Ids of the packs, in their order."""
        return tuple(pack.id for pack in self.packs)

    def find(self, rule: str) -> PolicyRule:
        """Return a rule by its id.

        Raises:
            KeyError: The set has none of that id.
        """
        return next((each for each in self.rules if each.id == rule), None) or _missing(rule)

    def to_pst(self) -> pst.PolicySet:
        """Return the set in the engine's own tree; each rule stands under its own id."""
        from cedarpy import pst

        nodes: Any = pst.FrozenMap({rule.id: rule.node for rule in self.rules})
        return pst.PolicySet(
            templates=pst.FrozenMap({}),
            static_policies=nodes,
            template_links=(),
        )


def _missing(rule: str) -> PolicyRule:
    raise KeyError(rule)


def list_packs() -> tuple[str, ...]:
    """Return the ids of the packs that ship, sorted."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yml")))


def load_pack(name: str) -> Pack:
    """Return a pack that ships.

    Args:
        name: Its id; as a city's file names it (``us``, ``us-wa``), too.

    Raises:
        NoSuchPackError: There is none.
        BadRulesError: It cannot be read.
    """
    found = "us-federal" if name == "us" else name.lower()
    found = found if (FOLDER / f"{found}.yml").exists() else found.removeprefix("us-")
    if found not in list_packs():
        raise NoSuchPackError(pack=name, known=list_packs())
    rules = FOLDER / f"{found}.cedar"
    return make_pack((FOLDER / f"{found}.yml").read_bytes(), rules.read_bytes() if rules.exists() else b"")


def make_pack(declared: bytes, rules: bytes = b"") -> Pack:
    """Read a pack from the bytes of its two files.

    Args:
        declared: YAML, as ``packs/or.yml``.
        rules: Cedar text in UTF-8; empty where it only selects.

    Raises:
        BadRulesError: One of them cannot be read.
        NoEngineError: The extra ``policy`` is not installed.
    """
    try:
        said = msgspec.yaml.decode(declared, type=_Declared)
        text = rules.decode()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadRulesError(
            [Problem("pack", 0, f"It cannot be read: {error}.", "", "disclosure.bad-pack")]
        ) from error
    return Pack(
        id=said.pack,
        title=said.title,
        binds=said.binds,
        effective=said.effective,
        expires=said.expires,
        pending=said.pending,
        choices=said.choices,
        duties=said.duties,
        notes=said.notes,
        rules=read_rules(text, pack=said.pack, path=f"{said.pack}.cedar"),
        hash=_hash(said.pack, declared, rules),
    )


def load_additions(folder: Path) -> Pack | None:
    """Return the city's own additions, ``policy/*.cedar``, as a pack; None where there are none.

    They may only stop: what may leave is for the base to say.

    Args:
        folder: The city's folder.

    Raises:
        BadRulesError: One cannot be read, or permits.
    """
    files = sorted((folder / "policy").glob("*.cedar"))
    if not files:
        return None
    rules = [
        rule
        for file in files
        for rule in read_rules(file.read_text("utf-8"), pack=CITY, path=f"policy/{file.name}")
    ]
    return Pack(
        id=CITY,
        title={"en": "The city's own additions", "es": "Añadidos de la ciudad"},
        binds="The city.",
        effective=date.min,
        expires=date.max,
        pending=False,
        choices={},
        duties=(),
        notes=(),
        rules=tuple(rules),
        hash=_hash(CITY, *(file.read_bytes() for file in files)),
    )


def choose_packs(names: Iterable[str]) -> tuple[Pack, ...]:
    """Return the base, federal law and the named packs, each once, in that order.

    Raises:
        NoSuchPackError: There is none of a name.
    """
    chosen = {pack.id: pack for pack in map(load_pack, (*ALWAYS, *names))}
    return tuple(chosen.values())


def select_policies(packs: Sequence[Pack], day: date, *, signed: Iterable[str] = ()) -> Policies:
    """Return the rules that decide on a day.

    Args:
        packs: The base first.
        day: A calendar date, in the city's zone.
        signed: Ids of packs whose signature by counsel was verified.

    Raises:
        PackOutOfTimeError: One of them does not hold on that day.
        ConflictingPacksError: Two of them select differently.
        BadRulesError: They do not fit together: an id twice, a choice that is not there, no base.
    """
    for pack in packs:
        if not pack.effective <= day < pack.expires:
            raise PackOutOfTimeError(pack=pack.id, effective=pack.effective, expires=pack.expires, day=day)
    selected = _select(packs)
    every = [rule for pack in packs for rule in pack.rules]
    problems = [*_find_misfits(every, selected), *_find_unlike_options(every)]
    if not any(rule.permits for rule in every):
        problems.append(_misfit("", "No rule permits anything.", "Put the base pack first."))
    if problems:
        raise BadRulesError(problems)
    rules = tuple(rule for rule in every if not rule.choice or selected[rule.choice] == rule.option)
    known = set(signed)
    return Policies(
        packs=tuple(packs),
        rules=rules,
        day=day,
        unsigned=tuple(pack.id for pack in packs if pack.id not in known),
        hash=_hash_set(packs, selected),
    )


def _select(packs: Sequence[Pack]) -> dict[str, str]:
    """Return the option of each choice: a pack's word goes before the base's."""
    selected = {choice: (option, "base") for pack in packs[:1] for choice, option in pack.choices.items()}
    for pack in packs[1:]:
        for choice, option in pack.choices.items():
            before, who = selected.get(choice, (option, "base"))
            if who != "base" and before != option:
                raise ConflictingPacksError(choice=choice, packs=(who, pack.id))
            selected[choice] = (option, pack.id)
    return {choice: option for choice, (option, _) in selected.items()}


def _find_misfits(rules: Sequence[PolicyRule], selected: dict[str, str]) -> Iterable[Problem]:
    seen: set[str] = set()
    for rule in rules:
        if rule.id in seen:
            yield _misfit(rule.pack, f"Two rules are called {rule.id}.", "Give each its own id.")
        seen.add(rule.id)
        if rule.choice and rule.choice not in selected:
            yield _misfit(
                rule.pack, f"Nothing selects an option of {rule.choice}.", "Select one in base.yml."
            )
    there = {(rule.choice, rule.option) for rule in rules}
    for choice, option in selected.items():
        if (choice, option) not in there:
            yield _misfit("", f"There is no option {option} of {choice}.", "Select one that base.cedar has.")


def _find_unlike_options(rules: Sequence[PolicyRule]) -> Iterable[Problem]:
    """Find options of one choice that do not stop the very same requests: selecting one would let some out."""
    first: dict[str, PolicyRule] = {}
    for rule in rules:
        like = first.setdefault(rule.choice, rule) if rule.choice else rule
        if rule.permits and rule.choice:
            yield _misfit(
                rule.pack, f"{rule.id} permits and is an option.", "Only what stops can be selected."
            )
        if _condition(like) != _condition(rule):
            yield _misfit(
                rule.pack, f"{rule.id} and {like.id} do not stop the same requests.", "Write one condition."
            )


def _condition(rule: PolicyRule) -> tuple[object, ...]:
    node = rule.node
    return (node.effect, node.principal, node.action, node.resource, node.clauses)


def _misfit(pack: str, what: str, instead: str) -> Problem:
    return Problem(f"{pack or 'base'}.cedar", 0, what, instead, "disclosure.bad-set")


def _hash(name: str, *contents: bytes) -> str:
    return fingerprint({"pack": name, "files": [hashlib.sha256(each).hexdigest() for each in contents]})


def _hash_set(packs: Sequence[Pack], selected: dict[str, str]) -> str:
    """Name a set: its packs in order, what is selected, the schema, and what the rules know of instruments."""
    from curtilage.disclosure.policy.instruments import load_instruments
    from curtilage.disclosure.policy.schema import schema

    rows = load_instruments().values()
    return fingerprint(
        {
            "packs": [{"pack": pack.id, "hash": pack.hash} for pack in packs],
            "choices": selected,
            "schema": fingerprint(schema()),
            "instruments": {row.id: [row.family, row.judicial, row.compels] for row in rows},
        }
    )
