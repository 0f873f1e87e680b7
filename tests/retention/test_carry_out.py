"""A plan is carried out once, to its end, whatever comes in between; and never what is held."""

from dataclasses import replace
from datetime import timedelta

import pytest

from curtilage.connectors.disposal.ports import LockedError
from curtilage.connectors.ports import NoAnswerError
from curtilage.foundation.errors import EvidenceError
from curtilage.retention.carrying import Pace
from curtilage.retention.certify import list_certificates
from curtilage.retention.events import Begun, PlanFinished, PlanStopped, plan_stream
from curtilage.retention.nouns import Scope
from curtilage.retention.plan_file import PlanChangedError
from curtilage.retention.run_line import MarkMismatchError
from tests.connectors.disposal.conftest import world  # noqa: F401 - a fixture
from tests.retention.books import COUNSEL, people, put_hold
from tests.retention.carried import FAST, Purge


@pytest.fixture
def purge(world):  # noqa: F811 - the fixture
    world.fill(rows=20)
    return Purge(world)


def codes(result):
    return [reason.code for reason in result.refusal]


def test_a_plan_is_carried_out_to_its_end_and_certified(purge):
    result = purge.carry_out()
    assert (result.finished, result.rows) == (True, 10)
    assert purge.world.ids() == list(range(2, 21, 2))
    assert purge.intended == purge.done == [(1, 4), (2, 4), (3, 2)]
    assert purge.entries(PlanFinished)[0].rows == 10
    line = result.certificate.lines[0]
    assert (line.planned, line.disposed, line.held, line.left) == (10, 10, 0, 0)


def test_it_is_carried_out_once(purge):
    purge.carry_out()
    purge.world.run("INSERT INTO applications VALUES (99, 'p', '2015-01-01', 'denied', 's', 'n')")
    assert codes(purge.carry_out()) == ["finished"]
    assert 99 in purge.world.ids()


def test_nothing_goes_without_everybodys_consent(world):  # noqa: F811
    world.fill(rows=4)
    purge = Purge(world, agreed=False)
    assert codes(purge.carry_out()) == ["not-agreed", "not-agreed"]
    assert len(world.ids()) == 4
    assert not purge.entries(Begun)


def test_nothing_goes_before_the_warning_is_over_or_by_a_clock_set_back(purge):
    purge.clock.move(timedelta(days=-3))
    assert codes(purge.carry_out()) == ["clock"]
    assert len(purge.world.ids()) == 20


def test_a_consent_that_has_run_out_counts_no_more(purge):
    purge.clock.move(timedelta(days=31))
    assert codes(purge.carry_out()) == ["not-agreed", "not-agreed"]
    assert len(purge.world.ids()) == 20


def test_a_consent_that_runs_out_in_the_middle_stops_the_next_batch(purge):
    pace = Pace(batch_rows=4, rows_per_second=4)
    result = purge.carry_out(pace=pace, pause=lambda seconds: purge.clock.move(timedelta(days=20)))
    assert codes(result) == ["not-agreed", "not-agreed"]
    assert result.rows == 8
    assert purge.entries(PlanStopped)[-1].reason == "not-agreed"


def test_what_is_held_stays_and_the_certificate_says_so(purge):
    put_hold(purge.ledger, "h-1", Scope(subjects=people("person-3", "person-5")))
    result = purge.carry_out()
    assert result.rows == 8
    assert {3, 5} <= set(purge.world.ids())
    line = result.certificate.lines[0]
    assert (line.disposed, line.held, line.left) == (8, 2, 0)


def test_a_hold_placed_while_it_runs_stops_it_at_the_next_batch(purge):
    pauses = []

    def place(seconds):
        pauses.append(seconds)
        if len(pauses) == 1:
            put_hold(purge.ledger, "h-1", Scope(series=frozenset({"hsg-014"})))

    result = purge.carry_out(pace=Pace(batch_rows=4, rows_per_second=4), pause=place)
    assert result.rows == 4
    assert len(purge.world.ids()) == 16
    assert result.certificate.lines[0].held == 6


class Between:
    """A disposer whose guard meets somebody who places a hold just before or after it records its intent."""

    def __init__(self, inner, *, before=None, after=None):
        self.inner, self.before, self.after = inner, before, after

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def do_batch(self, item, target, act, *, limit, guard):
        outer = self

        class Meeting:
            def spare(self, table):
                stays = guard.spare(table)
                if outer.before:
                    outer.before, act = None, outer.before
                    act()
                return stays

            def foresee(self, keys):
                guard.foresee(keys)

            def permit(self, batch):
                guard.permit(batch)
                if outer.after:
                    outer.after, act = None, outer.after
                    act()

        return self.inner.do_batch(item, target, act, limit=limit, guard=Meeting())


def test_a_hold_that_comes_between_the_question_and_the_intent_rolls_the_batch_back(purge):
    place = lambda: put_hold(purge.ledger, "h-1", Scope(subjects=people("person-1")))  # noqa: E731
    between = Between(purge.world.open(), before=place)
    result = purge.carry_out(open_disposer=lambda system: between)
    assert 1 in purge.world.ids()
    assert (result.rows, purge.intended[0], purge.intended[1]) == (9, (1, 4), (1, 3))


def test_a_hold_recorded_after_the_intent_came_after_the_batch(purge):
    place = lambda: put_hold(purge.ledger, "h-1", Scope(subjects=people("person-1", "person-9")))  # noqa: E731
    between = Between(purge.world.open(), after=place)
    result = purge.carry_out(open_disposer=lambda system: between)
    assert 1 not in purge.world.ids()
    assert 9 in purge.world.ids()
    assert result.rows == 9


def test_never_more_goes_than_the_plan_names(purge):
    for number in range(101, 111):
        purge.world.run(f"INSERT INTO applications VALUES ({number}, 'p', '2015-01-01', 'denied', 's', 'n')")
    result = purge.carry_out()
    assert result.rows <= 10
    assert len(purge.world.ids()) >= 20


def test_it_stops_at_the_time_that_was_given_and_goes_on_later(purge):
    until = purge.clock.now() + timedelta(hours=1)
    pace = Pace(batch_rows=4, rows_per_second=4)
    stopped = purge.carry_out(
        pace=pace, until=until, pause=lambda seconds: purge.clock.move(timedelta(hours=1))
    )
    assert (codes(stopped), stopped.rows) == (["until"], 4)
    assert stopped.certificate is None
    assert purge.carry_out().rows == 10
    assert len(list(list_certificates(purge.ledger.read(plan_stream(purge.plan.id))))) == 1


class Breaking:
    """A disposer that loses its connection at one step of one batch."""

    def __init__(self, inner, step, on=2):
        self.inner, self.step, self.left = inner, step, on

    def __getattr__(self, name):
        return getattr(self.inner, name)

    def _break(self, step):
        if step == self.step:
            self.left -= 1
            if self.left == 0:
                raise NoAnswerError(source="housing", what="the connection was lost", next_step="")

    def do_batch(self, item, target, act, *, limit, guard):
        outer = self

        class Meeting:
            def spare(self, table):
                outer._break("begin")
                return guard.spare(table)

            def foresee(self, keys):
                guard.foresee(keys)

            def permit(self, batch):
                outer._break("before-intent")
                guard.permit(batch)
                outer._break("after-intent")

        batch = self.inner.do_batch(item, target, act, limit=limit, guard=Meeting())
        self._break("after-commit")
        return batch


@pytest.mark.parametrize("step", ["begin", "before-intent", "after-intent", "after-commit"])
def test_a_connection_that_is_lost_is_found_again_and_nothing_is_done_twice(purge, step):
    opened = []

    def open_disposer(system):
        opened.append(Breaking(purge.world.open(), step) if not opened else purge.world.open())
        return opened[-1]

    result = purge.carry_out(open_disposer=open_disposer)
    assert (result.finished, result.rows) == (True, 10)
    assert purge.world.ids() == list(range(2, 21, 2))
    assert [number for number, _ in purge.done] == [1, 2, 3]
    assert result.certificate.lines[0].disposed == 10


def test_a_system_that_does_not_answer_stops_its_line_and_tells_why(purge):
    def open_disposer(system):
        raise NoAnswerError(source="housing", what="nobody answers", next_step="Try later.")

    result = purge.carry_out(open_disposer=open_disposer)
    assert codes(result) == ["source.no-answer"]
    assert purge.entries(PlanStopped)[-1].final is False
    assert purge.carry_out().finished


def test_a_system_that_was_restored_in_the_middle_is_noticed(purge):
    until = purge.clock.now() + timedelta(hours=1)
    pace = Pace(batch_rows=4, rows_per_second=4)
    purge.carry_out(pace=pace, until=until, pause=lambda seconds: purge.clock.move(timedelta(hours=1)))
    purge.world.run("UPDATE curtilage_marks SET number = 0")
    with pytest.raises(MarkMismatchError, match="replay"):
        purge.carry_out()
    assert purge.entries(PlanStopped)[-1].reason == "retention.mark-mismatch"
    assert issubclass(MarkMismatchError, EvidenceError)


def test_two_cannot_carry_out_at_once(purge):
    with purge.ledger.only_one("retention") as mine:
        assert mine
        assert codes(purge.carry_out()) == ["busy"]


def test_a_lock_that_somebody_holds_too_long_ends_the_line_and_nothing_is_lost(purge):
    class Locked:
        def __init__(self, inner):
            self.inner = inner

        def __getattr__(self, name):
            return getattr(self.inner, name)

        def do_batch(self, *given, **named):
            raise LockedError(system="housing", table="applications")

    result = purge.carry_out(open_disposer=lambda system: Locked(purge.world.open()))
    assert codes(result) == ["disposal.locked"]
    assert len(purge.world.ids()) == 20
    assert purge.carry_out().finished


def test_what_hangs_on_rows_is_told_in_the_intent(world):  # noqa: F811
    world.fill(rows=8, notes=8)
    purge = Purge(world)
    result = purge.carry_out()
    assert purge.plan.items[0].along[0].rows == 4
    assert world.ids("notes") == [2, 4, 6, 8]
    assert result.certificate.lines[0].dependants == 4


def test_marks_are_gone_when_the_plan_is_at_its_end(purge):
    purge.carry_out()
    with pytest.raises(Exception, match="curtilage_marks"):
        purge.world.run("SELECT * FROM curtilage_marks")


def test_another_plan_under_the_same_name_is_refused(purge):
    with pytest.raises(PlanChangedError):
        purge.carry_out(plan=replace(purge.plan, items=()))
    assert len(purge.world.ids()) == 20


def test_the_ledger_holds_nothing_of_what_went(purge):
    purge.carry_out()
    said = b"".join(row.entry for row in purge.ledger.store.read_rows(limit=1000))
    assert b"CANARY" not in said
    assert b"person-" not in said


def test_a_released_hold_lets_the_next_plan_go_on(purge):
    from curtilage.retention.holds import release_hold

    put_hold(purge.ledger, "h-1", Scope(subjects=people("person-3")))
    purge.carry_out()
    release_hold(purge.ledger, "h-1", "2017-CV-0123/9", by=COUNSEL)
    second = Purge(purge.world, ledger=purge.ledger, clock=purge.clock)
    assert second.carry_out(pace=FAST).rows == 1
    assert 3 not in purge.world.ids()
