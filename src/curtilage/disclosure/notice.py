"""Whether somebody may be told of a request: an order of silence forbids it, and only while it stands.

Rules of this file:

* A paper that forbids telling silences from the start, before counsel has recorded by what and until when.
* The last day of an order is a day on which it stands. After it, counsel sees to it that the subject is told.

Source:
    usc-18-2703, section 2705(b).
"""

from __future__ import annotations

from datetime import date

from curtilage.disclosure.case.nouns import Case


def is_silenced(case: Case, today: date) -> bool:
    """Return whether nobody may be told of a case.

    Args:
        case: The case.
        today: Calendar date in the city's zone.
    """
    if case.withheld is not None:
        return case.withheld.until is None or today <= case.withheld.until
    return case.is_sealed
