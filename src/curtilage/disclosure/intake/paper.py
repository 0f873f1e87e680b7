"""A paper that somebody handed in: its text, guarded, and what of it could not be read.

Source:
    curtilage-hints.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.content.ports import PROSE_COLUMN, Content
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.errors import SourceError
from curtilage.foundation.guarded import Guarded

MOST_BYTES: Final = 20 * 2**20
"""Size of a paper that is still taken. Chosen: a hundred scanned pages; it is sealed as one piece."""

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TEXT: Final = "text/plain"

MEDIA: Final = {
    PDF: ".pdf",
    WORD: ".docx",
    TEXT: ".txt",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
}
"""What a paper can be: its media type, and how the name of such a file ends."""

_OF_DOCUMENTS: Final = (b"word/document.xml", b"content.xml")
"""Parts of Word's and of OpenDocument's documents; any other archive is several files or a table."""

_PICTURES: Final = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"II*\0": "image/tiff",
    b"MM\0*": "image/tiff",
}

_TROUBLES: Final = {
    "no-text": "no-text-on-a-page",
    "not-installed": "no-ocr",
    "unreadable": "damaged",
    "too-slow": "damaged",
    "attached": "mail-with-attachment",
    "cut": "damaged",
}


class NotAPaperError(SourceError):
    """What was handed in is no paper that can be taken."""

    code = "disclosure.not-a-paper"

    def __init__(self, *, what: str, instead: str) -> None:
        self.what = what
        super().__init__(f"This cannot be taken as a paper: {what}. Nothing was recorded. {instead}")


class PaperNotReadError(SourceError):
    """A paper may be one, and its text cannot be read on this machine."""

    code = "disclosure.paper-not-read"

    def __init__(self, *, what: str, instead: str) -> None:
        self.what = what
        super().__init__(
            f"The text of this paper was not read: {what}. Nothing was recorded of it. {instead}"
        )


@dataclass(frozen=True, slots=True)
class Paper:
    """The text of a paper, page by page or paragraph by paragraph.

    Attributes:
        media: A media type of :data:`MEDIA`.
        pages: The text of each page; empty where there is no text at all.
        told: Reasons for which something of it could not be read, each once.
    """

    media: str
    pages: tuple[Guarded, ...]
    told: tuple[str, ...] = ()

    def texts(self) -> tuple[str, ...]:
        """Return the text of each page. The caller now answers for where it goes."""
        return tuple(page.unsafe_reveal() for page in self.pages)

    def troubles(self) -> tuple[str, ...]:
        """Return the alerts of ``hints.yml`` that what could not be read gives."""
        return tuple(dict.fromkeys(_TROUBLES[each] for each in self.told if each in _TROUBLES))


def media_of(raw: bytes) -> str:
    r"""Return what a paper is, by its first bytes; empty where it is nothing that can be taken.

    >>> media_of(b"%PDF-1.7"), media_of(b"\xff\xd8\xff\xe0"), media_of("Señor".encode()), media_of(b"\x7fELF\0")
    ('application/pdf', 'image/jpeg', 'text/plain', '')
    """
    if b"%PDF-" in raw[:1024]:
        return PDF
    if raw.startswith(b"PK\x03\x04"):
        return WORD if any(part in raw for part in _OF_DOCUMENTS) else ""
    picture = next((media for start, media in _PICTURES.items() if raw.startswith(start)), "")
    return picture or ("" if b"\0" in raw[:4096] or not raw.strip() else TEXT)


def check_paper(raw: bytes) -> str:
    """Return what a paper is.

    Raises:
        NotAPaperError: It is empty, too large, or neither PDF, Word document, picture nor text.
    """
    if len(raw) > MOST_BYTES:
        raise NotAPaperError(
            what=f"it has more than {MOST_BYTES // 2**20} MiB",
            instead="Scan it in grey at 200 dots an inch, or in several files.",
        )
    if not raw.strip():
        raise NotAPaperError(what="it is empty", instead="Look at the scanner, and scan it again.")
    if not (media := media_of(raw)):
        raise NotAPaperError(
            what="it is neither PDF, Word document, picture nor text",
            instead="Scan or print it to one of those.",
        )
    return media


def read_content(content: Content, media: str) -> Paper:
    """Return the text of an open file; a table (CSV, a workbook) is no paper.

    Args:
        content: As a reader opened it; the caller closes it.
        media: A media type of :data:`MEDIA`.

    Raises:
        NotAPaperError: It is a table, or an archive of several files.
        SourceError: It can no longer be read.
    """
    tables = content.tables()
    if len(tables) > 1 or any(PROSE_COLUMN not in {each.name for each in table.columns} for table in tables):
        raise NotAPaperError(
            what="it is a table or several files", instead="Attach each paper as a file of its own."
        )
    texts: list[str] = []
    for table in tables:
        for part in content.parts(table, wanted=1):
            for batch in content.read(part):
                texts += (_as_text(cell) for cell in batch.column(0).to_pylist())
    told = tuple(dict.fromkeys(each.reason for each in content.told() if each.reason != "empty"))
    whole = ["\n".join(texts)] if media in {WORD, TEXT} else _join_fields(texts)
    return Paper(media, tuple(Guarded(each) for each in whole if each.strip()), told)


def _join_fields(texts: list[str]) -> list[str]:
    """Put what was filled into a page's fields, one line each, behind the page that has them."""
    pages: list[str] = []
    for text in texts:
        if pages and "\n" not in text.strip():
            pages[-1] += f"\n{text}"
        else:
            pages.append(text)
    return pages


def _as_text(cell: object) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return cell if isinstance(cell, str) else ""


# --- the paper as a private body -----------------------------------------------------------------


def pack_paper(raw: bytes, media: str) -> Guarded:
    """Return a paper as it is sealed: all its bytes, and what it is; never its file's name, which may be a person's.

    What proves later that it is the same paper is the salted commitment of the private body. A plain hash
    of a form filled in by machine could be guessed.
    """
    return Guarded(
        canonical_bytes({"bytes": base64.b64encode(raw).decode("ascii"), "media": media}).decode("ascii")
    )


def unpack_paper(sealed: Guarded) -> tuple[bytes, str]:
    """Return the bytes of a paper, and what it is.

    Raises:
        NotAPaperError: It was sealed by something else.
    """
    try:
        said = json.loads(sealed.unsafe_reveal())
        raw, media = base64.b64decode(said["bytes"], validate=True), said["media"]
    except (ValueError, KeyError, TypeError, binascii.Error) as error:
        raise NotAPaperError(what="it was not sealed as one", instead="Ask who attached it.") from error
    return raw, media if media in MEDIA else TEXT


def join_pages(pages: Iterable[str]) -> Paper:
    """Return a paper from plain text, a page each: what a form or a test writes."""
    return Paper(TEXT, tuple(map(Guarded, pages)))
