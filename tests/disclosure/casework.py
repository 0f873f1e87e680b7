"""A desk with a ledger in memory, the people of a city, and short ways to bring a case to a stage."""

from datetime import UTC, date, datetime, timedelta
from functools import cache

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import CaseDesk, act, open_case, rule
from curtilage.disclosure.case.steps import Step
from curtilage.disclosure.policy.packs import choose_packs, select_policies
from curtilage.disclosure.proof.activate import Activation
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.nouns import City, Expertise, Inventory, Officer, Seat, Series, Spot
from curtilage.ledger.record import Record
from curtilage.ledger.stores.memory import MemoryStore
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import PlainSealer

SPOT = Spot("inventory/city.yml", 1)
TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 18, tzinfo=UTC)
SERIES = "disclosure-requests"
PLAN, OTHER_PLAN, PACKAGE = "a" * 64, "b" * 64, "c" * 64


def officer(name, role):
    return Officer(name, role, name, "", SPOT)


DESK = officer("window", "front desk")
LAW = officer("law", "city counsel")
SECOND_LAW = officer("law-2", "counsel")
PRIVACY = officer("privacy", "privacy officer")
RECORDS = officer("records", "records officer")
RELEASER = officer("releaser", "releaser")
CHIEF = officer("chief", "shift supervisor")
NIGHT = officer("night", "supervisor")
BUYER = officer("buyer", "contract manager")
CLERK = officer("clerk", "permit clerk")
BOARD = officer("seat-1", "oversight board")
OFFICERS = (LAW, SECOND_LAW, PRIVACY, RECORDS, RELEASER, CHIEF, NIGHT, BUYER, CLERK, DESK)
EVERYBODY = (*OFFICERS, BOARD)

CITY = City(
    name="Rivermark",
    zone="America/Chicago",
    languages=("en",),
    packs=(),
    seats=(Seat("seat-1", Expertise.LAW, "R. Amador", None, None, SPOT),),
    officers=OFFICERS,
    spot=SPOT,
)
KEPT = Series(SERIES, "Outside requests", "", "", "", "", "", "", None, None, "", None, (), SPOT)
DECLARED = Inventory(CITY, series=(KEPT,))


def make_desk(ledger=None, *, clock=None, declared=DECLARED):
    clock = clock or StoppedClock(NOON)
    ledger = ledger or Record(MemoryStore(), clock=clock, sealer=PlainSealer())
    return CaseDesk(ledger, declared, clock, SERIES)


@cache
def policies(*packs):
    chosen = choose_packs(packs)
    return select_policies(chosen, TODAY, signed=[pack.id for pack in chosen])


@cache
def active(*packs):
    rules = policies(*packs)
    return Activation(rules.hash, TODAY, tuple((pack.id, pack.hash) for pack in rules.packs), ("proved",))


def received(case="", **changed):
    said = {
        "channel": "counter",
        "department": "housing",
        "issuer": "unknown",
        "paper": "court",
        "script": "",
    }
    return Step(ev.Received(case, **(said | changed)))


def classified(instrument="judicial-warrant", **changed):
    said = {
        "form": "",
        "revision": "",
        "issued": TODAY - timedelta(days=2),
        "served": TODAY,
        "return_by": None,
        "civil_immigration": False,
        "custody": "city",
        "holder": "other",
        "gag": False,
        "subjects": 1,
        "hints": (),
    } | changed
    bodies = {ev.SUBJECTS: '["4711"]'} if said["subjects"] else {}
    bodies |= {ev.GAG: "Tell nobody."} if said["gag"] else {}
    return step(ev.Classified(instrument, **said), **bodies)


def step(data, **bodies):
    return Step(data, {name: Guarded(text) for name, text in bodies.items()})


def identified(issuer="court", signer="judge", authentic="yes", how="clerk-of-court"):
    return ev.Identified(issuer, signer, authentic, how)


def facts(**words):
    return [ev.FactStated(name.replace("__", "."), word) for name, word in words.items()]


def asked(**changed):
    """Return what a person states of every case: here, only other information is asked."""
    said = {"status": "no", "locator": "no", "other_personal": "yes", "motion_pending": "no"} | changed
    return facts(**{name: word for name, word in said.items() if word})


def narrowed(**changed):
    said = {
        "subjects": 1,
        "fields": ("housing.applicants.name",),
        "systems": ("housing",),
        "since": None,
        "until": TODAY,
    }
    return step(ev.Narrowed(**(said | changed)), scope='{"subjects": ["4711"]}')


def planned(plan=PLAN, **changed):
    said = {
        "subjects": 1,
        "rows": 2,
        "fields": (("housing.applicants.name", 2),),
        "left_out": (),
        "expires": TODAY + timedelta(days=7),
    }
    return step(ev.Planned(plan, **(said | changed)), plan="{}")


def released(plan=PLAN, rows=2):
    return ev.Released(plan, PACKAGE, 1, rows, (("housing.applicants", rows),), ())


def begin(desk, instrument="judicial-warrant", **changed):
    """Return a case that somebody at a window received and counsel classified."""
    case = done(open_case(desk, received(), by=DESK)).case.id
    done(act(desk, case, classified(instrument, **changed), by=LAW))
    return case


def order_in_hand(desk):
    """Return a case with a court's order that counsel confirmed, on which policy says release."""
    case = begin(desk)
    done(act(desk, case, identified(), *asked(in_force="yes"), narrowed(), *facts(scope="matched"), by=LAW))
    done(act(desk, case, ev.Confirmed("order"), by=LAW))
    decide(desk, case)
    done(act(desk, case, ev.Confirmed("outcome"), by=LAW))
    return case


def ready(desk):
    """Return a case whose plan two people approved."""
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    done(act(desk, case, ev.Approved(PLAN, "releaser"), by=RELEASER))
    done(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    return case


def emergency(desk, **changed):
    """Return a case of a call for help in the night, as a supervisor has it when it is planned."""
    case = begin(desk, "emergency-request", issued=None, served=None, **changed)
    caller = identified("state-or-local-agency", "nobody", "yes", "call-back")
    done(
        act(desk, case, caller, *asked(locator="yes", motion_pending=""), narrowed(), opened(desk), by=CHIEF)
    )
    return case


def opened(desk, **changed):
    said = {
        "harm": "missing-child",
        "minimum_only": True,
        "called_back": True,
        "review_by": desk.clock.now() + timedelta(hours=24),
    }
    return ev.ExigentOpened(**(said | changed))


def decide(desk, case, *, by=RECORDS, packs=()):
    return done(rule(desk, case, policies(*packs), active(*packs), by=by)).case


def done(acted):
    assert acted, [f"{reason.code}: {reason.text}" for reason in acted.reasons]
    return acted


def why(acted):
    """Return the codes of the reasons for which something was refused; at least one."""
    assert not acted
    return {reason.code for reason in acted.reasons}
