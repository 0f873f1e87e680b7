"""How the survey looks into a source, for measurements: its tools, and what names tell of the columns."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def tools() -> Any:
    """Return what a worker works with."""
    from curtilage.cli.values import value_tools
    from curtilage.connectors.content.ports import ContentLimits

    return value_tools(ContentLimits())


def place(source: str, where: dict[str, Any]) -> tuple[Any, tuple[Any, ...]]:
    """Return a source as a worker opens it, and what its columns' names tell."""
    from bench.city_rows import City
    from curtilage.detection.classifier import Classifier, Field
    from curtilage.survey.values.nouns import Named, Where

    classifier = Classifier()
    named = tuple(
        Named("", name, tuple(classifier.classify(Field(name=name, text="")).categories))
        for name in City(1).headings
    )
    if source == "postgres":
        return Where("city", url=where["address"]), named
    # By its name a reader knows a CSV file.
    return Where(Path(where["path"]).name, path=where["path"].encode()), named


def in_processes(source: str, where: dict[str, Any], jobs: int) -> int:
    """Look into a source with so many processes, start-up included; return in how many cells something was found."""
    from curtilage.cli.values import TOOLS
    from curtilage.connectors.content.ports import ContentLimits
    from curtilage.survey.values.engine import PoolEngine
    from curtilage.survey.values.run import Inspection, Look

    at, named = place(source, where)
    with PoolEngine(TOOLS, limits=ContentLimits(), memory_bytes=4 << 30, jobs=jobs) as engine:
        inspection = Inspection([Look(at, named)], engine)
        inspection.run()
    if inspection.told:
        raise RuntimeError(inspection.told[0].detail)
    return sum(
        cells
        for table in inspection.tables
        for hits in table.counted.hits.values()
        for rule, cells in hits.items()
        if not rule.startswith("=")
    )
