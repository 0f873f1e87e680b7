"""Makes a small BIFF8 workbook (.xls) from nothing: no library that can be installed still writes them.

Source: ms-xls 2.4 (records), ms-cfb 2 (the container).
"""

import struct

_SECTOR = 512


def make_xls(**sheets: list[list[object]]) -> bytes:
    """Return a workbook; each cell a text or a number."""
    parts = [_sheet(rows) for rows in sheets.values()]
    names = [name.encode("latin-1") for name in sheets]
    size = len(_globals(names, [0] * len(names)))
    starts = []
    for part in parts:
        starts.append(size)
        size += len(part)
    return _container(_globals(names, starts) + b"".join(parts))


def _record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _globals(names: list[bytes], starts: list[int]) -> bytes:
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6))
    sheets = b"".join(
        _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(name), 0) + name)
        for name, start in zip(names, starts, strict=True)
    )
    return begin + _record(0x0042, struct.pack("<H", 1200)) + sheets + _record(0x000A)


def _sheet(rows: list[list[object]]) -> bytes:
    width = max((len(row) for row in rows), default=0)
    begin = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0x0DBB, 0x07CC, 0, 6))
    size = _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
    cells = b"".join(
        _cell(at, column, value)
        for at, row in enumerate(rows)
        for column, value in enumerate(row)
        if value != ""
    )
    return begin + size + cells + _record(0x000A)


def _cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, int | float):
        return _record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value)
    return _record(0x0204, struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))


def _container(stream: bytes) -> bytes:
    """Put one stream called Workbook into a compound file of 512-byte sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // _SECTOR) * _SECTOR), b"\0")
    count = len(stream) // _SECTOR
    chain = [*range(1, count), 0xFFFFFFFE]
    table = [*chain, 0xFFFFFFFE, 0xFFFFFFFD]  # the stream, the directory, the table itself
    table += [0xFFFFFFFF] * (_SECTOR // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0
    )
    header += struct.pack("<I", count + 1) + b"\xff" * (108 * 4)
    directory = _entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + _entry("Workbook", 2, 0xFFFFFFFF, 0, len(stream))
    directory += _entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    return header + stream + directory + struct.pack(f"<{len(table)}I", *table)


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    siblings = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
    return (
        encoded.ljust(64, b"\0")
        + struct.pack("<HBB", length, kind, 1)
        + siblings
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
