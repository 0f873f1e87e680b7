"""Write values as YAML the way a person would: blocks for nouns, one line for what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_PLAIN: Final = re.compile(r"[^\W_](?:[\w./()'+@#-]| (?!#))*")
_AMBIGUOUS: Final = re.compile(
    r"~|null|true|false|yes|no|on|off|y|n|[-+.\d_]+(?:e[-+]?\d+)?|0x[0-9a-f_]+|0o?[0-7_]+", re.IGNORECASE
)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
#: What YAML takes for a line's end or cannot print, inside quotation marks.
_ESCAPED: Final = re.compile("[\u0085\u2028\u2029\ufeff\ufffe\uffff\x7f]")


@dataclass(frozen=True, slots=True)
class Remarked:
    """A value with a comment to put behind it; a value of None is written empty."""

    value: Any
    remark: str


def emit_text(text: str) -> str:
    r"""Return a text as one YAML value on one line, in quotation marks where it needs them.

    >>> emit_text("Country of birth"), emit_text("no"), emit_text("a: b"), emit_text("x\ny")
    ('Country of birth', '"no"', '"a: b"', '"x\\ny"')
    """
    plain = _PLAIN.fullmatch(text) is not None and not text.endswith(" ")
    if plain and (_DAY.fullmatch(text) or not _AMBIGUOUS.fullmatch(text)) and not _ESCAPED.search(text):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'


def emit_value(value: Any) -> str:
    """Return a text, a flag, a list or a mapping as one line of YAML.

    >>> emit_value({"en": "Country", "es": "País"})
    '{en: Country, es: País}'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{emit_text(key)}: {emit_value(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(emit_value(item) for item in value) + "]"
    return emit_text(str(value))


def emit_noun(plain: Mapping[str, Any], *, indent: int = 0, item: bool = False) -> list[str]:
    """Return the lines of a noun: a key a line, further nouns below theirs.

    Args:
        plain: As ``shapes.write_noun`` gives it; values may be :class:`Remarked`.
        indent: Spaces before each line.
        item: The noun is a list's item: its first line begins with ``- ``.
    """
    lines = [line for key, value in plain.items() for line in _emit_key(key, value)]
    pad = " " * indent
    if not item:
        return [f"{pad}{line}" for line in lines]
    return [f"{pad}{'- ' if index == 0 else '  '}{line}" for index, line in enumerate(lines)]


def _emit_key(key: str, value: Any) -> list[str]:
    value, remark = (value.value, value.remark) if isinstance(value, Remarked) else (value, "")
    behind = f"  # {_one_line(remark)}" if remark else ""
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        inner = [line for item in value for line in emit_noun(item, indent=2, item=True)]
        return [f"{key}:{behind}", *inner]
    if value is None:
        return [f"{key}:{behind}"]
    return [f"{key}: {emit_value(value)}{behind}"]


def _one_line(remark: str) -> str:
    return "".join(character if character.isprintable() else " " for character in remark)
