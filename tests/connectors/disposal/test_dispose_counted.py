"""How many rows hang on what is due is counted by the database, and is what would go one by one."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.connectors.disposal.conditions import Compare, HashIn, OneOf, all_of
from curtilage.connectors.disposal.nouns import Link
from tests.connectors.disposal.worlds import HASHER, SqliteWorld, due

SCHEMA = """
CREATE TABLE cases (id integer PRIMARY KEY, outcome varchar(20));
CREATE TABLE notes (id integer PRIMARY KEY, case_id integer, other_id integer,
    FOREIGN KEY (case_id) REFERENCES cases (id), FOREIGN KEY (other_id) REFERENCES cases (id));
CREATE TABLE scans (id integer PRIMARY KEY, note_id integer, case_id integer,
    FOREIGN KEY (note_id) REFERENCES notes (id), FOREIGN KEY (case_id) REFERENCES cases (id))
""".split(";")
CASES = [(1, "denied"), (2, "open"), (3, "denied"), (4, None)]
NOTES = [(1, 1, None), (2, 2, 3), (3, 2, 2), (4, None, None), (5, 1, 3), (6, 4, 4)]
SCANS = [(1, 1, None), (2, 3, None), (3, 3, 3), (4, None, 2), (5, 2, 1), (6, 6, 4)]
GONE = due(table="cases", condition=OneOf("outcome", ("denied",)))


def fill(run, cases=CASES, notes=NOTES, scans=SCANS):
    for statement in SCHEMA:
        run(statement)
    for table, rows in (("cases", cases), ("notes", notes), ("scans", scans)):
        for row in rows:
            values = ", ".join("NULL" if each is None else repr(each) for each in row)
            run(f"INSERT INTO {table} VALUES ({values})")


def counts(disposer, target=GONE):
    return {each.table: each.rows for each in disposer.list_dependants(target, counted=True)}


def by_hand(cases, notes, scans):
    """Return what hangs on denied cases, by either link and through the notes too."""
    gone = {case for case, outcome in cases if outcome == "denied"}
    along = {note for note, *ids in notes if gone & set(ids)}
    return {
        "notes": len(along),
        "scans": sum(note in along or case in gone for _, note, case in scans),
    }


def test_what_hangs_by_several_links_and_through_others_counts_once(world):
    fill(world.run)
    assert counts(world.open()) == by_hand(CASES, NOTES, SCANS) == {"notes": 3, "scans": 3}


def test_it_is_asked_in_one_statement_for_each_table(tmp_path):
    world, asked = SqliteWorld(tmp_path / "housing.db"), []
    fill(world.run)
    disposer = world.open()
    disposer._connection.set_trace_callback(asked.append)
    counts(disposer)
    assert [each.split(" WHERE ")[0] for each in asked if "count(*)" in each] == [
        'SELECT count(*) FROM "notes"',
        'SELECT count(*) FROM "scans"',
    ]
    world.close()


def test_a_person_whom_only_a_hash_names_is_counted_too(world):
    fill(world.run)
    held = all_of(GONE.condition, HashIn("id", frozenset({HASHER.subject("1")})))
    assert counts(world.open(), due(table="cases", condition=held)) == {"notes": 2, "scans": 2}


def test_a_circle_is_counted_too(world):
    world.run(
        "CREATE TABLE cases (id integer PRIMARY KEY, earlier integer, FOREIGN KEY (earlier) REFERENCES cases (id))"
    )
    for number in range(1, 6):
        world.run(f"INSERT INTO cases VALUES ({number}, {number - 1 or 'NULL'})")
    assert counts(world.open(), due(table="cases", condition=Compare("id", "=", 2))) == {"cases": 3}


@pytest.mark.parametrize(
    ("kind", "values"),
    [("integer", "(1, 1), (2, 2), (3, 3)"), ("varchar(9)", "(1, '1'), (2, '2'), (3, '3')")],
)
def test_a_link_that_only_the_inventory_knows_is_counted_too(world, kind, values):
    world.run(SCHEMA[0].replace("integer", kind))
    for number, outcome in CASES:
        world.run(f"INSERT INTO cases VALUES ('{number}', {repr(outcome) if outcome else 'NULL'})")
    world.run(f"CREATE TABLE letters (id integer PRIMARY KEY, about {kind})")
    world.run(f"INSERT INTO letters VALUES {values}")
    target = due(
        table="cases", condition=GONE.condition, links=(Link("letters", ("about",), "cases", ("id",)),)
    )
    assert counts(world.open(), target) == {"letters": 2}


ID = st.none() | st.integers(1, 5)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.sampled_from(["denied", "open", None]), max_size=5),
    st.lists(st.tuples(ID, ID), max_size=6),
    st.lists(st.tuples(ID, ID), max_size=6),
)
def test_it_is_what_somebody_would_count_by_hand(cases, notes, scans):
    tables = [[(n, *row) for n, row in enumerate(rows, 1)] for rows in ([(c,) for c in cases], notes, scans)]
    with tempfile.TemporaryDirectory() as folder:
        world = SqliteWorld(Path(folder) / "housing.db")
        fill(world.run, *tables)
        found = counts(world.open())
        world.close()
    assert found == by_hand(*tables)
