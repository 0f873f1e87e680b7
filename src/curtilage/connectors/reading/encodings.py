"""Which encoding the bytes of a text are in, told from the bytes alone.

In this order: a byte order mark, UTF-8 (a few damaged bytes do not count), UTF-16 without a mark, the double-byte encodings of East Asia
where pairs of bytes decode to characters that people really write, else Windows-1252.
"""

from __future__ import annotations

import codecs
import re
from typing import Final

#: Byte order marks, the longer ones first, and what Python calls the encoding that follows them.
MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LAST_RESORT: Final = "cp1252"
_HIGH_RUNS: Final = re.compile(rb"[\x80-\xff][\x40-\xff]*")
#: Encoding, and the characters that make up most of a real text in it.
_EAST_ASIAN: Final = (
    ("cp932", re.compile("[\u3041-\u30ff]")),
    ("euc_jp", re.compile("[\u3041-\u30ff]")),
    ("cp949", re.compile("[\uac00-\ud7a3]")),
    ("gb18030", re.compile("[\u4e00-\u9fa5]")),
    ("big5", re.compile("[\u4e00-\u9fa5]")),
)
_FAR_MORE: Final = 4
_FEWEST: Final = 6
_ENOUGH: Final = 0.7


def guess_encoding(head: bytes, *, whole: bool = False) -> str:
    r"""Return Python's name of the encoding that ``head``, the beginning of a text, is in.

    A character that is cut off at the end does not count against an encoding, unless this is the
    ``whole`` text.

    >>> guess_encoding("naïve".encode()), guess_encoding("naïve".encode("latin-1"))
    ('utf-8', 'cp1252')
    >>> guess_encoding("姓名,地址,电话号码,备注\n王小明,北京市朝阳区,无\n".encode("gb18030"))
    'gb18030'
    """
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if wide := _wide(head):
        return wide
    if _is_mostly_utf_8(head, whole=whole):
        return "utf-8"
    return _east_asian(head) or LAST_RESORT


def _is_mostly_utf_8(head: bytes, *, whole: bool) -> bool:
    """Return whether it is UTF-8 as a whole, or a damaged text in it: far more signs follow it than do not."""
    if _follows(head, "utf-8", whole=whole) is not None:
        return True
    text = head.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    return sum(sign > "\x7f" for sign in text) - damaged >= _FAR_MORE * damaged


def _wide(head: bytes) -> str:
    """Return the byte order of UTF-16 without a mark: every second byte of Latin text is zero."""
    half = len(head) // 2
    if half < 4 or b"\0" not in head:
        return ""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _follows(head: bytes, encoding: str, *, whole: bool = False) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)("strict").decode(head, whole)
    except UnicodeDecodeError:
        return None


def _east_asian(head: bytes) -> str:
    # Accents of European languages stand alone between letters; ideographs stand in rows.
    runs = _HIGH_RUNS.findall(head)
    pairs = sum(len(run) for run in runs if len(run) > 2)
    if not runs or pairs < 2 * _FEWEST or pairs < _ENOUGH * sum(map(len, runs)):
        return ""
    weighed = [(_likeness(head, name, usual), name) for name, usual in _EAST_ASIAN]
    best, name = max(weighed, key=lambda one: one[0])
    return name if best >= _ENOUGH else ""


def _likeness(head: bytes, encoding: str, usual: re.Pattern[str]) -> float:
    """Return how much a text looks like one in its language, 0 to 1."""
    text = _follows(head, encoding)
    if text is None:
        return 0.0
    foreign = [sign for sign in text if sign >= "\u0080"]
    if len(foreign) < _FEWEST:
        return 0.0
    if encoding in ("cp932", "euc_jp"):
        # Japanese mixes kana with ideographs; half-width kana is what other encodings look like.
        kana = sum(bool(usual.match(sign)) for sign in foreign)
        known = kana + sum("\u4e00" <= sign <= "\u9fa5" or "\u3000" <= sign <= "\u301c" for sign in foreign)
        return known / len(foreign) if kana > 0.15 * len(foreign) else 0.0
    usuals = [sign for sign in foreign if usual.match(sign)]
    return sum(_is_common(sign, encoding) for sign in usuals) / len(foreign)


def _is_common(sign: str, encoding: str) -> bool:
    """Return whether a sign stands in the part of the code that holds what is written every day."""
    if encoding == "cp949":
        lead = sign.encode("cp949", "replace")
        return len(lead) == 2 and 0xB0 <= lead[0] <= 0xC8 and lead[1] >= 0xA1
    code = sign.encode(encoding, "replace")
    if len(code) != 2:
        return False
    return 0xB0 <= code[0] <= 0xD7 and code[1] >= 0xA1 if encoding == "gb18030" else 0xA4 <= code[0] <= 0xC6
