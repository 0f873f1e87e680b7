"""A column comes over whole, however the network cuts it, and what ends it is seen."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.mysql_column import _read_rows, read_column
from tests.connectors.disposal.worlds import MariaWorld

pymysql = pytest.importorskip("pymysql")
END = b"\x05\0\0\x07\xfe\0\0\x02\0"
ERROR = b"\x10\0\0\x07\xff\xbd\x04#HY000went so"


class Cut(io.RawIOBase):
    """A stream that gives few bytes at a time."""

    def __init__(self, content, size):
        self.content, self.size = io.BytesIO(content), size

    def read1(self, _most):
        return self.content.read(self.size)


def packet(number, value):
    return bytes((16, 0, 0, number % 256, 15)) + value.rjust(15).encode()


@given(st.lists(st.integers(0, 10**13), max_size=40), st.integers(1, 70), st.sampled_from([END, ERROR]))
def test_rows_are_read_however_they_are_cut(numbers, size, end):
    sent = b"".join(packet(place, str(number)) for place, number in enumerate(numbers)) + end
    rows, last = _read_rows(Cut(sent, size), 15)
    assert [int(rows[place : place + 15]) for place in range(0, len(rows), 15)] == numbers
    assert last == end[4:]


def test_an_answer_that_breaks_off_is_no_answer():
    with pytest.raises(pymysql.err.OperationalError):
        _read_rows(Cut(packet(0, "1"), 8), 15)


@pytest.mark.mariadb
def test_a_statement_that_fails_in_its_middle_says_so_and_the_connection_goes_on(mariadb_server):
    world = MariaWorld(mariadb_server)
    world.fill(rows=20)
    asked = "SELECT RPAD(id, 15, ' ') FROM applications ORDER BY id"
    assert read_column(world.connection, asked, (), width=15).split() == [
        b"%d" % each for each in world.ids()
    ]
    with pytest.raises(pymysql.Error):
        read_column(world.connection, "SELECT RPAD((SELECT id FROM applications), 15, ' ')", (), width=15)
    assert world.one("SELECT count(*) FROM applications") == 20
    world.close()
