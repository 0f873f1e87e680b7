"""The one place outside connectors that writes parts of a URI. It fetches nothing."""

from __future__ import annotations

from urllib.parse import quote


def quote_path(path: str) -> str:
    """Return a POSIX path as the path of a URI reference: every other character percent-encoded."""
    return quote(path)
