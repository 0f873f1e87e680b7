"""What is told of outside requests: counted from the ledger alone, the same each time, and nobody found in it."""

import json
import tomllib
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from curtilage.disclosure.case.nouns import Case, Emergency, Gone, Notice, Sent
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.packs import choose_packs
from curtilage.disclosure.reports.agency import list_sections
from curtilage.disclosure.reports.book import SpanNotOverError, read_book
from curtilage.disclosure.reports.counts import Count, count_cases, list_rows, say_row
from curtilage.disclosure.reports.kinds import UnknownReportError, find_kind, load_kinds
from curtilage.disclosure.reports.lines import HEADINGS, write_line
from curtilage.disclosure.reports.paper import Report, ReportSection
from curtilage.disclosure.reports.render import RENDERERS
from curtilage.disclosure.reports.spans import MONTHS, BadSpanError, last_span, parse_span
from tests.clean_city import situation_of
from tests.disclosure.reported import CANARY, LATER, Year, day
from tests.sharing.logs import authority, city, practice

SOURCES = tomllib.loads((Path(__file__).parents[2] / "docs/sources.toml").read_text("utf-8"))


# --- spans ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026", date(2026, 1, 1), date(2026, 12, 31)),
        ("2025-2026", date(2025, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_span_is_written_as_people_write_it(written, first, last):
    span = parse_span(written)

    assert (span.first, span.last, str(span)) == (first, last, written)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "May",
        "2026-13",
        "2026-Q5",
        "2024-2026",
        "26-05",
        "2026-5",
        "0000",
        "9999",
        "9998-9999",
        "9999-12-31",
    ],
)
def test_what_is_no_span_is_refused(written):
    with pytest.raises(BadSpanError):
        parse_span(written)


@given(st.sampled_from(list(MONTHS)), st.dates(date(2001, 1, 1), date(2100, 1, 1)))
def test_the_last_span_is_over_and_the_next_is_not(kind, today):
    span = last_span(kind, today)

    assert parse_span(str(span)) == span
    assert span.last < today
    assert (
        sum((part.last - part.first).days + 1 for part in span.split("month"))
        == (span.last - span.first).days + 1
    )


# --- public statistics ---------------------------------------------------------------------------


def rows_of(made, section=0):
    return {row[0]: row[1:] for row in made.sections[section].rows}


def cell(made, row, result):
    headings = made.sections[0].headings
    return rows_of(made)[row][headings.index(result) - 1]


I_200 = say_row(("i-200", "immigration"))
WARRANT = say_row(("judicial-warrant", "other"))


def test_requests_are_counted_by_kind_and_by_how_they_ended():
    year = Year()
    year.whole(14)
    year.whole(12, "released", instrument="judicial-warrant", issuer="court", civil_immigration=False)
    made = year.report()

    assert cell(made, I_200, "refused") == "14"
    assert cell(made, WARRANT, "released") == "12"
    assert cell(made, "All", "all") == "26"


def test_small_counts_are_hidden_and_no_total_gives_them_back():
    year = Year()
    year.whole(3)
    year.whole(20, instrument="i-205")
    made = year.report()

    assert cell(made, I_200, "refused") == "[c]"
    assert cell(made, say_row(("i-205", "immigration")), "refused") == "[c]"
    assert cell(made, "All", "refused") == "23"


def test_a_case_counts_in_the_citys_own_month_in_which_it_was_closed():
    year = Year()
    year.at(day(1, 31, 12))
    early, late = year.receive(), year.receive()
    year.at(day(4, 1, 4))  # the last evening of March in Chicago
    year.close(early)
    year.at(day(4, 1, 6))
    year.close(late)

    assert [
        cell(year.report(period=quarter, threshold=1), "All", "all") for quarter in ("2026-Q1", "2026-Q2")
    ] == ["1", "1"]


def test_cases_that_nobody_may_tell_of_are_in_no_public_count():
    year = Year()
    year.whole(12)
    year.whole(30, gag=True)
    year.whole(30, instrument="national-security-letter", issuer="federal-agency")

    said = b"".join(year.render().values())
    assert cell(year.report(), "All", "all") == "12"
    assert b"30" not in said.replace(year.report().root.encode(), b"")


def test_a_year_is_the_sum_of_what_its_quarters_print():
    year = Year()
    for month, times in ((2, 12), (5, 3), (8, 20)):
        year.at(day(month, 1))
        year.whole(times)
    made = year.report(period="2026")

    assert cell(made, I_200, "refused") == "32+[c]"
    assert made.sections[0].rows[-1][1:] == made.sections[0].rows[0][1:]


RESULTS = st.sampled_from(["refused", "released", "objected"])
PAPERS = st.sampled_from(
    [("i-200", "immigration-agency"), ("i-138", "immigration-agency"), ("judicial-warrant", "court")]
)
HISTORIES = st.lists(
    st.tuples(st.integers(1, 12), PAPERS, RESULTS, st.booleans(), st.integers(1, 6)), max_size=12
)


TOLD = [
    ("statistics", "2026-Q2"),
    ("nyc-quarterly", "2026-Q2"),
    ("or-monthly", "2026-05"),
    ("board-monthly", "2026-05"),
]


def live(history):
    year = Year()
    for month, (instrument, issuer), result, gag, times in sorted(history):
        year.at(max(day(month, 2), year.clock.now()))
        year.whole(times, result, instrument=instrument, issuer=issuer, gag=gag)
    return year


@settings(max_examples=15, deadline=None)
@given(HISTORIES, HISTORIES)
def test_whatever_is_recorded_later_a_report_of_a_span_stays_the_same_byte_for_byte(before, after):
    year = live([(1 + month % 6, *rest) for month, *rest in before])
    year.at(day(7, 1))
    first = [year.render(kind, period) for kind, period in TOLD]

    for _, (instrument, issuer), result, gag, times in after:
        year.whole(times, result, instrument=instrument, issuer=issuer, gag=gag)
    for case in {
        entry.stream for entry in year.record.read_all() if entry.stream.startswith("disclosure/case-")
    }:
        year.classify(case.removeprefix("disclosure/case-"), gag=True)

    assert first == [year.render(kind, period) for kind, period in TOLD]


@settings(max_examples=15, deadline=None)
@given(HISTORIES, st.integers(2, 12))
def test_no_count_below_the_threshold_is_printed_anywhere(history, threshold):
    year = live(history)
    for period in ("2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"):
        for row in year.report(period=period, threshold=threshold).sections[0].rows:
            for said in row[1:]:
                assert said in {"[c]", "0"} or int(said.removesuffix("+[c]").replace(",", "")) >= threshold


@settings(max_examples=10, deadline=None)
@given(HISTORIES)
def test_a_report_for_some_askers_prints_the_very_cells_of_the_statistics(history):
    year = live(history)
    whole, part = rows_of(year.report()), rows_of(year.report("nyc-quarterly"))

    assert part == {row: cells for row, cells in whole.items() if row in part}
    assert "All" not in part


def test_what_is_not_over_is_not_told_and_a_draft_says_so():
    year = Year()
    year.whole(12)
    now = year.clock.now() + timedelta(days=1)

    with pytest.raises(SpanNotOverError):
        year.report(now=now)
    assert year.report(now=now, so_far=True).lead.startswith("DRAFT, 2026-Q1 is not over.")


def test_a_span_shorter_than_the_grain_has_no_counts():
    with pytest.raises(BadSpanError, match="shorter than a quarter"):
        Year().report(period="2026-01")


def test_an_empty_ledger_tells_that_nothing_happened():
    made = Year().report()

    assert made.sections[0] == ReportSection("", ("No request was closed.",))


def test_every_row_has_words_and_no_two_the_same():
    words = [say_row(row) for row in list_rows()]

    assert len(set(words)) == len(words)


def test_counts_know_what_they_hide():
    assert [
        str(each) for each in (Count(0), Count(1234), Count(0, 2), Count(17, 1), Count(1) + Count(2, 1))
    ] == [
        "0",
        "1,234",
        "[c]",
        "17+[c]",
        "3+[c]",
    ]


# --- lists for authorities -----------------------------------------------------------------------


def test_the_monthly_report_lists_requests_for_immigration_enforcement_and_no_judicial_one():
    year = Year()
    year.whole(1)
    year.whole(1, instrument="judicial-warrant", issuer="federal-agency")
    year.whole(1, instrument="agency-subpoena", issuer="federal-agency", civil_immigration=False)
    year.whole(1, instrument="trial-subpoena", issuer="court")
    year.receive()  # nobody looked at it yet: in doubt it is told
    made = year.report("or-monthly", "2026-01")

    assert [(row[5], row[9]) for row in made.sections[0].rows] == [
        (I_200, "refused"),
        ("not classified", "open"),
    ]


def test_what_is_counsels_alone_is_told_as_a_number():
    year = Year()
    year.whole(2, gag=True)
    made = year.report("or-monthly", "2026-01")

    assert made.sections[0].sentences == (
        "No such request was received. No report is due for a month without any.",
        "Handled by counsel alone and not listed: 2.",
    )


def test_what_was_told_as_open_is_told_again_when_it_ends():
    year = Year()
    case = year.receive()
    year.classify(case)
    year.at(day(2, 10))
    year.close(case)
    january, february = (year.report("or-monthly", month) for month in ("2026-01", "2026-02"))

    assert [row[9] for row in january.sections[0].rows] == ["open"]
    assert february.sections[1].title == "Received before, and closed now"
    assert [row[9] for row in february.sections[1].rows] == ["refused"]


@pytest.mark.parametrize("kind", load_kinds())
@pytest.mark.parametrize("form", RENDERERS)
def test_nobody_who_asked_or_is_asked_about_stands_in_a_report(kind, form):
    year = Year()
    year.whole(12)
    year.receive()
    span = {"month": "2026-01", "quarter": "2026-Q1", "year": "2026", "two-years": "2025-2026"}

    said = year.render(kind, span[load_kinds()[kind].span])[form]

    assert CANARY.encode() not in said
    assert b"Canary" not in said


@pytest.mark.parametrize("kind", load_kinds().values(), ids=lambda kind: kind.id)
def test_a_kind_of_report_knows_its_columns_its_source_and_its_pack(kind):
    assert set(kind.columns) <= set(HEADINGS)
    assert kind.source in SOURCES
    assert bool(kind.columns) == (kind.form == "list")
    assert bool(kind.askers) == (kind.form != "agency")
    if kind.pack != "base":
        assert kind.pack in {pack.id for pack in choose_packs([kind.pack])}


def test_no_report_that_is_made_for_the_public_lists_single_cases():
    assert not [kind.id for kind in load_kinds().values() if kind.public and kind.form == "list"]


def test_a_misspelt_report_gets_the_nearest():
    with pytest.raises(UnknownReportError, match="Did you mean or-monthly"):
        find_kind("or-montly")
    with pytest.raises(UnknownReportError, match="There are: statistics"):
        find_kind("xyz")


# --- forms ---------------------------------------------------------------------------------------


def printed(*cells):
    span = parse_span("2026")
    section = ReportSection("A <b>title</b>", (), ("what", "n"), (cells,))
    return Report("x", "T", "C", span, "P", "", (section,), (), 3, "0" * 64, is_draft=False)


def test_no_form_takes_a_cell_for_more_than_its_text():
    made = printed("=cmd|' /C'!A0", "<script>*x*</script>")

    assert b"\r\n'=cmd|' /C'!A0," in RENDERERS["csv"](made)
    assert b"<script>" not in RENDERERS["html"](made) + RENDERERS["md"](made)
    assert b"=cmd\\|" in RENDERERS["md"](made)
    assert json.loads(RENDERERS["json"](made))["sections"][0]["rows"] == [
        ["=cmd|' /C'!A0", "<script>*x*</script>"]
    ]


def test_a_report_names_the_entries_and_the_root_that_it_rests_on():
    year = Year()
    year.whole(12)
    said = json.loads(year.render()["json"])

    assert said["ledger"]["entries"] == year.record.count()
    assert said["ledger"]["root"] in year.render()["md"].decode()


def test_every_instrument_has_a_row_of_its_own_words():
    assert {row[0] for row in list_rows()} == {*load_instruments(), "unclassified"}


# --- the agency's report -------------------------------------------------------------------------


def test_an_agencys_report_says_in_words_what_is_collected_shared_and_why():
    declared = city(
        practice(title="Plates at the bridge", fields=("vehicle_plate",)), authorities=[authority()]
    )
    book = read_book(Year().record, parse_span("2026-Q1"), "UTC", now=LATER)
    counts = count_cases([book], book.span, 11)
    sections = {each.title: each for each in list_sections(declared, counts)}

    [row] = sections["Disclosures that are routine"].rows
    assert row == (
        "Plates at the bridge",
        "Agencies of the network",
        "other",
        "vehicle_plate",
        "Ord. 1",
        "continuous",
        "none",
        "yes",
    )
    assert sections["Disclosures that are not routine"].sentences == ("None.",)
    assert sections["To be written by the agency"].sentences


def test_an_agencys_report_lists_types_by_department(tmp_path):
    declared = situation_of({}, tmp_path).declared
    book = read_book(Year().record, parse_span("2026-Q1"), "UTC", now=LATER)

    [section, *_] = list_sections(declared, count_cases([book], book.span, 11))

    assert section.rows == (("Full name", "Aid", "yes", "yes"), ("Immigration status", "Aid", "yes", "yes"))


# --- lines ---------------------------------------------------------------------------------------

REVIEWED = Emergency("fire", True, True, day(1, 2), day(1, 3), "chief", "proper", day(1, 2, 20))


@pytest.mark.parametrize(
    ("column", "changed", "said"),
    [
        ("asked", {}, "not stated"),
        ("asked", {"facts": {"status": "no", "locator": "yes"}}, "locator"),
        (
            "asked",
            {"facts": dict.fromkeys(("status", "locator", "other_personal"), "no")},
            "nothing personal",
        ),
        ("left", {}, "nothing"),
        (
            "left",
            {"gone": (Gone("p", "h", 1, 1, (("db.people", 2),), (), "law", day(1, 4)),)},
            "1 record of db.people",
        ),
        ("left", {"gone": (Gone("p", "h", 1, 2, (), (), "law", day(1, 4)),)}, "2 records"),
        ("answered", {}, "not yet"),
        ("answered", {"sent": (Sent("refused", "", day(1, 5)),), "closed": day(1, 6)}, "2026-01-05"),
        ("answered", {"closed": day(1, 6)}, "2026-01-06"),
        ("emergency", {}, ""),
        ("emergency", {"emergency": replace(REVIEWED, finding="")}, "fire; not reviewed"),
        ("emergency", {"emergency": REVIEWED}, "fire; reviewed 2026-01-02: proper"),
        (
            "emergency",
            {"emergency": replace(REVIEWED, reviewed=day(1, 4))},
            "fire; reviewed 2026-01-04, late: proper",
        ),
        ("told", {}, "nobody yet"),
        ("told", {"notices": (Notice("subject", "mail", date(2026, 1, 7)),)}, "subject 2026-01-07"),
        ("instrument", {"instrument": "i-200"}, "Form I-200, Warrant for Arrest of Alien"),
        ("purpose", {"civil_immigration": True}, "yes"),
    ],
)
def test_a_line_says_kinds_days_and_counts(column, changed, said):
    case = structs.replace(BEGUN, **changed)

    assert write_line(case, (column,), "America/Chicago") == (said,)


BEGUN = Case(
    id="abcd2345",
    number=1,
    received=day(1, 1),
    last=day(1, 1),
    channel="counter",
    department="clerk",
    script="",
    paper="none",
    issuer="public",
)
