"""A witness and a vendor's word come to a certificate by the commands, and what comes of it is checked by anybody."""

import json
import subprocess
import sys
from datetime import datetime

import pytest
import yaml

from curtilage.foundation.clock import day_in
from tests.cli.purging import build_city, purge, retention
from tests.cli.running import run
from tests.cli.test_certificates_command import ROOT


@pytest.fixture
def city(tmp_path):
    """A city that was purged, whose system a vendor keeps copies of."""
    folder = build_city(tmp_path)
    path = folder / "inventory" / "systems.yml"
    said = yaml.safe_load(path.read_text())
    said["systems"][0]["sub_processors"] = ["cloudshelf"]
    path.write_text(yaml.safe_dump(said, sort_keys=False))
    vendors = {"vendors": [{"id": "cloudshelf", "title": "Cloudshelf", "control_jurisdiction": ["US"]}]}
    path.with_name("vendors.yml").write_text(yaml.safe_dump(vendors))
    purge(folder)
    assert run("ledger", "key", "--new", "--city", folder).returncode == 0
    return folder


def confirm(city, *more, status=0, day=None, holder="cloudshelf"):
    begun = day_in("America/Chicago", datetime.fromisoformat(newest(city)["begun"])).isoformat()
    words = ["--holder", holder, "--system", "housing", "--reference", "Letter 2017-88", "--on", day or begun]
    return retention(city, "confirm", "certificate-", *words, "--as", "rec", *more, status=status)


def newest(city):
    (said,) = json.loads(retention(city, "certificates", "--format", "json").stdout)
    return said


def test_a_witness_and_a_confirmation_stand_in_a_certificate_that_a_stranger_checks(city, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Our copies are gone.")
    done = retention(city, "witness", "certificate-", "--as", "head")
    confirm(city, "--letter", letter)
    said = newest(city)

    assert b"takes the place of certificate-" in done.stderr
    assert [each["officer"] for each in said["witnessed"]] == ["head"]
    assert said["id"].endswith("-3")
    (told,) = [each for each in said["lines"][0]["remains"] if each["where"] == "vendor"]
    assert "as cloudshelf confirmed (Letter 2017-88)" in told["what"]
    paper, held = tmp_path / "c.json", tmp_path / "held.txt"
    retention(city, "certificates", "certificate-", "--out", paper)
    held.write_text(json.loads(paper.read_text())["checkpoint"])
    alone = [sys.executable, "-I", ROOT / "tools" / "verify_record.py", paper, "--checkpoint", held]
    assert run("retention", "verify", paper, "--checkpoint", held).returncode == 0
    assert subprocess.run(alone, capture_output=True).returncode == 0
    assert run("ledger", "verify", "--city", city).returncode == 0


def test_whoever_carried_it_out_is_refused_as_a_witness(city):
    done = retention(city, "witness", "certificate-", "--as", "rec", status=3)

    assert b"somebody else looks on. [own-work]" in done.stderr
    assert newest(city)["witnessed"] == []


def test_a_holder_that_made_no_copies_is_refused_with_those_that_did(city):
    done = confirm(city, holder="playbook", status=3)

    assert b"Unconfirmed are: Copies that cloudshelf made of housing." in done.stderr


def test_copies_cannot_be_gone_before_or_tomorrow(city):
    for day in ("2001-01-01", "2999-01-01"):
        assert b"[day]" in confirm(city, day=day, status=3).stderr


def test_an_officer_or_a_certificate_that_nobody_knows_is_told(city):
    assert (
        b"stranger" in run("retention", "witness", "certificate-", "--as", "stranger", "--city", city).stderr
    )
    done = retention(city, "witness", "certificate-ffff", "--as", "head", status=2)

    assert b"There is no certificate-ffff" in done.stderr
