"""Logs and practices for tests, in the words of a plate network."""

from datetime import date
from zoneinfo import ZoneInfo

from curtilage.foundation.finding import Spot
from curtilage.inventory.nouns import Authority, City, Force, Inventory, Practice
from curtilage.ledger.nouns import Actor
from curtilage.ledger.opening import open_ledger
from curtilage.sharing.books import read_log, record_reading
from curtilage.sharing.log import Declared, count_log
from curtilage.sharing.nouns import Access, AccessLog
from curtilage.testing.clock import StoppedClock

TODAY = date(2017, 2, 22)
ZONE = ZoneInfo("America/Chicago")
SPOT = Spot("inventory/practices.yml", 3)
PRIVACY = Actor("privacy", "privacy officer")
DECLARED = Declared(("Northfield IL PD", "* WI PD"), ("stolen-vehicle", "yearly count"))


def accesses(*rows):
    """Give rows of DAY RECIPIENT|PURPOSE."""
    for row in rows:
        day, _, rest = row.partition(" ")
        recipient, bar, purpose = rest.partition("|")
        yield Access(day, recipient, purpose if bar else None)


def count(*rows, log=None, declared=DECLARED, today=TODAY):
    return count_log(accesses(*rows), declared, log or AccessLog("plates"), zone=ZONE, today=today)


def open_book():
    return open_ledger("memory:", clock=StoppedClock())


def put(ledger, *rows, log="plates", declared=DECLARED):
    before = read_log(ledger, log)
    counted, instead = count(*rows, log=before, declared=declared)
    return record_reading(ledger, before, counted, instead, by=PRIVACY)


def practice(name="plates", **said):
    plain = {
        "title": "Plates",
        "kind": "network-sharing",
        "formal": True,
        "fields": ("vehicle_plate",),
        "recipient": "Agencies of the network",
        "recipient_kind": "other",
        "route": None,
        "authority": "ord",
        "force": None,
        "frequency": "continuous",
        "onward": "none",
        "last_used": None,
        "owner": "privacy",
        "review": None,
        "public": True,
        "withheld_reason": "",
        "withheld_until": None,
        "opt_out": "",
        "spot": SPOT,
        "log": "plates",
        "recipients": DECLARED.recipients,
        "purposes": DECLARED.purposes,
    }
    return Practice(name, **(plain | said))


def authority(name="ord", **said):
    plain = {
        "citation": "Ord. 1",
        "jurisdiction": "Northfield",
        "force": Force.PERMISSIVE,
        "effective": date(2010, 1, 1),
        "expires": None,
        "reviewer": "counsel",
        "reviewed": None,
        "title": "",
        "url": "",
        "spot": SPOT,
    }
    return Authority(name, **(plain | said))


def city(*practices, authorities=None):
    plain = City("Northfield", "America/Chicago", ("en",), (), (), (), SPOT)
    return Inventory(
        plain, tuple([authority()] if authorities is None else authorities), practices=tuple(practices)
    )
