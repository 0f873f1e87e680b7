"""Kinds of events of a case before it is answered: what arrived, what people say of it, what holds it.

See ``events`` for the rules of all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar


class Data:
    """What all kinds have in common."""

    __slots__ = ()
    KIND: ClassVar[str]
    VERSION: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Received(Data):
    """A request arrived; the first entry of every case. Bodies: ``asker``, ``words``, ``paper``; each may lack.

    Attributes:
        case: Id of the case: 8 characters of a-z and 2-7.
        channel: One of ``nouns.CHANNELS``.
        department: Id of the department where it arrived.
        issuer: One of ``disclosure.nouns.ISSUERS`` as the desk heard it, or ``unknown``.
        paper: One of ``nouns.SEEN``: what kind of paper the desk saw; no judgement of it.
        script: Which script the desk was given, ``ID@VERSION``; empty where none was.
    """

    KIND = "disclosure.received"
    case: str
    channel: str
    department: str
    issuer: str
    paper: str
    script: str


@dataclass(frozen=True, slots=True)
class Attached(Data):
    """Something was added to the case. Body: named as ``what`` says.

    Attributes:
        what: ``paper``, ``asker`` or ``words``.
        media: Media type of a paper, such as ``application/pdf``; empty otherwise.
        size_bytes: Its size.
        pages: How many pages; 0 where that is not known.
        hints: Ids of the hints that spoke, never text.
    """

    KIND = "disclosure.attached"
    what: str
    media: str
    size_bytes: int
    pages: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Identified(Data):
    """A person looked who issued and signed the paper, and whether it is genuine.

    Attributes:
        issuer: One of ``disclosure.nouns.ISSUERS``.
        signer: One of ``disclosure.nouns.SIGNERS``.
        authentic: ``yes``, ``no`` or ``unknown``.
        how: One of ``nouns.PROOFS``: how it was verified.
    """

    KIND = "disclosure.identified"
    issuer: str
    signer: str
    authentic: str
    how: str


@dataclass(frozen=True, slots=True)
class Classified(Data):
    """A person said what the paper is. Bodies: ``subjects``, ``records``, ``gag``; each may lack.

    Attributes:
        instrument: Id of a row of ``instruments.yml``.
        form: Form number as printed, such as ``I-200``; empty where there is none.
        revision: Its revision; empty where there is none.
        issued: Date on the paper.
        served: Date on which it was served on the city.
        return_by: Date by which it wants an answer.
        civil_immigration: The stated purpose is civil immigration enforcement.
        custody: One of ``disclosure.nouns.CUSTODIES``.
        holder: One of ``disclosure.nouns.HOLDERS``.
        gag: The paper, or an order, forbids telling of it.
        subjects: How many people it names.
        hints: Ids of the hints that spoke, never text.
    """

    KIND = "disclosure.classified"
    instrument: str
    form: str
    revision: str
    issued: date | None
    served: date | None
    return_by: date | None
    civil_immigration: bool
    custody: str
    holder: str
    gag: bool
    subjects: int
    hints: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactStated(Data):
    """A person states one more fact; what was stated last counts.

    Attributes:
        fact: Dotted name of a fact of ``disclosure.nouns.Request``, such as ``consent.written``.
        word: ``yes``, ``no``, ``none``, or a word of the fact's list.
    """

    KIND = "disclosure.fact-stated"
    fact: str
    word: str


@dataclass(frozen=True, slots=True)
class Assigned(Data):
    """Somebody answers for the case from now on; ``officer`` is an id of ``city.yml``."""

    KIND = "disclosure.assigned"
    officer: str


@dataclass(frozen=True, slots=True)
class Held(Data):
    """Nothing may leave for now.

    Attributes:
        ground: One of ``nouns.GROUNDS``.
        until: Day on which somebody looks again; it goes on standing until it is lifted.
    """

    KIND = "disclosure.held"
    ground: str
    until: date | None


@dataclass(frozen=True, slots=True)
class HoldLifted(Data):
    """A hold of the case no longer stands; ``ground`` says which."""

    KIND = "disclosure.hold-lifted"
    ground: str


@dataclass(frozen=True, slots=True)
class Confirmed(Data):
    """Counsel confirms, by name; ``what`` is ``order`` or ``outcome``."""

    KIND = "disclosure.confirmed"
    what: str
