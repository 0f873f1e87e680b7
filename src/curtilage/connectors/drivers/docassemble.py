"""docassemble interviews: YAML documents of one screen each, with Mako in their texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, UnreadableError
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.text import plain, shorten
from curtilage.connectors.reading.yaml_text import YamlList, YamlMap, line_of, load_documents
from curtilage.foundation.place import Place

_QUESTION: Final = re.compile(rb"^question:", re.MULTILINE)
_ASKS: Final = re.compile(
    rb"^(?:fields|yesno|noyes|yesnomaybe|noyesmaybe|field|buttons|choices|dropdown|combobox|signature|subquestion"
    rb"|continue button field|mandatory|event):",
    re.MULTILINE,
)
#: Keys at the first column of documents that belong to docassemble although nothing is asked in them.
_OTHERS: Final = re.compile(rb"^(?:sections|objects|include|modules|metadata|features|code):", re.MULTILINE)

_ALONE: Final = ("yesno", "noyes", "yesnomaybe", "noyesmaybe", "signature", "field")
_CHOICES: Final = ("choices", "buttons", "dropdown", "combobox")
#: What modifies a field; whatever else is a key of a field is its label.
_MODIFIERS: Final = frozenset(
    {
        "label", "field", "no label", "datatype", "input type", "required", "hint", "help", "default", "choices",
        "code", "exclude", "none of the above", "all of the above", "shuffle", "show if", "hide if", "js show if",
        "js hide if", "enable if", "disable if", "js enable if", "js disable if", "disable others", "note", "html",
        "raw html", "css", "script", "min", "max", "minlength", "maxlength", "step", "scale", "inline", "rows",
        "cols", "accept", "validate", "validation messages", "address autocomplete", "object labeler",
        "help generator", "image generator", "uncheck others", "check others", "under text", "above text",
        "extras", "css class", "currency symbol", "allow privileges", "allow users", "grid", "item grid",
        "floating label", "using", "file css class", "maximum image size", "image upload type", "persistent",
        "private", "range", "label above field", "field metadata", "permissions", "group", "keep for training",
        "ml group", "trigger at", "action", "autocomplete", "inputmode", "all of above", "none of above",
    }
)  # fmt: skip
_CHOICE_MODIFIERS: Final = frozenset(
    {"default", "help", "image", "key", "css class", "color", "group", "show if"}
)
_PLACEHOLDER: Final = re.compile(r"\$\{[^{}]{0,500}(?:\{[^{}]{0,200}\}[^{}]{0,200})*\}")
#: Functions that join somebody's name with a word of the label: "Ana's race", "does Ana live".
_POSSESSED: Final = re.compile(
    r"""(?:\.(?:possessive|pronoun_possessive|do_question|did_question|does_verb|did_verb)|\b(?:possessify|your|her|his|its|their))
    \([^'"(){}]{0,80}['"]([^'"{}]{1,120})['"]""",
    re.VERBOSE,
)
_CONTROL_LINE: Final = re.compile(r"^[ \t]*%.*$|<%[^%]{0,2000}%>", re.MULTILINE)
_MARKUP: Final = re.compile(
    r"\[(?:FILE|YOUTUBE|QR|BR|NEWLINE|TARGET|EMOJI)[^\]]{0,300}\]|\*\*|^#{1,6} ", re.MULTILINE
)
_VARIABLE: Final = re.compile(r"^[^\W\d][\w.\[\]'\" +-]{0,300}$")


class DocassembleReader:
    """Gives a question for each variable that a screen asks for."""

    name = "docassemble"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.95 where screens stand at the first column, 0 otherwise."""
        if document.suffix not in {"yml", "yaml"}:
            return 0.0
        head = document.head(524_288)
        if _QUESTION.search(head) and _ASKS.search(head):
            return 0.95
        is_interview = "/data/questions/" in "/" + document.source and _OTHERS.search(head)
        return 0.9 if is_interview else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the questions of all screens.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: A document of the file is no YAML.
        """
        screens: list[YamlMap] = []
        broken: UnreadableError | None = None
        try:
            screens.extend(screen for screen in load_documents(document) if isinstance(screen, YamlMap))
        except UnreadableError as error:
            broken = error  # the screens before the broken one are asked all the same
        title = next((said for said in map(_title, screens) if said), "")
        stated = next((said for said in map(_default_language, screens) if said), "")
        found = (place for screen in screens for place in _Screen(document, screen, title).list_places())
        yield from tag_language(found, document, stated)
        if broken:
            raise broken


class _Screen:
    """One screen: a question and the fields on it."""

    def __init__(self, document: Document, screen: YamlMap, title: str) -> None:
        self.document, self.screen = document, screen
        self.question = clean(screen.get("question"))
        self.lang = plain(screen.get("language"))
        self.context = title or clean(screen.get("subquestion"))[:300]

    def list_places(self) -> Iterator[Place]:
        for key in _ALONE:
            variable = self.screen.get(key)
            if isinstance(variable, str) and _VARIABLE.match(variable):
                yield self._alone(key, variable)
        fields = self.screen.get("fields")
        if isinstance(fields, YamlList):
            for index, entry in enumerate(fields):
                if isinstance(entry, YamlMap):
                    yield from self._entry(entry, line_of(fields, index))
        elif isinstance(fields, YamlMap):
            yield from self._entry(fields, fields.line)

    def _alone(self, key: str, variable: str) -> Place:
        kind = next((choice for choice in _CHOICES if choice in self.screen), key)
        options = _options(self.screen.get(kind)) if kind in _CHOICES else ()
        return self._place(
            line_of(self.screen, key),
            variable,
            self.question,
            options,
            kind=kind,
            facts=frozenset({"required"}),
        )

    def _entry(self, entry: YamlMap, line: int) -> Iterator[Place]:
        """Give the field of one entry, in each of the ways in which docassemble lets it be written."""
        label, variable = entry.get("label"), entry.get("field")
        if variable is None and "no label" in entry:
            label, variable = "", entry["no label"]
        if variable is None:
            label, variable = next((pair for pair in entry.items() if _is_label(*pair)), ("", None))
        if not isinstance(variable, str) or not _VARIABLE.match(variable):
            return
        said, kind = clean(label), plain(entry.get("datatype") or entry.get("input type"))
        asked = f"‹Q: {self.question}›" if self.question else ""
        yield self._place(
            line,
            variable,
            f"{said} {asked}".strip(),
            () if kind.startswith("object") else _options(entry.get("choices")),  # objects are named by code
            kind=kind,
            facts=frozenset(() if entry.get("required") is False else {"required"}),
        )

    def _place(
        self, line: int, name: str, text: str, options: tuple[str, ...], *, kind: str, facts: frozenset[str]
    ) -> Place:
        hidden = {"masked"} if kind == "password" else {"hidden"} if kind == "hidden" else set()
        return Place(
            source=self.document.source,
            locator=f"line:{line}",
            kind="question",
            name=name,
            text=text,
            options=options,
            lang=self.lang,
            context=self.context,
            type=kind,
            facts=tuple(sorted(facts | hidden)),
        )


def clean(text: object) -> str:
    """Return a text of an interview without Mako, placeholders and markup.

    The word that a placeholder says of somebody stays: ``${ person.possessive('race') }`` is "race".

    >>> clean("Date of ${ ordinal(i) } **entry**")
    'Date of entry'
    >>> clean("What is ${ client.possessive('race') }?")
    'What is race?'
    """
    if not isinstance(text, str):
        return ""
    return plain(_MARKUP.sub(" ", _PLACEHOLDER.sub(_spoken, _CONTROL_LINE.sub("", text[:40_000]))))


def _spoken(placeholder: re.Match[str]) -> str:
    """Return the words that a placeholder itself has, between blanks."""
    said = _POSSESSED.search(placeholder[0])
    return f" {said[1]}" if said else " "


def _is_label(key: str, value: object) -> bool:
    return key not in _MODIFIERS and isinstance(value, str)


def _options(choices: object) -> tuple[str, ...]:
    """Return the labels of choices; those that code makes are not known."""
    if isinstance(choices, YamlMap):
        return () if "code" in choices else shorten(map(clean, choices))
    if not isinstance(choices, YamlList):
        return ()
    return shorten(clean(_option(choice)) for choice in choices)


def _option(choice: object) -> object:
    if isinstance(choice, YamlMap):
        if "label" in choice:
            return choice["label"]
        return next((key for key in choice if key not in _CHOICE_MODIFIERS and key != "code"), "")
    if isinstance(choice, YamlList):
        return choice[-1] if choice else ""
    return choice if isinstance(choice, str) else plain(choice)


def _title(screen: YamlMap) -> str:
    about = screen.get("metadata")
    return clean(about.get("title")) if isinstance(about, YamlMap) else ""


def _default_language(screen: YamlMap) -> str:
    return plain(screen.get("default language"))
