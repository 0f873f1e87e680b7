"""What must not be written down is taken out of a text or refused, and nothing else is touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.collection.guard.text import Guard, TextRefusedError, UnknownCategoryError
from tests.collection.guard.guarded import CANARIES, FINDER, GUARD, NOTE


def test_each_piece_is_replaced_by_what_it_was():
    stripped = GUARD.strip(NOTE)
    assert stripped.text == (
        "She called 555-0100: [Alien registration number (A-Number) not kept], ssn [Social Security number not kept], account [Financial account not kept]."
    )
    assert stripped.counts == dict.fromkeys(CANARIES, 1)


def test_words_of_status_are_taken_out_too():
    assert GUARD.strip("She is undocumented.").text == "She is [Immigration status not kept]."  # noqa: B005


def test_what_is_taken_out_can_be_chosen():
    guard = Guard(frozenset({"phone"}), FINDER)
    assert guard.strip("555-0100 A012345678").text == "[Phone number not kept] A012345678"  # noqa: B005


@pytest.mark.parametrize("categories", [set(), {"phoen"}])
def test_a_guard_that_would_guard_nothing_is_refused(categories):
    with pytest.raises(UnknownCategoryError):
        Guard(frozenset(categories), FINDER)


def test_a_refusal_names_kinds_and_never_a_value():
    with pytest.raises(TextRefusedError) as refused:
        GUARD.refuse(NOTE, where="The field notes")
    said = str(refused.value) + repr(refused.value)
    assert "A-Number" in said
    assert not any(value in said for value in CANARIES.values())


def test_an_ordinary_text_may_be_stored():
    GUARD.refuse("Came about the heating; back on 3 May, call 555-0100.")


@pytest.mark.parametrize("before", ["", "é", "漢字 ", "e\u0301 \u200b", "\ud800 "])
def test_places_are_right_behind_any_text(before):
    stripped = GUARD.strip(f"{before} A\u00a0012\u2013345\u2013678 é")
    assert stripped.text == f"{before} [Alien registration number (A-Number) not kept] é"


def test_a_stripped_text_does_not_print_itself():
    assert "A-Number not kept" not in repr(GUARD.strip(NOTE))


@given(st.text(max_size=60))
def test_what_was_stripped_is_not_stripped_again(text):
    once = GUARD.strip(f"{text} 123-45-6789 {text}").text
    assert GUARD.strip(once).text == once


@given(
    st.text(alphabet=st.characters(exclude_characters="0123456789"), max_size=60).filter(
        lambda text: not any(map(str.isdigit, text))
    )
)
def test_text_without_identifiers_and_words_comes_out_as_it_was(text):
    if not GUARD.look(text):
        assert GUARD.strip(text).text == text
