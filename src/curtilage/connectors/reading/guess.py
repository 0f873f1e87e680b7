"""Which language a form is in, told by its script and its small words.

A form's own statement is believed unless its words say clearly otherwise: cities copy an English
form, translate the labels and leave ``langcode: en``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.foundation.place import Place

#: Small words that the others do not share, chosen by reading forms of each language.
_SMALL_WORDS: Final = {
    "en": "the of your you is are what this do have please or and if for with address name date",
    "es": "el los las del su sus usted por favor una está tiene qué cuál es fecha nombre dirección número ¿ y",
    "fr": "le les des du votre vos vous êtes est une avez quel quelle et pour nom date adresse où",
    "pt": "os as do da seu sua você por favor uma não tem qual é data nome endereço número e são",
    "it": "il gli della del suo sua lei per favore una è hai quale e nome data indirizzo di che",
    "de": "der die das und ist sie ihr ihre bitte haben eine ein nicht welche für name datum wann mit",
    "nl": "de het een uw u bent is heeft welke en naam datum niet voor van wat",
    "vi": "của quý vị là có không bạn tên ngày và người nào địa chỉ số",
    "tl": "ang mga iyong inyong ng sa ka ba ay kayo pangalan petsa mayroon at o",
    "ht": "ou yo nan ki pou gen eske èske non dat adrès tanpri moun oswa ak",
}
_WORDS: Final = {lang: frozenset(words.split()) for lang, words in _SMALL_WORDS.items()}
_SCRIPTS: Final = (
    ("ko", re.compile(r"[가-힣]")),
    ("ja", re.compile(r"[ぁ-ヿ]")),
    ("zh", re.compile(r"[一-鿿]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("ru", re.compile(r"[а-яё]")),
    ("am", re.compile(r"[\u1200-\u137f]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
_WORD: Final = re.compile(r"[^\W\d_]+|¿")
_SAMPLE: Final = 400


def guess_language(texts: Iterable[str], stated: str = "") -> str:
    """Return the BCP 47 tag that fits ``texts``, ``stated`` where nothing else is clearly told.

    >>> guess_language(["Fecha de nacimiento", "¿Cuál es su dirección?"], "en")
    'es'
    >>> guess_language(["SSN"], "en")
    'en'
    """
    sample = " ".join(islice((text for text in texts if text), _SAMPLE)).lower()[:40_000]
    letters = sum(map(str.isalpha, sample))
    for lang, script in _SCRIPTS:
        if letters and len(script.findall(sample)) > 0.25 * letters:
            return stated if stated.startswith(lang) else lang
    words = _WORD.findall(sample)
    counts = Counter({lang: sum(word in known for word in words) for lang, known in _WORDS.items()})
    (best, most), (_, second) = counts.most_common(2)
    base = stated.lower()[:2]
    floor = counts.get(base, second) if base in counts else second
    return best if most >= 3 and most > 1.5 * floor and best != base else stated


def tag_language(places: Iterable[Place], document: Document, stated: str = "") -> Iterator[Place]:
    """Give the places with the language of all their texts together, where they have none.

    Raises:
        LimitReachedError: There are more than ``limits.places``, or they took too long.
    """
    kept = list(within_limits(places, document))
    lang = guess_language((place.text for place in kept), stated)
    for place in kept:
        yield replace(place, lang=lang) if (place.text or place.options) and not place.lang else place
