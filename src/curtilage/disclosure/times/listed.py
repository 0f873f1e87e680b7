"""A list that a city wrote in YAML, item by item, each with the line on which it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from curtilage.foundation.errors import DeclarationError, Problem

Item = TypeVar("Item")


def read_list(
    folder: Path,
    name: str,
    kind: type[Item],
    *,
    code: str,
    instead: str,
    check: Callable[[Item], Iterator[tuple[str, str]]] | None = None,
) -> tuple[Item, ...]:
    """Return the items of a list in a city's folder; empty where there is no such file.

    Args:
        folder: The city's folder.
        name: The file, relative to it.
        kind: What each item is.
        code: Stable code of a problem in it.
        instead: What to write for an item, one sentence.
        check: Gives what else is wrong with an item, and what to write instead.

    Raises:
        DeclarationError: It cannot be read; every problem with its line.
    """
    path = folder / name
    if not path.exists():
        return ()
    found: list[Item] = []
    problems: list[Problem] = []
    for line, said in _list_items(path, name, code):
        try:
            item = msgspec.convert(said, kind, strict=False)
        except msgspec.ValidationError as error:
            problems.append(
                Problem(name, line, f"This is not understood: {str(error).rstrip('.')}.", instead, code)
            )
            continue
        wrong = list(check(item)) if check else []
        problems += [Problem(name, line, what, better, code) for what, better in wrong]
        found.append(item)
    if problems:
        raise DeclarationError(problems)
    return tuple(found)


def _list_items(path: Path, name: str, code: str) -> Iterator[tuple[int, Any]]:
    import yaml

    try:
        text = path.read_text("utf-8")
        root = yaml.compose(text, Loader=yaml.BaseLoader)
        said = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - it makes nothing but text
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise DeclarationError([Problem(name, 0, "It cannot be read as YAML.", "", code)]) from error
    if root is None:
        return
    if not isinstance(said, list):
        raise DeclarationError([Problem(name, 1, "It is no list.", "Begin each item with a hyphen.", code)])
    yield from ((node.start_mark.line + 1, each) for node, each in zip(root.value, said, strict=True))
