"""Read one short column of MariaDB as fast as the server sends it: PyMySQL alone looks at every row by itself.

All values have one width, so a row is so many bytes of the wire, always at the same places::

    length of the rest (3) · number of the packet (1) · width (1) · value (width)
"""

from __future__ import annotations

from typing import Any, Final

_HEAD: Final = 5
_AT_ONCE: Final = 1 << 16
_ERROR: Final = 0xFF


def read_column(connection: Any, text: str, values: tuple[Any, ...], *, width: int) -> bytes:
    """Run a statement; return its only column, all values behind each other.

    Args:
        connection: An open connection of PyMySQL.
        text: The statement; each row has one value of ASCII, ``width`` bytes long.
        values: For its marks.
        width: Below 251.

    Raises:
        pymysql.Error: As any statement may.
    """
    from pymysql.cursors import SSCursor

    with connection.cursor(SSCursor) as cursor:
        cursor.execute(text, values)
        stream = getattr(connection, "_rfile", None)
        if not hasattr(stream, "read1"):  # another version of the library
            return "".join(row[0] for row in cursor).encode("ascii")
        rows, last = _read_rows(stream, width)
        # The result has been read to its end, behind the library's back.
        connection._result.unbuffered_active = False  # noqa: SLF001 - else it would wait for the end that was read
    if last[0] == _ERROR:
        from pymysql.err import raise_mysql_exception

        raise_mysql_exception(last)
    return rows


def _read_rows(stream: Any, width: int) -> tuple[bytes, bytes]:
    """Return the values, and the packet that ends them."""
    raw, end, size = bytearray(), 0, _HEAD + width
    while True:
        whole = (len(raw) - end) // size
        found = _count_rows(raw, end, whole, width)
        end += found * size
        if found < whole or len(raw) - end >= _HEAD:
            length = int.from_bytes(raw[end : end + 3], "little")
            is_row = length == width + 1 and raw[end + 4] == width
            if not is_row and len(raw) >= end + 4 + length:
                break
        more = stream.read1(_AT_ONCE)
        if not more:
            from pymysql.err import OperationalError

            raise OperationalError(2013, "the connection was lost in the middle of an answer")
        raw += more
    values = bytearray(end // size * width)
    for place in range(width):
        values[place::width] = raw[_HEAD + place : end : size]
    return bytes(values), bytes(raw[end + 4 : end + 4 + length])


def _count_rows(raw: bytearray, start: int, most: int, width: int) -> int:
    """Return how many packets from ``start`` on are rows, up to the first that is none."""
    size = _HEAD + width
    head = bytes((width + 1, 0, 0))
    for place, value in ((0, head[0]), (1, 0), (2, 0), (4, width)):
        column = raw[start + place : start + most * size : size]
        if column.count(value) < most:
            most = next(number for number, each in enumerate(column) if each != value)
    return most
