"""Whatever a town holds and whatever an order names: what leaves is what was planned, and nothing else, anywhere."""

import csv
import io
import logging
import sqlite3
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")

from tests.disclosure.releases import Town
from tests.soak import TIMES

PEOPLE = ("4711", "4712", "4713", "47")
DAYS = ("2016-01-01", "2016-06-30T10:00:00", "2016-12-31", "2017-01-01", "2015-12-31", "06/30/2016", "", None)
COLUMNS = ("name", "address", "received", "origin", "ssn", "may_share")
DECLARED = {"name", "address", "received"}

rows = st.lists(
    st.tuples(st.sampled_from((*PEOPLE, None)), st.sampled_from(DAYS), st.booleans()), min_size=1, max_size=12
)
ends = st.sampled_from([None, (date(2016, 1, 1), date(2016, 12, 31)), (date(2016, 6, 30), None)])
orders = st.tuples(
    st.lists(st.sampled_from(PEOPLE), min_size=1, max_size=3, unique=True),
    st.lists(st.sampled_from(COLUMNS), min_size=1, max_size=4, unique=True),
    ends,
)


def _fill(town, people):
    """Write rows whose every cell says where it stands; return them as mappings."""
    made = []
    for number, (person, day, is_numeric) in enumerate(people):
        cells = {name: f"CANARY-{person}-{number}-{name}" for name in COLUMNS}
        made.append(cells | {"received": day, "person": int(person) if person and is_numeric else person})
    with sqlite3.connect(town.addresses["housing"]) as db:
        db.execute("DELETE FROM applicants")
        db.executemany(
            "INSERT INTO applicants VALUES (:person, :name, :address, :received, :origin, :ssn, :may_share)",
            made,
        )
    return made


def _scope(people, columns, period):
    said = "none named"
    if period:
        said = (
            "{"
            + ", ".join(f"{key}: {day}" for key, day in zip(("since", "until"), period, strict=True) if day)
            + "}"
        )
    about, fields = ", ".join(f'"{person}"' for person in people), ", ".join(columns)
    return f"period: {said}\nrecords:\n  - {{in: housing.applicants, about: [{about}], fields: [{fields}]}}\n"


def _expect(made, people, columns, period):
    """Return the records that leave, as anybody would pick them by hand."""
    picked = [row for row in made if row["person"] is not None and str(row["person"]) in people]
    if period:
        since, until = period
        picked = [
            row
            for row in picked
            if (day := _day(row["received"])) and (not since or day >= since) and (not until or day <= until)
        ]
    going = [name for name in columns if name in DECLARED]
    return sorted(tuple(row[name] or "" for name in going) for row in picked) if going else []


def _day(text):
    try:
        return date.fromisoformat((text or "")[:10])
    except ValueError:
        return None


def _read(town, path):
    files = [text for name, text in town.open(path).items() if name.startswith("records/")]
    return sorted(
        tuple(row[1:]) for text in files for row in list(csv.reader(io.StringIO(text, newline="")))[1:]
    )


@settings(max_examples=15 * TIMES if TIMES > 5 else 15)
@given(rows, orders)
def test_what_leaves_is_what_was_planned_and_no_canary_is_anywhere_else(people, order):
    with tempfile.TemporaryDirectory() as folder:
        town = Town(Path(folder))
        made = _fill(town, people)
        expected = _expect(made, *order)
        said = io.StringIO()
        handler = logging.StreamHandler(said)
        logging.getLogger().addHandler(handler)
        try:
            inside = _walk(
                town, order, expected, {str(row["person"]) for row in made if row["person"] is not None}
            )
        finally:
            logging.getLogger().removeHandler(handler)
        assert b"CANARY" not in town.everything_written()
        assert "CANARY" not in said.getvalue()
        allowed = {cell for row in expected for cell in row}
        for row in made:
            for cell in row.values():
                if isinstance(cell, str) and cell.startswith("CANARY") and cell not in allowed:
                    assert cell not in inside


def _walk(town, order, expected, everybody):
    """Bring an order to its release; return all text of the package, empty where nothing left."""
    case = town.decided(_scope(*order))
    planned = town.plan(case)
    assert "CANARY" not in str(planned.reasons)
    if not planned:
        (code,) = {reason.code for reason in planned.reasons}
        reaches_all = len(everybody) > 1 and everybody <= set(order[0]) and bool(DECLARED & set(order[1]))
        assert (code == "matches-everyone") == reaches_all
        assert reaches_all or expected == []
        return ""
    assert planned.plan.rows == len(expected)
    town.approve(case, planned.plan.id)
    left = town.release(case, planned.plan)
    assert left, left.reasons
    assert _read(town, left.path) == expected
    return "".join(town.open(left.path).values())
