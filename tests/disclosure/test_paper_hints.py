"""What papers hint at: cases that a lawyer can extend, and what holds for any paper."""

import random
import re
import string
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.disclosure.intake.finding import mask
from curtilage.disclosure.intake.hints import read_hints
from curtilage.disclosure.intake.paper import Paper, join_pages
from curtilage.disclosure.intake.phrases import compile_phrase, fold
from curtilage.disclosure.intake.rulebook import SURE, list_ids, load_rules
from curtilage.disclosure.policy.facts import LISTS
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.foundation.guarded import Guarded

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases/disclosure/papers-hints.yml").read_text("utf-8"))
TODAY = CASES["today"]
FACTS = (
    *("instrument", "form", "issuer", "signer", "civil_immigration", "gag", "issued", "served", "return_by"),
    *("custody", "enforced_by_court", "motion_pending"),
)
PAGE = re.compile(r"^={10}\n", re.MULTILINE)


def read(text, today=TODAY):
    return read_hints(join_pages(PAGE.split(text)), today=today)


def suggested(reading, fact):
    """Return what is suggested for a fact: words, and words with how sure that is."""
    found = [each for each in reading.suggestions if each.fact == fact]
    return {each.word for each in found}, {f"{each.word} {each.sure}" for each in found}


def shown(reading):
    """Return everything that anybody would be shown of a paper."""
    spots = " ".join(spot.context for hint in reading.hints for spot in hint.spots)
    return f"{spots} {reading.suggestions} {reading.looks} {reading.ids}".lower()


@pytest.mark.parametrize("case", CASES["papers"], ids=lambda case: case["name"])
def test_a_paper_hints_at_what_a_lawyer_expects(case):
    reading = read(case["text"])
    expected = {fact: case["suggests"].get(fact, []) for fact in FACTS}

    for fact, wanted in expected.items():
        words, sure = suggested(reading, fact)
        assert ({wanted} if isinstance(wanted, str) else set(wanted)) in (words, sure), (fact, sure)
    assert {look.id for look in reading.looks} == set(case["looks"])


@pytest.mark.parametrize(
    "case", [case for case in CASES["papers"] if "never" in case], ids=lambda c: c["name"]
)
def test_nothing_is_shown_of_whom_a_paper_names(case):
    said = shown(read(case["text"]))

    assert all(word in case["text"].lower() for word in case["never"])
    assert [word for word in case["never"] if word in said] == []


def test_there_are_papers_for_every_instrument_that_comes_on_paper():
    expected = " ".join(str(case["suggests"].get("instrument")) for case in CASES["papers"])

    assert len(CASES["papers"]) >= 40
    assert [each for each in load_instruments() if each not in expected] == ["status-inquiry"]


def test_an_official_who_wishes_to_send_brings_no_paper_and_is_left_to_a_person():
    assert load_instruments()["status-inquiry"].family == "informal"


# --- the rules themselves ------------------------------------------------------------------------


def test_every_rule_refers_to_rules_that_are_there_and_suggests_words_that_policy_knows():
    book = load_rules()
    ids = {rule.id for rule in book.rules} | {f"form-{form.number.lower()}" for form in book.forms}
    tops = {f"instrument:{each}" for each in load_instruments()}

    for rule in book.rules:
        assert {*rule.needs, *rule.besides, *rule.unless} <= ids, rule.id
        assert rule.find or rule.needs, rule.id
        assert rule.sure in SURE
    for alert in book.alerts:
        assert {*alert.all, *alert.any, *alert.besides, *alert.none} <= ids | tops, alert.id
        assert alert.built_in != bool(alert.all or alert.any), alert.id
    for facts in (each.suggests for each in (*book.rules, *book.forms)):
        for fact, word in facts.items():
            assert word in LISTS.get(fact, (*load_instruments(), "yes")), (fact, word)


def test_no_rule_has_the_id_of_another():
    book = load_rules()
    for rows in (book.rules, book.alerts):
        assert len({row.id for row in rows}) == len(rows)
    assert len({form.number for form in book.forms}) == len(book.forms)


def test_every_rule_cites_a_source_that_is_there():
    sources = (Path(__file__).parents[2] / "docs/sources.toml").read_text("utf-8")
    book = load_rules()

    assert {
        row.source for row in (*book.rules, *book.forms, *book.alerts) if f"[{row.source}]" not in sources
    } == set()


def test_what_is_told_gives_no_advice_to_hide_to_warn_or_to_obstruct():
    said = " ".join(f"{alert.says} {alert.do}" for alert in load_rules().alerts)

    assert not re.search(r"\b(hide|warn|obstruct|resist|ignore it and|citizens?)\b", said, re.IGNORECASE)


def test_every_rule_speaks_for_some_paper():
    spoken = {hint.rule for case in CASES["papers"] for hint in read(case["text"]).hints}
    silent = {rule.id for rule in load_rules().rules} - spoken

    assert silent <= {"heading-law-firm", "cites-stored-communications", "motion"}


def test_a_rule_that_no_paper_has_speaks_of_its_own_words():
    said = read("LAW OFFICES OF EXAMPLE\nUnder 18 U.S.C. 2703 we filed a motion to quash it.").ids

    assert {"heading-law-firm", "cites-stored-communications", "motion"} <= set(said)


# --- any paper -----------------------------------------------------------------------------------

WORDS = st.text(string.ascii_lowercase, min_size=3, max_size=12).map(lambda word: f"zq{word}")


@settings(max_examples=40)
@given(
    st.sampled_from(CASES["papers"]),
    st.lists(WORDS, min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
def test_a_strangers_words_are_never_shown_wherever_they_stand(case, strangers, chance):
    words = case["text"].split(" ")
    for stranger in strangers:
        words.insert(chance.randrange(len(words) + 1), stranger)

    assert "zq" not in shown(read(" ".join(words)))


@settings(max_examples=60)
@given(st.lists(st.text(max_size=400), max_size=4))
def test_any_text_is_read_without_an_error(pages):
    reading = read_hints(join_pages(pages), today=TODAY)

    assert reading.pages == len(pages)
    assert all(each.sure in SURE for each in reading.suggestions)


@settings(max_examples=40)
@given(st.sampled_from(CASES["papers"]), st.text(max_size=200))
def test_a_number_is_never_shown_in_a_context(case, more):
    reading = read(f"{case['text']}\n{more} 123-45-6789")

    assert not any(re.search(r"\d", spot.context) for hint in reading.hints for spot in hint.spots)


def test_a_mask_tells_neither_how_long_a_word_is_nor_how_many_there_are():
    paper = fold(("Maria Elena de la Cruz, search warrant",))
    start = paper.lower.index("search")

    assert mask(paper, start, start + len("search warrant")) == "··· search warrant"


@pytest.mark.parametrize("case", CASES["papers"], ids=lambda case: case["name"])
def test_the_ids_of_the_rules_that_spoke_are_such_as_the_ledger_keeps(case):
    ids = read(case["text"]).ids

    assert len(set(ids)) == len(ids)
    assert set(ids) <= list_ids()
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,63}", each) for each in ids)


def test_the_same_paper_gives_the_same_hints():
    text = CASES["papers"][0]["text"]

    assert read(text) == read(text)


def test_a_paper_does_not_print_itself():
    assert "Maribel" not in repr(Paper("text", (Guarded("Maribel"),)))


def test_a_long_paper_is_read_in_bounded_time_and_its_end_is_not_looked_at():
    reading = read("warrant " * 200_000)

    assert reading.characters < 400_001


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("8 u.s.c. §1225", "8 USC 1225(d)", True),
        ("8 u.s.c. §1225", "8 U. S. C. sec. 1225", True),
        ("8 u.s.c. §1225", "18 U.S.C. 1225", False),
        ("8 u.s.c. §1225", "8 U.S.C. 12250", False),
        ("287(g)", "under 287 (g) of the Act", True),
        ("warrant (for|of) arrest", "Warrant\nof Arrest", True),
        ("warrant (for|of) arrest", "warranty of arrest", False),
        ("served on * by", "served on the City of Rivermark by", True),
        ("served on * by", "served on one two three four five six by", False),
        ("judge's signature", "Judges signature", True),
    ],
)
def test_a_phrase_finds_its_words_as_papers_write_them(phrase, text, is_found):
    assert bool(compile_phrase(phrase).search(fold((text,)).lower)) == is_found


@pytest.mark.parametrize("phrase", ["", "* warrant", "warrant *", "warrant [of]", "form[s] i-9", "a (b"])
def test_a_phrase_that_means_nothing_is_refused(phrase):
    with pytest.raises(ValueError, match="A phrase"):
        compile_phrase(phrase)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("November 3, 2026", "2026-11-03"),
        ("Nov. 3 2026", "2026-11-03"),
        ("3rd day of November, 2026", "2026-11-03"),
        ("11/03/2026", "2026-11-03"),
        ("11/3/26", "2026-11-03"),
        ("23/11/2026", "2026-11-23"),
        ("2026-11-03", "2026-11-03"),
        ("3 de noviembre de 2026", "2026-11-03"),
    ],
)
def test_a_date_is_read_however_it_is_written(written, day):
    assert read(f"Issued on {written}").best("issued") == day


def test_a_date_without_words_that_say_what_it_is_counts_for_nothing():
    assert read("SEARCH WARRANT\nThe lease began November 3, 2026.").best("issued") == ""


def test_a_date_of_birth_is_never_another_date():
    reading = read("Subpoena\nDated and served. Date of birth: November 3, 2025")

    assert not any(each.fact in {"issued", "served", "return_by"} for each in reading.suggestions)


def test_a_paper_of_today_is_not_of_tomorrow():
    text = "Department of Homeland Security\nImmigration Enforcement Subpoena\nDate: November 24, 2026"

    assert "date-in-future" in {look.id for look in read(text, date(2026, 11, 23)).looks}
    assert "date-in-future" not in {look.id for look in read(text, date(2026, 11, 24)).looks}


def test_two_words_that_are_suggested_alike_suggest_none():
    reading = read("UNITED STATES DISTRICT COURT\nSUBPOENA\nClerk of Court\nAttorney's signature")

    assert reading.best("signer") == ""
    assert reading.best("issuer") == "court"


# --- a bad scan ----------------------------------------------------------------------------------

CONFUSED = str.maketrans({"O": "0", "0": "O", "I": "l", "l": "1", "e": "c", "n": "r", "S": "5", ".": ""})
OF_A_COURT = {each.id for each in load_instruments().values() if each.judicial}
BY_AN_OFFICER = {
    "i-200",
    "i-205",
    "i-203",
    "i-247a",
    "i-138",
    "customs-summons-1509",
    "immigration-court-order",
}


def instruments_of(case):
    found = case["suggests"].get("instrument", [])
    return {each.split()[0] for each in ([found] if isinstance(found, str) else found)}


def papers_of(kinds):
    """Return the papers of some kinds that do not bear a court's heading besides."""
    found = [case for case in CASES["papers"] if instruments_of(case) and instruments_of(case) <= kinds]
    return [
        case for case in found if kinds is OF_A_COURT or "court " not in str(case["suggests"].get("issuer"))
    ]


def smudge(text, chance, share):
    """Return a text as a bad scan has it: letters taken for others, lines lost."""
    kept = [line for line in text.splitlines() if chance.random() > share]
    return "\n".join(
        "".join(sign.translate(CONFUSED) if chance.random() < share else sign for sign in line)
        for line in kept
    )


@settings(max_examples=150)
@given(
    st.sampled_from(papers_of(BY_AN_OFFICER)),
    st.randoms(use_true_random=False),
    st.sampled_from([0.02, 0.1, 0.3]),
)
def test_however_bad_the_scan_an_officers_paper_never_hints_at_a_courts(case, chance, share):
    words, _ = suggested(read(smudge(case["text"], chance, share)), "instrument")

    assert not words & OF_A_COURT


@settings(max_examples=150)
@given(
    st.sampled_from(papers_of(OF_A_COURT)),
    st.randoms(use_true_random=False),
    st.sampled_from([0.02, 0.1, 0.3]),
)
def test_however_bad_the_scan_a_courts_paper_never_hints_at_an_officers(case, chance, share):
    words, _ = suggested(read(smudge(case["text"], chance, share)), "instrument")

    assert not words & BY_AN_OFFICER


def test_a_scan_with_few_mistakes_hints_at_the_same():
    chance = random.Random(7)
    papers = [case for case in CASES["papers"] if len(instruments_of(case)) == 1]
    kept = sum(
        read(smudge(each["text"], chance, 0.01)).best("instrument") in instruments_of(each) for each in papers
    )

    assert kept / len(papers) > 0.8
