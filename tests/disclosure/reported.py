"""Cases of a year in a ledger in memory, for what is counted and told of them."""

from datetime import UTC, datetime, timedelta

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.reports.kinds import load_kinds
from curtilage.disclosure.reports.make import make_report
from curtilage.disclosure.reports.render import RENDERERS
from curtilage.disclosure.reports.spans import parse_span
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.nouns import Actor, Body
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.testing.clock import StoppedClock
from tests.disclosure.casework import DECLARED
from tests.ledger.ledgers import PlainSealer

CANARY = "Jane Canary"
LAW = Actor("law", "city counsel")
LATER = datetime(2030, 1, 1, tzinfo=UTC)


class Year:
    """A ledger whose clock is set to each moment in turn; moments only go on."""

    def __init__(self, begin=datetime(2026, 1, 1, 18, tzinfo=UTC)):
        self.clock = StoppedClock(begin)
        self.record = Record(MemoryStore(), clock=self.clock, sealer=PlainSealer())
        self.cases = 0

    def at(self, moment):
        self.clock.set(moment)

    def add(self, case, *data, bodies=None):
        stream = ev.case_stream(case)
        events = [ev.to_event(each, bodies=bodies) for each in data]
        self.record.append(stream, len(self.record.read(stream)), events, by=LAW)

    def receive(self, issuer="immigration-agency", department="clerk"):
        case = f"{self.cases:08}".translate(str.maketrans("0123456789", "abcdefghij"))
        self.cases += 1
        bodies = {ev.ASKER: Body(Guarded(CANARY), "disclosure-requests")}
        received = ev.Received(case, "counter", department, issuer, "none", "")
        self.add(case, received, bodies=bodies)
        return case

    def classify(self, case, instrument="i-200", issuer="immigration-agency", **changed):
        plain = {
            **dict.fromkeys(("form", "revision"), ""),
            **dict.fromkeys(("issued", "served", "return_by")),
            "civil_immigration": True,
            "custody": "city",
            "holder": "other",
            "gag": False,
            "subjects": 1,
            "hints": (),
        }
        self.add(
            case,
            ev.Identified(issuer, "immigration-officer", "yes", "call-back"),
            ev.Classified(instrument, **(plain | changed)),
        )

    def close(self, case, result="refused"):
        self.add(case, ev.Closed(result))

    def whole(self, times=1, result="refused", **changed):
        """Receive, classify and close cases at once; each a second after the one before."""
        for _ in range(times):
            self.at(self.clock.now() + timedelta(seconds=1))
            case = self.receive(changed.get("issuer", "immigration-agency"))
            self.classify(case, **changed)
            self.close(case, result)

    def report(self, kind="statistics", period="2026-Q1", now=LATER, threshold=11, grain="quarter", **more):
        return make_report(
            self.record,
            DECLARED,
            load_kinds()[kind],
            parse_span(period),
            grain=grain,
            threshold=threshold,
            now=now,
            **more,
        )

    def render(self, kind="statistics", period="2026-Q1", **more):
        made = self.report(kind, period, **more)
        return {form: render(made) for form, render in RENDERERS.items()}


def day(month, number, hour=18):
    return datetime(2026, month, number, hour, tzinfo=UTC)
