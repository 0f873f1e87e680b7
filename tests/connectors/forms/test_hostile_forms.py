"""Files that mean harm, or are broken, end in one of two errors, in bounded time and memory."""

import io
import sys
import tracemalloc
import zipfile
import zlib

import docx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from reportlab.pdfgen.canvas import Canvas

from curtilage.connectors.ports import LimitReachedError, NotInstalledError, UnreadableError
from tests.connectors.conftest import READERS, Document, Limits

SHEET = '<worksheet><sheetData><row r="1">{}</row></sheetData></worksheet>'
MEBIBYTE = 2**20


def archive(**members: bytes | str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members.items():
            opened.writestr(name, content)
    return made.getvalue()


def xlsx(sheet: bytes | str, strings: str = "") -> bytes:
    book = '<workbook><sheets><sheet name="A" sheetId="1"/></sheets></workbook>'
    parts = {
        "xl/workbook.xml": book,
        "xl/worksheets/sheet1.xml": sheet,
        "xl/sharedStrings.xml": strings or "<sst/>",
    }
    return archive(**parts)


def word(body: bytes | str) -> bytes:
    return archive(**{"word/document.xml": body})


def pdf() -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.acroForm.textfield(name="visa", tooltip=" ", x=72, y=700)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def changed(change) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    change(writer, writer.pages[0]["/Annots"][0].get_object())
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


# Archives and XML


def test_a_zip_bomb_is_stopped_by_its_budget(read):
    bomb = xlsx(b"<worksheet><sheetData><row><c><v>" + b"0" * 40 * MEBIBYTE)
    with pytest.raises(LimitReachedError, match="unpacks to more"):
        read("a.xlsx", bomb, expanded_bytes=16 * MEBIBYTE).places  # noqa: B018


def test_a_zip_bomb_is_stopped_by_its_ratio(read):
    bomb = word(b"<document>" + b" " * 60 * MEBIBYTE + b"</document>")
    with pytest.raises(LimitReachedError, match="packed size"):
        read("a.docx", bomb).places  # noqa: B018


def test_a_bomb_does_not_fill_the_memory(read):
    form = read("a.docx", word(b"<document>" + b" " * 60 * MEBIBYTE))
    tracemalloc.start()
    with pytest.raises(LimitReachedError):
        form.places  # noqa: B018
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 24 * MEBIBYTE


def test_a_forged_size_is_not_believed(read):
    content = xlsx(b"<worksheet>" + b"x" * 4 * MEBIBYTE)
    size = (4 * MEBIBYTE + len(b"<worksheet>")).to_bytes(4, "little")
    forged = content.replace(size, (100).to_bytes(4, "little"))
    with pytest.raises((LimitReachedError, UnreadableError)):
        read("a.xlsx", forged, expanded_bytes=MEBIBYTE).places  # noqa: B018


@pytest.mark.parametrize("source", ["a.xlsx", "a.docx", "a.pdf", "a.csv", "a.html"])
def test_a_file_beyond_the_limit_is_not_opened(source):
    document = Document(source, SAMPLES[source], Limits(file_bytes=20))
    reader = max(READERS, key=lambda reader: reader.weigh(document))
    with pytest.raises(LimitReachedError, match="larger"):
        list(reader.read(document))


def test_too_many_questions(read):
    page = b"<form>" + b"".join(b"<input name=a%d>" % at for at in range(50))
    with pytest.raises(LimitReachedError, match="more than 20 questions"):
        read("a.html", page, places=20).places  # noqa: B018


def test_an_archive_of_very_many_entries(read):
    content = archive(**{"xl/workbook.xml": "<workbook/>"}, **{f"x{at}": "" for at in range(10_001)})
    assert read("a.xlsx", content).weight == 0


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("declared", [ENTITIES, OUTSIDE])
@pytest.mark.parametrize(
    "make",
    [
        lambda declared: ("a.xlsx", xlsx(declared + SHEET.format('<c t="str"><v>&a;</v></c>'))),
        lambda declared: ("a.docx", word(declared + "<document><p><r><t>&a;</t></r></p></document>")),
    ],
)
def test_entities_are_refused(read, make, declared):
    with pytest.raises(UnreadableError, match="entity"):
        read(*make(declared)).places  # noqa: B018


def test_deep_xml(read):
    with pytest.raises(LimitReachedError, match="nests deeper than 100"):
        read("a.docx", word("<p>" * 5000)).places  # noqa: B018


def test_a_sheet_that_claims_seventeen_billion_cells(read):
    content = xlsx(
        '<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="str"><v>Name</v></c>'
        '<c r="XFD1" t="str"><v>Birth date</v></c></row><row r="1048576"><c r="B1048576"><v>1</v></c></row></sheetData></worksheet>'
    )
    assert read("a.xlsx", content).column("locator", "name") == [
        ("A!row:1 col:1", "Name"),
        ("A!row:1 col:16384", "Birth date"),
    ]


def test_a_sheet_with_more_columns_than_there_are(read):
    with pytest.raises(LimitReachedError, match="columns"):
        read("a.xlsx", xlsx(SHEET.format('<c r="ZZZ1"><v>1</v></c>'))).places  # noqa: B018


@pytest.mark.parametrize("index", ["999999", "-1", "99999999999999999999", "x"])
def test_a_cell_that_points_past_the_texts(read, index):
    assert read("a.xlsx", xlsx(SHEET.format(f'<c t="s"><v>{index}</v></c>'))).places == []


# PDF


def loop_of_parents(writer, widget):
    parent = writer._add_object(DictionaryObject({NameObject("/T"): TextStringObject("a")}))
    parent.get_object()[NameObject("/Parent")] = parent
    widget[NameObject("/Parent")] = parent


def loop_of_pages(writer, widget):
    writer.root_object["/Pages"]["/Kids"].append(writer.root_object.raw_get("/Pages"))


def bomb_of_text(writer, widget):
    stream = StreamObject()
    stream._data = zlib.compress(b"(x) Tj " * 20_000_000)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)


def odd_types(writer, widget):
    widget[NameObject("/Rect")] = ArrayObject([TextStringObject("x")] * 4)
    widget[NameObject("/Ff")] = TextStringObject("many")
    widget[NameObject("/Opt")] = NumberObject(3)


@pytest.mark.parametrize("change", [loop_of_parents, loop_of_pages, bomb_of_text, odd_types])
def test_a_hostile_pdf_ends(change):
    read_or_refuse(Document("a.pdf", changed(change), Limits(seconds=5)))


def test_a_long_page_is_stopped_by_the_clock(read):
    made = io.BytesIO()
    canvas = Canvas(made)
    canvas.drawString(0, 0, "x")
    for _ in range(4_000):
        canvas.drawString(1, 1, "Name:")
    canvas.save()
    with pytest.raises(LimitReachedError, match="took longer"):
        read("a.pdf", made.getvalue(), seconds=0.02).places  # noqa: B018


def test_a_locked_pdf_says_so(read):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    writer.encrypt(user_password="secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    with pytest.raises(UnreadableError, match="password"):
        read("a.pdf", made.getvalue()).places  # noqa: B018


# Text


@pytest.mark.parametrize(
    ("source", "content"),
    [
        ("a.html", b"<div>" * 200_000 + b"<input name=a>"),
        ("a.html", b"<input name=a>" + b"<a '" * 200_000),
        ("a.html", b"<input name=a>" + b'<a ">' * 100_001),
        ("a.html", b"<input name=a>" + b"<" * 1_000_000),
        ("a.html", b"<input name=a>" + b"{{ " * 200_000 + b"}}"),
        ("a.html", b"<input name=a " + b"x=1 " * 200_000 + b">"),
        ("a.html", b"<form>" + b"<input type=radio name=a>" * 20_000),
        ("a.html", b"<form>" + b"<table><tr><td>" * 300 + b"<input name=a>"),
        ("a.html", b"<form>" + b"<input>" * 5_000 + b"<p>x"),
        ("a.html", b"<form><label>" + b"a <b>b</b>" * 20_000 + b"<input name=x>" * 2_000),
        ("a.html", b"<form><table><tr>" + b"<th>x" * 5_000 + b"<tr>" + b"<td><input name=b>" * 5_000),
        ("a.html", b"<form>" + b"<label for=x>a</label><input id=x>" * 5_000),
        ("a.csv", b"a," * 3_000_000),
        ("a.csv", b'"' + b"x" * 3_000_000),
        ("a.csv", b"a,b\n" + b"\0" * 100),
        ("a.csv", b",".join(b"c%d" % at for at in range(50_000))),
        ("a.csv", b'a,"' + b"x\n" * 300_000),
        ("messages_es.properties", b"a=" + b"x" * 3_000_000),
        ("messages_es.properties", b"a=x\\\n" * 100_000),
        ("locale/es/a.po", b'msgid "a"\nmsgstr "' + b"x" * 3_000_000),
        ("locales/es.json", b'{"x": "y", "a":' + b'{"a":' * 100_000),
        ("locales/es.json", b'{"a": "b", "c":' + b"[" * 100_000),
        ("locales/es.yml", b"es:\n  a: &a [x, x]\n" + b"".join(b"  b%d: &b%d [*%s, *%s]\n" % (at, at, b"b%d" % (at - 1) if at else b"a", b"b%d" % (at - 1) if at else b"a") for at in range(60))),
        ("locales/es.yml", b"es:\n  a: " + b"[" * 100_000),
    ],
    ids=lambda value: value if isinstance(value, str) else value[:24].decode(errors="replace"),
)  # fmt: skip
def test_hostile_text_ends(source, content):
    document = Document(source, content, Limits(seconds=5))
    assert any(reader.weigh(document) for reader in READERS) or b"\0" in content
    read_or_refuse(document)


@pytest.mark.parametrize(
    "suffix",
    ["html", "csv", "properties", "po", "json", "yml", "erb", "xlsx", "docx", "pdf", "parquet", "xls"],
)
@pytest.mark.parametrize("content", [b"", b"\0" * 5000, b"\xff\xfe\x00", b"PK\x03\x04", b"%PDF-1.7", b"PAR1PAR1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W\0o\0r\0k\0b\0o\0o\0k\0"])  # fmt: skip
def test_scraps_end(suffix, content):
    read_or_refuse(Document(f"locales/es.{suffix}", content, Limits()))


def workbook() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("survey")
        for at, row in enumerate([("type", "name", "label"), ("text", "visa", "Visa type")]):
            sheet.write_row(at, 0, row)
    return made.getvalue()


def document() -> bytes:
    made = io.BytesIO()
    written = docx.Document()
    written.add_paragraph("Visa type: ______")
    written.save(made)
    return made.getvalue()


SAMPLES = {
    "a.xlsx": workbook(),
    "a.docx": document(),
    "a.pdf": pdf(),
    "a.html": b"<form><label for=a>Visa</label><input id=a name=visa><select name=b><option>x</select></form>",
    "a.html.erb": b"<%= f.text_field :visa, placeholder: 'Visa' %><% if a > b %>{{ form.visa }}{% trans 'x' %}<% end %>",
    "a.csv": b'id,"name, full",birth\n1,"x",2\n2,"y",3\n',
    "messages_es.properties": b"a.b=Visa \\u00e9\\\n  c\n",
    "locale/es/a.po": b'msgid "a"\nmsgstr "b"\n',
}


@pytest.mark.parametrize("source", SAMPLES)
def test_a_truncated_file_ends(source):
    content = SAMPLES[source]
    for part in range(1, 20):
        read_or_refuse(Document(source, content[: len(content) * part // 20], Limits(seconds=5)))


@pytest.mark.parametrize("source", SAMPLES)
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_file_ends(source, data):
    content = bytearray(SAMPLES[source])
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=4))
        content = content or bytearray(b"x")
    read_or_refuse(Document(source, bytes(content), Limits(seconds=5)))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="<>/'\"=!-{}%#&; abinputlseco\n"))
def test_any_text_is_a_page(text):
    read_or_refuse(Document("a.html", f"<input name=z>{text}".encode(), Limits()))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=8))
def test_any_rows_are_a_table(rows):
    text = "\n".join(",".join(row) for row in rows)
    read_or_refuse(Document("a.csv", text.encode("utf-8", "replace"), Limits()))


@pytest.mark.parametrize(
    ("source", "content", "missing", "extra"),
    [
        ("a.pdf", SAMPLES["a.pdf"], "pypdf", "forms"),
        ("a.docx", SAMPLES["a.docx"], "defusedxml.ElementTree", "forms"),
        ("a.xlsx", SAMPLES["a.xlsx"], "defusedxml.ElementTree", "forms"),
    ],
)
def test_a_missing_library_is_named_with_its_remedy(monkeypatch, source, content, missing, extra):
    document = Document(source, content, Limits())
    reader = max(READERS, key=lambda reader: reader.weigh(document))
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(NotInstalledError, match=rf"pip install 'curtilage\[{extra}\]'"):
        list(reader.read(document))


def read_or_refuse(document: Document) -> None:
    """Let every reader that wants the file read it: it gives places or one of the two errors."""
    for reader in READERS:
        if reader.weigh(document):
            try:
                for place in reader.read(document):
                    assert place.locator
            except (LimitReachedError, UnreadableError):
                continue
