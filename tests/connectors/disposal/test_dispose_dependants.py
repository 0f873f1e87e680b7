"""What hangs on a row goes before it, in any order and in circles; what may not go keeps it."""

from datetime import date

import pytest

from curtilage.connectors.disposal.conditions import Compare, HashIn, OneOf
from curtilage.connectors.disposal.nouns import Delete, Link
from tests.connectors.disposal.worlds import HASHER, Free, due, take_all


def test_dependants_by_foreign_key_go_first_and_are_counted(world):
    world.fill(rows=8, notes=8)
    batches = take_all(world.open(), due(along=("notes",)), Delete())
    assert [batch.along for batch in batches] == [(("notes", 4),)]
    assert world.ids("notes") == world.ids() == [2, 4, 6, 8]


def test_a_dependant_that_the_plan_does_not_name_keeps_its_parent(world):
    world.fill(rows=8, notes=3)
    batches = take_all(world.open(), due(), Delete(), limit=10)
    assert world.ids() == [1, 2, 3, 4, 6, 8]
    assert (batches[0].spared, batches[0].hanging) == (2, 2)


def test_the_plan_is_told_which_tables_hang_on_a_target(world):
    world.fill(rows=8, notes=3)
    (found,) = world.open().list_dependants(due(), counted=True)
    assert (found.table, found.rows) == ("notes", 2)
    assert found.links[0].columns == ("application_id",)


def test_dependants_of_dependants_go_too(world):
    world.fill(rows=4, notes=4)
    world.run(
        "CREATE TABLE scans (id integer PRIMARY KEY, note_id integer REFERENCES notes (id), FOREIGN KEY (note_id) REFERENCES notes (id))"
    )
    world.run("INSERT INTO scans VALUES (1, 1), (2, 1), (3, 2)")
    batches = take_all(world.open(), due(along=("notes", "scans")), Delete())
    assert batches[0].along == (("notes", 2), ("scans", 2))
    assert world.ids("scans") == [3]


def test_a_held_dependant_of_a_dependant_keeps_the_row_at_the_top(world):
    world.fill(rows=4, notes=4)
    world.run(
        "CREATE TABLE scans (id integer PRIMARY KEY, note_id integer, FOREIGN KEY (note_id) REFERENCES notes (id))"
    )
    world.run("INSERT INTO scans VALUES (1, 1), (2, 3)")
    take_all(
        world.open(),
        due(along=("notes", "scans")),
        Delete(),
        guard=Free(Compare("id", "=", 2), table="scans"),
    )
    assert world.ids() == [2, 3, 4]
    assert world.ids("notes") == [2, 3, 4]


def test_a_hold_on_a_person_counts_in_dependants_too(world):
    world.fill(rows=4, notes=4)
    held = HashIn("words", frozenset({HASHER.subject("NOTE-1")}))
    take_all(world.open(), due(along=("notes",)), Delete(), guard=Free(held, table="notes"))
    assert world.ids() == [1, 2, 4]


def test_a_dependant_with_a_time_of_its_own_goes_along_only_when_it_is_over(world):
    world.fill(rows=8, notes=8)
    target = due(along=("notes",), must=(("notes", Compare("id", "<", 5)),))
    take_all(world.open(), target, Delete())
    assert world.ids() == [2, 4, 5, 6, 7, 8]


def make_chain(world):
    """Make cases where each but the first points at the one before."""
    world.run(
        "CREATE TABLE cases (id integer PRIMARY KEY, earlier integer, closed_on date, outcome varchar(20), "
        "FOREIGN KEY (earlier) REFERENCES cases (id))"
    )
    for number in range(1, 7):
        outcome = "denied" if number < 5 else "open"
        world.run(f"INSERT INTO cases VALUES ({number}, {number - 1 or 'NULL'}, '2015-01-01', '{outcome}')")


def test_rows_that_hang_on_rows_of_the_same_table_go_only_when_those_are_due_too(world):
    make_chain(world)
    take_all(world.open(), due(table="cases", along=("cases",)), Delete(), limit=10)
    assert world.ids("cases") == [1, 2, 3, 4, 5, 6]  # each hangs on one that stays, up to the last


def test_a_chain_whose_end_is_due_goes_whole(world):
    make_chain(world)
    world.run("UPDATE cases SET outcome = 'denied'")
    batches = take_all(world.open(), due(table="cases", along=("cases",)), Delete(), limit=2)
    assert world.ids("cases") == []
    assert sum(batch.rows + dict(batch.along).get("cases", 0) for batch in batches) == 6


def make_circle(world, null="NULL"):
    """Make applications, and two tables that hang on each other and on them."""
    world.fill(rows=4)
    world.run(
        f"CREATE TABLE homes (id integer PRIMARY KEY, application_id integer, main_person integer {null}, FOREIGN KEY (application_id) REFERENCES applications (id))"
    )
    world.run(
        "CREATE TABLE people (id integer PRIMARY KEY, home_id integer, FOREIGN KEY (home_id) REFERENCES homes (id))"
    )
    for number in range(1, 5):
        world.run(f"INSERT INTO homes VALUES ({number}, {number}, {number * 10})")
        world.run(f"INSERT INTO people VALUES ({number * 10}, {number}), ({number * 10 + 1}, {number})")


def close_circle(world):
    if world.name != "sqlite":
        world.run("ALTER TABLE homes ADD CONSTRAINT main FOREIGN KEY (main_person) REFERENCES people (id)")
        return
    world.run("PRAGMA foreign_keys = OFF")
    world.run("ALTER TABLE homes RENAME TO old_homes")
    world.run(
        "CREATE TABLE homes (id integer PRIMARY KEY, application_id integer REFERENCES applications (id), main_person integer NOT NULL REFERENCES people (id))"
    )
    world.run("INSERT INTO homes SELECT * FROM old_homes")
    world.run("ALTER TABLE people RENAME TO old_people")
    world.run("CREATE TABLE people (id integer PRIMARY KEY, home_id integer REFERENCES homes (id))")
    world.run("INSERT INTO people SELECT * FROM old_people")
    world.run("DROP TABLE old_people")
    world.run("DROP TABLE old_homes")
    # A rename takes the links of others along, so the last table is written once more.
    world.run("ALTER TABLE homes RENAME TO old_homes")
    world.run(
        "CREATE TABLE homes (id integer PRIMARY KEY, application_id integer REFERENCES applications (id), main_person integer NOT NULL REFERENCES people (id))"
    )
    world.run("INSERT INTO homes SELECT * FROM old_homes")
    world.run("PRAGMA legacy_alter_table = ON")
    world.run("DROP TABLE old_homes")
    world.run("ALTER TABLE people RENAME TO old_people")
    world.run("CREATE TABLE people (id integer PRIMARY KEY, home_id integer REFERENCES homes (id))")
    world.run("INSERT INTO people SELECT * FROM old_people")
    world.run("DROP TABLE old_people")


@pytest.mark.parametrize("null", ["NULL", "NOT NULL"])
def test_tables_that_hang_on_each_other_go_together(world, null):
    make_circle(world, null)
    close_circle(world)
    batches = take_all(world.open(), due(along=("homes", "people")), Delete(), limit=1)
    assert [batch.along for batch in batches] == [(("homes", 1), ("people", 2))] * 2
    assert world.ids("homes") == [2, 4]
    assert world.ids("people") == [20, 21, 40, 41]


@pytest.mark.parametrize("null", ["NULL", "NOT NULL"])
def test_a_target_that_is_part_of_a_circle_goes_with_it(world, null):
    world.run(
        f"CREATE TABLE cases (id integer PRIMARY KEY, home_id integer {null}, outcome varchar(20), closed_on date)"
    )
    world.run(
        "CREATE TABLE homes (id integer PRIMARY KEY, case_id integer, FOREIGN KEY (case_id) REFERENCES cases (id))"
    )
    for number in range(1, 5):
        world.run(
            f"INSERT INTO cases VALUES ({number}, {number}, '{'denied' if number % 2 else 'open'}', '2015-01-01')"
        )
        world.run(f"INSERT INTO homes VALUES ({number}, {number})")
    if world.name == "sqlite":
        world.run("PRAGMA writable_schema = ON")
        world.run(
            f"UPDATE sqlite_schema SET sql = 'CREATE TABLE cases (id integer PRIMARY KEY, home_id integer {null} REFERENCES homes (id), outcome varchar(20), closed_on date)' WHERE name = 'cases'"
        )
        world.run("PRAGMA writable_schema = RESET")
    else:
        world.run("ALTER TABLE cases ADD CONSTRAINT home FOREIGN KEY (home_id) REFERENCES homes (id)")
    batches = take_all(world.open(), due(table="cases", along=("cases", "homes")), Delete(), limit=1)
    assert [(batch.rows, batch.along) for batch in batches] == [(1, (("homes", 1),))] * 2
    assert world.ids("cases") == world.ids("homes") == [2, 4]


def test_what_the_database_unties_by_itself_stays(world):
    world.fill(rows=4)
    world.run(
        "CREATE TABLE letters (id integer PRIMARY KEY, application_id integer, FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE SET NULL)"
    )
    world.run("INSERT INTO letters VALUES (1, 1), (2, 2)")
    take_all(world.open(), due(), Delete())
    assert sorted(world.run("SELECT id, application_id FROM letters"), key=str) == [(1, None), (2, 2)]


def test_a_link_that_only_the_inventory_knows_is_followed(world):
    world.fill(rows=4)
    world.run("CREATE TABLE scans (id integer PRIMARY KEY, case_number integer)")
    world.run("INSERT INTO scans VALUES (1, 1), (2, 2), (3, 3)")
    link = Link("scans", ("case_number",), "applications", ("id",))
    take_all(world.open(), due(along=("scans",), links=(link,)), Delete())
    assert world.ids("scans") == [2]


def test_a_child_of_two_rows_stays_with_the_one_that_is_held(world):
    world.fill(rows=4)
    world.run(
        "CREATE TABLE pairs (id integer PRIMARY KEY, a integer, b integer, FOREIGN KEY (a) REFERENCES applications (id), FOREIGN KEY (b) REFERENCES applications (id))"
    )
    world.run("INSERT INTO pairs VALUES (1, 1, 2), (2, 3, 3)")
    target = due(along=("pairs",), must=(("pairs", OneOf("id", (2,))),))
    take_all(world.open(), target, Delete())
    assert world.ids() == [1, 2, 4]
    assert world.ids("pairs") == [1]


def test_cascades_of_the_database_are_counted_before_they_run(world):
    world.fill(rows=4)
    world.run(
        "CREATE TABLE tags (id integer PRIMARY KEY, application_id integer, FOREIGN KEY (application_id) REFERENCES applications (id) ON DELETE CASCADE)"
    )
    world.run("INSERT INTO tags VALUES (1, 1), (2, 1), (3, 2)")
    batches = take_all(world.open(), due(along=("tags",)), Delete())
    assert batches[0].along == (("tags", 2),)
    assert world.ids("tags") == [3]


def test_dates_of_the_target_are_days_of_the_calendar(world):
    world.fill(rows=4)
    assert world.open().count(due(condition=Compare("closed_on", "=", date(2015, 2, 1)))) == 1
