"""Kinds of values: how each is read from a node, and how it is written again.

Days and lengths of time are in ``_times.py``, ids and places in ``_pointers.py``.

A kind answers three questions: what stands in the noun where the file says nothing, what a node
means, and what to write for a value. Reading and writing stand side by side so that what is read
back is what was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol

from curtilage.inventory._reading import Reading
from curtilage.inventory._yaml import Leaf, Node, Pairs, Rows
from curtilage.inventory.nouns import Texts

BAD: Final = object()
"""Stands for a value that could not be read; its problem is noted, the noun is not built."""

Plain = None | bool | str | list[Any] | dict[str, Any]
"""What YAML and JSON hold; None is "leave the key out"."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a value stands: the name of its key, the id of its program, the ids around it."""

    key: str
    program: str = ""
    parent: str = ""


class Kind(Protocol):
    """One kind of value."""

    @property
    def nothing(self) -> Any:
        """Return what stands in the noun where the file says nothing."""
        ...

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Return the value, or BAD after noting the problem."""
        ...

    def write(self, value: Any) -> Plain:
        """Return what to write; None to leave the key out."""
        ...


_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]")
_PART: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DOTTED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(?:\.[A-Za-z0-9][A-Za-z0-9_-]*)*")
_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SHAPE_NAMES: Final = {Leaf: "a single value", Rows: "a list", Pairs: "a mapping"}
_LANGUAGES: Final = {
    "english": "en",
    "spanish": "es",
    "español": "es",
    "chinese": "zh",
    "vietnamese": "vi",
    "haitian": "ht",
    "creole": "ht",
    "kreyol": "ht",
    "tagalog": "tl",
    "french": "fr",
    "portuguese": "pt",
    "russian": "ru",
    "arabic": "ar",
    "korean": "ko",
    "somali": "so",
    "norwegian": "no",
}


def wrong_type(node: Node, scope: Scope, reading: Reading, wanted: str, instead: str) -> Any:
    """Note that a node has the wrong form, and return BAD."""
    what = f"`{scope.key}` must be {wanted}, not {_SHAPE_NAMES[type(node)]}."
    reading.problem(node.line, "inventory.wrong-type", what, instead)
    return BAD


def read_leaf(node: Node, scope: Scope, reading: Reading) -> str | None:
    """Return the text of a single value; None after noting what is wrong with it."""
    if not isinstance(node, Leaf):
        wrong_type(node, scope, reading, "a text", f"Write `{scope.key}: text` on one line.")
        return None
    if _CONTROL.search(node.text):
        what = f"`{scope.key}` holds an invisible control character."
        reading.problem(node.line, "inventory.control-character", what, "Type the text again.")
        return None
    return node.text


@dataclass(frozen=True, slots=True)
class Text:
    """A text; empty where nothing is said."""

    nothing: str = ""

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read a text, spaces around it dropped."""
        text = read_leaf(node, scope, reading)
        return BAD if text is None else text

    def write(self, value: str) -> Plain:
        """Write it as it is."""
        return value or None


@dataclass(frozen=True, slots=True)
class Link(Text):
    """A web address; empty where none is given."""

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read a web address."""
        text = read_leaf(node, scope, reading)
        if text and not re.fullmatch(r"https?://[^\s<>\"]+", text):
            what = f"`{scope.key}` is no web address."
            reading.problem(node.line, "inventory.bad-link", what, "Write it from https:// on.")
            return BAD
        return BAD if text is None else text


@dataclass(frozen=True, slots=True)
class Identifier:
    """The id of the noun itself; ``dotted`` ids may hold dots."""

    dotted: bool = False
    nothing: str = ""

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read an id."""
        text = read_leaf(node, scope, reading)
        if text is None:
            return BAD
        if not (_DOTTED if self.dotted else _PART).fullmatch(text):
            what = f"`{scope.key}: {text}` is no id." if text else f"`{scope.key}` is empty."
            letters = f"letters, digits, `-`, `_`{', `.`' if self.dotted else ''}"
            instead = f"Write {letters} only{_as_id(text)}."
            reading.problem(node.line, "inventory.bad-id", what, instead)
            return BAD
        return text

    def write(self, value: str) -> Plain:
        """Write it as it is."""
        return value


def _as_id(text: str) -> str:
    made = slug(text)
    return f", such as {made}" if made else ""


def slug(text: str) -> str:
    """Return ``text`` as an id of lower-case words joined by ``_``; empty where no letter remains.

    >>> slug("Applicant's birth-country (2)"), slug("País de nacimiento")
    ('applicants_birth_country_2', 'pais_de_nacimiento')
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    return re.sub(r"[^a-z0-9]+", "_", plain.lower().replace("'", "")).strip("_")


@dataclass(frozen=True, slots=True)
class Words:
    """Several texts; one alone needs no brackets."""

    nothing: tuple[str, ...] = ()

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read each, leave empty ones out."""
        rows = _rows(node, scope, reading)
        if rows is None:
            return BAD
        found = [self.read_one(row, scope, reading) for row in rows]
        return BAD if BAD in found else tuple(word for word in found if word)

    def read_one(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one text."""
        text = read_leaf(node, scope, reading)
        return BAD if text is None else text

    def write(self, value: Sequence[str]) -> Plain:
        """Write a list."""
        return list(value) or None


def _rows(node: Node, scope: Scope, reading: Reading) -> Sequence[Node] | None:
    if isinstance(node, Rows):
        return node.items
    if isinstance(node, Leaf):
        return [node] if node.text else []
    wrong_type(node, scope, reading, "a list", f"Write `{scope.key}: [one, another]`.")
    return None


@dataclass(frozen=True, slots=True)
class Tags(Words):
    """Languages, as BCP 47 tags."""

    def read_one(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one tag."""
        text = read_leaf(node, scope, reading)
        return BAD if text is None or not _check_tag(text, node.line, reading) else text


def is_language(tag: str) -> bool:
    """Return whether ``tag`` can be a BCP 47 tag.

    >>> is_language("zh-Hant"), is_language("spanish"), is_language("")
    (True, False, False)
    """
    return _TAG.fullmatch(tag) is not None and tag.lower() not in _LANGUAGES


def without_language(path: str) -> str:
    """Return a path without the words in it that may name a language: what its versions have in common.

    >>> without_language("forms/intake.es.html") == without_language("forms/intake.html")
    True
    >>> without_language("intake_spanish.pdf") == without_language("intake_en.pdf")
    True
    """
    words = re.split(r"[./_-]+", path)
    return "/".join(
        word for word in words if word.lower() not in _LANGUAGES and not re.fullmatch(r"[a-z]{2}", word)
    )


def _check_tag(text: str, line: int, reading: Reading) -> bool:
    if not text or is_language(text):
        return True
    meant = _LANGUAGES.get(text.lower(), "")
    instead = f"did you mean {meant}?" if meant else "Write a BCP 47 tag, such as en, es or zh-Hant."
    reading.problem(line, "inventory.bad-language", f"`{text}` is no language tag;", instead)
    return False


@dataclass(frozen=True, slots=True)
class LanguageTexts:
    """One text in several languages."""

    nothing: Texts = ()

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read a mapping of tag to text, or JSON's list of ``lang`` and ``text``."""
        if isinstance(node, Leaf) and not node.text:
            return ()
        if isinstance(node, Rows) and (pairs := _pairs_of_rows(node)) is not None:
            node = pairs
        if not isinstance(node, Pairs):
            instead = f'Say which language it is: {scope.key}: {{en: "..."}}.'
            return wrong_type(node, scope, reading, "a text for each language", instead)
        found = [self._read_one(key, value, scope, reading) for key, value in node.items]
        tags = [key.text for key, _ in node.items]
        for (key, _), index in zip(node.items, range(len(tags)), strict=True):
            if key.text in tags[:index]:
                what = f"`{scope.key}` has the language `{key.text}` twice."
                reading.problem(key.line, "inventory.duplicate-key", what, "Delete one of them.")
                found.append(BAD)
        return BAD if BAD in found else tuple(text for text in found if text)

    def _read_one(self, key: Leaf, value: Node, scope: Scope, reading: Reading) -> Any:
        text = read_leaf(value, Scope(f"{scope.key}.{key.text}"), reading)
        good = _check_tag(key.text or "an empty key", key.line, reading)
        if text is None or not good:
            return BAD
        return (key.text, text) if text else None

    def write(self, value: Texts) -> Plain:
        """Write a mapping of tag to text, in the order of the noun."""
        return dict(value) or None


def _pairs_of_rows(rows: Rows) -> Pairs | None:
    found: list[tuple[Leaf, Node]] = []
    for row in rows.items:
        pairs = {key.text: value for key, value in row.items} if isinstance(row, Pairs) else {}
        lang = pairs.get("lang")
        if set(pairs) != {"lang", "text"} or not isinstance(lang, Leaf):
            return None
        found.append((lang, pairs["text"]))
    return Pairs(found, rows.line)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no; ``nothing`` stands where the file says neither."""

    nothing: bool | None = None

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read a yes or a no."""
        text = read_leaf(node, scope, reading)
        if not text:
            return BAD if text is None else self.nothing
        if text.lower() in {"true", "yes"}:
            return True
        if text.lower() in {"false", "no"}:
            return False
        what = f"`{scope.key}: {text}` is neither yes nor no."
        instead = "Write true or false; leave the key out where nobody knows."
        reading.problem(node.line, "inventory.bad-flag", what, instead)
        return BAD

    def write(self, value: bool | None) -> Plain:  # noqa: FBT001 - the value itself
        """Write it where it says more than nothing."""
        return None if value is self.nothing else value


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    of: type[StrEnum]
    nothing: StrEnum | None = None

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one of the words, in any case."""
        text = read_leaf(node, scope, reading)
        if not text:
            return BAD if text is None else self.nothing
        try:
            return self.of(text.lower())
        except ValueError:
            return refuse_choice(text, list(self.of), node, scope, reading)

    def write(self, value: StrEnum | None) -> Plain:
        """Write the word where it says more than nothing."""
        return None if value is None or value is self.nothing else str(value)


def refuse_choice(text: str, words: Sequence[str], node: Node, scope: Scope, reading: Reading) -> Any:
    """Note that a word is none of those that can stand here, and return BAD."""
    said = reading.suggest(text, [str(word) for word in words])
    instead = said or f"Write one of: {', '.join(words)}."
    what = f"unknown {scope.key.replace('_', ' ')} `{text}`;"
    reading.problem(node.line, "inventory.unknown-choice", what, instead)
    return BAD


@dataclass(frozen=True, slots=True)
class Word:
    """One of a few words that have no type of their own; empty where nothing is said."""

    of: tuple[str, ...]
    nothing: str = ""

    def read(self, node: Node, scope: Scope, reading: Reading) -> Any:
        """Read one of the words, in any case."""
        text = read_leaf(node, scope, reading)
        if text is None:
            return BAD
        if text and text.lower() not in self.of:
            return refuse_choice(text, self.of, node, scope, reading)
        return text.lower()

    def write(self, value: str) -> Plain:
        """Write it as it is."""
        return value or None
