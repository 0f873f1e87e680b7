"""Questionnaires in XML: DDI codebooks, CDISC ODM, LimeSurvey, and those that people invent for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.languages import as_tag
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.xml_tree import Element, load_xml
from curtilage.foundation.place import Place

_KNOWN: Final = re.compile(rb"<(?:\w+:)?codeBook\b|<(?:\w+:)?ODM\b|<LimeSurveyDocType>")
_FORM: Final = re.compile(rb"<(?:\w+:)?(?:questionnaire|survey|form|questions|fields)\b", re.IGNORECASE)
_ASKED: Final = re.compile(
    rb"<(?:\w+:)?(?:question|field|formfield|input)\b[^>]{0,2000}\b(?:name|id|key|code)=", re.IGNORECASE
)
_FIELDS: Final = frozenset({"question", "field", "formfield", "input", "select", "textfield", "item"})
_LABELS: Final = ("label", "text", "questiontext", "question", "prompt", "title", "caption")
_HINTS: Final = ("hint", "help", "description", "helptext")
_NAMES: Final = ("name", "id", "key", "code", "variable")
_OPTIONS: Final = frozenset({"option", "choice", "answer", "value", "category"})
_MOST: Final = 400


class XmlFormReader:
    """Gives a question for each variable, item or field."""

    name = "xml-form"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return 0.9 for known formats, 0.4 for named questions in what is called a form."""
        if document.suffix not in {"xml", "lss", "lsq", "ddi"}:
            return 0.0
        head = document.head(65_536)
        if _KNOWN.search(head):
            return 0.9
        return 0.4 if _FORM.search(head) and _ASKED.search(head) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the questions in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is no well-formed XML, or declares entities.
        """
        root = load_xml(document)
        if root.name == "codeBook":
            found = _ddi(root, document.source)
        elif root.name == "ODM":
            found = _odm(root, document.source)
        elif root.find("LimeSurveyDocType"):
            found = _limesurvey(root, document.source)
        else:
            found = _own(root, document.source)
        yield from tag_language(within_limits(found, document), document)


def _ddi(root: Element, source: str) -> Iterator[Place]:
    for item in root.walk():
        if item.name == "var":
            asked = item.find("qstn")
            literal = (asked.say("qstnLit") or asked.text) if asked else ""
            options = (one.say("labl") or one.say("catValu") for one in item.list_children("catgry")[:_MOST])
            yield _place(
                source, item, item.get("name"), text=join(item.say("labl"), literal), options=options
            )


def _odm(root: Element, source: str) -> Iterator[Place]:
    lists = {item.get("OID"): item for item in root.walk() if item.name == "CodeList"}
    for item in root.walk():
        if item.name != "ItemDef":
            continue
        coded = item.find("CodeListRef")
        listed = lists.get(coded.get("CodeListOID")) if coded else None
        decodes = (
            [one.find("Decode") for one in listed.list_children("CodeListItem")[:_MOST]] if listed else []
        )
        asked = item.find("Question") or item.find("Description")
        said = asked.list_children("TranslatedText") if asked else []
        first = said[0] if said else None
        text = plain(first.text) if first else plain(asked.text if asked else "")
        yield Place(
            source,
            f"line:{item.line}",
            "question",
            name=item.get("Name") or item.get("OID"),
            text=text,
            options=shorten(one.say("TranslatedText") for one in decodes if one),
            lang=as_tag(first.get("lang")) if first else "",
            translations=tuple((as_tag(one.get("lang")), plain(one.text)) for one in said[1:]),
            type=item.get("DataType"),
        )


def _limesurvey(root: Element, source: str) -> Iterator[Place]:
    """Read the tables that LimeSurvey exports: questions and sub-questions, their words apart in newer ones."""
    words = {row.say("qid"): row for row in _rows(root, "question_l10ns")}
    answers: dict[str, list[str]] = {}
    for row in _rows(root, "answers"):
        answers.setdefault(row.say("qid"), []).append(row.say("answer"))
    for table in ("questions", "subquestions"):
        for row in _rows(root, table):
            said = row if row.find("question") else words.get(row.say("qid"), row)
            text = join(said.say("question"), said.say("help"))
            lang = as_tag(said.say("language"))
            listed = answers.get(row.say("qid"), ())
            yield _place(
                source, row, row.say("title"), text=text, options=listed, type_=row.say("type"), lang=lang
            )


def _rows(root: Element, table: str) -> list[Element]:
    held = root.find(table)
    rows = held.find("rows") if held else None
    return rows.list_children("row") if rows else []


def _own(root: Element, source: str) -> Iterator[Place]:
    for item in root.walk():
        told = {key.lower(): value for key, value in item.attributes.items()}
        within = {one.name.lower(): one for one in reversed(item.children)}
        name = next((told[key] for key in _NAMES if told.get(key)), "")
        label = next((_said(key, told, within) for key in _LABELS if _said(key, told, within)), "")
        if item.name.lower() not in _FIELDS or not name or not label:
            continue
        hint = next((_said(key, told, within) for key in _HINTS if _said(key, told, within)), "")
        listed = [one for one in item.walk() if one is not item and one.name.lower() in _OPTIONS][:_MOST]
        # One alone is no choice: it may be what somebody answered.
        options = (
            one.text.strip() or one.get("label") or one.get("text") or one.get("value")
            for one in listed
            if len(listed) > 1
        )
        yield _place(source, item, name, text=join(label, hint), options=options, type_=told.get("type", ""))


def _said(key: str, told: dict[str, str], within: dict[str, Element]) -> str:
    return told.get(key, "") or (plain(within[key].text) if key in within else "")


def _place(
    source: str,
    item: Element,
    name: str,
    *,
    text: str,
    options: Iterable[object] = (),
    type_: str = "",
    lang: str = "",
) -> Place:
    return Place(
        source,
        f"line:{item.line}",
        "question",
        name=plain(name),
        text=text,
        options=shorten(options),
        lang=lang,
        type=type_[:100],
    )
