"""Pages that people read, in a real browser: no violation of WCAG, nothing fetched, usable on a phone."""

from datetime import date

import pytest

from curtilage.safeguards.page import render_page, render_places
from curtilage.safeguards.report import make_report
from curtilage.safeguards.run import find_all, list_rules
from curtilage.safeguards.triage import Dismissal, state_of, triage
from tests.browser.chromium import AXE, NEEDED
from tests.clean_city import observation_of, situation_of

TODAY = date(2017, 2, 22)

pytestmark = NEEDED


@pytest.fixture
def report_file(tmp_path):
    case = {"set": {"city.yml:seats.3.holder": None, "city.yml:officers.2.name": None}}
    situation = situation_of(case, tmp_path)
    findings = find_all(situation)
    aside = Dismissal(
        findings[0].fingerprint,
        findings[0].rule.code,
        findings[0].subject,
        "known",
        "clerk",
        TODAY,
        TODAY,
        state_of(findings[0]),
    )
    report = make_report(
        city="Plainfield <b>",
        today=TODAY,
        observation=situation.observation,
        triaged=triage(findings, [aside], TODAY),
        baseline=frozenset(),
        rules=list_rules(),
    )
    path = tmp_path / "report.html"
    path.write_text(render_page(report, "1.0"))
    return path


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_report_breaks_no_accessibility_rule(page, report_file, scheme):
    page.emulate_media(color_scheme=scheme)
    page.goto(report_file.as_uri())
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )

    assert [(each["id"], each["nodes"][0]["html"]) for each in result["violations"]] == []


def test_the_page_of_a_scan_breaks_no_accessibility_rule(page, tmp_path):
    path = tmp_path / "scan.html"
    path.write_text(render_places(observation_of({}).observed, "1.0"))
    page.goto(path.as_uri())
    page.evaluate(AXE.read_text())
    result = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']})"
    )

    assert [(each["id"], each["nodes"][0]["html"]) for each in result["violations"]] == []


def test_the_report_fetches_nothing_and_runs_no_script(page, report_file):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report_file.as_uri())

    assert asked == [report_file.as_uri()]
    assert page.locator("script").count() == 0


def test_the_report_fits_a_phone(page, report_file):
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(report_file.as_uri())

    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_is_folded_on_the_screen_is_printed_on_paper(page, report_file):
    page.goto(report_file.as_uri())
    closed = page.locator("details:not([open]) li").first
    on_screen = closed.is_visible()
    page.emulate_media(media="print")

    assert (on_screen, closed.is_visible()) == (False, True)


def test_a_reader_with_a_keyboard_gets_to_the_findings_first(page, report_file):
    page.goto(report_file.as_uri())
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#findings"


def test_names_from_files_are_shown_as_text(page, report_file):
    page.goto(report_file.as_uri())

    assert page.locator("h1 b").count() == 0
    assert "Plainfield <b>" in page.locator("h1").inner_text()
