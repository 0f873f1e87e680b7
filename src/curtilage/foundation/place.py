"""A place where something is asked or held: one question of a form, one column of a table.

Connectors give places, detection reads them, a survey keeps them, findings point at them. A place
says where and what it is called; it never carries an answer that a resident gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["question", "column", "value"]


@dataclass(frozen=True, slots=True)
class Place:
    """One question or column.

    Attributes:
        source: The file as the user named it (POSIX separators), or a database's URL without
            user, password and query.
        locator: Where inside the source. ``line:N`` in text formats, an RFC 6901 JSON pointer in
            JSON, ``SHEET!row:N`` in workbooks, ``row:N col:X`` in CSV, ``page:N field:NAME`` in
            PDF, ``line:N element:a/b`` in nested YAML, ``TABLE.COLUMN`` in a database.
            Lines, rows and pages count from 1.
        kind: ``question`` is asked of somebody, ``column`` holds answers, ``value`` is content.
        name: Column, key, variable or field name as found; with its table or class in front where
            there is one (``applicants.birth_country``).
        text: Visible label, question, comment or description, markup stripped; may be empty.
        options: Coded answers as found, in their order; may be empty.
        lang: BCP 47 tag of ``text``, empty where unknown.
        translations: Other languages of the same text at the same locator, ``(lang, text)``.
        context: A little of what stands around: form title, section heading, table comment.
        type: The declared type as found (``varchar(9)``, ``checkbox``); may be empty.
        facts: What the source declares besides, as short codes: ``required``, ``masked``,
            ``encrypted``, ``read-only``, ``hidden``, ``computed``. Sorted.
    """

    source: str
    locator: str
    kind: Kind
    name: str
    text: str = ""
    options: tuple[str, ...] = ()
    lang: str = ""
    translations: tuple[tuple[str, str], ...] = ()
    context: str = ""
    type: str = ""
    facts: tuple[str, ...] = ()

    @property
    def line(self) -> int:
        """Return the 1-based line that the locator names; 0 where it names none."""
        number = self.locator.removeprefix("line:").partition(" ")[0]
        return int(number) if self.locator.startswith("line:") and number.isdecimal() else 0


@dataclass(frozen=True, slots=True, order=True)
class PassedOver:
    """A file or a part of one that was not read, and why.

    Attributes:
        source: The file or system, named as in :class:`Place`.
        reason: Stable code. Counted only, for all is in order: ``hidden``, ``vendored``,
            ``generated``, ``ignored``, ``link``, ``special``, ``binary``, ``empty``, ``no-reader``.
            Told one by one: ``unreadable``, ``too-large``, ``too-deep``, ``too-slow``, ``crashed``,
            ``not-installed``, ``not-allowed``, ``vanished``, ``missing``; of databases the last
            part of the error's code (``no-answer``, ``sign-in-refused``); of cells that were read all
            the same ``ragged``, ``loose``, ``cut``, ``not-text``; of what has no text ``no-text``,
            ``attached``.
        detail: One sentence for a person; empty where the code says it all. Never a value.
        line: 1-based line where reading stopped; 0 where there is none.
    """

    source: str
    reason: str
    detail: str = ""
    line: int = 0


EXPECTED: Final = frozenset(
    ("binary", "empty", "generated", "hidden", "ignored", "link", "no-reader", "special", "vendored")
)
"""Reasons of what is in order: counted, and not told one by one."""
