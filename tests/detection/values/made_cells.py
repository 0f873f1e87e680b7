"""Cells made up to find where kernel and reference differ: pieces of cases, bent, cut and put together."""

import random
from collections.abc import Sequence

#: Everything that ends words, phrases, sentences and cells, or is folded, dropped or broken.
JOINTS = (
    b"", b" ", b"  ", b"   ", b"    ", b". ", b".", b"\n", b"\n\n", b"\na", b"; ", b"?", b"-", b"/", b"_", b"\x00",
    b"\xff", b"\xc2\xa0", b"\xe2\x80\x8b", b"\xe3\x80\x82", b", ", b": ", b"'", b"#", b"@", b"<", b"|", b"+", b"(",
    b") ", b"$", "中".encode(), "é".encode(), "№".encode(), b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xcc\x81",
    b"\xe2\x80", b" " * 60, b"x" * 40, b"word " * 12, b"word " * 60, b"0", b"1-", b"not ", b"..",
)  # fmt: skip


def make_cell(chance: random.Random, pieces: Sequence[bytes]) -> bytes:
    """Return a cell of one to thirty pieces, most of them whole, with something between them."""
    made = bytearray()
    for _ in range(chance.choice((1, 1, 2, 2, 3, 5, chance.randrange(1, 30)))):
        made += bend(chance, chance.choice(pieces)) + chance.choice(JOINTS)
    return bytes(made)


def bend(chance: random.Random, piece: bytes) -> bytes:
    """Return a piece as it is, a part of it, or with up to three bytes changed."""
    how = chance.random()
    if how < 0.3:
        start, end = sorted(chance.randrange(len(piece) + 1) for _ in range(2))
        return piece[start:end]
    bent = bytearray(piece)
    for _ in range(chance.randrange(1, 4) if how > 0.6 else 0):
        if bent:
            _change(chance, bent, chance.randrange(len(bent)))
    return bytes(bent)


def _change(chance: random.Random, bent: bytearray, at: int) -> None:
    match chance.randrange(6):
        case 0:
            bent[at] = chance.randrange(256)
        case 1:
            del bent[at]
        case 2:
            bent[at:at] = chance.choice(JOINTS)
        case 3:
            bent[at:at] = bent[at : at + 1]
        case 4 if chr(bent[at]).isdigit():
            bent[at] = ord("0") + chance.randrange(10)
        case _:
            bent[at] ^= 0x20
