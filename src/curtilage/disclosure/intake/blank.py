"""A form of intake to be filled in, with what a paper hints at beside each key, and nothing filled in for it.

What a paper hints at stands in comments only: a person writes the word, or does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.disclosure.intake.form import ASKED, KEYS, NEW_CASE, words_of
from curtilage.disclosure.intake.front import ASKER_PARTS
from curtilage.disclosure.intake.nouns import NOT_PROOF, Reading

_HEAD: Final = (
    "# What a paper says, as a person read it. Fill in behind the colons; leave empty what the paper does not say.",
    "# Names, and the paper's own words, are kept sealed; destroy this file when the case has it.",
)


def blank_form(reading: Reading | None = None, *, is_new: bool = True) -> str:
    """Return the form, YAML.

    Args:
        reading: What the paper hints at; None for none.
        is_new: Whether it begins a case.
    """
    return "\n".join(
        [*_HEAD, *(f"# {line}" for line in _about(reading)), "", *_lines(reading, is_new=is_new), ""]
    )


def _about(reading: Reading | None) -> Iterator[str]:
    if reading is None:
        return
    yield NOT_PROOF
    for look in reading.looks:
        yield f"! {look.says} {look.do}"


def _lines(reading: Reading | None, *, is_new: bool) -> Iterator[str]:
    for key, each in KEYS.items():
        if key in NEW_CASE and not is_new:
            continue
        hinted = _hinted(key, reading)
        needed = "needed: " if each.must or key in NEW_CASE else ""
        words = f" ({', '.join(words_of(key))})" if words_of(key) else ""
        yield f"{key}:{_value(key, reading)}  # {needed}{each.says}{words}{hinted}"
        if each.kind == "service":
            yield from (f"  {part}:" for part in ASKER_PARTS)
        if each.kind == "people":
            yield "#  - A-1007"
        if each.kind == "asked":
            yield from (f"#  - {word}" for word in ASKED)


def _value(key: str, reading: Reading | None) -> str:
    """Return what is written already: nothing but which rules spoke."""
    return f" [{', '.join(reading.ids)}]" if key == "hints" and reading else ""


def _hinted(key: str, reading: Reading | None) -> str:
    found = [each for each in reading.suggestions if each.fact == key] if reading else []
    said = ", ".join(f"{each.word} ({each.sure})" for each in found)
    return f"; the paper hints at {said}" if said else ""
