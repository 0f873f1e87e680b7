"""A small town with two databases and a folder, and short ways to bring a case to a release in it."""

import io
import json
import sqlite3
import zipfile

from curtilage.cli.assembly import open_retriever
from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.disclosure.case.judge import weigh_still
from curtilage.disclosure.case.steps import Step
from curtilage.disclosure.release.carry_out import carry_out
from curtilage.disclosure.release.desk import Releasing, approve, pick_role, plan_release
from curtilage.disclosure.release.scope import read_scope
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.guarded import Guarded
from curtilage.inventory.load import load_documents
from tests.disclosure import casework as cw

ROWS = (
    (4711, "Ana Canary-4711", "12 Elm St", "2016-02-03", "MX", "111-11-1111", "y"),
    (4711, "Ana Canary-4711", "14 Elm St", "2017-02-03", "MX", "111-11-1111", "y"),
    (4712, "Bo Canary-4712", "3 Oak St", "2016-03-04", "US", "222-22-2222", "n"),
    (4713, "Cy Canary-4713", None, "2016-05-06", "HT", "333-33-3333", None),
)

CITY = """
packs: []
officers:
  - {id: law, role: city counsel, name: law, contact: x}
  - {id: law-2, role: counsel, name: law-2, contact: x}
  - {id: records, role: records officer, name: records, contact: x}
  - {id: privacy, role: privacy officer, name: privacy, contact: x}
  - {id: releaser, role: releaser, name: releaser, contact: x}
  - {id: chief, role: shift supervisor, name: chief, contact: x}
  - {id: night, role: supervisor, name: night, contact: x}
  - {id: window, role: front desk, name: window, contact: x}
"""
SYSTEMS = """
systems:
  - {id: housing, title: Housing, connection: housing, host: city, encryption: {fields: [applicants.ssn]}}
  - {id: library, title: Library, connection: library, host: city}
  - {id: drive, title: Drive, connection: drive, host: city}
  - {id: paper, title: Paper files, host: city}
"""
HOUSING = """
id: housing
title: Housing
programs:
  - id: rent
    title: Rent
    collections:
      - id: form
        title: Form
        fields:
          - {field: name, category: full_name, stored_in: [housing.applicants.name, drive.list.name]}
          - {field: address, category: address, stored_in: [housing.applicants.address]}
          - {field: day, category: none, stored_in: [housing.applicants.received]}
          - {field: origin, category: country_of_birth, necessity: prohibited, stored_in: [housing.applicants.origin]}
          - {field: number, category: ssn, stored_in: [housing.applicants.ssn]}
          - {field: title, category: none, stored_in: [library.loans.title]}
          - {field: spoken, category: language, necessity: verbal, stored_in: [library.loans.spoken]}
"""
SERIES = """
series:
  - id: disclosure-requests
    title: Outside requests
  - id: hsg
    title: Applications
    held_in:
      - {in: housing.applicants, subject: person, trigger: received, shared_where: {column: may_share, is: ["y"]}}
      - {in: library.loans, subject: card}
      - {in: drive.list.csv, subject: person}
      - {in: paper.boxes, subject: name}
"""
SCOPE = """
period: {since: 2016-01-01, until: 2016-12-31}
records:
  - in: housing.applicants
    about: ["4711"]
    fields: [name, received]
"""


def load_town(**changed):
    """Return the town's inventory; texts of its files may be given otherwise."""
    files = {
        "curtilage.toml": 'name = "Rivermark"\nzone = "America/Chicago"\nlanguages = ["en"]\n',
        "inventory/city.yml": CITY,
        "inventory/systems.yml": SYSTEMS,
        "inventory/departments/housing.yml": HOUSING,
        "inventory/series/records.yml": SERIES,
    }
    return load_documents({path: text.encode() for path, text in {**files, **changed}.items()})


class Town:
    """The town while a test uses it."""

    def __init__(self, folder, *, ledger=None, declared=None, clock=None):
        import pyrage

        self.folder, self.out = folder, folder / "out"
        self.out.mkdir(exist_ok=True)
        self.addresses = {name: folder / f"{name}.db" for name in ("housing", "library")}
        self.addresses["drive"] = folder / "drive"
        if not self.addresses["housing"].exists():
            self._fill()
        self.desk = cw.make_desk(ledger, clock=clock, declared=declared or load_town())
        self.identity = pyrage.x25519.Identity.generate()
        self.recipients = (str(self.identity.to_public()),)
        self.policies, self.active = cw.policies(), cw.active()

    def _fill(self):
        with sqlite3.connect(self.addresses["housing"]) as db:
            db.execute(
                "CREATE TABLE applicants (person INT, name, address, received, origin, ssn, may_share)"
            )
            db.executemany("INSERT INTO applicants VALUES (?, ?, ?, ?, ?, ?, ?)", ROWS)
        with sqlite3.connect(self.addresses["library"]) as db:
            db.execute("CREATE TABLE loans (card, title, spoken, lent)")
            rows = [("4711", "Canary of another"), ("A-1", "Knots"), ("A-1", "Maps"), ("B-2", "Canary-B")]
            db.executemany("INSERT INTO loans VALUES (?, ?, 'es', '2016-01-01')", rows)
        self.addresses["drive"].mkdir()
        (self.addresses["drive"] / "list.csv").write_text(
            "person,name,age\n4711,Ana Canary-4711,30\n4712,Bo Canary-4712,31\n4713,Cy Canary-4713,32\n"
        )

    def run(self, system, sql, *values):
        with sqlite3.connect(self.addresses[system]) as db:
            return db.execute(sql, values).fetchall()

    def opener(self, system):
        return open_retriever(str(self.addresses[system]), system=system)

    def still(self, case):
        return weigh_still(case, self.policies, self.active)

    def releasing(self, by, **changed):
        said = {"desk": self.desk, "opener": self.opener, "still": self.still, "by": by}
        return Releasing(**(said | changed))

    def decided(self, scope=SCOPE, *, instrument="judicial-warrant", **asked):
        """Return a case of a court's order on which policy says release, with its scope."""
        case = cw.begin(self.desk, instrument)
        said = {"locator": "yes", **asked}
        steps = [
            cw.identified(),
            *cw.asked(in_force="yes", **said),
            narrow(scope),
            *cw.facts(scope="matched"),
        ]
        cw.done(act(self.desk, case, *steps, by=cw.LAW))
        cw.done(act(self.desk, case, ev.Confirmed("order"), by=cw.LAW))
        cw.decide(self.desk, case)
        cw.done(act(self.desk, case, ev.Confirmed("outcome"), by=cw.LAW))
        return case

    def plan(self, case, *, by=cw.RECORDS, recipients=None):
        return plan_release(self.releasing(by), case, recipients or self.recipients)

    def approve(self, case, plan, *people):
        for officer in people or (cw.RELEASER, cw.LAW):
            standing = self.read(case)
            cw.done(approve(self.releasing(officer), case, plan, pick_role(standing, officer)))

    def approved(self, scope=SCOPE, **asked):
        """Return a case and its plan, which two people approved."""
        case = self.decided(scope, **asked)
        planned = self.plan(case)
        assert planned, planned.reasons
        self.approve(case, planned.plan.id)
        return case, planned.plan

    def release(self, case, plan, *, by=cw.RELEASER, out=None, **changed):
        return carry_out(self.releasing(by, **changed), case, plan.id, out or self.out)

    def read(self, case):
        from curtilage.disclosure.case.state import read_case

        return read_case(self.desk.ledger, case)

    def kinds(self, case):
        return [entry.kind.partition(".")[2] for entry in self.desk.ledger.read(ev.case_stream(case))]

    def open(self, path):
        """Return what a package holds, as its recipient opens it: each file's text by name."""
        import pyrage

        plain = pyrage.decrypt(path.read_bytes(), [self.identity])
        with zipfile.ZipFile(io.BytesIO(plain)) as archive:
            assert archive.testzip() is None
            return {name: archive.read(name).decode() for name in archive.namelist()}

    def manifest(self, path):
        return json.loads(self.open(path)["manifest.json"])

    def everything_written(self):
        """Return every byte of the ledger's entries and of the folder for packages."""
        entries = b"".join(entry.to_bytes() for entry in self.desk.ledger.read_all())
        return entries + b"".join(path.read_bytes() for path in self.out.rglob("*") if path.is_file())


def narrow(text):
    """Return the step that says how far an answer goes."""
    scope = read_scope(text.encode())
    said = ev.Narrowed(scope.subjects, scope.fields, scope.systems, scope.since, scope.until)
    return Step(said, {ev.SCOPE: Guarded(canonical_bytes(scope.to_json()).decode())})
