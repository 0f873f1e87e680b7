"""Match what is declared with what was observed, both ways: columns by name, questions by name or words.

Rules:

* ``stored_in`` is ``SYSTEM.TABLE.COLUMN`` and matches an observed column of that system exactly, but
  for letter case: databases disagree on it.
* ``asked_in`` is ``FILE#NAME``; the name is that of the control, or its locator.
* A field of a collection that has forms but names no ``asked_in`` is found by its own words in any
  language, or by its id, so that a city need not write both.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from curtilage.foundation.place import Place
from curtilage.inventory.columns import name_column
from curtilage.inventory.nouns import Collection, Field
from curtilage.survey.nouns import Observed
from curtilage.survey.situation import Situation


def column_name(observed: Observed) -> str:
    """Return ``SYSTEM.TABLE.COLUMN`` of an observed column, as a declaration would write it."""
    table, column = name_column(observed.place)
    return f"{observed.system}.{table}.{column}"


def column_id(observed: Observed) -> str:
    """Return :func:`column_name` in lower case, for comparing."""
    return column_name(observed).lower()


def declared_columns(situation: Situation) -> dict[str, list[tuple[Collection, Field]]]:
    """Return who declares each ``SYSTEM.TABLE.COLUMN``, in lower case."""
    found: dict[str, list[tuple[Collection, Field]]] = {}
    for collection, field in situation.fields():
        for place in field.stored_in:
            found.setdefault(place.lower(), []).append((collection, field))
    return found


class Forms:
    """The questions that were seen in a city's forms, found once for each form that is declared.

    Args:
        situation: What was seen in systems is no question of a form and is left out.
    """

    def __init__(self, situation: Situation) -> None:
        self._seen: dict[str, list[Observed]] = {}
        for observed in situation.observation.observed if situation.observation else ():
            if not observed.system:
                self._seen.setdefault(observed.place.source, []).append(observed)
        self._sources: dict[str, frozenset[str]] = {}

    def questions_of(self, collection: Collection) -> list[Observed]:
        """Return the questions that were seen in the forms of ``collection``, source by source."""
        wanted = frozenset[str]().union(*map(self._within, collection.forms))
        return [observed for source in self._seen if source in wanted for observed in self._seen[source]]

    def was_read(self, form: str) -> bool:
        """Return whether any question of ``form`` was seen: only then can one be missing from it."""
        return bool(self._within(form))

    def _within(self, form: str) -> frozenset[str]:
        if form not in self._sources:
            self._sources[form] = frozenset(source for source in self._seen if _is_within(source, form))
        return self._sources[form]


def asks(field: Field, place: Place) -> bool:
    """Return whether ``place`` is where ``field`` is asked."""
    if field.asked_in:
        return any(_is_pointed_at(pointer, place) for pointer in field.asked_in)
    words = {_plain(text) for _, text in field.question if text}
    seen = {_plain(text) for text in (place.text, *(text for _, text in place.translations)) if text}
    short = field.id.rsplit(".", 1)[-1]
    return bool(words & seen) or _plain(short) == _plain(place.name.rsplit(".", 1)[-1])


def _is_within(source: str, form: str) -> bool:
    wanted = form.rstrip("/").removeprefix("./")
    seen = source.removeprefix("./")
    return seen == wanted or seen.startswith(f"{wanted}/") or f"/{seen}".endswith(f"/{wanted}")


def _is_pointed_at(pointer: str, place: Place) -> bool:
    file, _, name = pointer.partition("#")
    if not _is_within(place.source, file):
        return False
    return name in {place.name, place.locator, place.name.rsplit(".", 1)[-1]}


@lru_cache(maxsize=65536)
def _plain(text: str) -> str:
    """Fold case, accents, punctuation and spaces, so that two spellings of one question meet."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", " ", bare).strip()
