"""Pages for people: one HTML file each, no script, nothing fetched, prints on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from curtilage.foundation.place import PassedOver
from curtilage.safeguards.report import Report
from curtilage.survey.nouns import Observed

#: Level, colour, and what it means, the most telling first.
_LEVELS: Final = (
    ("direct", "high", "states status, citizenship or origin"),
    ("strong", "medium", "singles out with little more"),
    ("weak", "low", "correlates"),
    ("none", "quiet", "personal, and tells nothing of status"),
)


def render_page(report: Report, version: str) -> str:
    """Return the report of a check; every text that was found in a file is escaped."""
    return (
        _templates()
        .get_template("report.html")
        .render(report=report, not_read=report.not_read, version=version)
    )


def render_places(places: Sequence[Observed], version: str, not_read: Sequence[PassedOver] = ()) -> str:
    """Return what a scan saw, source by source, as a page.

    Args:
        places: What was recognised, in the order of the sources; may be empty.
        version: Version of Curtilage.
        not_read: What could not be read; may be empty.
    """
    sources = [(key, list(group)) for key, group in groupby(places, key=lambda each: each.place.source)]
    return (
        _templates()
        .get_template("places.html")
        .render(
            places=places,
            sources=sources,
            counts=Counter(str(each.verdict.reveals) for each in places),
            levels=_LEVELS,
            tones={level: tone for level, tone, _ in _LEVELS},
            not_read=not_read,
            version=version,
        )
    )


@lru_cache(maxsize=1)
def _templates() -> Environment:
    return Environment(
        loader=PackageLoader("curtilage.safeguards"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
