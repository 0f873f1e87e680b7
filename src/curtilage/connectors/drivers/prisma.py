"""Prisma schemas, read line by line: models, views and types, enums as options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.text import decode, join, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_BLOCK: Final = re.compile(r"^\s*(model|view|type|enum)\s+(\w+)\s*\{")
_SIGN: Final = re.compile(rb"^(?:model|view|enum|datasource|generator)\s+\w+\s*\{", re.MULTILINE)
_FIELD: Final = re.compile(r"^\s*(\w+)\s+(Unsupported\(\"[^\"]{0,200}\"\)|\w+)(\[\])?(\?|!)?(.*)$")
_MAPPED: Final = re.compile(r'(?<!@)@map\((?:name:\s*)?"([^"]{1,200})"')
_NATIVE: Final = re.compile(r"@db\.(\w+(?:\([^()]{0,40}\))?)")
_COMMENT: Final = re.compile(r"^\s*///?\s?(.*)$")
_TRAILING: Final = re.compile(r"\s//+\s?([^\"]*)$")


class PrismaReader:
    """Gives a column for each field of a model."""

    name = "prisma"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.97 for files of that suffix that hold a block, 0 otherwise."""
        return 0.97 if document.suffix == "prisma" and _SIGN.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the columns in the order of the file, named by the table's model and the column.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        lines = decode(document).splitlines()
        yield from within_limits(_read(lines, _enums(lines), document), document)


def _enums(lines: list[str]) -> dict[str, tuple[str, ...]]:
    """Return the values of each enum; a value that is kept under another name is given by that."""
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        block = _BLOCK.match(line)
        if block:
            current = found.setdefault(block.group(2), []) if block.group(1) == "enum" else None
        elif line.strip().startswith("}"):
            current = None
        elif current is not None and (word := re.match(r"\s*(\w+)", line)):
            mapped = _MAPPED.search(line)
            current.append(mapped.group(1) if mapped else word.group(1))
    return {name: shorten(values) for name, values in found.items()}


def _read(lines: list[str], enums: dict[str, tuple[str, ...]], document: Document) -> Iterator[Place]:
    model, about = "", ""
    comments: list[str] = []
    for number, line in enumerate(lines, start=1):
        comment, block = _COMMENT.match(line), _BLOCK.match(line)
        if comment:
            comments.append(comment.group(1))
            continue
        if block:
            model = block.group(2) if block.group(1) != "enum" else ""
            about = join(*comments, by=" ")[:300]
        elif line.strip().startswith("}"):
            model = ""
        elif model and (found := _FIELD.match(line)):
            yield _place(found, number, model, (about, *comments), enums, document)
        comments = []


def _place(  # noqa: PLR0917 - one line of the file and what stands around it
    found: re.Match[str],
    number: int,
    model: str,
    said: tuple[str, ...],
    enums: dict[str, tuple[str, ...]],
    document: Document,
) -> Place:
    name, kind, many, optional, rest = found.groups()
    mapped, native, trailing = _MAPPED.search(rest), _NATIVE.search(rest), _TRAILING.search(rest)
    return Place(
        source=document.source,
        locator=f"line:{number}",
        kind="column",
        name=f"{model}.{mapped.group(1) if mapped else name}",
        text=join(join(*said[1:], by=" "), trailing.group(1) if trailing else ""),
        options=enums.get(kind, ()),
        context=said[0],
        type=(native.group(1) if native else kind) + (many or ""),
        facts=() if many or optional == "?" or "@relation" in rest else ("required",),
    )
