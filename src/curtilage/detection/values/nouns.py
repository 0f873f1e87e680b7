"""What value detection works with: rules, what they ask of their surroundings, and hits without a value."""

from __future__ import annotations

from typing import Final, NamedTuple

import msgspec

from curtilage.detection.values.checks import Check
from curtilage.inventory.nouns import Reveals

#: Folded bytes before a hit within which words speak for it.
NEAR_BEFORE: Final = 48
#: Folded bytes behind a hit within which words speak for it.
NEAR_AFTER: Final = 24
#: Folded bytes, each way, that a sentence is looked through at most.
SENTENCE: Final = 200
#: Separators that may stand between a hit and what comes right after or before it, in folded bytes.
TOUCH: Final = 3
#: A shape is tried only where a digit or ``<`` stands within so many folded bytes.
DIGIT_WITHIN: Final = 16
LONGEST_SHAPE: Final = 96


class Relations(msgspec.Struct, frozen=True):
    """What must stand around a hit; each is a list of context groups, any of which will do.

    Attributes:
        near: Ends at most 48 folded bytes before the hit or begins at most 24 behind it, or the
            column's name says it.
        sentence: In the same sentence, at most 200 bytes away, or the column's name says it.
        within: Overlaps the hit.
        then: Begins at most 3 bytes behind the hit.
        after: Ends at most 3 bytes before the hit.
    """

    near: tuple[str, ...] = ()
    sentence: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    then: tuple[str, ...] = ()
    after: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything is asked."""
        return bool(self.near or self.sentence or self.within or self.then or self.after)


class Rule(msgspec.Struct, frozen=True):
    """One kind of value that is looked for.

    Attributes:
        id: Unique; shown in reasons as ``value:ID``.
        title: What it is, for people.
        category: Id in the vocabulary; empty for a decoy, which takes its text from other rules and
            is never a finding.
        reveals: What a value tells of status, citizenship or origin.
        source: Key in ``docs/sources.toml``.
        shapes: How an identifier is written, in the language of ``shapes.py``; empty for words.
        slips: Squeezed position from which letters O, I and L are read as digits; -1 for never.
        checks: What must hold of the squeezed text; all of them.
        phrases: Sequences of words in the language of ``phrases.py``, folded; empty for identifiers.
        builtin: ``email`` for addresses of mail, else empty.
        takes: ``name`` where the capitalised words behind the phrase are the hit, ``with_name`` where
            they are together with the phrase, itself capitalised; else empty.
        stop: Words, lower case, that end such a name.
        before: The byte right before a hit must be one of these ASCII characters; empty for any or none.
        not_before: It must be none of these.
        cased: Letters of shapes fit only in the case in which they are written.
        asks: What must stand around it.
        bars: What must not.
        priority: Of two equal hits the higher one counts.
        beside: A column whose cells it fills counts where its table has a column of one of these
            categories, though neither its name nor anything around the cells says what they are.
    """

    id: str
    title: str
    category: str
    reveals: Reveals
    source: str
    shapes: tuple[str, ...] = ()
    slips: int = -1
    checks: tuple[Check, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    builtin: str = ""
    takes: str = ""
    stop: frozenset[str] = frozenset()
    before: str = ""
    not_before: str = ""
    cased: bool = False
    asks: Relations = Relations()
    bars: Relations = Relations()
    priority: int = 0
    beside: tuple[str, ...] = ()


class Group(msgspec.Struct, frozen=True):
    """Words that rules ask for or bar; a hit of a group is never a finding by itself.

    Attributes:
        id: Unique among groups.
        categories: A column whose name was recognised as one of these carries the group.
        phrases: As in :class:`Rule`.
    """

    id: str
    categories: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()


class Rules(msgspec.Struct, frozen=True):
    """All the rules for values. A rule's number is its place in ``rules``, the same in every process.

    Attributes:
        rules: In the order of their files' names, then of each file.
        groups: By the order of reading.
    """

    rules: tuple[Rule, ...] = ()
    groups: tuple[Group, ...] = ()

    def groups_of(self, categories: frozenset[str]) -> frozenset[str]:
        """Return the groups that a column carries whose name says these categories."""
        return frozenset(group.id for group in self.groups if categories.intersection(group.categories))


class Hit(NamedTuple):
    """Where a rule holds in the folded text of one cell: bytes from ``start`` up to ``end``."""

    rule: int
    start: int
    end: int
