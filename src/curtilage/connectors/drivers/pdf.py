"""PDF forms: the fields of an AcroForm, and the printed questions of a PDF without fields.

``page:N field:NAME`` is the page where the field first shows and its full name; ``page:N line:M`` a line of
printed text. What has been filled in (``/V``, ``/DV``, appearances) is never looked at.

A field's text is its tooltip. Where that is missing or says nothing (``undefined``), it is the label that is
printed nearest: on the field's upper edge, to its left, to the right of a tick box; else its name in words.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, TypeVar

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.bounds import Deadline, within_limits
from curtilage.connectors.reading.languages import as_tag
from curtilage.connectors.reading.office.printed import ask_for, find_questions, is_yes_or_no
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.text import join, plain, shorten
from curtilage.foundation.place import Place

T = TypeVar("T")
_Box = tuple[float, float, float, float]  # left, low, right, high, in points from the page's lower left

_READ_ONLY, _REQUIRED, _RADIO, _PUSH_BUTTON, _HIDDEN = 1, 1 << 1, 1 << 15, 1 << 16, 1 << 1
_TYPES: Final = {"/Tx": "text", "/Btn": "checkbox", "/Ch": "choice", "/Sig": "signature"}
_SAYS_NOTHING: Final = re.compile(
    r"(?:undefined|untitled|text|text ?field|field|check ?box|fill|button|group|radio ?(?:button)?|combo ?box|list ?box|dropdown|date|"
    r"signature|form1?|page ?\d*|row|cell|topmostsubform|\W|\d|_)*",
    re.IGNORECASE,
)
_PLAIN_STATES: Final = frozenset("on yes 1 true checked x selected off 0".split())
_INDEX: Final = re.compile(r"\[\d+\]|(?<=[A-Za-z])[_ ]?\d+$|(?:Row|_)\d+$")
_WORD_BREAK: Final = re.compile(r"[_\W]+|(?<=[a-z])(?=[A-Z])")
_LETTERS: Final = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")
_MOST_PARENTS: Final = 50
_MOST_WORDS_A_PAGE: Final = 5_000
_MOST_PAGES: Final = 2_000
_FEW_FIELDS: Final = 3


@dataclass(slots=True)
class _Spot:
    """A piece of printed text: where it begins, where it seems to end, what it says."""

    left: float
    base: float
    right: float
    text: str


@dataclass(slots=True)
class _Field:
    """One field, gathered from its widgets."""

    name: str
    page: int
    kind: str
    flags: int
    tooltip: str
    is_hidden: bool = False
    boxes: list[_Box] = field(default_factory=list)
    states: list[str] = field(default_factory=list)
    listed: tuple[str, ...] = ()


class PdfReader:
    """Reads PDF forms."""

    name = "pdf"
    extra = "forms"

    def weigh(self, document: Document) -> float:
        """Return how sure it is: the mark of a PDF within the first kilobyte."""
        return 0.98 if b"%PDF-" in document.head(1024) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a field, page by page; of a flat PDF one a printed question.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            NotInstalledError: pypdf is missing.
            UnreadableError: It is damaged, or locked with a password.
        """
        yield from within_limits(_Reading(document).places(), document)


class _Reading:
    """One run over one file."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.deadline = Deadline(document)
        self.lang = ""
        self.library = load_library("pypdf", extra="forms", source=document.source)
        # What the library logs may quote the file.
        logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
        if len(document.content) > document.limits.file_bytes:
            raise LimitReachedError(source=document.source, what="The file is larger than may be read")

    def places(self) -> Iterator[Place]:
        reader = self._open()
        pages = self._guard(lambda: list(reader.pages))
        if len(pages) > _MOST_PAGES:
            raise LimitReachedError(
                source=self.document.source, what=f"It has more than {_MOST_PAGES:,} pages"
            )
        title = self._guard(lambda: plain(_text(_get(reader.trailer, "/Info"), "/Title")), otherwise="")
        self.lang = self._guard(lambda: as_tag(_text(_get(reader.trailer, "/Root"), "/Lang")), otherwise="")
        fields = self._guard(lambda: self._fields(reader, pages))
        for number, page in enumerate(pages, start=1):
            here = [item for item in fields.values() if item.page == number]
            yield from self._field_places(page, here, title)
        if len(fields) < _FEW_FIELDS:
            yield from self._printed_places(pages, title)

    def _open(self) -> Any:
        reader = self._guard(lambda: self.library.PdfReader(io.BytesIO(self.document.content), strict=False))
        if self._guard(lambda: reader.is_encrypted) and not self._guard(lambda: reader.decrypt("")):
            raise UnreadableError(source=self.document.source, what="It is locked with a password")
        return reader

    def _guard(self, action: Callable[[], T], otherwise: T | None = None) -> T:
        """Run one step of the library; whatever it throws becomes one of our two errors."""
        self.deadline.check()
        try:
            return action()
        except (LimitReachedError, UnreadableError):
            raise
        except (RecursionError, MemoryError, self.library.errors.LimitReachedError) as error:
            what = "Its objects nest too deep, point at each other, or unpack to too much"
            raise LimitReachedError(source=self.document.source, what=what) from error
        except Exception as error:
            if otherwise is not None:
                return otherwise
            raise UnreadableError(source=self.document.source, what="It is damaged or locked") from error

    # Fields

    def _fields(self, reader: Any, pages: list[Any]) -> dict[str, _Field]:
        found: dict[str, _Field] = {}
        count = 0
        for number, page in enumerate(pages, start=1):
            for reference in _items(page, "/Annots"):
                count += 1
                self._count(count)
                widget = _object(reference)
                if _get(widget, "/Subtype") == "/Widget":
                    self._add(widget, number, found)
        if not found:
            for reference in _items(_get(_get(reader.trailer, "/Root"), "/AcroForm"), "/Fields"):
                count += 1
                self._count(count)
                self._add(_object(reference), 1, found)
        return found

    def _count(self, count: int) -> None:
        self.deadline.check()
        if count > self.document.limits.places:
            what = f"It has more than {self.document.limits.places:,} fields"
            raise LimitReachedError(source=self.document.source, what=what)

    def _add(self, widget: Any, page: int, found: dict[str, _Field]) -> None:
        chain = _chain(widget)
        name = ".".join(part for it in reversed(chain) if (part := _text(it, "/T")))
        kind = str(_first(chain, "/FT") or "")
        flags = _number(_first(chain, "/Ff"))
        if not name or (kind == "/Btn" and flags & _PUSH_BUTTON):
            return
        item = found.get(name)
        if item is None:
            tooltip = next((text for it in chain if (text := plain(_text(it, "/TU")))), "")
            item = found[name] = _Field(name, page, kind, flags, tooltip)
            item.listed = _listed(_first(chain, "/Opt"))
        item.is_hidden = item.is_hidden or bool(_number(_get(widget, "/F")) & _HIDDEN)
        if item.page == page and (box := _box(widget)):
            item.boxes.append(box)
        if kind == "/Btn":
            item.states += _states(widget)

    def _field_places(self, page: Any, fields: list[_Field], title: str) -> Iterator[Place]:
        needed = [item for item in fields if _SAYS_NOTHING.fullmatch(item.tooltip)]
        spots: list[_Spot] = self._guard(lambda: self._spots(page), otherwise=list[_Spot]()) if needed else []
        for item in fields:
            self.deadline.check()
            says = "" if _SAYS_NOTHING.fullmatch(item.tooltip) else item.tooltip
            yield Place(
                self.document.source,
                f"page:{item.page} field:{item.name}",
                "question",
                name=item.name,
                text=says or _nearest(item, spots) or item.tooltip or _in_words(item.name),
                options=_options(item, spots),
                lang=self.lang,
                context=title,
                type="radio" if item.kind == "/Btn" and item.flags & _RADIO else _TYPES.get(item.kind, ""),
                facts=tuple(sorted(_facts(item))),
            )

    def _spots(self, page: Any) -> list[_Spot]:
        spots: list[_Spot] = []

        def take(text: str, outer: Any, inner: Any, _font: Any, size: Any) -> None:
            self.deadline.check()
            for line, said in enumerate(text.strip("\n").split("\n")[:3]):
                if _LETTERS.search(said) and len(spots) < _MOST_WORDS_A_PAGE:
                    left = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
                    base = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
                    height = min(abs(float(size) * inner[3] * outer[3]) or 9.0, 14.0)
                    spots.append(
                        _Spot(left, base - line * height, left + len(said) * height * 0.5, plain(said))
                    )

        page.extract_text(visitor_text=take, visitor_operand_before=self._watch)
        return spots

    def _watch(self, *_arguments: Any) -> None:
        self.deadline.check()

    # Printed text

    def _printed_places(self, pages: list[Any], title: str) -> Iterator[Place]:
        lines: list[tuple[str, str]] = []
        size = 0
        for number, page in enumerate(pages, start=1):
            text = self._guard(partial(page.extract_text, visitor_operand_before=self._watch), otherwise="")
            size += len(text)
            if size > self.document.limits.expanded_bytes // 8:
                raise LimitReachedError(source=self.document.source, what="It holds too much text")
            lines += [
                (f"page:{number} line:{at}", line) for at, line in enumerate(text.splitlines(), start=1)
            ]
        for printed in find_questions(lines):
            yield Place(
                self.document.source,
                printed.where,
                "question",
                name="",
                text=printed.text,
                options=printed.options,
                lang=self.lang,
                context=title,
            )


# Objects of the file: any of them may be missing, of another type, or point in a circle.


def _object(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _get(holder: Any, key: str) -> Any:
    return _object(holder[key]) if isinstance(holder, Mapping) and key in holder else None


def _items(holder: Any, key: str) -> list[Any]:
    value = _get(holder, key)
    return list(value) if isinstance(value, list) else []


def _text(holder: Any, key: str) -> str:
    value = _get(holder, key)
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return str(value) if isinstance(value, str) else ""


def _number(value: Any) -> int:
    return int(value) if isinstance(value, int | float) else 0


def _chain(widget: Any) -> list[Any]:
    """Return the widget and the fields above it, from the inside out."""
    chain: list[Any] = []
    current = widget
    while (
        isinstance(current, Mapping) and len(chain) < _MOST_PARENTS and not any(current is it for it in chain)
    ):
        chain.append(current)
        current = _get(current, "/Parent")
    return chain


def _first(chain: list[Any], key: str) -> Any:
    return next((value for it in chain if (value := _get(it, key)) is not None), None)


def _box(widget: Any) -> _Box | None:
    numbers = [float(_object(value)) for value in _items(widget, "/Rect")]
    if len(numbers) != 4:
        return None
    left, low, right, high = numbers
    return min(left, right), min(low, high), max(left, right), max(low, high)


def _states(widget: Any) -> list[str]:
    shown = _get(_get(widget, "/AP"), "/N")
    names = list(shown) if isinstance(shown, Mapping) else []
    return [str(name).lstrip("/") for name in names if name != "/Off"]


def _listed(value: Any) -> tuple[str, ...]:
    """Return the choices of a list: an item is its text, or a pair of code and text."""
    items = [_object(item) for item in value][:1000] if isinstance(value, list) else []
    return shorten(
        str(_object(item[-1])) if isinstance(item, list) and item else item if isinstance(item, str) else ""
        for item in items
    )


def _facts(item: _Field) -> Iterator[str]:
    if item.is_hidden:
        yield "hidden"
    if item.flags & _READ_ONLY:
        yield "read-only"
    if item.flags & _REQUIRED:
        yield "required"


# Naming


def _nearest(item: _Field, spots: list[_Spot]) -> str:
    """Return the printed label; that of a box beside which only "yes" stands, with its question."""
    if not item.boxes:
        return ""
    box = item.boxes[0]
    is_tick = item.kind == "/Btn" and len(item.boxes) == 1
    said = _cheapest(spots, lambda spot: _cost(box, spot, is_tick=is_tick))
    if is_tick and (not said or is_yes_or_no(said)):
        return join(_cheapest(spots, lambda spot: _before_tick(box, spot)), said)
    return said


def _cheapest(spots: list[_Spot], cost: Callable[[_Spot], float | None]) -> str:
    weighed = [(price, ask_for(spot.text)) for spot in spots if (price := cost(spot)) is not None]
    return min(weighed)[1] if weighed else ""


def _cost(box: _Box, spot: _Spot, *, is_tick: bool) -> float | None:
    """Return how far a text stands from where the label of a field is printed; None where it is none."""
    left, low, right, high = box
    if is_tick:
        is_beside = low - 4 <= spot.base <= high + 2 and right - 3 <= spot.left <= right + 40
        return spot.left - right if is_beside else None
    if is_yes_or_no(spot.text):
        return None
    above, gap = spot.base - high, left - spot.right
    if -12 <= above <= 16 and left - 12 <= spot.left <= right - 2:
        return abs(above) + abs(spot.left - left) * 0.3
    if low - 4 <= spot.base <= high and -30 <= gap <= 120 and spot.left < left:
        return abs(gap) * 0.5 + 4
    return None


def _before_tick(box: _Box, spot: _Spot) -> float | None:
    """Return how far to the left of a tick box, or above its row, its question may stand."""
    left, low, _, high = box
    if is_yes_or_no(spot.text) or spot.left >= left:
        return None
    if low - 4 <= spot.base <= high + 2:
        return left - spot.left
    return 600 + left - spot.left if high < spot.base <= high + 16 else None


def _options(item: _Field, spots: list[_Spot]) -> tuple[str, ...]:
    if item.listed or item.kind != "/Btn":
        return item.listed
    states = shorten(item.states)
    if len(item.boxes) < 2:
        return () if len(states) == 1 and states[0].lower() in _PLAIN_STATES else states
    if any(state.lower() not in _PLAIN_STATES and len(state) > 2 for state in states):
        return states
    beside = shorten(_cheapest(spots, partial(_cost, box, is_tick=True)) for box in item.boxes)
    return beside if len(beside) == len(item.boxes) else states


def _in_words(name: str) -> str:
    last = next((part for part in reversed(name.split(".")) if not _SAYS_NOTHING.fullmatch(part)), "")
    return " ".join(_WORD_BREAK.split(_INDEX.sub("", last))).strip()
