"""Haml and Slim, whose elements are lines: written out as the page that they would make, line for line.

Only what a form needs: elements with their attributes and words, and Ruby code as ERB has it. What
stands inside an element by its indentation is closed where a line is as far out again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

_HAML: Final = re.compile(
    r"%(?P<tag>[\w:-]{1,60})(?P<marks>(?:[.#][\w-]{1,80}){0,20})(?P<more>\{[^{}]{0,2000}\}|\([^()]{0,2000}\))?(?P<code>/|&?!?=)?\s?(?P<rest>.*)"
)
_SLIM: Final = re.compile(
    r"(?P<tag>[a-z][\w-]{0,60})(?P<marks>(?:[.#][\w-]{1,80}){0,20})(?P<more>(?:\s+[\w:-]{1,60}=(?:\"[^\"]{0,300}\"|'[^']{0,300}'|[\w.:@-]{1,100})){0,20})\s?(?P<code>==?)?\s?(?P<rest>.*)"
)
_CODE: Final = re.compile(r"(?:&|!)?==?\s*(?P<code>.*)")
_MARKS: Final = re.compile(r"[.#%]|\|")
_PAIR: Final = re.compile(r""":?["']?([\w:-]{1,60})["']?\s*(?:=>|:|=)\s*["':]?([^"',{}()]{1,300})["']?""")
_QUOTE: Final = re.compile(r'["<>]')


def write_out(page: str, kind: str) -> str:
    r"""Return a page of Haml or Slim as HTML with ERB, each line where it was.

    Args:
        page: The template.
        kind: ``haml`` or ``slim``.

    >>> write_out("%label{for: 'born'} Born\n= f.text_field :born", "haml")
    '<label for="born">Born\n</label><%= f.text_field :born %>'
    """
    return "\n".join(_lines(page, _HAML if kind == "haml" else _SLIM))


def _lines(page: str, element: re.Pattern[str]) -> Iterator[str]:
    stack: list[tuple[int, str]] = []
    for line in page.split("\n"):
        said = line.strip()
        if not said or said.startswith(("/", "-", "-#", ":", "doctype", "!!!")):
            yield ""
            continue
        indent, closed = len(line) - len(line.lstrip()), ""
        while stack and stack[-1][0] >= indent:
            closed += f"</{stack.pop()[1]}>"
        code, opened = _CODE.match(said), element.match(said)
        if code:
            yield f"{closed}<%= {code['code'].replace('%>', '')} %>"
        elif opened:
            stack.append((indent, opened["tag"]))
            yield closed + _element(opened)
        else:
            yield closed + ("" if _MARKS.match(said) and said[0] != "|" else said.lstrip("| "))


def _element(found: re.Match[str]) -> str:
    marks = re.search(r"#([\w-]+)", found["marks"] or "")
    told = dict(_PAIR.findall((found["more"] or "")[:2000]))
    if marks:
        told.setdefault("id", marks[1])
    attributes = "".join(f' {key}="{_QUOTE.sub("", value).strip()}"' for key, value in told.items())
    rest = found["rest"]
    inside = f"<%= {rest.replace('%>', '')} %>" if found["code"] and "=" in found["code"] else rest
    return f"<{found['tag']}{attributes}>{inside}"
