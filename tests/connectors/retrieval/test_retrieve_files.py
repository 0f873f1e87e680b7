"""Reading for a release out of files of rows."""

from datetime import date

import pytest

from curtilage.cli.assembly import open_retriever
from curtilage.connectors.ports import NoAnswerError
from curtilage.connectors.retrieval.nouns import Found, Wanted, Where
from curtilage.connectors.retrieval.ports import MovingSourceError, UnfitWantedError
from curtilage.foundation.errors import UsageError
from curtilage.foundation.guarded import Guarded
from tests.connectors.retrieval.conftest import wanted

COLUMNS = ("id", "card", "lent_on", "title", "share")
ROWS = (
    ("1", "A-1", "2016-02-03", "Wayfinding", "yes"),
    ("2", "A-1", "2017-02-03", 'Knots, and "more"', "no"),
    ("3", "A-1", "02/03/2016", "Maps", ""),
    ("4", "a-1", "2016-02-03", "Bees", "yes"),
    ("5", "B-7", "2016-12-31", "Rivers", "yes"),
)  # fmt: skip


def _csv(path):
    import csv

    with path.open("w", newline="") as file:
        csv.writer(file).writerows([COLUMNS, *ROWS])


def _parquet(path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(zip(COLUMNS, map(list, zip(*ROWS, strict=True)), strict=True))), path)


def _xlsx(path):
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Loans")
        for number, row in enumerate((COLUMNS, *ROWS)):
            sheet.write_row(number, 0, row)


@pytest.fixture(params=[("loans.csv", _csv), ("loans.parquet", _parquet), ("loans.xlsx", _xlsx)])
def place(request, tmp_path):
    """A folder with one file of loans, and the file's name."""
    name, write = request.param
    write(tmp_path / name)
    return tmp_path, name


def _open(folder):
    return open_retriever(str(folder), system="drive")


def test_a_file_gives_the_fields_of_those_people(place):
    folder, name = place
    reader = _open(folder)
    with reader.moment():
        assert list(reader.read(wanted("B-7", "a-1", table=name))) == [("Bees",), ("Rivers",)]


def test_a_file_counts_what_stays(place):
    folder, name = place
    period = {"dated_by": "lent_on", "since": date(2016, 1, 1), "until": date(2016, 12, 31)}
    reader = _open(folder)
    with reader.moment():
        assert reader.count(wanted(table=name, **period)) == Found(
            rows=1, people=1, there=1, outside=1, undated=1
        )
        assert reader.count(wanted(table=name, shared=Where("share", ("yes",)))).unshared == 2


def test_a_file_tells_where_nobody_else_is_left(place):
    folder, name = place
    reader = _open(folder)
    with reader.moment():
        assert not reader.count(wanted("A-1", "a-1", "B-7", table=name)).has_others


def test_one_file_may_be_the_system(place):
    folder, name = place
    reader = _open(folder / name)
    with reader.moment():
        assert reader.count(wanted(table=name)).rows == 3
    with pytest.raises(UnfitWantedError):
        reader.list_columns("other.csv")


def test_files_of_a_pattern_are_read_as_one(tmp_path):
    for month in ("01", "02"):
        _csv(tmp_path / f"loans-{month}.csv")
    reader = _open(tmp_path)
    with reader.moment():
        assert reader.count(wanted(table="loans-*.csv")).rows == 6


def test_files_of_a_pattern_with_other_columns_are_refused(tmp_path):
    _csv(tmp_path / "loans-01.csv")
    (tmp_path / "loans-02.csv").write_text("card,author\nA-1,Somebody\nB-2,Other\n")
    with pytest.raises(UnfitWantedError, match="same columns"):
        _open(tmp_path).count(wanted(table="loans-*.csv"))


def test_a_row_that_does_not_follow_its_header_is_counted_and_stays(tmp_path):
    _csv(tmp_path / "loans.csv")
    with (tmp_path / "loans.csv").open("a") as file:
        file.write("6,B-7,2016-01-01,Knots,yes,and,CANARY\n")
    reader = _open(tmp_path)
    with reader.moment():
        assert reader.count(wanted("B-7", table="loans.csv")).unreadable == 1
        assert list(reader.read(wanted("B-7", table="loans.csv"))) == [("Rivers",)]


def _documents(folder):
    for person, day in (("4711", "2016-02-03"), ("4711", "2017-02-03"), ("4712", "2016-02-03")):
        (folder / "scans" / person).mkdir(parents=True, exist_ok=True)
        (folder / "scans" / person / f"{day} form.pdf").write_bytes(f"%PDF {person} {day}".encode())


def test_documents_of_a_folder_are_those_of_whom_it_names(tmp_path):
    _documents(tmp_path)
    reader = _open(tmp_path)
    period = {"dated_by": "file_day", "since": date(2016, 1, 1), "until": date(2016, 12, 31)}
    asked = {"table": "scans/**/*.pdf", "subject": "file_folder", "fields": ("file_name", "content")}
    with reader.moment():
        rows = list(reader.read(wanted("scans/4711", **asked, **period)))
        assert rows == [("2016-02-03 form.pdf", "scans/4711/2016-02-03 form.pdf")]
        assert b"".join(reader.open_document(rows[0][1])) == b"%PDF 4711 2016-02-03"
        assert reader.count(wanted("scans/4711", **asked, **period)).outside == 1


def test_a_document_that_nobody_asked_for_is_not_opened(tmp_path):
    _documents(tmp_path)
    (tmp_path / "other.pdf").write_bytes(b"%PDF CANARY")
    reader = _open(tmp_path)
    with pytest.raises(UnfitWantedError), reader.moment():  # noqa: PT012 - the moment is entered first
        assert (
            reader.count(
                wanted("scans/4711", table="scans/**/*.pdf", subject="file_folder", fields=("content",))
            ).rows
            == 2
        )
        list(reader.open_document("other.pdf"))


@pytest.mark.parametrize("table", ["../secret.csv", "/etc/passwd", "nothing.csv", "loans.docx"])
def test_what_lies_elsewhere_is_refused(tmp_path, table):
    _csv(tmp_path / "loans.csv")
    with pytest.raises(UnfitWantedError):
        _open(tmp_path).list_columns(table)


def test_a_workbook_of_another_kind_says_what_to_do(tmp_path):
    (tmp_path / "loans.ods").write_bytes(b"PK")
    with pytest.raises(UnfitWantedError, match="save it as XLSX or CSV"):
        _open(tmp_path).list_columns("loans.ods")


def test_a_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    _csv(tmp_path / "real" / "loans.csv")
    (tmp_path / "loans.csv").symlink_to(tmp_path / "real" / "loans.csv")
    with pytest.raises(UnfitWantedError, match="link"):
        _open(tmp_path).list_columns("loans.csv")


def test_a_file_that_changes_while_it_is_read_ends_in_an_error(tmp_path):
    _csv(tmp_path / "loans.csv")
    reader = _open(tmp_path)
    with pytest.raises(MovingSourceError), reader.moment():  # noqa: PT012 - it changes within the moment
        list(reader.read(wanted(table="loans.csv")))
        with (tmp_path / "loans.csv").open("a") as file:
            file.write("6,A-1,2016-01-01,New,yes\n")


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(NoAnswerError, match="no such folder"):
        _open(tmp_path / "nowhere")


def test_an_object_store_is_not_read_for_a_release():
    with pytest.raises(UsageError, match="object store"):
        open_retriever("s3://city/exports", system="drive")


@pytest.mark.parametrize(
    "wrong",
    [
        {"fields": ()},
        {"subject": ""},
        {"people": ()},
        {"people": (Guarded(" "),)},
        {"people": (Guarded("x"),) * 501},
        {"dated_by": "day"},
        {"since": date(2016, 1, 1)},
        {"shared": Where("share", ())},
    ],
)
def test_what_would_mean_everything_cannot_be_wanted(wrong):
    said = {"table": "t", "fields": ("a",), "subject": "s", "people": (Guarded("p"),), **wrong}
    with pytest.raises(ValueError):
        Wanted(**said)


def test_what_is_wanted_does_not_print_whom():
    assert "A-1" not in repr(wanted("A-1"))
