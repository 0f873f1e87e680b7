"""A plan over a real database, agreed to, and what carries it out."""

from datetime import timedelta

from curtilage.foundation.settings import RetentionSettings
from curtilage.retention.authorise import give_consent
from curtilage.retention.carry_out import ask_permission, carry_out
from curtilage.retention.carrying import Carrying, Pace
from curtilage.retention.events import BatchDone, BatchIntended, plan_stream, read_kind
from curtilage.retention.holds import read_holds
from curtilage.retention.plan import make_plan
from curtilage.retention.recorder import Recorder
from curtilage.retention.state import read_state, record_plan
from curtilage.testing.clock import StoppedClock
from tests.retention.books import HEAD, RECORDS, open_book
from tests.retention.declared import holding, load, series

DENIED = {"column": "outcome", "is": ["denied"]}
FAST = Pace(batch_rows=4, wait_seconds=0.01)


class Purge:
    """One plan over one world, with the ledger it is recorded in."""

    def __init__(self, world, *declared, ledger=None, clock=None, agreed=True, **place):
        self.world, self.clock = world, clock or StoppedClock()
        self.ledger = ledger or open_book(self.clock)
        self.declared = load(*(declared or [one_series(**place)]))
        self.plan = make_plan(
            self.declared,
            read_holds(self.ledger),
            lambda system: world.open(),
            by="rec",
            clock=self.clock,
            settings=RetentionSettings(),
        )
        record_plan(self.ledger, self.plan, by=RECORDS)
        self.clock.move(timedelta(days=14))
        if agreed:
            self.agree("records officer", RECORDS)
            self.agree("department head", HEAD)

    def agree(self, role, actor, *, days=30):
        state = read_state(self.ledger, self.plan.id)
        expires = self.clock.now().date() + timedelta(days=days)
        give_consent(self.ledger, state, role, expires, by=actor)

    def carry_out(self, *, plan=None, pace=FAST, open_disposer=None, **options):
        return run(
            self.ledger,
            self.clock,
            self.declared,
            plan or self.plan,
            pace,
            open_disposer or self._open,
            **options,
        )

    def _open(self, system):
        return self.world.open()

    def entries(self, kind):
        return [said for _, said in read_kind(self.ledger.read(plan_stream(self.plan.id)), kind)]

    @property
    def intended(self):
        return [(said.number, said.rows) for said in self.entries(BatchIntended)]

    @property
    def done(self):
        return [(said.number, said.rows) for said in self.entries(BatchDone)]


def one_series(**place):
    """Return a series of denied applications, kept for a year."""
    held = [holding(outcome=DENIED, **place)]
    return series(minimum="Retain 1 year after case closed, then destroy.", held_in=held)


def run(ledger, clock, declared, plan, pace, open_disposer, **options):
    recorder = Recorder(ledger, plan.id, RECORDS)
    today = lambda: clock.today("America/Chicago")  # noqa: E731 - short for a test
    permission = ask_permission(recorder, declared, clock, today=today)
    options = {"pause": lambda seconds: None} | options
    carrying = Carrying(recorder, clock, open_disposer, permission, pace, **options)
    return carry_out(plan, carrying, declared=declared, today=today, by=RECORDS)
