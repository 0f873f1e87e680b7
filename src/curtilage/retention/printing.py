"""Certificates to look at: one HTML file without scripts, and PDF where the extra ``print`` is installed."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from io import BytesIO
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from curtilage.foundation.errors import UsageError
from curtilage.retention.paper import Paper
from curtilage.retention.sheet import Section, Sheet, lay_out

_FONT: Final = "Vera"
_LABELS: Final = 125
"""Width of the column of labels, in points."""


class NoPrinterError(UsageError):
    """PDF is asked for, and the library that makes it is not installed."""

    code = "retention.no-printer"

    def __init__(self) -> None:
        super().__init__(
            "PDF is made with a library that is not installed (reportlab). Nothing was written. "
            "Install it with: pip install 'curtilage[print]', or ask for HTML and print that."
        )


def render_certificate(paper: Paper) -> str:
    """Return a certificate as an HTML page that fetches nothing and prints well; all text is escaped."""
    return str(_template().render(sheet=lay_out(paper), paper=paper))


def print_certificate(paper: Paper) -> bytes:
    """Return a certificate as PDF; the same certificate gives the same bytes.

    Characters that the font has no shape for show as boxes; the certificate's file has them all.

    Raises:
        NoPrinterError: The extra ``print`` is not installed.
    """
    try:
        from reportlab.lib.pagesizes import LETTER
        from reportlab.platypus import SimpleDocTemplate
    except ImportError as error:
        raise NoPrinterError from error
    sheet, out = lay_out(paper), BytesIO()
    _learn_font()
    document = SimpleDocTemplate(
        out,
        pagesize=LETTER,
        title=f"{sheet.title}: {paper.certificate.id}",
        author=paper.certificate.city,
        lang="en",
        invariant=1,
    )

    def number(canvas: Any, _: Any) -> None:
        canvas.setFont(_FONT, 7)
        canvas.drawString(72, 40, f"{paper.certificate.id}   {paper.certificate.fingerprint}")
        canvas.drawRightString(LETTER[0] - 72, 40, str(canvas.getPageNumber()))

    document.build(_flow(sheet), onFirstPage=number, onLaterPages=number)
    return out.getvalue()


@lru_cache(maxsize=1)
def _template() -> Any:
    loader = PackageLoader("curtilage.retention", "templates")
    environment = Environment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template("certificate.html")


@lru_cache(maxsize=1)
def _learn_font() -> None:
    """Take a font that comes with the library and knows more than Latin-1."""
    from reportlab.pdfbase.pdfmetrics import registerFont, registerFontFamily
    from reportlab.pdfbase.ttfonts import TTFont

    registerFont(TTFont(_FONT, "Vera.ttf"))
    registerFont(TTFont(f"{_FONT}Bold", "VeraBd.ttf"))
    registerFontFamily(_FONT, normal=_FONT, bold=f"{_FONT}Bold", italic=_FONT, boldItalic=f"{_FONT}Bold")


def _flow(sheet: Sheet) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph, Spacer

    title, head, body = _style(16, bold=True), _style(11, bold=True), _style(9)
    alarm = _style(10, bold=True, color=HexColor("#a4161a"))
    flow: list[Any] = [Paragraph(escape(sheet.title), title), Paragraph(escape(sheet.lead), body)]
    if sheet.alarm:
        flow.append(Paragraph(escape(sheet.alarm), alarm))
    for section in sheet.sections:
        flow += [Spacer(1, 10), Paragraph(escape(section.title), head)]
        flow += [Paragraph(escape(sentence), body) for sentence in section.sentences]
        flow += _rows(section)
    return flow


def _rows(section: Section) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.platypus import Paragraph, Table, TableStyle

    found: list[Any] = []
    if section.rows:
        label, text = _style(8, bold=True), _style(8)
        cells = [
            [Paragraph(escape(left), label), Paragraph(escape(right), text)] for left, right in section.rows
        ]
        lines = TableStyle(
            [("LINEBELOW", (0, 0), (-1, -1), 0.4, HexColor("#71767a")), ("VALIGN", (0, 0), (-1, -1), "TOP")]
        )
        found.append(Table(cells, colWidths=[_LABELS, 468 - _LABELS], style=lines, hAlign="LEFT"))
    if section.code:
        found.append(Paragraph("<br/>".join(escape(line) for line in section.code.splitlines()), _style(6.5)))
    return found


def _style(size: float, *, bold: bool = False, color: Any = None) -> Any:
    from reportlab.lib.styles import ParagraphStyle

    return ParagraphStyle(
        f"{size}{bold}{color}",
        fontName=f"{_FONT}Bold" if bold else _FONT,
        fontSize=size,
        leading=size * 1.35,
        spaceAfter=3,
        textColor=color or "black",
        splitLongWords=1,
        wordWrap=None,
    )
