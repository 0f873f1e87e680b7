"""What a plan says of a real database: what is due, what is held and why, what nobody can tell."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from curtilage.connectors.disposal.conditions import Compare, OneOf
from curtilage.connectors.disposal.nouns import Clear, Delete, RemoveFiles, RewriteFile, TransferThen
from curtilage.connectors.ports import NoAnswerError
from curtilage.foundation.settings import RetentionSettings
from curtilage.retention.counting import make_act
from curtilage.retention.due import weigh_all
from curtilage.retention.holds import Holds, read_holds
from curtilage.retention.nouns import Scope
from curtilage.retention.plan import make_plan
from curtilage.retention.plan_file import read_plan, write_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import open_book, people, put_hold
from tests.retention.declared import holding, load, series
from tests.retention.towns import ROWS, build_town, open_town

BY_OUTCOME = [
    series(held_in=[holding(outcome={"column": "outcome", "is": ["approved"]})]),
    series(
        id="hsg-015",
        minimum="Retain 90 days after case closed, then destroy.",
        held_in=[holding(outcome={"column": "outcome", "is": ["denied"]})],
    ),
]


@pytest.fixture
def town(tmp_path):
    return build_town(tmp_path)


def plan_for(path, *declared, holds=None, clock=None, only=(), **city):
    disposer = open_town(path)
    try:
        return make_plan(
            load(*declared, **city),
            holds or Holds(),
            lambda system: disposer,
            by="rec",
            clock=clock or StoppedClock(),
            settings=RetentionSettings(),
            only=only,
        )
    finally:
        disposer.close()


def holds_on(**scopes):
    book = open_book()
    for name, scope in scopes.items():
        put_hold(book, name, scope)
    return read_holds(book)


def test_a_plan_counts_what_is_due_and_asks_a_person_about_the_rest(town):
    plan = plan_for(town)
    item, unknown = plan.items[0], plan.undecided[0]

    assert (item.id, item.due, item.rows, item.overdue) == ("hsg-014@housing.applications", 4, 4, 4)
    assert (item.oldest, item.newest) == (date(2005, 1, 1), date(2011, 2, 22))
    assert item.signers == ("department head", "records officer")
    assert isinstance(item.act, Delete)
    assert (unknown.code, unknown.rows, unknown.place) == ("no-day", 2, "housing.applications")
    assert plan.rows == 4


def test_a_plan_says_when_it_may_begin_and_when_no_more(town):
    plan = plan_for(town)

    assert plan.not_before == date(2017, 3, 8)
    assert plan.expires == plan.not_before + timedelta(days=60)
    assert read_plan(write_plan(plan)) == plan


def test_outcome_decides_how_long(town):
    plan = plan_for(town, *BY_OUTCOME)

    assert {item.id: item.due for item in plan.items} == {
        "hsg-014@housing.applications": 2,
        "hsg-015@housing.applications": 2,
    }
    later = plan_for(town, *BY_OUTCOME, clock=StoppedClock(StoppedClock().now() + timedelta(days=91)))
    assert {item.due for item in later.items} == {3}


def test_what_is_held_is_told_with_its_matter(town):
    item = plan_for(town, holds=holds_on(h1=Scope(condition=Compare("district", "=", 5)))).items[0]

    # Row 1 is in district 5; of row 3 nobody knows.
    assert (item.due, item.rows, item.held_rows) == (4, 2, 2)
    assert [(held.hold, held.matter, held.rows) for held in item.held] == [("h1", "2017-CV-0123", 2)]


def test_a_hold_on_people_is_counted_without_naming_them(town):
    plan = plan_for(town, holds=holds_on(h1=Scope(subjects=people("p-1", "p-2"))))
    item = plan.items[0]

    assert (item.due, item.rows) == (4, 1)
    assert [held.rows for held in item.held] == [3]
    assert next(iter(people("p-1"))) not in write_plan(plan).decode()


def test_several_holds_are_told_one_by_one_and_together(town):
    found = holds_on(
        h1=Scope(condition=OneOf("outcome", ("denied",))),
        h2=Scope(subjects=people("p-1")),
        h3=Scope(systems=frozenset({"files"})),
    )
    item = plan_for(town, holds=found).items[0]

    assert {held.hold: held.rows for held in item.held} == {"h1": 2, "h2": 2}
    assert (item.due, item.rows) == (4, 0)


def test_overdue_is_what_the_citys_own_limit_has_passed(town):
    item = plan_for(town, series(city_maximum="8 years")).items[0]

    assert (item.due, item.overdue) == (4, 1)


def test_what_hangs_on_a_row_is_planned_with_it(tmp_path):
    path = build_town(
        tmp_path, notes=[(1, 1, "2001-01-01", "p-9"), (2, 1, "2016-01-01", None), (3, 5, None, None)]
    )
    item = plan_for(path).items[0]

    assert item.target.along == ("notes",)
    assert [(along.table, along.rows, along.series) for along in item.along] == [("notes", 2, "")]


def test_what_hangs_on_a_row_waits_for_its_own_series(tmp_path):
    path = build_town(tmp_path, notes=[(1, 1, "2001-01-01", "p-9")])
    notes = series(id="notes", held_in=[holding(within="housing.notes", trigger="made_on", subject="about")])
    along = next(item for item in plan_for(path, series(), notes).items if item.series == "hsg-014").along[0]

    assert (along.series, along.subject) == ("notes", "about")
    assert along.due is not None


def test_what_hangs_on_a_row_and_is_kept_for_ever_keeps_it(tmp_path):
    path = build_town(tmp_path, notes=[(1, 1, "2001-01-01", "p-9")])
    kept = series(
        id="kept",
        minimum="Retain permanently.",
        disposition="permanent",
        held_in=[holding(within="housing.notes", trigger="made_on")],
    )
    plan = plan_for(path, series(), kept)

    assert plan.items == ()
    assert [each.code for each in plan.undecided] == ["along"]


def test_columns_are_cleared_once(town):
    item = plan_for(town, series(held_in=[holding(dispose="clear", clear=["ssn"])])).items[0]

    assert (item.act, item.due) == (Clear(("ssn",)), 3)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"trigger": "closed_at"}, "unfit"),
        ({"within": "housing.people"}, "unfit"),
        ({"subject": "whom"}, "unfit"),
        ({"key": ["number"]}, "unfit"),
        ({"dispose": "drop-partition", "partition": "month"}, "partition"),
    ],
    ids=str,
)
def test_what_the_system_does_not_have_goes_to_a_person(town, changed, code):
    plan = plan_for(town, series(held_in=[holding(**changed)]))

    assert plan.items == ()
    assert [each.code for each in plan.undecided] == [code]


def test_a_hold_on_a_column_that_a_table_lacks_keeps_the_table(town):
    plan = plan_for(town, holds=holds_on(h1=Scope(condition=Compare("street", "=", "x"))))

    assert plan.items == ()
    assert [each.code for each in plan.undecided] == ["unfit"]


def test_a_system_that_does_not_answer_is_told_and_the_others_are_planned(town):
    def open_disposer(system):
        if system == "files":
            raise NoAnswerError(source="files", what="It is off", next_step="")
        return open_town(town)

    copy = holding(within="files.exports/*.csv", copy="convenience", keep="30 days", dispose="rewrite")
    plan = make_plan(
        load(series(held_in=[holding(), copy])),
        Holds(),
        open_disposer,
        by="rec",
        clock=StoppedClock(),
        settings=RetentionSettings(),
    )

    assert [item.id for item in plan.items] == ["hsg-014@housing.applications"]
    assert [each.code for each in plan.undecided] == ["not-asked", "no-day"]


def test_nothing_due_is_no_line(tmp_path):
    plan = plan_for(build_town(tmp_path, rows=ROWS[3:5]))

    assert (plan.items, plan.undecided, plan.rows) == ((), (), 0)


def test_one_series_can_be_planned_alone(town):
    plan = plan_for(town, *BY_OUTCOME, only=["hsg-015"])

    assert [item.series for item in plan.items] == ["hsg-015"]
    assert {each.series for each in plan.undecided} == {"hsg-015"}


def test_a_plan_names_nobody_and_holds_no_value_of_a_record(tmp_path):
    rows = [(*row[:1], "CANARY-person", *row[2:5], "CANARY-ssn") for row in ROWS]
    text = write_plan(
        plan_for(build_town(tmp_path, rows), holds=holds_on(h=Scope(subjects=people("CANARY-person"))))
    )

    assert b"CANARY" not in text
    assert json.loads(text)["items"][0]["held"][0]["rows"] == 4


def test_the_same_city_at_the_same_moment_gives_the_same_plan(town):
    assert plan_for(town) == plan_for(town)
    assert plan_for(town).id != plan_for(town, clock=StoppedClock(StoppedClock().now() + timedelta(1))).id


@pytest.mark.parametrize(
    ("within", "trigger", "expected"),
    [
        ("files.scans/*.pdf", "file_day", RemoveFiles()),
        ("files.exports/2016.csv", "closed_on", RewriteFile()),
        ("files.list.xlsx", "closed_on", RewriteFile()),
        ("housing.applications", "closed_on", Delete()),
    ],
)
def test_what_goes_to_the_archives_goes_as_what_it_is(within, trigger, expected):
    held = holding(within=within, trigger=trigger, dispose="transfer-then-delete", to="archives")
    declared = load(
        series(
            disposition="transfer",
            minimum="Retain 6 years after case closed, then transfer to archives.",
            held_in=[held],
        )
    )
    due = weigh_all(declared, date(2017, 2, 22))[0][0]

    assert make_act(due) == TransferThen(expected, "archives")
    assert make_act(replace(due, holding=replace(due.holding, dispose=None))) == Delete()
