"""Word forms: blanks, tick boxes, content controls, form fields and tables."""

import io

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

CANARY = "canary-3350"


def saved(document) -> bytes:
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def add(paragraph, *pieces: str) -> None:
    for piece in pieces:
        name, _, rest = piece[1:].partition(" ") if " " in piece.split(">")[0] else piece[1:].partition(">")
        separator = " " if " " in piece.split(">")[0] else ">"
        paragraph._p.append(parse_xml(f"<{name} {nsdecls('w')}{separator}{rest}"))


def control(properties: str, content: str = CANARY) -> str:
    return f"<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent><w:r><w:t>{content}</w:t></w:r></w:sdtContent></w:sdt>"


def legacy(name: str, kind: str, extra: str = "") -> tuple[str, ...]:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:name w:val="{name}"/>{extra}</w:ffData></w:fldChar></w:r>',
        f"<w:r><w:instrText> {kind} </w:instrText></w:r>",
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>',
        f"<w:r><w:t>{CANARY}</w:t></w:r>",
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    )


@pytest.fixture
def document():
    return docx.Document()


def test_blanks_and_boxes_under_headings(read, document):
    document.add_heading("Help with rent", 0)
    document.add_heading("About you", 1)
    document.add_paragraph("Full name: ____________   Date of birth: ___/___/___")
    document.add_paragraph("Are you a U.S. citizen?  ☐ Yes  ☐ No")
    document.add_paragraph("We never sell what you tell us.")
    form = read("rent.docx", saved(document))
    assert form.reader == "word"
    assert form.column("locator", "text", "options") == [
        ("paragraph:3", "Full name", ()),
        ("paragraph:3", "Date of birth", ()),
        ("paragraph:4", "Are you a U.S. citizen?", ("Yes", "No")),
    ]
    assert form.places[0].context == "Help with rent — About you"


def test_content_controls_have_tag_title_and_list(read, document):
    items = '<w:dropDownList><w:listItem w:displayText="Haiti" w:value="HT"/><w:listItem w:value="VN"/></w:dropDownList>'
    paragraph = document.add_paragraph("Country of birth: ")
    add(paragraph, control(f'<w:alias w:val="Birth country"/><w:tag w:val="birth_country"/>{items}'))
    assert read("a.docx", saved(document)).column("locator", "name", "text", "options", "type") == [
        ("paragraph:1", "birth_country", "Birth country — Country of birth", ("Haiti", "VN"), "dropDownList")
    ]


def test_form_fields_of_older_word(read, document):
    paragraph = document.add_paragraph("Alien number: ")
    add(paragraph, *legacy("Text7", "FORMTEXT", '<w:helpText w:val="From your card"/>'))
    paragraph = document.add_paragraph("Status: ")
    entries = '<w:ddList><w:listEntry w:val="Refugee"/><w:listEntry w:val="Asylee"/></w:ddList>'
    add(paragraph, *legacy("Dropdown1", "FORMDROPDOWN", entries))
    assert read("a.docx", saved(document)).column("name", "text", "options", "type") == [
        ("Text7", "From your card — Alien number", (), "text"),
        ("Dropdown1", "Status", ("Refugee", "Asylee"), "dropDownList"),
    ]


def test_tick_box_controls_are_choices(read, document):
    paragraph = document.add_paragraph("Do you have a visa? ")
    add(paragraph, control('<w:tag w:val="visa_yes"/><w:checkbox/>', "☒"), "<w:r><w:t>Yes </w:t></w:r>")
    add(paragraph, control("<w:checkbox/>", "☐"), "<w:r><w:t>No</w:t></w:r>")
    assert read("a.docx", saved(document)).column("text", "options", "name") == [
        ("Do you have a visa?", ("Yes", "No"), "visa_yes")
    ]


def table(document, *rows: tuple[str, ...]):
    made = document.add_table(rows=len(rows), cols=len(rows[0]))
    for at, row in enumerate(rows):
        for column, text in enumerate(row):
            made.cell(at, column).text = text
    return made


def test_labels_beside_empty_cells(read, document):
    table(document, ("Home address", ""), ("Sponsor", ""), ("Citizen?", "☐ Yes ☐ No"))
    assert read("a.docx", saved(document)).column("locator", "text", "options") == [
        ("table:1 row:1 col:1", "Home address", ()),
        ("table:1 row:2 col:1", "Sponsor", ()),
        ("table:1 row:3 col:1", "Citizen?", ("Yes", "No")),
    ]


def test_a_label_without_a_known_word_counts_only_on_a_blank_form(read, document):
    table(document, ("A#", ""), ("Sponsor", ""))
    table(document, ("Name", CANARY), (CANARY, ""))
    assert read("a.docx", saved(document)).column("text") == ["A#", "Sponsor", "Name"]


def test_heads_of_columns(read, document):
    document.add_paragraph("Household")
    table(document, ("Name", "Birth date", "A#"), ("", "", ""), ("", "", ""))
    assert read("a.docx", saved(document)).column("locator", "text") == [
        ("table:1 row:1 col:1", "Name"),
        ("table:1 row:1 col:2", "Birth date"),
        ("table:1 row:1 col:3", "A#"),
    ]


def test_a_control_in_a_cell_takes_the_label_to_its_left(read, document):
    made = table(document, ("Visa type", ""), ("Name", ""))
    add(made.cell(0, 1).paragraphs[0], control('<w:tag w:val="visa"/><w:text/>'))
    assert read("a.docx", saved(document)).column("locator", "name", "text") == [
        ("table:1 row:1 col:2", "visa", "Visa type"),
        ("table:1 row:2 col:1", "", "Name"),
    ]


def test_what_is_filled_in_stays_out(read, document):
    document.add_paragraph(f"Name: {CANARY}")
    document.add_paragraph(f"{CANARY} Street")
    add(document.add_paragraph("Born in "), control("<w:text/>"), *legacy("T1", "FORMTEXT"))
    add(document.add_paragraph(""), control('<w:tag w:val="x"/>'))
    table(document, ("Name", "Country"), (CANARY, f"{CANARY} Two"), (f"{CANARY} x", ""))
    table(document, (CANARY, ""), ("Country", CANARY))
    form = read("a.docx", saved(document))
    assert {"Name", "Born in", "Country"} <= set(form.column("text"))
    assert CANARY not in repr(form.places)


def test_what_was_deleted_or_doubled_is_not_read(read, document):
    paragraph = document.add_paragraph()
    gone = "<w:del><w:r><w:t>Passport: ____</w:t></w:r></w:del>"
    add(paragraph, gone, "<w:r><w:t>Visa: ____</w:t></w:r>")
    assert read("a.docx", saved(document)).column("text") == ["Visa"]
