"""Papers as they are handed in, the same words as a PDF, a Word document, a picture; and a reviewer's form."""

import io
import re
from pathlib import Path

import yaml

FORMS = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/intake-forms.yml").read_text("utf-8"))
GOOD_FORM = yaml.load(FORMS["good"], Loader=yaml.BaseLoader)

PAGE = re.compile(r"^={10}\n", re.MULTILINE)


def pages_of(text):
    return PAGE.split(text)


def as_pdf(text):
    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1)
    for part in pages_of(text):
        lines = page.beginText(40, 800)
        lines.setFont("Courier", 8)
        for line in part.splitlines():
            lines.textLine(line)
        page.drawText(lines)
        page.showPage()
    page.save()
    return out.getvalue()


def as_word(text):
    import docx

    document, out = docx.Document(), io.BytesIO()
    for line in PAGE.sub("", text).splitlines():
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def as_picture(text, form="PNG"):
    from PIL import Image, ImageDraw, ImageFont

    lines = PAGE.sub("", text).splitlines()
    picture = Image.new("L", (1800, 60 + 48 * len(lines)), "white")
    font = ImageFont.load_default(30)
    for number, line in enumerate(lines):
        ImageDraw.Draw(picture).text((40, 30 + 48 * number), line, fill="black", font=font)
    out = io.BytesIO()
    picture.save(out, form)
    return out.getvalue()


def as_scan(text):
    """Return a PDF of a picture: a page that was scanned and has no text."""
    from PIL import Image

    out = io.BytesIO()
    Image.open(io.BytesIO(as_picture(text))).save(out, "PDF")
    return out.getvalue()


def read(raw):
    """Return the text of a paper, read in this process."""
    from curtilage.cli.assembly import content_readers
    from curtilage.connectors.content.archive import open_stored
    from curtilage.connectors.content.held import HeldFile
    from curtilage.connectors.content.ports import ContentLimits
    from curtilage.disclosure.intake.paper import MEDIA, check_paper, read_content

    media = check_paper(raw)
    content = open_stored(HeldFile(f"paper{MEDIA[media]}", raw), ContentLimits(), content_readers())
    try:
        return read_content(content, media)
    finally:
        content.close()


def form(**changed):
    """Return a form of intake that is in order but for what is changed; None takes a key out."""
    kept = {key: value for key, value in (GOOD_FORM | changed).items() if value is not None}
    return yaml.safe_dump(kept, sort_keys=False, allow_unicode=True).encode()
