"""The text of PDF files: a page a row, and what was filled into fields and written into notes.

A page that holds pictures and no text was scanned. Where OCR is installed it is read so, else told.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final, TypeVar

from curtilage.connectors.content.base import ProseContent
from curtilage.connectors.content.files import Stored, read_whole
from curtilage.connectors.content.ocr import find_program, read_picture
from curtilage.connectors.content.paragraphs import unwrap
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.ports import LimitReachedError, UnreadableError
from curtilage.connectors.reading.optional import load_library

T = TypeVar("T")

_FEWEST_LETTERS: Final = 4
_MOST_PICTURES_A_PAGE: Final = 8
_TOO_SLOW: Final = "{} × a page that took too long; the others were read."
_DAMAGED: Final = "{} × a page that is damaged; the others were read."
_SCANNED: Final = (
    "{} × a page that holds a picture and no text. Install tesseract, and pip install 'curtilage[ocr]'."
)
_NO_PICTURE: Final = "{} × a picture of a page that OCR could not read."


class PdfContentReader:
    """Opens PDF files."""

    name = "pdf"
    extra = "forms"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the first bytes; something may stand before them."""
        return 0.95 if b"%PDF-" in head[:1024] else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> ProseContent:
        """Return its content.

        Raises:
            LimitReachedError: It is larger than may be held.
            NotInstalledError: pypdf is missing.
            UnreadableError: It is damaged or locked with a password.
        """
        return ProseContent(stored, limits, _Pdf(stored, limits).texts)


class _TooSlowError(Exception):
    """A page took longer than it may."""


class _Pdf:
    """One PDF, held in memory."""

    def __init__(self, stored: Stored, limits: ContentLimits) -> None:
        self._library = load_library("pypdf", extra="forms", source=stored.source)
        # What it finds odd it logs, with pieces of the file.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
        self._source, self._limits = stored.source, limits
        self._content = read_whole(stored, limits)
        self._end = 0.0

    def texts(self, content: ProseContent) -> Iterator[str]:
        """Give the text of each page, then what is written in its fields and notes."""
        reader = self._open()
        size = 0
        for number in range(len(reader.pages)):
            self._end = time.monotonic() + self._limits.seconds
            page = self._try(content, partial(reader.pages.__getitem__, number))
            if page is None:
                continue
            read = partial(page.extract_text, visitor_operand_before=self._watch)
            text: str = self._try(content, read) or ""
            written = self._try(content, partial(_written, page)) or []
            size += len(text) + sum(map(len, written))
            if size > self._limits.expanded_bytes:
                raise LimitReachedError(source=self._source, what="It holds too much text")
            if sum(map(str.isalnum, text)) < _FEWEST_LETTERS:
                text = self._scanned(content, page) or text
            yield unwrap(text)
            yield from written

    def _open(self) -> Any:
        """Open it; of what the library says nothing is passed on."""
        opened: Any = None
        is_locked = False
        try:
            opened = self._library.PdfReader(io.BytesIO(self._content))
            is_locked = opened.is_encrypted and not opened.decrypt("")
            len(opened.pages)
        except (MemoryError, KeyboardInterrupt):
            raise
        except Exception:  # noqa: BLE001 - the library throws what it meets
            opened = None if not is_locked else opened
        if opened is None or is_locked:
            what = (
                "It is locked with a password"
                if is_locked
                else "It is damaged, or locked in a way that is not known here"
            )
            raise UnreadableError(source=self._source, what=what)
        return opened

    def _try(self, content: ProseContent, action: Callable[[], T]) -> T | None:
        """Return what comes of one page; what goes wrong with it costs it alone."""
        try:
            return action()
        except (MemoryError, KeyboardInterrupt):
            raise
        except _TooSlowError:
            content.notes.add("too-slow", _TOO_SLOW)
        except Exception:  # noqa: BLE001 - as above
            content.notes.add("unreadable", _DAMAGED)
        return None

    def _watch(self, *_arguments: Any) -> None:
        if time.monotonic() > self._end:
            raise _TooSlowError

    def _scanned(self, content: ProseContent, page: Any) -> str:
        """Return the text of the pictures on a page."""
        names = self._try(content, lambda: list(page.images.keys())) or []
        if not names:
            return ""
        if not find_program():
            content.notes.add("no-text", _SCANNED)
            return ""
        texts: list[str] = []
        for name in names[:_MOST_PICTURES_A_PAGE]:
            picture = self._try(content, partial(_picture, page, name))
            pages = read_picture(picture, self._source, self._limits) if picture else None
            if pages is None:
                content.notes.add("no-text", _NO_PICTURE)
            texts += pages or []
        return "\n".join(texts)


def _picture(page: Any, name: Any) -> bytes:
    return bytes(page.images[name].data)


def _written(page: Any) -> list[str]:
    """Return what was filled into the fields of a page, and the notes on it."""
    found: list[Any] = []
    for reference in _get(page, "/Annots") or ():
        annotation = reference.get_object()
        if not isinstance(annotation, Mapping):
            continue
        for holder in (annotation, _get(annotation, "/Parent")):
            found += [_get(holder, key) for key in ("/V", "/Contents")]
    return [_as_text(each) for each in found if isinstance(each, str | bytes) and str(each).strip()]


def _as_text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _get(holder: Any, key: str) -> Any:
    value: Any = holder.get(key) if isinstance(holder, Mapping) else None
    return value.get_object() if hasattr(value, "get_object") else value
