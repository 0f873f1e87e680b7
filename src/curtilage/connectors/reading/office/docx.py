"""A Word document as paragraphs and tables with their controls, without what was filled in.

What stands in a content control or in the result of a form field is an answer or an invitation to
give one: it is replaced by a blank before anybody sees the text. A tick box is always shown empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document, UnreadableError
from curtilage.connectors.reading.bounds import Deadline
from curtilage.connectors.reading.xml_stream import Event, stream_xml
from curtilage.connectors.reading.zipped import Archive

BLANK: Final = "____"
BOX: Final = "☐"
MAIN_PART: Final = "word/document.xml"
_SYMBOL_BOXES: Final = frozenset("F06F F0A8 F071 F072 F0A3 F0FD F0FE F052 F054 2610 2611 2612".split())
_LEGACY: Final = ("FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN")
_SDT_KINDS: Final = frozenset(
    "text dropDownList comboBox date checkbox picture richText docPartObj docPartList group".split()
)
_TRANSPARENT: Final = frozenset({"docPartObj", "docPartList", "group"})


@dataclass(slots=True)
class WordControl:
    """A content control or legacy form field.

    Attributes:
        kind: ``text``, ``dropDownList``, ``checkbox``, ``date`` and so on.
        name: Its tag, or the bookmark of a legacy field.
        label: Its title or help text.
        options: Entries of its list.
        at: How many characters of its paragraph stand before it.
    """

    kind: str = ""
    name: str = ""
    label: str = ""
    options: list[str] = field(default_factory=list)
    at: int = 0


@dataclass(slots=True)
class Paragraph:
    """A paragraph: where, its style's id, its text with blanks for answers, its controls."""

    where: str = ""
    style: str = ""
    parts: list[str] = field(default_factory=list)
    controls: list[WordControl] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the whole text."""
        return "".join(self.parts)


@dataclass(slots=True)
class WordTable:
    """A table: rows of cells, each cell its paragraphs; numbered from 1 in the order of the document."""

    number: int
    rows: list[list[list[Paragraph]]] = field(default_factory=list)


@dataclass(slots=True)
class _Sdt:
    """A content control that is open."""

    control: WordControl
    is_inline: bool
    is_placed: bool = False


def read_blocks(document: Document) -> Iterator[Paragraph | WordTable]:
    """Give the paragraphs and tables of the main text in their order; a table in a cell comes first.

    Raises:
        LimitReachedError: A bound of ``document.limits`` was reached.
        NotInstalledError: defusedxml is missing.
        UnreadableError: It is damaged, or no Word document.
    """
    archive = Archive(document)
    if MAIN_PART not in archive.names:
        raise UnreadableError(source=document.source, what="It is no Word document")
    walk = _Walk()
    deadline = Deadline(document)
    for event in stream_xml(archive.stream(MAIN_PART), document):
        deadline.check()
        walk.take(event)
        yield from walk.done
        walk.done.clear()


class _Walk:
    """Follows the events; knows what is open."""

    def __init__(self) -> None:
        self.done: list[Paragraph | WordTable] = []
        self.paragraphs = self.tables = self.skipping = 0
        self.open: list[Paragraph] = []
        self.grids: list[WordTable] = []
        self.sdts: list[_Sdt] = []
        self.in_properties = False
        self.fields: list[tuple[WordControl, str, bool]] = []
        self.is_text = self.is_instruction = False

    def take(self, event: Event) -> None:
        if event.kind == "data":
            self._data(event.name)
        elif event.name in ("Fallback", "del", "moveFrom", "footnote", "comment"):
            self.skipping += 1 if event.kind == "start" else -1
        elif not self.skipping:
            (self._start if event.kind == "start" else self._end)(
                event.name, event.attributes.get("val", ""), event
            )

    def _start(self, name: str, value: str, event: Event) -> None:
        if name == "p":
            self._open_paragraph()
        elif name == "tbl":
            self.tables += 1
            self.grids.append(WordTable(self.tables))
        elif name == "tr" and self.grids:
            self.grids[-1].rows.append([])
        elif name == "tc" and self.grids and self.grids[-1].rows:
            self.grids[-1].rows[-1].append([])
        elif name == "sdt":
            self.sdts.append(_Sdt(WordControl(), is_inline=bool(self.open)))
        elif name in ("sdtPr", "sdtEndPr"):
            self.in_properties = True
        elif self.in_properties and self.sdts:
            self._sdt_property(name, value, event)
        elif name == "pStyle" and self.open:
            self.open[-1].style = value
        elif name in ("t", "instrText"):
            self.is_text, self.is_instruction = name == "t", name == "instrText"
        elif name in ("tab", "br", "cr", "sym"):
            self._say(
                BOX if name == "sym" and event.attributes.get("char", "").upper() in _SYMBOL_BOXES else " \t "
            )
        elif name == "fldChar":
            self._field(event.attributes.get("fldCharType", ""))
        elif self.fields:
            self._field_property(name, value)

    def _end(self, name: str, _value: str, _event: Event) -> None:
        if name == "p" and self.open:
            self._close_paragraph()
        elif name == "tbl" and self.grids:
            self.done.append(self.grids.pop())
        elif name in ("sdtPr", "sdtEndPr"):
            self.in_properties = False
        elif name == "sdt" and self.sdts:
            sdt = self.sdts.pop()
            if not sdt.is_placed and sdt.is_inline and self.open:
                self._place(sdt.control)
        elif name in ("t", "instrText"):
            self.is_text = self.is_instruction = False

    # Text

    def _data(self, text: str) -> None:
        if self.skipping:
            return
        if self.is_instruction and self.fields:
            control, instruction, is_result = self.fields[-1]
            self.fields[-1] = (control, instruction + text, is_result)
        elif self.is_text:
            self._say(text)

    def _say(self, text: str) -> None:
        if not self.open:
            return
        hidden = next((sdt for sdt in reversed(self.sdts) if self._hides(sdt)), None)
        if hidden is not None:
            if not hidden.is_placed:
                hidden.is_placed = True
                self._place(hidden.control)
        elif not any(is_result and _is_form_field(instruction) for _, instruction, is_result in self.fields):
            self.open[-1].parts.append(text)

    @staticmethod
    def _hides(sdt: _Sdt) -> bool:
        """A control's content is an answer; a block of the document that is only grouped is not."""
        kind = sdt.control.kind
        return kind not in _TRANSPARENT and (
            sdt.is_inline or kind not in ("", "richText") or bool(sdt.control.label)
        )

    def _place(self, control: WordControl) -> None:
        if control.kind in _TRANSPARENT or control.kind == "picture":
            return
        paragraph = self.open[-1]
        control.at = len(paragraph.text)
        paragraph.controls.append(control)
        paragraph.parts.append(f" {BOX} " if control.kind == "checkbox" else f" {BLANK} ")

    # Paragraphs

    def _open_paragraph(self) -> None:
        if self.grids and self.grids[-1].rows and self.grids[-1].rows[-1]:
            grid = self.grids[-1]
            where = f"table:{grid.number} row:{len(grid.rows)} col:{len(grid.rows[-1])}"
        else:
            self.paragraphs += not self.open
            where = f"paragraph:{self.paragraphs}"
        self.open.append(Paragraph(where))

    def _close_paragraph(self) -> None:
        paragraph = self.open.pop()
        if paragraph.where.startswith("table:") and self.grids:
            self.grids[-1].rows[-1][-1].append(paragraph)
        else:
            self.done.append(paragraph)

    # Controls

    def _sdt_property(self, name: str, value: str, event: Event) -> None:
        control = self.sdts[-1].control
        if name == "alias":
            control.label = value
        elif name == "tag":
            control.name = value
        elif name in _SDT_KINDS:
            control.kind = name
        elif name == "listItem":
            control.options.append(event.attributes.get("displayText") or event.attributes.get("value", ""))

    def _field(self, step: str) -> None:
        if step == "begin":
            self.fields.append((WordControl(), "", False))
        elif self.fields and step == "separate":
            control, instruction, _ = self.fields[-1]
            self.fields[-1] = (control, instruction, True)
        elif self.fields and step == "end":
            control, instruction, _ = self.fields.pop()
            if self.open and _is_form_field(instruction):
                control.kind = {"FORMCHECKBOX": "checkbox", "FORMDROPDOWN": "dropDownList"}.get(
                    instruction.split()[0], "text"
                )
                self._place(control)

    def _field_property(self, name: str, value: str) -> None:
        control = self.fields[-1][0]
        if name == "name":
            control.name = value
        elif name in ("helpText", "statusText"):
            control.label = control.label or value
        elif name == "listEntry":
            control.options.append(value)


def _is_form_field(instruction: str) -> bool:
    return instruction.strip().upper().startswith(_LEGACY)
