"""What somebody may get wrong with a request: the message has three parts, and nothing is recorded or leaves.

The inputs are data, ``tests/cases/disclosure/bad-input.yml``, which a lawyer can extend.
"""

import shutil
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from curtilage.disclosure.policy.packs import load_pack
from tests.cli.casetown import make_town, receive, told
from tests.cli.running import run

CASES = Path(__file__).parents[1] / "cases/disclosure/bad-input.yml"
INPUTS = yaml.safe_load(CASES.read_text())["inputs"]
pytestmark = pytest.mark.skipif(
    datetime.now(UTC).date() >= load_pack("base").expires, reason="the packs are to be read again"
)
BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080802000000"
    "4b6d29dc0000000f49444154789c63f88f03300c2d0900ba1ebf4130930afc0000000049454e44ae426082"
)
"""A picture of eight by eight white points."""


@pytest.fixture(scope="module")
def ready(tmp_path_factory):
    folder = tmp_path_factory.mktemp("town")
    make_town(folder)
    return folder, receive(folder)


@pytest.fixture
def town(ready, tmp_path):
    shutil.copytree(ready[0], tmp_path / "town")
    return tmp_path / "town"


def count_entries(town):
    with sqlite3.connect(town / "curtilage.db") as database:
        return database.execute("SELECT count(*) FROM ledger_entries").fetchone()[0]


def type_in(words, town, case):
    names = {"case": case, "file": town.parent / "typed.txt", "out": town.parent / "out"}
    return run(*(word.format(**names) for word in words), "--city", town)


@pytest.mark.parametrize("given", INPUTS, ids=[each["name"] for each in INPUTS])
def test_bad_input_is_told_in_three_parts_and_nothing_leaves(given, town, ready):
    case = ready[1]
    (town.parent / "out").mkdir()
    (town.parent / "typed.txt").write_text(given.get("file", ""))
    if "policy" in given:
        (town / "policy/own.cedar").write_text(given["policy"])
    if given.get("unsigned"):
        (town / "policy/counsel.vkeys").unlink()
    if "before" in given:
        assert type_in(given["before"], town, case).returncode == 0
    before = count_entries(town)
    done = type_in(given["type"], town, case)
    said = " ".join(done.stderr.decode().split())

    assert done.returncode == given["status"], said
    assert [each for each in given["says"] if each not in said] == [], said
    assert "Traceback" not in said
    assert (count_entries(town), list((town.parent / "out").iterdir())) == (before, [])


def test_a_desk_is_told_that_no_text_of_its_scan_could_be_read(town, ready):
    (town.parent / "blank.png").write_bytes(BLANK)
    said = " ".join(told(town, "attach", ready[1], town.parent / "blank.png", "--as", "window").split())

    assert "Sealed into case" in said
    assert "scan it again" in said
    assert "classify" not in said
