"""The pocket card for front desks: what to do, to say and not to do, in one page of plain words.

The words are data, ``card.yml``, so that counsel and native readers can change them.

Source:
    sunlight-2017, limit the discretion of individual employees; curtilage-disclosure-table.
"""

from __future__ import annotations

from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import msgspec

from curtilage.disclosure.policy.table import page
from curtilage.foundation.errors import UsageError

_FILE: Final = Path(__file__).parent / "card.yml"
_ON_PAPER: Final = ("en", "es", "fr", "ht", "pt", "tl")
"""Languages for which the font that comes with the library has every letter."""
UNREAD: Final = "No native reader has read this translation yet. Let one read it before it is handed out."
"""What a card adds in English, for whoever hands it out."""


class NoCardError(UsageError):
    """A card is asked for in a language, or in a form, in which there is none."""

    code = "disclosure.no-card"

    def __init__(self, *, what: str, instead: str) -> None:
        self.what = what
        super().__init__(f"There is no such card: {what}. Nothing was written. {instead}")


class Card(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The words of the card in one language; ``not_`` is written ``not`` in the file.

    Attributes:
        checked: Whether a native reader has read it.
        unread: What the card says, in its language, as long as none has.
    """

    title: str
    checked: bool
    do_title: str
    do: tuple[str, ...]
    say_title: str
    say: tuple[str, ...]
    not_title: str
    not_: tuple[str, ...] = msgspec.field(name="not")
    paper_title: str
    paper: tuple[str, ...]
    danger: str
    call_title: str
    safe: str
    unread: str = ""

    def parts(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Return heading and sentences of each part, in order."""
        return (
            (self.do_title, self.do),
            (self.say_title, self.say),
            (self.not_title, self.not_),
            (self.paper_title, self.paper),
        )


@cache
def load_cards() -> dict[str, Card]:
    """Return the cards by language. Not to be changed by who gets it."""
    return msgspec.yaml.decode(_FILE.read_bytes(), type=dict[str, Card])


def find_card(lang: str) -> Card:
    """Return the card in a language.

    Raises:
        NoCardError: There is none.
    """
    cards = load_cards()
    if lang not in cards:
        raise NoCardError(
            what="nobody has written it in that language", instead=f"Choose from: {', '.join(cards)}"
        )
    return cards[lang]


def render_card(lang: str, call: tuple[str, ...]) -> str:
    """Return the card as an HTML page that fetches nothing and prints on half a sheet; all text is escaped.

    Args:
        lang: Language of the card.
        call: Whom to call, a line each, such as ``Counsel: 555-0100``; empty leaves lines to write on.

    Raises:
        NoCardError: There is no card in that language.
    """
    return str(page("card.html").render(card=find_card(lang), lang=lang, call=call, unread=UNREAD))


def print_card(lang: str, call: tuple[str, ...]) -> bytes:
    """Return the card as PDF; the same words give the same bytes.

    Raises:
        NoCardError: There is none in that language, the font has not its letters, or the extra ``print``
            is not installed.
    """
    card = find_card(lang)
    if lang not in _ON_PAPER:
        raise NoCardError(
            what="the font for PDF has not its letters", instead="Ask for .html and print that."
        )
    try:
        from reportlab.lib.pagesizes import A5
        from reportlab.platypus import SimpleDocTemplate
    except ImportError as error:
        instead = "Install it with: pip install 'curtilage[print]', or ask for .html"
        raise NoCardError(what="the library for PDF is not installed (reportlab)", instead=instead) from error
    out = BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A5,
        title=card.title,
        lang=lang,
        invariant=1,
        **dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), 32),
    )
    document.build(_flow(card, call))
    return out.getvalue()


def _flow(card: Card, call: tuple[str, ...]) -> list[Any]:
    from reportlab.platypus import Paragraph

    _learn_font()
    flow: list[Any] = [Paragraph(escape(card.title), _style(13, bold=True))]
    flow.append(Paragraph(escape(card.danger), _style(8.5, bold=True)))
    for title, sentences in card.parts():
        flow.append(Paragraph(escape(title), _style(9.5, bold=True)))
        flow += [Paragraph(escape(each), _style(8), bulletText="•") for each in sentences]
    flow.append(Paragraph(escape(card.call_title), _style(9.5, bold=True)))
    flow += [Paragraph(escape(each), _style(9)) for each in call or ("_" * 40,) * 2]
    notes = (card.safe,) if card.checked else (card.safe, card.unread, UNREAD)
    return [*flow, *(Paragraph(escape(each), _style(8)) for each in notes)]


@cache
def _learn_font() -> None:
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
        leading=size * 1.3,
        leftIndent=0 if bold else 10,
        spaceAfter=2,
        bulletFontName="Vera",
        bulletFontSize=size,
    )
