"""Recognise coded columns by their different cells: ``C``, ``N``, ``LPR``. The lists are data (``codes.yml``)."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
import yaml

from curtilage.detection.rulebook import RulesNotReadableError
from curtilage.detection.values.fold import fold
from curtilage.foundation.errors import Problem
from curtilage.inventory.nouns import Reveals


class CodeList(msgspec.Struct, frozen=True):
    """What the cells of one kind of coded column may be.

    Attributes:
        id: Unique; shown in reasons as ``codes:ID``.
        category: Id in the vocabulary; empty for lists that only keep others from their columns.
        reveals: What a cell tells.
        source: Key in ``docs/sources.toml``.
        values: As :func:`plain` gives them.
        telling: Those of ``values`` that say what the column is.
        together: Those that say it when all of them stand there; empty where none do.
    """

    id: str
    category: str
    reveals: Reveals
    source: str
    values: frozenset[str]
    telling: frozenset[str]
    together: frozenset[str] = frozenset()


class CodeLists(msgspec.Struct, frozen=True):
    """All lists, and the cells that stand in any column and say nothing."""

    lists: tuple[CodeList, ...]
    blank: frozenset[str]


@cache
def load_lists() -> CodeLists:
    """Return the lists that ship with Curtilage.

    Raises:
        RulesNotReadableError: The file cannot be read.
    """
    path = files("curtilage.detection.values") / "codes.yml"
    try:
        return read_lists(path.read_text("utf-8"))
    except (yaml.YAMLError, ValueError, TypeError, KeyError) as error:
        problem = Problem(path.name, 0, f"cannot be read: {error}", code="detection.not-a-rule")
        raise RulesNotReadableError([problem], next_step="Mend the file; nothing was classified.") from error


def read_lists(text: str) -> CodeLists:
    """Return the lists of a file.

    Raises:
        ValueError: A telling value is not among the values, or something means nothing.
        yaml.YAMLError: It is no YAML.
    """
    data: dict[str, Any] = yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - safe
    lists = tuple(_read_list({"source": data["source"], **each}) for each in data["lists"])
    return CodeLists(lists, frozenset(plain(str(each).encode()) for each in data["blank"]))


def _read_list(written: dict[str, Any]) -> CodeList:
    spelt = {key: written.get(key, []) for key in ("values", "telling", "together")}
    for key, values in spelt.items():
        if not all(isinstance(each, str) for each in values):
            raise ValueError(f"{written['id']}: {key} are texts: put no, yes and numbers in quotes")
    folded = {key: [plain(each.encode()) for each in values] for key, values in spelt.items()}
    found = msgspec.convert({**written, **folded}, CodeList)
    if unknown := (found.telling | found.together) - found.values:
        raise ValueError(f"{found.id}: {', '.join(sorted(unknown))} is telling and not among the values")
    return found


def plain(cell: bytes) -> str:
    """Return a cell as lists have it: folded, small, one space between words, nothing at its ends."""
    return " ".join(fold(cell).decode().lower().split()).strip(" .,:;()[]\"'")
