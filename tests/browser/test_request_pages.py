"""The pages about outside requests: the card of every language, the decision table, letters, what left."""

from datetime import date

import pytest

from curtilage.disclosure.letters.fill import fill, sample
from curtilage.disclosure.letters.render import render_html as render_letter
from curtilage.disclosure.letters.templates import load_shipped
from curtilage.disclosure.policy.card import load_cards, render_card
from curtilage.disclosure.policy.table import make_table, render_html
from tests.browser.chromium import NEEDED, find_violations
from tests.disclosure.requests import engine

pytestmark = NEEDED
TODAY = date(2017, 2, 22)
CALL = ("city counsel: counsel@alder-falls.example", "night shift supervisor: 555-0101")
LETTERS = {f"{each.kind}-{each.paper}-{each.lang}": each for each in load_shipped()}


def make(name):
    kind, _, which = name.partition(":")
    if kind == "card":
        return render_card(which, CALL)
    if kind == "table":
        return render_html(make_table(engine(which)))
    values = sample("i-138", LETTERS[which].lang, today=TODAY)
    return render_letter(fill(LETTERS[which], values, is_sample=True))


PAGES = [
    *(f"card:{lang}" for lang in load_cards()),
    "table:or",
    "table:tx",
    *(
        f"letter:{name}"
        for name in ("notice--en", "object-immigration-subpoena-en", "release--es", "vendor--en")
    ),
]


@pytest.fixture
def open_page(page, tmp_path):
    def opened(name):
        path = tmp_path / "page.html"
        path.write_text(make(name))
        page.goto(path.as_uri())
        return page

    return opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_breaks_no_accessibility_rule(open_page, page, name, scheme):
    page.emulate_media(color_scheme=scheme)

    assert find_violations(open_page(name)) == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_fits_a_phone(open_page, page, name):
    page.set_viewport_size({"width": 360, "height": 740})

    assert open_page(name).evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("lang", load_cards())
def test_a_card_is_printed_on_one_page(open_page, lang):
    paper = open_page(f"card:{lang}").pdf(prefer_css_page_size=True)

    assert paper.count(b"/Type /Page\n") == 1


def test_on_a_phone_each_answer_of_the_table_says_of_what_it_is(open_page, page):
    page.set_viewport_size({"width": 360, "height": 740})
    said = "getComputedStyle(document.querySelector('.papers td'), '::before').content"

    assert open_page("table:or").evaluate(said) == '"At a front desk: "'
