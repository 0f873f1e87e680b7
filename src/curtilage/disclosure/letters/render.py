"""A letter to look at, to print and to send: text, HTML without scripts, and PDF by the extra ``print``."""

from __future__ import annotations

import textwrap
from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any, Final

from curtilage.disclosure.letters.fill import find_frame
from curtilage.disclosure.letters.nouns import Letter
from curtilage.disclosure.letters.templates import NoLetterError
from curtilage.disclosure.policy.table import page

WIDTH: Final = 76
"""Columns of a letter as text. Chosen: what every mail program shows without folding."""

_ON_PAPER: Final = ("en", "es")
"""Languages for which the font that comes with the library has every letter."""


def render_text(letter: Letter) -> str:
    """Return a letter as plain text, folded, ending in a line feed."""
    frame = find_frame(letter.lang)
    lines = [frame.sample.upper(), ""] if letter.sample else []
    lines += [letter.city, ""]
    if letter.to:
        lines += [
            f"{frame.to}: {letter.to[0]}",
            *(" " * (len(frame.to) + 2) + each for each in letter.to[1:]),
            "",
        ]
    lines += [f"{frame.reference}: {letter.reference}", *_wrap(f"{frame.about}: {letter.title}"), ""]
    for kind, texts in _group(letter):
        lines += [*(line for text in texts for line in _fold(kind, text)), ""]
    lines += [each for line in letter.foot for each in (*_wrap(line), "")]
    return "\n".join(lines).rstrip() + "\n"


def _fold(kind: str, text: str) -> list[str]:
    if kind == "item":
        return textwrap.wrap(
            text,
            WIDTH,
            initial_indent="* ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    folded = _wrap(text)
    return [*folded, "-" * len(folded[-1])] if kind == "heading" and folded else folded


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)


def render_html(letter: Letter) -> str:
    """Return a letter as an HTML page that fetches nothing and prints well; all text is escaped."""
    return str(
        page("letter.html").render(letter=letter, frame=find_frame(letter.lang), groups=_group(letter))
    )


def _group(letter: Letter) -> list[tuple[str, list[str]]]:
    """Return the blocks, items that follow one another together."""
    groups: list[tuple[str, list[str]]] = []
    for block in letter.blocks:
        if block.kind == "item" and groups and groups[-1][0] == "item":
            groups[-1][1].append(block.text)
        else:
            groups.append((block.kind, [block.text]))
    return groups


def print_letter(letter: Letter) -> bytes:
    """Return a letter as PDF; the same letter gives the same bytes.

    Raises:
        NoLetterError: The font has not the letters of its language, or the extra ``print`` is not installed.
    """
    if letter.lang not in _ON_PAPER:
        raise NoLetterError(
            what="the font for PDF has not the letters of that language",
            instead="Ask for .html and print that.",
        )
    try:
        from reportlab.lib.pagesizes import LETTER
        from reportlab.platypus import SimpleDocTemplate
    except ImportError as error:
        instead = "Install it with: pip install 'curtilage[print]', or ask for .html or .txt"
        raise NoLetterError(
            what="the library for PDF is not installed (reportlab)", instead=instead
        ) from error
    out = BytesIO()
    _learn_font()
    document = SimpleDocTemplate(out, pagesize=LETTER, title=letter.title, lang=letter.lang, invariant=1)
    document.build(_flow(letter))
    return out.getvalue()


def _flow(letter: Letter) -> list[Any]:
    from reportlab.platypus import Paragraph, Spacer

    frame, plain, bold = find_frame(letter.lang), _style(10), _style(10, bold=True)
    flow: list[Any] = [Paragraph(escape(frame.sample.upper()), bold)] if letter.sample else []
    flow += [Paragraph(escape(letter.city), plain), Spacer(1, 18)]
    flow += [Paragraph(escape(each), plain) for each in letter.to]
    flow.append(Spacer(1, 12))
    flow.append(Paragraph(f"{escape(frame.reference)}: {escape(letter.reference)}", plain))
    flow += [Spacer(1, 12), Paragraph(escape(letter.title), _style(13, bold=True)), Spacer(1, 6)]
    for block in letter.blocks:
        style = bold if block.kind == "heading" else plain
        flow.append(Paragraph(escape(block.text), style, bulletText="•" if block.kind == "item" else None))
    flow += [Spacer(1, 24)] * bool(letter.foot)
    flow += [Paragraph(escape(line), plain) for line in letter.foot]
    return flow


@lru_cache(maxsize=1)
def _learn_font() -> None:
    """Take a font that comes with the library and knows more than Latin-1."""
    from reportlab.pdfbase.pdfmetrics import registerFont
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont("Vera", "Vera.ttf"))
    registerFont(TTFont("VeraBold", "VeraBd.ttf"))


def _style(size: float, *, bold: bool = False) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{size}{bold}",
        fontName="VeraBold" if bold else "Vera",
        fontSize=size,
        leading=size * 1.4,
        spaceAfter=6,
        bulletFontName="Vera",
        bulletFontSize=size,
        leftIndent=0,
        bulletIndent=0,
    )
