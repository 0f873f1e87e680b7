"""A subpoena arrives while records are being destroyed on schedule: what it asks for stays, until counsel says otherwise.

Source:
    wa-core, litigation and requests.
"""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import CaseDesk, act, open_case
from curtilage.disclosure.case.state import read_case
from curtilage.disclosure.preserve import (
    hold_id,
    lift,
    list_held_series,
    list_unpreserved,
    make_hold,
    name_ground,
    preserve,
    read_subjects,
)
from curtilage.inventory.nouns import Officer, Spot
from curtilage.retention.carrying import Pace
from curtilage.retention.holds import read_holds, release_hold
from curtilage.retention.nouns import Ground, Scope
from tests.connectors.disposal.worlds import SqliteWorld
from tests.disclosure.casework import classified, done, received, step, why
from tests.retention.books import COUNSEL, HASHER, people
from tests.retention.carried import Purge, one_series
from tests.retention.declared import series

REQUESTS = "disclosure-requests"
CLERK = Officer("desk", "front desk", "desk", "", Spot("inventory/city.yml", 1))
SLOW = Pace(batch_rows=4, rows_per_second=4)


class Town:
    """A purge that is agreed to, and a desk at which requests arrive, on one ledger."""

    def __init__(self, folder):
        self.world = SqliteWorld(folder / "housing.db")
        self.world.fill(rows=20)
        kept = series(id=REQUESTS, held_in=[], minimum="Retain 1 year after case closed, then destroy.")
        self.purge = Purge(self.world, one_series(), kept)
        self.desk = CaseDesk(self.purge.ledger, self.purge.declared, self.purge.clock, REQUESTS)
        officers = {each.id: each for each in self.purge.declared.city.officers}
        self.counsel, self.records = officers["law"], officers["rec"]

    def subpoena(self, subjects='["person-3"]'):
        """Receive and classify an immigration subpoena that names somebody; return the case's id."""
        case = done(open_case(self.desk, received(paper="agency"), by=CLERK)).case.id
        today = self.desk.now().today
        paper = classified("i-138", issued=today, served=today, return_by=today + timedelta(days=14))
        done(act(self.desk, case, step(paper.data, subjects=subjects), by=self.counsel))
        return case

    def preserve(self, case, scope, *, by=None):
        found = read_case(self.desk.ledger, case)
        placed = make_hold(found, scope, today=self.desk.now().today, review_days=180)
        return preserve(
            self.desk,
            found,
            placed,
            scope,
            by=by or self.counsel,
            review_days=180,
            kept_under="curtilage.holds",
        )

    def close(self, case):
        done(act(self.desk, case, ev.Closed("withdrawn"), by=self.counsel))


@pytest.fixture
def town(tmp_path):
    made = Town(tmp_path)
    yield made
    made.world.close()


SERIES = Scope(series=frozenset({"hsg-014"}))


def test_a_request_that_arrives_in_the_middle_stops_the_purge_at_its_next_batch(town):
    arrived = []

    def arrive(_):
        if not arrived:
            arrived.append(town.subpoena())
            done(town.preserve(arrived[0], SERIES))

    result = town.purge.carry_out(pace=SLOW, pause=arrive)
    assert result.rows == 4
    assert len(town.world.ids()) == 16
    assert result.certificate.lines[0].held == 6


def test_only_whom_the_paper_names_is_spared_where_it_is_held_so(town):
    case = town.subpoena()
    named = read_subjects(town.desk.ledger, read_case(town.desk.ledger, case), HASHER)
    done(town.preserve(case, Scope(subjects=named)))

    assert named == people("person-3")
    assert town.purge.carry_out().rows == 9
    assert 3 in town.world.ids()


def test_the_case_names_its_hold_and_the_hold_names_its_case_and_nobody(town):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    hold = read_holds(town.desk.ledger).find(hold_id(case))

    assert read_case(town.desk.ledger, case).preserved == (hold.id,)
    assert (hold.matter, hold.ground) == (f"case-{case}/1", Ground.ANTICIPATED)
    assert list_held_series(town.desk.ledger, read_case(town.desk.ledger, case)) == ("hsg-014",)


def test_asked_twice_it_is_held_once(town):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    before = town.desk.ledger.count()

    assert town.preserve(case, SERIES).entries == ()
    assert town.desk.ledger.count() == before


def test_a_crash_between_the_hold_and_the_case_is_mended_by_asking_again(town, monkeypatch):
    case = town.subpoena()
    with monkeypatch.context() as broken:
        broken.setattr("curtilage.disclosure.preserve.act", _crash)
        with pytest.raises(RuntimeError):
            town.preserve(case, SERIES)
    assert read_holds(town.desk.ledger).find(hold_id(case)).stands

    done(town.preserve(case, SERIES))
    assert read_case(town.desk.ledger, case).preserved == (hold_id(case),)


def _crash(*_, **__):
    raise RuntimeError


def test_nobody_at_a_window_places_a_hold(town):
    case = town.subpoena()

    assert why(town.preserve(case, SERIES, by=CLERK))
    assert read_holds(town.desk.ledger).find(hold_id(case)) is None


def test_a_hold_on_a_series_that_nobody_declared_is_refused(town):
    case = town.subpoena()
    refused = town.preserve(case, Scope(series=frozenset({"hsg-999"})))

    assert why(refused) == {"unknown-scope"}
    assert read_case(town.desk.ledger, case).preserved == ()


def test_closing_the_case_does_not_end_the_hold(town):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    town.close(case)

    assert town.purge.carry_out().rows == 0


def test_counsel_lifts_it_once_the_case_is_closed_and_what_it_kept_can_be_planned_anew(town):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    town.close(case)
    found = read_case(town.desk.ledger, case)

    assert lift(town.desk.ledger, found, "Letter 12 of 2017", by=town.counsel)
    assert not read_holds(town.desk.ledger).find(hold_id(case)).stands


@pytest.mark.parametrize(
    ("who", "reference", "codes"),
    [
        ("records", "Letter 12 of 2017", {"not-counsel"}),
        ("counsel", "because I say so", {"reference"}),
    ],
)
def test_nobody_else_lifts_it_and_not_without_a_number(town, who, reference, codes):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    town.close(case)
    refused = lift(town.desk.ledger, read_case(town.desk.ledger, case), reference, by=getattr(town, who))

    assert {reason.code for reason in refused.reasons} == codes
    assert read_holds(town.desk.ledger).find(hold_id(case)).stands


def test_while_the_case_is_open_nobody_lifts_it(town):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    refused = lift(town.desk.ledger, read_case(town.desk.ledger, case), "Letter 12 of 2017", by=town.counsel)

    assert {reason.code for reason in refused.reasons} == {"open"}


def test_what_was_never_held_is_not_lifted(town):
    case = town.subpoena()
    found = read_case(town.desk.ledger, case)

    assert {reason.code for reason in lift(town.desk.ledger, found, "X 1", by=town.counsel).reasons} == {
        "no-hold"
    }


def test_a_subpoena_for_which_nothing_is_held_is_listed_until_it_is(town):
    case = town.subpoena()
    cases = [read_case(town.desk.ledger, case)]

    assert [each.id for each in list_unpreserved(cases, set())] == [case]
    assert list_unpreserved(cases, {hold_id(case)}) == ()


def test_the_ledger_names_nobody_whom_the_paper_names(town):
    case = town.subpoena()
    named = read_subjects(town.desk.ledger, read_case(town.desk.ledger, case), HASHER)
    done(town.preserve(case, Scope(subjects=named)))
    written = b"".join(entry.to_bytes() for entry in town.desk.ledger.read_all())

    assert b"person-3" not in written
    assert next(iter(named)).encode() not in written


def test_a_paper_that_names_nobody_holds_nobody_by_name(town):
    case = done(open_case(town.desk, received(paper="agency"), by=CLERK)).case

    assert read_subjects(town.desk.ledger, case, HASHER) == frozenset()
    assert list_held_series(town.desk.ledger, case) == ()


def test_a_hold_that_counsel_released_by_itself_is_not_placed_under_the_same_name_again(town):
    case = town.subpoena()
    done(town.preserve(case, SERIES))
    release_hold(town.desk.ledger, hold_id(case), "Order 17 of 2017", by=COUNSEL)

    assert why(town.preserve(case, SERIES)) == {"released"}
    assert [each.id for each in list_unpreserved([read_case(town.desk.ledger, case)], set())] == [case]
    assert list_held_series(town.desk.ledger, read_case(town.desk.ledger, case)) == ()


@pytest.mark.parametrize(
    ("instrument", "ground"),
    [
        ("grand-jury-subpoena", Ground.COURT_ORDER),
        ("records-request", Ground.RECORDS_REQUEST),
        ("emergency-request", Ground.REVIEW),
        ("i-138", Ground.ANTICIPATED),
        ("", Ground.INVESTIGATION),
    ],
)
def test_why_records_are_held_follows_from_the_paper(town, instrument, ground):
    case = done(open_case(town.desk, received(paper="agency"), by=CLERK)).case

    assert name_ground(replace(case, instrument=instrument)) is ground
