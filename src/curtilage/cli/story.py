"""What the demo says: a page of text that a newcomer reads once, computed from what was found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import fill

from curtilage.collection import rules as content_rules
from curtilage.encryption.checks import SEALED_READABLE
from curtilage.foundation.finding import Severity
from curtilage.foundation.place import PassedOver
from curtilage.retention.checks import PAST_LIMIT
from curtilage.safeguards.report import Group, Report

_WIDTH = 96
_MOST_CELLS = 8
_BY_CELLS = frozenset(
    (
        content_rules.UNDECLARED_CONTENT.code,
        content_rules.ODD_CELLS.code,
        content_rules.ODD_NUMBERS.code,
        content_rules.NOT_THERE.code,
        SEALED_READABLE.code,
        PAST_LIMIT.code,
    )
)
"""Rules that speak of cells."""


def tell(
    report: Report,
    *,
    residents: int,
    folder: str,
    page: str,
    program: str = "curtilage",
    done: Sequence[str] = (),
) -> Iterator[str]:
    """Give the lines of the page.

    Args:
        report: What the check of the example city found.
        residents: How many made-up residents the city holds.
        folder: The city's folder, as the user would type it.
        page: The HTML report's path.
        program: The command, as the user would type it.
        done: Lines that tell what was done there: deleted, compared; may be empty.
    """
    yield from _opening(report, residents, folder)
    yield from _standings(report)
    yield from _cells(report)
    yield from done
    yield "What to do first"
    for number, group in enumerate(report.groups()[:5], start=1):
        yield from _advice(number, group)
    yield from _ending(folder, page, program)


def _opening(report: Report, residents: int, folder: str) -> Iterator[str]:
    counts = ", ".join(f"{report.count(severity)} {severity}" for severity in Severity)
    yield ""
    yield _fold(
        f"{report.city} is made up: {residents:,} residents who do not exist, four databases of which one is "
        f"switched off, forms in two languages, extracts, and the source of a small application, in {folder}. "
        "Its departments wrote down what they ask and why. Curtilage read that, looked at everything, and compared."
    )
    yield ""
    yield _fold(
        f"It looked at {report.places:,} questions and columns and found {len(report.open)} places where a "
        f"safeguard is missing ({counts}). No value of any record was kept: findings hold places and counts."
    )
    yield ""


def _cells(report: Report) -> Iterator[str]:
    """Give what no name told: found by looking at every cell, told as counts."""
    found = [each.finding.message for each in report.open if each.finding.rule.code in _BY_CELLS]
    if found:
        yield "What only the cells told"
        yield from (_fold(message, "     ", first="   - ") for message in found[:_MOST_CELLS])
        yield ""


def tell_left_out(passed_over: Iterable[PassedOver]) -> Iterator[str]:
    """Give the lines that tell what was not read because a library is not installed; none where all are.

    Args:
        passed_over: What was not read, for whatever reason; may name a file twice.
    """
    needs: dict[str, set[str]] = {}
    for each in passed_over:
        if each.reason == "not-installed":
            needs.setdefault(each.detail, set()).add(each.source)
    if needs:
        yield "What was left out, for want of a library"
        for need, sources in sorted(needs.items()):
            files = "1 file" if len(sources) == 1 else f"{len(sources)} files"
            yield _fold(f"{files}. {need}", "     ", first="   - ")
        yield ""


def _standings(report: Report) -> Iterator[str]:
    yield "The ten safeguards"
    for standing in report.standings():
        if not standing.ruled:
            said = "not checked yet"
        elif standing.open == 0:
            said = "nothing open"
        else:
            said = f"{standing.high:>3} high {standing.medium:>3} medium {standing.low:>3} low"
        yield f"  {standing.number:>2}  {standing.title:<40} {said}"
    yield ""


def _advice(number: int, group: Group) -> Iterator[str]:
    count = len(group.triaged)
    more = f" ({count} places)" if count > 1 else ""
    yield _fold(f"{number}. {group.rule.title}{more}. {group.rule.why}", "   ", first="  ")
    yield _fold(f"For example, {group.triaged[0].finding.message}", "     ", first="     ")
    yield _fold(f"To do: {group.rule.remedy}", "     ", first="     ")


def _ending(folder: str, page: str, program: str) -> Iterator[str]:
    yield ""
    yield f"The whole report, to read in a browser: {page}"
    yield ""
    yield "Try next"
    tries = (
        (f"{program} scan {folder}/forms", "what do the forms ask?"),
        (f"{program} check --city {folder}", "every finding, with what to do"),
        (f"{program} check --city {folder} --explain CODE", "why a rule matters"),
        (f"{program} inventory validate --city {folder}", "is the inventory well formed?"),
        (f"{program} init my-city", "begin with your own city"),
    )
    width = max(len(command) for command, _ in tries)
    for command, does in tries:
        yield f"  {command:<{width}}  {does}"


def _fold(text: str, rest: str = "", first: str = "") -> str:
    return fill(text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False)
