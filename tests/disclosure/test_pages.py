"""The decision table and the card, for people who are no lawyers."""

import re

import pytest
from markupsafe import escape

from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.card import UNREAD, NoCardError, load_cards, print_card, render_card
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.disclosure.policy.table import make_table, render_html, render_markdown
from curtilage.disclosure.policy.words import ANSWERS
from tests.cli.running import run
from tests.disclosure.requests import engine, request

ADVICE = re.compile(r"\b(hide them|warn them|refuse to obey|resist|obstruct|citizens?)\b", re.IGNORECASE)


def test_the_table_has_every_kind_of_request_and_every_rule():
    table = make_table(engine("or"))

    assert len(table.papers) == len(load_instruments())
    assert {row["rule"] for row in table.rules} == {rule.id for rule in engine("or").policies.rules}


def test_a_cell_of_the_table_is_what_policy_decides():
    [row] = [row for row in make_table(engine()).papers if "I-200" in row["paper"]]
    answer = engine().decide(request("i-200")).outcome

    assert row["As it arrives"] == ANSWERS[answer][0] == "Decline"


def test_nothing_leaves_from_a_front_desk_in_any_pack():
    for pack in ("or", "tx", "chicago"):
        assert {row["At a front desk"] for row in make_table(engine(pack)).papers} == {"Hand on"}


def test_the_table_of_a_mandate_says_counsel_where_others_decline():
    [row] = [row for row in make_table(engine("tx")).papers if "I-247A" in row["paper"]]

    assert row["As it arrives"] == "Counsel review"


def test_the_table_says_what_is_unsigned_and_not_sure():
    said = render_markdown(make_table(engine("wa")))

    assert "A WHAT-IF that binds nobody: counsel has not signed base, us-federal, wa." in said
    assert "RCW 10.93.160 itself was not read" in said
    assert "not read: counsel checks it" in said


def test_the_page_of_the_table_fetches_nothing_and_names_its_columns():
    page = render_html(make_table(engine(), "es"))

    assert not re.search(r"<(script|link|img)|https?://", page)
    assert page.count('scope="col"') == 18
    assert "Orden judicial de registro" in page


def test_every_answer_has_words():
    assert set(ANSWERS) == set(Answer)


@pytest.mark.parametrize("lang", load_cards())
def test_a_card_says_all_its_parts_and_gives_no_advice_to_hide_or_warn(lang):
    card = load_cards()[lang]
    page = render_card(lang, ("Counsel: 555-0100",))

    assert all(sentences for _, sentences in card.parts())
    assert len(card.not_) == len(load_cards()["en"].not_)
    assert "Counsel: 555-0100" in page
    assert not ADVICE.search(page)


def test_a_card_says_that_nobody_is_hidden_or_warned_and_no_officer_stopped():
    said = " ".join(load_cards()["en"].not_)

    assert "Do not hide or warn anybody" in said
    assert "Do not stand in an officer's way" in said


@pytest.mark.parametrize("lang", load_cards())
def test_a_translation_that_nobody_read_says_so_in_its_language_and_in_english(lang):
    page, card = render_card(lang, ()), load_cards()[lang]

    assert (UNREAD in page) is (not card.checked)
    assert bool(card.unread) is (not card.checked)
    assert escape(card.unread) in page


@pytest.mark.parametrize("option", ["card", "open"])
def test_the_help_names_every_language_of_the_cards(option):
    said = run("disclosure", option, "--help").stdout.decode()

    assert ", ".join(sorted(load_cards())) in " ".join(said.split())


def test_what_is_typed_into_a_card_is_escaped():
    assert "<b>" not in render_card("en", ("<b>Counsel</b>",))


@pytest.mark.parametrize("lang", ["en", "es", "fr", "ht", "pt", "tl"])
def test_a_card_on_paper_is_one_page_and_the_same_bytes_again(lang):
    first = print_card(lang, ("Counsel: 555-0100",))

    assert first == print_card(lang, ("Counsel: 555-0100",))
    assert first.count(b"/Type /Page\n") == 1


@pytest.mark.parametrize("ask", [lambda: render_card("tlh", ()), lambda: print_card("zh", ())])
def test_a_card_that_cannot_be_made_says_what_to_do(ask):
    with pytest.raises(NoCardError, match="Nothing was written"):
        ask()
