"""Letters, clocks, notices and holds of cases, as somebody types them."""

import json
import re
from pathlib import Path

import pytest
import yaml

from tests.cli.casetown import codes, make_town, receive, told, typed
from tests.cli.purging import agree, build_city, ids, purge
from tests.cli.running import run


@pytest.fixture
def town(tmp_path):
    return make_town(tmp_path)


@pytest.fixture
def case(town):
    """A case with an administrative warrant, which policy declines."""
    name = receive(town)
    paper = ("--issued", "2026-01-05", "--served", "2026-01-06", "--civil-immigration")
    told(town, "classify", name, "i-200", *paper, "--holder", "other", "--as", "law")
    return name


def declined(town, case):
    told(town, "identify", case, "--issuer", "immigration-agency", "--signer", "immigration-officer",
         "--authentic", "yes", "--how", "call-back", "--as", "law")  # fmt: skip
    facts = "status=yes locator=yes other_personal=yes in_force=yes scope=not-stated motion_pending=no"
    told(town, "state", case, *facts.split(), "--as", "law")
    typed(town, "disclosure", "rule", case, "--as", "law")


def letter(town, *words, status=0):
    return typed(town, "disclosure", "letter", *words, status=status)


# --- letters without a case ------------------------------------------------------------------------


def test_a_letter_is_looked_at_without_a_city(tmp_path):
    done = run("disclosure", "letter", "--preview", "decline", "--paper", "i-200", "--lang", "es", given=b"")

    assert done.returncode == 0
    assert done.stdout.decode().startswith("MUESTRA")
    assert "8 U.S.C. 1373" in done.stdout.decode()


def test_every_letter_is_listed_with_whose_words_it_has(town):
    said = letter(town, "--list")

    assert re.search(r"decline +immigration-paper +es +asker +shipped +not yet", said)
    assert not re.search(r"asker +city ", said)


def test_the_names_that_a_template_may_use_are_listed():
    said = run("disclosure", "letter", "--names").stdout.decode()

    assert "{{ return_by }}" in said


def test_counsel_copies_edits_and_sees_what_changed(town):
    told(town, "letter", "--copy", "decline", "--lang", "en")
    path = town / "policy/letters/decline--immigration-paper.en.md"
    path.write_text(path.read_text("utf-8").replace("An agency issued", "Some agency issued"), "utf-8")

    assert "Some agency issued" in letter(town, "--preview", "decline", "--paper", "i-205")
    assert re.search(r"decline +immigration-paper +en +asker +city ", letter(town, "--list"))
    assert "Left as it is" in told(town, "letter", "--copy", "decline", "--lang", "en")
    assert "Some agency issued" in path.read_text("utf-8")


def test_a_name_that_is_misspelt_in_a_template_is_told_with_file_and_line(town):
    folder = town / "policy/letters"
    folder.mkdir(parents=True)
    (folder / "decline.en.md").write_text("title: T\nto: asker\n---\nDear {{ cty }}.\n", "utf-8")
    said = told(town, "letter", "--preview", "decline", status=2)

    assert "policy/letters/decline.en.md:4" in said
    assert "Did you mean city?" in said
    assert "curtilage disclosure letter --names" in said


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--preview", "decline", "--list"),
        ("--preview", "verdict"),
        ("--preview", "decline", "--paper", "i-9999"),
        ("--preview", "decline", "--lang", "xx"),
        ("--copy", "verdict"),
        ("--preview", "decline", "--out", "x.docx"),
    ],
)
def test_what_cannot_be_a_letter_is_wrong_usage(town, words):
    assert run("disclosure", "letter", *words, "--city", town).returncode == 2


# --- letters of a case -----------------------------------------------------------------------------


def test_before_policy_answered_the_letter_says_that_it_was_received(town, case):
    said = letter(town, case)

    assert "We have received your request" in said
    assert f"Our reference: {case}" in said
    assert "neither confirms nor denies" in said


def test_what_was_declined_is_written_with_its_sources_and_a_page_for_the_employee(town, case, tmp_path):
    declined(town, case)
    out = tmp_path / "answer.txt"
    said = told(town, "letter", case, "--out", out, "--to", "The Officer", "--to", "1 Example Way")
    text, slip = out.read_text("utf-8"), (tmp_path / "answer-for-the-employee.txt").read_text("utf-8")

    assert "To: The Officer" in text
    assert "An agency issued this paper, not a court." in text
    assert "J. Lind, law@smalltown.example" in text
    assert "nobody is put at a disadvantage" in " ".join(slip.split())
    assert "A. Okafor" in slip
    assert re.search(
        rf"refuse {case} --letter \S+ --template decline--immigration-paper.en@[0-9a-f]{{16}}", said
    )


def test_the_letter_that_was_written_can_be_recorded_as_it_says(town, case, tmp_path):
    declined(town, case)
    out = tmp_path / "answer.txt"
    said = told(town, "letter", case, "--out", out)
    words = re.search(r"curtilage disclosure (refuse .+) --as OFFICER", said)[1].split()
    told(town, *words, "--as", "law")

    sent = json.loads(typed(town, "disclosure", "show", case, "--format", "json"))
    assert "decline--immigration-paper.en@" in json.dumps(sent)


@pytest.mark.parametrize("kind", ["release", "notice", "no-such-record", "object", "preserve"])
def test_a_letter_that_would_say_what_is_not_so_is_refused(town, case, kind, tmp_path):
    declined(town, case)
    said = told(town, "letter", case, "--kind", kind, "--out", tmp_path / "x.txt", status=3)

    assert "what is not so" in said
    assert not (tmp_path / "x.txt").exists()


def test_a_letter_is_written_for_the_screen_and_for_paper(town, case, tmp_path):
    for name in ("x.html", "x.pdf"):
        told(town, "letter", case, "--out", tmp_path / name)

    assert (tmp_path / "x.html").read_text("utf-8").startswith("<!doctype html>")
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")
    assert (tmp_path / "x-for-the-employee.pdf").exists()


def test_a_case_of_counsels_alone_has_no_letter_but_counsels(town):
    name = receive(town)
    told(
        town,
        "classify",
        name,
        "national-security-letter",
        "--not-civil-immigration",
        "--holder",
        "other",
        "--as",
        "law",
    )
    assert "counsel alone" in told(town, "letter", name, status=3)
    assert "counsel alone" in told(town, "letter", name, "--kind", "receipt", "--as", "privacy", status=3)

    assert letter(town, name, "--kind", "receipt", "--as", "law")


# --- clocks ----------------------------------------------------------------------------------------


def test_the_times_of_a_paper_are_told_without_a_city(tmp_path):
    words = ("--what-if", "records-request", "--pack", "wa", "--received", "2020-01-06", "--format", "json")
    done = run("disclosure", "clocks", *words)
    [clock] = json.loads(done.stdout)

    assert done.returncode == 1
    assert (clock["clock"], clock["due"], clock["state"]) == ("records-wa", "2020-01-13", "overdue")
    assert clock["cite"] == "RCW 42.56.520(1)"


@pytest.mark.parametrize("words", [("--what-if", "i-9999"), ("--what-if", "i-138", "--pack", "atlantis")])
def test_a_paper_or_a_pack_that_there_is_not_is_wrong_usage(words):
    done = run("disclosure", "clocks", *words)

    assert done.returncode == 2
    assert b"Choose from" in done.stderr


def test_every_time_is_listed_with_how_sure_it_is():
    said = run("disclosure", "clocks", "--rules").stdout.decode()

    assert re.search(r"records-tx .*552\.301.*read in the source", said)
    assert re.search(r"review-within-24-hours .*24 hours.*our design", said)


def test_the_clocks_of_a_city_say_whose_they_are(town, case):
    clocks = json.loads(typed(town, "disclosure", "clocks", "--format", "json"))
    assert {clock["clock"] for clock in clocks} == {"take-it-on"}
    told(town, "assign", case, "privacy", "--as", "privacy")

    assert json.loads(typed(town, "disclosure", "clocks", "--format", "json")) == []
    every = json.loads(typed(town, "disclosure", "clocks", case, "--all", "--format", "json"))
    assert {clock["state"] for clock in every} == {"met"}


def test_a_time_that_has_passed_is_an_exit_status(town):
    name = receive(town)
    told(town, "classify", name, "i-138", "--issued", "2026-01-05", "--served", "2026-01-06",
         "--return-by", "2026-01-20", "--not-civil-immigration", "--holder", "other", "--as", "law")  # fmt: skip
    said = typed(town, "disclosure", "clocks", "--for", "counsel", status=1)

    assert re.search(rf"overdue +{name} +2026-01-20 ", said)


def test_what_a_clock_of_counsels_alone_is_about_only_counsel_sees(town):
    name = receive(town)
    told(
        town,
        "classify",
        name,
        "national-security-letter",
        "--not-civil-immigration",
        "--holder",
        "other",
        "--as",
        "law",
    )
    hidden = typed(town, "disclosure", "clocks", "--all")
    shown = typed(town, "disclosure", "clocks", "--all", "--as", "law")

    assert "Counsel has seen it" not in hidden
    assert "Counsel has seen it" in shown


def test_a_wrong_day_of_the_citys_calendar_is_told_with_its_line(town):
    (town / "policy/holidays.yml").write_text("- {day: never, name: No}\n", "utf-8")

    assert "policy/holidays.yml:1" in told(town, "clocks", status=2)


def test_the_worker_says_each_night_what_is_due_and_check_says_which(town):
    name = receive(town)
    said = "--issued 2026-01-05 --served 2026-01-06 --return-by 2026-01-20 --not-civil-immigration --holder other"
    told(town, "classify", name, "i-138", *said.split(), "--as", "law")
    night = run("worker", "--once", "--city", town)
    found = json.loads(run("check", "--city", town, "--format", "json").stdout)

    assert b"clocks: 1 time of requests passed, 1 soon" in night.stderr
    assert "disclosure.time-passed" in json.dumps(found)
    assert "disclosure.not-preserved" in json.dumps(found)


# --- telling, and recording why not ----------------------------------------------------------------


def test_who_was_told_is_recorded_by_kind_and_day(town, case):
    told(town, "notify", case, "--whom", "subject", "--how", "mail", "--as", "privacy")
    told(
        town,
        "notify",
        case,
        "--whom",
        "subject",
        "--how",
        "mail",
        "--on",
        "2199-01-01",
        "--as",
        "privacy",
        status=3,
    )


def test_an_order_of_silence_keeps_everybody_from_telling_and_its_words_are_sealed(town, case, tmp_path):
    order = tmp_path / "order.txt"
    order.write_text("Canary-words-of-the-order", "utf-8")
    words = ("--cite", "18 U.S.C. 2705(b)", "--until", "2199-01-01", "--text", order)
    assert codes(told(town, "withhold-notice", case, *words, "--as", "privacy", status=3)) == {
        "not-your-role"
    }
    told(town, "withhold-notice", case, *words, "--as", "law")
    said = told(town, "notify", case, "--whom", "subject", "--how", "mail", "--as", "privacy", status=3)

    assert codes(said) <= {"withheld", "sealed"}
    assert b"Canary-words" not in (town / "curtilage.db").read_bytes()


@pytest.mark.parametrize("words", [(), ("--until", "2199-01-01", "--without-end")])
def test_an_order_of_silence_has_an_end_or_says_that_it_has_none(town, case, tmp_path, words):
    order = tmp_path / "order.txt"
    order.write_text("words", "utf-8")
    said = ("--cite", "Order 17", "--text", order, "--as", "law", "--city", town)

    assert run("disclosure", "withhold-notice", case, *words, *said).returncode == 2


# --- preserving ------------------------------------------------------------------------------------


@pytest.fixture
def city(tmp_path):
    """A city that deletes on schedule, in which a request can be received."""
    folder = build_city(tmp_path)
    path = folder / "inventory/series/all.yml"
    said = yaml.safe_load(path.read_text("utf-8"))
    said["series"].append({"id": "disclosure-requests", "title": "Outside requests for records"})
    path.write_text(yaml.safe_dump(said), "utf-8")
    path = folder / "inventory/city.yml"
    said = yaml.safe_load(path.read_text("utf-8"))
    said["officers"].append({"id": "window", "role": "front desk", "name": "W. Marsh"})
    path.write_text(yaml.safe_dump(said), "utf-8")
    return folder


def subpoenaed(city: Path) -> str:
    name = receive(city)
    said = "--issued 2026-01-05 --served 2026-01-06 --not-civil-immigration --holder other --as law"
    told(city, "classify", name, "i-138", *said.split())
    return name


def test_what_a_subpoena_asks_for_outlives_a_purge_that_was_agreed_to(city):
    name = subpoenaed(city)
    shown = run(
        "disclosure", "preserve", name, "--series", "hsg-014", "--as", "law", "--preview", "--city", city
    )
    assert b"8 records" in shown.stderr
    assert b"Held" in shown.stdout
    before, plan = ids(city), city / "plan.json"
    run("retention", "plan", "--as", "rec", "--out", plan, "--city", city)
    agree(city, plan)
    told(city, "preserve", name, "--series", "hsg-014", "--as", "law")
    carried = run("retention", "carry-out", plan, "--as", "rec", "--city", city)

    assert b"0 records" in carried.stdout + carried.stderr
    assert ids(city) == before


def test_people_are_held_by_what_the_subject_column_has(city):
    name = subpoenaed(city)
    words = ("preserve", name, "--subjects", "-", "--as", "law", "--city", city)
    done = run("disclosure", *words, given=b"p-2\n")

    assert done.returncode == 0, done.stderr
    purge(city)
    assert 2 in ids(city)


def test_a_hold_that_would_hold_nothing_is_refused_and_not_recorded(city):
    name = subpoenaed(city)
    said = told(city, "preserve", name, "--series", "disclosure-requests", "--as", "law", status=3)

    assert codes(said) == {"holds-nothing"}
    assert b"retention.hold-placed" not in (city / "curtilage.db").read_bytes()


def test_a_hold_without_a_limit_must_be_said(city):
    name = subpoenaed(city)

    assert run("disclosure", "preserve", name, "--as", "law", "--city", city).returncode == 2
    assert run("disclosure", "preserve", name, "--everything", "--as", "law", "--city", city).returncode == 0


def test_the_department_gets_its_letter_once_something_is_held(city):
    name = subpoenaed(city)
    told(city, "letter", name, "--kind", "preserve", status=3)
    told(city, "preserve", name, "--series", "hsg-014", "--as", "law")

    said = typed(city, "disclosure", "letter", name, "--kind", "preserve")
    assert f"case-{name}" in said
    assert "hsg-014 Applications" in said


def test_the_hold_is_lifted_by_counsel_once_the_case_is_closed(city):
    name = subpoenaed(city)
    told(city, "preserve", name, "--series", "hsg-014", "--as", "law")
    lift = ("preserve", name, "--lift", "--reference", "Letter 12 of 2026")
    assert codes(told(city, *lift, "--as", "law", status=3)) == {"open"}
    told(city, "close", name, "withdrawn", "--as", "law")

    assert codes(told(city, *lift, "--as", "rec", status=3)) == {"not-counsel"}
    assert "is lifted" in told(city, *lift, "--as", "law")
