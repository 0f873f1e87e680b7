"""Access logs of the example city: who looked up the plates that its bridges read, and who listened to dispatch.

Every officer, plate and case in them is made up; reading a log must leave nothing of them behind.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Final

PLATES: Final = "plate-network"
DISPATCH: Final = "county-dispatch"

_SEARCHES: Final = (
    ("Rivermark WA PD", "stolen vehicle", 9),
    ("Rivermark WA PD", "missing juvenile", 4),
    ("Rivermark WA PD", "assist ICE", 2),
    ("Elk County WA SO", "burglary", 5),
    ("Elk County WA SO", "inv", 7),
    ("Lone Mesa TX PD", "Immigration (civil/administrative) -", 3),
    ("Lone Mesa TX PD", "", 6),
)
"""Who searched, what was typed as reason, and how often in the last months."""


def build_logs(folder: Path, today: date) -> None:
    """Write ``plate-network.csv`` and ``county-dispatch.jsonl`` into ``folder``.

    Args:
        folder: Is there and empty.
        today: The logs end on the day before.

    Effects:
        Creates the files.
    """
    headings = (
        "ID",
        "Name",
        "Org Name",
        "Total Networks Searched",
        "License Plate",
        "Reason",
        "Case #",
        "Search Time",
    )
    with (folder / f"{PLATES}.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(headings)
        writer.writerows(_list_searches(today))
    lines = (
        f'{{"at": "{today - timedelta(days=number)}T09:30:00Z", "agency": "Elk County Dispatch", "unit": "E-{number}"}}\n'
        for number in range(1, 12)
    )
    (folder / f"{DISPATCH}.jsonl").write_text("".join(lines), encoding="utf-8")


def _list_searches(today: date) -> Iterator[tuple[object, ...]]:
    number = 0
    for who, why, times in _SEARCHES:
        for _ in range(times):
            number += 1
            day = today - timedelta(days=1 + number % 50)
            moment = f"{day:%m/%d/%Y}, 07:{number % 60:02}:00 PM UTC"
            yield (
                number,
                f"Officer {number % 6}",
                who,
                400 + number,
                f"EXAMPL{number}",
                why,
                f"{number:05}",
                moment,
            )
