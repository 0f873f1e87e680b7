"""Read the rules for values: files of data under ``rules/``, which need no Python to write.

``docs/how-to/add-a-value-rule.md`` teaches the format. All problems of all files are told at once; a
rulebook that cannot be read whole is not used at all, for half of it would quietly protect half of
the residents' data.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

import msgspec
import yaml

from curtilage.detection.phrases import GAP, choices
from curtilage.detection.rulebook import RulesNotReadableError
from curtilage.detection.values.checks import Check, Remainder, Sum
from curtilage.detection.values.fold import fold
from curtilage.detection.values.nouns import Group, Rule, Rules
from curtilage.detection.values.shapes import ShapeError, parse_shape
from curtilage.foundation.errors import Problem

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_RELATIONS: Final = ("near", "sentence", "within", "then", "after")
_PLAIN: Final = tuple(
    "id title category reveals source slips builtin takes before not_before cased priority beside".split()
)
_KEYS: Final = frozenset(
    (
        *_PLAIN,
        "shapes",
        "checks",
        "phrases",
        "stop",
        "cases",
        *_RELATIONS,
        *(f"not_{name}" for name in _RELATIONS),
    )
)
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_BUILTINS: Final = ("", "email")
_TAKES: Final = ("", "name", "with_name")
#: In a phrase: a word of one to four digits.
NUMBER: Final = "#"
#: A word of folded text: a Chinese or Japanese character alone, or a run of letters and digits.
WORD: Final = re.compile(rb"[\xe3-\xe9][\x80-\xbf]{2}|(?:[0-9A-Za-z]|[\xc2-\xe2\xea-\xef][\x80-\xbf]+)+")


@dataclass(slots=True)
class _Book:
    rules: list[Rule] = field(default_factory=list)
    groups: dict[str, Group] = field(default_factory=dict)
    asked: list[tuple[str, int, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, name: str, line: int, said: str) -> None:
        self.problems.append(Problem(name, line, said, code="detection.not-a-rule"))


def load() -> Rules:
    """Return the rules that ship with Curtilage.

    Raises:
        RulesNotReadableError: A file is not YAML, or says something that means nothing.
    """
    return read(shipped_files())


def shipped_files() -> dict[str, str]:
    """Return the text of each file of rules by its name, in the order of reading."""
    folder = files("curtilage.detection.values") / "rules"
    found = sorted((path.name, path) for path in folder.iterdir() if path.name.endswith(".yml"))
    return {name: path.read_text("utf-8") for name, path in found}


def read(texts: Mapping[str, str]) -> Rules:
    """Return the rules of some files.

    Args:
        texts: Text of each file by its name; rules are numbered in this order.

    Raises:
        RulesNotReadableError: With all problems of all files, each with its line.
    """
    book = _Book()
    for name, text in texts.items():
        _read_file(name, text, book)
    for name, line, group in book.asked:
        if group not in book.groups:
            book.complain(name, line, f"asks for the context {group}, which no file has")
    if book.problems:
        raise RulesNotReadableError(book.problems, next_step="Mend the files named above; nothing was read.")
    return Rules(tuple(book.rules), tuple(book.groups.values()))


def read_cases(text: str) -> Iterator[tuple[str, bool, str, frozenset[str]]]:
    """Give the cases of a file: rule, whether it must match, the cell, the groups its column carries."""
    for rule in yaml.load(text, Loader=_LOADER)["rules"] or ():  # noqa: S506 - a safe loader
        for wanted in (True, False):
            for case in rule["cases"]["match" if wanted else "not"]:
                plain = case if isinstance(case, Mapping) else {"text": case}
                yield rule["id"], wanted, str(plain["text"]), frozenset(plain.get("column", ()))


def sequences(listed: object) -> tuple[tuple[str, ...], ...]:
    """Return each sequence of folded words that some phrases stand for.

    Args:
        listed: ``{language: [phrase, ...]}`` or a plain list; a block of text counts line by line.

    Raises:
        ValueError: A phrase has no word, or begins or ends with a gap.

    >>> sequences({"es": ["(sin|no tiene) papel*"]})
    (('sin', 'papel*'), ('no', 'tiene', 'papel*'))
    """
    by_language = listed.values() if isinstance(listed, Mapping) else [listed or ()]
    found: dict[tuple[str, ...], None] = {}
    for spoken in by_language:
        for written in _lines(spoken or ()):
            for chosen in choices(str(written)):
                if elements := tuple(_elements(chosen)):
                    _check_phrase(str(written), elements)
                    found[elements] = None
    return tuple(found)


def _check_phrase(written: str, elements: tuple[str, ...]) -> None:
    if GAP in (elements[0], elements[-1]) or any(pair == (GAP, GAP) for pair in itertools.pairwise(elements)):
        raise ValueError(f"the phrase {written} begins or ends with .. or has it twice")


def _elements(chosen: str) -> Iterator[str]:
    for piece in chosen.split():
        if piece == "..":
            yield GAP
            continue
        if piece == NUMBER:
            yield NUMBER
            continue
        words = [found.decode().lower() for found in WORD.findall(fold(piece.rstrip("*").encode()))]
        if words and piece.endswith("*"):
            words[-1] += "*"
        yield from words


def _lines(listed: Any) -> Iterable[Any]:
    if isinstance(listed, str):
        return [line.strip() for line in listed.splitlines() if line.strip()]
    if not isinstance(listed, list | tuple):
        raise ValueError("phrases are a list, or lists by language")  # noqa: TRY004 - told as a problem of the file
    for one in listed:
        if not isinstance(one, str | int) or isinstance(one, bool):
            raise ValueError(f"{one} is not a text: put no, yes, on and off in quotes")  # noqa: TRY004 - the same
    return listed


def _read_file(name: str, text: str, book: _Book) -> None:
    try:
        root = yaml.compose(text, Loader=_LOADER)
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        book.complain(name, line, f"is not YAML: {error.problem}")
        return
    if not isinstance(data, dict) or (unknown := set(data) - {"source", "contexts", "rules"}):
        extra = f": {', '.join(sorted(map(str, unknown)))}" if isinstance(data, dict) else ""
        book.complain(name, 1, f"holds source, contexts and rules, and nothing else{extra}")
        return
    lines = dict(_lines_of(root))
    for at, (group_id, written) in enumerate((data.get("contexts") or {}).items()):
        _add_group(name, lines.get(("contexts", at), 0), str(group_id), written, book)
    for at, written in enumerate(data.get("rules") or ()):
        _add_rule(name, lines.get(("rules", at), 0), written, data.get("source", ""), book)


def _lines_of(root: Any) -> Iterator[tuple[tuple[str, int], int]]:
    for key, value in root.value:
        items = value.value if key.value in ("rules", "contexts") and not isinstance(value.value, str) else ()
        for at, item in enumerate(items):
            node = item[0] if isinstance(item, tuple) else item
            yield (key.value, at), node.start_mark.line + 1


def _add_group(name: str, line: int, group_id: str, written: Any, book: _Book) -> None:
    try:
        if unknown := set(written) - {"categories", "phrases"}:
            raise ValueError(f"has unknown keys {', '.join(sorted(unknown))}")  # noqa: TRY301
        if group_id in book.groups:
            raise ValueError("is there twice")  # noqa: TRY301
        book.groups[group_id] = Group(
            group_id, tuple(written.get("categories", ())), sequences(written.get("phrases"))
        )
    except (ValueError, TypeError, AttributeError) as error:
        book.complain(name, line, f"context {group_id}: {error}")


def _add_rule(name: str, line: int, written: Any, source: str, book: _Book) -> None:
    known = written.get("id", "?") if isinstance(written, dict) else "?"
    try:
        rule = _rule(written, source)
        if any(rule.id == other.id for other in book.rules):
            raise ValueError("is there twice")  # noqa: TRY301
        book.rules.append(rule)
        for relations in (rule.asks, rule.bars):
            for relation in _RELATIONS:
                book.asked += [(name, line, group) for group in getattr(relations, relation)]
    except ShapeError as error:
        book.complain(name, line, f"rule {known}: the shape {error}")
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        book.complain(name, line, f"rule {known}: {error}")


def _rule(written: Mapping[str, Any], source: str) -> Rule:
    if unknown := set(written) - _KEYS:
        raise ValueError(f"has unknown keys {', '.join(sorted(unknown))}")
    rule = msgspec.convert(
        {
            "source": source,
            **{key: written[key] for key in _PLAIN if key in written},
            "shapes": [str(shape) for shape in _lines(written.get("shapes") or [])],
            "checks": [_check(one) for one in written.get("checks") or ()],
            "phrases": sequences(written.get("phrases")),
            "stop": [str(word).lower() for word in _lines(written.get("stop") or [])],
            "asks": {name: written[name] for name in _RELATIONS if name in written},
            "bars": {name: written[f"not_{name}"] for name in _RELATIONS if f"not_{name}" in written},
        },
        Rule,
    )
    _check_rule(rule)
    return rule


def _check(written: Any) -> dict[str, Any]:
    if not isinstance(written, dict) or len(written) != 1:
        raise ValueError(f"a check is one name with what it asks, not {written}")
    ((name, asked),) = written.items()
    return {"check": name, **(asked or {})}


def _check_rule(rule: Rule) -> None:
    if not _ID.fullmatch(rule.id):
        raise ValueError("an id is small letters, digits and _")
    if not rule.source:
        raise ValueError("has no source")
    if rule.builtin not in _BUILTINS or rule.takes not in _TAKES:
        raise ValueError(f"builtin is email, takes is name or with_name; not {rule.builtin or rule.takes}")
    kinds = bool(rule.shapes) + bool(rule.phrases) + bool(rule.builtin)
    if kinds != 1:
        raise ValueError("has either shapes or phrases (or is builtin)")
    if rule.takes and not rule.phrases:
        raise ValueError("takes a name behind phrases, and has none")
    for shape in rule.shapes:
        parse_shape(shape, cased=rule.cased)
    for check in rule.checks:
        _check_check(check)


def _check_check(check: Check) -> None:
    if isinstance(check, Sum) and len(check.take) != len(check.weights):
        raise ValueError("a sum has as many weights as positions that it takes")
    if isinstance(check, Sum) and bool(check.residues) == bool(check.expect):
        raise ValueError("a sum has either expect or residues")
    if isinstance(check, Sum | Remainder) and check.expect and len(check.expect) != check.mod:
        raise ValueError(f"expect has {len(check.expect)} characters for {check.mod} remainders")
