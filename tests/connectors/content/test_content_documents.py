"""Documents, PDF, text, messages and pictures: every paragraph, wherever it stands."""

import shutil
import zipfile

import docx
import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen import canvas

from curtilage.connectors.ports import LimitReachedError, UnreadableError

NEEDS_OCR = pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def test_all_parts_of_a_word_document_are_read(tmp_path, opened):
    document = docx.Document()
    document.add_paragraph("Body of it")
    document.add_table(1, 2).cell(0, 1).text = "Cell of it"
    document.sections[0].header.paragraphs[0].text = "Header of it"
    document.sections[0].footer.paragraphs[0].text = "Footer of it"
    document.add_comment(document.paragraphs[0].runs, "Comment of it")
    document.save(tmp_path / "a.docx")
    found = set(opened(tmp_path / "a.docx").cells("text"))

    assert {f"{part} of it" for part in ("Body", "Cell", "Header", "Footer", "Comment")} <= found


def word(path, body):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{WORD}" xmlns:m="m">{body}</w:document>')
    return path


def test_tracked_changes_and_text_boxes_are_read_once(tmp_path, opened):
    box = "<w:txbxContent><w:p><w:r><w:t>in the box</w:t></w:r></w:p></w:txbxContent>"
    body = (
        "<w:p><w:ins><w:r><w:t>put in</w:t></w:r></w:ins><w:del><w:r><w:delText> taken out</w:delText></w:r></w:del></w:p>"
        f"<w:p><m:AlternateContent><m:Choice>{box}</m:Choice><m:Fallback>{box}</m:Fallback></m:AlternateContent>"
        "<w:r><w:t>078-05</w:t></w:r><w:r><w:t>-1120</w:t></w:r></w:p>"
    )

    assert opened(word(tmp_path / "a.docx", body)).cells("text") == [
        "put in taken out",
        "in the box",
        "078-05-1120",
    ]


@pytest.mark.parametrize("body", ["<w:p>" * 500, "</w:p>", "&lol;"])
def test_a_broken_document_is_told(tmp_path, opened, body):
    file = opened(word(tmp_path / "a.docx", body))

    with pytest.raises((UnreadableError, LimitReachedError)):
        file.rows()


def pdf(path, *pages, field=""):
    page = canvas.Canvas(str(path))
    for text in pages:
        page.drawString(100, 700, text)
        if field:
            page.acroForm.textfield(name="answer", value=field, x=100, y=600)
        page.showPage()
    page.save()
    return path


def test_a_page_of_a_pdf_is_a_row_and_so_is_what_was_filled_in(tmp_path, opened):
    file = opened(pdf(tmp_path / "a.pdf", "Page one", "Page two", field="555-0100"))

    assert [cell.strip() for cell in file.cells("text")] == ["Page one", "555-0100", "Page two", "555-0100"]


def test_a_damaged_pdf_is_told_without_a_word_of_it(put):
    with pytest.raises(UnreadableError) as told:
        put("a.pdf", b"%PDF-1.7\n078-05-1120").rows()

    assert "078-05-1120" not in str(told.value)


def picture(path, text="Alien number A012-345-678", **how):
    image = Image.new("RGB", (900, 160), "white")
    ImageDraw.Draw(image).text((20, 50), text, fill="black", font=ImageFont.load_default(48))
    image.save(path, **how)
    return path


@NEEDS_OCR
@pytest.mark.ocr
@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.tiff", "a.pdf"])
def test_a_picture_is_read_by_ocr(tmp_path, opened, name):
    file = opened(picture(tmp_path / name))

    assert "A012-345-678" in " ".join(file.cells("text"))
    assert file.reasons == []


@NEEDS_OCR
@pytest.mark.ocr
def test_a_picture_that_claims_to_be_enormous_is_told(tmp_path, opened):
    content = bytearray(picture(tmp_path / "a.png").read_bytes())
    content[16:24] = b"\x00\x0f\xff\xff" * 2
    (tmp_path / "a.png").write_bytes(content)
    file = opened(tmp_path / "a.png")

    assert file.rows() == 0
    assert file.reasons == ["unreadable"]


def test_without_ocr_pictures_and_scanned_pages_are_told(tmp_path, opened, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    scanned, photo = opened(picture(tmp_path / "a.pdf")), opened(picture(tmp_path / "a.png"))

    assert (scanned.rows(), photo.tables) == (0, {})
    assert "1 × a page that holds a picture and no text." in str(scanned.told)
    assert photo.reasons == ["not-installed"]


def test_a_sentence_that_goes_on_in_the_next_line_is_one_row(put):
    opened = put("a.txt", "He said that he has no\nimmigration papers.\n\nNext one\nName: Ana\n")

    assert opened.cells("text") == ["He said that he has no immigration papers.", "Next one", "Name: Ana"]


def test_elements_and_rows_of_a_dump_are_rows_though_they_stand_on_one_line(put):
    dump = put("a.sql", "INSERT INTO people VALUES (1,'Ana'),(2,'Bea'), (3,'Cem');\n")
    page = put("a.xml", "<all><name>Ana</name><name>Bea</name></all>")

    assert dump.cells("text") == ["INSERT INTO people VALUES (1,'Ana'),", "(2,'Bea'),", "(3,'Cem');"]
    assert page.cells("text") == ["<all>", "<name>Ana</name>", "<name>Bea</name>", "</all>"]


def test_a_line_of_a_log_is_a_row(put, monkeypatch):
    monkeypatch.setattr("curtilage.connectors.content.ranges.SMALLEST_PART_BYTES", 1000)
    opened = put("a.log", "".join(f"line {at}, and\nso on\n" for at in range(500)))

    assert opened.rows(wanted=4) == 1000
    assert len(opened.content.parts(opened.tables[""], wanted=4)) == 4


def test_a_long_line_of_text_comes_in_pieces(put):
    opened = put("a.txt", "word " * 10_000, row_bytes=9000)

    assert "".join(opened.cells("text")).split() == ["word"] * 10_000
    assert opened.reasons == ["cut"]


def test_a_message_gives_people_subject_and_text(put):
    text = (
        "From: Ana <ana@example.org>\nTo: clerk@example.gov\nSubject: =?utf-8?q?Mi_tr=C3=A1mite?=\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n\n'
        "<style>p {}</style><p>No tengo <b>papeles</b></p>\n--b\nContent-Type: application/pdf\n\nx\n--b--\n"
    )
    opened = put("a.eml", text)

    assert opened.cells("text")[:3] == [
        "From: Ana <ana@example.org>",
        "To: clerk@example.gov",
        "Subject: Mi trámite",
    ]
    assert "No tengo" in opened.cells("text")[3]
    assert opened.reasons == ["attached"]


@pytest.mark.parametrize(
    "header", ["To: =?utf-8?q?=", 'To: "', "Content-Type: text/plain; charset=nobody", "Content-Type: x; ="]
)
def test_a_message_with_a_broken_header_is_read(put, header):
    opened = put("a.eml", f"From: ana@example.org\n{header}\n\nNo tengo papeles\n")

    assert "No tengo papeles" in " ".join(opened.cells("text")) or opened.reasons == ["attached"]
    assert opened.cells("text")[0] == "From: ana@example.org"


def test_a_file_of_no_known_format_has_no_table_and_says_so(put):
    opened = put("a.bin", bytes(range(256)) * 20)

    assert opened.tables == {}
    assert opened.reasons == ["binary"]
