"""A page of HTML turned into its controls and the texts around them, before anybody decides what labels what.

All visible texts of the page form one list of *words*, each with its language and its block. A label,
a legend, a table cell, an element with an id is a :class:`Region`: a stretch of that list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError
from curtilage.connectors.reading.bounds import Deadline
from curtilage.connectors.reading.languages import as_tag
from curtilage.connectors.reading.pages.helpers import TRANSLATED, Helper
from curtilage.connectors.reading.pages.indented import write_out
from curtilage.connectors.reading.pages.markup import Lines, Token, tokens
from curtilage.connectors.reading.pages.templates import cut_signs, cut_templates

_VOID: Final = frozenset("area base br col embed hr img input link meta param source track wbr".split())
#: What an opening tag closes without saying so, and what it may not reach through.
_CLOSES: Final = {
    "li": ({"li"}, {"ul", "ol"}),
    "p": ({"p"}, {"div", "td", "li", "form", "fieldset", "section", "label", "body"}),
    "tr": ({"tr", "td", "th"}, {"table"}),
    "td": ({"td", "th"}, {"tr", "table"}),
    "th": ({"td", "th"}, {"tr", "table"}),
    "tbody": ({"tr", "td", "th", "thead", "tbody"}, {"table"}),
    "dt": ({"dt", "dd"}, {"dl"}),
    "dd": ({"dt", "dd"}, {"dl"}),
    "option": ({"option"}, {"select", "datalist"}),
    "optgroup": ({"option", "optgroup"}, {"select"}),
}
_INLINE: Final = frozenset(
    """a abbr b bdi bdo big button cite code data del dfn em font i img input ins kbd label mark meter option output q s samp select
    small span strike strong sub sup textarea time tt u var""".split()
)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_CONTROLS: Final = frozenset({"input", "select", "textarea"})
#: Controls of tag libraries and component kits: ``form:input``, ``asp:TextBox``, ``va-text-input``.
_FOREIGN_CONTROL: Final = re.compile(
    r"(?:[\w]+[:-])+(?:[\w-]*?)(?:input|text-?box|text-?field|text-?area|textarea|select|dropdown|drop-?down-?list|radio"
    r"|radio-?button-?list|checkbox|check-?boxes|date|date-?picker|memorable-date|calendar|password)(?:-?(?:group|field|list))?"
)
#: Names of templates whose code begins with an at sign.
_SIGNED: Final = re.compile(r"\.(?:cshtml|vbhtml|razor|blade\.php)\Z")
#: Components that hold a control and say its label in an attribute.
_HOLDER: Final = re.compile(
    r"(?:[\w]+-)*form-?(?:item|group|field|control)|(?:[\w]+-)+field(?:-wrapper)?|(?:x-)?(?:[\w]+-)*label"
)
#: Attributes that say a label, which components may bind to a translated text.
_BOUND: Final = frozenset({"label", "placeholder", "title", "value", "aria-label", "legend", "hint"})
_FRAGMENT_NAME: Final = re.compile(r"inputName\s*=\s*'([^']{1,200})'")
_FRAGMENT_LABEL: Final = re.compile(r"(?:label|title|legend)\w*\s*=\s*#\{([\w.-]{1,200})")


@dataclass(slots=True)
class Word:
    """A text on the page: what it says, in which language, in which block."""

    text: str
    lang: str
    block: int


@dataclass(slots=True)
class Region:
    """A stretch of words: from ``start`` up to, not with, ``end`` (-1 while it is open)."""

    start: int
    end: int = -1


@dataclass(slots=True)
class Cell:
    """A table cell: its column from 0, its words, whether it heads a row or column or holds a control."""

    column: int
    region: Region
    is_head: bool
    has_control: bool = False


@dataclass(slots=True)
class Grid:
    """A table: its rows of cells."""

    rows: list[list[Cell]] = field(default_factory=list)


@dataclass(slots=True)
class Fieldset:
    """A group of controls: its legend and the one around it."""

    outer: Fieldset | None
    legend: Region | None = None
    labelled_by: str = ""
    label: str = ""
    names: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Control:
    """One field of a form as it stands on the page.

    Attributes:
        at: Characters from the start.
        word: How many words stand before it.
        tag: ``input``, ``select``, ``textarea`` or the tag of a component.
        attributes: As written.
        lang: Language of the nearest element that names one.
        label: The label element around it.
        fieldset: The nearest group around it.
        cell: Grid, row and cell it stands in.
        heading: The last heading before it.
        form: Title of its form.
        options: Texts of a select's options.
        helper: The template call that makes it.
    """

    at: int
    word: int
    block: int
    tag: str
    attributes: Mapping[str, str]
    lang: str
    label: Region | None
    fieldset: Fieldset | None
    cell: tuple[Grid, int, Cell] | None
    heading: Region | None
    form: str
    options: list[str] = field(default_factory=list)
    helper: Helper | None = None


@dataclass(slots=True)
class Page:
    """All that naming needs."""

    lines: Lines
    words: list[Word] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    labels: dict[str, list[Region]] = field(default_factory=dict)
    said: dict[str, list[str]] = field(default_factory=dict)
    by_id: dict[str, Region] = field(default_factory=dict)
    loose: list[Region] = field(default_factory=list)  # labels that point at nothing
    title: Region | None = None


@dataclass(slots=True)
class _Open:
    """An element that is not closed yet, and what has to be closed with it."""

    name: str
    lang: str
    region: Region | None = None
    kind: str = ""


def read_page(text: str, document: Document) -> Page:
    """Return the controls and texts of a page.

    Raises:
        LimitReachedError: Elements nest ten times deeper than ``limits.depth``, there are more than
            ``limits.nodes``, or it takes too long.
    """
    deadline = Deadline(document)
    if document.suffix in {"haml", "slim"}:
        text = write_out(text, document.suffix)
    page, signed = cut_signs(text, deadline) if _SIGNED.search(document.source) else (text, [])
    page, helpers = cut_templates(page, deadline)
    helpers = sorted([*signed, *helpers], key=lambda helper: helper.at)
    builder = _Builder(document, Page(Lines(text)))
    breaks = [helper.at for helper in helpers]
    helpers.reverse()
    for count, token in enumerate(tokens(page, deadline, breaks)):
        while helpers and helpers[-1].at <= token.at:
            builder.add_helper(helpers.pop())
        if count > document.limits.nodes:
            what = f"It has more than {document.limits.nodes:,} elements"
            raise LimitReachedError(source=document.source, what=what)
        builder.take(token)
    for helper in reversed(helpers):
        builder.add_helper(helper)
    return builder.finish()


class _Builder:
    """Walks once through the tokens; keeps the stack of open elements."""

    def __init__(self, document: Document, page: Page) -> None:
        self.document, self.page = document, page
        self.stack: list[_Open] = []
        self.block = 0
        self.fieldset: Fieldset | None = None
        self.grids: list[Grid] = []
        self.heading: Region | None = None
        self.form = ""
        self.select: Control | None = None
        self.foreign: Control | None = None  # a component's own select, while it is open
        self.option: list[str] | None = None
        self.seen_helpers: set[str] = set()

    def take(self, token: Token) -> None:
        if token.kind == "text":
            self._text(token.name)
        elif token.kind == "close":
            self._close(token.name)
        else:
            self._open(token)

    def finish(self) -> Page:
        while self.stack:
            self._pop()
        return self.page

    def _text(self, text: str) -> None:
        if self.option is not None:
            self.option.append(text)
        elif self.select is None and not (self.stack and self.stack[-1].kind == "mute"):
            self.page.words.append(Word(text, self._lang(), self.block))

    def _lang(self) -> str:
        return self.stack[-1].lang if self.stack else ""

    # Opening and closing

    def _open(self, token: Token) -> None:
        name, attributes = token.name, _with_bound(token.attributes)
        self._close_implied(name)
        if name not in _INLINE:
            self.block += 1
        if (
            name in _CONTROLS
            or _FOREIGN_CONTROL.fullmatch(name)
            or "inputName" in attributes.get("th:replace", "")
        ):
            self._control(token.at, name, attributes)
        if name in _VOID:
            return
        lang = attributes.get("lang") or attributes.get("xml:lang") or ""
        opened = _Open(name, as_tag(lang) or self._lang())
        self._mark(opened, attributes)
        self.stack.append(opened)
        if len(self.stack) > self.document.limits.depth * 10:
            what = f"Its elements nest deeper than {self.document.limits.depth * 10}"
            raise LimitReachedError(source=self.document.source, what=what)

    def _mark(self, opened: _Open, attributes: Mapping[str, str]) -> None:
        """Start what the element stands for: a region, a group, a table, an option."""
        name, here, page = opened.name, Region(len(self.page.words)), self.page
        if identity := attributes.get("id"):
            opened.region = page.by_id.setdefault(identity, here)
        if name == "label" or name.endswith(":label"):
            opened.region = opened.region or here
            if (
                aim := attributes.get("for")
                or attributes.get("path")
                or attributes.get("associatedcontrolid")
                or attributes.get("asp-for")
            ):
                page.labels.setdefault(aim, []).append(opened.region)
            else:
                page.loose.append(opened.region)
        elif name in _HEADINGS:
            opened.region = self.heading = opened.region or here
        elif name == "title" and page.title is None:
            opened.region = page.title = here
        elif name == "legend" and self.fieldset:
            opened.region = self.fieldset.legend = opened.region or here
        elif name == "fieldset" or attributes.get("role") in ("group", "radiogroup"):
            opened.kind = "group"
            labelled, label = attributes.get("aria-labelledby", ""), attributes.get("aria-label", "")
            self.fieldset = Fieldset(self.fieldset, None, labelled, label)
        elif name == "button":
            opened.kind = "mute"
        elif name == "form":
            self.form = attributes.get("aria-label") or attributes.get("title") or ""
        elif name == "table":
            self.grids.append(Grid())
        elif name == "tr" and self.grids:
            self.grids[-1].rows.append([])
        elif name in ("td", "th") and self.grids:
            self._cell(opened, here, attributes)
        elif name in ("option", "optgroup"):
            self.option = [attributes["label"]] if name == "optgroup" and "label" in attributes else []
        elif name.endswith("-option") and self.foreign:
            opened.kind = "option"
            self.option = [said] if (said := attributes.get("label", "")) else []
        elif _HOLDER.fullmatch(name) and not _FOREIGN_CONTROL.fullmatch(name):
            self._hold(attributes)

    def _hold(self, attributes: Mapping[str, str]) -> None:
        """Take the label that a component says in an attribute as if it stood there in words."""
        said = attributes.get("label") or attributes.get("value") or ""
        if not said:
            return
        start = len(self.page.words)
        self.page.words.append(Word(said, self._lang(), self.block))
        aim = attributes.get("label-for") or attributes.get("for") or ""
        held = self.page.labels.setdefault(aim, []) if aim else self.page.loose
        held.append(Region(start, start + 1))

    def _cell(self, opened: _Open, here: Region, attributes: Mapping[str, str]) -> None:
        grid = self.grids[-1]
        if not grid.rows:
            grid.rows.append([])
        row = grid.rows[-1]
        opened.region = here
        row.append(Cell(row[-1].column + 1 if row else 0, here, opened.name == "th"))
        span = attributes.get("colspan", "1")
        if span.isdigit() and 1 < int(span[:3]) < 100:
            row.append(
                Cell(row[-1].column + int(span[:3]) - 1, Region(here.start, here.start), is_head=False)
            )

    def _close_implied(self, name: str) -> None:
        closes, stops = _CLOSES.get(name, (set(), set()))
        while closes and self.stack and self.stack[-1].name not in stops:
            depth = next((at for at, it in enumerate(reversed(self.stack)) if it.name in closes | stops), -1)
            if depth < 0 or self.stack[-1 - depth].name in stops:
                return
            for _ in range(depth + 1):
                self._pop()

    def _close(self, name: str) -> None:
        if name not in _INLINE:
            self.block += 1
        depth = next((at for at, it in enumerate(reversed(self.stack)) if it.name == name), -1)
        for _ in range(depth + 1):
            self._pop()

    def _pop(self) -> None:
        closed = self.stack.pop()
        if closed.region and closed.region.end < 0:
            closed.region.end = len(self.page.words)
        if closed.kind == "group" and self.fieldset:
            self.fieldset = self.fieldset.outer
        elif closed.name == "table" and self.grids:
            self.grids.pop()
        elif closed.kind == "option" and self.option is not None:
            if self.foreign and self.option:
                self.foreign.options.append(" ".join(self.option))
            self.option = None
        elif self.foreign and closed.name == self.foreign.tag:
            self.foreign = None
        elif closed.name == "option" and self.option is not None:
            if self.select and self.option:
                self.select.options.append(" ".join(self.option))
            self.option = None
        elif closed.name in ("select", "textarea"):
            self.select = self.option = None
        elif closed.name == "form":
            self.form = ""

    # Controls

    def _control(self, at: int, name: str, attributes: Mapping[str, str]) -> None:
        if fragment := attributes.get("th:replace"):
            named, label = _FRAGMENT_NAME.search(fragment), _FRAGMENT_LABEL.search(fragment)
            told = {"name": named[1] if named else "", "label": label[1] if label else ""}
            attributes = {**attributes, **told}
        control = self._put(at, name, attributes)
        if name in ("select", "textarea"):
            self.select = control
        elif name.endswith("select"):
            self.foreign = control

    def add_helper(self, helper: Helper) -> None:
        """Take a template's call as if the element that it makes stood there."""
        if helper.kind == "label":
            if helper.text:
                self.page.said.setdefault(helper.name, []).append(helper.text)
            return
        is_choice = helper.kind in ("radio_button", "check_box")
        if helper.kind == "field" and helper.name in self.seen_helpers:
            return
        self.seen_helpers.add(helper.name)
        control = self._put(helper.at, helper.kind, _helper_attributes(helper, is_choice=is_choice))
        control.helper = helper
        control.options = [] if is_choice else list(helper.options)

    def _put(self, at: int, tag: str, attributes: Mapping[str, str]) -> Control:
        label = next((it.region for it in reversed(self.stack) if it.name == "label"), None)
        cell = None
        if self.grids and self.grids[-1].rows and self.grids[-1].rows[-1]:
            rows = self.grids[-1].rows
            cell = (self.grids[-1], len(rows) - 1, rows[-1][-1])
            cell[2].has_control = True
        if self.fieldset and (name := attributes.get("name")):
            self.fieldset.names.add(name)
        control = Control(
            at, len(self.page.words), self.block, tag, attributes, self._lang(), label, self.fieldset, cell, self.heading, self.form
        )  # fmt: skip
        self.page.controls.append(control)
        return control


def _with_bound(attributes: Mapping[str, str]) -> Mapping[str, str]:
    """Return the attributes, those that a component binds to a text (``:label="$t('born')"``) under their own name."""
    bound = [key for key in attributes if key[:1] == ":" and key[1:] in _BOUND and key[1:] not in attributes]
    if not bound:
        return attributes
    found = {key[1:]: TRANSLATED.search(attributes[key]) for key in bound}
    said = {key: next(filter(None, match.groups())) for key, match in found.items() if match}
    return {**attributes, **said}


def _helper_attributes(helper: Helper, *, is_choice: bool) -> dict[str, str]:
    kinds = {"radio_button": "radio", "check_box": "checkbox", "hidden_field": "hidden"}
    made = {
        "name": helper.name,
        "id": helper.name,
        "type": kinds.get(helper.kind, helper.kind),
        "label": helper.text,
    }
    made["hint" if helper.text else "placeholder"] = helper.hint
    if is_choice and helper.options:
        made["value"] = helper.options[0]
    return {key: value for key, value in made.items() if value}
