"""Whatever is deleted, in whatever way and order: what a standing hold may be about is never touched.

Hypothesis plays a city: holds are placed and released, plans are made, agreed to and carried out, in the middle
of which another hold may come; backups are restored and replayed. After each step every row that a hold
protects is looked for in the databases and files themselves.
"""

import csv
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from datetime import date, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
)

from curtilage.connectors.disposal.conditions import IsNull, OneOf
from curtilage.connectors.drivers.dispose_files import FileDisposer
from curtilage.connectors.drivers.dispose_sqlite import SqliteDisposer
from curtilage.connectors.url import parse_url
from curtilage.foundation.settings import RetentionSettings
from curtilage.retention.authorise import give_consent
from curtilage.retention.carry_out import ask_permission, carry_out
from curtilage.retention.carrying import Carrying, Pace, Recorder
from curtilage.retention.holds import covers, read_holds, release_hold
from curtilage.retention.nouns import Permission, Reason, Scope
from curtilage.retention.plan import make_plan
from curtilage.retention.replay import NothingToReplayError, carry_out_replay, plan_replay
from curtilage.retention.state import read_state, record_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import COUNSEL, HASHER, HEAD, RECORDS, open_book, people, put_hold
from tests.retention.declared import holding, load, series
from tests.retention.evaluate import evaluate

PERSONS, OUTCOMES = ["p-1", "p-2", "p-3", None], ["denied", "appealed", None]
TABLES = {
    "gone": "housing.gone",
    "cleared": "housing.cleared",
    "counted": "housing.counted",
    "listed": "files.listed.csv",
}
WAYS = {
    "gone": {"dispose": "delete"},
    "cleared": {"dispose": "clear", "clear": ["secret"]},
    "counted": {"dispose": "aggregate", "group_by": ["outcome"], "count_into": "counts.rows"},
    "listed": {"dispose": "rewrite", "key": ["id"]},
}
DECLARED = load(
    *(
        series(
            id=name,
            minimum="Retain 1 year after case closed, then destroy.",
            held_in=[holding(within=TABLES[name], **WAYS[name])],
        )
        for name in TABLES
    ),
)
COLUMNS = ("id", "person", "closed_on", "outcome", "secret")
SCHEMA = """
CREATE TABLE {0} (id INTEGER PRIMARY KEY, person TEXT, closed_on TEXT, outcome TEXT, secret TEXT);
"""
ROW = st.tuples(
    st.sampled_from(PERSONS),
    st.sampled_from(["2014-03-01", "2016-02-22", "2016-12-31", None]),
    st.sampled_from(OUTCOMES),
)
NAMED = st.frozensets(st.sampled_from(sorted(people("p-1", "p-2"))), min_size=1, max_size=2)
ASKED = st.sampled_from([OneOf("outcome", ("appealed",)), IsNull("outcome")])
SCOPES = (
    st.builds(Scope, subjects=NAMED)
    | st.builds(Scope, condition=ASKED)
    | st.builds(Scope, series=st.frozensets(st.sampled_from(sorted(TABLES)), min_size=1, max_size=2))
    | st.builds(
        Scope,
        st.frozensets(st.sampled_from(sorted(TABLES)), max_size=2),
        st.frozensets(st.sampled_from(["housing", "files"]), max_size=1),
        st.just(frozenset()) | NAMED,
        st.none() | ASKED,
    )
)


class City(RuleBasedStateMachine):
    """The city, its systems in a folder, and what must still be there."""

    holds = Bundle("holds")
    plans = Bundle("plans")

    @initialize(rows=st.fixed_dictionaries({name: st.lists(ROW, max_size=5) for name in TABLES}))
    def begin(self, rows):
        self.folder = Path(tempfile.mkdtemp())
        self.clock = StoppedClock()
        self.ledger = open_book(self.clock)
        self.protected = {}
        self.number = 0
        with closing(sqlite3.connect(self.folder / "housing.db")) as database, database:
            database.executescript("".join(SCHEMA.format(name) for name in TABLES if name != "listed"))
            database.executescript(
                "CREATE TABLE counts (outcome TEXT, rows INTEGER);"
                "CREATE TABLE notes (id INTEGER PRIMARY KEY, about INTEGER REFERENCES gone (id));"
            )
            for name, found in rows.items():
                if name != "listed":
                    written = [(number, *row, "secret") for number, row in enumerate(found)]
                    database.executemany(f"INSERT INTO {name} VALUES (?, ?, ?, ?, ?)", written)
            database.execute("INSERT INTO notes (about) SELECT id FROM gone")
        (self.folder / "files").mkdir()
        with (self.folder / "files" / "listed.csv").open("w", newline="") as file:
            csv.writer(file).writerows(
                [COLUMNS, *((n, *row, "secret") for n, row in enumerate(rows["listed"]))]
            )

    def teardown(self):
        if hasattr(self, "folder"):
            shutil.rmtree(self.folder)

    # --- what there is -------------------------------------------------------------------------

    def open(self, system):
        if system == "files":
            return FileDisposer(self.folder / "files", "files", HASHER)
        return SqliteDisposer(parse_url(str(self.folder / "housing.db")), system="housing", hasher=HASHER)

    def rows(self):
        """Return every row by table and id, and each note by what it hangs on."""
        found = {}
        with closing(sqlite3.connect(self.folder / "housing.db")) as database:
            for name in set(TABLES) - {"listed"}:
                found |= {(name, row[0]): row[1:] for row in database.execute(f"SELECT * FROM {name}")}
            found |= {("notes", row[0]): () for row in database.execute("SELECT about FROM notes")}
        with (self.folder / "files" / "listed.csv").open(newline="") as file:
            for row in list(csv.reader(file))[1:]:
                found["listed", int(row[0])] = tuple(cell or None for cell in row[1:])
        return found

    def may_be_about(self, hold):
        """Return the rows that a hold may be about, worked out without the program's own conditions."""
        return {
            key: row
            for key, row in self.rows().items()
            if key[0] in TABLES and self.is_meant(hold, key[0], row)
        }

    def is_meant(self, hold, name, row):
        cells = dict(zip(COLUMNS[1:], row, strict=True))
        if not covers(hold, {name}, TABLES[name].partition(".")[0]):
            return False
        named = (
            not hold.scope.subjects
            or cells["person"] is None
            or HASHER.subject(cells["person"]) in hold.scope.subjects
        )
        return named and (hold.scope.condition is None or evaluate(hold.scope.condition, cells) is not False)

    # --- what people do ------------------------------------------------------------------------

    @rule(target=holds, scope=SCOPES)
    def place(self, scope):
        return self.put(scope)

    def put(self, scope):
        self.number += 1
        name = f"h-{self.number}"
        put_hold(self.ledger, name, scope)
        found = next(each for each in read_holds(self.ledger).list_standing() if each.id == name)
        self.protected[name] = self.may_be_about(found)
        return name

    @rule(name=consumes(holds))
    def release(self, name):
        release_hold(self.ledger, name, "Order 17", by=COUNSEL)
        del self.protected[name]

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        self.clock.move(timedelta(days=days))

    @rule(target=plans)
    def plan(self):
        made = make_plan(
            DECLARED,
            read_holds(self.ledger),
            self.open,
            by="rec",
            clock=self.clock,
            settings=RetentionSettings(),
        )
        record_plan(self.ledger, made, by=RECORDS)
        for who in (RECORDS, HEAD):
            expires = self.clock.today("America/Chicago") + timedelta(days=30)
            give_consent(self.ledger, read_state(self.ledger, made.id), who.role, expires, by=who)
        self.clock.move(timedelta(days=14, seconds=1))
        return made

    @rule(late=st.none() | SCOPES, after=st.integers(0, 6))
    def plan_and_carry_out(self, late, after):
        self.carry_out_older(self.plan(), late, after)

    @rule(plan=plans, late=st.none() | SCOPES, after=st.integers(0, 6))
    def carry_out_older(self, plan, late, after):
        asked = ask_permission(recorder := self.recorder(plan), DECLARED, self.clock, today=self.today)
        before = self.rows()
        result = self.run(plan, recorder, asked, late, after)
        gone = set(before) - set(self.rows())
        if not plan.rows or (result.refusal and not result.lines):
            assert gone == set()
        assert len({key for key in gone if key[0] in TABLES}) <= plan.rows
        for name, number in gone:
            if name in TABLES:
                assert date.fromisoformat(before[name, number][1]) <= date(
                    plan.day.year - 1, plan.day.month, 28
                )

    @precondition(lambda self: hasattr(self, "backup"))
    @rule(late=st.none() | SCOPES, after=st.integers(0, 6), cut=st.none() | st.integers(0, 6))
    def restore_and_replay(self, late, after, cut):
        """Put every row back that a backup from the beginning would hold, and delete again what had been deleted.

        Some replays are cut off; the next one must come to its end all the same.
        """
        shutil.copy(self.backup, self.folder / "housing.db")
        self.clock.move(timedelta(seconds=1))
        # What stands protects what came back, as it came back.
        self.protected = {
            each.id: self.may_be_about(each) for each in read_holds(self.ledger).list_standing()
        }
        asked = 0

        def ask():
            nonlocal asked
            asked += 1
            over = cut is not None and asked > cut
            return Permission((Reason("until", "The time is over."),) if over else ())

        with suppress(NothingToReplayError):
            _, result = carry_out_replay(
                self.plan_replay,
                lambda plan: self.carrying(Recorder(self.ledger, plan, RECORDS), ask, late, after),
                ledger=self.ledger,
                declared=DECLARED,
                today=self.today,
                by=RECORDS,
            )
            assert result.finished or cut is not None

    def plan_replay(self):
        return plan_replay(
            self.ledger, "housing", city="Smalltown", now=self.clock.now(), today=self.today(), by="rec"
        )

    @precondition(lambda self: hasattr(self, "folder") and not hasattr(self, "backup"))
    @rule()
    def back_up(self):
        self.backup = self.folder / "backup.db"
        shutil.copy(self.folder / "housing.db", self.backup)

    # --- how it is carried out -----------------------------------------------------------------

    def today(self):
        return self.clock.today("America/Chicago")

    def recorder(self, plan):
        return Recorder(self.ledger, plan.id, RECORDS)

    def run(self, plan, recorder, asked, late, after):
        carrying = self.carrying(recorder, asked, late, after)
        return carry_out(plan, carrying, declared=DECLARED, today=self.today, by=RECORDS)

    def carrying(self, recorder, asked, late, after):
        """Return what carries out; a hold comes after the permission was asked so often."""
        asks = 0

        def permission():
            nonlocal asks, late
            asks += 1
            if late is not None and asks > after:
                scope, late = late, None
                self.put(scope)
            return asked()

        return Carrying(
            recorder,
            self.clock,
            self.open,
            permission,
            Pace(batch_rows=2, wait_seconds=0),
            pause=lambda _: None,
        )

    @invariant()
    def what_a_hold_protects_is_as_it_was(self):
        if not hasattr(self, "folder"):
            return
        now = self.rows()
        for found in self.protected.values():
            assert {key: now.get(key) for key in found} == found
            assert all(("notes", number) in now for name, number in found if name == "gone")


TestCity = City.TestCase
TestCity.settings = settings(
    max_examples=60,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much],
)
