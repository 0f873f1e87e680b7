"""The one place outside connectors that writes parts of a URI, and forms as URLs write them. Fetches nothing."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, unquote, urlencode


def quote_path(path: str) -> str:
    """Return a POSIX path as the path of a URI reference: every other character percent-encoded."""
    return quote(path)


def unquote_part(part: str) -> str:
    """Return one part of a URI with what is percent-encoded in it as it was; bytes that are no UTF-8 as U+FFFD."""
    return unquote(part)


def read_form(body: bytes, *, most: int) -> list[tuple[str, str]]:
    """Return the fields of a form that was posted as ``application/x-www-form-urlencoded``, in order.

    Bytes that are no UTF-8 become lone surrogates and :func:`write_form` writes them as they were.

    Args:
        body: The whole body.
        most: Fields at most.

    Raises:
        ValueError: There are more fields than ``most``.
    """
    text = body.decode("ascii", "surrogateescape")
    return parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=most)


def write_form(fields: list[tuple[str, str]]) -> bytes:
    """Return the body of a form with these fields, ``application/x-www-form-urlencoded``."""
    return urlencode(fields, errors="surrogateescape").encode("ascii")
