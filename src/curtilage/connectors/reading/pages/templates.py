"""Server templates (ERB, Jinja, Django, Twig, Handlebars, EJS, PHP, Blade, Razor, Nunjucks) cut out of a page.

Each piece of template is replaced by as many characters, line breaks kept, so that the rest of the
page stays where it was. A translated text (``t('.birth')``, ``_("Date of birth")``) leaves its own
words behind. A helper that makes a field (``f.text_field :ssn``, ``{{ form.ssn }}``,
``govukInput({...})``) is given back as a :class:`Helper`. Nothing is ever run.
"""

from __future__ import annotations

import re
from typing import Final

from curtilage.connectors.reading.bounds import Deadline
from curtilage.connectors.reading.pages.helpers import TRANSLATED, Helper, helpers_in

_OPENING: Final = re.compile(r"<%|\{\{|\{%[-+~\s]|\{#\s|<\?|\{!!")
_CLOSING: Final = {"<%": "%>", "{{": "}}", "{%": "%}", "{#": "#}", "<?": "?>", "{!": "!!}"}
#: Code that an at sign begins, in Razor and Blade: a word, a call, a block.
_SIGNED: Final = re.compile(
    r"(?<![\w@.])@(?:[A-Za-z_][\w.]*+(?:\s?\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*+\))*+\))*+\))*+\))?+|\{[^{}]{0,5000}+\})"
)
_BRACES: Final = re.compile(r"^[ \t]*(?:\}?[ \t]*else[^\n{]{0,200})?[{}][ \t]*$", re.MULTILINE)
_LONGEST_PIECE: Final = 20_000


def cut_templates(page: str, deadline: Deadline) -> tuple[str, list[Helper]]:
    """Return the page without template code, as long as before, and the helpers found in it."""
    pieces: list[str] = []
    helpers: list[Helper] = []
    done = at = 0
    closings: dict[str, int] = {}  # where each kind of piece closes next; the page's length where none does
    while found := _OPENING.search(page, at):
        deadline.check()
        opening = found.group()[:2]
        closing = _CLOSING[opening]
        end = closings.get(opening, -1)
        if end < found.end():
            end = page.find(closing, found.end())
            end = closings[opening] = end if end >= 0 else len(page)
        if end - found.end() > _LONGEST_PIECE or end == len(page):
            at = found.end()
            continue
        code = page[found.end() : end]
        made = helpers_in(code, found.start(), opening)
        helpers += made
        piece = page[found.start() : end + len(closing)]
        is_value = page[found.start() - 1 : found.start()] == "=" and "\n" not in piece
        pieces += (
            page[done : found.start()],
            '""' + " " * (len(piece) - 2) if is_value else _filling(piece, "" if made else code),
        )
        done = at = end + len(closing)
    pieces.append(page[done:])
    return "".join(pieces), helpers


def cut_signs(page: str, deadline: Deadline) -> tuple[str, list[Helper]]:
    """Return a page of Razor or Blade without the code that an at sign begins, and the helpers in it."""
    helpers: list[Helper] = []

    def cut(found: re.Match[str]) -> str:
        deadline.check()
        made = helpers_in(found.group()[1:], found.start(), "@")
        helpers.extend(made)
        return _filling(found.group(), "" if made else found.group()[1:])

    page = _SIGNED.sub(cut, page)
    return _BRACES.sub(lambda found: " " * len(found.group()), page), helpers


def _filling(piece: str, code: str) -> str:
    """Return the words that a piece of template shows, padded to its length; its line breaks last."""
    translated = TRANSLATED.search(code)
    words = next(filter(None, translated.groups()), "") if translated else ""
    words = re.sub(r"[<>\"'&\n]", " ", words)
    breaks = piece.count("\n")
    return words + " " * (len(piece) - len(words) - breaks) + "\n" * breaks
