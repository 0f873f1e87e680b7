"""From one file to its places: open it safely, choose the reader by name and content, keep the bounds.

* Only ordinary files are opened, and only when their first bytes do not tell a picture, a program
  or another binary format that holds no questions.
* The reader that is surest reads; where the content then does not follow its format, the next one
  that is at least :data:`SURE_ENOUGH` tries. The first one's words are told when all fail.
* A reader that fails in a way it did not foresee is told by the kind of its error, never by its
  message, which could quote the file.
* A file is kept whole or not at all: no place of it is given when a bound was reached.
"""

from __future__ import annotations

import codecs
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.ports import (
    Document,
    LimitReachedError,
    Limits,
    NotInstalledError,
    Reader,
    UnreadableError,
)
from curtilage.foundation.place import PassedOver, Place

SURE_ENOUGH: Final = 0.3
"""Chosen: below it a reader has only the suffix or a stray word to go by."""
SQLITE: Final = b"SQLite format 3\0"

_HEAD: Final = 8192
_TABLE_HEAD: Final = 2**20
_LONG_TABLES: Final = frozenset({"csv", "tsv", "tab", "psv", "jsonl", "ndjson"})
#: First bytes of formats that hold no questions: pictures, sound, programs, archives of programs.
_BINARY: Final = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*", b"\0\0\x01\0", b"8BPS",
    b"\x7fELF", b"MZ", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa", b"\0asm",
    b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3", b"wOFF", b"wOF2", b"\0\x01\0\0\0", b"OTTO",
    b"!<arch>", b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"BZh", b"(\xb5/\xfd", b"\xde\x12\x04\x95",
)  # fmt: skip
#: Kinds that only a program writes: a file that is called so and is none was meant to be read.
_PROMISED: Final = {
    "docx": "a Word file",
    "xlsx": "a workbook",
    "xls": "a workbook",
    "pdf": "a PDF",
    "parquet": "a Parquet file",
}
_OFFICE_LOCK: Final = "~$"
_SHORT: Final = (b"BM", b"MZ", b"ID3")
_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of one file: its places, or why there are none.

    Attributes:
        reader: Name of the reader that read it; empty where none did.
        places: In the order of the file; empty where ``passed_over`` says why, or where it asks nothing.
    """

    reader: str = ""
    places: tuple[Place, ...] = ()
    passed_over: PassedOver | None = None


def open_file(
    path: str, source: str, limits: Limits, readers: Sequence[Reader] = ()
) -> Document | PassedOver:
    """Return the file's content, or why it is not looked at.

    Of tables that are larger than the bound, the beginning is enough: it has the header. Of
    Parquet files the end is, for the same reason. Any other large file is told when its beginning
    looks like the format of a reader, and otherwise only counted.

    Args:
        path: What the operating system opens. A link is followed: the walk gives none but those
            that were named.
        source: The name for the document.
        limits: ``file_bytes`` is the bound.
        readers: Who may want it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return PassedOver(source, "special")
            head = file.read(_HEAD)
            if reason := _unwanted(head):
                return PassedOver(source, reason)
            if len(head) < _HEAD:
                return Document(source, head, limits)
            if status.st_size <= limits.file_bytes:
                # A file may grow, or lie about its size (/proc): never more than the bound is read.
                content = head + file.read(limits.file_bytes + 1 - len(head))
                if len(content) <= limits.file_bytes:
                    return Document(source, content, limits)
            trimmed = _trim(file.fileno(), source, head, status.st_size)
    except OSError as error:
        return _told(source, error)
    if trimmed is not None:
        return Document(source, trimmed, limits)
    beginning = Document(source, head, limits)
    if any(_weigh(reader, beginning) > 0 for reader in readers):
        return PassedOver(source, "too-large", f"It is larger than {limits.file_bytes // 2**20} MiB.")
    return _nobodys(beginning)


def recognise(document: Document, readers: Sequence[Reader]) -> Reading:
    """Read a document with the reader whose format it is.

    Args:
        document: The whole file.
        readers: Any number, in any order; of two that are equally sure the name decides.
    """
    document = _as_utf8(document)
    candidates = sorted(
        ((weight, reader) for reader in readers if (weight := _weigh(reader, document)) > 0),
        key=lambda pair: (-pair[0], pair[1].name),
    )
    if not candidates:
        return Reading(passed_over=_nobodys(document))
    first: PassedOver | None = None
    for weight, reader in candidates:
        if first and weight < SURE_ENOUGH:
            break
        outcome = _read(reader, document)
        if not isinstance(outcome, PassedOver):
            return Reading(reader.name, outcome)
        first = first or outcome
        if outcome.reason != "unreadable":
            break
    return Reading(passed_over=_unless_a_guess(first, candidates[0][0], document))


def _unless_a_guess(told: PassedOver | None, weight: float, document: Document) -> PassedOver | None:
    """Count a file as nobody's format where its best reader was only guessing and it did not follow."""
    if told and told.reason == "unreadable" and weight < SURE_ENOUGH:
        return _nobodys(document)
    return told


def _nobodys(document: Document) -> PassedOver:
    """Count a file that is nobody's format; tell it where its name says that somebody could read it."""
    promised = _PROMISED.get(document.suffix, "")
    if promised and not document.source.rpartition("/")[2].startswith(_OFFICE_LOCK):
        what = f"It is called {promised} and is none: damaged, cut off, or locked with a password."
        return PassedOver(document.source, "unreadable", what)
    return PassedOver(document.source, _unknown(document))


def _weigh(reader: Reader, document: Document) -> float:
    try:
        return reader.weigh(document)
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception:  # noqa: BLE001 - a reader that cannot even weigh does not know the file
        return 0.0


def _read(reader: Reader, document: Document) -> tuple[Place, ...] | PassedOver:
    source = document.source
    try:
        return tuple(_bounded(reader.read(document), document))
    except NotInstalledError as error:
        return PassedOver(
            source, "not-installed", f"Needs {error.library}: pip install 'curtilage[{error.extra}]'"
        )
    except (LimitReachedError, UnreadableError) as error:
        return explain(error, source)
    except RecursionError:
        return PassedOver(source, "too-deep", "It is nested too deeply.")
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - one file's failure must not end the run
        return PassedOver(
            source, "unreadable", f"The reader of {reader.name} did not expect this ({type(error).__name__})."
        )


def explain(error: LimitReachedError | UnreadableError, source: str) -> PassedOver:
    """Return what a reader's error says, as a line for a person."""
    reason = _which_limit(error.what) if isinstance(error, LimitReachedError) else "unreadable"
    return PassedOver(source, reason, f"{error.what}.", error.line)


def _bounded(places: Iterator[Place], document: Document) -> Iterator[Place]:
    for count, place in enumerate(places):
        if count >= document.limits.places:
            raise LimitReachedError(
                source=document.source, what=f"It has more than {document.limits.places:,} places"
            )
        yield place


def _which_limit(what: str) -> str:
    lowered = what.lower()
    if "deep" in lowered or "nest" in lowered or "depth" in lowered:
        return "too-deep"
    return "too-slow" if "second" in lowered or "slow" in lowered else "too-large"


def _unwanted(head: bytes) -> str:
    if not head:
        return "empty"
    if head.startswith(_SHORT) and b"\0" not in head:
        return ""
    return "binary" if head.startswith(_BINARY) or head[4:12] in {b"ftypmp42", b"ftypisom"} else ""


def _unknown(document: Document) -> str:
    head = document.head()
    marked = head.startswith((*_UTF16, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE))
    return "binary" if b"\0" in head and not marked else "no-reader"


def _trim(descriptor: int, source: str, head: bytes, size: int) -> bytes | None:
    """Return the part of a large table that tells its columns; None where it is no such table."""
    if head.startswith(b"PAR1"):
        length = int.from_bytes(os.pread(descriptor, 4, size - 8), "little")
        if length <= min(size - 12, 64 * 2**20):
            return b"PAR1" + os.pread(descriptor, length + 8, size - 8 - length)
    name = source.rsplit("/", 1)[-1]
    if name.rsplit(".", 1)[-1].lower() in _LONG_TABLES:
        begin = os.pread(descriptor, _TABLE_HEAD, 0)
        return begin[: begin.rfind(b"\n") + 1] or None
    return None


def _as_utf8(document: Document) -> Document:
    """Write UTF-16 as UTF-8, so that readers can weigh it. XML says its encoding itself and is left."""
    if not document.content.startswith(_UTF16) or document.content.startswith(codecs.BOM_UTF32_LE):
        return document
    try:
        text = document.content.decode("utf-16")
    except UnicodeDecodeError:
        return document
    if text.lstrip().startswith("<?xml"):
        return document
    return Document(document.source, text.encode("utf-8", "replace"), document.limits)


def _told(source: str, error: OSError) -> PassedOver:
    if isinstance(error, PermissionError):
        return PassedOver(source, "not-allowed", "It may not be read by this account.")
    if isinstance(error, FileNotFoundError):
        return PassedOver(source, "vanished", "It was there when the walk began and is gone.")
    return PassedOver(source, "unreadable", f"It cannot be opened ({os.strerror(error.errno or 0)}).")
