"""The form in which a reviewer writes down what a paper says, read with all its problems at once.

Rules of this file:

* Every problem is told with its line, and none repeats what stands there: names of people stand in it.
* Nothing empty means yes: what must be known is written, or the form is not taken.
* What is about people, and every word of the paper, is kept sealed; the ledger gets words of closed lists,
  days and counts.
* The form says what a person read. It authenticates nothing.

Source:
    curtilage-intake.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from curtilage.disclosure.case import nouns
from curtilage.disclosure.intake.front import ASKER_PARTS
from curtilage.disclosure.intake.rulebook import list_ids
from curtilage.disclosure.nouns import CUSTODIES, HOLDERS, ISSUERS, SIGNERS
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.foundation.errors import DeclarationError, Problem
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nodes import Leaf, Node, Pairs, RefusedYamlError, Rows, read_node

ASKED: Final = ("status", "locator", "other_personal")
"""What kinds of information a paper can ask for."""

MOST_SUBJECTS: Final = 1000
"""People of one paper at most; chosen: more is a class of records, and counsel narrows it."""

_EVERYBODY: Final = re.compile(
    r"\W*|(all|any|every(one|body)|anyone|anybody|unknown|null|none|n/?a|\W*x+\W*)(\s+(persons?|people|residents?|records?|applicants?))?",
    re.IGNORECASE,
)
_NONE: Final = frozenset({"none", "no", "-"})
_FORM: Final = re.compile(r"[A-Za-z]{0,6}[ -]?[0-9]{1,5}[A-Za-z]{0,2}")
_REVISION: Final = re.compile(r"[0-9]{1,2}[/-][0-9]{2,4}(?:[/-][0-9]{2,4})?")
_DEPARTMENT: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


class BadFormError(DeclarationError):
    """A form of intake cannot be taken as it stands."""

    code = "disclosure.bad-form"


@dataclass(frozen=True, slots=True)
class Intake:
    """What a reviewer read from a paper.

    Attributes:
        words: Words of closed lists, by the form's keys.
        days: ``issued``, ``served``, ``return_by``; None where the paper has none.
        civil_immigration: The stated purpose.
        asks_for: Of :data:`ASKED`.
        subjects: Whom it names; may be empty.
        sealed: What else the paper says, by key, in its own words.
        service: Who served or asked: see ``front.ASKER_PARTS``.
        hints: Ids of the rules of hints that spoke.
        notes: What a person should look at again; nothing of it stops the form.
    """

    words: Mapping[str, str]
    days: Mapping[str, date | None]
    civil_immigration: bool
    asks_for: tuple[str, ...]
    subjects: tuple[Guarded, ...]
    sealed: Mapping[str, Guarded]
    service: Mapping[str, Guarded]
    hints: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of the form: what it takes, whether it must be there, and what the blank form says of it."""

    kind: str
    says: str
    must: bool = False
    words: tuple[str, ...] = ()


KEYS: Final[dict[str, _Key]] = {
    "channel": _Key("word", "how it came; only for a new case", words=nouns.CHANNELS),
    "department": _Key("department", "where it arrived, a department's id; only for a new case"),
    "saw": _Key("word", "what kind of paper it looks like; only for a new case", words=nouns.SEEN),
    "instrument": _Key("word", "what it is, by law: a kind of paper or approach", must=True),
    "form": _Key("form", "number of the form as printed, such as I-200"),
    "revision": _Key("revision", "its edition as printed, such as 09/16"),
    "issuer": _Key("word", "who issued it", must=True, words=ISSUERS),
    "signer": _Key("word", "who signed it", must=True, words=SIGNERS),
    "authentic": _Key(
        "word", "whether somebody verified that it is genuine", must=True, words=nouns.AUTHENTIC
    ),
    "verified": _Key("word", "how that was verified", must=True, words=nouns.PROOFS),
    "issued": _Key("day", "date on the paper, year-month-day"),
    "served": _Key("day", "date on which it was served on the city"),
    "return_by": _Key("day", "date by which it wants an answer"),
    "matter": _Key(
        "word", "civil or criminal, as the paper says", must=True, words=("civil", "criminal", "unknown")
    ),
    "civil_immigration": _Key(
        "flag", "whether the stated purpose is civil immigration enforcement", must=True
    ),
    "custody": _Key("word", "who was served and holds the data", must=True, words=CUSTODIES),
    "holder": _Key("word", "what kind of department the records are of", must=True, words=HOLDERS),
    "asks_for": _Key("asked", "a list of what it asks for, or none", must=True, words=ASKED),
    "subjects": _Key("people", "a list of identifiers of whom it names; kept sealed"),
    "records": _Key("sealed", "which records it describes, in its words; kept sealed, as all below"),
    "place": _Key("sealed", "which place it describes"),
    "official": _Key("sealed", "title of who issued it, as printed"),
    "statute": _Key("sealed", "statute that it cites"),
    "court": _Key("sealed", "court that it names"),
    "judge": _Key("sealed", "judge or magistrate that it names"),
    "docket": _Key("sealed", "case or docket number"),
    "purpose": _Key("sealed", "stated purpose"),
    "attachments": _Key("sealed", "attachments that are there"),
    "gag": _Key("sealed", "its own words, where it forbids telling of it"),
    "service": _Key("service", "who served it: name, agency, badge, call_back"),
    "hints": _Key("hints", "ids of the rules of hints that spoke"),
}
"""The keys of the form, in their order."""

NEW_CASE: Final = ("channel", "department", "saw")
"""Keys that only a new case takes, and must have."""


def read_form(raw: bytes, *, source: str, today: date, is_new: bool) -> Intake:
    """Read a form.

    Args:
        raw: YAML or JSON, UTF-8.
        source: Name of the file, for problems.
        today: Calendar date in the city's zone.
        is_new: Whether it begins a case; otherwise it is about one that stands.

    Raises:
        BadFormError: With every problem, each with its line.
    """
    try:
        node = read_node(source, raw)
    except RefusedYamlError as error:
        raise BadFormError([error.problem], next_step=_NEXT) from None
    reading = _Reading(source)
    said = reading.read(node, is_new=is_new)
    for line, what, instead in _contradictions(said, today):
        reading.say(line, what, instead)
    if reading.problems:
        raise BadFormError(reading.problems, next_step=_NEXT)
    return _intake({key: value for key, (_, value) in said.items()})


_NEXT: Final = "Begin with what this prints: curtilage disclosure intake --blank"

_Said = dict[str, tuple[int, Any]]
"""By key: its line, and its value."""


def _intake(said: Mapping[str, Any]) -> Intake:
    kinds = {kind: [key for key, each in KEYS.items() if each.kind == kind] for kind in ("day", "sealed")}
    words = {key: str(said[key]) for key, each in KEYS.items() if each.kind in _WORDY and key in said}
    return Intake(
        words=words,
        days={key: said.get(key) for key in kinds["day"]},
        civil_immigration=said["civil_immigration"],
        asks_for=said["asks_for"],
        subjects=said.get("subjects", ()),
        sealed={key: said[key] for key in kinds["sealed"] if key in said},
        service=said.get("service", {}),
        hints=said.get("hints", ()),
        notes=tuple(_list_notes(words)),
    )


_WORDY: Final = ("word", "form", "revision", "department")


def _list_notes(words: Mapping[str, str]) -> Iterator[str]:
    """Give what is odd, and may be true all the same."""
    row = load_instruments()[words["instrument"]]
    if words["issuer"] not in row.issuers:
        yield f"{row.name['en']} is issued by {' or '.join(row.issuers)}; the form says another. Look again."
    if words["signer"] not in row.signers:
        yield f"{row.name['en']} is signed by {' or '.join(row.signers)}; the form says another. Look again."


def _contradictions(said: _Said, today: date) -> Iterator[tuple[int, str, str]]:
    """Give what cannot be so together: line, what is wrong, what to do."""
    days = {key: said[key] for key in ("issued", "served", "return_by") if key in said}
    ask = "Look at the paper; where it says so itself, ask the issuer or the court's clerk, and write down no date."
    for first, then in (("issued", "served"), ("issued", "return_by"), ("served", "return_by")):
        if first in days and then in days and days[then][1] < days[first][1]:
            what = f"{then} is before {first}: the dates contradict each other."
            yield days[then][0], what, ask
    for key in ("issued", "served"):
        if key in days and days[key][1] > today:
            yield days[key][0], f"{key} is a day that has not come.", "Look at the paper."
    line, authentic = said.get("authentic", (0, ""))
    verified = said.get("verified", (0, ""))[1]
    if authentic == "yes" and verified == "none":
        yield line, "It is said to be genuine, and nobody verified it.", "Write how, or authentic: unknown."
    if authentic == "unknown" and verified not in {"none", ""}:
        yield line, "It was verified, and what came of it is not said.", "Write authentic: yes, or no."
    line, is_immigration = said.get("civil_immigration", (0, None))
    if is_immigration and said.get("matter", (0, ""))[1] == "criminal":
        yield (
            line,
            "A criminal matter is not civil immigration enforcement.",
            "Write the one that the paper says.",
        )
    if said.get("instrument", (0, ""))[1] == "own-request" and "gag" in said:
        yield said["gag"][0], "Somebody's own request forbids nobody to tell.", "Leave gag out."


# --- reading -------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Reading:
    """One reading of a form: the problems met."""

    source: str
    problems: list[Problem] = field(default_factory=list)

    def say(self, line: int, what: str, instead: str = "") -> None:
        self.problems.append(Problem(self.source, line, what, instead, BadFormError.code))

    def read(self, node: Node | None, *, is_new: bool) -> _Said:
        """Return what is said, by key, of what can be read."""
        if not isinstance(node, Pairs):
            self.say(0 if node is None else node.line, "It is no form: keys and values are expected.")
            return {}
        said: _Said = {}
        for key, value in self._keys(node, tuple(KEYS), "a form"):
            if not is_new and key in NEW_CASE:
                self.say(value.line, f"{key} stands in the case already.", "Leave it out.")
            elif (found := _READERS[KEYS[key].kind](self, key, value)) is not None:
                said[key] = (value.line, found)
        self._find_missing(node, is_new=is_new)
        return said

    def _find_missing(self, node: Pairs, *, is_new: bool) -> None:
        there = {key.text for key, value in node.items if not _is_empty(value)}
        lines = {key.text: key.line for key, _ in node.items}
        for key, each in KEYS.items():
            if (each.must or (is_new and key in NEW_CASE)) and key not in there:
                instead = (
                    f"Write one of: {', '.join(words_of(key))}." if words_of(key) else f"Write {each.says}."
                )
                self.say(lines.get(key, node.line), f"{key} is missing.", instead)

    def _keys(self, node: Pairs, known: tuple[str, ...], where: str) -> Iterator[tuple[str, Node]]:
        """Give the keys that are known and not empty; tell of all others."""
        seen: set[str] = set()
        for key, value in node.items:
            if key.text not in known:
                near = difflib.get_close_matches(key.text, known, n=1)
                instead = f"Did you mean {near[0]}?" if near else f"Known here: {', '.join(known)}."
                self.say(key.line, f"A key of {where} is not known.", instead)
            elif key.text in seen:
                self.say(key.line, f"{key.text} stands twice.", "Leave one of them out.")
            elif not _is_empty(value):
                seen.add(key.text)
                yield key.text, value

    def word(self, key: str, node: Node) -> str | None:
        """Read a word of a closed list."""
        return self._word(key, node, words_of(key))

    def _word(self, key: str, node: Node, words: tuple[str, ...]) -> str | None:
        text = node.text.strip() if isinstance(node, Leaf) else ""
        if text in words:
            return text
        near = difflib.get_close_matches(text.lower().replace("oo", "00"), words, n=1)
        instead = f"Did you mean {near[0]}?" if near else f"Write one of: {', '.join(words)}."
        self.say(node.line, f"{key} is a word that is not on its list.", instead)
        return None

    def form(self, key: str, node: Node) -> str | None:
        """Read the number of a form."""
        return self._fitting(key, node, _FORM, "Write it as printed, such as I-200 or AO 93.")

    def revision(self, key: str, node: Node) -> str | None:
        """Read the edition of a form."""
        return self._fitting(key, node, _REVISION, "Write it as printed, such as 09/16.")

    def department(self, key: str, node: Node) -> str | None:
        """Read the id of a department."""
        return self._fitting(key, node, _DEPARTMENT, "Write the department's id of the inventory.")

    def _fitting(self, key: str, node: Node, pattern: re.Pattern[str], instead: str) -> str | None:
        text = node.text.strip() if isinstance(node, Leaf) else ""
        if pattern.fullmatch(text):
            return text
        self.say(node.line, f"{key} is not of its form; it is kept for ever.", instead)
        return None

    def day(self, key: str, node: Node) -> date | None:
        """Read a calendar date."""
        text = node.text.strip() if isinstance(node, Leaf) else ""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                return date.fromisoformat(text)
            except ValueError:
                self.say(node.line, f"{key} is a day that no calendar has.", "Look at the paper.")
                return None
        self.say(node.line, f"{key} is no date.", "Write year-month-day, such as 2026-11-23.")
        return None

    def flag(self, key: str, node: Node) -> bool | None:
        """Read yes or no."""
        text = node.text.strip().lower() if isinstance(node, Leaf) else ""
        if text in {"yes", "true", "no", "false"}:
            return text in {"yes", "true"}
        self.say(node.line, f"{key} is neither yes nor no.", "Write yes or no.")
        return None

    def asked(self, key: str, node: Node) -> tuple[str, ...] | None:
        """Read what kinds of information are asked for; ``none`` must be said."""
        if isinstance(node, Leaf) and node.text.strip() == "none":
            return ()
        if not isinstance(node, Rows) or not node.items:
            what = "is no list" if not isinstance(node, Rows) else "is an empty list"
            self.say(node.line, f"{key} {what}.", f"Write a list of {', '.join(ASKED)}, or none.")
            return None
        found = [self._word(key, each, ASKED) for each in node.items]
        return tuple(dict.fromkeys(each for each in found if each))

    def people(self, key: str, node: Node) -> tuple[Guarded, ...] | None:
        """Read whom a paper names: each a text of its own, and none that means everybody."""
        if not isinstance(node, Rows):
            self.say(node.line, f"{key} is no list.", "Write one identifier a line, each behind a hyphen.")
            return None
        found = []
        for each in node.items:
            text = each.text.strip() if isinstance(each, Leaf) else ""
            if _EVERYBODY.fullmatch(text) or "*" in text or "%" in text or len(text) > 200:
                what = "One of the subjects is nobody in particular: a paper that is about everybody is narrowed first."
                self.say(each.line, what, "Write an identifier of one person, or leave subjects out.")
            else:
                found.append(Guarded(text))
        if len(found) > MOST_SUBJECTS:
            self.say(node.line, f"It names more than {MOST_SUBJECTS:,} people.", "Counsel narrows it first.")
        return tuple(dict.fromkeys(found))

    def sealed(self, key: str, node: Node) -> Guarded | None:
        """Read words of the paper; a list is put together, and ``none`` is nothing."""
        if isinstance(node, Rows) and all(isinstance(each, Leaf) for each in node.items):
            return Guarded(", ".join(each.text.strip() for each in node.items if isinstance(each, Leaf)))
        if isinstance(node, Leaf):
            text = node.text.strip()
            return None if text.lower() in _NONE else Guarded(text)
        self.say(node.line, f"{key} is no text.", "Write the paper's words.")
        return None

    def service(self, key: str, node: Node) -> dict[str, Guarded] | None:
        """Read who served a paper."""
        if not isinstance(node, Pairs):
            self.say(node.line, f"{key} has no keys.", f"Write below it: {', '.join(ASKER_PARTS)}.")
            return None
        parts = {}
        for part, value in self._keys(node, ASKER_PARTS, key):
            if (text := self.sealed(part, value)) is not None:
                parts[part] = text
        return parts

    def hints(self, key: str, node: Node) -> tuple[str, ...] | None:
        """Read the ids of rules."""
        items = node.items if isinstance(node, Rows) else ()
        found = [each.text for each in items if isinstance(each, Leaf) and each.text in list_ids()]
        if not isinstance(node, Rows) or len(found) < len(items):
            self.say(
                node.line,
                f"{key} is no list of ids of rules.",
                "Write what curtilage disclosure hints printed.",
            )
            return None
        return tuple(found)


_READERS: Final[Mapping[str, Callable[[_Reading, str, Node], Any]]] = {
    "word": _Reading.word,
    "form": _Reading.form,
    "revision": _Reading.revision,
    "department": _Reading.department,
    "day": _Reading.day,
    "flag": _Reading.flag,
    "asked": _Reading.asked,
    "people": _Reading.people,
    "sealed": _Reading.sealed,
    "service": _Reading.service,
    "hints": _Reading.hints,
}


def words_of(key: str) -> tuple[str, ...]:
    """Return the words that a key of the form takes; empty where it is no list."""
    return tuple(load_instruments()) if key == "instrument" else KEYS[key].words


def _is_empty(node: Node) -> bool:
    """Return whether nothing stands behind a key; an empty list is said, and read."""
    return isinstance(node, Leaf) and not node.text.strip()
