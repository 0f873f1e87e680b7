"""How this door looks into cells: with the rules that ship, the drivers it chooses, and processes of this machine.

Everything here imports inside functions, so that a command loads only what it uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Final

from curtilage.cli.render import note

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from curtilage.connectors.content.ports import ContentLimits
    from curtilage.connectors.ports import Limits
    from curtilage.detection.classifier import Classifier
    from curtilage.detection.columns import TellingRule
    from curtilage.detection.nouns import Verdict
    from curtilage.foundation.place import Place
    from curtilage.foundation.progress import Progress
    from curtilage.survey.values.engine import Engine
    from curtilage.survey.values.into import HowToLookInto
    from curtilage.survey.values.nouns import ValueTools

TOOLS: Final = "curtilage.cli.values:value_tools"
#: Suffixes of files whose cells or words are looked into. Source code, forms and web pages are none: what
#: stands there was written by the city and not by residents.
SUFFIXES: Final = frozenset(
    "csv tsv tab psv jsonl ndjson json parquet arrow feather xlsx xlsm xls ods docx odt pdf txt text eml mbox msg "
    "png jpg jpeg tif tiff gz bz2 xz zst zip".split()
)
NOT_INSTALLED: Final = (
    "The cells were not looked into, only names: reading them needs pyarrow, which is not installed. "
    "Run: pip install 'curtilage[tables]'"
)


def value_tools(limits: ContentLimits) -> ValueTools:
    """Return what a worker works with that looks into cells.

    Called in each worker process, by name.
    """
    from curtilage.cli.assembly import open_content
    from curtilage.detection.values.scanner import shipped_scanner
    from curtilage.survey.values.looks import RuleLooks
    from curtilage.survey.values.nouns import ValueTools

    scanner = shipped_scanner()
    return ValueTools(
        lambda address, source, moment: open_content(address, source, limits, moment=moment),
        RuleLooks(scanner.rules, scanner),
        classify,
    )


def classify(place: Place) -> Verdict:
    """Return what a column is called that no reader of names gave: a key of JSON, a column in a store."""
    return _classifier().classify(place)


@cache
def _classifier() -> Classifier:
    from curtilage.detection.classifier import Classifier

    return Classifier()


def value_rules() -> Mapping[str, TellingRule]:
    """Return every rule for values, by id."""
    from curtilage.detection.values.scanner import shipped_scanner

    return {rule.id: rule for rule in shipped_scanner().rules.rules}


def may_hold(name: str) -> bool:
    """Return whether a file of that name may hold cells or words that can be looked into.

    >>> may_hold("exports/people.CSV"), may_hold("models.py")
    (True, False)
    """
    return name.rpartition("/")[2].rpartition(".")[2].lower() in SUFFIXES


def look_into_cells(
    limits: Limits,
    *,
    rows: int = 0,
    pace: int = 0,
    jobs: int = 0,
    progress: Progress,
    city: Path | None = None,
    engine: str = "",
) -> HowToLookInto | None:
    """Return how cells are looked into; None, with a line that says so, where pyarrow is missing.

    Args:
        limits: Bounds of each file and worker.
        rows: How many rows of each table to look at; 0 for all.
        pace: Rows a second at most, of all workers together; 0 for as fast as it goes.
        jobs: Worker processes at most; 0 for as many as there are cores to use.
        progress: Told of rows and bytes.
        city: Folder in which counts of parts are kept from run to run; None keeps nothing.
        engine: A cluster's address, ``spark://HOST:PORT``; empty for processes of this machine.

    Effects:
        Writes to standard error where pyarrow is missing.
    """
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        note(NOT_INSTALLED)
        return None
    from curtilage.cli.assembly import list_files
    from curtilage.survey.values.into import HowToLookInto
    from curtilage.survey.values.kept import KeptParts

    return HowToLookInto(
        engine=lambda: _make_engine(engine, limits, pace=pace, jobs=jobs),
        holds=may_hold,
        rules=value_rules,
        classify=classify,
        list_stored=list_files,
        rows=rows,
        kept=KeptParts(city) if city else None,
        progress=progress,
    )


def content_limits(limits: Limits, *, pace: int = 0) -> ContentLimits:
    """Return the bounds of content that follow from those of files.

    Args:
        limits: Bounds of each file and worker.
        pace: Rows a second at most; 0 for as fast as it goes.
    """
    from curtilage.connectors.content.ports import ContentLimits

    return ContentLimits(
        expanded_bytes=max(limits.expanded_bytes, ContentLimits().expanded_bytes),
        depth=limits.depth,
        seconds=max(limits.seconds, ContentLimits().seconds),
        rows_per_second=pace,
    )


def _make_engine(engine: str, limits: Limits, *, pace: int, jobs: int) -> AbstractContextManager[Engine]:
    from curtilage.survey.sweep import count_cores
    from curtilage.survey.values.engine import PoolEngine

    bounds = content_limits(limits, pace=pace)
    if engine:
        from curtilage.survey.values.spark import SparkEngine

        return SparkEngine(engine, TOOLS, limits=bounds)
    return PoolEngine(TOOLS, limits=bounds, memory_bytes=limits.memory_bytes, jobs=jobs or count_cores())
