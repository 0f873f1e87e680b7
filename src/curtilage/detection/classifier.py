"""The classifier: rules compiled once, then one pass over each field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from curtilage.detection.compiled import compile_rules, shipped
from curtilage.detection.judge import NOTHING, Zone, judge
from curtilage.detection.lookup import Hit, Lookup
from curtilage.detection.nouns import Verdict
from curtilage.detection.phrases import Phrase
from curtilage.detection.rulebook import STATUS, Rulebook
from curtilage.detection.vocabulary import Vocabulary
from curtilage.detection.words import STOP, name_words, split_question, words
from curtilage.inventory.nouns import Reveals

_LONGEST: Final = 20_000
"""Characters of one part of a field that are read; a form never asks that much in one place."""


#: Says of a field that it lists its answers; phrases may ask for it.
_WITH_OPTIONS: Final = (Phrase("group", "with-options", ""), 0, 1)


class Asked(Protocol):
    """What a classifier reads of a field; a :class:`~curtilage.foundation.place.Place` has it all."""

    @property
    def name(self) -> str:
        """Return the column, key or variable."""

    @property
    def text(self) -> str:
        """Return the visible label or the comment."""

    @property
    def options(self) -> Sequence[str]:
        """Return the coded answers."""

    @property
    def lang(self) -> str:
        """Return the language of ``text``, a BCP 47 tag."""

    @property
    def context(self) -> str:
        """Return a little of what stands around."""

    @property
    def translations(self) -> Sequence[tuple[str, str]]:
        """Return the same text in other languages, ``(tag, text)``."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field on its own, where there is no :class:`~curtilage.foundation.place.Place`."""

    name: str = ""
    text: str = ""
    options: tuple[str, ...] = ()
    lang: str = ""
    context: str = ""
    translations: tuple[tuple[str, str], ...] = ()


class Classifier:
    """Says what questions and columns collect, in any of the languages of the rules.

    Make one and keep it: making it reads every rule. It holds nothing of the fields it has read
    but single words, and may be used by one thread at a time.

    >>> verdict = Classifier().classify(Field(text="¿En qué país nació?"))
    >>> verdict.categories, str(verdict.reveals)
    (('country_of_birth',), 'strong')
    """

    def __init__(self, rules: Rulebook | None = None) -> None:
        made = shipped() if rules is None else compile_rules(rules)
        self._text = Lookup(made.text, made.phrases)
        self._option = Lookup(made.option, made.phrases)
        self._combinations = made.combinations
        self._vocabulary = Vocabulary(
            made.exact, made.prefixes, also=made.abbreviations, short=made.short, classes=made.classes
        )

    def classify(self, field: Asked) -> Verdict:
        """Return what a field collects, what that tells, and the rules that say so.

        Args:
            field: Read only; any of its parts may be empty, none may be None.
        """
        verdict = self._read(field)
        if verdict.matches or not (others := _in_other_words(field)):
            return verdict
        # The plainest: of several versions one may say what the others only mean.
        told = max(map(self._read, others), key=lambda each: (each.reveals.rank, len(each.matches)))
        return told if told.matches else verdict

    def _read(self, field: Asked) -> Verdict:
        zones: list[Zone] = []
        if field.name:
            self._read_name(field.name, field.text, zones)
        raw = field.text
        if raw:
            label, question = split_question(raw[:_LONGEST])
            label, _, explained = label.partition(" \N{EM DASH} ")
            self._read_text(label, "text", zones)
            if explained:
                self._read_text(explained, "help", zones)
            if question:
                self._read_text(question, "question", zones)
        if field.options:
            self._read_options(field.options, zones)
            if zones:
                zones.append(Zone("context", (), [_WITH_OPTIONS]))
        if field.context and zones:
            self._read_text(field.context[:_LONGEST], "context", zones)
        if not zones:
            return NOTHING
        return judge(zones, field.lang[:2].lower(), raw, self._combinations)

    def _read_text(self, text: str, kind: str, zones: list[Zone]) -> None:
        found = words(text)
        hits = self._text.find(self._vocabulary.text(found))
        if hits:
            zones.append(Zone(kind, found, hits))

    def _read_name(self, name: str, text: str, zones: list[Zone]) -> None:
        found, last = name_words(name[:_LONGEST])
        symbols, begins = self._vocabulary.name(found)
        hits = self._text.find(symbols)
        if hits and last and found[last - 1] in _LISTS and not text and _is_list(name, found, last):
            return
        if hits and last and _is_lookup(found, last):
            hits = [hit for hit in hits if hit[0].target not in STATUS]
        if not hits:
            return
        border = begins[last] if last else 0
        if border:
            hits = [
                hit
                for hit in hits
                if hit[1] >= border or not hit[2] >> border or not _runs_into(hit, begins, found)
            ]
        if border and not text:
            hits = _of_the_column(hits, found[last:], border)
        own = [hit for hit in hits if hit[2] >> border] if border else hits
        if own:
            zones.append(Zone("name", found, own, (border, len(symbols))))
        if len(own) < len(hits):
            bare = all(word in _ATTRIBUTES or word.isdigit() for word in found[last:])
            around = [hit for hit in hits if not hit[2] >> border]
            if not bare and name[:1].isupper() and _WORDS.search(text):
                around = [hit for hit in around if hit[0].kind != "match"]
            zones.append(Zone("table", found, around, (0, border), bare=bare))

    def _read_options(self, options: Sequence[str], zones: list[Zone]) -> None:
        found = words(f" {STOP}\n ".join(options)[:_LONGEST])
        hits = self._option.find(self._vocabulary.text(found))
        if hits:
            zones.append(Zone("option", found, hits))


_BESIDE: Final = " / "
"""Stands between one label in two languages."""


def _in_other_words(field: Asked) -> list[Field]:
    """Return a field that says nothing itself as its translations, or its label's halves, say it."""
    if field.translations:
        return [Field(text=text, lang=lang) for lang, text in field.translations]
    parts = field.text[:_LONGEST].split(_BESIDE, 3)
    return [Field(text=part) for part in parts] if len(parts) > 1 else []


_ATTRIBUTES: Final = frozenset(
    "amount amt kind type category reason reasons details detail description desc other value status start "
    "end begin from to date frequency freq code cd level source notes comments text number num none unknown "
    "count total condition conditions monto tipo motivo otro fecha montant art grund betrag filing filed decision decided approval "
    "approved denial denied outcome result disposition jurisdiction stage dt dte yr yrs expir expirtn expiratn exprtn issd effdt nbr cntry ctry".split()
)
"""Words for columns that say nothing without the name of their table (chosen)."""

_OF_A_PART: Final = frozenset(
    "point port country countries issuing issuer issue issued authority place expiry expires expiration valid until "
    "copy scan front back entered entry arrived arrival city town village municipality county state "
    "province region district document doc card pais pays land ciudad ville stadt "
    "expira vence validez emision entrada entree einreise".split()
)
"""Words for columns that are a part of what the table names: a birth, a passport, an entry (chosen)."""

_TOLD: Final = frozenset("description desc descripcion descricao beschreibung".split())
"""Columns that explain what their table lists (chosen)."""

_WORDS: Final = re.compile(r"[^\W\d_]{3,}.*[^\W\d_]{3,}")
"""A label that can be understood without its table; a number on a paper form cannot (chosen)."""

_KEYS: Final = frozenset("id uuid guid pk fk key".split())
_SINGLES_OUT: Final = Reveals.STRONG.rank

_OF_A_LIST: Final = frozenset(
    "id code cd name desc description label value key abbr abbreviation title short long".split()
)


_LISTS: Final = frozenset(
    "type types kind kinds lookup lookups lkp lov enum enums catalog catalogue codelist codelists catalogo catalogos "
    "nationality nationalities nacionalidad nacionalidades nacionalidade nationalite nationalites citizenships "
    "ethnicity ethnicities etnia etnias race races language languages idioma idiomas langue langues lingua linguas "
    "religion religions religiones gender genders sexes generos country countries paises pays visatype visatypes".split()
)
"""How tables are called that list what may be chosen (chosen)."""

_SAYS_NO_MORE: Final = _OF_A_LIST | {"url", "path", "file", "heading", "flag", "ind", "yn", "dt", "date"}

_OF_ROWS: Final = _OF_A_LIST - {"id", "value", "key"} | {
    "notes",
    "order",
    "sort",
    "active",
    "enabled",
    "iso",
    "display",
}


def _is_list(name: str, found: Sequence[str], last: int) -> bool:
    """Say whether a table lists what may be chosen: ``nationality.code``, ``visa_type.name``."""
    return name.count(".") == 1 and all(word in _OF_ROWS or word.isdigit() for word in found[last:])


def _runs_into(hit: Hit, begins: Sequence[int], found: Sequence[str]) -> bool:
    """Say whether a phrase of table and column takes a part of the column only: ``client.first_language``."""
    phrase, _, used = hit
    if phrase.kind != "match" or phrase.target in STATUS:
        return False
    end = used.bit_length()
    left = [word for word, at in zip(found, begins, strict=True) if at >= end and not word.isdigit()]
    return any(word not in _SAYS_NO_MORE for word in left)


def _of_the_column(hits: Sequence[Hit], own: Sequence[str], border: int) -> list[Hit]:
    """Return the hits that a column without a label may take from its table.

    ``immigration.status`` and ``passports.expiry`` need it to be understood; ``refugees.name`` is a name,
    ``refugees.id`` and ``families.id`` are keys.
    """
    if all(word in _ATTRIBUTES or word in _OF_A_PART or word.isdigit() for word in own):
        # The description of a visa is nobody's visa.
        told = not all(word in _TOLD for word in own)
        return [hit for hit in hits if told or hit[0].kind != "match" or hit[0].target not in STATUS]
    key = all(word in _KEYS for word in own)
    return [hit for hit in hits if hit[0].kind != "match" or _stays(hit, border, key=key)]


def _stays(hit: Hit, border: int, *, key: bool) -> bool:
    phrase, start, used = hit
    if start >= border:
        return True
    return not key and (phrase.rank < _SINGLES_OUT or used.bit_length() > border)


def _is_lookup(found: Sequence[str], last: int) -> bool:
    """Say whether a column belongs to a list of codes: ``ethnicity.ethnicity_code`` holds nobody's.

    So it is where table and column bear the same word and the column adds only that it is a code.
    """
    own = found[last:]
    return len(own) > 1 and own[0] == found[last - 1] and all(word in _OF_A_LIST for word in own[1:])
