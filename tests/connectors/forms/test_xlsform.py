"""XLSForm workbooks as people make them, .xlsx and .xls."""

import io

import pytest
import xlsxwriter

from tests.connectors.forms.make_xls import make_xls

SURVEY = [
    [
        "type",
        "name",
        "label::English (en)",
        "label::Español (es)",
        "hint::English (en)",
        "required",
        "calculation",
    ],
    ["start", "started", "", "", "", "", ""],
    ["begin_group", "about", "About you", "Sobre usted", "", "", ""],
    ["text", "full_name", "Full name", "Nombre completo", "As on your card", "yes", ""],
    ["select_one status", "status", "Immigration status", "Situación migratoria", "", "true()", ""],
    ["end_group", "", "", "", "", "", ""],
    ["note", "bye", "Thank you, ${full_name}", "", "", "", ""],
    ["calculate", "is_adult", "", "", "", "", "${age} > 17"],
]
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Español (es)"],
    ["status", "ref", "Refugee", "Refugiado"],
    ["status", "asy", "Asylee", "Asilado"],
    ["yes_no", "1", "Yes", "Sí"],
]
SETTINGS = [["form_title", "default_language"], ["Intake 2017", "Español (es)"]]


def xlsx(**sheets: list[list[object]]) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return made.getvalue()


@pytest.fixture(params=[("intake.xlsx", xlsx), ("intake.xls", make_xls)], ids=["xlsx", "xls"])
def form(request, read):
    name, make = request.param
    return read(name, make(survey=SURVEY, choices=CHOICES, settings=SETTINGS))


def test_questions_in_the_default_language(form):
    assert form.reader == "xlsform"
    assert form.column("locator", "name", "text", "lang")[1:3] == [
        ("survey!row:4", "full_name", "Nombre completo — As on your card", "es"),
        ("survey!row:5", "status", "Situación migratoria", "es"),
    ]


def test_other_languages_are_translations(form):
    assert form.one("status").translations == (("en", "Immigration status"),)


def test_choices_are_joined_from_their_list(form):
    assert form.one("status").options == ("Refugiado", "Asilado")


def test_groups_and_title_are_context(form):
    assert form.one("status").context == "Intake 2017 — Sobre usted"
    assert form.one("bye").context == "Intake 2017"


def test_facts(form):
    assert {place.name: place.facts for place in form.places} == {
        "started": ("computed",),
        "full_name": ("required",),
        "status": ("required",),
        "bye": ("read-only",),
        "is_adult": ("computed",),
    }


@pytest.mark.parametrize(
    ("header", "lang"),
    [
        ("label", ""),
        ("label:English(EN)", "en"),
        ("label::Kreyòl ayisyen", "ht"),
        ("Label :: vi", "vi"),
        ("caption", ""),
    ],
)
def test_ways_to_write_a_label_column(read, header, lang):
    form = read("a.xlsx", xlsx(survey=[["type", "name", header], ["text", "dob", "Words"]]))
    assert form.column("locator", "name", "text", "lang") == [("survey!row:2", "dob", "Words", lang)]


def test_sheet_names_in_capitals_and_blank_rows(read):
    form = read("a.xlsx", xlsx(Survey=[["Type", "Name", "Label"], [], ["text", "visa", "Visa type"]]))
    assert form.column("locator", "name") == [("Survey!row:3", "visa")]


def test_a_sheet_called_survey_without_types_is_a_table(read):
    table = read("a.xlsx", xlsx(survey=[["Name", "Birth date", "Score"], ["x", "y", 4]]))
    assert (table.reader, table.column("name")) == ("excel", ["Name", "Birth date", "Score"])
