"""Messages, ``.eml``: who wrote to whom about what, and the text, a paragraph a row.

What is attached is told and not read: save it as a file of its own.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final

from curtilage.connectors.content.base import ProseContent
from curtilage.connectors.content.files import Stored, read_whole, suffix_of
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.reading.encodings import guess_encoding

_HEADERS: Final = ("From", "To", "Cc", "Bcc", "Reply-To", "Sender", "Subject")
_ATTACHED: Final = "Attachments that were not read: {}. Save them as files of their own."
_BROKEN: Final = "Parts of a message that are damaged: {}. The others were read."
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
        for name in _HEADERS:
            for value in part.get_all(name, []):
                yield f"{name}: {value}"
        if part.is_multipart():
            continue
        if part.get_content_maintype() != "text" or part.is_attachment():
            content.notes.add("attached", _ATTACHED)
            continue
        yield from _paragraphs(content, part)


def _paragraphs(content: ProseContent, part: EmailMessage) -> Iterator[str]:
    try:
        text = part.get_content()
    except (LookupError, ValueError, AssertionError):
        # A character set that nobody knows: the bytes tell.
        raw = part.get_payload(decode=True)
        if not isinstance(raw, bytes):
            content.notes.add("unreadable", _BROKEN)
            return
        text = raw.decode(guess_encoding(raw), "replace")
    if part.get_content_subtype() == "html":
        import html

        text = html.unescape(_TAG.sub("\n", text))
    yield from (" ".join(each.split()) for each in re.split(r"\n\s*\n", text))
