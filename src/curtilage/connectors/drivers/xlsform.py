"""XLSForm workbooks (KoboToolbox, ODK, SurveyCTO): sheets ``survey``, ``choices`` and ``settings``.

``SHEET!row:N`` counts rows from 1, the header included. The text is in the form's default language;
the other languages are translations. Groups around a question are its context.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError, NotInstalledError, UnreadableError
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.languages import tag_of_label
from curtilage.connectors.reading.office.sheets import Row, Sheet, is_workbook, open_workbook
from curtilage.connectors.reading.text import MOST_OPTIONS, join, plain, shorten
from curtilage.foundation.place import Place

_COLUMN: Final = re.compile(r"(label|caption|hint)\s*+(?:::?\s*+(.+))?", re.IGNORECASE)
_SURVEY_IN_XLS: Final = (b"survey", "survey".encode("utf-16-le"))
_TRUE: Final = frozenset({"yes", "true", "true()", "1"})
_BEGIN: Final = re.compile(r"begin[ _]?(?:group|repeat|lgroup)", re.IGNORECASE)
_END: Final = re.compile(r"end[ _]?(?:group|repeat|lgroup)", re.IGNORECASE)
_CHOOSE: Final = re.compile(
    r"(?:select[ _]?(?:one|multiple|all[ _]that[ _]apply)|select1|rank|add select (?:one|multiple) prompt using)"
    r"\s+(?:from\s+)?([^\s]+)",
    re.IGNORECASE,
)
#: Answered by the telephone or by the form, not by a person.
_COMPUTED: Final = frozenset(
    """start end today deviceid subscriberid simserial phonenumber username email audit calculate hidden
    start-geopoint background-audio xml-external csv-external device_id phone_number""".split()
)
_Texts = Mapping[str, str]  # language as the header names it ("" where it names none) to text


@dataclass(slots=True)
class _Choice:
    name: str
    labels: _Texts


@dataclass(slots=True)
class _Header:
    """Where each column of a sheet is."""

    plain: dict[str, int] = field(default_factory=dict)
    labels: dict[str, int] = field(default_factory=dict)
    hints: dict[str, int] = field(default_factory=dict)

    def cell(self, row: Row, *names: str) -> str:
        return next((row[self.plain[name]] for name in names if self.plain.get(name, -1) in row), "")

    @staticmethod
    def texts(row: Row, columns: Mapping[str, int]) -> dict[str, str]:
        return {language: plain(row[index]) for language, index in columns.items() if index in row}


class XlsFormReader:
    """Reads XLSForm questionnaires, ``.xlsx`` and ``.xls``."""

    name = "xlsform"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return how sure it is: a sheet called survey that has types and names."""
        if not is_workbook(document):
            return 0.0
        if document.content.startswith(b"PK"):
            try:
                sheets = open_workbook(document)
                is_named = {"survey", "choices"} <= {sheet.name.strip().lower() for sheet in sheets}
                return 0.97 if is_named or _find_survey(sheets) else 0.0
            except (LimitReachedError, UnreadableError):
                return 0.0
            except NotInstalledError:
                return 0.5
        named = any(sign in document.content for sign in _SURVEY_IN_XLS)
        return 0.6 if named and b"choices" in document.content.replace(b"\0", b"") else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a question, in the order of the survey sheet.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            NotInstalledError: A library that it needs is missing.
            UnreadableError: The workbook is damaged or has no survey sheet.
        """
        yield from within_limits(_places(document), document)


def _find_survey(sheets: Iterable[Sheet]) -> Sheet | None:
    for sheet in sheets:
        if sheet.name.strip().lower() == "survey":
            _, first = next(sheet.rows(), (0, {}))
            if {"type", "name"} <= {text.strip().lower() for text in first.values()}:
                return sheet
    return None


def _places(document: Document) -> Iterator[Place]:
    sheets = open_workbook(document)
    survey = _find_survey(sheets)
    if survey is None:
        raise UnreadableError(source=document.source, what="It has no survey sheet with types and names")
    by_name = {sheet.name.strip().lower(): sheet for sheet in sheets}
    title, default = _settings(by_name.get("settings"))
    choices = _choices(by_name.get("choices"))
    rows = survey.rows()
    header = _header(next(rows)[1])
    groups: list[str] = []
    for number, row in rows:
        kind = header.cell(row, "type")
        label, language = _pick(header.texts(row, header.labels), default)
        if _BEGIN.match(kind):
            groups.append(label)
        elif _END.match(kind):
            del groups[-1:]
        elif kind or label:
            yield Place(
                document.source,
                f"{survey.name}!row:{number}",
                "question",
                name=header.cell(row, "name"),
                text=join(label, _pick(header.texts(row, header.hints), default)[0]),
                options=_options(kind, choices, default),
                lang=tag_of_label(language),
                translations=_others(header.texts(row, header.labels), language),
                context=join(title, *groups),
                type=kind,
                facts=tuple(sorted(_facts(header, row, kind))),
            )


def _header(row: Row) -> _Header:
    header = _Header()
    for index, text in sorted(row.items()):
        found = _COLUMN.fullmatch(text.strip())
        if found is None:
            header.plain.setdefault(text.strip().lower().replace(" ", "_"), index)
        elif found[1].lower() == "hint":
            header.hints.setdefault(found[2] or "", index)
        else:
            header.labels.setdefault(found[2] or "", index)
    return header


def _settings(sheet: Sheet | None) -> tuple[str, str]:
    """Return the form's title and its default language, as they are written."""
    rows = sheet.rows() if sheet else iter(())
    _, names = next(rows, (0, {}))
    _, values = next(rows, (0, {}))
    settings = {name.strip().lower(): values.get(index, "") for index, name in names.items()}
    return plain(settings.get("form_title", "")), settings.get("default_language", "").strip()


def _choices(sheet: Sheet | None) -> dict[str, list[_Choice]]:
    rows = sheet.rows() if sheet else iter(())
    header = _header(next(rows, (0, {}))[1])
    lists: dict[str, list[_Choice]] = {}
    for _, row in rows:
        kept = lists.setdefault(header.cell(row, "list_name", "list"), [])
        if len(kept) < MOST_OPTIONS:
            kept.append(_Choice(header.cell(row, "name", "value"), header.texts(row, header.labels)))
    return lists


def _options(kind: str, choices: Mapping[str, list[_Choice]], default: str) -> tuple[str, ...]:
    found = _CHOOSE.match(kind)
    listed = choices.get(found[1], []) if found else []
    return shorten(_pick(choice.labels, default)[0] or choice.name for choice in listed)


def _pick(texts: _Texts, default: str) -> tuple[str, str]:
    """Return one wording and the language it is in: the default one, the unnamed, English, any."""
    tag = tag_of_label(default)
    by_preference = sorted(
        texts,
        key=lambda language: (
            language != default,
            not tag or tag_of_label(language) != tag,
            language != "",
            not tag_of_label(language).startswith("en"),
        ),
    )
    for language in by_preference:
        if texts[language]:
            return texts[language], language or default
    return "", default


def _others(texts: _Texts, language: str) -> tuple[tuple[str, str], ...]:
    kept = {tag_of_label(key): text for key, text in texts.items() if text and key not in (language, "")}
    return tuple((tag, text) for tag, text in kept.items() if tag)


def _facts(header: _Header, row: Row, kind: str) -> Iterator[str]:
    if header.cell(row, "required").lower() in _TRUE:
        yield "required"
    if kind.lower() in _COMPUTED or (header.cell(row, "calculation") and kind.lower() == "calculate"):
        yield "computed"
    if kind.lower() == "note" or header.cell(row, "read_only", "readonly").lower() in _TRUE:
        yield "read-only"
