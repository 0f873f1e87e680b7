"""Pictures, scanned pages and photographs of documents: their text by OCR, a frame a row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.connectors.content.base import ProseContent
from curtilage.connectors.content.files import Stored, read_whole
from curtilage.connectors.content.ocr import find_program, read_picture
from curtilage.connectors.content.paragraphs import unwrap
from curtilage.connectors.content.ports import ContentLimits, Table

_MAGICS: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
_NOT_INSTALLED: Final = (
    "{} × a picture that was not read. Install tesseract, and pip install 'curtilage[ocr]'."
)
_UNREADABLE: Final = "{} × a picture that is damaged, too large, or took too long."


class ImageContentReader:
    """Opens PNG, JPEG and TIFF."""

    name = "image"
    extra = "ocr"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the first bytes."""
        return 0.95 if head.startswith(_MAGICS) else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> ImageContent:
        """Return its content; without tesseract it has no table and says so."""
        return ImageContent(stored, limits, _texts)


class ImageContent(ProseContent):
    """One picture."""

    def tables(self) -> tuple[Table, ...]:
        """Return the one table of prose; none where OCR is not installed, which is told."""
        if find_program():
            return super().tables()
        self.notes.add("not-installed", _NOT_INSTALLED)
        return ()


def _texts(content: ProseContent) -> Iterator[str]:
    picture = read_whole(content.stored, content.limits)
    texts = read_picture(picture, content.source, content.limits)
    if texts is None:
        content.notes.add("unreadable", _UNREADABLE)
    for text in texts or ():
        yield from unwrap(text).split("\n\n")
