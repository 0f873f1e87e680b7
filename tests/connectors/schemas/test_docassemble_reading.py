"""docassemble interviews: each variable with its label, its screen and its line."""

import pytest

from curtilage.connectors.ports import UnreadableError

INTERVIEW = """\
metadata:
  title: Screener
---
question: |
  About ${ users[0] }
fields:
  - Country of birth: users[0].birth_country
    datatype: dropdown
    code: countries()
  - no label: agrees
    choices:
      - I agree: True
      - No: False
  - label: |
      Date of ${ ordinal(i) } entry
    field: users[0].entry
    required: False
    default: CANARY
  - note: Only a note
  - code: more_fields()
---
question: Are you a citizen?
yesno: is_citizen
---
question: Which status?
field: status
choices:
  - Green card: lpr
  - label: Other
    value: other
---
question: Sign
signature: users[0].signature
---
code: |
  x = 1
"""


def test_each_field_has_its_line_its_variable_and_the_question_of_its_screen(read):
    assert read("q.yml", INTERVIEW).column("locator", "name", "text") == [
        ("line:7", "users[0].birth_country", "Country of birth ‹Q: About›"),
        ("line:10", "agrees", "‹Q: About›"),
        ("line:14", "users[0].entry", "Date of entry ‹Q: About›"),
        ("line:23", "is_citizen", "Are you a citizen?"),
        ("line:26", "status", "Which status?"),
        ("line:33", "users[0].signature", "Sign"),
    ]


def test_choices_are_known_unless_code_makes_them(read):
    found = read("q.yml", INTERVIEW)
    assert found.one("agrees").options == ("I agree", "No")
    assert found.one("status").options == ("Green card", "Other")
    assert found.one("users[0].birth_country").options == ()


def test_the_title_is_context_and_defaults_stay_out(read):
    found = read("q.yml", INTERVIEW)
    assert found.one("status").context == "Screener"
    assert "CANARY" not in repr(found.places)


def test_a_field_is_required_unless_it_says_otherwise(read):
    found = read("q.yml", INTERVIEW)
    assert (found.one("agrees").facts, found.one("users[0].entry").facts) == (("required",), ())


@pytest.mark.parametrize(
    ("choices", "expected"),
    [
        ("[a, b]", ("a", "b")),
        ("[[x, Ex], [y, Why]]", ("Ex", "Why")),
        ("{Ex: x, Why: y}", ("Ex", "Why")),
        ("{code: list_of()}", ()),
        ("list_of()", ()),
        ("[{Ex: x, help: no}]", ("Ex",)),
    ],
)
def test_choices_in_every_way_they_may_be_written(read, choices, expected):
    text = f"question: Q\nfields:\n  - A: a\n    choices: {choices}\n"
    assert read("q.yml", text).one("a").options == expected


def test_the_language_is_told_by_the_words(read):
    text = "question: |\n  Wer soll die Leistung bekommen?\nfields:\n  - Vorname: v\n  - Straße und Hausnummer der Person: s\n"
    assert set(read("q.yml", text).column("lang")) == {"de"}


def test_a_screen_that_states_its_language_has_it(read):
    text = "language: es\nquestion: Q\nfields:\n  - A: a\n"
    assert read("q.yml", text).column("lang") == ["es"]


def test_mako_and_markup_are_no_words(read):
    text = "question: |\n  % if x:\n  ## **Where** from? [FILE a.png]\n  % endif\nyesno: a\n"
    assert read("q.yml", text).one("a").text == "Where from?"


def test_a_file_of_code_only_asks_nothing(read):
    assert (
        read(
            "docassemble/x/data/questions/code.yml", "code: |\n  x = 1\n---\nobjects:\n  - a: Individual\n"
        ).places
        == []
    )


def test_screens_before_a_broken_one_are_given(read):
    found = read("q.yml", "question: Q\nyesno: a\n---\nquestion: [\n")
    places = found._chosen.read(found.document)
    assert next(places).name == "a"
    with pytest.raises(UnreadableError):
        next(places)


def test_fields_that_are_one_map(read):
    assert read("q.yml", "question: Q\nfields:\n  Name: person.name\n").column("name", "text") == [
        ("person.name", "Name ‹Q: Q›")
    ]


def test_choices_of_objects_are_code(read):
    text = "question: Q\nfields:\n  - Parent: p\n    datatype: object_radio\n    choices:\n      - users.complete_elements()\n"
    assert read("q.yml", text).one("p").options == ()


def test_the_words_that_a_placeholder_says_of_somebody_stay(read):
    text = "question: |\n  ${ person.possessive('race') } and ${ person.do_question(\"vote\") } in ${ city }?\nyesno: a\n"
    assert read("q.yml", text).one("a").text == "race and vote in ?"
