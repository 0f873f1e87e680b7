"""Forms in Word documents (``.docx``): content controls, form fields, lines with blanks, tables with labels.

``paragraph:N`` counts the paragraphs of the main text from 1, ``table:N row:R col:C`` the cells of its tables.
The headings above are the context. Answers that somebody filled in are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.label_words import has_label_word, is_label
from curtilage.connectors.reading.office.docx import (
    BLANK,
    BOX,
    MAIN_PART,
    Paragraph,
    WordControl,
    WordTable,
    read_blocks,
)
from curtilage.connectors.reading.office.printed import Printed, ask_for, find_questions, looks_like_a_form
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.connectors.reading.zipped import list_entries
from curtilage.foundation.place import Place

_HEADINGS: Final = ("heading", "title", "subtitle", "überschrift", "titre", "título", "titulo", "berschrift")
_LONGEST_HEADING: Final = 200
_LONGEST_LABEL: Final = 200

_Cell = list[Paragraph]


@dataclass(frozen=True, slots=True)
class _Here:
    """Which document is read, under which headings, and whether it is one to fill in."""

    source: str
    context: str
    is_form: bool


class WordReader:
    """Reads forms in Word documents."""

    name = "word"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return how sure it is: an archive that holds the main part of a Word document."""
        return 0.95 if MAIN_PART in list_entries(document) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a question, in the order of the document.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            NotInstalledError: defusedxml is missing.
            UnreadableError: It is damaged, or no Word document.
        """
        yield from within_limits(_places(document), document)


def _places(document: Document) -> Iterator[Place]:
    blocks = list(read_blocks(document))
    title = heading = ""
    here = _Here(document.source, "", _is_form(blocks))
    lines: list[Paragraph] = []
    for block in blocks:
        is_heading = isinstance(block, Paragraph) and _is_heading(block)
        if isinstance(block, Paragraph) and not is_heading:
            lines.append(block)
            continue
        yield from _in_lines(here, lines)
        lines = []
        if isinstance(block, WordTable):
            yield from _in_table(here, block)
        else:
            heading = plain(block.text)[:_LONGEST_HEADING]
            title = title or heading
            here = replace(here, context=join(title, heading))
    yield from _in_lines(here, lines)


def _is_form(blocks: Sequence[Paragraph | WordTable]) -> bool:
    """Return whether a document is one to fill in: it has controls, or enough of its lines ask."""
    paragraphs = [paragraph for block in blocks for paragraph in _paragraphs(block)]
    return any(paragraph.controls for paragraph in paragraphs) or looks_like_a_form(
        line for paragraph in paragraphs for line in paragraph.text.split("\n")
    )


def _paragraphs(block: Paragraph | WordTable) -> Iterator[Paragraph]:
    if isinstance(block, Paragraph):
        yield block
        return
    for row in block.rows:
        for cell in row:
            yield from cell


def _is_heading(paragraph: Paragraph) -> bool:
    return paragraph.style.lower().startswith(_HEADINGS) and bool(paragraph.text.strip())


# Lines of text


def _in_lines(here: _Here, paragraphs: Sequence[Paragraph]) -> Iterator[Place]:
    """Read a run of paragraphs; what stands between two with controls is read as printed text."""
    plain_lines: list[Paragraph] = []
    for position, paragraph in enumerate(paragraphs):
        if not _has_own_controls(paragraph):
            plain_lines.append(paragraph)
            continue
        yield from _printed(here, plain_lines)
        plain_lines = []
        before = _label_alone(paragraphs[position - 1].text) if position else ""
        yield from _controls(here, paragraph, before)
    yield from _printed(here, plain_lines)


def _has_own_controls(paragraph: Paragraph) -> bool:
    """Tick boxes are choices of a question; any other control is a question of its own."""
    return any(control.kind != "checkbox" for control in paragraph.controls)


def _printed(here: _Here, paragraphs: Sequence[Paragraph]) -> Iterator[Place]:
    names = {paragraph.where: paragraph.controls[0].name for paragraph in paragraphs if paragraph.controls}
    lines = ((paragraph.where, line) for paragraph in paragraphs for line in paragraph.text.split("\n"))
    for found in find_questions(lines, is_form=here.is_form):
        yield _place(here, found, names.get(found.where, ""))


def _controls(here: _Here, paragraph: Paragraph, before: str) -> Iterator[Place]:
    text, start = paragraph.text, 0
    for control in paragraph.controls:
        label = ask_for(text[start : control.at].replace(BLANK, "").replace(BOX, ""))[-_LONGEST_LABEL:]
        start = control.at
        if control.kind == "checkbox" and not control.label:
            continue
        label = join(control.label, label) or before
        found = Printed(paragraph.where, label, shorten(control.options))
        yield _place(here, found, control.name, control.kind)


def _label_alone(text: str) -> str:
    """Return a line as a label, empty where it may be what somebody wrote."""
    said = plain(text)
    if len(said) > _LONGEST_LABEL or not (said.endswith((":", "?")) or is_label(said)):
        return ""
    return ask_for(said)


def _place(here: _Here, found: Printed, name: str, kind: str = "") -> Place:
    return Place(
        here.source,
        found.where,
        "question",
        name=name,
        text=found.text,
        options=found.options,
        context=here.context,
        type=kind,
    )


# Tables


def _in_table(here: _Here, table: WordTable) -> Iterator[Place]:
    for row_number, row in enumerate(table.rows):
        for column, cell in enumerate(row):
            if not cell:
                continue
            controls = [
                control for paragraph in cell for control in paragraph.controls if control.kind != "checkbox"
            ]
            if controls:
                yield from _cell_controls(here, table, (row_number, column), controls)
            elif found := list(_find_in_cell(here, cell)):
                for printed in found:
                    options = printed.options or _boxes_beside(row, column)
                    asked = Printed(printed.where, printed.text, options)
                    yield _place(here, asked, _first_name(cell))
            elif _is_label(here, table, row_number, column):
                printed = Printed(cell[0].where, ask_for(_said(cell)), _boxes_beside(row, column))
                yield _place(here, printed, "")


def _cell_controls(
    here: _Here, table: WordTable, at: tuple[int, int], controls: Iterable[WordControl]
) -> Iterator[Place]:
    row_number, column = at
    cell = table.rows[row_number][column]
    own = ask_for(_said(cell).replace(BLANK, "").replace(BOX, ""))
    left = _said(table.rows[row_number][column - 1]).replace(BLANK, "") if column else ""
    head = table.rows[0][column] if row_number and column < len(table.rows[0]) else []
    label = own or (ask_for(left) if column == 1 else _label_alone(left)) or ask_for(_said(head))
    for control in controls:
        text = join(control.label, label)[:_LONGEST_LABEL]
        found = Printed(cell[0].where, text, shorten(control.options))
        yield _place(here, found, control.name, control.kind)


def _find_in_cell(here: _Here, cell: _Cell) -> Iterator[Printed]:
    """Read a cell as printed text, but for short texts alone: those are weighed by their neighbours."""
    lines = [(paragraph.where, paragraph.text) for paragraph in cell]
    if any(not is_label(text) or text.endswith((":", "?")) or BLANK in text for _, text in lines):
        yield from find_questions(lines, is_form=here.is_form)


def _is_label(here: _Here, table: WordTable, row: int, column: int) -> bool:
    """A short text beside or above an empty cell; without a label's word only on a form left blank.

    A cell that its neighbours leave room for might be an answer: "Maria" in a half-filled list.
    """
    text = _said(table.rows[row][column])
    if not text or len(text) > _LONGEST_LABEL or text.endswith((".", "!")):
        return False
    has_room = here.is_form or any(_is_empty(cell) for cells in table.rows for cell in cells)
    if (is_label(text) and has_room) or (has_label_word(text) and _is_among_labels(table, row, column)):
        return not _has_control_beside(table, row, column)
    others = [
        cell for number, cells in enumerate(table.rows) for at, cell in enumerate(cells) if number and at
    ]
    below = [cell for cells in table.rows[1:] for cell in cells]
    is_first_column_of_two = column == 0 and all(len(cells) == 2 for cells in table.rows)
    if is_first_column_of_two:
        return all(_is_empty(cells[1]) for cells in table.rows)
    return row == 0 and bool(others) and all(map(_is_empty, below))


def _is_among_labels(table: WordTable, row: int, column: int) -> bool:
    """Return whether the first row or the first column that a cell is in holds labels and nothing else."""
    line = table.rows[0] if row == 0 else [cells[0] for cells in table.rows if cells] if column == 0 else []
    texts = [text for cell in line if (text := _said(cell))]
    return len(texts) > 1 and all(map(has_label_word, texts)) and any(map(is_label, texts))


def _has_control_beside(table: WordTable, row: int, column: int) -> bool:
    """Return whether a control to the right, or below a header, takes this text as its own label."""
    cells = table.rows[row]
    beside = cells[column + 1] if column + 1 < len(cells) else []
    below = [cells[column] for cells in table.rows[1:] if column < len(cells)] if row == 0 else []
    return any(_has_own_controls(paragraph) for cell in (beside, *below) for paragraph in cell)


def _boxes_beside(row: Sequence[_Cell], column: int) -> tuple[str, ...]:
    beside = _said(row[column + 1]) if column + 1 < len(row) else ""
    return shorten(beside.split(BOX)[1:]) if BOX in beside else ()


def _is_empty(cell: _Cell) -> bool:
    """Return whether nobody has written into a cell: it holds nothing, a blank, or boxes to tick."""
    text = _said(cell)
    return BOX in text or not text.replace("_", "").strip()


def _said(cell: _Cell) -> str:
    return plain(" ".join(paragraph.text for paragraph in cell))


def _first_name(cell: _Cell) -> str:
    return next((control.name for paragraph in cell for control in paragraph.controls if control.name), "")
