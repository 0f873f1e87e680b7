"""Batches keep to their size, their pace, and to nobody's value in any message."""

import time
import traceback

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.cli.assembly import content_readers, open_content
from curtilage.connectors.content.batches import cut, give_out, one_batch, unique_names
from curtilage.connectors.content.dates import extremes_of_text
from curtilage.connectors.content.ports import ContentLimits, StoppedError
from curtilage.foundation.errors import SourceError

CANARY = "078-05-1120"


@given(st.lists(st.integers(0, 400), max_size=60), st.integers(1, 20), st.integers(1, 2000))
@settings(deadline=None)
def test_cutting_loses_no_row_and_keeps_the_order(sizes, rows, size):
    batch = pa.record_batch({"at": [f"{at:03}" + "x" * long for at, long in enumerate(sizes)]})
    pieces = list(cut(batch, ContentLimits(batch_rows=rows, batch_bytes=size)))

    assert [cell for piece in pieces for cell in piece["at"].to_pylist()] == batch["at"].to_pylist()
    assert all(0 < piece.num_rows <= rows for piece in pieces)


def test_a_pace_in_bytes_and_in_rows_is_kept():
    batch = pa.record_batch({"at": ["x" * 100] * 1000})
    for limits in (
        ContentLimits(batch_rows=100, bytes_per_second=400_000),
        ContentLimits(batch_rows=100, rows_per_second=4000),
    ):
        started = time.monotonic()
        assert sum(piece.num_rows for piece in give_out([batch], limits, "a")) == 1000
        assert time.monotonic() - started >= 0.2


def test_waiting_for_the_pace_ends_when_somebody_asks_to_stop():
    asked = iter([False, False, False, True, True])
    limits = ContentLimits(batch_rows=10, rows_per_second=1, stopped=lambda: next(asked, True))

    with pytest.raises(StoppedError):
        list(give_out([pa.record_batch({"at": ["x"] * 20})], limits, "a"))


def test_batches_of_different_types_of_text_become_one():
    bytes_and_texts = [
        pa.record_batch({"a": pa.array([b"x"], kind)}) for kind in (pa.binary(), pa.large_binary())
    ]

    assert one_batch(bytes_and_texts, 5, pa).to_pydict() == {"a": [b"x", b"x"]}


def test_batches_of_unequal_columns_become_one():
    joined = one_batch([pa.record_batch({"a": ["x"]}), pa.record_batch({"b": ["y"], "a": ["z"]})], 5, pa)

    assert joined.to_pydict() == {"a": ["x", "z"], "b": [None, "y"]}


@given(st.lists(st.sampled_from(["", "a", "b", "col:2", "a (2)"]), max_size=9))
def test_names_are_unique_and_keep_their_places(names):
    unique = unique_names(names)

    assert len(set(unique)) == len(names)
    assert all(new.startswith(old) for old, new in zip(names, unique, strict=True))


@pytest.mark.parametrize(
    ("texts", "years"),
    [
        (["12/31/1999", "01/02/2016"], [1999, 2016]),
        (["31.12.1999 10:00", "02.01.2016"], [1999, 2016]),
        (["1999-12-31T10:00:00Z", "2016-01-02", "soon"], [1999, 2016]),
        ([b"19991231", b"20160102", None], [1999, 2016]),
    ],
)
def test_dates_are_read_in_every_way_they_are_written(texts, years):
    found = extremes_of_text([pa.record_batch({"at": texts})], pa, pa.compute)

    assert [moment.year for moment in found] == years


def test_a_column_without_dates_has_no_oldest_one():
    assert extremes_of_text([pa.record_batch({"at": ["Ana", "12", None]})], pa, pa.compute) == (None, None)


def test_readers_of_content_offer_the_same():
    names = [reader.name for reader in content_readers()]

    assert len(set(names)) == len(names)
    for reader in content_readers():
        assert {name for name in dir(reader) if not name.startswith("_")} == {
            "name",
            "extra",
            "weigh",
            "open",
        }


SUFFIXES = [
    "csv",
    "tsv",
    "json",
    "jsonl",
    "parquet",
    "feather",
    "xlsx",
    "xls",
    "ods",
    "docx",
    "pdf",
    "eml",
    "txt",
    "log",
    "png",
    "zip",
    "csv.gz",
    "x",
]
HEADS = [b"", b"PAR1", b"ARROW1\0\0", b"PK\x03\x04", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\x1f\x8b\x08", b"\xff\xfe", b"[{", b"From: a\n", b'"']  # fmt: skip


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_no_message_about_a_broken_file_has_a_word_of_it(tmp_path, suffix, caplog):
    said = []
    for head in HEADS:
        path = tmp_path / f"a.{suffix}"
        path.write_bytes(head + f'{{"name": "{CANARY}, {CANARY}\n{CANARY};{CANARY}\0\n"{CANARY}'.encode() * 3)
        said += read_all(path)

    assert CANARY not in "\n".join(said) + caplog.text


def read_all(path):
    """Read a file to its end and return everything that was said about it, the whole traceback of an error too."""
    try:
        content = open_content(str(path), path.name, ContentLimits(seconds=5))
    except SourceError as error:
        return ["".join(traceback.format_exception(error)), repr(error)]
    said = [repr(content)]
    try:
        for table in content.tables():
            said.append(repr(content.parts(table, wanted=2)))
            content.sample(table, rows=5)
            for part in content.parts(table, wanted=2):
                list(content.read(part))
            for column in table.columns:
                content.extremes(table, column.name)
    except SourceError as error:
        said += ["".join(traceback.format_exception(error)), repr(error)]
    said.append(repr(content.told()))
    content.close()
    return said


def test_cells_that_come_as_a_dictionary_are_not_cut_up_for_each_slice_holds_all_of_it():
    limits = ContentLimits(batch_rows=10, batch_bytes=64)
    plain = pa.record_batch({"kind": pa.array(["open", "closed"] * 30)})
    apart = pa.record_batch({"kind": plain["kind"].dictionary_encode()})

    assert max(piece.num_rows for piece in cut(plain, limits)) <= 10
    assert [piece.num_rows for piece in cut(apart, limits)] == [40, 20]
    assert pa.Table.from_batches(cut(apart, limits))["kind"].to_pylist() == plain["kind"].to_pylist()
