"""Certificates are listed, written, printed and verified, and a restored backup is purged again, as a user does it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.purging import build_city, ids, purge, retention
from tests.cli.running import run

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def purged(tmp_path_factory):
    """A city that was purged and has signed its ledger; its database from before lies beside it."""
    city = build_city(tmp_path_factory.mktemp("purged"))
    shutil.copy(city / "housing.db", city / "backup.db")
    purge(city)
    assert run("ledger", "key", "--new", "--city", city).returncode == 0
    return city


@pytest.fixture(scope="module")
def paper(purged):
    """The certificate's file."""
    retention(purged, "certificates", "certificate-", "--out", purged / "certificate.json")
    return purged / "certificate.json"


@pytest.fixture(scope="module")
def copy(purged, paper):
    """The checkpoint that the oversight body holds."""
    held = purged / "held.txt"
    held.write_text(json.loads(paper.read_text())["checkpoint"])
    return held


def verify(paper, *arguments):
    return run("retention", "verify", paper, *arguments)


def test_certificates_are_listed(purged):
    done = retention(purged, "certificates", "--format", "json")
    (said,) = json.loads(done.stdout)

    assert (said["lines"][0]["disposed"], said["lines"][0]["left"]) == (3, 0)
    assert b"1 certificate, 3 records disposed of." in done.stderr


def test_a_certificate_is_shown_with_all_that_archives_ask(purged):
    shown = retention(purged, "certificates", "certificate-").stdout

    assert b"City schedule 2014 HSG-014" in shown
    assert b"housing.nightly" in shown
    assert b"3 of 3 planned" in shown


def test_a_certificate_holds_with_only_a_checkpoint(paper, copy):
    done = verify(paper, "--checkpoint", copy)

    assert done.returncode == 0
    assert b"holds. It shows that these words stood in the city's record" in done.stderr


def test_a_certificate_holds_with_the_citys_public_key(purged, paper):
    assert verify(paper, "--key", purged / "curtilage.vkeys").returncode == 0


def test_a_certificate_without_anything_to_hold_it_against_is_refused(paper):
    done = verify(paper)

    assert done.returncode == 2
    assert b"Neither a checkpoint nor a key was given" in done.stderr


def test_one_changed_number_is_found(paper, copy, tmp_path):
    forged = tmp_path / "forged.json"
    forged.write_text(paper.read_text().replace('"held": 0', '"held": 1'))
    done = verify(forged, "--checkpoint", copy, "--format", "json")

    assert done.returncode == 1
    assert [each["passed"] for each in json.loads(done.stdout)["checks"]] == [False, True, True]


def test_the_verifier_that_needs_no_package_says_the_same(paper, copy, tmp_path):
    forged = tmp_path / "forged.json"
    forged.write_text(paper.read_text().replace('"held": 0', '"held": 1'))
    command = [sys.executable, "-I", ROOT / "tools" / "verify_record.py"]

    good = subprocess.run([*command, paper, "--checkpoint", copy], capture_output=True)
    bad = subprocess.run([*command, forged, "--checkpoint", copy], capture_output=True)

    assert (good.returncode, bad.returncode) == (0, 1), good.stderr


def test_a_certificate_is_printed_as_a_page_and_on_paper(purged, tmp_path):
    for name, start in (("c.html", b"<!doctype html>"), ("c.pdf", b"%PDF")):
        retention(purged, "certificates", "certificate-", "--out", tmp_path / name)

        assert (tmp_path / name).read_bytes().startswith(start)


def test_a_proof_can_be_had_for_a_checkpoint_that_somebody_holds(purged, copy, tmp_path):
    retention(purged, "certificates", "certificate-", "--checkpoint", copy, "--out", tmp_path / "again.json")

    assert verify(tmp_path / "again.json", "--checkpoint", copy).returncode == 0


def test_a_certificate_that_is_not_there_says_so(purged):
    done = retention(purged, "certificates", "certificate-ffff", status=2)

    assert b"There is no certificate-ffff. Nothing was written." in done.stderr


def test_a_file_that_is_no_certificate_is_refused(copy):
    done = verify(copy, "--checkpoint", copy)

    assert done.returncode == 2
    assert b"Nothing was checked, so nothing is proved" in done.stderr


def test_it_is_told_until_when_backups_can_bring_records_back(purged):
    (said,) = json.loads(retention(purged, "backups", "--format", "json").stdout)

    assert (said["system"], said["longest"], said["rows"]) == ("housing", "35 days", 3)
    assert said["gone"] > said["last"]


def test_backups_that_nobody_declared_are_not_none(tmp_path):
    done = retention(build_city(tmp_path, backups=()), "backups", status=1)

    assert b"not a promise of none" in done.stderr


# --- replay -------------------------------------------------------------------------------------------


@pytest.fixture
def restored(tmp_path):
    """A city whose database was restored from a backup from before its purge."""
    city = build_city(tmp_path)
    shutil.copy(city / "housing.db", city / "backup.db")
    purge(city)
    shutil.copy(city / "backup.db", city / "housing.db")
    return city


def test_a_replay_shows_first_and_deletes_nothing(restored):
    done = retention(restored, "replay", "housing", "--as", "rec")

    assert b"Nothing was deleted." in done.stderr
    assert len(ids(restored)) == 8


def test_a_replay_deletes_again_and_certifies(restored):
    retention(restored, "replay", "housing", "--as", "rec", "--carry-out")
    said = json.loads(retention(restored, "certificates", "--format", "json").stdout)

    assert ids(restored) == [1, 4, 6, 7, 8]
    assert [each["replays"] for each in said] == ["", "housing"]


def test_whoever_agrees_to_nothing_may_not_replay(restored):
    done = retention(restored, "replay", "housing", "--as", "law", "--carry-out", status=3)

    assert b"law is city counsel" in done.stderr
    assert len(ids(restored)) == 8


def test_a_system_from_which_nothing_went_is_told(restored):
    done = retention(restored, "replay", "elsewhere", "--as", "rec", status=2)

    assert b"Nothing was deleted from it by a plan" in done.stderr
