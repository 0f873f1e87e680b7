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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.label_words import has_label_word
from curtilage.connectors.reading.languages import tag_of_label
from curtilage.connectors.reading.messages import is_for_people
from curtilage.connectors.reading.office.dictionary import (
    IDENTIFIER,
    VALUE,
    Numbered,
    Row,
    Table,
    describe,
    distinct,
    find_dictionary,
    normal,
    share,
)
from curtilage.connectors.reading.text import join, plain
from curtilage.foundation.place import Place

SAMPLED_ROWS: Final = 200
"""How many rows that are not empty tell what a table is."""
_LONGEST_HEADER: Final = 300

_KEYS: Final = frozenset(
    "id key keys name msgid string stringid identifier code label_id messageid translationkey".split()
)
#: Columns beside translations that say what a wording is for.
_ASIDE: Final = frozenset(
    """description definition desc meaning explanation comment comments notes note details help helptext
    descripcion definicion descricao context""".split()
)


def read_table(table: Table, rows: Iterable[Numbered]) -> Iterator[Place]:
    """Give the places of one table; of a table of data the header only.

    Args:
        table: Where it lies.
        rows: Row number from 1 and its cells that are not empty. Taken from only as far as needed.
    """
    remaining = iter(rows)
    sample = list(itertools.islice(remaining, SAMPLED_ROWS))
    at = _header_at(sample)
    if at is None:
        return
    (number, header), below = sample[at], sample[at + 1 :]
    names = {index: normal(text) for index, text in header.items()}
    everything = itertools.chain(below, remaining)
    key, dictionary = _translation_key(names, header, below), find_dictionary(table, header, below)
    if dictionary and (key is None or dictionary.others):
        yield from describe(table, dictionary, everything)
    elif key is not None:
        yield from _translations(table, header, key, names, everything)
    else:
        yield from _columns(table, _header(number, header, below), header)


def _header_at(sample: Sequence[Numbered]) -> int | None:
    """Return which of the first rows is the header: the first that is as wide as the table."""
    if not sample:
        return None
    width = max(len(row) for _, row in sample[:30])
    wide = (at for at, (_, row) in enumerate(sample[:30]) if len(row) >= max(1, width * 0.6))
    return next(wide, 0)


# Data


@dataclass(frozen=True, slots=True)
class Header:
    """The columns of a table of data.

    Attributes:
        number: Its row, from 1; the first row of data where there is no header.
        names: By position; empty where a column has none.
        is_header: Whether the row names columns; otherwise it is data like the rows below it.
    """

    number: int
    names: tuple[str, ...]
    is_header: bool


def find_header(sample: Sequence[Numbered]) -> Header | None:
    """Return the columns of a table of data, named as its places are; None where it is empty.

    Args:
        sample: Its first rows that are not empty, at most :data:`SAMPLED_ROWS`.
    """
    at = _header_at(sample)
    return None if at is None else _header(*sample[at], sample[at + 1 :])


def _header(number: int, row: Row, below: Sequence[Numbered]) -> Header:
    is_header = not _looks_like_data(row, below)
    texts = [plain(_first_row(row.get(index, "")))[:_LONGEST_HEADER] for index in range(max(row) + 1)]
    names = tuple(text if is_header and not VALUE.fullmatch(text) else "" for text in texts)
    return Header(number, names, is_header)


def _columns(table: Table, header: Header, row: Row) -> Iterator[Place]:
    for index, name in enumerate(header.names):
        if header.is_header and not plain(_first_row(row.get(index, ""))):
            continue
        yield Place(
            table.source,
            f"{table.prefix}row:{header.number} col:{index + 1}",
            "column",
            name=name,
            context=table.context,
            facts=() if name else ("unnamed",),
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
    words = {index: text for index, text in texts.items() if not VALUE.fullmatch(text)}
    if len(texts) - len(words) > len(texts) / 3:
        return True
    others = [row for _, row in below if dict(row) != dict(header)]
    again = sum(any(row.get(index) == text for row in others) for index, text in words.items())
    if again > len(texts) * 0.3:
        return True
    if sum(map(has_label_word, words.values())) >= len(texts) / 4:
        return False
    if not others:
        return not any(IDENTIFIER.fullmatch(text) and text != text.title() for text in words.values())
    return all(
        _stands_like(text, [row[index] for row in others if index in row]) for index, text in texts.items()
    )


def _stands_like(text: str, cells: Sequence[str]) -> bool:
    """Return whether most cells have the shape of ``text``: the same order of capitals, digits and signs."""
    return share(cells, lambda cell: _shape(cell) == _shape(text)) > 0.8


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
        share(keys, lambda text: not text.isdigit() and len(text) < 200) > 0.95 and distinct(keys) > 0.9
    )
    has_words = share(wordings, is_for_people) > 0.7 and distinct(wordings) > 0.3
    return key if has_keys and has_words and share(wordings, lambda text: len(text) > 3) > 0.5 else None


def _language(header: str) -> str:
    bare = re.sub(
        r"^(?:text|label|translation|value|string)[\s_:.-]+", "", header.strip(), flags=re.IGNORECASE
    )
    return tag_of_label(bare)


def _translations(
    table: Table, header: Row, key: int, names: Mapping[int, str], rows: Iterable[Numbered]
) -> Iterator[Place]:
    aside = [index for index, name in names.items() if name in _ASIDE]
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
