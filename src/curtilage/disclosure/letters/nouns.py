"""The nouns of letters: a template as it was read, and a letter as it can be shown, printed and sealed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

AUDIENCES: Final = ("asker", "subject", "vendor", "department", "employee")
"""Who reads a letter."""

KINDS: Final = {
    "receipt": "It is recorded and was handed on.",
    "holding": "Counsel reviews it; what is responsive is preserved.",
    "decline": "The city declines.",
    "object": "The city objects in writing, and declines without a court's order.",
    "narrow": "The city asks what exactly is meant.",
    "release": "Goes with what leaves.",
    "no-such-record": "The city holds no such record.",
    "vendor": "Tells a vendor what to do with process for the city's data.",
    "notice": "Tells a person what left about them.",
    "preserve": "Tells a department to keep what is responsive.",
    "employee": "For whoever took the request: you followed the procedure, and whom to tell.",
}
"""What letters there are, and what each says."""


@dataclass(frozen=True, slots=True)
class Template:
    """A letter's words, before a case fills them.

    Attributes:
        kind: One of :data:`KINDS`.
        paper: Id of an instrument, or of a family of them, that it is for; empty for all.
        lang: BCP 47 tag.
        title: What the letter is about, one line.
        to: One of :data:`AUDIENCES`.
        checked: Whether a native reader has read it.
        body: Its words: paragraphs, ``# headings`` and ``* lists``, with names in double braces.
        path: The file, as messages name it.
        first_line: 1-based line of the file on which the body begins.
        own: Whether it is the city's own, in ``policy/letters``.
    """

    kind: str
    paper: str
    lang: str
    title: str
    to: str
    checked: bool
    body: str
    path: str
    first_line: int
    own: bool

    @property
    def id(self) -> str:
        """Return its id, such as ``decline--immigration-paper.en``."""
        return f"{self.kind}{'--' if self.paper else ''}{self.paper}.{self.lang}"

    @property
    def used(self) -> str:
        """Return id and version, as an entry of the ledger names what was used: the hash of its words."""
        said = f"{self.title}\0{self.to}\0{self.body}"
        return f"{self.id}@{hashlib.sha256(said.encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a letter's body: ``kind`` is ``heading``, ``text`` or ``item``; ``text`` is one line."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready.

    Attributes:
        used: ``ID@VERSION`` of its template.
        lang: BCP 47 tag.
        title: What it is about, one line.
        reference: The case's id.
        to: Lines of the address; empty leaves lines to write on.
        blocks: The body.
        foot: Lines below it: who signs, whom to ask.
        city: Whose letter it is.
        sample: Whether its values are made up.
    """

    used: str
    lang: str
    title: str
    reference: str
    to: tuple[str, ...]
    blocks: tuple[Block, ...]
    foot: tuple[str, ...]
    city: str
    sample: bool = False
