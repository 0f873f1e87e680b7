"""What is being read, and what was found wrong with it so far: shared by every kind of value."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from curtilage.foundation.errors import Problem

MOST_PROBLEMS: Final = 200
"""Problems told of one file; a wrong file of ten thousand lines is mended from the top."""

_LONGEST: Final = 600
"""Characters of a problem that are shown."""

_MOST_GUESSES: Final = 60
"""Suggestions per load: each compares a word with every known id."""


def _visible(text: str) -> str:
    """Return ``text`` on one line, shortened, with invisible characters as escapes."""
    if text.isascii() and text.isprintable() and len(text) <= _LONGEST:
        return text
    shown = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return shown if len(shown) <= _LONGEST else f"{shown[:_LONGEST]}…"


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that ``word`` was most likely meant to be; empty where none is near."""
    choices = list(known)
    lower = {choice.lower(): choice for choice in choices}
    if word.lower() in lower:
        return lower[word.lower()]
    found = difflib.get_close_matches(word, choices, n=1, cutoff=0.6)
    return found[0] if found else ""


@dataclass(frozen=True, slots=True)
class Reference:
    """An id that points at something declared elsewhere, to be looked up when all is read.

    Attributes:
        kinds: What it may point at; the first names the problem's code.
        scope: Program in which a purpose is looked up; empty for everything else.
    """

    kinds: tuple[str, ...]
    id: str
    key: str
    path: str
    line: int
    scope: str = ""


@dataclass(slots=True)
class Reading:
    """One loading of an inventory: what was declared, what is pointed at, what is wrong.

    Attributes:
        path: The file being read now.
        declared: By kind (``authority``, ``purpose``, ...), each id with file and line.
        unread: Kinds whose files could not be read, so that a missing id proves nothing.
    """

    path: str = ""
    problems: list[Problem] = field(default_factory=list)
    declared: dict[str, dict[str, tuple[str, int]]] = field(default_factory=dict)
    references: list[Reference] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)
    in_file: dict[str, int] = field(default_factory=dict)
    guesses: int = 0

    def problem(self, line: int, code: str, what: str, instead: str = "") -> None:
        """Note one problem of the file being read."""
        self.problem_at(self.path, line, code, what, instead)

    def problem_at(self, path: str, line: int, code: str, what: str, instead: str = "") -> None:
        """Note one problem of a named file; past the limit of a file only that there are more."""
        # A mistyped key may hold anything, and a problem is shown on terminals.
        what, instead = _visible(what), _visible(instead)
        if what.endswith(";") and instead[:1].isupper():
            what = f"{what[:-1]}."  # no suggestion goes on with it, but a sentence of its own
        self.in_file[path] = self.in_file.get(path, 0) + 1
        if self.in_file[path] <= MOST_PROBLEMS:
            self.problems.append(Problem(path, line, what, instead, code))
        elif self.in_file[path] == MOST_PROBLEMS + 1:
            what = f"There are more than {MOST_PROBLEMS} problems in this file."
            self.problems.append(
                Problem(path, line, what, "Mend these and validate again.", "inventory.more")
            )

    def declare(self, kind: str, identifier: str, line: int) -> None:
        """Note that an id is declared here; a second time is a problem."""
        known = self.declared.setdefault(kind, {})
        if identifier in known:
            path, before = known[identifier]
            where = f"line {before}" if path == self.path else f"{path}:{before}"
            said = f"`{identifier}` is declared twice; first at {where}."
            self.problem(line, "inventory.duplicate-id", said, "Give one of them another id, or delete it.")
            return
        known[identifier] = (self.path, line)

    def refer(self, kinds: tuple[str, ...], identifier: str, key: str, line: int, scope: str = "") -> None:
        """Note that an id is pointed at here."""
        self.references.append(Reference(kinds, identifier, key, self.path, line, scope))

    def suggest(self, word: str, known: Iterable[str]) -> str:
        """Return ``did you mean ...?`` for a mistyped word; empty where nothing is near."""
        self.guesses += 1
        found = nearest(word, known) if self.guesses <= _MOST_GUESSES else ""
        return f"did you mean {found}?" if found else ""
