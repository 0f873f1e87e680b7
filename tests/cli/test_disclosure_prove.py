"""``curtilage disclosure prove`` and ``activate`` as somebody types them."""

import json
import shutil
from datetime import UTC, datetime

import pytest

from curtilage.disclosure.policy.packs import load_pack
from tests.cli.running import run

DAY = ("--date", "2026-11-23")
SETTINGS = 'name = "Smalltown"\nzone = "America/Chicago"\n'
CITY = """\
packs: [us, us-or]
officers:
  - {id: privacy, role: privacy officer, name: A. Okafor, contact: privacy@smalltown.example}
  - {id: clerk, role: city clerk, name: B. Diaz, contact: clerk@smalltown.example}
"""
STOP = '@id("stop") @outcome("decline") forbid(principal, action, resource) when { resource.locator };\n'
NARROW_STOP = STOP.replace("{ ", '{ context.instrument.family == "records-request" && ')
in_their_time = pytest.mark.skipif(
    datetime.now(UTC).date() >= load_pack("or").expires, reason="the packs are to be read again"
)


@pytest.fixture
def city(tmp_path):
    (tmp_path / "curtilage.toml").write_text(SETTINGS)
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/city.yml").write_text(CITY)
    assert run("ledger", "key", "--new", "--city", tmp_path).returncode == 0
    [key] = [path for path in tmp_path.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    shutil.copy(key, tmp_path / "counsel.pem")
    return tmp_path


def sign(city, *packs):
    (city / "policy").mkdir(exist_ok=True)
    for pack in packs:
        words = ("--key", city / "counsel.pem", "--name", "counsel.smalltown", "--city", city)
        done = run("disclosure", "sign-pack", pack, *words)
        assert done.returncode == 0, done.stderr
        (city / "policy/counsel.vkeys").write_bytes(done.stdout)


def test_the_invariants_are_proved_without_a_city(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("disclosure", "prove", *DAY, "--pack", "or")

    assert done.returncode == 0
    assert b"proved  A held case releases nothing, and no part of what is asked. [held-stays]" in done.stdout
    assert b"BROKEN" not in done.stdout
    assert b"Packs base, us-federal, or, for 2026-11-23" in done.stdout


def test_the_same_is_printed_for_programs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = json.loads(run("disclosure", "prove", *DAY, "--format", "json").stdout)

    assert said["all_hold"]
    assert all(each["holds"] and each["counterexample"] is None for each in said["invariants"])
    assert {"permits": "release-court-order", "forbids": "floor-held"} in said["overlaps"]
    assert said["change"] is None


def test_an_addition_of_the_city_is_proved_with_the_rest_and_compared_with_before(city):
    (city / "policy").mkdir(exist_ok=True)
    (city / "policy/locator.cedar").write_text(NARROW_STOP)
    before = city / "before"
    (before / "inventory").mkdir(parents=True)
    (before / "curtilage.toml").write_text(SETTINGS)
    (before / "inventory/city.yml").write_text(CITY)

    done = run("disclosure", "prove", *DAY, "--city", city, "--against", before)

    assert done.returncode == 0
    assert b"Less leaves than before; before, for example:" in done.stdout
    assert b"locator: yes" in done.stdout
    assert b"MORE leaves" not in done.stdout
    assert b"New rules: stop" in done.stdout


def test_an_addition_that_breaks_an_invariant_is_shown_with_the_request_and_the_guilty_rule(city):
    (city / "policy").mkdir(exist_ok=True)
    (city / "policy/locator.cedar").write_text(STOP.replace("@id", '@row("8") @id'))
    done = run("disclosure", "prove", *DAY, "--city", city)
    said = done.stdout.decode()

    assert done.returncode == 1
    assert "BROKEN  What a judge or magistrate of a court ordered" in said
    assert "    locator: yes\n" in said
    assert "  is answered: decline, by stop." in said


def test_two_sets_that_answer_alike_are_told_to_be_so(city):
    done = run("disclosure", "prove", *DAY, "--city", city, "--against", city)

    assert b"Nothing changes: every request is answered as before." in done.stdout


def test_a_rule_that_cannot_be_modelled_is_told_and_nothing_is_proved(city):
    (city / "policy").mkdir(exist_ok=True)
    (city / "policy/odd.cedar").write_text(STOP.replace("resource.locator", 'context.issuer like "c*"'))
    done = run("disclosure", "prove", *DAY, "--city", city)

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"[disclosure.not-modelled]" in done.stderr
    assert b"The rule stop uses what the engine calls Like" in done.stderr


@in_their_time
def test_a_signed_and_proved_set_is_activated_once(city):
    sign(city, "base", "us-federal", "or")
    first, second = (run("disclosure", "activate", "--as", "privacy", "--city", city) for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert first.stdout.startswith(b"Active from now on: set ")
    assert second.stdout.startswith(b"Already active; nothing was recorded: set ")


@in_their_time
def test_an_unsigned_set_is_not_activated(city):
    sign(city, "base", "us-federal")
    done = run("disclosure", "activate", "--as", "privacy", "--city", city)

    assert (done.returncode, done.stdout) == (3, b"")
    assert b"[disclosure.unsigned-packs]" in done.stderr


@pytest.mark.parametrize(
    ("who", "code"), [("clerk", b"disclosure.role-cannot-activate"), ("nobody", b"retention.unknown-officer")]
)
def test_whose_duty_it_is_not_activates_nothing(city, who, code):
    done = run("disclosure", "activate", "--as", who, "--city", city)

    assert (done.returncode, done.stdout) == (3, b"")
    assert code in done.stderr
