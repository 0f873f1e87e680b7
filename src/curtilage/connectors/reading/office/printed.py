"""Questions and labels in printed text: lines of a flat PDF or a Word document.

What is kept is what the form says, never what somebody wrote on it: after a colon or a blank nothing
is kept, and a short line alone counts only where it has a word that labels have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.reading.label_words import has_label_word, is_label
from curtilage.connectors.reading.text import plain, shorten

BOXES: Final = "☐☑☒□■▢❏❑❒◻◯○●◦⬜"
_BLANK: Final = re.compile(r"(?:_[ \t]?){3,}|\.{5,}|…{2,}|(?:\. ){4,}")
#: A line of a table of contents: its dots lead to a page.
_CONTENTS: Final = re.compile(r"(?:\. ?){5,}\s*(?:\d{1,4}|[ivxl]{1,6})$")
_BOX: Final = re.compile(rf"\s*(?:[{BOXES}]|(?<!\S)(?:\[[ xX]?\]|\([ xX]?\)))\s*")
_COLON: Final = re.compile(r"[:：]\s*")
_AFTER_QUESTION: Final = re.compile(r"(?<=[?？])\s*")
_AFTER_SENTENCE: Final = re.compile(r"(?<=[^\W\dA-Z_]{2}[.!])\s+|\s+(?=¿)|(?<=。)")
_NUMBERED: Final = re.compile(r"^\s*(?:\(?\d{1,3}[a-z]?[.)]|\(?[a-z][.)]|[•▪–-])\s*", re.IGNORECASE)
_YES_NO: Final = re.compile(
    r"\s+((?:yes|no|sí|si|oui|non|ja|nein|wi|oo|hindi|có|không|是|否)\b[\s/,]*){2,}$", re.IGNORECASE
)
_YES_OR_NO: Final = frozenset("yes no sí si oui non ja nein wi oo hindi có không 是 否 y n n/a".split())
_NO_FIELD: Final = re.compile(r"https?:|www\.|\bnote\b|\bexample\b|\bwarning\b|\bimportant\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]{3}|[\u3400-\u9fff]{2}")
#: Quotation, brackets and calls within: a sentence about a sign, not a question.
_CODE: Final = re.compile(r"[\"”“][?？]|\w\(|[=_{}<>]")
_LONGEST_LABEL: Final = 160
_LONGEST_CELL: Final = 60
_SIGNS_OF_A_FORM: Final = 3
_SHARE_OF_SIGNS: Final = 0.05


@dataclass(frozen=True, slots=True)
class Printed:
    """One question as printed: where, what, and the choices beside it."""

    where: str
    text: str
    options: tuple[str, ...] = ()


def find_questions(lines: Iterable[tuple[str, str]], *, is_form: bool | None = None) -> Iterator[Printed]:
    """Give the questions and labels among lines of text.

    Args:
        lines: ``(locator, line)`` in the order of the document.
        is_form: Whether the document is one to fill in; None to tell it from these lines. In a text
            to read, only blanks, boxes and questions count.

    Yields:
        Each question once, in order. Several labels on one line share its locator.
    """
    known = [(where, said) for where, line in lines if (said := _in_one_space(line))]
    if is_form is None:
        is_form = looks_like_a_form(line for _, line in known)
    waiting: Printed | None = None
    for where, line in known:
        found = list(_in_line(where, line, is_form=is_form))
        if waiting and len(found) == 1 and not found[0].text:
            # A line of boxes and nothing else holds choices of the question before.
            waiting = Printed(waiting.where, waiting.text, shorten((*waiting.options, *found[0].options)))
            continue
        if waiting:
            yield waiting
        asked = [printed for printed in found if printed.text]
        yield from asked[:-1]
        waiting = asked[-1] if asked else None
    if waiting:
        yield waiting


def ask_for(text: str) -> str:
    """Return the label within a text that stands before a blank: numbering and signs cut off.

    >>> ask_for("3. Country of birth: ")
    'Country of birth'
    """
    return _NUMBERED.sub("", plain(text)).strip(" :*_.…-–—•|").strip()


def is_yes_or_no(text: str) -> bool:
    """Return whether ``text`` is a bare yes or no, which says nothing about what is asked."""
    return text.strip(" .:,;*").casefold() in _YES_OR_NO


def looks_like_a_form(lines: Iterable[str]) -> bool:
    """Return whether enough of the lines of a document ask for something."""
    known = list(filter(None, map(_in_one_space, lines)))
    signs = sum(map(_asks, known))
    return signs >= _SIGNS_OF_A_FORM and signs >= len(known) * _SHARE_OF_SIGNS


def _in_one_space(line: str) -> str:
    """Return a line with single spaces: the patterns here would search a great gap again and again."""
    return " ".join(line.split())


def _is_of_contents(line: str) -> bool:
    return _CONTENTS.search(line, max(0, len(line) - _LONGEST_LABEL)) is not None


def _asks(line: str) -> bool:
    if _is_of_contents(line):
        return False
    if _BLANK.search(line) or _BOX.search(line) or _questions(line):
        return True
    return any(has_label_word(label) for label in _before_colons(line))


def _in_line(where: str, line: str, *, is_form: bool) -> Iterator[Printed]:
    if _is_of_contents(line) or (_NO_FIELD.search(line) and not _BLANK.search(line)):
        return
    head, *boxes = _BOX.split(line)
    options = shorten(_BLANK.sub("", box) for box in boxes)
    if boxes and len(head.strip()) < 2:
        yield Printed(where, "", options)
        return
    labels = [*_labels(head, is_form=is_form)]
    if not labels and boxes and len(head) <= _LONGEST_LABEL:
        labels = [ask_for(head)]
    for position, label in enumerate(labels, start=1):
        yield Printed(where, label, options if position == len(labels) else ())


def _labels(line: str, *, is_form: bool) -> Iterator[str]:
    without_answers = _YES_NO.sub("", line)
    if questions := _questions(without_answers):
        yield from questions
        return
    if _BLANK.search(line):
        parts = _BLANK.split(line)[:-1]
        yield from (label for part in parts if 1 < len(label := ask_for(_last_label(part))) <= _LONGEST_LABEL)
    elif is_form and _COLON.search(line):
        yield from _before_colons(line)
    elif is_form and len(line) <= _LONGEST_CELL and not line.endswith((".", "!", ",")) and is_label(line):
        yield ask_for(line)


def _questions(line: str) -> list[str]:
    """Return each question of a line, the sentences before it cut off."""
    parts = (part for part in _AFTER_QUESTION.split(line) if part.endswith(("?", "？")))
    asked = (ask_for(_AFTER_SENTENCE.split(part)[-1]) for part in parts)
    return [question for question in asked if _WORD.search(question) and not _CODE.search(question)]


def _before_colons(line: str) -> Iterator[str]:
    """``Name: Date of birth:`` has two labels; what follows the last colon is an answer or a comment."""
    *parts, after = _COLON.split(line)
    for position, part in enumerate(parts):
        label = ask_for(part)
        is_first_and_short = position == 0 and len(label) <= _LONGEST_LABEL
        if (is_first_and_short and (not after.strip() or has_label_word(label))) or (
            position and len(label) <= _LONGEST_CELL and has_label_word(label)
        ):
            yield label


def _last_label(part: str) -> str:
    """Return the label in what stands before a blank, where a sentence or an answer may stand as well."""
    if len(part) > _LONGEST_LABEL:
        part = part.rsplit(". ", 1)[-1]
    label, colon, after = part.partition(":")
    if not colon or not after.strip():
        return part
    # "Name: Ann ____" is half filled; "Section 2: Country of birth ____" has its label behind.
    return after if is_label(after) and not has_label_word(label) else label
