"""SARIF, JSON rows, the baseline and the HTML page are renderings of one report."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from curtilage.cli.scanned import to_finding
from curtilage.detection.nouns import Verdict
from curtilage.foundation.errors import UsageError
from curtilage.foundation.place import PassedOver, Place
from curtilage.safeguards.baseline import load_baseline, save_baseline
from curtilage.safeguards.page import render_page, render_places
from curtilage.safeguards.report import finding_row, make_report
from curtilage.safeguards.run import SAFEGUARDS, find_all, list_rules
from curtilage.safeguards.sarif import render_sarif
from curtilage.safeguards.triage import Dismissal, Triaged, state_of, triage
from curtilage.survey.nouns import Observed
from tests.clean_city import situation_of

TODAY = date(2017, 2, 22)
CASE = {
    "set": {"city.yml:seats.3.holder": None},
    "see": [{"at": "aid_db.people.birth_country", "is": {"country_of_birth": "strong"}}],
}


@pytest.fixture
def report(tmp_path):
    return report_of(tmp_path)


def report_of(folder, *, baseline=frozenset(), aside=0):
    situation = situation_of(CASE, folder)
    found = find_all(situation)
    dismissals = [
        Dismissal(
            one.fingerprint, one.rule.code, one.subject, "it is known", "clerk", TODAY, TODAY, state_of(one)
        )
        for one in found[:aside]
    ]
    return make_report(
        city="Plainfield",
        today=TODAY,
        observation=situation.observation,
        triaged=triage(found, dismissals, TODAY),
        baseline=baseline,
        rules=list_rules(),
    )


def test_findings_come_gravest_first(report):
    severities = [each.finding.rule.severity for each in report.triaged]

    assert severities == sorted(severities, key=["high", "medium", "low"].index)


def test_the_counts_of_the_safeguards_add_up(report):
    assert sum(standing.open for standing in report.standings()) == len(report.open)
    assert [report.count(level) for level in ("high", "medium", "low")] == [1, 1, 1]


def test_a_safeguard_that_no_rule_speaks_for_is_not_green(report):
    assert {standing.number for standing in report.standings()} == set(SAFEGUARDS)
    assert all(standing.ruled for standing in report.standings())


def test_sarif_points_every_result_at_its_rule_and_line(report):
    [run] = render_sarif(report.triaged, report.rules, "1.0")["runs"]
    rules = run["tool"]["driver"]["rules"]

    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        [location] = result["locations"]
        assert location["physicalLocation"]["region"]["startLine"] >= 1
        assert not location["physicalLocation"]["artifactLocation"]["uri"].startswith("/")


def test_sarif_keeps_what_is_set_aside_as_suppressed(tmp_path):
    report = report_of(tmp_path, aside=1)
    [run] = render_sarif(report.triaged, report.rules, "1.0")["runs"]
    suppressed = [result for result in run["results"] if "suppressions" in result]

    assert [one["suppressions"][0]["justification"] for one in suppressed] == ["it is known"]


def test_a_row_says_all_that_a_finding_says(report):
    row = finding_row(report.triaged[0])

    assert row["code"] == "collection.undeclared-telling-column"
    assert row["subject"] == "aid_db.people.birth_country"
    assert row["source"] == "inventory/systems.yml"
    assert row["remedy"]


def test_a_baseline_leaves_out_what_it_knows_and_says_how_many(tmp_path):
    before = report_of(tmp_path)
    save_baseline(tmp_path / "base.json", [each.finding for each in before.open])
    after = report_of(tmp_path, baseline=load_baseline(tmp_path / "base.json"))

    assert (len(after.triaged), after.known) == (0, len(before.open))


def test_a_known_finding_whose_place_has_changed_is_new(tmp_path):
    before = report_of(tmp_path)
    save_baseline(tmp_path / "base.json", [replace(each.finding, state="as it was") for each in before.open])
    after = report_of(tmp_path, baseline=load_baseline(tmp_path / "base.json"))

    assert (len(after.triaged), after.known) == (len(before.open), 0)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 9, "findings": []}', '{"version": 1}', "[" * 100_000],
    ids=["nothing", "a list", "empty", "another version", "no findings", "too deep"],
)
def test_a_file_that_is_no_baseline_stops_the_check(tmp_path, text):
    path = tmp_path / "base.json"
    path.write_text(text)

    with pytest.raises(UsageError, match="is no baseline"):
        load_baseline(path)


def test_a_missing_baseline_stops_the_check(tmp_path):
    with pytest.raises(UsageError, match="could not be read"):
        load_baseline(tmp_path / "none.json")


def test_the_page_holds_every_finding_and_no_script(report):
    page = render_page(report, "1.0")

    assert all(each.finding.fingerprint in page for each in report.open)
    assert "<script" not in page
    assert not re.search(r'(src|href)="https?:', page)


def test_the_page_shows_its_numbers(report):
    page = render_page(report, "1.0")

    assert '<strong class="high">1</strong>' in page


def test_every_rule_names_a_source_that_is_listed():
    known = set(re.findall(r"^\[([^\]]+)\]", Path("docs/sources.toml").read_text(), re.MULTILINE))

    assert {rule.source.split(",")[0] for rule in list_rules()} - known == set()


def test_no_rule_advises_to_hide_to_warn_or_to_obstruct():
    words = re.compile(r"\b(hide|conceal|warn|obstruct|evade|tip off|citizens)\b", re.IGNORECASE)

    assert [
        rule.code for rule in list_rules() if words.search(f"{rule.title} {rule.why} {rule.remedy}")
    ] == []


@pytest.mark.parametrize(
    ("source", "uri"),
    [
        ("./forms/a b.html", "forms/a%20b.html"),
        ("/srv/forms/a.html", "file:///srv/forms/a.html"),
        ("postgresql://db.example/housing", "postgresql://db.example/housing"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "our city/"])
def test_sarif_leads_from_the_root_to_the_citys_folder(source, uri, prefix):
    finding = to_finding(Observed(Place(source, "line:4", "question", "born"), Verdict()))
    log = render_sarif([Triaged(finding, open=True)], [finding.rule], "1.0", prefix=prefix)
    [location] = log["runs"][0]["results"][0]["locations"]

    whole = uri if "://" in uri else prefix.replace(" ", "%20") + uri
    assert location["physicalLocation"] == {"artifactLocation": {"uri": whole}, "region": {"startLine": 4}}


def test_the_page_of_a_scan_escapes_what_files_say():
    page = render_places(
        [Observed(Place("a<b>.html", "line:1", "question", "x", "<script>"), Verdict())], "1.0"
    )

    assert "<script>" not in page
    assert "a&lt;b&gt;.html" in page


def test_a_page_says_at_its_head_that_something_could_not_be_read():
    lost = PassedOver("forms/<old>.docx", "unreadable", "It is damaged.", 3)
    page = render_places([], "1.0", [lost])

    assert "1 could not be read</strong>" in page.partition("<main>")[0]
    assert "<code>forms/&lt;old&gt;.docx:3</code> It is damaged." in page
