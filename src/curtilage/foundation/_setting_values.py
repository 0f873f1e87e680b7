"""What a value of a setting may be, and what to write instead; see ``settings.py``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import Field
from typing import Any, Final
from zoneinfo import ZoneInfo

_LEAST: Final[Mapping[str, float]] = {
    "survey.jobs": 0,
    "survey.sample": 0,
    "survey.pace": 0,
    "retention.grace_days": 0,
    "retention.warn_days": 0,
    "disclosure.counts_threshold": 2,
}
_MOST: Final[Mapping[str, float]] = {
    "survey.jobs": 4096,
    "limits.seconds": 86_400,
    "disclosure.review_hours": 24,
    **{f"retention.{name}_days": 3_650 for name in ("grace", "warn", "valid", "consent", "review")},
}
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {"disclosure.counts_grain": ("month", "quarter", "year")}
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

EXAMPLES: Final[Mapping[str, str]] = {"name": '"Rivermark"', "zone": '"America/Chicago"'}
"""What to write for a setting that has no default."""


def find_wrong(where: str, each: Field[Any], value: Any) -> tuple[str, str] | None:
    """Return what is wrong with a value, and what to write; None where it is right."""
    if each.type in {"int", "float"}:
        return _wrong_number(where, each, value)
    if each.type == "bool":
        return None if isinstance(value, bool) else ("is neither true nor false", f"Write: {where} = true")
    if each.type == "str":
        if not isinstance(value, str) or not value.strip():
            example = EXAMPLES.get(where) or f'"{each.default}"'
            return "is no text", f"Write: {where} = {example}"
        if where in _WORDS and value not in _WORDS[where]:
            return f"is none of {', '.join(_WORDS[where])}", f'Write: {where} = "{each.default}"'
        return _wrong_zone(value) if where == "zone" else None
    right = (
        isinstance(value, list)
        and value
        and all(isinstance(tag, str) and _LANGUAGE.fullmatch(tag) for tag in value)
    )
    return None if right else ("is no list of language tags", 'Write: languages = ["en", "es"]')


def _wrong_number(where: str, each: Field[Any], value: Any) -> tuple[str, str] | None:
    least, most = _LEAST.get(where, 1), _MOST.get(where, 2**53 - 1)
    kinds = int if each.type == "int" else int | float
    is_number = isinstance(value, kinds) and not isinstance(value, bool)
    if is_number and least <= value <= most:
        return None
    said = f"is no {'whole ' if each.type == 'int' else ''}number from {least} up"
    bounded = where in _MOST or (is_number and value > most)
    return f"{said} to {most}" if bounded else said, f"Default: {each.default}."


def _wrong_zone(value: str) -> tuple[str, str] | None:
    try:
        ZoneInfo(value)
    except (OSError, ValueError, KeyError):  # a missing name, a path, or a folder of the database
        return "is no time zone that this machine knows", f"Write: zone = {EXAMPLES['zone']}"
    return None


def read_variable(text: str, each: Field[Any]) -> Any:
    """Turn a variable into what the file would hold; what cannot be turned stays text and is refused."""
    if each.type == "bool":
        return {"true": True, "false": False}.get(text.strip().lower(), text)
    if each.type in {"int", "float"}:
        try:
            return int(text) if each.type == "int" else float(text)
        except ValueError:
            return text
    return text if each.type == "str" else [tag.strip() for tag in text.split(",")]


def holds_password(address: str) -> bool:
    return bool(re.search(r"://[^/\s]*:[^\s]+@|(?i:\b(?:password|passwd|pwd)=)", address))
