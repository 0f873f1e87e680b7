"""The rules as the classifier carries them.

Compiling takes two seconds, reading what was compiled a few tenths, so it is kept (``kept.py``).
"""

from __future__ import annotations

import contextlib
import hashlib
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from curtilage.detection import lookup, phrases, rulebook, words
from curtilage.detection.kept import keep, read_kept
from curtilage.detection.lookup import grow
from curtilage.detection.phrases import GAP, Phrase
from curtilage.detection.rulebook import Combination, Entry, Rulebook


class Compiled(msgspec.Struct, frozen=True):
    """Everything a classifier needs.

    Attributes:
        phrases: All phrases; the trees name them by their place here.
        text: Tree of words for labels and names, see :func:`~curtilage.detection.lookup.grow`.
        option: The same for coded answers.
        exact: Words that some phrase has.
        prefixes: Beginnings of words that some phrase has (``immigra*``), without the star.
        combinations: In the order in which they are applied.
        abbreviations: See :class:`~curtilage.detection.rulebook.Rulebook`.
        short: See there.
        classes: See there.
    """

    phrases: list[Phrase]
    text: dict[str, Any]
    option: dict[str, Any]
    exact: frozenset[str]
    prefixes: frozenset[str]
    combinations: list[Combination]
    abbreviations: dict[str, tuple[str, ...]]
    short: frozenset[str]
    classes: dict[str, tuple[str, ...]]


def compile_rules(book: Rulebook) -> Compiled:
    """Put rules that were read into the form that is fast to use."""
    texts, options = _without_echoes(book.texts), _without_echoes(book.options)
    numbers: dict[int, int] = {}
    listed: list[Phrase] = []
    for _, phrase in (*texts, *options):
        if id(phrase) not in numbers:
            numbers[id(phrase)] = len(listed)
            listed.append(phrase)
    elements = {element for sequence, _ in (*book.texts, *book.options) for element in sequence} - {GAP}
    elements.update(*book.abbreviations.values())
    return Compiled(
        phrases=listed,
        text=grow((sequence, numbers[id(phrase)]) for sequence, phrase in texts),
        option=grow((sequence, numbers[id(phrase)]) for sequence, phrase in options),
        exact=frozenset(element for element in elements if not element.endswith("*")),
        prefixes=frozenset(element[:-1] for element in elements if element.endswith("*")),
        combinations=book.combinations,
        abbreviations=book.abbreviations,
        short=book.short,
        classes=book.classes,
    )


def _without_echoes(entries: list[Entry]) -> list[Entry]:
    """Leave out what another phrase of the same rule says as well and as strongly.

    ``immigration`` and ``immigrat*`` beside ``immigra*``; a name that is also a phrase of labels.
    """
    said: dict[tuple[object, ...], set[str]] = {}
    for sequence, phrase in entries:
        if phrase.plain:
            said.setdefault((*_meaning(phrase), sequence[1:]), set()).add(sequence[0])
    kept: list[Entry] = []
    seen: set[tuple[object, ...]] = set()
    for sequence, phrase in entries:
        first, rest = sequence[0], sequence[1:]
        others = said.get((*_meaning(phrase), rest), set()) if _only_zoned(phrase) else set()
        echo = any(first[:size] + "*" in others for size in range(3, len(first.rstrip("*"))))
        echo = (
            echo
            or (not first.endswith("*") and first + "*" in others)
            or (not phrase.plain and first in others)
        )
        key = (
            sequence,
            *_meaning(phrase),
            phrase.lang if phrase.strict else "",
            phrase.spelt,
            phrase.needs,
            phrase.lacks,
            phrase.zones,
            phrase.tones,
        )
        if not echo and key not in seen:
            seen.add(key)
            kept.append((sequence, phrase))
    return kept


def _meaning(phrase: Phrase) -> tuple[object, ...]:
    span = (phrase.begins, phrase.ends, phrase.keep, phrase.scope, phrase.masked)
    return (phrase.kind, phrase.target, phrase.rank, phrase.score, phrase.shy, *span)


def _only_zoned(phrase: Phrase) -> bool:
    """Say whether a phrase has no condition but where it stands."""
    return not (phrase.strict or phrase.tones or phrase.needs or phrase.lacks)


def shipped() -> Compiled:
    """Return the rules that ship with Curtilage, compiled now or before.

    Effects:
        Writes ``rules-*.json`` into ``__pycache__`` beside this module, or into ``~/.cache/curtilage``
        where that may not be written. It holds rules and nothing else.
    """
    name = f"rules-{_mark()}.json"
    for content in read_kept(name):
        with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
            return msgspec.json.decode(content, type=Compiled)
    made = compile_rules(rulebook.load())
    keep(name, msgspec.json.encode(made))
    return made


def _mark() -> str:
    """Return a fingerprint of the rules and of the code that compiles them."""
    digest = hashlib.blake2b(digest_size=12)
    for path in rulebook.sources(files("curtilage.detection")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    for module in (words, phrases, lookup, rulebook):
        digest.update(Path(module.__file__ or "").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()
