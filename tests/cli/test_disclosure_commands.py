"""``curtilage disclosure`` as somebody types it: decide, table, card, packs, sign-pack."""

import json

import pytest

from tests.cli.casetown import make_town
from tests.cli.running import run

SETTINGS = 'name = "Smalltown"\nzone = "America/Chicago"\n'
DAY = ("--date", "2026-11-23")


@pytest.fixture
def city(tmp_path):
    (tmp_path / "curtilage.toml").write_text(SETTINGS)
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/city.yml").write_text("packs: [us, us-or]\n")
    assert run("ledger", "key", "--new", "--city", tmp_path).returncode == 0
    [key] = [path for path in tmp_path.rglob("*") if path.is_file() and b"PRIVATE KEY" in path.read_bytes()]
    key.rename(tmp_path / "counsel.pem")
    return tmp_path


def blank(kind, **facts):
    made = run("disclosure", "decide", "--blank", kind)
    assert made.returncode == 0
    return json.dumps({**json.loads(made.stdout), **facts}).encode()


def decide(given, *arguments):
    return run("disclosure", "decide", "-", *DAY, *arguments, given=given)


def sign(city, pack):
    return run(
        "disclosure",
        "sign-pack",
        pack,
        "--key",
        city / "counsel.pem",
        "--name",
        "counsel.smalltown",
        "--city",
        city,
    )


def test_a_what_if_needs_no_city_and_says_that_it_binds_nobody(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = decide(blank("i-200"), "--unsigned-what-if", "--pack", "or")

    assert done.returncode == 3
    assert b"Decline." in done.stdout
    assert b"A WHAT-IF that binds nobody" in done.stdout
    assert b"ORS 181A.826" in done.stdout


def test_unsigned_packs_refuse_and_say_so(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = decide(blank("i-200"))

    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Counsel has not signed: base, us-federal" in done.stderr


def test_only_what_may_leave_ends_with_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    confirmed = {"authentic": True, "in_force": True, "confirmed_by_counsel": True, "scope": "matched"}
    done = decide(blank("judicial-warrant", **confirmed), "--unsigned-what-if", "--format", "json")
    said = json.loads(done.stdout)

    assert done.returncode == 0
    assert (said["outcome"], said["may_leave"], said["unsigned"]) == ("release", True, ["base", "us-federal"])
    assert said["policies"] == ["release-court-order"]


def test_a_missing_fact_is_refused_and_not_told_as_a_refusal(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    facts = json.loads(blank("judicial-warrant"))
    del facts["motion_pending"]
    done = decide(json.dumps(facts).encode(), "--unsigned-what-if")

    assert done.returncode == 3
    assert b"missing: motion pending" in done.stdout
    assert b"could not be decided" in done.stdout


@pytest.mark.parametrize(
    "given", [b"", b"{", b"[]", b'{"gag": "Maria Canary"}', b'{"Maria Canary": 1}', b" " * 100_000]
)
def test_facts_that_cannot_be_read_get_one_message_and_no_answer(given):
    done = decide(given, "--unsigned-what-if")

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"[disclosure.bad-facts]" in done.stderr
    assert b"Canary" not in done.stderr


def test_an_unknown_form_is_told_with_those_that_are_known():
    done = run("disclosure", "decide", "--blank", "i-2000")

    assert done.returncode == 2
    assert b"judicial-warrant" in done.stderr


def test_a_pack_out_of_its_time_refuses_even_a_what_if():
    done = run(
        "disclosure", "decide", "-", "--date", "2031-01-01", "--unsigned-what-if", given=blank("i-200")
    )

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"[disclosure.pack-out-of-time]" in done.stderr


def test_a_city_decides_when_counsel_has_signed_its_packs(city):
    given = blank("i-200")
    vkeys = {sign(city, pack).stdout for pack in ("base", "us-federal", "or")}
    before = run("disclosure", "decide", "-", "--city", city, given=given)
    (city / "policy/counsel.vkeys").write_bytes(b"".join(vkeys))
    after = run("disclosure", "decide", "-", "--city", city, given=given)

    assert b"disclosure.unsigned-packs" in before.stderr
    assert after.returncode == 3
    assert b"or-decline-and-document" in after.stdout
    assert b"WHAT-IF" not in after.stdout


def test_an_addition_of_the_city_is_a_pack_that_counsel_signs_too(city):
    (city / "policy").mkdir()
    rule = (
        '@id("x") @outcome("route") forbid(principal, action, resource) when { context.holder == "school" };'
    )
    (city / "policy/schools.cedar").write_text(rule)
    vkeys = {sign(city, pack).stdout for pack in ("base", "us-federal", "or")}
    (city / "policy/counsel.vkeys").write_bytes(b"".join(vkeys))
    before = run("disclosure", "decide", "-", "--city", city, given=blank("informal"))
    signed = sign(city, "city")
    after = run("disclosure", "decide", "-", "--city", city, given=blank("informal", holder="school"))

    assert b"Counsel has not signed: city." in before.stderr
    assert signed.returncode == 0
    assert b"Hand on." in after.stdout


def test_a_pack_with_an_unknown_attribute_refuses(city):
    (city / "policy").mkdir()
    rule = (
        '@id("x") @outcome("route") forbid(principal, action, resource) when { context.holdr == "school" };'
    )
    (city / "policy/schools.cedar").write_text(rule)
    done = run("disclosure", "decide", "-", "--city", city, "--unsigned-what-if", given=blank("informal"))

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"policy/schools.cedar" in done.stderr
    assert b"[disclosure.bad-rules]" in done.stderr


def test_there_is_no_addition_to_sign_where_there_is_none(city):
    assert b"[disclosure.no-such-pack]" in sign(city, "city").stderr


@pytest.mark.parametrize(
    ("form", "begins"), [("md", b"# Outside requests"), ("html", b"<!doctype html>"), ("json", b'{"day"')]
)
def test_the_table_is_printed_in_three_forms(form, begins):
    done = run("disclosure", "table", *DAY, "--unsigned-what-if", "--pack", "tx", "--format", form)

    assert done.returncode == 0
    assert done.stdout.startswith(begins)


def test_the_table_and_the_card_are_written_where_they_are_wanted(tmp_path):
    table = run(
        "disclosure", "table", *DAY, "--unsigned-what-if", "--format", "html", "--out", tmp_path / "t.html"
    )
    card = run("disclosure", "card", "--lang", "es", "--out", tmp_path / "c.pdf")

    assert (table.returncode, card.returncode) == (0, 0)
    assert (tmp_path / "t.html").read_bytes().startswith(b"<!doctype html>")
    assert (tmp_path / "c.pdf").read_bytes().startswith(b"%PDF")


def test_a_card_in_a_language_that_nobody_wrote_is_told():
    done = run("disclosure", "card", "--lang", "tlh")

    assert (done.returncode, done.stdout) == (2, b"")
    assert b"Choose from: en, es" in done.stderr


def test_the_packs_are_listed_with_whom_they_bind():
    done = run("disclosure", "packs", "--format", "json")
    packs = {each["pack"]: each for each in json.loads(done.stdout)}

    assert packs["nj"]["pending"] is True
    assert packs["tx"]["selects"]["immigration-paper"] == "counsel"
    assert b"All public bodies" in run("disclosure", "packs").stdout


def test_a_decision_says_whether_its_rules_are_those_that_are_active_in_the_city(tmp_path):
    town = make_town(tmp_path / "town")
    words = ("disclosure", "decide", "-", "--city", town)
    own = run(*words, given=blank("informal"))
    other = run(*words, "--pack", "or", "--unsigned-what-if", "--format", "json", given=blank("informal"))
    (town / "policy/more.cedar").write_text(
        '@id("x") @outcome("route") forbid(principal, action, resource) when { context.holder == "school" };'
    )
    changed = run(*words, "--unsigned-what-if", given=blank("informal"))

    assert b"They are the rules that are active in this city" in own.stdout
    assert json.loads(other.stdout)["active"] is False
    assert b"They are NOT the rules that are active in this city" in changed.stdout


def test_a_decision_in_a_city_without_active_rules_says_so_and_makes_no_ledger(tmp_path):
    (tmp_path / "curtilage.toml").write_text('name = "Alder Falls"\nzone = "America/Chicago"\n')
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory/city.yml").write_text("packs: [us, us-or]\n")
    done = run("disclosure", "decide", "-", "--city", tmp_path, "--unsigned-what-if", given=blank("informal"))

    assert b"No rules are active in this city, so none decides a case" in done.stdout
    assert {path.name for path in tmp_path.iterdir()} == {"curtilage.toml", "inventory"}


def test_a_decision_without_a_city_says_nothing_of_one():
    done = decide(blank("informal"), "--unsigned-what-if", "--format", "json")

    assert json.loads(done.stdout)["active"] is None
