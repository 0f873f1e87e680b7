"""Parquet and Arrow files: the wanted columns of row groups, nested ones by their paths."""

import zipfile
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from pyarrow import feather, parquet

from curtilage.cli.assembly import open_content
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.drivers.parquet import ParquetReader
from curtilage.connectors.ports import Document, Limits, SourceError, UnreadableError

CANARY = "078-05-1120"


def people(rows=1000):
    return pa.table(
        {
            "name": [f"n{at}" for at in range(rows)],
            "kind": pa.array(["C", "N"] * (rows // 2)),
            "age": pa.array(range(rows), pa.int32()),
            "born": pa.array([date(1950, 1, 1 + at % 28) for at in range(rows)]),
            "home": pa.array([{"street": f"s{at}", "number": at} for at in range(rows)]),
            "phones": pa.array([[f"{at}-a", f"{at}-b"][: at % 3] for at in range(rows)]),
            "family": pa.array([[{"first": f"f{at}", "tags": ["x", None]}] * (at % 3) for at in range(rows)]),
            "more": pa.array([[("k", f"v{at}")] for at in range(rows)], pa.map_(pa.string(), pa.string())),
            "raw": pa.array([b"\xff\x01"] * rows, pa.binary()),
        }
    )


@pytest.fixture
def people_file(tmp_path, opened):
    parquet.write_table(people(), tmp_path / "p.parquet", row_group_size=100)
    return opened(tmp_path / "p.parquet")


def test_columns_are_called_what_their_places_are(people_file, tmp_path):
    document = Document("p.parquet", (tmp_path / "p.parquet").read_bytes(), Limits())
    places = [(place.name, place.locator) for place in ParquetReader().read(document)]
    [table] = people_file.content.tables()

    assert [(column.name, column.locator) for column in table.columns] == places


def test_numbers_and_dates_are_passed_over_unless_they_are_named(people_file):
    [table] = people_file.content.tables()
    [first, *_] = people_file.batches()

    assert [column.name for column in table.columns if not column.textual] == ["age", "born", "home.number"]
    assert not {"age", "born", "home.number"} & set(first.schema.names)
    assert people_file.cells("age", columns=("age",))[:3] == ["0", "1", "2"]


def test_fields_of_structs_and_items_of_lists_are_texts_row_by_row(people_file):
    assert people_file.cells("home.street")[998] == "s998"
    assert people_file.cells("phones")[:3] == ["", "1-a", "2-a\n2-b"]
    assert people_file.cells("family.first")[:3] == ["", "f1", "f2\nf2"]
    assert people_file.cells("more")[7] == "k\nv7"
    assert people_file.rows(columns=("family.tags",)) == 1000


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array(["a", "b"], pa.string_view()), "b"),
        (pa.array([b"abc", b"abz"], pa.binary(3)), "abz"),
        (pa.array([["a"], ["b", "c"]], pa.list_view(pa.string())), "b\nc"),
        (pa.array([["a", "b"], ["c", "d"]], pa.list_(pa.string(), 2)), "c\nd"),
        (pa.array([[["a"], ["b"]], [["c", None]]]), "c\n"),
        (pa.RunEndEncodedArray.from_arrays([2], ["a"]), "a"),
        (pa.ExtensionArray.from_storage(pa.json_(), pa.array(['{"a": 1}', "[]"])), "[]"),
        (pa.array([{"x": [{"y": "a"}]}, {"x": [{"y": "b"}, {"y": "c"}]}]), "b\nc"),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
def test_every_type_that_can_hold_text_is_read(tmp_path, opened, column, text):
    with pa.ipc.new_file(str(tmp_path / "a.arrow"), pa.schema({"it": column.type})) as writer:
        writer.write(pa.record_batch([column], names=["it"]))
    read = opened(tmp_path / "a.arrow")

    assert read.cells(read.names[0])[-1] == text


def test_columns_of_the_same_name_are_told_apart(tmp_path, opened):
    parquet.write_table(pa.table([["a"], ["b"]], names=["it", "it"]), tmp_path / "p.parquet")
    file = opened(tmp_path / "p.parquet")

    assert file.names == ["it", "it (2)"]
    assert (file.cells("it"), file.cells("it (2)")) == (["a"], ["b"])


def test_parts_are_row_groups_and_together_the_table(people_file, monkeypatch):
    monkeypatch.setattr("curtilage.connectors.drivers.content_parquet._SMALLEST_PART_BYTES", 1)
    [table] = people_file.content.tables()
    parts = people_file.content.parts(table, wanted=4)

    assert [part.key for part in parts] == ["groups:0-3", "groups:3-5", "groups:5-8", "groups:8-10"]
    assert [part.rows for part in parts] == [300, 200, 300, 200]
    assert people_file.cells("name", wanted=4) == [f"n{at}" for at in range(1000)]


def test_distinct_columns_come_as_dictionaries(people_file):
    batch = people_file.batches(columns=("name", "kind"), distinct=frozenset({"kind"}))[0]

    assert pa.types.is_dictionary(batch["kind"].type)
    assert len(batch["kind"].dictionary) == 2
    assert batch["kind"].to_pylist()[:2] == ["C", "N"]


def test_a_large_row_group_is_read_in_pieces(people_file, monkeypatch):
    monkeypatch.setattr("curtilage.connectors.drivers.content_parquet._AT_ONCE_ROWS", 30)

    assert people_file.cells("name") == [f"n{at}" for at in range(1000)]
    assert max(batch.num_rows for batch in people_file.batches()) <= 30


@pytest.mark.parametrize(("each", "groups"), [(100, {0, 5}), (50, {0, 5, 10, 15}), (1000, {0})])
def test_a_sample_is_spread_over_the_row_groups(tmp_path, opened, each, groups):
    parquet.write_table(people(), tmp_path / "p.parquet", row_group_size=each)
    file = opened(tmp_path / "p.parquet")
    sample = file.content.sample(file.tables[""], rows=80)

    assert sample.num_rows == 80
    assert {int(name[1:]) // each for name in sample["name"].to_pylist()} == groups


def test_the_oldest_and_the_newest_date_come_from_statistics_or_from_the_column(tmp_path, opened):
    moments = [datetime(2016, 1, 2, 3, tzinfo=UTC), None, datetime(1999, 5, 6, 7, tzinfo=UTC)]
    table = pa.table(
        {"at": pa.array(moments, pa.timestamp("ns")), "text": ["2001-02-03", None, "1987-06-05T10:00:00"]}
    )
    parquet.write_table(table, tmp_path / "with.parquet")
    parquet.write_table(table, tmp_path / "without.parquet", write_statistics=False)
    files = [opened(tmp_path / "with.parquet"), opened(tmp_path / "without.parquet")]
    found = [each.content.extremes(each.tables[""], "at") for each in files]

    assert found == [(datetime(1999, 5, 6, 7, tzinfo=UTC), datetime(2016, 1, 2, 3, tzinfo=UTC))] * 2
    assert [moment.year for moment in files[0].content.extremes(files[0].tables[""], "text")] == [1987, 2001]


def test_a_damaged_row_group_costs_itself_and_is_told(tmp_path, opened):
    table = pa.table({"name": [f"{CANARY} {at}" for at in range(1000)]})
    path = tmp_path / "p.parquet"
    parquet.write_table(table, path, row_group_size=250, compression="zstd")
    column = parquet.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    start = column.dictionary_page_offset
    content[start : start + column.total_compressed_size] = b"\x5a" * column.total_compressed_size
    path.write_bytes(content)
    damaged = opened(path)

    assert damaged.rows() == 750
    assert damaged.reasons == ["unreadable"]


@pytest.mark.parametrize(
    "damage", [b"PAR1", b"PAR1" + b"\0" * 40 + b"PAR1", b"PAR1 " + CANARY.encode() + b" PAR1"]
)
def test_a_damaged_footer_is_told_without_a_word_of_the_file(put, damage):
    with pytest.raises(UnreadableError, match="Its footer is damaged") as told:
        put("a.parquet", damage)

    assert CANARY not in repr(told.value)
    assert told.value.__context__ is None


def test_an_encrypted_file_is_told(put):
    with pytest.raises(UnreadableError, match=r"encrypted|damaged"):
        put("a.parquet", b"PARE" + b"\0" * 60 + b"\x08\0\0\0PARE")


def test_a_feather_file_is_read_as_a_parquet_file_is(tmp_path, opened):
    feather.write_feather(people(), tmp_path / "p.feather", chunksize=100)
    file = opened(tmp_path / "p.feather")

    assert file.cells("home.street", wanted=3)[998] == "s998"
    assert len(file.content.parts(file.tables[""], wanted=3)) == 3


def test_a_file_without_rows_has_columns_and_no_cells(tmp_path, opened):
    parquet.write_table(people().slice(0, 0), tmp_path / "p.parquet")
    file = opened(tmp_path / "p.parquet")

    assert "name" in file.names
    assert (file.rows(), file.content.sample(file.tables[""], rows=5).num_rows) == (0, 0)
    assert file.content.extremes(file.tables[""], "born") == (None, None)


def test_a_parquet_file_in_a_zip_archive_is_told(tmp_path, opened):
    parquet.write_table(people(10), tmp_path / "p.parquet")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / "p.parquet", "p.parquet")
    file = opened(tmp_path / "a.zip")

    assert file.tables == {}
    assert file.reasons == ["unreadable"]


def test_a_file_that_is_gone_is_told(tmp_path):
    with pytest.raises(SourceError, match=r"it is not there\. Nothing was read or changed there"):
        open_content(str(tmp_path / "gone.parquet"), "gone.parquet", ContentLimits())
