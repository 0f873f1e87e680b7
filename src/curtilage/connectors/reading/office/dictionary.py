"""A table that describes fields: which of its columns says what, and the field of each row.

* The heading of one column says that it has names: "Variable name", "Column", "Nom du champ"; others
  say what the fields are: a label, a definition, a type, the values. Each row is a place.
* Under an ordinary heading such as "name" the rows themselves have to show that they are fields.
* A table of questions needs no names, but questions; one with their answers beside them is none.

In doubt a table describes nothing: a wrong "dictionary" would copy residents' records into a report.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.languages import is_language, tag_of_label
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.foundation.place import Place

Row = Mapping[int, str]
Numbered = tuple[int, Row]

_LONGEST_HEADER: Final = 300
_LONGEST_FIELD_NAME: Final = 100


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAMES_SURE: Final = _words(
    """fieldname variablename columnname attributename dataelement elementname dataelementname variablefieldname
    variable varname datafield nomduchamp nomvariable nomdelavariable nombredelcampo nombrecampo
    nombredevariable nombrevariable nomedavariavel nomedocampo feldname variablenname variablefieldnamecolumnname"""
)
_NAMES_UNSURE: Final = _words(
    "name field column attribute element property propertyname var campo champ colonne feld item apiname columna coluna spalte"
)
#: Of these the heading itself says that they are fields, though a field may also be a meadow.
_NOUNS: Final = _words(
    "field variable column attribute element campo columna coluna champ colonne feld spalte variavel fields columns variables"
)
_NAMING: Final = _words("name names nombre nom nome api physical technical id identifier código")
_TEXTS: Final = (
    _words("""label fieldlabel question questiontext prompt displayname title caption variablelabel etiqueta libelle
    etiquette pregunta"""),
    _words("""description definition desc meaning explanation comment comments notes note details fieldnote help helptext
    descripcion definicion descripcio descricao definition beschreibung businessdefinition longname"""),
)
_LABEL_WORDS: Final = _words(
    "label labels question prompt caption wording etiqueta libelle libellé etiquette pregunta frage pergunta"
)
_DESCRIBING_WORDS: Final = _words(
    "description descriptions definition hint help meaning explanation comment comments notes note details descripción descripcion"
    " definición definicion descrição descricao définition beschreibung"
)
_TYPES: Final = _words(
    "type datatype fieldtype variabletype format columntype tipo tipodedato typ sqltype vartype"
)
_TYPE_WORDS: Final = _words("type datatype tipo typ")
_VALUES: Final = _words(
    """values allowedvalues validvalues permissiblevalues choices options codes codelist enumeration enum domain
    valuelabels possiblevalues acceptedvalues choicescalculationsorsliderlabels categories valores modalites
    permittedvalues validvaluesrange answerchoices responseoptions"""
)
_VALUE_WORDS: Final = _words(
    "values options choices codes codelist codeset categories levels valores modalités opciones picklist"
)
#: What a heading is about that has one of the words above and means something else by it.
_OTHER_WORDS: Final = _words(
    "type id number no num group order length position alignment logic branching default missing required source validation min max"
)
#: A column of the fields' types, labels or tables is none of their names.
_AROUND: Final = (
    _words("type label description definition note notes values format length table form count")
    | _LABEL_WORDS
)
_GROUPS: Final = _words(
    "table tablename form formname entity entityname dataset file filename object objectname section module sheet tabla sectionheader"
)
_QUESTIONS: Final = _words(
    "question questions questiontext questionwording pregunta preguntas frage pergunta surveyquestion fieldlabel"
)
#: A column of what one person said: such a table holds records, whatever else it is called.
_ONE_ANSWER: Final = _words("answer answered response respondent respuesta reponse")
_ANSWERED: Final = _ONE_ANSWER | _words("answers responses score value")
_NUMBERS: Final = _words("id no number num q qid questionid questionnumber questionno code key ref")
_ASKING_FILE: Final = re.compile(
    r"question|survey|form|intake|instrument|cuestionario|encuesta|checklist|screen", re.IGNORECASE
)
_TYPE_WORD: Final = re.compile(
    r"(?:n?var)?char|string|str|text|textarea|int|integer|bigint|smallint|tinyint|number|num|numeric|decimal|float|double"
    r"|real|bool|boolean|bit|date|datetime|time|timestamp|year|money|currency|uuid|guid|object|array|json|blob|binary"
    r"|char|character|enum|category|categorical|factor|lookup|picklist|select|radio|checkbox|dropdown|yesno|calc|descriptive"
    r"|file|notes|email|short[ _-]?answer|multiple[ _-]choice|paragraph|multi\w*|single\w*|free|open|datum|zahl|phone|url|texto|fecha|entero|n[uú]mero|cadena|texte|entier|chaine|alphanumeric|alpha|free",
    re.IGNORECASE,
)
IDENTIFIER: Final = re.compile(r"[^\W\d][\w.\-\[\]/:]*")
_JOINED_WORDS: Final = re.compile(r"_|[a-z][A-Z]|\w\.\w|\d$|^[A-Z][A-Z0-9]{1,11}$")
_DICTIONARY_FILE: Final = re.compile(
    r"dictionar|codebook|data[-_ ]?def|metadata|schema|variables|diccionario|dictionnaire|fields|columns|data[-_ ]?elements",
    re.IGNORECASE,
)
#: What a header never is, and a record often.
VALUE: Final = re.compile(
    r"[^@\s]+@[^@\s]+\.\w+|\(?\+?[\d(][\d\s().-]{4,}|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*|[-+$€£]?\d[\d,]*\.\d+%?"
    r"|[-+]?\d{1,3}|[-+]?\d{5,}|\d{4}-\d{2}-\d{2}T.*|[A-Za-z]{0,3}[-#]?\d{6,}"
)
_OPTION_BREAK: Final = re.compile(r"[|;\n]")
#: Rows of a form that ask nothing.
_STILL: Final = re.compile(
    r"(?:begin|end)[ _](?:group|repeat)|note|descriptive|start|end|today|deviceid|audit"
)


@dataclass(frozen=True, slots=True)
class Table:
    """Where a table lies.

    Attributes:
        source: As in :class:`Place`.
        prefix: Put before each locator: empty in a file of its own, ``SHEET!`` in a workbook.
        context: The sheet's or the table's title; may be empty.
        unit: What rows are counted in: ``row``, or ``line`` where a table stands in a text.
        sure: Whether what stands around says that fields are described.
    """

    source: str
    prefix: str = ""
    context: str = ""
    unit: str = "row"
    sure: bool = False


@dataclass(frozen=True, slots=True)
class Dictionary:
    """Which column of a data dictionary says what; -1 where none does.

    ``lang`` is that of the label, ``others`` are further labels, each with its language; ``asks`` is true where rows are questions,
    which may do without a name.
    """

    name: int
    label: int
    description: int
    type: int
    values: int
    group: int = -1
    others: tuple[tuple[int, str], ...] = ()
    lang: str = ""
    asks: bool = False


def normal(heading: str) -> str:
    """Return a heading in small letters, without blanks and signs."""
    return re.sub(r"[^\w]|_", "", heading.casefold())


def share(texts: Sequence[str], test: Callable[[str], bool]) -> float:
    """Return the share of ``texts`` for which ``test`` holds, 0 to 1; 0 for none."""
    return sum(bool(test(text)) for text in texts) / len(texts) if texts else 0.0


def distinct(texts: Sequence[object]) -> float:
    """Return the share of ``texts`` that are different, 0 to 1; 0 for none."""
    return len(set(texts)) / len(texts) if texts else 0.0


def find_dictionary(table: Table, header: Row, below: Sequence[Numbered]) -> Dictionary | None:
    """Return what the columns say of fields or questions; None where the table describes none.

    Args:
        table: Where it lies.
        header: The row of headings.
        below: The first rows under it.
    """
    headings = {index: (normal(text), _words_of(text)) for index, text in sorted(header.items())}
    found = _columns_of(headings)
    return _of_fields(table, found, headings, below) or _of_questions(table, found, headings, below)


def describe(table: Table, found: Dictionary, rows: Iterable[Numbered]) -> Iterator[Place]:
    """Give the field or question of each row."""
    for number, row in rows:
        name = plain(row.get(found.name, ""))[:_LONGEST_HEADER]
        text = join(row.get(found.label), row.get(found.description))
        type_ = plain(row.get(found.type, ""))[:100]
        if not (text if found.asks else name) or _STILL.fullmatch(type_.casefold()):
            continue
        said = ((tag, plain(row.get(index, ""))) for index, tag in found.others)
        yield Place(
            table.source,
            f"{table.prefix}{table.unit}:{number}",
            "question" if found.label >= 0 else "column",
            name=name,
            text=text,
            options=_split_options(row.get(found.values, "")),
            lang=found.lang if text else "",
            translations=tuple(pair for pair in said if pair[1]),
            context=join(table.context, row.get(found.group), by=" › ")[:300],
            type=type_,
        )


def _columns_of(headings: Mapping[int, tuple[str, frozenset[str]]]) -> Dictionary:
    """Tell the columns apart: by a heading that is known, else by its words."""

    def column(known: frozenset[str], words: frozenset[str] = frozenset()) -> int:
        exact = next((index for index, (said, _) in headings.items() if said in known), -1)
        likely = (
            index
            for index, (_, said) in headings.items()
            if said & words and not said & (_OTHER_WORDS - words)
        )
        return exact if exact >= 0 else next(likely, -1)

    name = column(_NAMES_SURE)
    if name < 0:
        is_named = (
            i for i, (_, said) in headings.items() if said & _NOUNS and said & _NAMING and not said & _AROUND
        )
        name = next(is_named, column(_NAMES_UNSURE))
    label = column(_TEXTS[0], _LABEL_WORDS)
    others = [
        (index, tag)
        for index, (_, said) in headings.items()
        if index not in {label, name}
        and said & _LABEL_WORDS
        and not said & _VALUE_WORDS
        and (tag := _language_of(said))
    ]
    return Dictionary(
        name,
        label if label != name else -1,
        column(_TEXTS[1], _DESCRIBING_WORDS),
        column(_TYPES, _TYPE_WORDS),
        column(_VALUES, _VALUE_WORDS),
        next((index for index, (said, _) in headings.items() if said in _GROUPS and index != name), -1),
        tuple(others),
        lang=_language_of(headings[label][1]) if label >= 0 and others else "",
    )


def _of_fields(
    table: Table,
    found: Dictionary,
    headings: Mapping[int, tuple[str, frozenset[str]]],
    below: Sequence[Numbered],
) -> Dictionary | None:
    described = [index for index in (found.label, found.description, found.type, found.values) if index >= 0]
    if found.name < 0 or not set(described) - {found.name} or len(below) < 2:
        return None
    if any(said in _ONE_ANSWER for said, _ in headings.values()):
        return None
    named = [(row.get(found.group, ""), row[found.name]) for _, row in below if found.name in row]
    fields = [name for _, name in named]
    if max(distinct(fields), distinct(named)) < 0.9 or share(fields, _may_name_a_field) < 0.9:
        return None
    heading, words = headings[found.name]
    if heading in _NAMES_SURE or (words & _NOUNS and words & _NAMING):
        return found
    return found if _describes_fields(table, found, fields, below, says_so=bool(words & _NOUNS)) else None


def _describes_fields(
    table: Table, found: Dictionary, fields: Sequence[str], below: Sequence[Numbered], *, says_so: bool
) -> bool:
    """Under an ordinary heading such as "name" the rows themselves have to show that they are fields."""
    types = [row[found.type] for _, row in below if found.type in row]
    has_types = bool(types) and share(types, lambda text: bool(_TYPE_WORD.match(text.strip()))) > 0.6
    if says_so and (has_types or table.sure):
        return True
    if share(fields, lambda text: bool(IDENTIFIER.fullmatch(text))) < 0.8:
        return False
    has_code_names = share(fields, lambda text: bool(_JOINED_WORDS.search(text))) > 0.3
    in_dictionary = table.sure or bool(_DICTIONARY_FILE.search(table.source.rsplit("/", 1)[-1]))
    in_languages = bool(found.others)
    return has_types + has_code_names + in_dictionary + says_so + in_languages >= 2


def _of_questions(
    table: Table,
    found: Dictionary,
    headings: Mapping[int, tuple[str, frozenset[str]]],
    below: Sequence[Numbered],
) -> Dictionary | None:
    """Return the columns of a list of questions, which may have numbers for names."""
    asked = next((index for index, (said, _) in headings.items() if said in _QUESTIONS), -1)
    if asked < 0 or len(below) < 2 or any(said in _ANSWERED for said, _ in headings.values()):
        return None
    texts = [row[asked] for _, row in below if asked in row]
    asks = share(texts, lambda text: text.rstrip().endswith(("?", ":", "？")) or text.count(" ") > 2) > 0.5
    in_form = (
        found.type >= 0 or found.values >= 0 or bool(_ASKING_FILE.search(table.source.rsplit("/", 1)[-1]))
    )
    if not (asks and in_form and distinct(texts) > 0.8):
        return None
    number = next((index for index, (said, _) in headings.items() if said in _NUMBERS or not said), -1)
    description = found.description if found.description != asked else -1
    return Dictionary(number, asked, description, found.type, found.values, found.group, asks=True)


def _words_of(heading: str) -> frozenset[str]:
    apart = re.sub(r"([a-z])([A-Z])", r"\1 \2", heading[:200])
    return frozenset(re.findall(r"[^\W\d_]+", apart.casefold()))


def _language_of(words: frozenset[str]) -> str:
    """Return the language that a heading such as "Label (es)" or ``label::Español`` names."""
    tags = (tag_of_label(word) for word in sorted(words - _LABEL_WORDS))
    return next((tag for tag in tags if is_language(tag)), "")


def _may_name_a_field(text: str) -> bool:
    return len(text) <= _LONGEST_FIELD_NAME and not VALUE.fullmatch(text.strip())


def _split_options(text: str) -> tuple[str, ...]:
    if not text:
        return ()
    parts = _OPTION_BREAK.split(text)
    if len(parts) == 1 and text.count(",") and len(text) < 400:
        parts = text.split(",")
    return shorten(parts)
