"""``curtilage check`` and ``curtilage dismiss``, as a clerk or a build runs them."""

import json
import subprocess

import pytest
from click.testing import CliRunner

from curtilage.cli.main import curtilage
from curtilage.survey.store import save_observation
from tests.clean_city import changed, observation_of, write_city
from tests.cli.running import COMMAND

CASE = {
    "taken": "today",
    "set": {"city.yml:officers.2.name": None},
    "see": [{"at": "aid_db.people.birth_country", "is": {"country_of_birth": "strong"}}],
}


@pytest.fixture
def city(tmp_path):
    write_city(tmp_path, changed(CASE))
    save_observation(tmp_path, observation_of({key: CASE[key] for key in ("see",)}))
    return tmp_path


def run(*words):
    result = CliRunner().invoke(curtilage, list(words), standalone_mode=False)
    return result, result.return_value


def rows(city, *more):
    result, _ = run("check", "--city", str(city), "--format", "jsonl", "-q", *more)
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_status_is_1_while_something_is_open(city):
    _, status = run("check", "--city", str(city))

    assert status == 1


def test_a_milder_finding_does_not_stop_a_build_that_fails_on_high(city):
    result, status = run("check", "--city", str(city), "--safeguard", "8", "--fail-on", "high")

    assert status == 0
    assert "Nobody is named for a duty" in result.output


def test_a_table_tells_what_is_to_be_done_at_one_place_only(city):
    files = changed(CASE)
    files["departments/aid.yml"]["programs"][0]["collections"][0]["fields"][0]["coarser"] = "initials"
    write_city(city, files)
    result, _ = run("check", "--city", str(city))

    assert "its decision could do with initials. Ask for initials. [" in result.stdout


def test_every_finding_says_where_and_what_to_do(city):
    for row in rows(city):
        assert all(row[part] for part in ("message", "remedy", "source"))


def test_dismissing_closes_one_finding_and_undo_opens_it(city):
    [one] = [row for row in rows(city) if row["code"] == "oversight.no-officer"]
    run(
        "dismiss",
        one["fingerprint"][:6],
        "--city",
        str(city),
        "--reason",
        "appointed in March",
        "--by",
        "clerk",
    )
    closed = {row["code"] for row in rows(city)}
    run("dismiss", one["fingerprint"][:6], "--city", str(city), "--undo")

    assert "oversight.no-officer" not in closed
    assert "oversight.no-officer" in {row["code"] for row in rows(city)}


def test_what_is_set_aside_is_listed_with_who_how_long_and_why(city):
    [one] = [row for row in rows(city) if row["code"] == "oversight.no-officer"]
    why = ("--reason", "appointed in March", "--by", "clerk")
    run("dismiss", one["fingerprint"], "--city", str(city), *why)
    result, _ = run("check", "--city", str(city), "--all")

    assert f"[{one['fingerprint'][:8]}]\n    by clerk until " in result.output
    assert ": appointed in March\n" in result.output


def test_a_fingerprint_that_fits_nothing_changes_nothing(city):
    result, _ = run("dismiss", "zzz", "--city", str(city), "--reason", "long enough", "--by", "clerk")

    assert "Nothing was changed" in str(result.exception)
    assert not (city / "triage.yml").exists()


@pytest.mark.parametrize(
    ("until", "said"),
    [("2027-02-30", "2027-02-30 is a day that no calendar has."), ("31.3.2027", "Write year-month-day")],
)
def test_a_day_that_is_none_is_told_with_an_example(city, until, said):
    result, _ = run("dismiss", "a", "--city", str(city), "--until", until)

    assert said in str(result.exception)


def test_two_who_set_aside_at_the_same_time_both_do(city):
    said = ["--city", str(city), "--reason", "long enough", "--by", "clerk"]
    starts = [row["fingerprint"] for row in rows(city)][:4]
    running = [subprocess.Popen([*COMMAND, "dismiss", start, *said]) for start in starts]

    assert [process.wait() for process in running] == [0] * len(starts)
    assert {row["fingerprint"] for row in rows(city)}.isdisjoint(starts)


def test_a_start_that_fits_several_is_refused(city):
    result, _ = run("dismiss", "", "--city", str(city), "--reason", "long enough", "--by", "clerk")

    assert "findings have a fingerprint" in str(result.exception)


def test_a_baseline_lets_old_findings_pass_and_new_ones_stop(city, tmp_path):
    base = tmp_path / "base.json"
    run("check", "--city", str(city), "--write-baseline", str(base))
    old, old_status = run("check", "--city", str(city), "--baseline", str(base))
    files = changed(CASE)
    files["channels.yml"]["channels"][0]["captured_for_records"] = False
    write_city(city, files)
    _, new_status = run("check", "--city", str(city), "--baseline", str(base))

    assert (old_status, new_status) == (0, 1)
    assert "known from the baseline" in old.output


@pytest.mark.parametrize("form", ["json", "sarif", "html"])
def test_a_report_goes_to_a_file_whole(city, tmp_path, form):
    out = tmp_path / f"report.{form}"
    run("check", "--city", str(city), "--format", form, "--out", str(out))
    text = out.read_text()

    assert "birth_country" in text
    assert text.startswith("<!doctype html>") or json.loads(text)


def test_sarif_names_files_as_seen_from_where_the_check_runs(city, monkeypatch):
    monkeypatch.chdir(city.parent)
    result, _ = run("check", "--city", city.name, "--format", "sarif", "-q")
    [location] = json.loads(result.stdout)["runs"][0]["results"][0]["locations"]

    source = location["physicalLocation"]["artifactLocation"]["uri"]
    assert (city.parent / source).is_file()


def test_a_table_does_not_go_to_a_file(city, tmp_path):
    result, _ = run("check", "--city", str(city), "--out", str(tmp_path / "x"))

    assert "Nothing was written" in str(result.exception)
    assert not (tmp_path / "x").exists()


def test_a_rule_is_explained(city):
    result, status = run("check", "--explain", "oversight.no-officer")

    assert status == 0
    assert "What to do" in result.output


def test_a_misspelt_rule_gets_the_nearest_one():
    result, _ = run("check", "--explain", "oversight.no-oficer")

    assert "Did you mean oversight.no-officer?" in str(result.exception)


def test_a_city_with_a_broken_inventory_is_not_checked(city):
    (city / "inventory" / "practices.yml").write_text("practices: [")
    result, _ = run("check", "--city", str(city))

    assert "practices.yml" in str(result.exception)


def test_outside_a_city_the_command_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result, _ = run("check")

    assert "curtilage init" in str(result.exception)
