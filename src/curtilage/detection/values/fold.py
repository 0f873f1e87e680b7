"""Read a cell's bytes as plain text: no accents, no width, no typography, every byte accounted for.

Rules and scanners speak of folded text alone. Each code point becomes one code point or nothing, so
a place in the folded text has its place in the cell:

* a byte that is no UTF-8 becomes :data:`BREAK`, which no rule matches and no phrase crosses;
* Latin letters lose their marks (``É`` is ``E``), full-width and other digits become ``0`` to ``9``;
* every kind of space, dash and quotation mark becomes the one of ASCII;
* traditional Chinese characters become simplified ones;
* what nobody sees (zero-width characters, soft hyphens, combining marks) is dropped;
* ASCII stays as it is, case too: rules ignore case where they do not ask for it.

After folding, a byte of 0x80 and above is always part of a letter.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Final

from curtilage.detection.words import simplify

#: Stands for what is no text; the folded text of a cell may hold it anywhere.
BREAK: Final = 0
#: In the table: the code point leaves nothing. No character has this number.
DROPPED: Final = 0xFFFF
SIZE: Final = 0x10000
"""Entries of the table: the Basic Multilingual Plane. What lies above it becomes :data:`BREAK`."""

_MARKS: Final = {
    **dict.fromkeys("‘’‚‛ʼʻ′＇´", "'"),
    **dict.fromkeys("“”„‟«»″＂", '"'),
    **dict.fromkeys("。．｡", "\n"),
    **dict.fromkeys("、・·‧•", ","),
    "−": "-",
    "№": "#",
    "°": "o",
    "¿": "?",
    "¡": "!",
    "؟": "?",
    "；": ";",
    "：": ":",
    "\u2028": "\n",
    "\u2029": "\n",
}
_LETTERS: Final = dict(zip("đĐøØłŁıæÆœŒðÐþÞßẞħĦ", "dDoOlLiaAoOdDtTsShH", strict=True))
_ASCII_END: Final = 0x80
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)


def fold(cell: bytes) -> bytes:
    """Return the folded text of a cell, as UTF-8.

    Never raises: any bytes are a cell.

    >>> fold("N.º de SEGURO: ９８７–６５".encode())
    b'N.o de SEGURO: 987-65'
    """
    return cell if cell.isascii() else _decode(cell).translate(_TABLE).encode()


def fold_with_origins(cell: bytes) -> tuple[bytes, list[int]]:
    """Return the folded text, and for each of its bytes the place in ``cell`` of what it came from.

    The list has one entry more than the folded text: the length of the cell.
    """
    if cell.isascii():
        return cell, list(range(len(cell) + 1))
    out, origins, at = bytearray(), [], 0
    for letter in _decode(cell):
        folded = letter.translate(_TABLE).encode()
        out += folded
        origins += [at] * len(folded)
        at += 1 if 0xDC80 <= ord(letter) <= 0xDCFF else len(letter.encode())
    return bytes(out), [*origins, at]


@cache
def fold_table() -> tuple[int, ...]:
    """Return what each code point of the Basic Multilingual Plane becomes; :data:`SIZE` entries.

    Each is a code point, :data:`BREAK` or :data:`DROPPED`. Depends on Python's Unicode database only.
    """
    return tuple(_fold_one(point) for point in range(SIZE))


def _decode(cell: bytes) -> str:
    """Return its characters; each byte that is not part of one becomes a lone surrogate, folded to BREAK."""
    return cell.decode("utf-8", "surrogateescape")


class _Table(dict[int, int | None]):
    """The table as ``str.translate`` wants it."""

    def __missing__(self, point: int) -> int | None:
        folded = _fold_one(point) if point < SIZE else BREAK
        value = None if folded == DROPPED else folded
        self[point] = value
        return value


_TABLE: Final = _Table()


def _fold_one(point: int) -> int:
    if point < _ASCII_END:
        return point
    letter = chr(point)
    if letter in _MARKS:
        return ord(_MARKS[letter])
    if letter in _LETTERS:
        return ord(_LETTERS[letter])
    if point in _FULL_WIDTH:
        return point - _FULL_WIDTH.start + ord("!")
    kind = unicodedata.category(letter)
    if kind in ("Mn", "Me", "Cf"):
        return DROPPED
    if kind == "Zs":
        return ord(" ")
    if kind == "Pd":
        return ord("-")
    if kind == "Nd":
        return ord("0") + unicodedata.digit(letter)
    return _base(letter) if kind[0] == "L" or kind == "Mc" else BREAK


def _base(letter: str) -> int:
    """Return the base letter of a Latin one, and the simplified, plain form of any other."""
    apart = unicodedata.normalize("NFKD", letter)[0]
    if apart in _LETTERS:
        apart = _LETTERS[apart]
    if apart.isascii():
        return ord(apart) if apart.isalnum() else BREAK
    plain = unicodedata.normalize("NFKC", letter)
    plain = simplify(plain if len(plain) == 1 else letter).lower()
    # Folded text is never longer than its cell: the kernel makes room for as much.
    fits = len(plain) == 1 and ord(plain) < SIZE and len(plain.encode()) <= len(letter.encode())
    return ord(plain) if fits else ord(letter)
