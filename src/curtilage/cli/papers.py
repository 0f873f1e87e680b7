"""Read the text of a paper in a process of its own: a hostile scan costs that process and nothing else."""

from __future__ import annotations

import sys
from collections.abc import Callable
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
        NotAPaperError: It is no paper, or its text cannot be read.
        WorkerStartError: No process could be started.

    Effects:
        Starts and ends a process. Nothing is written.
    """
    import msgspec

    from curtilage.connectors.pool import FEW_LONG, Pool, Work
    from curtilage.disclosure.intake.paper import NotAPaperError, Paper, check_paper
    from curtilage.foundation.guarded import Guarded

    media = check_paper(raw)
    frame = msgspec.msgpack.encode((media, limits.seconds, raw))
    pool: Pool[None] = Pool(
        make=_MAKER, argument="", memory_bytes=limits.memory_bytes, jobs=1, manner=FEW_LONG
    )
    with pool:
        [(_, answer)] = pool.run([(None, Work(frame, _SECONDS))])
    if not isinstance(answer, bytes):
        return Paper(media, (), ("unreadable",))
    refused, instead, pages, told = msgspec.msgpack.decode(
        answer, type=tuple[str, str, tuple[str, ...], tuple[str, ...]]
    )
    if refused:
        raise NotAPaperError(what=refused, instead=instead)
    return Paper(media, tuple(map(Guarded, pages)), told)


def make_handler(_: str) -> Callable[[bytes], bytes]:
    """Return what a worker does with a paper. Called in the worker, by name."""
    import msgspec

    def handle(frame: bytes) -> bytes:
        media, seconds, raw = msgspec.msgpack.decode(frame, type=tuple[str, float, bytes])
        return msgspec.msgpack.encode(_read(media, seconds, raw))

    return handle


def _read(media: str, seconds: float, raw: bytes) -> tuple[str, str, tuple[str, ...], tuple[str, ...]]:
    """Return why it is no paper, what to do instead, its pages, and what could not be read."""
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
        return (
            f"{error.library} is not installed",
            f"Install it: pip install 'curtilage[{error.extra}]'",
            (),
            (),
        )
    except NotAPaperError as error:
        return error.what, "Attach each paper as a file of its own.", (), ()
    except SourceError:
        return "", "", (), ("unreadable",)
    return "", "", paper.texts(), paper.told


def _suffix(media: str, raw: bytes) -> str:
    """Return the ending of a message's file, which only its headers tell; empty for anything else."""
    head = raw[:4096].lower()
    is_message = media == "text/plain" and head.startswith(
        (b"from: ", b"received: ", b"return-path: ", b"delivered-to: ")
    )
    return ".eml" if is_message else ""
