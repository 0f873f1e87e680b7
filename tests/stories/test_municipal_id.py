"""The municipal identity card: routine early deletion passes, an event-driven purge is frozen, view-and-return keeps nothing.

A city issues identity cards. It scanned what residents showed: passports, birth certificates. An ordinance set a
day at the end of 2016 for the scans to go. Before that day a suit was filed and a court stopped the destruction;
in April 2017 another decision allowed it, stayed for two weeks. In between, the city stopped keeping copies.

Source:
    nyc-3-115 (the review date); castorina-2017 (the order, the decision and its stay).
"""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta

import pytest

from curtilage.cli.assembly import open_disposer
from curtilage.collection.rules import VERBAL_WRITTEN
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.settings import RetentionSettings
from curtilage.ledger.nouns import Actor
from curtilage.retention.carrying import Pace
from curtilage.retention.certificate import certificate_to_json
from curtilage.retention.events import HoldPlaced
from curtilage.retention.holds import place_hold, read_holds, release_hold
from curtilage.retention.nouns import Scope
from curtilage.retention.plan import make_plan
from curtilage.retention.state import read_state, record_plan
from curtilage.safeguards.run import find_all
from curtilage.testing.clock import StoppedClock
from tests.clean_city import situation_of
from tests.retention.books import HASHER, HEAD, RECORDS, open_book, people
from tests.retention.carried import Purge, run
from tests.retention.declared import load, series

CANARY = "Xochitl-Canary-7391"
COUNSEL = Actor("law", "city counsel")
SUIT = datetime(2016, 12, 5, 15, tzinfo=UTC)
REVIEW_DAY = datetime(2016, 12, 31, 12, tzinfo=UTC)
DECIDED = datetime(2017, 4, 3, 15, tzinfo=UTC)
STAY_ENDS = datetime(2017, 4, 17, 23, tzinfo=UTC)

SCANS = {
    "id": "mid-002",
    "title": "Municipal identity card: copies of documents that were shown",
    "trigger": "scan",
    "minimum": "Retain 2 years after scan, then destroy.",
}
IN_THE_TABLE = {"in": "cards.scans", "trigger": "scanned_on", "subject": "applicant", "dispose": "delete"}
IN_THE_FOLDER = {
    "in": "drive.scans/*/*.pdf",
    "trigger": "file_modified",
    "subject": "file_folder",
    "key": ["file_path"],
    "dispose": "remove-files",
}
SHORTER = SCANS | {"minimum": "Retain 1 month after scan, then destroy."}
"""What the city adopts for the review date: everything goes."""

CARDS = """
CREATE TABLE applications (id INTEGER PRIMARY KEY, name TEXT, address TEXT, photo BLOB, applied_on TEXT);
CREATE TABLE scans (id INTEGER PRIMARY KEY, applicant INTEGER REFERENCES applications (id), image BLOB, scanned_on TEXT);
"""
DAYS = ("2014-06-01", "2014-09-15", "2014-11-02", "2015-03-03", "2015-10-10", "2016-10-30")


class City:
    """The office of the identity card: its database, its folder of scans, its ledger, its clock."""

    def __init__(self, folder):
        self.folder, self.clock = folder, StoppedClock(datetime(2016, 11, 7, 12, tzinfo=UTC))
        self.ledger = open_book(self.clock)
        self.declared = load(
            series(held_in=[IN_THE_TABLE, IN_THE_FOLDER], **SCANS), systems=("cards", "drive")
        )
        with closing(sqlite3.connect(folder / "cards.db")) as database, database:
            database.executescript(CARDS)
            for number, day in enumerate(DAYS, start=1):
                name = f"{CANARY} {number}"
                database.execute(
                    "INSERT INTO applications VALUES (?, ?, 'Main St', x'ff', ?)", (number, name, day)
                )
                database.execute(
                    "INSERT INTO scans VALUES (?, ?, ?, ?)",
                    (number, number, f"{CANARY} passport".encode(), day),
                )
                self.put_document(number, day)

    def put_document(self, number, day):
        import os

        path = self.folder / "drive" / "scans" / f"card-{number}" / "birth.pdf"
        path.parent.mkdir(parents=True)
        path.write_text(f"{CANARY} birth certificate")
        moment = datetime.fromisoformat(f"{day}T12:00+00:00").timestamp()
        os.utime(path, (moment, moment))

    def adopt(self, said):
        self.declared = load(
            series(held_in=[IN_THE_TABLE, IN_THE_FOLDER], **said), systems=("cards", "drive")
        )

    def open(self, system):
        address = {"cards": "cards.db", "drive": "drive"}[system]
        return open_disposer(address, system=system, hasher=HASHER, folder=self.folder)

    def plan(self, *, grace_days=14):
        """Make a plan that everybody agrees to, and let the time to object pass."""
        settings = RetentionSettings(grace_days=grace_days)
        made = make_plan(
            self.declared, read_holds(self.ledger), self.open, by="rec", clock=self.clock, settings=settings
        )
        record_plan(self.ledger, made, by=RECORDS)
        self.clock.move(timedelta(days=grace_days))
        for role, actor in (("records officer", RECORDS), ("department head", HEAD)):
            Purge.agree(self._purge_of(made), role, actor)
        return made

    def _purge_of(self, made):
        purge = object.__new__(Purge)
        purge.ledger, purge.clock, purge.plan = self.ledger, self.clock, made
        return purge

    def carry_out(self, made, **options):
        return run(self.ledger, self.clock, self.declared, made, Pace(batch_rows=1), self.open, **options)

    def hold(self, name="order", ground="court-order", scope=None, review=date(2017, 3, 1)):
        placed = HoldPlaced(name, "2016-CV-80-1205", ground, "Supreme Court", (), (), 0, False, review)
        place_hold(
            self.ledger, placed, scope or Scope(series=frozenset({"mid-002"})), by=COUNSEL, kept_under="holds"
        )

    def left(self):
        with closing(sqlite3.connect(self.folder / "cards.db")) as database:
            scans = [row[0] for row in database.execute("SELECT id FROM scans ORDER BY id")]
        papers = sorted((self.folder / "drive").rglob("*.pdf"))
        return scans, [int(path.parent.name.removeprefix("card-")) for path in papers]

    def applicants(self):
        with closing(sqlite3.connect(self.folder / "cards.db")) as database:
            return database.execute("SELECT count(*) FROM applications WHERE photo IS NOT NULL").fetchone()[0]


@pytest.fixture
def city(tmp_path):
    return City(tmp_path)


EVERYTHING = ([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6])


def test_routine_deletion_by_the_schedule_passes_and_is_certified(city):
    """Three scans were two years old in November, before anybody sued."""
    result = city.carry_out(city.plan())

    assert city.left() == ([4, 5, 6], [4, 5, 6])
    assert (result.certificate.disposed, result.certificate.is_clean) == (6, True)
    assert result.certificate.finished < SUIT


def test_what_went_by_routine_is_not_undone_by_the_order_that_came_later(city):
    result = city.carry_out(city.plan())
    city.clock.set(SUIT)
    city.hold()

    made = city.plan(grace_days=0)

    assert made.rows == 0
    assert result.certificate.lines[0].eligible < SUIT.date()


def test_a_purge_planned_for_the_event_is_frozen_by_the_order(city):
    """Everybody had agreed, the day had come, and the order was two weeks old."""
    city.adopt(SHORTER)
    city.clock.set(datetime(2016, 12, 1, 12, tzinfo=UTC))
    made = city.plan(grace_days=3)
    city.clock.set(SUIT)
    city.hold()
    city.clock.set(REVIEW_DAY)

    result = city.carry_out(made)

    assert made.rows == 12
    assert (result.rows, city.left()) == (0, EVERYTHING)


def test_an_order_that_comes_while_a_purge_runs_stops_it_at_the_next_batch(city):
    city.adopt(SHORTER)
    made = city.plan()
    waits = iter(range(100))

    class Watching:
        def start(self, what, total, *, unit="", size=0): ...

        def step(self, count=1, detail="", *, size=0):
            if next(waits) == 1:
                city.hold()

        def finish(self): ...

    result = city.carry_out(made, progress=Watching())
    scans, papers = city.left()

    assert result.rows == 2
    assert len(scans) + len(papers) == 10


def test_a_new_plan_says_what_is_held_and_for_which_matter(city):
    city.adopt(SHORTER)
    city.clock.set(SUIT)
    city.hold()
    made = city.plan(grace_days=0)

    assert {(held.matter, held.rows) for item in made.items for held in item.held} == {("2016-CV-80-1205", 6)}
    assert made.rows == 0


def test_after_the_decision_and_its_stay_counsel_releases_and_the_scans_go(city):
    city.adopt(SHORTER)
    city.clock.set(SUIT)
    city.hold()
    city.clock.set(DECIDED)
    made = city.plan(grace_days=14)
    assert city.carry_out(made).rows == 0

    city.clock.set(STAY_ENDS)
    release_hold(city.ledger, "order", "2017-04-03 decision", by=COUNSEL)
    result = city.carry_out(city.plan(grace_days=0))

    assert city.left() == ([], [])
    assert result.certificate.disposed == 12
    assert f"{CANARY} passport".encode() not in (city.folder / "cards.db").read_bytes()


def test_open_requests_for_records_keep_what_they_ask_for(city):
    """Suits over requests for the same papers were decided two years later."""
    city.adopt(SHORTER)
    city.hold("request", "records-request", Scope(subjects=people("2", "scans/card-2")))

    result = city.carry_out(city.plan())

    assert city.left() == ([2, 6], [2, 6]), "the sixth is not a month old"
    assert sum(line.held for line in result.certificate.lines) == 2


def test_the_certificate_says_what_was_held_and_nothing_of_anybody(city):
    city.adopt(SHORTER)
    city.hold("request", "records-request", Scope(subjects=people("2")))
    certificate = city.carry_out(city.plan()).certificate
    said = canonical_bytes(certificate_to_json(certificate))

    assert CANARY.encode() not in said
    assert b"card-2" not in said
    assert "1 record that was due is covered by a hold" in " ".join(certificate.says)


def test_the_ledger_tells_all_of_it_and_nothing_of_anybody(city):
    city.adopt(SHORTER)
    city.hold()
    city.carry_out(city.plan())
    entries = b"".join(entry.to_bytes() for entry in city.ledger.read_all())

    assert CANARY.encode() not in entries
    assert read_state(city.ledger, city.plan(grace_days=0).id)


def test_the_application_itself_remains_a_list_of_people(city):
    """What the case teaches: the scans went, and who holds a card could still be asked for."""
    city.adopt(SHORTER)
    city.carry_out(city.plan())

    assert city.applicants() == len(DAYS)


# --- view and return: the card is checked, the document goes back, nothing is written down ------------


FIELD = "departments/aid.yml:programs.0.collections.0.fields.1"


@pytest.mark.parametrize(("column", "is_found"), [(["aid_db.people.status"], True), (None, False)])
def test_what_is_only_viewed_and_returned_must_have_no_column(tmp_path, column, is_found):
    case = {"set": {f"{FIELD}.necessity": "verbal", f"{FIELD}.stored_in": column, f"{FIELD}.asked_in": None}}
    case["unsee"] = [] if column else ["aid_db.people.status", "forms/request.html#status"]
    rules = [finding.rule for finding in find_all(situation_of(case, tmp_path))]

    assert (VERBAL_WRITTEN in rules) is is_found
