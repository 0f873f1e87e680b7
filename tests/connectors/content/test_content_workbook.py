"""Workbooks: every sheet, what stands beside the cells, and sheets that claim to be enormous."""

import io
import zipfile
from datetime import date

import pytest
import xlsxwriter

from curtilage.connectors.drivers.tables import WorkbookReader
from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from tests.connectors.forms.make_xls import make_xls

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def workbook(path, fill):
    book = xlsxwriter.Workbook(str(path))
    fill(book)
    book.close()
    return path


def cases(book):
    sheet = book.add_worksheet("Cases")
    sheet.write_row(0, 0, ["first_name", "phone", "birth date"])
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for at in range(1, 300):
        sheet.write_row(at, 0, [f"n{at}", 5550000 + at])
        sheet.write_datetime(at, 2, date(1980, 1, 1 + at % 28), day)
    sheet.write_comment(5, 1, "Note about Ana Example")
    sheet.insert_textbox(7, 5, "Text in a box")
    book.add_worksheet("Empty")
    second = book.add_worksheet("Visits")
    second.write_row(2, 1, ["first_name", "reason"])
    second.write_row(3, 1, ["Bea", "lost card"])


@pytest.fixture
def cases_file(tmp_path, opened):
    return opened(workbook(tmp_path / "a.xlsx", cases))


def test_sheets_and_columns_are_called_what_their_places_are(cases_file, tmp_path):
    document = Document("a.xlsx", (tmp_path / "a.xlsx").read_bytes(), Limits())
    places = {place.locator: place.name for place in WorkbookReader().read(document)}
    columns = {
        column.locator: column.name for table in cases_file.content.tables() for column in table.columns
    }

    assert places.items() <= columns.items()
    assert list(cases_file.tables) == ["Cases", "Visits", "(notes)"]


def test_all_cells_are_read_dates_as_dates(cases_file):
    assert cases_file.cells("first_name", "Cases") == [f"n{at}" for at in range(1, 300)]
    assert cases_file.cells("phone", "Cases")[0] == "5550001"
    assert cases_file.cells("birth date", "Cases")[0] == "1980-01-02"
    assert cases_file.cells("reason", "Visits") == ["lost card"]


def test_what_stands_beside_the_cells_is_read(cases_file):
    assert {"Note about Ana Example", "Text in a box"} <= set(cases_file.cells("text", "(notes)"))


def test_an_old_workbook_is_read(put):
    opened = put("a.xls", make_xls(Cases=[["first_name", "phone"], ["Ana", 5550100], ["Bea", "555-0101"]]))

    assert opened.cells("first_name", "Cases") == ["Ana", "Bea"]
    assert opened.cells("phone", "Cases") == ["5550100", "555-0101"]


def test_a_sheet_that_claims_a_billion_cells_costs_nothing(tmp_path, opened):
    def fill(book):
        sheet = book.add_worksheet("Far")
        sheet.write_row(0, 0, ["first_name", "phone"])
        sheet.write_row(1, 0, ["Ana", 1])
        sheet.write(1_048_575, 16_383, "far away")

    far = opened(workbook(tmp_path / "far.xlsx", fill))

    assert far.cells("first_name", "Far") == ["Ana", None]
    assert far.cells("col:16384", "Far") == [None, "far away"]


def ods(path, body):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", ODS)
        archive.writestr(
            "content.xml",
            '<o:doc xmlns:o="o" xmlns:table="t" xmlns:text="x">' + body + "</o:doc>",
        )
    return path


def ods_row(*cells, repeated=1, each=1):
    inner = "".join(
        f'<table:table-cell table:number-columns-repeated="{each}"><text:p>{cell}</text:p></table:table-cell>'
        for cell in cells
    )
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def test_open_document_sheets_are_read(tmp_path, opened):
    rows = (
        ods_row("first_name", "phone") + ods_row("Ana", "555-0100") + ods_row("Bea", "555-0101", repeated=3)
    )
    file = opened(ods(tmp_path / "a.ods", f'<table:table table:name="Cases">{rows}</table:table>'))

    assert file.cells("first_name", "Cases") == ["Ana", "Bea", "Bea", "Bea"]


def test_a_row_that_is_repeated_a_million_times_is_read_some_times(tmp_path, opened):
    rows = ods_row("first_name", "phone") + ods_row("Ana", "1", repeated=1_048_576)
    file = opened(ods(tmp_path / "a.ods", f'<table:table table:name="Cases">{rows}</table:table>'))

    assert file.rows("Cases") == 1000


def test_a_bomb_ends_in_a_clear_line(tmp_path, opened):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", '<workbook><sheets><sheet name="S" id="r1"/></sheets></workbook>')
        archive.writestr("xl/worksheets/sheet1.xml", b"<worksheet><sheetData>" + b" " * 2**26)

    with pytest.raises(LimitReachedError, match="unpacks to more than"):
        opened(path, expanded_bytes=2**22)


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 078-05-1120"])
def test_a_damaged_workbook_is_told_without_a_word_of_it(put, content):
    name = "a.xls" if content.startswith(b"\xd0") else "a.xlsx"
    with pytest.raises(UnreadableError) as told:
        put(name, content)

    assert "078-05-1120" not in str(told.value)


def test_a_workbook_that_is_too_large_to_be_held_is_not_read(tmp_path, opened):
    with pytest.raises(LimitReachedError, match="can only be read as a whole"):
        opened(workbook(tmp_path / "a.xlsx", cases), whole_bytes=1000)


def test_a_packed_workbook_is_read_as_a_plain_one(tmp_path, opened):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.write(workbook(tmp_path / "a.xlsx", cases), "in/a.xlsx")
    (tmp_path / "all.zip").write_bytes(held.getvalue())
    file = opened(tmp_path / "all.zip")

    assert list(file.tables) == ["in/a.xlsx!Cases", "in/a.xlsx!Visits", "in/a.xlsx!(notes)"]
    assert file.cells("reason", "in/a.xlsx!Visits") == ["lost card"]
