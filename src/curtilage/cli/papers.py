"""Read the text of a paper in a process of its own: a hostile scan costs that process and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from curtilage.connectors.ports import Limits
    from curtilage.disclosure.intake.paper import Paper

_MAKER: Final = "curtilage.cli.papers:make_handler"
_SECONDS: Final = 180.0
"""Time for a whole paper; chosen: somebody waits for it. One that takes longer is kept, and told as not read."""


def take_paper(path: Path | None) -> bytes:
    """Return the bytes of a file, or of standard input where none is named; never more than may be taken.

    Raises:
        NotAPaperError: It cannot be opened.
    """
    from curtilage.disclosure.intake.paper import MOST_BYTES, NotAPaperError

    if path is None:
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise NotAPaperError(
            what=f"it cannot be opened ({why})", instead="Check its name and rights."
        ) from error


def read_paper(raw: bytes, limits: Limits) -> Paper:
    """Return the text of a paper.

    Args:
        raw: Its bytes.
        limits: Time for one page, and memory.

    Raises:
        NotAPaperError: It is no paper.
        PaperNotReadError: A library is missing, or no process could be started.

    Effects:
        Starts and ends a process. Nothing is written.
    """
    import msgspec

    from curtilage.connectors.pool import FEW_LONG, Pool, Work, WorkerStartError
    from curtilage.disclosure.intake.paper import Paper, PaperNotReadError, check_paper

    media = check_paper(raw)
    work = Work(msgspec.msgpack.encode((media, limits.seconds, raw)), _SECONDS)
    pool: Pool[None] = Pool(
        make=_MAKER, argument="", memory_bytes=limits.memory_bytes, jobs=1, manner=FEW_LONG
    )
    try:
        with pool:
            [(_, answer)] = pool.run([(None, work)])
    except WorkerStartError as error:
        what, instead = "no process could be started for it", "Free memory on this machine, and try again."
        raise PaperNotReadError(what=what, instead=instead) from error
    return _unpack(answer, media) if isinstance(answer, bytes) else Paper(media, (), ("unreadable",))


def _unpack(answer: bytes, media: str) -> Paper:
    """Return what a worker answered."""
    import msgspec

    from curtilage.disclosure.intake.paper import NotAPaperError, Paper, PaperNotReadError
    from curtilage.foundation.guarded import Guarded

    said = msgspec.msgpack.decode(answer, type=_Answer)
    if said.refused:
        raise NotAPaperError(what=said.refused, instead="Attach each paper as a file of its own.")
    if said.missing:
        raise PaperNotReadError(what=said.missing, instead=said.remedy)
    return Paper(media, tuple(map(Guarded, said.pages)), said.told)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a worker found: why it is no paper, what is missing to read it, or its pages and what was not read."""

    refused: str = ""
    missing: str = ""
    remedy: str = ""
    pages: tuple[str, ...] = ()
    told: tuple[str, ...] = ()


def make_handler(_: str) -> Callable[[bytes], bytes]:
    """Return what a worker does with a paper. Called in the worker, by name."""
    import msgspec

    def handle(frame: bytes) -> bytes:
        media, seconds, raw = msgspec.msgpack.decode(frame, type=tuple[str, float, bytes])
        return msgspec.msgpack.encode(_read(media, seconds, raw))

    return handle


def _read(media: str, seconds: float, raw: bytes) -> _Answer:
    from curtilage.cli.assembly import content_readers
    from curtilage.connectors.content.archive import open_stored
    from curtilage.connectors.content.held import HeldFile
    from curtilage.connectors.content.ports import ContentLimits
    from curtilage.connectors.ports import NotInstalledError
    from curtilage.disclosure.intake.paper import MEDIA, NotAPaperError, read_content
    from curtilage.foundation.errors import SourceError

    name = f"paper{_suffix(media, raw) or MEDIA[media]}"
    try:
        content = open_stored(HeldFile(name, raw), ContentLimits(seconds=seconds), content_readers())
        try:
            paper = read_content(content, media)
        finally:
            content.close()
    except NotInstalledError as error:
        remedy = f"Install it: pip install 'curtilage[{error.extra}]'"
        return _Answer(missing=f"{error.library} is not installed", remedy=remedy)
    except NotAPaperError as error:
        return _Answer(refused=error.what)
    except SourceError:
        return _Answer(told=("unreadable",))
    return _Answer(pages=paper.texts(), told=paper.told)


def _suffix(media: str, raw: bytes) -> str:
    """Return the ending of a message's file, which only its headers tell; empty for anything else."""
    head = raw[:4096].lower()
    is_message = media == "text/plain" and head.startswith(
        (b"from: ", b"received: ", b"return-path: ", b"delivered-to: ")
    )
    return ".eml" if is_message else ""
