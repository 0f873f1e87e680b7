"""HTML as a stream of tags and texts that know where they stand; tolerant as a browser is.

No tree is built and nothing outside the page is fetched. What stands in scripts, styles and comments
is passed over, except scripts that hold a template of a page.
"""

from __future__ import annotations

import bisect
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from curtilage.connectors.reading.bounds import Deadline

_TAG: Final = re.compile(
    r"""<(/?)([a-zA-Z][\w:.-]{0,80})((?:[^<>"']++|"[^"]{0,20000}"|'[^']{0,20000}'){0,400}+)>"""
)
_BROKEN_TAG: Final = re.compile(r"<(/?)([a-zA-Z][\w:.-]{0,80})([^<>]{0,20000})>")
_ATTRIBUTE: Final = re.compile(r"""([^\s=>/"']{1,100})(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))?""")
_TEMPLATE_SCRIPT: Final = re.compile(r"template|text/html|handlebars|mustache|x-jsrender", re.IGNORECASE)
_RAW: Final = frozenset({"script", "style", "noembed", "iframe", "svg", "math", "object"})


@dataclass(frozen=True, slots=True)
class Token:
    """A tag or a text.

    Attributes:
        at: Characters from the start of the page.
        kind: ``open``, ``close`` or ``text``.
        name: Lower-case tag name; the text itself, entities resolved, for ``text``.
        attributes: Lower-case name to value, entities resolved; for ``open``.
    """

    at: int
    kind: str
    name: str
    attributes: Mapping[str, str]


class Lines:
    """Tells the 1-based line of a character."""

    def __init__(self, page: str) -> None:
        self._starts = [found.start() for found in re.finditer("\n", page)]

    def at(self, position: int) -> int:
        """Return the line on which the character at ``position`` stands."""
        return bisect.bisect_left(self._starts, position) + 1


def tokens(page: str, deadline: Deadline, breaks: Sequence[int] = ()) -> Iterator[Token]:
    """Give the tags and texts of a page in its order.

    Args:
        page: The page, templates cut out.
        deadline: Asked at every tag.
        breaks: Characters at which a text ends though no tag stands there, in order.
    """
    at = start = 0
    while (mark := page.find("<", at)) >= 0:
        deadline.check()
        found = _TAG.match(page, mark) or _BROKEN_TAG.match(page, mark)
        if found is None:
            after = _after_declaration(page, mark)
            at = after or mark + 1
            if after:
                yield from _text(page, start, mark, breaks)
                start = after
            continue
        yield from _text(page, start, mark, breaks)
        name = found[2].lower()
        start = at = found.end()
        if found[1]:
            yield Token(mark, "close", name, {})
            continue
        attributes = _attributes(found[3])
        yield Token(mark, "open", name, attributes)
        if (
            name in _RAW
            and not found[3].endswith("/")
            and not _TEMPLATE_SCRIPT.search(attributes.get("type", ""))
        ):
            start = at = _end_of(page, name, at)
    yield from _text(page, start, len(page), breaks)


def _text(page: str, start: int, end: int, breaks: Sequence[int]) -> Iterator[Token]:
    inside = breaks[bisect.bisect_right(breaks, start) : bisect.bisect_left(breaks, end)]
    for begin, stop in pairwise([start, *inside, end]):
        if text := page[begin:stop].strip():
            yield Token(begin, "text", html.unescape(text) if "&" in text else text, {})


def _after_declaration(page: str, mark: int) -> int:
    """Return where a comment or declaration ends; 0 where the mark is only a sign in a text."""
    if page.startswith("<!--", mark):
        end = page.find("-->", mark + 4)
        return end + 3 if end >= 0 else len(page)
    if page.startswith("<!", mark):
        end = page.find(">", mark)
        return end + 1 if end >= 0 else len(page)
    return 0


def _attributes(raw: str) -> dict[str, str]:
    if not raw or raw.isspace() or raw == "/":
        return {}
    made: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        value = double or single or bare
        made.setdefault(name.lower(), (html.unescape(value) if "&" in value else value).strip())
    return made


def _end_of(page: str, name: str, at: int) -> int:
    """Return where the content of a raw element ends: at its closing tag, else at the page's end."""
    closing = re.compile(f"</{name}", re.IGNORECASE).search(page, at)
    return closing.start() if closing else len(page)
