"""What became of the five outside requests of the example city, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import fill
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from curtilage.disclosure.case.nouns import Case

_WIDTH: Final = 96


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one request.

    Attributes:
        case: Its id.
        title: What arrived, in words.
        answer: What policy answered, in words; empty where it was not asked.
        came: What was done, in words.
    """

    case: str
    title: str
    answer: str
    came: str


@dataclass(frozen=True, slots=True)
class Requests:
    """What the requests of the example city came to.

    Attributes:
        told: Each, in the order in which they arrived.
        opened: Records in the package that its recipient opened; None where none was opened.
        missing: Why there are none: what is not installed, or packs out of their time; empty where all is well.
    """

    told: tuple[Told, ...]
    opened: int | None = None
    missing: str = ""


def tell_requests(requests: Requests, folder: str, program: str) -> Iterator[str]:
    """Give the lines that tell of the requests.

    Args:
        requests: What they came to.
        folder: The city's folder, as the user would type it.
        program: The command, as the user would type it.
    """
    yield "What outside requests came to"
    if requests.missing:
        yield _fold(f"None was answered. {requests.missing}", "  ")
        yield ""
        return
    yield _fold(
        "Nobody at a desk answered. Policy did, by rules that counsel signed and that are proved; people confirmed it.",
        "  ",
    )
    for each in requests.told:
        answer = f"{each.answer}. " if each.answer else ""
        yield _fold(f"{each.title}: {answer}{each.came}", "     ", first="   - ")
    if requests.opened is not None:
        yield _fold(f"The court's package was opened with the court's key: {requests.opened} record.", "  ")
    yield f"  To look at them: {program} disclosure cases --city {folder}"
    yield f"  What is due when: {program} disclosure clocks --city {folder}"
    yield ""


def _fold(text: str, indent: str, first: str = "") -> str:
    return fill(
        text, _WIDTH, initial_indent=first or indent, subsequent_indent=indent, break_long_words=False
    )


def tell_case(case: Case) -> Told:
    """Return what became of a case, from the ledger alone."""
    from curtilage.disclosure.nouns import Answer
    from curtilage.disclosure.policy.instruments import load_instruments
    from curtilage.disclosure.policy.words import ANSWERS

    row = load_instruments().get(case.instrument)
    answer = ANSWERS[Answer(case.ruling.outcome)][0] if case.ruling else ""
    return Told(case.id, row.name["en"] if row else "Not looked at yet", answer, " ".join(_list_done(case)))


def _list_done(case: Case) -> Iterator[str]:
    for gone in case.gone:
        columns = [place.rpartition(".")[2] for place, _ in case.plan.fields] if case.plan else []
        yield f"{gone.rows} record of {gone.subjects} person left, encrypted; of it only {', '.join(columns)}."
    said = {
        "refused": "A letter declined it.",
        "no-such-record": "The city holds no such record, and said so.",
    }
    for each in case.sent:
        yield said.get(each.answer, "Counsel objected in writing.")
    if case.return_by and not case.result:
        yield f"It names {case.return_by} as the day to answer."
    if case.preserved:
        yield "What it asks for is kept from being destroyed."
    if case.emergency is not None and case.emergency.is_open:
        yield f"Its review is due by {case.emergency.review_by:%Y-%m-%d %H:%M} UTC, and is shown until it is done."
