import string
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.periods import Period
from curtilage.inventory._clause_words import _events
from curtilage.inventory.clause import (
    LONGEST,
    START,
    Clause,
    NeedsDate,
    NeedsPerson,
    Part,
    Permanent,
    Span,
    Which,
    Whichever,
    parse_clause,
)
from curtilage.inventory.nouns import Disposition

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/clauses.yml").read_text(encoding="utf-8"))
READ = [case for case in CASES if "means" in case]
PERSON = [case for case in CASES if "person" in case]


# --- the short form of the cases -----------------------------------------------------------------


def short(span):
    parts = ((span.period.years, "y"), (span.period.months, "m"), (span.period.days, "d"))
    said = [f"{count}{unit}" for count, unit in parts if count]
    return " ".join([*said, *([f"@ {span.event}"] if span.event else [])])


def shorten(part):
    if isinstance(part.term, Permanent):
        term = "permanent" + (f", archives {short(part.term.transfer)}" if part.term.transfer else "")
    elif isinstance(part.term, Whichever):
        term = f"{part.term.which} of {' | '.join(map(short, part.term.spans))}"
    else:
        term = short(part.term)
    label = f"({part.label}) " if part.label else ""
    what = f"{part.what}: " if part.what else ""
    silent = part.disposition in {None, Disposition.PERMANENT}
    return f"{label}{what}{term}{'' if silent else f' > {part.disposition}'}"


# --- cases ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", READ, ids=lambda case: case["clause"])
def test_a_clause_is_read_to_its_last_word(case):
    expected = case["means"] if isinstance(case["means"], list) else [case["means"]]
    read = parse_clause(case["clause"])

    assert isinstance(read, Clause), read
    assert [shorten(part) for part in read.parts] == expected


@pytest.mark.parametrize("case", READ, ids=lambda case: case["clause"])
def test_a_clause_in_plain_words_says_the_same_again(case):
    read = parse_clause(case["clause"])

    assert parse_clause(str(read)) == read


@pytest.mark.parametrize("case", PERSON, ids=lambda case: case["clause"])
def test_a_clause_that_is_not_understood_needs_a_person(case):
    read = parse_clause(case["clause"])

    assert isinstance(read, NeedsPerson)
    assert not read
    assert case["person"] in read.reason
    assert read.rest in case["clause"] or not read.rest


def test_there_are_enough_cases_of_both_kinds_and_none_twice():
    assert len(READ) >= 95
    assert len(PERSON) >= 25
    assert len({case["clause"] for case in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize("wording", sorted(_events()))
def test_every_wording_of_an_event_is_read_wherever_an_event_may_stand(wording):
    event = _events()[wording]

    assert parse_clause(f"Retain 6 years after {wording}, destroy").list_events() == (event,)
    assert parse_clause(f"Retain until {wording}").list_events() == (event,)


# --- due -----------------------------------------------------------------------------------------

CLOSED = {"case closed": date(2017, 2, 22), "audit complete": date(2020, 1, 31)}


@pytest.mark.parametrize(
    ("clause", "due"),
    [
        ("6 years after case closed", date(2023, 2, 22)),
        ("1 month after audit complete", date(2020, 2, 29)),
        ("3 years after case closed or audit complete, whichever is later", date(2023, 1, 31)),
        ("3 years after case closed or audit complete, whichever is sooner", date(2020, 2, 22)),
        ("until audit complete", date(2020, 1, 31)),
        ("permanent", None),
        ("Retain minutes permanently. Retain all other records until audit complete", None),
        ("Approved: 1 year after case closed; denied: until audit complete", date(2020, 1, 31)),
    ],
)
def test_a_clause_is_due_on_the_day_its_last_part_is(clause, due):
    assert parse_clause(clause).due(CLOSED) == due


@pytest.mark.parametrize(
    ("clause", "missing"),
    [
        ("2 years", (START,)),
        ("6 years after settlement", ("settlement",)),
        ("3 years or until settlement, whichever is longer", (START, "settlement")),
        ("until settlement or until case closed, whichever is sooner", ("settlement",)),
        ("Approved: until settlement; denied: until case closed", ("settlement",)),
    ],
)
def test_a_missing_date_never_yields_a_date(clause, missing):
    due = parse_clause(clause).due(CLOSED)

    assert due == NeedsDate(missing)
    assert not due


def test_a_date_that_stands_for_open_is_no_date():
    assert parse_clause("1 year").due({START: date(9999, 12, 31)}) == NeedsDate((START,))


def test_a_clause_names_the_dates_it_needs():
    clause = parse_clause("(a) Files: 3 years; (b) Audio: 1 year after minutes approved")

    assert clause.list_events() == (START, "minutes approved")
    assert parse_clause("permanent").list_events() == ()


# --- properties ----------------------------------------------------------------------------------

words = st.text(string.ascii_lowercase, min_size=3, max_size=8).map(lambda word: f"q{word}x")
phrases = st.lists(words, min_size=1, max_size=4).map(" ".join)
events = st.one_of(st.sampled_from(sorted(set(_events().values()))), phrases)
periods = st.builds(
    Period, years=st.integers(0, 100), months=st.integers(0, 36), days=st.integers(0, 400)
).filter(lambda period: period != Period())
spans = st.one_of(
    st.builds(Span, periods, st.one_of(st.just(""), events)), st.builds(Span, st.just(Period()), events)
)
single = spans.filter(lambda span: " or " not in span.event or span.event == "superseded or obsolete")
choices = st.builds(
    Whichever, st.sampled_from(Which), st.lists(single, min_size=2, max_size=4, unique=True).map(tuple)
)
passing = st.sampled_from([None, Disposition.DESTROY, Disposition.TRANSFER, Disposition.APPRAISE])
moments = st.one_of(st.none(), spans)
endless = st.one_of(
    st.just((Permanent(), Disposition.PERMANENT)),
    moments.map(lambda span: (Permanent(span), Disposition.TRANSFER)),
)
endings = st.one_of(st.tuples(st.one_of(spans, choices), passing), endless)


@st.composite
def clauses(draw):
    names = draw(st.lists(phrases, min_size=1, max_size=5, unique_by=str.lower))
    plain = len(names) == 1 and draw(st.booleans())
    labelled = len(names) > 1 and draw(st.booleans())
    return Clause(
        tuple(
            Part(*draw(endings), what="" if plain else name, label="abcde"[index] if labelled else "")
            for index, name in enumerate(names)
        )
    )


@given(clauses())
def test_whatever_a_clause_says_it_says_again_in_plain_words(clause):
    assert parse_clause(str(clause)) == clause


@given(st.text(max_size=300))
def test_any_text_is_a_clause_or_needs_a_person(text):
    read = parse_clause(text)

    assert isinstance(read, Clause | NeedsPerson)
    assert not isinstance(read, Clause) or parse_clause(str(read)) == read


PIECES = [
    "Retain", "destroy", "3", "six", "(6)", "years", "months", "after", "until", "case closed", "or", "and", ",",
    "whichever is longer", "whichever is sooner", "permanently", "(a)", "(b)", "AC", "+", "FE+3", ".", ";", ":",
    "transfer to archives", "all other records", "minutes", "superseded", "the later of", "for", "then", "fiscal",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map(" ".join))
def test_words_of_clauses_in_any_order_are_read_or_need_a_person(text):
    read = parse_clause(text)

    assert isinstance(read, NeedsPerson) or parse_clause(str(read)) == read


@given(clauses(), st.dictionaries(events, st.dates(date(1990, 1, 1), date(2030, 1, 1)), max_size=6))
def test_a_due_date_is_only_told_when_every_date_is_known(clause, dates):
    due = clause.due(dates)

    if isinstance(due, date):
        assert set(clause.list_events()) <= set(dates)
    elif due is None:
        assert any(isinstance(part.term, Permanent) for part in clause.parts)
    else:
        assert set(due.events) == set(clause.list_events()) - set(dates)


@pytest.mark.parametrize(
    "bad",
    [
        "a" * (LONGEST + 1),
        "(a) " * 500,
        "3 years after " * 130,
        "or until " * 200,
        ": " * 900,
        "end of fiscal year of " * 80,
        "six " * 450,
        "9" * 1900 + " years",
        " - ".join("x" * 100 for _ in range(18)),
        "whichever is " * 140,
        "+" * 1900,
    ],
    ids=lambda text: text[:20],
)
def test_hostile_text_needs_a_person(bad):
    assert isinstance(parse_clause(bad), NeedsPerson)


def test_a_span_must_say_something():
    with pytest.raises(ValueError, match="needs a length or an event"):
        Span(Period())


def test_a_choice_must_be_between_different_spans():
    with pytest.raises(ValueError, match="two different"):
        Whichever(Which.LATER, (Span(Period(years=1)), Span(Period(years=1))))
