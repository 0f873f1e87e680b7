"""PDF forms: fields with and without tooltips, and printed questions of flat PDFs."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, NumberObject, TextStringObject
from reportlab.pdfgen.canvas import Canvas

CANARY = "canary-9917"


def pdf(draw) -> bytes:
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(612, 792))
    draw(canvas)
    canvas.save()
    return made.getvalue()


def printed(*lines: str) -> bytes:
    def draw(canvas: Canvas) -> None:
        for at, line in enumerate(lines):
            canvas.drawString(72, 720 - 20 * at, line)

    return pdf(draw)


def fields(canvas: Canvas) -> None:
    canvas.setTitle("Help with rent")
    form = canvas.acroForm
    form.textfield(name="birth_country", tooltip="Country of birth", x=72, y=700, value=CANARY)
    canvas.drawString(72, 660, "ALIEN NUMBER")
    form.textfield(name="undefined_10", tooltip="undefined", x=72, y=620, height=36, width=200)
    canvas.drawString(72, 590, "Date of entry:")
    form.textfield(name="Text7", tooltip=" ", x=160, y=584, height=20, width=100)
    form.choice(
        name="status", tooltip="Status", x=72, y=540, value="Refugee", options=["Refugee", "Asylee", "Other"]
    )
    canvas.showPage()
    canvas.drawString(72, 720, "Are you a citizen?")
    for at, (value, word) in enumerate([("Yes", "Yes"), ("No", "No")]):
        form.radio(name="citizen", tooltip=" ", value=value, x=72 + 80 * at, y=696, size=12)
        canvas.drawString(90 + 80 * at, 698, word)
    form.checkbox(name="has_visa", tooltip=" ", x=72, y=660, size=12, checked=True)
    canvas.drawString(90, 662, "I have a visa")
    form.textfield(name="members[0].a_number", tooltip=" ", x=72, y=400)


@pytest.fixture
def form(read):
    return read("forms/rent.pdf", pdf(fields))


def test_fields_have_page_name_and_text(form):
    assert form.reader == "pdf"
    assert form.column("locator", "name", "text", "type") == [
        ("page:1 field:birth_country", "birth_country", "Country of birth", "text"),
        ("page:1 field:undefined_10", "undefined_10", "ALIEN NUMBER", "text"),
        ("page:1 field:Text7", "Text7", "Date of entry", "text"),
        ("page:1 field:status", "status", "Status", "choice"),
        ("page:2 field:citizen", "citizen", "Are you a citizen?", "radio"),
        ("page:2 field:has_visa", "has_visa", "I have a visa", "checkbox"),
        ("page:2 field:members[0].a_number", "members[0].a_number", "a number", "text"),
    ]


def test_options_of_lists_and_radio_buttons(form):
    assert form.one("status").options == ("Refugee", "Asylee", "Other")
    assert form.one("citizen").options == ("Yes", "No")
    assert form.one("has_visa").options == ()


def test_the_title_is_context_and_what_is_filled_in_stays_out(form):
    assert {place.context for place in form.places} == {"Help with rent"}
    assert CANARY not in repr(form.places)


def test_a_field_that_shows_twice_is_one_field(read):
    def draw(canvas: Canvas) -> None:
        for _ in range(2):
            canvas.acroForm.textfield(name="case", tooltip="Case number", x=72, y=700)
            canvas.showPage()

    assert read("a.pdf", pdf(draw)).column("locator") == ["page:1 field:case"]


def test_the_language_that_a_pdf_names(read):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(fields))))
    writer.root_object[NameObject("/Lang")] = TextStringObject("es-US")
    made = io.BytesIO()
    writer.write(made)
    assert set(read("a.pdf", made.getvalue()).column("lang")) == {"es-US"}


def test_flags_become_facts(read):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(fields))))
    widget = writer.pages[0]["/Annots"][0].get_object()
    widget[NameObject("/Ff")] = NumberObject(3)
    widget[NameObject("/F")] = NumberObject(2)
    made = io.BytesIO()
    writer.write(made)
    assert read("a.pdf", made.getvalue()).one("birth_country").facts == ("hidden", "read-only", "required")


def test_full_names_go_through_the_parents(read):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(fields))))
    widget = writer.pages[0]["/Annots"][0].get_object()
    parent = writer._add_object(type(widget)({NameObject("/T"): TextStringObject("applicant")}))
    widget[NameObject("/Parent")] = parent
    made = io.BytesIO()
    writer.write(made)
    assert read("a.pdf", made.getvalue()).column("name")[0] == "applicant.birth_country"


def test_a_flat_form_gives_its_questions(read):
    content = printed(
        "Application for help with rent",
        "1. Full name: ______________  Date of birth: ____/____/____",
        "Country of birth: ______________",
        "2. Are you a U.S. citizen?   [ ] Yes   [ ] No",
        "What is your immigration status?",
        "[ ] Refugee  [ ] Asylee",
        "Place of entry",
        "We will never sell your answers.",
    )
    assert read("flat.pdf", content).column("locator", "text", "options") == [
        ("page:1 line:2", "Full name", ()),
        ("page:1 line:2", "Date of birth", ()),
        ("page:1 line:3", "Country of birth", ()),
        ("page:1 line:4", "Are you a U.S. citizen?", ("Yes", "No")),
        ("page:1 line:5", "What is your immigration status?", ("Refugee", "Asylee")),
        ("page:1 line:7", "Place of entry", ()),
    ]


def test_a_filled_flat_form_keeps_the_labels_only(read):
    content = printed(
        f"Name: {CANARY} One",
        f"País de nacimiento: {CANARY}",
        "Citizen? Yes",
        f"{CANARY} Lopez",
        "Date of birth",
    )
    form = read("flat.pdf", content)
    assert form.column("text") == ["Name", "País de nacimiento", "Citizen?", "Date of birth"]
    assert CANARY not in repr(form.places)


def test_a_half_filled_blank_keeps_the_label_only(read):
    content = printed(
        f"Name: {CANARY} ______", "Section 2: Country of birth ______", f"Born in: {CANARY}____ on ____"
    )
    form = read("flat.pdf", content)
    assert form.column("text") == ["Name", "Country of birth", "Born in", "on"]
    assert CANARY not in repr(form.places)


def test_an_address_alone_on_a_line_is_not_a_label(read):
    content = printed(
        "Name: ____",
        "Date of birth: ____",
        "Citizen? ____",
        f"{CANARY} Street",
        f"{CANARY} County",
        "312 555 0100",
    )
    assert read("flat.pdf", content).column("text") == ["Name", "Date of birth", "Citizen?"]


def test_contents_and_headings_of_a_report_ask_nothing(read):
    content = printed(
        "1 Immigration status ........ 4",
        "Citizenship: what the law says",
        "The city keeps the following:",
        *["A paragraph of a report, which goes on for a while and then ends."] * 20,
    )
    assert read("report.pdf", content).places == []


def test_a_letter_asks_nothing(read):
    content = printed(
        "Dear neighbour,",
        "our office opens at nine. We help whoever comes.",
        "Immigration status does not matter.",
    )
    assert read("letter.pdf", content).places == []


def test_a_form_locked_for_its_owner_only_is_read(read):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(fields))))
    writer.encrypt(user_password="", owner_password="x", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    assert read("a.pdf", made.getvalue()).column("name")[0] == "birth_country"


def test_a_box_beside_a_bare_yes_is_told_with_its_question(read):
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 702, "Do you have a visa?")
        canvas.acroForm.checkbox(name="visa_yes", tooltip=" ", x=200, y=700, size=12)
        canvas.drawString(216, 702, "Yes")
        canvas.acroForm.checkbox(name="visa_no", tooltip=" ", x=260, y=700, size=12)
        canvas.drawString(276, 702, "No")

    assert read("a.pdf", pdf(draw)).column("name", "text")[:2] == [
        ("visa_yes", "Do you have a visa? — Yes"),
        ("visa_no", "Do you have a visa? — No"),
    ]


def test_choices_called_one_and_two_take_the_printed_words(read):
    def draw(canvas: Canvas) -> None:
        canvas.drawString(72, 720, "Immigration status")
        for at, word in enumerate(["Refugee", "Asylee"]):
            canvas.acroForm.radio(name="status", tooltip=" ", value=str(at), x=72 + 90 * at, y=696, size=12)
            canvas.drawString(88 + 90 * at, 698, word)

    assert read("a.pdf", pdf(draw)).places[0].options == ("Refugee", "Asylee")


def test_a_field_that_no_page_shows_is_still_there(read):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf(fields))))
    for page in writer.pages:
        del page[NameObject("/Annots")]
    made = io.BytesIO()
    writer.write(made)
    assert read("a.pdf", made.getvalue()).one("birth_country").locator == "page:1 field:birth_country"
