"""The same words on any kind of paper hint at the same: PDF, Word, text, a picture, a scanned page."""

import shutil
from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.intake.hints import read_hints
from curtilage.disclosure.intake.paper import NotAPaperError, join_pages
from tests.disclosure.paperwork import PAGE, as_pdf, as_picture, as_scan, as_word, pages_of, read

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/papers-hints.yml").read_text("utf-8"))
PAPERS = {case["name"]: case["text"] for case in CASES["papers"] if case["text"].strip()}
TODAY = CASES["today"]
NEEDS_OCR = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
SCANNED = (
    "a form I-200, clean",
    "a federal search warrant, whole",
    "an immigration subpoena, I-138, with a return date and a request for silence",
    "a civil subpoena of the federal form, with both signature lines",
)


def said(paper):
    reading = read_hints(paper, today=TODAY)
    return (
        {(each.fact, each.word, each.sure) for each in reading.suggestions},
        {look.id for look in reading.looks},
    )


def plain(text):
    return said(join_pages(pages_of(text)))


@pytest.mark.parametrize("name", PAPERS)
def test_a_pdf_hints_at_what_its_words_hint_at(name):
    assert said(read(as_pdf(PAPERS[name]))) == plain(PAPERS[name])


@pytest.mark.parametrize("name", list(PAPERS)[::4])
def test_a_word_document_hints_at_what_its_words_hint_at(name):
    assert said(read(as_word(PAPERS[name]))) == plain(PAPERS[name])


@pytest.mark.parametrize("name", PAPERS)
def test_a_text_hints_at_what_its_words_hint_at(name):
    assert said(read(PAGE.sub("", PAPERS[name]).encode())) == plain(PAPERS[name])


@NEEDS_OCR
@pytest.mark.ocr
@pytest.mark.parametrize("name", SCANNED)
@pytest.mark.parametrize("make", [as_picture, as_scan], ids=["picture", "scan"])
def test_a_picture_hints_at_what_its_words_hint_at(make, name):
    assert said(read(make(PAPERS[name]))) == plain(PAPERS[name])


def test_a_picture_without_words_says_so():
    _, looks = said(read(as_picture("")))

    assert looks & {"no-text", "no-ocr"}


def test_without_ocr_a_scanned_page_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    suggested, looks = said(read(as_scan(PAPERS[SCANNED[0]])))

    assert (suggested, looks) == (set(), {"no-text", "no-text-on-a-page"})


def test_one_scanned_page_among_others_is_told(monkeypatch, tmp_path):
    from pypdf import PdfWriter

    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "words.pdf").write_bytes(as_pdf(PAPERS[SCANNED[0]]))
    (tmp_path / "scan.pdf").write_bytes(as_scan("a page"))
    both = PdfWriter()
    for name in ("words.pdf", "scan.pdf"):
        both.append(str(tmp_path / name))
    both.write(tmp_path / "both.pdf")
    suggested, looks = said(read((tmp_path / "both.pdf").read_bytes()))

    assert ("instrument", "i-200", "high") in suggested
    assert "no-text-on-a-page" in looks


def test_what_is_filled_into_a_form_belongs_to_its_page():
    import io

    from reportlab.pdfgen import canvas

    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.drawString(100, 700, "Warrant for Arrest of Alien")
    page.drawString(100, 680, "Name")
    page.acroForm.textfield(name="name", value="Quintero Canary", x=100, y=600)
    page.showPage()
    page.save()
    reading = read_hints(read(out.getvalue()), today=TODAY)

    assert (reading.pages, reading.best("instrument")) == (1, "i-200")
    assert "canary" not in str(reading).lower()


@pytest.mark.parametrize("name", ["a.zip", "a.xlsx"])
def test_a_workbook_or_an_archive_is_no_paper(name, tmp_path):
    import zipfile

    if name == "a.xlsx":
        import xlsxwriter

        with xlsxwriter.Workbook(str(tmp_path / name)) as book:
            book.add_worksheet().write_row(0, 0, ["name", "address"])
    else:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("a.txt", "words")
            archive.writestr("b.txt", "words")
    with pytest.raises(NotAPaperError, match="neither PDF, Word document"):
        read((tmp_path / name).read_bytes())
