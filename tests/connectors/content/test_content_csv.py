"""CSV in every encoding and dialect: nothing of it is lost, and columns are called what their places are."""

import csv
import io
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.cli.assembly import open_content
from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.connectors.drivers.tables import CsvReader
from curtilage.connectors.ports import Document, LimitReachedError, Limits

PEOPLE = 'first_name,phone,notes\nAna,555-0100,called\nBea,555-0101,"came, twice"\n'


def test_columns_are_called_what_their_places_are(put):
    text = "List of 2017\n\nfirst name;teléfono;;teléfono\nAna;555;x;556\nBea;557;y;558\n".encode("cp1252")
    opened = put("a.csv", text)
    places = list(CsvReader().read(Document("a.csv", text, Limits())))

    [table] = opened.content.tables()
    columns = {column.locator: column.name for column in table.columns}

    assert {place.locator for place in places} <= set(columns)
    assert [columns[place.locator] for place in places] == ["first name", "teléfono", "teléfono (2)"]
    assert opened.names == ["first name", "teléfono", "col:3", "teléfono (2)"]


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=30), st.sampled_from(",;\t|"))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_is_read(tmp_path, rows, delimiter):
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerows([["first_name", "last_name", "notes_text"], *rows])
    path = tmp_path / "a.csv"
    path.write_bytes(out.getvalue().encode())

    content = open_content(str(path), "a.csv", ContentLimits())
    [table] = content.tables()
    read = [batch for part in content.parts(table, wanted=1) for batch in content.read(part)]
    cells = [cell.decode() for batch in read for row in batch.to_pylist() for cell in row.values() if cell]

    assert sorted(cells) == sorted(cell for row in rows for cell in row if cell)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", "name,city\nÅsa,Malmö\n"),
        ("utf-16", "name,city\nÅsa,Malmö\n"),
        ("utf-16-le", "name,city\nAna,Lima\nBea,Cali\n"),
        ("utf-32", "name,city\nÅsa,Malmö\n"),
        ("cp1252", "name,city\nJosé,A Coruña\n"),
        ("gb18030", "姓名,地址,备注\n王小明,北京市朝阳区,没有身份证件\n"),
        ("big5", "姓名,地址,備註\n王小明,臺北市中正區,沒有身分證件\n"),
        ("cp932", "氏名,電話,メモ\n山田太郎,5550100,ビザがありません\n"),
        ("cp949", "이름,전화,메모\n김철수,5550100,비자가 없습니다\n"),
    ],
)
def test_every_encoding_comes_out_as_utf_8(put, encoding, text):
    opened = put("a.csv", text.encode(encoding))
    rows = list(csv.reader(io.StringIO(text)))

    assert opened.names == rows[0]
    assert [opened.cells(name) for name in rows[0]] == [
        list(column) for column in zip(*rows[1:], strict=True)
    ]
    assert opened.reasons == []


def test_a_byte_that_is_no_text_costs_no_row(put):
    head = "first_name,phone,notes\n" + "Åsa,555-0100,ok\n" * 60_000
    opened = put("a.csv", head.encode() + b"C\xff\xfe,555-0102,x\nDan,555-0103,\0\nEv\xff\nFay,555-0104,\xc3")

    assert opened.rows() == 60_004
    phones = {cell for cell in opened.cells("phone") if cell != "555-0100"}
    assert phones == {"555-0102", "555-0103", "555-0104", None}
    assert set(opened.cells("first_name")[-4:]) == {"C\ufffd\ufffd", "Dan", "Ev\ufffd", "Fay"}
    assert set(opened.reasons) == {"not-text", "ragged"}


def test_a_row_that_is_too_long_or_too_short_is_read_and_counted(put):
    opened = put("a.csv", PEOPLE + "Cem,555-0102,a,b,c\nDan\nEve,555-0104,ok\n")

    assert sorted(opened.cells("first_name")) == ["Ana", "Bea", "Cem", "Dan", "Eve"]
    assert "a\nb\nc" in opened.cells("notes")
    assert opened.reasons == ["ragged"]


def test_a_quote_that_is_never_closed_loses_nothing(put):
    body = "".join(f"p{at},{at},note {at}\n" for at in range(2000))
    opened = put("a.csv", PEOPLE + 'Cem,1,"open\n' + body, batch_bytes=4096)
    found = "\n".join(cell for name in opened.names for cell in opened.cells(name) if cell)

    assert all(f"note {at}" in found for at in (0, 1000, 1999))
    assert "loose" in opened.reasons


def test_a_row_that_is_larger_than_may_be_held_comes_in_pieces(put):
    words = "word " * 40_000
    opened = put(
        "a.csv", PEOPLE + f"Cem,555-0102,{words}\nDan,555-0103,end\n", batch_bytes=16_384, row_bytes=50_000
    )
    notes = [cell for cell in opened.cells("notes") if cell and "word" in cell]

    assert "".join(notes).split() == words.split()
    assert max(map(len, notes)) <= 50_000
    assert opened.cells("first_name")[-1] == "Dan"


def test_a_line_of_many_megabytes_takes_little_memory(put):
    opened = put("a.csv", b"name,notes\nAna," + b"x y " * 2**23, batch_bytes=2**20, row_bytes=2**20)
    [table] = opened.content.tables()
    [part] = opened.content.parts(table, wanted=1)
    tracemalloc.start()
    rows = sum(batch.num_rows for batch in opened.content.read(part))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert rows >= 32
    assert peak < 32 * 2**20


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_one(put, end):
    opened = put("a.csv", PEOPLE.replace("\n", end))

    assert opened.cells("first_name") == ["Ana", "Bea"]


def test_a_table_without_a_header_keeps_its_first_row(put):
    opened = put("a.csv", "Ana,555-0100,3\nBea,555-0101,4\nCem,555-0102,5\n")

    assert opened.names == ["col:1", "col:2", "col:3"]
    assert opened.cells("col:1") == ["Ana", "Bea", "Cem"]


def test_what_stands_above_the_header_is_read_too(put):
    opened = put("a.csv", "Prepared for Ana Example\n\nfirst_name,phone,notes\nBea,555-0101,x\n")

    assert opened.names == ["first_name", "phone", "notes"]
    assert opened.cells("first_name") == ["Prepared for Ana Example", "Bea"]


def test_a_header_alone_is_a_table_without_rows(put):
    opened = put("a.csv", "first_name,last_name\n")

    assert opened.names == ["first_name", "last_name"]
    assert (opened.rows(), opened.content.sample(opened.tables[""], rows=10).num_rows) == (0, 0)


def test_an_empty_file_has_no_table_and_says_so(put):
    opened = put("a.csv", "")

    assert opened.tables == {}
    assert opened.reasons == ["empty"]


def long_table(rows):
    return "name,phone,notes\n" + "".join(f'n{at},{at:07},"a ""note""\nof {at}"\n' for at in range(rows))


def test_parts_together_are_the_table(put, monkeypatch):
    monkeypatch.setattr("curtilage.connectors.content.ranges.SMALLEST_PART_BYTES", 1000)
    opened = put("a.csv", long_table(5000))
    [table] = opened.content.tables()
    parts = opened.content.parts(table, wanted=7)

    assert len(parts) == 7
    assert parts == opened.content.parts(table, wanted=7)
    assert opened.cells("name", wanted=7) == [f"n{at}" for at in range(5000)]
    assert opened.cells("notes", wanted=7)[4321] == 'a "note"\nof 4321'
    assert opened.reasons == []


def test_a_sample_is_spread_over_the_table(put):
    opened = put("a.csv", long_table(40_000))
    numbers = [int(cell) for cell in opened.content.sample(opened.tables[""], rows=800)["phone"].to_pylist()]

    assert len(numbers) == 800
    assert [sum(start <= at < start + 5000 for at in numbers) > 50 for start in range(0, 40_000, 5000)] == [
        True
    ] * 8


def test_only_the_columns_that_are_wanted_are_read(put):
    [batch] = put("a.csv", PEOPLE).batches(columns=("notes", "phone"), distinct=frozenset({"phone"}))

    assert batch.schema.names == ["phone", "notes"]
    assert batch["phone"].to_pylist() == [b"555-0100", b"555-0101"]


def test_batches_keep_to_rows_and_bytes(put):
    opened = put("a.csv", long_table(5000), batch_rows=700, batch_bytes=8192)
    batches = opened.batches()

    assert sum(batch.num_rows for batch in batches) == 5000
    assert max(batch.num_rows for batch in batches) <= 700
    assert max(batch.nbytes for batch in batches) <= 3 * 8192


def test_reading_stops_when_somebody_asks_for_it(put):
    asked = []
    opened = put("a.csv", long_table(5000), batch_rows=100, stopped=lambda: len(asked) > 3)
    [table] = opened.content.tables()
    [part] = opened.content.parts(table, wanted=1)
    batches = opened.content.read(part)
    asked += [next(batches) for _ in range(4)]

    with pytest.raises(StoppedError, match="goes on with the parts that are left"):
        next(batches)


def test_the_oldest_and_the_newest_date_are_found_in_either_way_of_writing(put):
    opened = put("a.csv", "name,closed_on\nAna,13/02/1999 10:15\nBea,01/12/2016 09:00\nCem,\nDan,n/a\n")
    oldest, newest = opened.content.extremes(opened.tables[""], "closed_on")

    assert (str(oldest.date()), str(newest.date())) == ("1999-02-13", "2016-12-01")


def test_a_version_changes_with_the_file(put, tmp_path):
    first = put("a.csv", PEOPLE)
    [before] = first.content.parts(first.tables[""], wanted=1)
    again = put("a.csv", PEOPLE.replace("Ana", "Abe"))
    [after] = again.content.parts(again.tables[""], wanted=1)

    assert before.version != after.version
    assert before.key == after.key


def test_too_many_columns_are_refused(put):
    with pytest.raises(LimitReachedError, match="more than 50 columns"):
        put("a.csv", ",".join(f"name_{at}" for at in range(60)) + "\n", columns=50)
