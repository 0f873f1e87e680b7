"""Fields as lines of JSON: read one, answer one."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from curtilage.detection.classifier import Classifier
from curtilage.detection.nouns import Verdict


class BadLineError(ValueError):
    """A line is not a field; the message says why without repeating what stands in it."""


class _Line(msgspec.Struct, gc=False):
    id: Any = None
    name: str | None = ""
    text: str | None = ""
    options: tuple[str | int | float | bool | None, ...] | None = ()
    lang: str | None = ""
    context: str | None = ""
    translations: dict[str, str] | None = None


class _Asked(msgspec.Struct, gc=False):
    name: str
    text: str
    options: tuple[str, ...]
    lang: str
    context: str
    translations: tuple[tuple[str, str], ...] = ()


class _Category(msgspec.Struct, gc=False):
    category: str
    reveals: str
    score: float
    reasons: tuple[str, ...]


class _Answer(msgspec.Struct, gc=False):
    id: Any
    categories: list[_Category]
    reveals: str
    reasons: tuple[str, ...] = ()


class Lines:
    r"""Answers one line after another with the same classifier.

    >>> Lines(Classifier()).answer(b'{"id": 1, "text": "Favourite colour"}')
    b'{"id":1,"categories":[],"reveals":"none","reasons":[]}\n'
    """

    def __init__(self, classifier: Classifier) -> None:
        self._classify = classifier.classify
        self._read: Final = msgspec.json.Decoder(_Line)
        self._write: Final = msgspec.json.Encoder()

    def answer(self, line: bytes) -> bytes:
        """Return the answer to one line, with the end of line.

        Raises:
            BadLineError: The line is not JSON, or a part of it has the wrong type.
        """
        try:
            field = self._read.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise BadLineError(_why(error)) from error
        return self._write.encode(_answer(field.id, self._classify(_asked(field)))) + b"\n"


def _asked(field: _Line) -> _Asked:
    options = field.options
    return _Asked(
        field.name or "",
        field.text or "",
        tuple([one if type(one) is str else str(one) for one in options if one is not None])
        if options
        else (),
        field.lang or "",
        field.context or "",
        tuple(field.translations.items()) if field.translations else (),
    )


def _answer(identifier: Any, verdict: Verdict) -> _Answer:
    found = [_Category(one.category, one.reveals.value, one.score, one.reasons) for one in verdict.matches]
    return _Answer(identifier, found, verdict.reveals.value, verdict.reasons)


def _why(error: Exception) -> str:
    """Say what is wrong with a line; messages of msgspec name keys and types, never values."""
    if isinstance(error, msgspec.ValidationError):
        return f"is JSON, but not a field: {error}."
    return "is not JSON."
