"""Letters: which one a case gets, whose words it has, and that nothing of a resident can stand in it."""

import re
from dataclasses import replace as change
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec.structs import replace

from curtilage.disclosure.case.nouns import Case, CasePlan, Gone, Ruling, Sent, Withheld
from curtilage.disclosure.letters.choose import (
    AFTER,
    BY_ANSWER,
    NotSoError,
    SealedCaseError,
    check_kind,
    choose_kind,
)
from curtilage.disclosure.letters.fill import (
    fill,
    find_contact,
    find_frame,
    gather,
    load_frames,
    read_blocks,
    sample,
)
from curtilage.disclosure.letters.nouns import KINDS
from curtilage.disclosure.letters.render import WIDTH, print_letter, render_html, render_text
from curtilage.disclosure.letters.templates import (
    CITY_FOLDER,
    LANGS,
    NAMES,
    NoLetterError,
    find_template,
    load_shipped,
    load_templates,
    read_template,
)
from curtilage.disclosure.nouns import Answer
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.foundation.errors import DeclarationError
from tests.disclosure.casework import DESK, LAW, act, classified, done, make_desk, open_case, received, step
from tests.inventory.smalltown import load as load_smalltown

NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
TODAY = date(2026, 11, 23)
CASE = Case(
    id="k3m7ab2x",
    number=4,
    received=NOW,
    last=NOW,
    channel="counter",
    department="housing",
    script="",
    issuer="immigration-agency",
    paper="agency",
    instrument="i-200",
)
GONE = Gone("a" * 64, "b" * 64, 1, 12, (("housing.tenants", 12),), (), "releaser", NOW)


def rule(outcome):
    ruling = Ruling(outcome, ("x",), ("ORS 181A.826",), (), (), "c" * 64, TODAY, (), 3, "counsel", NOW)
    return replace(CASE, ruling=ruling)


def write(kind, lang="en", paper="i-138", **values):
    template = find_template(load_shipped(), kind, instrument=paper, lang=lang)
    return fill(template, {**sample(paper, lang, today=TODAY), **values})


# --- which letter ----------------------------------------------------------------------------------


def test_before_policy_answered_a_letter_says_that_the_request_was_received():
    assert choose_kind(CASE) == "receipt"


@pytest.mark.parametrize("answer", sorted(set(Answer) - {Answer.SEALED_LANE}))
def test_each_answer_of_policy_has_its_letter(answer):
    case = rule(answer)

    assert choose_kind(case) == BY_ANSWER[answer]
    check_kind(case, choose_kind(case), by_counsel=False, today=TODAY)


def test_what_left_is_told_with_the_letter_of_a_release():
    assert choose_kind(replace(rule("release"), gone=(GONE,))) == "release"


@pytest.mark.parametrize("kind", ["release", "notice"])
def test_no_letter_says_that_something_left_before_it_did(kind):
    with pytest.raises(NotSoError):
        check_kind(rule("release"), kind, by_counsel=True, today=TODAY)


def test_a_department_is_told_of_a_hold_only_where_one_was_placed():
    with pytest.raises(NotSoError):
        check_kind(CASE, "preserve", by_counsel=True, today=TODAY)
    check_kind(replace(CASE, preserved=("case-k3m7ab2x",)), "preserve", by_counsel=False, today=TODAY)


@pytest.mark.parametrize("kind", sorted(AFTER))
def test_a_letter_does_not_say_what_policy_did_not_answer(kind):
    for answer in set(Answer) - AFTER[kind] - {Answer.SEALED_LANE}:
        with pytest.raises(NotSoError):
            check_kind(rule(answer), kind, by_counsel=True, today=TODAY)


@pytest.mark.parametrize(
    "case",
    [
        replace(CASE, gag=True),
        replace(CASE, instrument="national-security-letter"),
        rule("sealed_lane"),
    ],
    ids=["gag", "national security letter", "sealed lane"],
)
def test_a_case_of_counsels_alone_gets_no_letter_from_anybody_else(case):
    with pytest.raises(SealedCaseError):
        choose_kind(case)
    with pytest.raises(SealedCaseError):
        check_kind(case, "receipt", by_counsel=False, today=TODAY)
    check_kind(case, "receipt", by_counsel=True, today=TODAY)


def test_an_order_of_silence_keeps_counsel_from_telling_the_subject_too():
    for withheld in (None, Withheld("18 U.S.C. 2705(b)", None), Withheld("18 U.S.C. 2705(b)", TODAY)):
        case = replace(rule("release"), gag=True, gone=(GONE,), withheld=withheld)
        with pytest.raises(SealedCaseError):
            check_kind(case, "notice", by_counsel=True, today=TODAY)


def test_when_an_order_of_silence_has_ended_the_subject_can_be_told():
    yesterday = Withheld("18 U.S.C. 2705(b)", TODAY - timedelta(days=1))
    case = replace(rule("release"), gag=True, gone=(GONE,), withheld=yesterday)

    check_kind(case, "notice", by_counsel=True, today=TODAY)


def test_a_letter_that_was_sent_does_not_change_which_one_is_needed():
    case = replace(rule("decline"), sent=(Sent("refused", "", NOW),))

    assert choose_kind(case) == "decline"


def test_until_somebody_said_what_it_is_the_letter_names_no_paper():
    said = render_text(write("receipt", paper=""))

    assert "received your request. It was" in said


# --- whose words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("instrument", load_instruments())
@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_has_every_letter_in_the_languages_that_ship(kind, instrument, lang):
    letter = write(kind, lang, instrument)

    assert letter.blocks
    assert "{" not in render_text(letter)


def test_the_words_for_an_instrument_go_before_those_for_its_family():
    generic = load_shipped()
    own, _ = read_template("decline--i-200.en.md", b"title: T\nto: asker\n---\nOwn words.\n")

    found = find_template((*generic, own), "decline", instrument="i-200", lang="en")
    assert found is own
    assert (
        find_template((*generic, own), "decline", instrument="i-205", lang="en").paper == "immigration-paper"
    )


def test_the_citys_own_words_go_before_those_that_ship(tmp_path):
    folder = tmp_path / CITY_FOLDER
    folder.mkdir(parents=True)
    (folder / "receipt.en.md").write_text("title: T\nto: asker\n---\nDear {{ city }}.\n", "utf-8")
    (folder / "README.md").write_text("Ours.", "utf-8")

    found = find_template(load_templates(tmp_path), "receipt", instrument="i-200", lang="en")
    assert found.own
    assert found.used.startswith("receipt.en@")


def test_a_letter_is_known_by_the_hash_of_its_words():
    one, _ = read_template("receipt.en.md", b"title: T\nto: asker\n---\nOne.\n")
    two, _ = read_template("receipt.en.md", b"title: T\nto: asker\n---\nTwo.\n")

    assert one.id == two.id
    assert one.used != two.used
    assert re.fullmatch(r"[a-z0-9._-]+@[0-9a-f]{16}", one.used)


def test_a_language_in_which_nobody_wrote_the_letter_is_refused():
    with pytest.raises(NoLetterError, match="en, es"):
        find_template(load_shipped(), "decline", instrument="", lang="zh")


@pytest.mark.parametrize(
    ("name", "text", "line", "says"),
    [
        ("decline.en.md", "title: T\nto: asker\n---\nOne.\n\nDear {{ cty }}.\n", 6, "Did you mean city?"),
        ("decline.en.md", "title: T\nto: asker\n---\nOne {{ city.\n", 4, "braces"),
        ("decline.en.md", "title: {{ nobody }}\nto: asker\n---\nOne.\n", 1, "no name nobody"),
        ("decline.en.md", "to: asker\n---\nOne.\n", 1, "no title"),
        ("decline.en.md", "title: T\n---\nOne.\n", 1, "who reads it"),
        ("decline.en.md", "title: T\nto: asker\n---\n", 0, "no words"),
        ("decline.en.md", "title: T\nto: asker\nfrom: me\n---\nOne.\n", 1, "another name"),
        ("declin.en.md", "title: T\nto: asker\n---\nOne.\n", 0, "Did you mean decline?"),
        ("decline--i-2000.en.md", "title: T\nto: asker\n---\nOne.\n", 0, "no paper i-2000"),
        ("letter.docx", "title: T\nto: asker\n---\nOne.\n", 0, "KIND.LANG.md"),
    ],
)
def test_what_is_wrong_with_a_template_is_told_with_its_line(name, text, line, says):
    template, problems = read_template(name, text.encode())

    assert template is None
    assert [problem.line for problem in problems] == [line]
    assert says in str(problems[0])


def test_all_problems_of_the_citys_templates_are_told_at_once(tmp_path):
    folder = tmp_path / CITY_FOLDER
    folder.mkdir(parents=True)
    for name in ("decline.en.md", "object.es.md"):
        (folder / name).write_text("title: {{ a }}\nto: asker\n---\n{{ b }}\n", "utf-8")
    (folder / "narrow.en.md").write_bytes(b"\xff")

    with pytest.raises(DeclarationError) as caught:
        load_templates(tmp_path)
    assert len(caught.value.problems) == 5


@pytest.mark.parametrize(
    "words",
    [
        "{{ city.__class__.__mro__ }}",
        "{{ ''.__class__ }}",
        "{% for each in range(10**9) %}x{% endfor %}",
        "{% include '/etc/passwd' %}",
        "{{ citations.append('x') }}",
        "{{ 1 // 0 }}",
        "{{ city.street }}",
        "{{ citations[0] }}",
    ],
)
def test_a_template_reaches_nothing_but_its_names(words):
    template, problems = read_template("receipt.en.md", f"title: T\nto: asker\n---\n{words}\n".encode())

    assert template is None
    assert problems[0].line == 4


@example(body="# ", head=b"")
@given(body=st.text(st.sampled_from("{%}# *\n xcity.")) | st.text(), head=st.binary(max_size=40))
def test_whatever_somebody_writes_is_a_template_or_has_its_problems(body, head):
    for raw in (head, f"title: T\nto: asker\n---\n{body}".encode("utf-8", "ignore")):
        template, problems = read_template("receipt.en.md", raw)

        assert (template is None) == bool(problems)
        if template:
            assert render_text(fill(template, sample("i-200", "en", today=TODAY)))


# --- what it says ----------------------------------------------------------------------------------


@pytest.mark.parametrize("template", load_shipped(), ids=lambda each: each.id)
def test_a_letter_to_who_asks_gives_no_record_away_by_its_words(template):
    speaks = template.kind in {"receipt", "holding", "decline", "object"} and template.to == "asker"
    neither = {"en": "neither confirms nor denies", "es": "no confirma ni niega"}[template.lang]

    assert neither in template.body or not speaks or template.paper == "misaddressed"


@pytest.mark.parametrize("template", load_shipped(), ids=lambda each: each.id)
def test_a_letter_promises_nothing_for_ever_and_calls_nobody_a_citizen(template):
    words = template.body.lower()

    assert not re.search(r"\b(never|always|nunca|siempre|citizens|ciudadanos|alien|illegal|ilegal)\b", words)


@pytest.mark.parametrize(
    "template", [each for each in load_shipped() if each.lang == "en"], ids=lambda each: each.id
)
def test_sentences_are_short_enough_to_be_read_aloud(template):
    text = re.sub(r"\{%.*?%\}", "", template.body)
    prose = [block.text for block in read_blocks(text)]
    sentences = [each for line in prose for each in re.split(r"(?<=[.!?]) ", line)]
    lengths = [len(sentence.split()) for sentence in sentences]

    assert max(lengths) <= 33
    assert sum(lengths) / len(lengths) <= 19


@pytest.mark.parametrize("template", load_shipped(), ids=lambda each: each.id)
def test_both_languages_say_the_same_parts(template):
    other = next(
        each
        for each in load_shipped()
        if (each.kind, each.paper) == (template.kind, template.paper) and each.lang != template.lang
    )
    parts = [[block.kind for block in read_blocks(each.body)] for each in (template, other)]

    assert parts[0] == parts[1]
    assert re.findall(r"\{[{%].*?[%}]\}", template.body) == re.findall(r"\{[{%].*?[%}]\}", other.body)


@pytest.mark.parametrize("paper", ["i-200", "i-138", "informal"])
def test_a_letter_about_immigration_leaves_alone_what_federal_law_says_of_sending_status(paper):
    kind = "object" if paper == "i-138" else "decline"

    assert "8 U.S.C. 1373" in render_text(write(kind, paper=paper)).replace("\n", " ")


def test_without_a_return_date_none_is_spoken_of():
    assert "by" not in render_text(write("object", return_by="")).split("Unless")[0].split("received")[1]


def test_preservation_is_claimed_only_where_a_hold_was_placed():
    assert "preserved" in render_text(write("object"))
    assert "preserved" not in render_text(write("object", matter=""))


# --- how it looks ----------------------------------------------------------------------------------

LINE = st.text(st.characters(blacklist_categories=("Cs",)), max_size=60)


@given(city=LINE, cite=LINE)
def test_no_value_makes_a_heading_a_list_or_a_tag(city, cite):
    plain = write("decline", paper="agency-subpoena", city="C", citations=("X",))
    odd = write("decline", paper="agency-subpoena", city=city, citations=(cite or "X",))

    assert [block.kind for block in odd.blocks] == [block.kind for block in plain.blocks] or not cite.strip()
    assert render_html(odd).count("<h1>") == 1
    assert render_html(odd).count("<") == render_html(plain).count("<") or not cite.strip()


@pytest.mark.parametrize("kind", KINDS)
def test_text_is_folded(kind):
    lines = render_text(write(kind, package="")).splitlines()

    assert max(map(len, lines)) <= WIDTH


def test_a_page_fetches_nothing_and_runs_nothing():
    page = render_html(write("decline"))

    assert not re.search(r"(src|href|url\()|<script", page)


def test_a_letter_in_pdf_is_the_same_bytes_each_time():
    letter = write("object", "es")

    assert print_letter(letter) == print_letter(letter)
    assert print_letter(letter).startswith(b"%PDF-")


def test_pdf_is_refused_for_a_language_whose_letters_the_font_lacks():
    with pytest.raises(NoLetterError, match="html"):
        print_letter(change(write("receipt"), lang="zh"))


def test_a_sample_says_that_it_is_one():
    template = find_template(load_shipped(), "decline", instrument="", lang="en")
    letter = fill(template, sample("", "en", today=TODAY), is_sample=True)

    assert render_text(letter).startswith("SAMPLE")
    assert "SAMPLE" in render_html(letter)


def test_the_address_is_left_to_be_written_by_hand_unless_it_is_given():
    template = find_template(load_shipped(), "notice", instrument="court-order", lang="en")
    values = sample("court-order", "en", today=TODAY)

    assert set("".join(fill(template, values).to)) == {"_"}
    assert fill(template, values, to=("A  Court", "1 Example Way")).to == ("A Court", "1 Example Way")


def test_days_are_written_as_the_language_writes_them():
    assert find_frame("en").write_day(TODAY) == "November 23, 2026"
    assert find_frame("es").write_day(TODAY) == "23 de noviembre de 2026"
    assert find_frame("zh") == load_frames()["en"]
    assert find_frame("en").write_day(None) == ""


# --- from a case -----------------------------------------------------------------------------------


def plan_of(*places):
    fields = tuple((place, 12) for place in places)
    return CasePlan("a" * 64, 1, 12, fields, (), TODAY, "records", NOW)


def test_what_left_is_told_by_the_kinds_of_information_that_the_inventory_declares():
    case = replace(rule("release"), gone=(GONE,), plan=plan_of("housing_db.applicants.birth_country"))
    values = gather(case, load_smalltown(), today=TODAY, lang="es")

    assert values["kinds"] == ("País de nacimiento",)
    assert (values["records"], values["people"], values["package"]) == ("12 registros", "1 persona", "b" * 64)
    assert values["released"] == "23 de noviembre de 2026"


def test_what_no_category_fits_and_what_nobody_declared_is_told_by_its_own_name():
    places = (
        "housing_db.applicants.birth_country",
        "housing_db.applicants.case_no",
        "housing_db.applicants.x_y",
    )
    case = replace(rule("release"), gone=(GONE,), plan=plan_of(*places))

    assert gather(case, load_smalltown(), today=TODAY, lang="en")["kinds"] == (
        "Country of birth",
        "case no",
        "x y",
    )


def test_before_anything_left_no_kind_is_told():
    case = replace(rule("release"), plan=plan_of("housing_db.applicants.birth_country"))

    assert gather(case, load_smalltown(), today=TODAY, lang="en")["kinds"] == ()


def test_whom_to_ask_is_read_from_the_citys_file_and_left_blank_where_nobody_is_declared():
    values = gather(CASE, load_smalltown(), today=TODAY, lang="en")

    assert (values["counsel"], values["privacy"]) == ("B. Example", "A. Example")
    assert set(find_contact(load_smalltown(), "archivist")) == {"_"}


def test_a_person_asks_the_privacy_officer_and_everybody_else_the_citys_counsel():
    assert "privacy@city.example" in render_text(write("notice", paper="court-order"))
    assert "counsel@city.example" in render_text(write("decline"))
    assert "counsel@city.example" not in render_text(write("notice", paper="court-order"))


def test_a_value_is_given_for_every_name_and_for_no_other():
    assert set(gather(CASE, load_smalltown(), today=TODAY, lang="en")) == set(NAMES)
    assert set(sample("i-200", "en", today=TODAY)) == set(NAMES)


def test_nothing_that_is_sealed_with_a_case_gets_into_any_letter():
    desk = make_desk()
    asker = step(received().data, asker="Canary-asker", words="Canary-words")
    case = done(open_case(desk, asker, by=DESK)).case.id
    bodies = {"subjects": '["Canary-subject"]', "records": "Canary-records"}
    case = done(act(desk, case, step(classified("i-138").data, **bodies), by=LAW)).case
    values = gather(case, desk.declared, today=TODAY, lang="en")

    for template in load_shipped():
        assert "Canary" not in render_html(fill(template, values))
