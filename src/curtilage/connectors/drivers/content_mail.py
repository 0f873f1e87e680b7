"""Messages, ``.eml``: who wrote to whom about what, and the text, a paragraph a row.

What is attached is told and not read: save it as a file of its own.
"""

from __future__ import annotations

import email
import email.policy
import html
import re
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import EmailMessage
from typing import Final

from curtilage.connectors.content.base import ProseContent
from curtilage.connectors.content.files import Stored, read_whole, suffix_of
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.reading.encodings import guess_encoding

_HEADERS: Final = frozenset({"from", "to", "cc", "bcc", "reply-to", "sender", "subject"})
_ATTACHED: Final = "{} × an attachment that was not read. Save it as a file of its own."
_BROKEN: Final = "{} × a part of a message that is damaged; it was read as it stands."
_TAG: Final = re.compile(
    r"<(?:style|script)\b.*?</(?:style|script)\s*>|<[^<>]{0,4000}>", re.DOTALL | re.IGNORECASE
)
_HEADER: Final = re.compile(
    rb"(?:^|\n)(?:From|Received|Return-Path|Message-ID|MIME-Version|Date): ", re.IGNORECASE
)


class MailContentReader:
    """Opens messages."""

    name = "mail"
    extra = "tables"

    def weigh(self, stored: Stored, head: bytes) -> float:
        """Return how sure it is, by the suffix and a header of a message."""
        return 0.8 if suffix_of(stored.source) == "eml" and _HEADER.search(head) else 0.0

    def open(self, stored: Stored, limits: ContentLimits) -> ProseContent:
        """Return its content.

        Raises:
            LimitReachedError: It is larger than may be held.
            SourceError: It cannot be read.
        """
        message = email.message_from_bytes(read_whole(stored, limits), policy=email.policy.default)
        return ProseContent(stored, limits, lambda content: _texts(content, message))


def _texts(content: ProseContent, message: EmailMessage) -> Iterator[str]:
    for part in message.walk():
        for name, value in part.raw_items():
            if name.lower() in _HEADERS:
                yield f"{name}: {_decoded(str(value))}"
        try:
            texts = list(_paragraphs(content, part))
        except Exception:  # noqa: BLE001 - the parser of headers throws what it meets
            content.notes.add("unreadable", _BROKEN)
            payload = part.get_payload()
            texts = [payload] if isinstance(payload, str) else []
        yield from texts


def _decoded(value: str) -> str:
    """Return a header without its encoding (``=?utf-8?q?…?=``); as it stands where that is damaged."""
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError, HeaderParseError):
        return value


def _paragraphs(content: ProseContent, part: EmailMessage) -> Iterator[str]:
    if part.is_multipart():
        return
    if part.get_content_maintype() != "text" or part.is_attachment():
        content.notes.add("attached", _ATTACHED)
        return
    raw = part.get_payload(decode=True)
    text = _as_text(raw, part.get_content_charset("")) if isinstance(raw, bytes) else ""
    if part.get_content_subtype() == "html":
        text = html.unescape(_TAG.sub("\n", text))
    yield from (" ".join(each.split()) for each in re.split(r"\n\s*\n", text.replace("\r\n", "\n")))


def _as_text(raw: bytes, charset: str) -> str:
    """Return a text in the character set that it names; where nobody knows that, the bytes tell."""
    try:
        return raw.decode(charset or guess_encoding(raw), "replace")
    except LookupError:
        return raw.decode(guess_encoding(raw), "replace")
