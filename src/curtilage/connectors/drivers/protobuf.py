"""Protocol Buffers and Thrift, read line by line: fields of messages and structs, enumerations as options."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.text import decode, join, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_SIGN: Final = re.compile(rb"^\s*(?:message|struct|enum|exception|union)\s+\w+\s*\{?", re.MULTILINE)
_BLOCK: Final = re.compile(r"\s*(message|struct|union|exception|enum|oneof|service|extend)\s+([\w.]+)")
_FIELD: Final = re.compile(
    r"\s*(?:(?:repeated|optional|required)\s+)?(map\s*<[^<>]{1,200}>|[\w.]+)\s+(\w+)\s*=\s*\d+\s*(?:\[[^\]]{0,500}\])?\s*;"
)
_THRIFT: Final = re.compile(
    r"\s*\d+\s*:\s*(?:(?:optional|required)\s+)?([\w.]+(?:\s*<[^;=]{1,200}>)?)\s+(\w+)\s*(?:=[^,;]{0,200})?[,;]?\s*(?://.*|#.*)?\Z"
)
_MEMBER: Final = re.compile(r"\s*([A-Za-z]\w*)\s*(?:=\s*-?\w+\s*)?(?:\[[^\]]{0,500}\])?\s*[;,]?")
_COMMENT: Final = re.compile(r"\s*(?://+|\*(?!/)|/\*+|#)\s?(.*?)(?:\*/)?\s*\Z")
_BEHIND: Final = re.compile(r"[;,]\s*(?://+|/\*)\s*(.*?)(?:\*/)?\s*\Z")


class ProtobufReader:
    """Gives a column for each field of a message or struct."""

    name = "protobuf"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.95 for files of those suffixes that define something."""
        return 0.95 if document.suffix in {"proto", "thrift"} and _SIGN.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the fields in the order of the file.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        lines = decode(document).split("\n")
        yield from within_limits(_fields(lines, _enumerations(lines), document.source), document)


def _enumerations(lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    current: list[str] | None = None
    for line in lines:
        # What stands on the line of the heading belongs to it as well.
        block = re.match(r"\s*enum\s+(\w+)\s*\{?(.*)", line[:5000])
        if block:
            current, line = found.setdefault(block[1], []), block[2]  # noqa: PLW2901 - the rest of the line
        if current is not None:
            inside, _, after = line.partition("}")
            named = (_MEMBER.match(part) for part in re.split(r"[;,]", inside.partition("//")[0]))
            current += [one[1] for one in named if one and one[1] not in {"option", "reserved"}]
            current = None if after or "}" in line else current
    return found


def _fields(lines: list[str], enums: dict[str, list[str]], source: str) -> Iterator[Place]:
    blocks: list[tuple[str, str]] = []
    said: list[str] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            said = []
            continue
        if comment := _COMMENT.fullmatch(line):
            said.append(comment[1])
            continue
        block = _BLOCK.match(line)
        if block and "{" in line:
            blocks.append((block[1], block[2]))
        inside = line.partition("{")[2] if block else line
        owner = next((name for kind, name in reversed(blocks) if kind not in {"oneof", "enum"}), "")
        if not blocks or blocks[-1][0] != "enum":
            for kind, name in _declared(inside):
                behind = _BEHIND.search(line)
                yield Place(
                    source,
                    f"line:{number}",
                    "column",
                    name=f"{owner}.{name}" if owner else name,
                    text=join(" ".join(said[-10:]), behind[1] if behind else ""),
                    options=shorten(enums.get(kind.rpartition(".")[2], ())),
                    type=kind,
                )
        said = []
        closing = (
            line.partition("//")[0].count("}")
            - line.partition("//")[0].count("{")
            + bool(block and "{" in line)
        )
        del blocks[max(0, len(blocks) - max(0, closing)) :]


def _declared(text: str) -> list[tuple[str, str]]:
    found = [(one[1], one[2]) for one in _FIELD.finditer(text[:5000])]
    thrift = _THRIFT.match(text[:5000])
    return found or ([(thrift[1], thrift[2])] if thrift else [])
