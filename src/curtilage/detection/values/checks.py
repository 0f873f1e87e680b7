"""What must hold of an identifier beyond its shape: ranges, real dates, check digits. All of it is data.

Every check speaks of the *squeezed* text: letters, digits and ``<`` only, in upper case. Positions count
from 0, negative ones from the end; a position outside the text makes a check fail. The kernel
(``kernel.c``) knows the same checks under the same names.
"""

from __future__ import annotations

import calendar
import re
from typing import Any, Final

import msgspec

#: Values of letters and digits in sums, where a check names no other.
ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LEAP: Final = 2000
_RUNS: Final = ("0123456789", "123456789", "1234567890", "987654321", "9876543210", "12345678", "87654321")


class In(msgspec.Struct, frozen=True, tag="in", tag_field="check"):
    """The number at ``at`` of ``length`` digits lies in one of ``ranges``, both ends included."""

    at: int
    length: int
    ranges: tuple[tuple[int, int], ...]


class Out(msgspec.Struct, frozen=True, tag="out", tag_field="check"):
    """The number at ``at`` of ``length`` digits lies in none of ``ranges``."""

    at: int
    length: int
    ranges: tuple[tuple[int, int], ...]


class OneOf(msgspec.Struct, frozen=True, tag="one_of", tag_field="check"):
    """The text at ``at`` of ``length`` characters is one of ``of``."""

    at: int
    length: int
    of: frozenset[str]


class NoneOf(msgspec.Struct, frozen=True, tag="none_of", tag_field="check"):
    """The text at ``at`` of ``length`` characters is none of ``of``."""

    at: int
    length: int
    of: frozenset[str]


class Date(msgspec.Struct, frozen=True, tag="date", tag_field="check"):
    """A day of the calendar stands at ``at``, written in ``order``.

    ``yymmdd`` and ``ddmmyy`` and ``mmddyy`` allow 29 February in any year; ``yyyymmdd``, ``ddmmyyyy``
    and ``mmddyyyy`` know the year. ``mdy``, ``dmy`` and ``ymd`` read the numbers of the hit as it is
    written, with whatever stands between them; then ``at`` means nothing.
    """

    order: str
    at: int = 0


class Sum(msgspec.Struct, frozen=True, tag="sum", tag_field="check"):
    """A weighted sum picks the character at ``at`` (``expect[sum % mod]``), or leaves one of ``residues``.

    Attributes:
        take: Positions that are added up; one outside the text adds nothing.
        weights: One for each of them.
        mod: The modulus; ``expect`` has as many characters.
        expect: The character for each remainder; a space where there is none. Empty with ``residues``.
        at: Position of the check character.
        residues: What may remain, where no single character says it; empty with ``expect``.
        fold: Add the decimal digits of each product instead of the product (as Luhn does).
        values: Alphabet whose places are the characters' values; ``<`` counts 0. A character that
            is not in it makes the check fail.
    """

    take: tuple[int, ...]
    weights: tuple[int, ...]
    mod: int
    expect: str = ""
    at: int = -1
    residues: tuple[int, ...] = ()
    fold: bool = False
    values: str = ALPHABET


class Remainder(msgspec.Struct, frozen=True, tag="remainder", tag_field="check"):
    """The number at ``from`` of ``length`` digits, modulo ``mod``, picks the character at ``at``.

    Attributes:
        at_number: Position of the number, ``from`` in a rule's file.
        prefix: What a letter in front of the number stands for (``XYZ``: X is 0, Y 1, Z 2), read as
            its first digit; empty where none stands there.
    """

    at_number: int = msgspec.field(name="from")
    length: int
    mod: int
    expect: str
    at: int
    prefix: str = ""


class Luhn(msgspec.Struct, frozen=True, tag="luhn", tag_field="check"):
    """All digits together satisfy Luhn's rule. Source: ISO/IEC 7812-1."""


class Verhoeff(msgspec.Struct, frozen=True, tag="verhoeff", tag_field="check"):
    """All digits together satisfy Verhoeff's rule."""


class Mod97(msgspec.Struct, frozen=True, tag="mod97", tag_field="check"):
    """The text satisfies the rule of bank account numbers. Source: ISO 13616 (IBAN)."""


class Varied(msgspec.Struct, frozen=True, tag="varied", tag_field="check"):
    """The digits are not all the same and not simply counted up or down."""


class Length(msgspec.Struct, frozen=True, tag="length", tag_field="check"):
    """The squeezed text has one of these lengths."""

    of: tuple[int, ...]


Check = In | Out | OneOf | NoneOf | Date | Sum | Remainder | Luhn | Verhoeff | Mod97 | Varied | Length


def holds(check: Check, squeezed: str, written: bytes) -> bool:
    """Return whether a check holds.

    Args:
        check: What is asked.
        squeezed: Letters, digits and ``<`` of the hit, upper case, slips already read as digits.
        written: The hit as it stands in the folded text; only dates as written look at it.
    """
    match check:
        case In(at, length, ranges):
            number = _number(squeezed, at, length)
            return number >= 0 and any(low <= number <= high for low, high in ranges)
        case Out(at, length, ranges):
            number = _number(squeezed, at, length)
            return number >= 0 and not any(low <= number <= high for low, high in ranges)
        case OneOf(at, length, of):
            return _part(squeezed, at, length) in of
        case NoneOf(at, length, of):
            part = _part(squeezed, at, length)
            return bool(part) and part not in of
        case Date():
            return _is_day(check, squeezed, written)
        case Sum():
            return _sums_up(check, squeezed)
        case Remainder():
            return _remains(check, squeezed)
        case Luhn():
            return _luhn(squeezed)
        case Verhoeff():
            return _verhoeff(squeezed)
        case Mod97():
            return _mod97(squeezed)
        case Varied():
            return _varied(squeezed)
        case Length(of):
            return len(squeezed) in of


def _part(text: str, at: int, length: int) -> str:
    """Return the part of ``text``, empty where it does not lie wholly within."""
    start = at if at >= 0 else len(text) + at
    return text[start : start + length] if start >= 0 and start + length <= len(text) else ""


def _number(text: str, at: int, length: int) -> int:
    """Return the number that stands there; -1 where there are not only digits."""
    part = _part(text, at, length)
    return int(part) if part.isdigit() else -1


def _is_day(check: Date, squeezed: str, written: bytes) -> bool:
    if len(check.order) == len("mdy"):
        numbers = [int(digits) for digits in re.findall(rb"[0-9]+", written)]
        if len(numbers) != len("mdy"):
            return False
        parts = dict(zip(check.order, numbers, strict=True))
        year, known = parts["y"], parts["y"] >= 100
        return _real(year if known else _LEAP, parts["m"], parts["d"])
    at, parts = check.at if check.at >= 0 else len(squeezed) + check.at, {}
    for letter in dict.fromkeys(check.order):
        length = check.order.count(letter)
        parts[letter] = _number(squeezed, at, length) if at >= 0 else -1
        at += length
    year = parts["y"] if check.order.count("y") == len("yyyy") else _LEAP
    return parts["y"] >= 0 and _real(year, parts["m"], parts["d"])


def _real(year: int, month: int, day: int) -> bool:
    if not (1 <= year <= 9999 and 1 <= month <= 12 and day >= 1):
        return False
    return day <= calendar.monthrange(year, month)[1]


def _value(values: str, letter: str) -> int:
    return 0 if letter == "<" else values.find(letter)


def _sums_up(check: Sum, squeezed: str) -> bool:
    total = 0
    for at, weight in zip(check.take, check.weights, strict=True):
        letter = _part(squeezed, at, 1)
        value = _value(check.values, letter) if letter else 0
        if value < 0:
            return False
        product = value * weight
        total += sum(map(int, str(product))) if check.fold else product
    if check.residues:
        return total % check.mod in check.residues
    found = _part(squeezed, check.at, 1)
    return bool(found) and found == check.expect[total % check.mod]


def _remains(check: Remainder, squeezed: str) -> bool:
    start = check.at_number if check.at_number >= 0 else len(squeezed) + check.at_number
    digits = _part(squeezed, start, check.length) if start >= 0 else ""
    if check.prefix:
        letter = _part(squeezed, start - 1, 1) if start > 0 else ""
        first = check.prefix.find(letter) if letter else -1
        digits = f"{first}{digits}" if first >= 0 and digits else ""
    found = _part(squeezed, check.at, 1)
    return digits.isdigit() and bool(found) and found == check.expect[int(digits) % check.mod]


def _digits(squeezed: str) -> list[int]:
    return [ord(letter) - ord("0") for letter in squeezed if "0" <= letter <= "9"]


def _luhn(squeezed: str) -> bool:
    digits = _digits(squeezed)
    doubled = [digit * 2 - 9 * (digit > 4) for digit in digits[-2::-2]]
    return len(digits) > 1 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


_D5: Final = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_P8: Final = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def _verhoeff(squeezed: str) -> bool:
    state = 0
    digits = _digits(squeezed)
    for place, digit in enumerate(reversed(digits)):
        state = int(_D5[state][int(_P8[place % 8][digit])])
    return len(digits) > 1 and state == 0


def _mod97(squeezed: str) -> bool:
    total = 0
    for letter in squeezed[4:] + squeezed[:4]:
        value = ALPHABET.find(letter)
        if value < 0:
            return False
        total = (total * (100 if value > 9 else 10) + value) % 97
    return len(squeezed) > len("XX00") and total == 1


def _varied(squeezed: str) -> bool:
    digits = "".join(map(str, _digits(squeezed)))
    return len(set(digits)) > 1 and digits not in _RUNS


def describe(check: Check) -> dict[str, Any]:
    """Return a check as plain data, the way a rule's file writes it."""
    plain: dict[str, Any] = msgspec.to_builtins(check)
    return plain
