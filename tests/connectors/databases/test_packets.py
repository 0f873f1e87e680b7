"""Rows of MariaDB as its packets: what is taken apart here is what was put in, wherever it is cut."""

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.connectors.content.packets import Packets, ServerSaidError, columns_of

END = b"\x05\0\0\x01\xfe\0\0\x02\0"


def packet(payload):
    pieces = [payload[start : start + 0xFFFFFF] for start in range(0, len(payload) + 1, 0xFFFFFF)]
    return b"".join(len(piece).to_bytes(3, "little") + b"\0" + piece for piece in pieces)


def cell(value):
    if value is None:
        return b"\xfb"
    for limit, mark, width in ((251, b"", 1), (2**16, b"\xfc", 2), (2**24, b"\xfd", 3), (2**64, b"\xfe", 8)):
        if len(value) < limit:
            return mark + len(value).to_bytes(width, "little") + value
    raise AssertionError


def received(stream, each):
    pieces = [stream[start : start + each] for start in range(0, len(stream), each)]
    return lambda _: pieces.pop(0) if pieces else b""


def read(rows, each, enough=4096):
    stream = b"".join(packet(b"".join(map(cell, row))) for row in rows) + END
    packets = Packets(received(stream, each), enough)
    found = []
    for block, starts in packets.blocks():
        columns = columns_of(block, starts, [False] * len(rows[0]), "test")
        found += zip(*(column.to_pylist() for column in columns), strict=True)
    return found


sizes = st.sampled_from([0, 1, 250, 251, 252, 255, 256, 65_536])
cells = st.none() | st.binary(max_size=8) | sizes.map(lambda size: b"x" * size)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(1, 4).flatmap(lambda width: st.lists(st.tuples(*[cells] * width), min_size=1, max_size=8)),
    st.integers(1, 9000) | st.just(2**20),
)
def test_rows_come_out_as_they_went_in_wherever_the_connection_cuts_them(rows, each):
    assert read(rows, each) == rows


def test_a_row_of_several_packets_is_put_together():
    rows = [(b"before", None), (b"x" * 17_000_000, b"beside"), (None, b"after")]
    assert read(rows, 2**20) == rows


def test_cells_that_look_like_the_end_or_an_error_are_cells():
    rows = [(END, b"\xff\x01\x02#45000"), (b"\x05\0\0\x01\xfe\0\0\0\0", b"#")]
    assert read(rows, 7) == rows


def test_no_rows_are_no_block():
    assert list(Packets(received(END, 3), 4096).blocks()) == []


def test_an_error_in_the_middle_is_its_number_and_not_its_words():
    stream = packet(cell(b"a")) + packet(b"\xff\xb1\x07#70100Query was interrupted at CANARY")
    found = []
    with pytest.raises(ServerSaidError) as said:
        found.extend(Packets(received(stream, 2**20), 2**20).blocks())
    assert (str(said.value), said.value.args) == ("1969", (1969,))


def test_a_connection_that_ends_in_the_middle_is_told():
    with pytest.raises(EOFError):
        list(Packets(received(packet(cell(b"abc"))[:-1], 2**20), 4096).blocks())


def test_texts_are_texts():
    block = cell("año".encode()) + cell(None)
    columns = columns_of(block, [0], [True, True], "test")
    assert [column.type for column in columns] == [pa.string(), pa.string()]
    assert [column.to_pylist() for column in columns] == [["año"], [None]]
