"""The example city's databases: real SQLite files, with columns that nobody declared."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from curtilage.demo import planted
from curtilage.demo.residents import Resident
from curtilage.foundation.guarded import Guarded

_HOUSING: Final = """
CREATE TABLE applicants (
    id INTEGER PRIMARY KEY,
    case_no TEXT NOT NULL,
    full_name TEXT NOT NULL,
    date_of_birth TEXT,
    ssn TEXT,                    -- sealed
    country_of_birth TEXT,       -- from the 2009 form
    preferred_language TEXT,
    phone TEXT,
    email TEXT,
    case_notes TEXT,
    batch_no INTEGER,
    created_at TEXT,
    closed_on TEXT
);
CREATE TABLE eligibility (
    id INTEGER PRIMARY KEY,
    applicant_id INTEGER REFERENCES applicants (id),
    eligible_status TEXT CHECK (eligible_status IN ('citizen', 'LPR', 'refugee', 'other')),
    checked_on TEXT
);
CREATE TABLE rental_requests (
    id INTEGER PRIMARY KEY,
    name TEXT,
    address TEXT,
    monthly_income INTEGER,
    us_citizen TEXT,
    birthplace TEXT,
    origin TEXT,
    document_shown TEXT,
    reason_no_ssn TEXT,
    decided_on TEXT
);
-- Somebody's safety copy before a migration. Nobody remembers it.
CREATE TABLE applicants_copy_2019 (id INTEGER, full_name TEXT, alien_no TEXT, birth_country TEXT, phone TEXT);
"""
_RECREATION: Final = """
CREATE TABLE registrations (
    id INTEGER PRIMARY KEY,
    child_name TEXT,
    child_dob TEXT,
    nationality TEXT,
    guardian_phone TEXT,
    home_language TEXT,
    ethnicity TEXT,
    holidays TEXT,
    guardian_employer TEXT,
    shirt_size TEXT,
    registered_at TEXT
);
"""
_LIBRARY: Final = """
CREATE TABLE cards (
    id INTEGER PRIMARY KEY,
    name TEXT,
    address TEXT,
    born TEXT,
    passport_no TEXT,
    origin TEXT,
    gender TEXT,
    expires_on TEXT
);
CREATE TABLE requests (id INTEGER PRIMARY KEY, card_id INTEGER REFERENCES cards (id), title TEXT, requested_on TEXT);
"""
_CODES: Final = ("Q7", "R2", "T5", "V8")


def build_databases(folder: Path, residents: Sequence[Resident]) -> None:
    """Write ``housing.db``, ``recreation.db`` and ``library.db`` into ``folder``.

    Effects:
        Creates the three files; fails where one exists.
    """
    _build_housing(folder / "housing.db", residents)
    _build_recreation(folder / "recreation.db", residents[::2])
    _build_library(folder / "library.db", residents[::3])


def find_requester(folder: Path) -> Guarded:
    """Return the name in the oldest rental request, for whom the example places a hold.

    Args:
        folder: Where :func:`build_databases` wrote.
    """
    with closing(sqlite3.connect(folder / "housing.db")) as db:
        found = db.execute("SELECT name FROM rental_requests ORDER BY decided_on, id LIMIT 1").fetchone()
    return Guarded(found[0])


def find_applicant(folder: Path, *, after: int = 0) -> tuple[Guarded, date]:
    """Return the name of an applicant whose case was closed, and when: whom the example's orders name.

    Args:
        folder: Where :func:`build_databases` wrote.
        after: How many applicants of other names are passed over, in their order.
    """
    asked = (
        "SELECT full_name, max(closed_on) FROM applicants WHERE closed_on IS NOT NULL AND phone IS NOT NULL "
        "GROUP BY full_name HAVING count(*) = 1 ORDER BY min(id) LIMIT 1 OFFSET ?"
    )
    with closing(sqlite3.connect(folder / "housing.db")) as db:
        name, closed = db.execute(asked, (after,)).fetchone()
    return Guarded(name), date.fromisoformat(closed)


def _build_housing(path: Path, residents: Sequence[Resident]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_HOUSING)
        db.executemany(
            "INSERT INTO applicants VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", map(_applicant, residents)
        )
        db.executemany(
            "INSERT INTO eligibility VALUES (?,?,?,?)",
            ((r.number, r.number, r.status, r.applied.isoformat()) for r in residents),
        )
        db.executemany(
            "INSERT INTO rental_requests VALUES (?,?,?,?,?,?,?,?,?,?)", map(_request, residents[::3])
        )
        db.executemany(
            "INSERT INTO applicants_copy_2019 VALUES (?,?,?,?,?)",
            ((r.number, r.name, f"A{r.number:09}", r.country, r.phone) for r in residents[::5]),
        )


def _applicant(r: Resident) -> tuple[object, ...]:
    # Some cases were never closed, or nobody wrote it down.
    closed = None if r.number % 20 == 7 else (r.applied + timedelta(days=90)).isoformat()
    return (
        r.number,
        planted.case_number(r),
        r.name,
        r.born.isoformat(),
        planted.tax_number(r),
        r.country,
        r.language,
        planted.phone(r),
        r.email,
        planted.note(r),
        r.number // 500,
        r.applied.isoformat(),
        closed,
    )


def _request(r: Resident) -> tuple[object, ...]:
    document = "driver's license" if r.country == "United States" else "consular ID"
    why = "" if r.ssn else "not eligible"
    citizen = "yes" if r.status == "citizen" else "no"
    closed = r.applied.isoformat()
    return (
        r.number,
        r.name,
        planted.address(r),
        r.income,
        citizen,
        r.country,
        r.country,
        document,
        why,
        closed,
    )


def _build_recreation(path: Path, residents: Sequence[Resident]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_RECREATION)
        db.executemany(
            "INSERT INTO registrations VALUES (?,?,?,?,?,?,?,?,?,?,?)",
            (
                (
                    r.number,
                    r.name,
                    (r.born + timedelta(days=18 * 365)).isoformat(),
                    r.country,
                    "on paper",  # nobody types the guardian's telephone any longer
                    r.language,
                    _CODES[r.number % 4],
                    "",
                    "Rivermark Packing",
                    "M",
                    r.applied.isoformat(),
                )
                for r in residents
            ),
        )


def _build_library(path: Path, residents: Sequence[Resident]) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(_LIBRARY)
        db.executemany(
            "INSERT INTO cards VALUES (?,?,?,?,?,?,?,?)",
            (
                (
                    *(r.number, r.name, r.address, r.born.isoformat(), f"X{r.number:08}", r.country, ""),
                    (r.applied + timedelta(days=730)).isoformat(),
                )
                for r in residents
            ),
        )
        db.executemany(
            "INSERT INTO requests VALUES (?,?,?,?)",
            ((r.number, r.number, "A book", r.applied.isoformat()) for r in residents),
        )
