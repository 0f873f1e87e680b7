"""Declared against held: what the cells of a declared column hold that its field does not say, and the reverse.

Rules:

* Only what tells more than what is declared is a finding, or an identifier that opens accounts: a name
  in a column of remarks is what remarks are for.
* A few cells among many are told as such: somebody mistyped, or had no other place to write it.
* That something is not there is concluded only where every cell was looked at, and of what its shape
  alone tells; a name or a country can be written in ways that nobody foresaw.
* Of a column that is declared as sealed nothing is missing: what is sealed cannot be found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from curtilage.collection import rules
from curtilage.collection.compare import column_id, column_name, declared_columns
from curtilage.detection.columns import MAIN, is_named
from curtilage.detection.nouns import Match
from curtilage.foundation.finding import Finding, Rule
from curtilage.inventory.nouns import Field, Reveals
from curtilage.survey.nouns import Cells, Observed
from curtilage.survey.situation import Situation

#: Identifiers that tell nothing of status and open accounts. Chosen: what a thief asks for first.
OPENING: Final = frozenset({"ssn", "drivers_license", "financial_account"})

#: What its shape alone tells, so that it cannot be there unseen. Chosen: formats that somebody prescribes.
SHAPED: Final = frozenset({"alien_number", "email", "i94", "itin", "phone", "sevis", "ssn", "uscis_receipt"})

#: Cells from which on it is odd that none holds what is declared. Chosen: a pilot's first records are fewer.
ENOUGH: Final = 20


def find(situation: Situation) -> Iterator[Finding]:
    """Give what the cells of declared columns say against their fields; nothing of what was not looked at."""
    declared = declared_columns(situation)
    for system in situation.declared.systems:
        sealed = {f"{system.id}.{column}".lower() for column in system.encryption.fields}
        for observed in situation.columns_of(system.id):
            fields = [field for _, field in declared.get(column_id(observed), ())]
            if not (fields and observed.cells and observed.cells.seen):
                continue
            yield from _find_more(situation, observed, observed.cells, fields)
            if column_id(observed) not in sealed:
                yield from _find_missing(observed, observed.cells, fields)


def _find_more(
    situation: Situation, observed: Observed, cells: Cells, fields: Sequence[Field]
) -> Iterator[Finding]:
    known = {field.category for field in fields}
    level = max((situation.reveals(field) for field in fields), key=lambda each: each.rank)
    counts = dict(cells.matched)
    for match in observed.verdict.matches:
        if match.category in known or is_named(match):
            continue  # what the name says is compared with the declaration elsewhere
        found = counts.get(match.category, 0)
        if match.reveals.rank > level.rank and match.reveals.rank >= Reveals.STRONG.rank:
            few = 0 < found < MAIN * cells.seen
            yield _more(rules.ODD_CELLS if few else rules.UNDECLARED_CONTENT, observed, match, fields)
        elif match.category in OPENING and not known & OPENING and found:
            yield _more(rules.ODD_NUMBERS, observed, match, fields)


def _more(rule: Rule, observed: Observed, match: Match, fields: Sequence[Field]) -> Finding:
    field, column, what = fields[0], column_name(observed), match.category.replace("_", " ")
    assert observed.cells is not None
    found = dict(observed.cells.matched).get(match.category, 0)
    held = f"{found:,} of {observed.cells.seen:,} cells hold" if found else "its cells look like"
    part = " of the rows that were looked at" if observed.cells.sampled else ""
    declared = field.category.replace("_", " ") or "nothing"
    message = f"{column} is declared as {declared}; {held}{part} {what} ({match.reveals})."
    return Finding(rule, field.spot, f"{match.category} in {column}", message, state=_about(found))


def _about(found: int) -> str:
    """Return how many there are, roughly: a dismissal stays while a few more are typed in."""
    return str(len(str(found)))


def _find_missing(observed: Observed, cells: Cells, fields: Sequence[Field]) -> Iterator[Finding]:
    if cells.sampled or cells.seen < ENOUGH:
        return
    there = {category for category, _ in cells.matched}
    for field in fields:
        if field.category not in SHAPED - there or _says_so(observed, field.category):
            continue
        column = column_name(observed)
        message = (
            f"{field.id} is declared as {field.category.replace('_', ' ')}; none of the {cells.seen:,} cells of "
            f"{column} is one."
        )
        yield Finding(rules.NOT_THERE, field.spot, f"{field.id} in {column}", message)


def _says_so(observed: Observed, category: str) -> bool:
    """Return whether the look of the cells says a category, beside the name."""
    return any(
        reason.startswith(("content:", "codes:"))
        for match in observed.verdict.matches
        if match.category == category
        for reason in match.reasons
    )
