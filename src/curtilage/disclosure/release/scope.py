"""Read how far a release reaches from the file that a person writes while reading the order.

Rules of this file:

* Every problem is told at once, with its line; never a word of the file, for identifiers of people stand in it.
* Nothing empty means yes: no people, no fields, or no word about the period is a problem. So is a word that
  stands for everybody.
* An identifier belongs to one place: 4711 in one system is somebody else than 4711 in another.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from curtilage.connectors.retrieval.nouns import MOST_PEOPLE
from curtilage.disclosure.release.nouns import Scope, ScopeLine
from curtilage.foundation.errors import DeclarationError, EvidenceError, Problem
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nodes import Leaf, Node, Pairs, RefusedYamlError, Rows, read_node

NONE_NAMED: Final = "none named"
"""What is written as ``period`` where the paper names none."""

_KEYS: Final = ("period", "records")
_ENDS: Final = ("since", "until")
_LINE_KEYS: Final = ("in", "about", "fields", "named_by_order", "dated_by")
_EVERYBODY: Final = frozenset(
    {"*", "%", "all", "any", "everyone", "everybody", "null", "none", "-", "?", "_"}
)


class BadScopeError(DeclarationError):
    """The scope of a release cannot be accepted as it stands."""

    code = "disclosure.bad-scope"


class BrokenScopeError(EvidenceError):
    """The scope that the case holds is not of a form that is known here."""

    code = "disclosure.broken-scope"

    def __init__(self) -> None:
        super().__init__(
            "The scope that the case holds cannot be read. Nothing left. "
            "Verify the record: curtilage ledger verify; then narrow the case anew."
        )


def read_scope(raw: bytes, source: str = "scope") -> Scope:
    """Return the scope that a file says.

    Args:
        raw: YAML or JSON, UTF-8.
        source: Name of the file, for problems.

    Raises:
        BadScopeError: It has problems, all of which it carries.
    """
    try:
        node = read_node(source, raw)
    except RefusedYamlError as error:
        raise BadScopeError([error.problem]) from None
    reading = _Reading(source)
    scope = reading.read(node)
    if reading.problems or scope is None:
        raise BadScopeError(reading.problems, next_step=_EXAMPLE)
    return scope


def scope_from_json(said: Any) -> Scope:
    """Return the scope that :meth:`Scope.to_json` wrote.

    Raises:
        BrokenScopeError: It is none.
    """
    try:
        lines = tuple(
            ScopeLine(
                place=str(each["in"]),
                about=tuple(Guarded(str(person)) for person in each["about"]),
                fields=tuple(map(str, each["fields"])),
                named_by_order=tuple(map(str, each["named_by_order"])),
                dated_by=str(each["dated_by"]),
            )
            for each in said["records"]
        )
        ends = [date.fromisoformat(said[end]) if said[end] else None for end in _ENDS]
    except (KeyError, TypeError, ValueError):
        raise BrokenScopeError from None
    if not lines or not all(line.about and line.fields for line in lines):
        raise BrokenScopeError
    return Scope(lines, *ends)


_EXAMPLE: Final = """Write it like this:
  period: {since: 2016-01-01, until: 2016-12-31}   # or: none named
  records:
    - in: housing_db.applications
      about: [A-1007]
      fields: [status, decided_on]"""


@dataclass(slots=True)
class _Reading:
    """The file while it is read."""

    source: str
    problems: list[Problem] = field(default_factory=list)

    def read(self, node: Node | None) -> Scope | None:
        keys = self._keys(node, _KEYS, "The file")
        period, records = keys.get("period"), keys.get("records")
        ends = self._period(period, 0 if node is None else node.line)
        lines = tuple(self._lines(records, 0 if node is None else node.line))
        places = [line.place for line in lines]
        if len(set(places)) < len(places) and isinstance(records, Rows):
            self._say(records.line, "A place stands twice.", "Write its people and fields in one entry.")
        return Scope(lines, *ends) if lines and ends else None

    def _period(self, node: Node | None, line: int) -> tuple[date | None, date | None] | None:
        if isinstance(node, Leaf) and node.text.casefold().replace("-", " ") == NONE_NAMED:
            return None, None
        if not isinstance(node, Pairs) or not node.items:
            where = line if node is None else node.line
            instead = f"Write its first and last day, or: period: {NONE_NAMED}."
            self._say(where, "It is not said which period the paper names.", instead)
            return None
        said = self._keys(node, _ENDS, "The period")
        since, until = (self._day(said.get(end)) for end in _ENDS)
        if not since and not until:
            self._say(node.line, "The period has neither a first nor a last day.", "Write one of them.")
        if since and until and until < since:
            self._say(node.line, "The period ends before it begins.", "Write the first day as since.")
        return since, until

    def _day(self, node: Node | None) -> date | None:
        if node is None:
            return None
        try:
            return date.fromisoformat(node.text if isinstance(node, Leaf) else "")
        except ValueError:
            self._say(node.line, "A day cannot be read.", "Write it as 2016-12-31.")
            return None

    def _lines(self, node: Node | None, line: int) -> Iterator[ScopeLine]:
        if not isinstance(node, Rows) or not node.items:
            self._say(node.line if node else line, "No records are named.", "Write at least one entry.")
            return
        for item in node.items:
            found = self._line(item)
            if found is not None:
                yield found

    def _line(self, node: Node) -> ScopeLine | None:
        keys = self._keys(node, _LINE_KEYS, "An entry")
        before = len(self.problems)
        place = self._word(keys.get("in"), node.line, "where the records lie", "in: SYSTEM.TABLE")
        if place and not all(place.partition(".")[::2]):
            self._say(node.line, "A place has a system and a table.", "Write in: SYSTEM.TABLE.")
        about = self._people(keys.get("about"), node.line)
        names = self._names(keys.get("fields"), node.line, "fields", is_needed=True)
        ordered = self._names(keys.get("named_by_order"), node.line, "named_by_order", is_needed=False)
        if set(ordered) - set(names):
            self._say(node.line, "named_by_order has what fields has not.", "Write it under fields, too.")
        dated = keys.get("dated_by")
        dated_by = self._word(dated, node.line, "the column of days", "dated_by: COLUMN") if dated else ""
        if len(self.problems) > before:
            return None
        return ScopeLine(place, about, names, ordered, dated_by)

    def _people(self, node: Node | None, line: int) -> tuple[Guarded, ...]:
        texts = [self._text(item) for item in node.items] if isinstance(node, Rows) else []
        where = node.line if node else line
        if not texts:
            what = "It is not said about whom: a release is about people that the paper names."
            self._say(where, what, "Write about: [IDENTIFIER], as the system writes it.")
        if any(text.casefold() in _EVERYBODY or "%" in text or "*" in text for text in texts):
            what = "Something under about would stand for everybody, or for nobody."
            self._say(where, what, "Write each person's identifier, letter by letter.")
        if any(not text for text in texts):
            self._say(where, "Something under about is empty.", "Leave it out.")
        if len(texts) > MOST_PEOPLE:
            what = f"More than {MOST_PEOPLE} people are named in one place."
            self._say(where, what, "Take it to counsel: an order for so many is answered in another way.")
        return tuple(Guarded(text) for text in dict.fromkeys(texts))

    def _names(self, node: Node | None, line: int, key: str, *, is_needed: bool) -> tuple[str, ...]:
        texts = [self._text(item) for item in node.items] if isinstance(node, Rows) else []
        if (is_needed and not texts) or (node is not None and not all(texts)):
            what = f"{key} names no column, or an empty one."
            self._say(node.line if node else line, what, f"Write {key}: [COLUMN, COLUMN].")
        if any(text == "*" for text in texts):
            self._say(node.line if node else line, f"{key} names every column.", "Write each by its name.")
        return tuple(dict.fromkeys(texts))

    def _word(self, node: Node | None, line: int, what: str, instead: str) -> str:
        text = self._text(node) if node is not None else ""
        if not text:
            self._say(node.line if node else line, f"It is not said {what}.", f"Write {instead}.")
        return text

    def _text(self, node: Node) -> str:
        if isinstance(node, Leaf):
            return node.text.strip()
        self._say(node.line, "A word is expected here.", "Write one word, or a text in quotes.")
        return ""

    def _keys(self, node: Node | None, known: Sequence[str], what: str) -> dict[str, Node]:
        if not isinstance(node, Pairs):
            where = node.line if node is not None else 0
            self._say(where, f"{what} is not of keys and values.", f"Its keys are: {', '.join(known)}.")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.items:
            if key.text not in known:
                near = difflib.get_close_matches(key.text, known, n=1)
                hint = f"Did you mean {near[0]}?" if near else f"Its keys are: {', '.join(known)}."
                self._say(key.line, f"{what} has a key that is not known.", hint)
            elif key.text in found:
                self._say(key.line, f"{key.text} stands twice.", "Leave one of them out.")
            found[key.text] = value
        return found

    def _say(self, line: int, what: str, instead: str) -> None:
        self.problems.append(Problem(self.source, line, what, instead, "disclosure.bad-scope"))
