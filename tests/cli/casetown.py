"""A town at the command line whose packs counsel signed and whose rules are active: for cases, letters, releases."""

import json
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from tests.cli.running import run

SETTINGS = 'name = "Smalltown"\nzone = "America/Chicago"\n'
CITY = """\
packs: [us]
officers:
  - {id: window, role: front desk, name: W. Marsh, contact: window@smalltown.example}
  - {id: law, role: city counsel, name: J. Lind, contact: law@smalltown.example}
  - {id: privacy, role: privacy officer, name: A. Okafor, contact: privacy@smalltown.example}
  - {id: records, role: records officer, name: B. Diaz, contact: records@smalltown.example}
  - {id: releaser, role: releaser, name: C. Wu, contact: releaser@smalltown.example}
  - {id: chief, role: shift supervisor, name: D. Stone, contact: chief@smalltown.example}
seats:
  - {id: seat-1, expertise: law, holder: R. Amador, since: 2020-10-19}
"""
SERIES = """\
series:
  - id: disclosure-requests
    title: Outside requests for records
"""
SCOPE = """\
period: {since: 2024-01-01, until: 2024-12-31}
records:
  - in: housing.applicants
    about: ["4711"]
    fields: [name]
"""


def make_town(folder, *, packs=()):
    """Fill ``folder`` with a town that is ready for cases."""
    shutil.copytree(_made(packs), folder, dirs_exist_ok=True)
    return folder


@cache
def _made(packs):
    folder = Path(tempfile.mkdtemp(prefix="casetown-"))
    (folder / "curtilage.toml").write_text(SETTINGS)
    (folder / "inventory/series").mkdir(parents=True)
    (folder / "inventory/city.yml").write_text(CITY.replace("[us]", f"[{', '.join(['us', *packs])}]"))
    (folder / "inventory/series/requests.yml").write_text(SERIES)
    (folder / "scope.yml").write_text(SCOPE)
    typed(folder, "ledger", "key", "--new")
    [key] = [path for path in folder.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    (folder / "policy").mkdir()
    for pack in ("base", "us-federal", *packs):
        words = ("--key", key, "--name", "counsel.smalltown")
        (folder / "policy/counsel.vkeys").write_text(typed(folder, "disclosure", "sign-pack", pack, *words))
    typed(folder, "disclosure", "activate", "--as", "privacy")
    return folder


def typed(folder, *words, status=0):
    """Return what a command printed, and hold it to its exit status."""
    done = run(*words, "--city", folder)
    assert done.returncode == status, (words, done.returncode, done.stdout.decode(), done.stderr.decode())
    return done.stdout.decode()


def told(folder, *words, status=0):
    """Return what a command said on standard error."""
    done = run("disclosure", *words, "--city", folder)
    assert done.returncode == status, (words, done.returncode, done.stdout.decode(), done.stderr.decode())
    return done.stderr.decode()


def receive(folder):
    """Return the id of a case that was received at the counter."""
    from curtilage.cli.disclosure_case_desk import open_case_desk
    from curtilage.disclosure.case.desk import open_case
    from curtilage.disclosure.case.events import Received
    from curtilage.disclosure.case.steps import Step

    with open_case_desk(folder) as room:
        step = Step(Received("", "counter", "housing", "unknown", "court", ""))
        return open_case(room.desk, step, by=room.person("window")).case.id


def shown(folder, case, *words):
    return json.loads(typed(folder, "disclosure", "show", case, "--format", "json", *words))


def codes(text):
    """Return the codes of reasons in a message."""
    return set(re.findall(r"\[([a-z-]+)\]", text))
