"""Forms in web pages and server templates.

``line:N`` is the line of the control; of a group of radio buttons or tick boxes that of the first.
The label is looked for in this order: a ``label`` that points at the control, a ``label`` around it,
``aria-labelledby``, ``aria-label``, a component's own ``label``, the table's cells, the text before
it, ``placeholder``, ``title``. Buttons are passed over, and so are the tokens of web frameworks;
other hidden fields are kept and said to be hidden.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.label_words import has_label_word
from curtilage.connectors.reading.pages.page import Cell, Control, Fieldset, Page, Region, Word, read_page
from curtilage.connectors.reading.text import decode, join, plain, shorten
from curtilage.foundation.place import Place

_SUFFIXES: Final = frozenset(
    """html htm xhtml shtml erb rhtml jinja jinja2 j2 njk nunjucks hbs handlebars mustache ejs twig liquid php phtml jsp jspx
    jspf tag tagx ftl ftlh vm vue svelte cshtml vbhtml aspx ascx cfm tmpl tpl gohtml heex eex leex dust mako razor haml slim""".split()
)
_PAGE: Final = re.compile(
    rb"\s*+(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.{0,500}?-->\s*+)?<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_FIELD: Final = re.compile(
    rb"<(?:form|input|select|textarea|fieldset)\b|<[\w]+[:-][\w-]*(?:input|text|select|radio|check|date|drop)"
    rb"|inputName\s*=|_(?:field|area|select|button|box|set)\b|\bf(?:orm)?\.\w|\{\{[^}]{0,100}(?:form|input|field)|govuk[A-Z]|Form::\w|@Html\.\w",
    re.IGNORECASE,
)
_NO_QUESTION: Final = frozenset({"submit", "button", "image", "reset"})
_CHOICES: Final = frozenset({"radio", "checkbox"})
#: Hidden fields by which a web framework knows its own page again; they hold nothing of anybody.
_OWN: Final = re.compile(
    r"_?(?:csrf|xsrf)\w*|csrfmiddlewaretoken|authenticity_token|_?_requestverificationtoken|__viewstate\w*"
    r"|__eventvalidation|__eventtarget|__eventargument|utf8|_method|form_(?:build_id|token|id)|g-recaptcha-response",
    re.IGNORECASE,
)
_NAMES: Final = (
    "name",
    "formcontrolname",
    "path",
    "property",
    "asp-for",
    "v-model",
    "ng-model",
    "[(ngmodel)]",
    "bind:value",
    "bind:group",
    "bind:checked",
    "id",
)
_BINDING: Final = re.compile(r"[*$#]\{([^}]*)\}")
_LONGEST_LABEL: Final = 600
_LONGEST_BEFORE: Final = 300
_MOST_WORDS_BEFORE: Final = 40
_MOST_WORDS_AFTER: Final = 10
_MOST_IN_A_ROW: Final = 6
_MOST_LABELS: Final = 3
_MOST_CELLS: Final = 10
_MOST_WORDS: Final = 200


class HtmlReader:
    """Reads forms in HTML, whatever template language it is mixed with."""

    name = "html"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return how sure it is: a page by its first tag, a template by its suffix; more with a field in it."""
        is_page = bool(_PAGE.match(document.head()))
        if not is_page and document.suffix not in _SUFFIXES:
            return 0.0
        has_field = bool(_FIELD.search(document.content))
        return (0.92 if has_field else 0.6) if is_page else (0.8 if has_field else 0.4)

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a question, in the order of the page.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        yield from within_limits(self._places(document), document)

    def _places(self, document: Document) -> Iterator[Place]:
        if not _FIELD.search(document.content) and b"\0" not in document.content[:4]:
            return
        page = read_page(decode(document), document)
        namer = _Namer(page)
        for group in _groups(page.controls):
            if place := namer.place(group, document.source):
                yield place


def _groups(controls: Iterable[Control]) -> list[list[Control]]:
    """Put radio buttons, and tick boxes that share a name, together as one question."""
    groups: list[list[Control]] = []
    by_name: dict[tuple[str, str, int], list[Control]] = {}
    for control in controls:
        kind = _kind(control)
        if kind in _NO_QUESTION or (kind == "hidden" and _OWN.fullmatch(_name(control))):
            continue
        key = (kind, _name(control), id(control.fieldset) if kind == "checkbox" else 0)
        if kind in _CHOICES and key[1] and key in by_name:
            by_name[key].append(control)
            continue
        groups.append([control])
        if kind in _CHOICES:
            by_name[key] = groups[-1]
    return groups


def _kind(control: Control) -> str:
    kind = control.attributes.get("type", "").lower()
    return kind or ("text" if control.tag == "input" else control.tag)


def _name(control: Control) -> str:
    attributes = control.attributes
    if binding := _BINDING.match(attributes.get("th:field", "")):
        return binding[1]
    found = next((attributes[key] for key in _NAMES if attributes.get(key)), "")
    return plain(found.strip("{}").removesuffix("[]"))


class _Namer:
    """Finds what each control is called, from what stands around it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.order = {id(control): index for index, control in enumerate(page.controls)}
        wrapped = {id(control.label) for control in page.controls}
        self.loose = [
            region for region in page.loose if id(region) not in wrapped and region.end > region.start
        ]
        self.owners = self._owners()

    def _owners(self) -> dict[int, int]:
        """Map each word that labels a control to that control: it says nothing about the next one."""
        owners: dict[int, int] = {}
        for index, control in enumerate(self.page.controls):
            regions = [*self._regions(control), *([control.label] if control.label else [])]
            for region in regions:
                owners.update(
                    dict.fromkeys(range(region.start, min(region.end, region.start + _MOST_WORDS)), index)
                )
            if _kind(control) in _CHOICES and not regions:
                owners.update(dict.fromkeys(self._following(control), index))
        return owners

    def place(self, group: Sequence[Control], source: str) -> Place | None:
        first = group[0]
        kind = _kind(first)
        is_group = kind == "radio" or (kind == "checkbox" and len(group) > 1)
        words, said = (self._group_words(group), "") if is_group else self._own_words(first)
        lang, text, others = _by_language(words, first.lang)
        text = join(text, said, self._hint(first))
        name = _name(first)
        if not name and not text:
            return None
        return Place(
            source,
            f"line:{self.page.lines.at(first.at)}",
            "question",
            name=name,
            text=text,
            options=self._options(group) if kind in _CHOICES and is_group else shorten(first.options),
            lang=lang,
            translations=others,
            context=self._context(first, text),
            type=kind,
            facts=tuple(sorted({fact for control in group for fact in _facts(control)})),
        )

    # One control

    def _own_words(self, control: Control) -> tuple[list[Word], str]:
        """Return the words that label a control, and what its attributes say where no words do."""
        attributes = control.attributes
        if (
            words := self._pointed(control)
            or self._within(control.label)
            or self._by_ids(attributes.get("aria-labelledby"))
        ):
            return words, ""
        if (
            said := self._said(control)
            or attributes.get("aria-label")
            or attributes.get("label")
            or attributes.get("title-text")
        ):
            return [], said
        if _kind(control) == "hidden":
            return [], ""
        aside = attributes.get("placeholder") or attributes.get("title") or attributes.get("data-label") or ""
        if _kind(control) == "checkbox":
            return self._after(control) or self._around(control), aside
        words = self._around(control)
        if words and attributes.get("placeholder") == aside:
            return words, ""  # beside a label it is an example of an answer
        return words or ([] if aside else self._shared(control)), aside

    def _shared(self, control: Control) -> list[Word]:
        """Month, day and year stand in a row behind one label: take that of the first of them."""
        index = self.order[id(control)]
        row = self.page.controls[max(0, index - _MOST_IN_A_ROW) : index]
        for previous in reversed(row):
            if previous.block != control.block or previous.word != control.word:
                break
            if words := self._pointed(previous) or self._before(previous):
                return words
        return []

    def _regions(self, control: Control) -> list[Region]:
        attributes = control.attributes
        keys = dict.fromkeys(
            (attributes.get("id", ""), attributes.get("path", ""), attributes.get("asp-for", ""))
        )
        return [region for key in keys if key for region in _near(control, self.page.labels.get(key, []))]

    def _pointed(self, control: Control) -> list[Word]:
        return [word for region in self._regions(control) for word in self._within(region)]

    def _said(self, control: Control) -> str:
        """A template's label for the field's name; of a choice only where there is one label to it."""
        said = self.page.said.get(_name(control), []) if control.helper else []
        return said[0] if len(said) == 1 else ""

    def _within(self, region: Region | None) -> list[Word]:
        if region is None:
            return []
        return self.page.words[region.start : min(region.end, region.start + _MOST_WORDS)]

    def _by_ids(self, identities: str | None) -> list[Word]:
        found = (self.page.by_id.get(identity) for identity in (identities or "").split()[:10])
        return [word for region in found for word in self._within(region)]

    def _before(self, control: Control) -> list[Word]:
        return [self.page.words[at] for at in self._preceding(control)]

    def _preceding(self, control: Control) -> Sequence[int]:
        """Indices of the label that points at nothing since the control before, else of the last block of text."""
        index = self.order[id(control)]
        start = self.page.controls[index - 1].word if index else 0
        at = bisect.bisect_left(self.loose, control.word, key=lambda region: region.start) - 1
        if at >= 0 and self.loose[at].start >= start and self.loose[at].end <= control.word:
            return range(self.loose[at].start, self.loose[at].end)
        words = self.page.words
        nearest = range(max(start, control.word - _MOST_WORDS_BEFORE), control.word)
        free = [at for at in nearest if self.owners.get(at) in (index, None)]
        last = [at for at in free if words[at].block == words[free[-1]].block]
        while len(last) > 1 and sum(len(words[at].text) for at in last) > _LONGEST_BEFORE:
            last.pop(0)
        return last

    def _following(self, control: Control) -> list[int]:
        """Indices of the words after a control, on the same line of text, up to the next control."""
        index = self.order[id(control)] + 1
        end = self.page.controls[index].word if index < len(self.page.controls) else len(self.page.words)
        indices = range(control.word, min(end, control.word + _MOST_WORDS_AFTER))
        return [at for at in indices if self.page.words[at].block == control.block]

    def _after(self, control: Control) -> list[Word]:
        return [self.page.words[at] for at in self._following(control)]

    def _around(self, control: Control) -> list[Word]:
        """What labels a control without a label: the table where it stands in one, else the text before."""
        before = self._before(control)
        if control.cell is None:
            return before
        start = control.cell[2].region.start
        if any(at >= start and self.page.words[at].text.strip(" *:_-()") for at in self._preceding(control)):
            return before
        is_asked = _joined(before).endswith(("?", "？", ":")) or has_label_word(_joined(before))
        return self._cells(control) or (before if is_asked else [])

    def _cells(self, control: Control) -> list[Word]:
        """Words of the cell to the left and of the one above.

        Under a row of headings the cells to the left may be records ("Maria" with a box to tick), so
        they count only where they have a label's word.
        """
        if control.cell is None:
            return []
        grid, row, cell = control.cell
        cells = grid.rows[row]
        heads = [head for head in _in_column(grid.rows[0], cell.column) if row and not head.has_control]
        above = [word for head in heads for word in self._within(head.region)]
        at = bisect.bisect_left(cells, cell.column, key=lambda other: other.column)
        before = reversed(cells[max(0, at - _MOST_CELLS) : at])
        left = next((other for other in before if self._within(other.region)), None)
        beside = self._within(left.region) if left and not left.has_control else []
        if not row or not any(head.is_head for head in grid.rows[0][:_MOST_CELLS]):
            return beside or above
        is_head = bool(left and left.is_head) or has_label_word(_joined(beside))
        return [*(beside if is_head else []), *above]

    def _hint(self, control: Control) -> str:
        words = self._by_ids(control.attributes.get("aria-describedby"))
        hint = " ".join(word.text for word in words if "error" not in word.text.lower())
        return join(hint, control.attributes.get("hint"))[:_LONGEST_LABEL]

    # A group

    def _group_words(self, group: Sequence[Control]) -> list[Word]:
        first = group[0]
        fieldset = first.fieldset
        if fieldset and len(fieldset.names) <= 1 and (words := self._fieldset_words(fieldset)):
            return words
        labels = self._label_words(group)
        if words := [word for word in self._around(first) if word not in labels]:
            return words
        if fieldset and (words := self._fieldset_words(fieldset)):
            return words
        return [Word(said, first.lang, 0) for said in [first.attributes.get("title", "")] if said]

    def _fieldset_words(self, fieldset: Fieldset) -> list[Word]:
        words = self._within(fieldset.legend) or self._by_ids(fieldset.labelled_by)
        return words or ([Word(fieldset.label, "", 0)] if fieldset.label else [])

    def _label_words(self, group: Sequence[Control]) -> list[Word]:
        return [word for control in group for word in self._within(control.label)]

    def _options(self, group: Sequence[Control]) -> tuple[str, ...]:
        return shorten(self._option(control) for control in group)

    def _option(self, control: Control) -> str:
        words = self._pointed(control) or self._within(control.label) or self._after(control)
        attributes = control.attributes
        shown = " ".join(word.text for word in words)[:_LONGEST_LABEL]
        return shown or attributes.get("aria-label") or attributes.get("label") or attributes.get("value", "")

    # Around

    def _context(self, control: Control, text: str) -> str:
        parts = [_joined(self._within(self.page.title)), control.form, _joined(self._within(control.heading))]
        fieldset, legends = control.fieldset, list[str]()
        while fieldset and len(legends) < 5:
            legends.insert(0, _joined(self._fieldset_words(fieldset)))
            fieldset = fieldset.outer
        return join(*(part[:_LONGEST_LABEL] for part in (*parts, *legends) if part and part != text))


def _in_column(row: Sequence[Cell], column: int) -> Sequence[Cell]:
    at = bisect.bisect_left(row, column, key=lambda cell: cell.column)
    return [cell for cell in row[at : at + 2] if cell.column == column]


def _near(control: Control, regions: Sequence[Region]) -> Sequence[Region]:
    """Return the labels for an id; of many for an id that is there again and again the nearest."""
    if len(regions) <= _MOST_LABELS:
        return regions
    at = bisect.bisect_left(regions, control.word, key=lambda region: region.start)
    beside = regions[max(0, at - 1) : at + 1]
    return [min(beside, key=lambda region: abs(region.start - control.word))]


def _joined(words: Iterable[Word]) -> str:
    return plain(" ".join(word.text for word in words))


def _by_language(words: Sequence[Word], lang: str) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    """Part a label that says the same in several languages: the control's own first."""
    said: dict[str, list[Word]] = {}
    for word in words:
        said.setdefault(word.lang or lang, []).append(word)
    texts = {tag: _joined(spoken)[:_LONGEST_LABEL] for tag, spoken in said.items()}
    if not texts:
        return lang, "", ()
    main = lang if lang in texts else next(iter(texts))
    return main, texts.pop(main), tuple(texts.items())


def _facts(control: Control) -> Iterator[str]:
    attributes = control.attributes
    if _kind(control) == "hidden":
        yield "hidden"
    if "required" in attributes or attributes.get("aria-required") == "true":
        yield "required"
    if "readonly" in attributes or "disabled" in attributes:
        yield "read-only"
