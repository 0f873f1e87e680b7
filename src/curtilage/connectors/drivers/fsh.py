"""FHIR Shorthand: questionnaires as rules, logical models and profiles as lists of elements.

A rule's path says where it goes: ``item[+]`` is the next item, ``item[=]`` the same as before, and a
rule that is indented goes on from the one above. ``line:N`` of the rule that names the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors.ports import Document
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.guess import tag_language
from curtilage.connectors.reading.text import decode, join, plain, refuse_long_lines, shorten
from curtilage.foundation.place import Place

_TELLS: Final = re.compile(rb"^(?:Instance|Profile|Logical|Resource|Extension)[ \t]*:[ \t]*\S", re.MULTILINE)
_BLOCK: Final = re.compile(
    r"(Instance|Profile|Logical|Resource|Extension|RuleSet|ValueSet|CodeSystem|Alias|Invariant|Mapping)\s*:\s*(\S+)"
)
_ABOUT: Final = re.compile(r"(InstanceOf|Title|Description|Id)\s*:\s*(.*\S)")
_RULE: Final = re.compile(r"(?P<indent>[ \t]*)\*\s+(?P<path>\S+)\s*(?P<rest>.*)")
_STEP: Final = re.compile(r"([^\[\].]+)(?:\[([^\[\]]*)\])?")
_TEXT: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_CODE: Final = re.compile(r"#(?:\"([^\"]*)\"|([^\s\"]+))")
_CARD: Final = re.compile(r"\d+\.\.(?:\d+|\*)")
_HOLDS: Final = frozenset({"Profile", "Logical", "Resource", "Extension"})
_STILL: Final = frozenset({"group", "display"})
_ANSWER: Final = re.compile(r"value\w+\Z|display\Z|code\Z")

_Step = tuple[str, int]
_Path = tuple[_Step, ...]


@dataclass(slots=True)
class _Item:
    """What the rules say of one question."""

    line: int
    told: dict[str, str] = field(default_factory=dict)
    answers: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Block:
    """One definition: its kind, its name, and what its rules have said so far."""

    kind: str = ""
    name: str = ""
    about: dict[str, str] = field(default_factory=dict)
    items: dict[_Path, _Item] = field(default_factory=dict)
    elements: dict[str, _Item] = field(default_factory=dict)
    above: list[tuple[int, _Path]] = field(default_factory=list)
    counts: dict[tuple[_Path, str], int] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        return self.kind == "Instance" and "questionnaire" in self.about.get("InstanceOf", "").lower()


class FshReader:
    """Gives a question for each item of a questionnaire, a column for each element of a model."""

    name = "fsh"
    extra = ""

    def weigh(self, document: Document) -> float:
        """Return 0.95 for files of that suffix that define something that holds or asks."""
        return 0.95 if document.suffix == "fsh" and _TELLS.search(document.content) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give the places in the order of the file.

        Raises:
            LimitReachedError: A bound was reached.
            UnreadableError: It is no text.
        """
        refuse_long_lines(document)
        places = (
            place for block in _blocks(decode(document)) for place in _places_of(block, document.source)
        )
        yield from tag_language(within_limits(places, document), document)


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    for number, line in _lines(text):
        if begins := _BLOCK.match(line):
            yield block
            block = _Block(begins[1], begins[2])
        elif about := _ABOUT.match(line):
            block.about[about[1]] = about[2].strip('" ')
        elif rule := _RULE.match(line):
            _follow(block, number, rule)
    yield block


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Give the lines without comments; a text of several lines is one, at its first line."""
    lines, at = text.split("\n"), 0
    while at < len(lines):
        first, line = at + 1, lines[at]
        if line.count('"""') == 1:
            parts = [line.replace('"""', '"')]
            while at + 1 < len(lines) and '"""' not in lines[at + 1]:
                at += 1
                parts.append(lines[at].strip().replace('"', "'"))
            at += 1
            line = " ".join([*parts, lines[at].strip().replace('"""', '"') if at < len(lines) else '"'])
        at += 1
        if not line.lstrip().startswith("//"):
            yield first, line.replace('"""', '"')


def _follow(block: _Block, number: int, rule: re.Match[str]) -> None:
    """Take one rule into account."""
    indent, rest = len(rule["indent"].expandtabs(2)), rule["rest"]
    while block.above and block.above[-1][0] >= indent:
        block.above.pop()
    before = block.above[-1][1] if block.above else ()
    path = _resolved(block, before, rule["path"])
    block.above.append((indent, path))
    if block.asks:
        _ask(block, number, path, rest)
    elif block.kind in _HOLDS:
        _hold(block, number, path, rest)


def _resolved(block: _Block, before: _Path, written: str) -> _Path:
    """Return a path with its soft numbers counted: ``[+]`` is one more than the last, ``[=]`` the last."""
    path = before
    for name, index in _STEP.findall(written[:500])[:40]:
        last = block.counts.get((path, name), -1)
        number = (
            last + 1 if index == "+" else int(index) if index.isdecimal() and len(index) < 7 else max(last, 0)
        )
        block.counts[path, name] = number
        path = (*path, (name if index in {"", "+", "="} or index.isdecimal() else f"{name}:{index}", number))
    return path[:60]


def _ask(block: _Block, number: int, path: _Path, rest: str) -> None:
    if not path or path[0][0] != "item":
        return
    depth = next((at for at, (name, _) in enumerate(path) if name != "item"), len(path))
    item = block.items.setdefault(path[:depth], _Item(number))
    leaf = path[depth:]
    if not leaf:
        return
    text, code = _TEXT.search(rest), _CODE.search(rest)
    said = text[1] if text else (code[1] or code[2]) if code else rest.lstrip("= ").strip()
    if leaf[0][0] in {"answerOption", "option"} and len(leaf) > 1 and _ANSWER.match(leaf[1][0]):
        item.answers[leaf[0][1]] = (
            said if text or leaf[0][1] not in item.answers else item.answers[leaf[0][1]]
        )
    elif len(leaf) == 1:
        item.told.setdefault(leaf[0][0], said)
        item.line = number if leaf[0][0] == "linkId" else item.line


def _hold(block: _Block, number: int, path: _Path, rest: str) -> None:
    names = [name for name, _ in path if not name.startswith("^")]
    if not names:
        return
    for slice_ in re.findall(r"\bnamed\s+(\w+)", rest)[:50]:
        block.elements.setdefault(slice_, _Item(number))
    said_of = re.match(r"\^(\w+)", rest)
    about = said_of[1] if said_of else next((name[1:] for name, _ in path if name.startswith("^")), "")
    texts, card = _TEXT.findall(rest), _CARD.match(rest)
    name = ".".join(names)
    if about in {"short", "definition", "label"} and texts:
        block.elements.setdefault(name, _Item(number)).told.setdefault(about, texts[0])
    elif card and "contains" not in rest:
        one = block.elements.setdefault(name, _Item(number))
        one.told.setdefault("card", card[0])
        for key, said in zip(("short", "definition"), texts, strict=False):
            one.told.setdefault(key, said)
        if block.kind in {"Logical", "Resource"} and (
            kind := re.match(r"\S+\s+(?:(?:MS|SU|TU|N|D)\s+)*(\w[\w-]*)", rest)
        ):
            one.told.setdefault("type", kind[1])


def _places_of(block: _Block, source: str) -> Iterator[Place]:
    title = plain(block.about.get("Title")) or block.name
    for path, item in block.items.items():
        told = item.told
        if told.get("type") in _STILL or not (told.get("text") or told.get("linkId")):
            continue
        groups = [
            block.items[path[:at]].told.get("text", "")
            for at in range(1, len(path))
            if path[:at] in block.items
        ]
        yield Place(
            source,
            f"line:{item.line}",
            "question",
            name=plain(told.get("linkId")),
            text=plain(told.get("text")),
            options=shorten(item.answers.values()),
            lang=plain(block.about.get("language")),
            context=join(title, *groups[-2:], by=" › ")[:300],
            type=plain(told.get("type")),
            facts=("required",) if told.get("required") == "true" else (),
        )
    for name, item in block.elements.items():
        yield Place(
            source,
            f"line:{item.line}",
            "column",
            name=f"{block.name}.{name}",
            text=join(item.told.get("label"), item.told.get("short"), item.told.get("definition")),
            context=title,
            type=item.told.get("type", ""),
            facts=("required",) if item.told.get("card", "").startswith("1") else (),
        )
