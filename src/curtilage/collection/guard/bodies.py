"""Guard the body of a form post: forms, forms with files, JSON. What is not guarded stays byte for byte."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from curtilage.collection.guard.text import Guard, TextRefusedError, say_counts
from curtilage.foundation.errors import SourceError, UsageError
from curtilage.foundation.uri import read_form, write_form

_MOST_FIELDS: Final = 10_000
_JSON: Final = re.compile(rb'"(?:[^"\\]|\\.)*"|[][{},:]')
_CHARSETS: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "windows-1252"})
"""Those in which ASCII is ASCII."""
_OPENS: Final = {b"{": "object", b"[": "list"}


class BodyNotReadableError(UsageError):
    """The body of a post is not what its type says, so nobody can tell what it holds."""

    code = "collection.body-not-readable"

    def __init__(self, *, kind: str) -> None:
        super().__init__(
            f"The form was sent as {kind}, and its body is no such thing. Nothing of it was stored or passed on. "
            "Send it again; if it fails again, tell whoever runs this form."
        )


class WebExtraMissingError(SourceError):
    """Forms with files need a library that is not installed."""

    code = "collection.web-extra-missing"

    def __init__(self) -> None:
        super().__init__(
            "Reading forms with files needs multipart, which is not installed. Nothing was passed on. "
            "Run: pip install 'curtilage[web]'"
        )


@dataclass(frozen=True, slots=True)
class Post:
    """What a guard does with the fields of a post.

    Attributes:
        guard: Says what must not be written down.
        fields: Names of the fields of free text; None for every field.
        strip: Take pieces out instead of refusing the post.
    """

    guard: Guard
    fields: frozenset[str] | None = None
    strip: bool = True

    def clean(self, body: bytes, content_type: str) -> bytes:
        """Return the body as it may be passed on: the very same bytes where nothing was taken out.

        Args:
            body: The whole body of the request.
            content_type: The header, empty where there is none. Bodies of other types than forms and
                JSON are given back as they are.

        Raises:
            TextRefusedError: A field holds what must not be written down, and nothing is to be stripped.
            BodyNotReadableError: The body is not what its type says.
            WebExtraMissingError: A form with files came and the extra ``web`` is not installed.
        """
        kind = content_type.partition(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            return self._clean_form(body)
        if kind == "multipart/form-data":
            return self._clean_parts(body, content_type)
        if kind == "application/json" or kind.endswith("+json"):
            return self._clean_json(body)
        return body

    def _clean_text(self, name: str, text: str, refused: Counter[tuple[str, str]]) -> str:
        if self.fields is not None and name not in self.fields:
            return text
        stripped = self.guard.strip(text)
        refused.update({(name, title): count for title, count in stripped.counts.items()})
        return stripped.text

    def _clean_form(self, body: bytes) -> bytes:
        try:
            fields = read_form(body, most=_MOST_FIELDS)
        except ValueError as error:
            raise BodyNotReadableError(kind="a form") from error
        return self._finish(
            body,
            lambda refused: write_form(
                [(name, self._clean_text(name, text, refused)) for name, text in fields]
            ),
        )

    def _clean_parts(self, body: bytes, content_type: str) -> bytes:
        boundary, parts = _read_parts(body, content_type)

        def write(refused: Counter[tuple[str, str]]) -> bytes:
            written = []
            for headers, name, is_text, content in parts:
                if is_text:
                    text = self._clean_text(name, content.decode("utf-8", "surrogateescape"), refused)
                    content = text.encode("utf-8", "surrogateescape")  # noqa: PLW2901 - the part as it goes on
                written.append(b"--" + boundary + b"\r\n" + headers + b"\r\n" + content + b"\r\n")
            return b"".join([*written, b"--" + boundary + b"--\r\n"])

        return self._finish(body, write)

    def _clean_json(self, body: bytes) -> bytes:
        try:
            json.loads(body.decode("utf-8"))  # in another encoding its texts would not be found
        except (ValueError, RecursionError) as error:
            raise BodyNotReadableError(kind="JSON") from error

        def write(refused: Counter[tuple[str, str]]) -> bytes:
            pieces, at = [], 0
            for start, end, name in _json_texts(body):
                text = json.loads(body[start:end])
                clean = self._clean_text(name, text, refused)
                if clean != text:
                    pieces += [body[at:start], json.dumps(clean).encode()]
                    at = end
            return b"".join([*pieces, body[at:]])

        return self._finish(body, write)

    def _finish(self, body: bytes, write: Callable[[Counter[tuple[str, str]]], bytes]) -> bytes:
        """Write the body anew; give the old one back where nothing was found, refuse where asked to."""
        found: Counter[tuple[str, str]] = Counter()
        clean = write(found)
        if not found:
            return body
        if not self.strip:
            where = ", ".join(dict.fromkeys(name or "without a name" for name, _ in found))
            counts = Counter[str]()
            for (_, title), count in found.items():
                counts[title] += count
            raise TextRefusedError(held=say_counts(counts), where=f"The form (field {where})")
        return clean


def _read_parts(body: bytes, content_type: str) -> tuple[bytes, list[tuple[bytes, str, bool, bytes]]]:
    """Return the boundary, and of each part its headers, name, whether it is text, and its content."""
    try:
        import multipart
    except ImportError as error:
        raise WebExtraMissingError from error
    _, options = multipart.parse_options_header(content_type)
    parts: list[tuple[bytes, str, bool, bytes]] = []
    try:
        boundary = options["boundary"].encode()
        parser = multipart.PushMultipartParser(boundary, max_segment_count=_MOST_FIELDS, strict=True)
        with parser:
            segment: Any = None
            content = bytearray()
            for event in parser.parse(body):
                if event is None:
                    _check_charset(segment)
                    parts.append(
                        (_headers(segment), segment.name or "", not segment.filename, bytes(content))
                    )
                elif isinstance(event, bytes | bytearray):
                    content += event
                else:
                    segment, content = event, bytearray()
    except (multipart.MultipartError, KeyError, UnicodeError) as error:
        raise BodyNotReadableError(kind="a form with files") from error
    return boundary, parts


def _check_charset(segment: Any) -> None:
    """Refuse a field whose text is in an encoding in which it would not be looked through."""
    if not segment.filename and (segment.charset or "utf-8").lower() not in _CHARSETS:
        raise BodyNotReadableError(kind="a form in UTF-8")


def _headers(segment: Any) -> bytes:
    kept = ((name, value) for name, value in segment.headerlist if name.lower() != "content-length")
    return b"".join(f"{name}: {value}\r\n".encode() for name, value in kept)


def _json_texts(body: bytes) -> Iterator[tuple[int, int, str]]:
    """Give each text that is a value, with the name of the nearest key above it."""
    # Of each open object or list: its kind, the key that is being given, and whether one comes next.
    stack: list[list[Any]] = [["list", "", False]]
    for found in _JSON.finditer(body):
        token, top = found[0], stack[-1]
        if token in _OPENS:
            stack.append([_OPENS[token], top[1], token == b"{"])
        elif token in (b"}", b"]"):
            stack.pop()
        elif token == b",":
            top[2] = top[0] == "object"
        elif token == b":":
            top[2] = False
        elif top[2]:
            top[1] = json.loads(token)
        else:
            yield found.start(), found.end(), top[1]
