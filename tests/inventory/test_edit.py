"""One value changes; every other character of the file stays."""

import difflib

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from curtilage.foundation.errors import DeclarationError
from curtilage.inventory._shape import write_noun
from curtilage.inventory.edit import (
    NotEditableError,
    NotFoundError,
    add_nouns,
    remove_noun,
    remove_value,
    set_value,
)
from curtilage.inventory.export import write_documents
from curtilage.inventory.load import load_documents
from curtilage.inventory.shapes import identities
from tests.inventory.smalltown import FIELD, documents, inventories, some_text, with_files, without_lines

HOUSING = "inventory/departments/housing.yml"


def lines_changed(edited, files=None):
    before = (files or documents()).get(edited.path, b"").decode().splitlines()
    found = difflib.unified_diff(before, edited.content.decode().splitlines(), n=0, lineterm="")
    return [line for line in list(found)[2:] if not line.startswith("@@")]


def test_setting_a_value_keeps_the_comment_behind_it_in_its_column():
    edited = set_value(documents(), "field", FIELD, "authority", "none")
    assert lines_changed(edited) == [
        "-          authority: usc-8-1612          # an id in authorities.yml, or none",
        "+          authority: none                # an id in authorities.yml, or none",
    ]


def test_a_new_key_stands_where_the_order_of_keys_puts_it():
    edited = set_value(documents(), "field", FIELD, "why_we_ask", {"en": "Two funds: they differ."})
    assert lines_changed(edited) == ['+          why_we_ask: {en: "Two funds: they differ."}']
    lines = edited.content.decode().splitlines()
    at = next(index for index, line in enumerate(lines) if "why_we_ask" in line)
    assert "decision:" in lines[at - 1]
    assert "stored_in:" in lines[at + 1]


def test_removing_a_key_takes_its_line_and_nothing_else():
    edited = remove_value(documents(), "field", FIELD, "decision")
    assert lines_changed(edited) == [
        '-          decision: "which federal fund pays"   # what changes with the answer'
    ]


def test_an_empty_key_is_filled_where_it_stands():
    files = documents()
    files[HOUSING] = files[HOUSING].replace(b"necessity: required            #", b"necessity:  #")
    edited = set_value(files, "field", FIELD, "necessity", "verbal")
    assert "necessity: verbal  # required | optional" in edited.content.decode()


def test_a_key_in_braces_is_set_added_and_removed_in_braces():
    set_one = set_value(documents(), "channel", "mail", "kind", "portal")
    assert "{id: mail, kind: portal, end_to_end: false" in set_one.content.decode()
    added = set_value(documents(), "channel", "mail", "title", "Mail")
    assert "{id: mail, title: Mail, kind: email" in added.content.decode()
    removed = remove_value(documents(), "channel", "mail", "kind")
    assert "{id: mail, end_to_end: false" in removed.content.decode()


def test_items_of_a_block_list_keep_their_comments():
    text = "systems:\n  - id: housing_db\n    location:\n      - US-IL  # main\n      - US-WA  # backup\n    owner: privacy\n"
    files = with_files({"inventory/systems.yml": text})
    fewer = set_value(files, "system", "housing_db", "location", ["US-WA", "US-OR"])
    assert lines_changed(fewer, files) == ["-      - US-IL  # main", "+      - US-OR"]


def test_languages_of_a_block_mapping_keep_their_comments():
    text = documents()[HOUSING].decode()
    inline = '{en: "Country of birth", es: "País de nacimiento"}'
    block = '\n            en: Country of birth  # approved\n            # reviewed by a speaker\n            es: "País"'
    files = documents() | {HOUSING: text.replace(" " + inline, block).encode()}
    edited = set_value(files, "field", FIELD, "question", {"en": "Country of birth", "vi": "Nơi sinh"})
    assert {'-            es: "País"', "+            vi: Nơi sinh"} == set(lines_changed(edited, files))


def test_a_text_over_several_lines_is_replaced_whole():
    text = "authorities:\n  - id: usc-8-1612\n    citation: |\n      8 USC\n      1612\n    # whose law\n    jurisdiction: US\n    force: mandatory\n"
    files = with_files({"inventory/authorities.yml": text})
    edited = set_value(files, "authority", "usc-8-1612", "citation", "8 USC 1612")
    assert "citation: 8 USC 1612\n    # whose law\n" in edited.content.decode()


def test_nouns_are_added_at_the_end_of_their_list():
    edited = add_nouns(
        documents(), "field", "housing.rental.intake", [{"field": "a"}, {"field": "b", "category": "ssn"}]
    )
    assert lines_changed(edited) == ["+        - field: a", "+        - field: b", "+          category: ssn"]


def test_a_list_that_is_not_there_yet_is_begun():
    edited = add_nouns(documents(), "program", "housing", [{"id": "loans"}])
    assert lines_changed(edited) == ["+  - id: loans"]
    first = add_nouns(
        with_files({HOUSING: "id: housing # ours\n", "inventory/practices.yml": None}),
        "program",
        "housing",
        [{"id": "loans"}],
    )
    assert first.content.decode() == "id: housing # ours\nprograms:\n  - id: loans\n"


def test_brackets_with_nothing_between_become_a_list():
    files = with_files({"inventory/practices.yml": "practices: []  # none yet\n# the end\n"})
    edited = add_nouns(files, "practice", "", [{"id": "a"}])
    assert edited.content.decode() == "practices:  # none yet\n  - id: a\n# the end\n"


def test_a_department_is_a_file_of_its_own():
    edited = add_nouns(documents(), "department", "", [{"id": "parks", "title": "Parks"}])
    assert (edited.path, edited.content) == ("inventory/departments/parks.yml", b"id: parks\ntitle: Parks\n")


def test_officers_belong_to_the_city():
    edited = add_nouns(documents(), "officer", "city", [{"id": "clerk", "role": "clerk"}])
    assert lines_changed(edited) == ["+  - id: clerk", "+    role: clerk"]


def test_a_noun_goes_with_its_lines_and_comments_around_it_stay():
    text = "vendors:\n  # the mail\n  - id: mailer\n    title: Mail\n  # the cloud\n  - id: cloud\n"
    files = with_files({"inventory/vendors.yml": text})
    edited = remove_noun(files, "vendor", "mailer")
    assert edited.content.decode() == "vendors:\n  # the mail\n  # the cloud\n  - id: cloud\n"


def test_the_last_noun_of_a_list_leaves_an_empty_list():
    edited = remove_noun(documents(), "channel", "mail")
    assert load_documents(documents() | {edited.path: edited.content}).channels == ()


def test_windows_line_ends_and_a_byte_order_mark_stay():
    files = {path: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n") for path, content in documents().items()}
    edited = set_value(files, "system", "housing_db", "title", "Files")
    assert edited.content == files[edited.path].replace(b"Case files", b"Files")


def test_a_change_that_would_lose_a_comment_is_refused():
    text = "systems:\n  - id: housing_db\n    location: [US-IL, # main\n      US-WA]\n"
    with pytest.raises(NotEditableError) as caught:
        set_value(with_files({"inventory/systems.yml": text}), "system", "housing_db", "location", ["US"])
    assert [problem.code for problem in caught.value.problems] == ["inventory.not-editable"]


@pytest.mark.parametrize(
    ("noun", "identifier", "key"),
    [
        ("field", "housing.no", "note"),
        ("field", FIELD, "colour"),
        ("field", FIELD, "field"),
        ("horse", "a", "b"),
    ],
)
def test_what_is_not_there_cannot_be_changed(noun, identifier, key):
    with pytest.raises(NotFoundError):
        set_value(documents(), noun, identifier, key, "x")


def test_a_file_that_is_not_yaml_is_told_as_such():
    with pytest.raises(DeclarationError):
        set_value(with_files({"inventory/vendors.yml": "x: ["}), "vendor", "mailer", "title", "x")


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(inventories(), st.data(), some_text)
def test_any_text_set_anywhere_changes_that_and_nothing_else(inventory, data, text):
    files = {path: content.encode() for path, content in write_documents(inventory).items()}
    titled = [key for key, (shape, noun, _) in identities(inventory).items() if hasattr(noun, "title")]
    assume(titled)
    noun, identifier = data.draw(st.sampled_from(titled))
    edited = set_value(files, noun, identifier, "title", text)
    after = identities(load_documents(files | {edited.path: edited.content}))
    for key, (shape, value, parent) in identities(load_documents(files)).items():
        expected = write_noun(shape, value, parent) | ({"title": text} if key == (noun, identifier) else {})
        if not shape.branches:
            assert expected == write_noun(shape, after[key][1], parent)
    assert text == after[(noun, identifier)][1].title


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(inventories(), st.data())
def test_what_is_added_and_removed_again_leaves_the_file_as_it_was(inventory, data):
    files = {path: content.encode() for path, content in write_documents(inventory).items()}
    above = [key for key, (shape, _, _) in identities(inventory).items() if shape.name == "collection"]
    assume(above)
    collection = data.draw(st.sampled_from(above))[1]
    added = add_nouns(files, "field", collection, [{"field": "brand.new", "note": "x"}])
    removed = remove_noun(files | {added.path: added.content}, "field", f"{collection}.brand.new")
    after = load_documents(files | {removed.path: removed.content})
    assert without_lines(load_documents(files)) == without_lines(after)
