"""piicatcher on values: its scanner of names and its scanner of data, without the language model.

It wants a catalogue in a database and spaCy's model. Neither takes part in what it says of a cell, so
stand-ins with the same names let its own scanners run as they are.
"""

import enum
import json
import sys
import types
from collections import Counter

import values_common


class PiiTypes(enum.Enum):
    """The names that piicatcher uses."""

    NONE = PERSON = 1
    EMAIL, BIRTH_DATE, GENDER, NATIONALITY, ADDRESS, USER_NAME = 2, 3, 4, 5, 6, 7
    PASSWORD, SSN, PHONE, CREDIT_CARD, LOCATION, UNSUPPORTED = 8, 9, 10, 11, 12, 13


def stand_in(name, **held):
    """Put a module of that name in place."""
    module = types.ModuleType(name)
    module.__dict__.update(held)
    sys.modules[name] = module


stand_in("spacy")
stand_in("dbcat")
stand_in("dbcat.catalog", Catalog=object)
stand_in("dbcat.catalog.models", CatColumn=object, CatSchema=object, CatTable=object, PiiTypes=PiiTypes)
stand_in("piicatcher", __path__=[f"{path}/piicatcher" for path in sys.path if path.endswith("site-packages")])

from piicatcher.scanner import ColumnNameScanner, RegexScanner  # noqa: E402 - after the stand-ins


def main():
    """Answer."""
    options = values_common.asked()
    data = RegexScanner()

    def find(text, _):
        for kind in data.scan(text):
            yield 0, len(text), kind.name

    if options.question == "texts":
        values_common.answer_texts(find, options.seconds)
    elif options.question == "columns":
        columns(options, find)
    else:
        values_common.answer_cells(find, options.seconds)


def columns(options, find):
    """Say what the name tells, or else what the largest part of the filled cells is, from a twentieth on."""
    names, table = values_common.rows()
    clock = values_common.Clock(options.seconds)
    table = table[:2000]
    for number, name in enumerate(names):
        kinds = [] if options.hidden else [kind.name for kind in ColumnNameScanner().scan(name)]
        filled = [row[number] for row in table if row[number] is not None]
        found = Counter(kind for text in filled for _, _, kind in find(text, name))
        if not kinds and found and found.most_common(1)[0][1] >= len(filled) / 20:
            kinds = [found.most_common(1)[0][0]]
        print(json.dumps({"column": number, "kinds": kinds}))
    size = sum(len(text.encode()) for row in table for text in row if text is not None)
    values_common.finish(len(table), size, clock.spent())


if __name__ == "__main__":
    main()
