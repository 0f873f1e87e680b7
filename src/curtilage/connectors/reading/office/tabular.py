"""What a table of rows is: data under a header, a data dictionary, or translations.

The rules, in the order in which they are asked:

* A table of *translations* has a column of keys and columns named after languages, whose cells are
  wordings. Each wording is a place.
* A *data dictionary* has a column of field names and columns that describe them. Each row is a place.
* Anything else is *data*. Its header gives places, its rows are never kept.
* A first row that looks like data is not taken for a header: its columns stay without a name.

In doubt a table is data: a wrong "dictionary" would copy residents' records into a report.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.label_words import has_label_word
from curtilage.connectors.reading.languages import tag_of_label
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.foundation.place import Place

Row = Mapping[int, str]
Numbered = tuple[int, Row]

_SAMPLED_ROWS: Final = 200
_LONGEST_HEADER: Final = 300
_LONGEST_FIELD_NAME: Final = 100

_KEYS: Final = frozenset(
    "id key keys name msgid string stringid identifier code label_id messageid translationkey".split()
)
_NAMES_SURE: Final = frozenset(
    """fieldname variablename columnname attributename dataelement elementname dataelementname variablefieldname
    variable varname propertyname datafield nomduchamp nomvariable nomdelavariable nombredelcampo nombrecampo
    nombredevariable nombrevariable nomedavariavel nomedocampo feldname variablenname""".split()
)
_NAMES_UNSURE: Final = frozenset(
    "name field column attribute element property var campo champ colonne feld item apiname".split()
)
_TEXTS: Final = (
    """label fieldlabel question questiontext prompt displayname title caption variablelabel etiqueta libelle
    etiquette pregunta""".split(),
    """description definition desc meaning explanation comment comments notes note details fieldnote help helptext
    descripcion definicion descripcio descricao definition beschreibung businessdefinition longname""".split(),
)
_TYPES: Final = frozenset(
    "type datatype fieldtype variabletype format columntype tipo tipodedato typ sqltype vartype".split()
)
_VALUES: Final = frozenset(
    """values allowedvalues validvalues permissiblevalues choices options codes codelist enumeration enum domain
    valuelabels possiblevalues acceptedvalues choicescalculationsorsliderlabels categories valores modalites
    permittedvalues validvaluesrange answerchoices responseoptions""".split()
)
_TYPE_WORD: Final = re.compile(
    r"(?:n?var)?char|string|str|text|textarea|int|integer|bigint|smallint|tinyint|number|num|numeric|decimal|float|double"
    r"|real|bool|boolean|bit|date|datetime|time|timestamp|year|money|currency|uuid|guid|object|array|json|blob|binary"
    r"|char|character|enum|category|categorical|factor|lookup|picklist|select|radio|checkbox|dropdown|yesno|calc|descriptive"
    r"|file|notes|email|phone|url|texto|fecha|entero|n[uú]mero|cadena|texte|entier|chaine|alphanumeric|alpha|free",
    re.IGNORECASE,
)
_IDENTIFIER: Final = re.compile(r"[^\W\d][\w.\-\[\]/:]*")
_JOINED_WORDS: Final = re.compile(r"_|[a-z][A-Z]|\w\.\w|\d$")
_DICTIONARY_FILE: Final = re.compile(
    r"dictionar|codebook|data[-_ ]?def|metadata|schema|variables|diccionario|dictionnaire|fields",
    re.IGNORECASE,
)
#: What a header never is, and a record often.
_VALUE: Final = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\(?\+?[\d(][\d\s().-]{4,}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[-+$€£]?\d[\d,]*\.\d+%?"
    r"|[-+]?\d{1,3}|[-+]?\d{5,}|\d{4}-\d{2}-\d{2}T.*|[A-Za-z]{0,3}[-#]?\d{6,}"
)
_OPTION_BREAK: Final = re.compile(r"[|;\n]")


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table lies.

    Attributes:
        source: As in :class:`Place`.
        prefix: Put before each locator: empty in a file of its own, ``SHEET!`` in a workbook.
        context: The sheet's or the table's title; may be empty.
    """

    source: str
    prefix: str = ""
    context: str = ""


def read_table(table: Table, rows: Iterable[Numbered]) -> Iterator[Place]:
    """Give the places of one table; of a table of data the header only.

    Args:
        table: Where it lies.
        rows: Row number from 1 and its cells that are not empty. Taken from only as far as needed.
    """
    remaining = iter(rows)
    sample = list(itertools.islice(remaining, _SAMPLED_ROWS))
    at = _find_header(sample)
    if at is None:
        return
    (number, header), below = sample[at], sample[at + 1 :]
    names = {index: _normal(text) for index, text in header.items()}
    everything = itertools.chain(below, remaining)
    if (key := _translation_key(names, header, below)) is not None:
        yield from _translations(table, header, key, names, everything)
    elif dictionary := _dictionary(table, names, below):
        yield from _described(table, dictionary, everything)
    else:
        yield from _columns(table, number, header, below)


def _find_header(sample: Sequence[Numbered]) -> int | None:
    """Return which of the first rows is the header: the first that is as wide as the table."""
    if not sample:
        return None
    width = max(len(row) for _, row in sample[:30])
    wide = (at for at, (_, row) in enumerate(sample[:30]) if len(row) >= max(1, width * 0.6))
    return next(wide, 0)


def _normal(text: str) -> str:
    return re.sub(r"[^\w]|_", "", text.casefold())


# Data


def _columns(table: Table, number: int, header: Row, below: Sequence[Numbered]) -> Iterator[Place]:
    is_header = not _looks_like_data(header, below)
    for index in range(max(header) + 1):
        text = plain(_first_row(header.get(index, "")))[:_LONGEST_HEADER]
        has_name = is_header and bool(text) and not _VALUE.fullmatch(text)
        if not text and is_header:
            continue
        yield Place(
            table.source,
            f"{table.prefix}row:{number} col:{index + 1}",
            "column",
            name=text if has_name else "",
            context=table.context,
            facts=() if has_name else ("unnamed",),
        )


def _first_row(cell: str) -> str:
    """Return a header's cell; of one that an unclosed quote joined with the rows below, its first line.

    A heading may be broken over lines; one whose first line holds a delimiter is a row of its own.
    """
    first, _, rest = cell.partition("\n")
    return first if rest and re.search(r"[,;\t|]", first) else cell


def _looks_like_data(header: Row, below: Sequence[Numbered]) -> bool:
    """A first row of values, or of cells as they stand in the rows below it, is no header."""
    texts = {index: text.strip() for index, text in header.items()}
    words = {index: text for index, text in texts.items() if not _VALUE.fullmatch(text)}
    if len(texts) - len(words) > len(texts) / 3:
        return True
    others = [row for _, row in below if dict(row) != dict(header)]
    again = sum(any(row.get(index) == text for row in others) for index, text in words.items())
    if again > len(texts) * 0.3:
        return True
    if sum(map(has_label_word, words.values())) >= len(texts) / 4:
        return False
    if not others:
        return not any(_IDENTIFIER.fullmatch(text) and text != text.title() for text in words.values())
    return all(
        _stands_like(text, [row[index] for row in others if index in row]) for index, text in texts.items()
    )


def _stands_like(text: str, cells: Sequence[str]) -> bool:
    """Return whether most cells have the shape of ``text``: the same order of capitals, digits and signs."""
    return _share(cells, lambda cell: _shape(cell) == _shape(text)) > 0.8


def _shape(text: str) -> str:
    signs = (
        "A" if sign.isupper() else "a" if sign.isalpha() else "9" if sign.isdigit() else sign for sign in text
    )
    return "".join(sign for sign, _ in itertools.groupby(signs))


# Translations


def _translation_key(names: Mapping[int, str], header: Row, below: Sequence[Numbered]) -> int | None:
    """Return the column of keys where the table holds translations, else None."""
    languages = [index for index in header if names[index] not in _KEYS and _language(header[index])]
    key = next((index for index, name in sorted(names.items()) if name in _KEYS), None)
    if key is None or not languages or (len(languages) < 2 and len(header) > 3):
        return None
    keys = [row[key] for _, row in below if key in row]
    wordings = [row[index] for _, row in below for index in languages if index in row]
    has_keys = (
        _share(keys, lambda text: not text.isdigit() and len(text) < 200) > 0.95 and _distinct(keys) > 0.9
    )
    has_words = _share(wordings, is_for_people) > 0.7 and _distinct(wordings) > 0.3
    return key if has_keys and has_words and _share(wordings, lambda text: len(text) > 3) > 0.5 else None


def _language(header: str) -> str:
    bare = re.sub(
        r"^(?:text|label|translation|value|string)[\s_:.-]+", "", header.strip(), flags=re.IGNORECASE
    )
    return tag_of_label(bare)


def _translations(
    table: Table, header: Row, key: int, names: Mapping[int, str], rows: Iterable[Numbered]
) -> Iterator[Place]:
    aside = [index for index, name in names.items() if name in _TEXTS[1]]
    languages = [
        (index, _language(header[index])) for index in sorted(header) if index != key and index not in aside
    ]
    for number, row in rows:
        for index, tag in languages:
            if tag and is_for_people(row.get(index, "")):
                yield Place(
                    table.source,
                    f"{table.prefix}row:{number} col:{header[index].strip()}",
                    "question",
                    name=plain(row.get(key, "")),
                    text=plain(row[index]),
                    lang=tag,
                    context=join(*(row.get(other) for other in aside)),
                )


# Data dictionaries


@dataclass(frozen=True, slots=True)
class _Dictionary:
    """Which column of a data dictionary says what; -1 where none does."""

    name: int
    label: int
    description: int
    type: int
    values: int


def _dictionary(table: Table, names: Mapping[int, str], below: Sequence[Numbered]) -> _Dictionary | None:
    def column(known: Iterable[str]) -> int:
        wanted = frozenset(known)
        return next((index for index, name in sorted(names.items()) if name in wanted), -1)

    sure, unsure = column(_NAMES_SURE), column(_NAMES_UNSURE)
    found = _Dictionary(
        sure if sure >= 0 else unsure, column(_TEXTS[0]), column(_TEXTS[1]), column(_TYPES), column(_VALUES)
    )
    described = [index for index in (found.label, found.description, found.type, found.values) if index >= 0]
    if found.name < 0 or not described or len(below) < 2:
        return None
    fields = [row[found.name] for _, row in below if found.name in row]
    if _distinct(fields) < 0.9 or _share(fields, _may_name_a_field) < 0.9:
        return None
    if sure >= 0:
        return found
    return found if _describes_fields(table, found, fields, below) else None


def _describes_fields(
    table: Table, found: _Dictionary, fields: Sequence[str], below: Sequence[Numbered]
) -> bool:
    """Under an ordinary heading such as "name" the rows themselves have to show that they are fields."""
    if _share(fields, lambda text: bool(_IDENTIFIER.fullmatch(text))) < 0.8:
        return False
    types = [row[found.type] for _, row in below if found.type in row]
    has_types = bool(types) and _share(types, lambda text: bool(_TYPE_WORD.match(text.strip()))) > 0.6
    has_code_names = _share(fields, lambda text: bool(_JOINED_WORDS.search(text))) > 0.3
    says_so = bool(_DICTIONARY_FILE.search(table.source.rsplit("/", 1)[-1]))
    return has_types + has_code_names + says_so >= 2


def _may_name_a_field(text: str) -> bool:
    return len(text) <= _LONGEST_FIELD_NAME and not _VALUE.fullmatch(text.strip())


def _described(table: Table, found: _Dictionary, rows: Iterable[Numbered]) -> Iterator[Place]:
    for number, row in rows:
        if not (name := plain(row.get(found.name, ""))[:_LONGEST_HEADER]):
            continue
        yield Place(
            table.source,
            f"{table.prefix}row:{number}",
            "question" if found.label >= 0 else "column",
            name=name,
            text=join(row.get(found.label), row.get(found.description)),
            options=_split_options(row.get(found.values, "")),
            context=table.context,
            type=plain(row.get(found.type, ""))[:100],
        )


def _split_options(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    parts = _OPTION_BREAK.split(text)
    if len(parts) == 1 and text.count(",") and len(text) < 400:
        parts = text.split(",")
    return shorten(parts)


def _share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    return sum(bool(test(text)) for text in texts) / len(texts) if texts else 0.0


def _distinct(texts: Sequence[str]) -> float:
    return len(set(texts)) / len(texts) if texts else 0.0
