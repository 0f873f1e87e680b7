"""What counts in a cell: the definition, case by case."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.detection.values import rules
from curtilage.detection.values.fold import fold
from curtilage.detection.values.reference import Finder

RULES = rules.read(
    {
        "test.yml": r"""
source: uscis-forms
contexts:
  alien: {categories: [alien_number], phrases: {en: [alien (number|no), uscis no]}}
  person: {phrases: {en: [client, he, she], zh: [他]}}
  promise: {phrases: {en: [never ask .. status]}}
  card: {phrases: {en: [visa card, prepaid visa]}}
  not_so: {phrases: {en: [not, isn't]}}
  country: {phrases: {en: [elbonia]}}
rules:
  - {id: a_number, title: A, category: alien_number, reveals: direct, slips: 1, not_before: '$',
     shapes: ['A[-# ]{0,2}\o{3}[- ]?\o{3}[- ]?\o{2,3}'], checks: [{varied: }]}
  - {id: bare, title: A, category: alien_number, reveals: direct, shapes: ['\d{9}'], near: [alien]}
  - {id: long, title: L, category: phone, reveals: none, shapes: ['\d{3}-\d{4}', '\d{3}-\d{4}-\d{2}']}
  - {id: high, title: H, category: phone, reveals: none, shapes: ['77\d{7}'], priority: 3}
  - {id: low, title: H, category: email, reveals: none, shapes: ['77\d{7}']}
  - {id: decoy, title: D, category: '', reveals: none, shapes: ['1Z\d{9}A\d{8}']}
  - {id: plus, title: P, category: phone, reveals: none, shapes: ['44\d{6}'], before: '+'}
  - {id: plate, title: P, category: vehicle_plate, reveals: none, shapes: ['[A-Z]{3}\d{3}'], cased: true}
  - {id: mail, title: M, category: email, reveals: none, builtin: email}
  - {id: undocumented, title: U, category: immigration_status, reveals: direct, sentence: [person],
     not_sentence: [promise], not_after: [not_so],
     phrases: {en: [undocumented, immigration status, without .. papers], zh: [没有身份]}}
  - {id: visa, title: V, category: visa, reveals: direct, phrases: {en: [visa]}, not_within: [card]}
  - {id: born, title: B, category: country_of_birth, reveals: strong, phrases: {en: [born in]}, then: [country]}
  - {id: after, title: B, category: nationality, reveals: strong, phrases: {en: [passport]}, after: [country]}
  - {id: name, title: N, category: full_name, reveals: none, phrases: {en: [my name is, mr]}, takes: name, stop: [monday]}
  - {id: given, title: N, category: full_name, reveals: none, phrases: {en: [zelda]}, takes: with_name}
  - {id: age, title: N, category: age, reveals: none, phrases: {en: ['# years old'], zh: ['# 岁']}}
"""
    }
)
FINDER = Finder(RULES)


def found(cell: str | bytes, *carried: str) -> list[tuple[str, str]]:
    content = cell if isinstance(cell, bytes) else cell.encode()
    hits = FINDER.find(content, frozenset(carried))
    return [(RULES.rules[hit.rule].id, fold(content)[hit.start : hit.end].decode()) for hit in hits]


@pytest.mark.parametrize(
    ("cell", "hits"),
    [
        ("A012-345-678.", ["A012-345-678"]),
        ("A# O12345678", ["A# O12345678"]),
        ("A\u00a0012\u2013345\u2013678", ["A 012-345-678"]),
        ("护照A012345678号", ["A012345678"]),
        ("A111111111", []),  # a check fails
        ("BA012345678", []),  # a word goes on to the left
        ("A012345678B", []),  # and to the right
        ("7-A012345678", []),  # a number goes on to the left
        ("A012345678-9", []),  # and to the right
        ("A012345678-x", ["A012345678"]),
        ("$A012345678", []),
        ("AOOOOOO111", []),  # too few real digits to forgive slips
    ],
)
def test_an_identifier_counts_where_nothing_goes_on_and_its_checks_hold(cell, hits):
    assert [text for rule, text in found(cell) if rule == "a_number"] == hits


@pytest.mark.parametrize(
    "cell", ["alien number 123456789", "123456789 (alien no)", "uscis no: " + " " * 40 + "123456789"]
)
def test_a_bare_number_counts_beside_words_that_say_what_it_is(cell):
    assert ("bare", "123456789") in found(cell)


@pytest.mark.parametrize(
    "cell", ["123456789", "alien number" + "." * 49 + "123456789", "123456789" + " " * 25 + "alien no"]
)
def test_a_bare_number_alone_says_nothing(cell):
    assert not found(cell)


def test_a_bare_number_counts_in_a_column_whose_name_says_what_it_is():
    assert found("123456789", "alien") == [("bare", "123456789")]


def test_the_longest_shape_counts():
    assert found("555-1234-56") == [("long", "555-1234-56")]


def test_of_two_equal_hits_the_higher_priority_counts():
    assert found("770000123") == [("high", "770000123")]


def test_a_decoy_takes_its_text_and_is_no_finding():
    assert not found("1Z012345678A12345678")


def test_what_stands_right_before_can_be_asked_for():
    assert found("+44123456") == [("plus", "44123456")]
    assert not found("44123456")


def test_case_matters_where_a_rule_says_so():
    assert found("ABC123") == [("plate", "ABC123")]
    assert not found("abc123")


@pytest.mark.parametrize(
    ("cell", "hit"),
    [
        ("She is undocumented.", True),
        ("undocumented; she left", False),
        ("the function is undocumented", False),
        ("He said: we never ask about your immigration status", False),
        ("He is not undocumented", False),
        ("She came without any of her papers", True),
        ("She came without any of her many other papers", False),
        ("she is un\u00addocumented", True),
        ("client 他沒有身份", True),
        ("she is\nundocumented", True),
        ("she left\nUndocumented", False),
        ("Client seen by Dr. No. undocumented", True),
    ],
)
def test_words_count_in_a_sentence_about_a_person(cell, hit):
    assert ("undocumented" in dict(found(cell))) == hit


def test_words_within_other_words_mean_these():
    assert not found("paid by prepaid visa card")
    assert found("has a visa") == [("visa", "visa")]


def test_words_can_ask_for_what_comes_right_after_or_before():
    assert found("born in Elbonia") == [("born", "born in")]
    assert not found("born in a barn")
    assert found("Elbonian, Elbonia passport") == [("after", "passport")]


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("My name is Ana de la Cruz Monday", "Ana de la Cruz"),
        ("Mr. O'Neil-Roe called", "O'Neil-Roe"),
        ("my name is: J. Doe", "J. Doe"),
        ("my name is on the list", ""),
        ("my name is Ab Cd Ef Gh Ij", "Ab Cd Ef Gh"),
        ("Zelda Roe called", "Zelda Roe"),
        ("zelda Roe", ""),
        ("Zelda", ""),
    ],
)
def test_a_name_is_what_is_capitalised_behind_its_lead(cell, name):
    assert [text for _, text in found(cell)] == ([name] if name else [])


@pytest.mark.parametrize(
    ("cell", "mail"),
    [
        ("write to ana.roe+x@mail.example.org.", "ana.roe+x@mail.example.org"),
        ("@handle", ""),
        ("a@b", ""),
        ("a@b..org", ""),
        ("a@-b.org", ""),
        ("a@b.o1", ""),
        ("x" * 65 + "@example.org", ""),
        ("...a@example.org", "a@example.org"),
    ],
)
def test_an_address_of_mail_has_a_domain(cell, mail):
    assert [text for _, text in found(cell)] == ([mail] if mail else [])


@pytest.mark.parametrize(("cell", "hits"), [("45 years old", 1), ("12345 years old", 0), ("今年45岁", 1)])
def test_a_phrase_can_ask_for_a_number(cell, hits):
    assert len(found(cell)) == hits


def test_shaped_says_what_identifiers_look_like_whatever_stands_around():
    assert [RULES.rules[hit.rule].id for hit in FINDER.shaped(b"123456789")] == ["bare"]


_texts = st.text(alphabet="A0123456789-. #visacrdhe\n中他@<é\x00", max_size=80)


@given(_texts)
def test_hits_never_overlap_and_lie_within_the_text(text):
    hits, size, last = FINDER.find(text.encode()), len(fold(text.encode())), 0
    for hit in hits:
        assert last <= hit.start < hit.end <= size
        last = hit.end


@settings(deadline=None)
@given(st.binary(max_size=120))
def test_any_bytes_are_a_cell(cell):
    FINDER.find(cell)
    FINDER.shaped(cell)
