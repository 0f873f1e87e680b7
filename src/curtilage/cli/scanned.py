"""What a scan saw, in the formats that other programs and people take: SARIF, and a page."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from curtilage import __version__
from curtilage.cli.places import describe
from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.inventory.nouns import Reveals

if TYPE_CHECKING:
    from curtilage.foundation.place import PassedOver
    from curtilage.survey.nouns import Observed

_REMEDY: Final = "Ask whether the purpose needs it. Declare it with its authority, ask aloud, or do without."


def _rule(level: Reveals, severity: Severity, title: str, why: str) -> Rule:
    return Rule(f"scan.{level}", 1, severity, title, why, _REMEDY, "sunlight-2017, question by question")


RULES: Final = {
    Reveals.DIRECT: _rule(
        Reveals.DIRECT,
        Severity.HIGH,
        "States status, citizenship or origin",
        "A record of it can put somebody in danger.",
    ),
    Reveals.STRONG: _rule(
        Reveals.STRONG,
        Severity.HIGH,
        "Singles out where somebody comes from",
        "With little more it says the same as the question that nobody dared to ask.",
    ),
    Reveals.WEAK: _rule(
        Reveals.WEAK,
        Severity.MEDIUM,
        "Correlates with status",
        "Together with others it tells.",
    ),
    Reveals.NONE: _rule(
        Reveals.NONE,
        Severity.LOW,
        "Personal data",
        "It tells nothing of status by itself, and still belongs to somebody.",
    ),
}


def write_places_sarif(places: Iterable[Observed]) -> None:
    """Print a SARIF log of the places in which something was recognised.

    Effects:
        Writes to standard output.
    """
    import json

    from curtilage.safeguards.sarif import render_sarif
    from curtilage.safeguards.triage import Triaged

    found = (Triaged(to_finding(each), open=True) for each in places if each.verdict.matches)
    json.dump(render_sarif(found, RULES.values(), __version__), sys.stdout, indent=1)
    sys.stdout.write("\n")


def write_places_page(places: Iterable[Observed], not_read: Sequence[PassedOver] = ()) -> None:
    """Print a page of HTML about the places in which something was recognised.

    Args:
        places: What was seen.
        not_read: What could not be read; complete once all places were given.

    Effects:
        Writes to standard output.
    """
    from curtilage.safeguards.page import render_places

    found = [each for each in places if each.verdict.matches]
    sys.stdout.buffer.write(render_places(found, __version__, not_read).encode())


def to_finding(observed: Observed) -> Finding:
    """Return a place in which something was recognised as a finding of the scan's own rules."""
    place, verdict = observed.place, observed.verdict
    spot = Spot(place.source, place.line, place.locator)
    what = ", ".join(verdict.categories).replace("_", " ")
    name = place.name or place.locator
    return Finding(
        RULES[verdict.reveals],
        spot,
        f"{place.source}#{place.locator}",
        f"{name} is about {describe(observed)}.",
        state=what,
    )
