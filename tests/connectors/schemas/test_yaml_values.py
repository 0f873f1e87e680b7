"""Foreign YAML becomes plain values that know their lines."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from curtilage.connectors.reading.yaml_text import YamlMap, blank_templates, line_of, load_documents


def load(text, **limits):
    content = text if isinstance(text, bytes) else text.encode()
    return list(load_documents(Document("a.yml", content, Limits(**limits))))


def test_keys_and_items_know_their_lines():
    (root,) = load("# a comment\na: 1\nlist:\n  - x\n  - y: 2\n")
    assert (line_of(root, "a"), line_of(root, "list")) == (2, 3)
    assert (line_of(root["list"], 0), line_of(root["list"], 1)) == (4, 5)


def test_a_plain_dictionary_knows_no_line():
    assert line_of({"a": 1}, "a") == 0


def test_numbers_and_dates_stay_the_text_they_were():
    assert load("a: 007\nb: 2017-02-22\nc: 1e3\nd: 'true'") == [
        {"a": "007", "b": "2017-02-22", "c": "1e3", "d": "true"}
    ]


def test_nothing_yes_and_no():
    assert load("a:\nb: ~\nc: true\nd: False\ne: yes") == [
        {"a": None, "b": None, "c": True, "d": False, "e": "yes"}
    ]


def test_several_documents_keep_the_lines_of_the_file():
    first, second = load("a: 1\n---\nb: 2\n")
    assert (line_of(first, "a"), line_of(second, "b")) == (1, 3)


def test_an_unknown_tag_is_passed_over_and_nothing_is_run():
    assert load("a: !!python/object/apply:os.system ['true']\nb: !vault x") == [{"a": ["true"], "b": "x"}]


def test_the_last_of_duplicate_keys_wins():
    assert load("a: 1\na: 2") == [{"a": "2"}]


def test_merge_keys_fill_what_is_not_said():
    _, second = load("base: &b {a: 1, b: 2}\nuse: {<<: *b, b: 3}")[0].values()
    assert second == {"a": "1", "b": "3"}


def test_an_alias_that_does_not_exist_or_holds_itself_is_nothing():
    assert load("a: *nobody\nb: &b [*b]") == [{"a": None, "b": [None]}]


@pytest.mark.parametrize(
    "text",
    [
        "a: {{ user }} and more\nb: 1",
        "a: x {% if y %} z\nb: 1",
        "{% for x in y %}\na: 1\nb: 1\n{% endfor %}",
        "a: @home\nb: 1",
        "a:\n\t- x\nb: 1",
        "a: \x07bell\nb: 1",
    ],
)
def test_leftovers_of_templates_and_tabs_are_blanked(text):
    (root,) = load(text)
    assert root["b"] == "1"


def test_blanking_keeps_the_number_of_lines():
    text = "a: {{ x\n y }}\nb: <% z\n %>"
    assert blank_templates(text).count("\n") == text.count("\n")


def test_documents_before_a_broken_one_are_given_and_its_line_is_told():
    found = load_documents(Document("a.yml", b"a: 1\n---\nb: [\n", Limits()))
    assert next(found) == {"a": "1"}
    with pytest.raises(UnreadableError) as caught:
        list(found)
    assert caught.value.line >= 3


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks_are_understood(mark):
    assert load("a: é".encode(mark)) == [{"a": "é"}]


def test_what_is_not_utf8_is_read_as_the_other_encoding_forms_have():
    assert load("a: é".encode("cp1252")) == [{"a": "é"}]


def test_aliases_that_unfold_without_end_are_counted_before_anybody_walks_them():
    levels = [f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 30)]
    with pytest.raises(LimitReachedError, match="aliases"):
        load("\n".join(["l0: &l0 [x]", *levels]))


def test_a_chain_of_aliases_counts_as_depth():
    with pytest.raises(LimitReachedError, match="deeper"):
        load("\n".join(["l0: &l0 [x]", *(f"l{n}: &l{n} [*l{n - 1}]" for n in range(1, 200))]))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"[" * 100_000, "deeper"),
        (b"{a: " * 100_000, "deeper"),
        (b"- a\n" * 3_000, "nodes"),
        (b"a: " + b"x" * 3_000_000, "longer"),
    ],
)
def test_a_hostile_file_ends_in_a_clear_line(content, what):
    with pytest.raises(LimitReachedError, match=what):
        load(content, nodes=2_000)


@pytest.mark.parametrize("content", [b"a: \0", b"a: [b", b"\xff\xfe\x00", b"}{"])
def test_what_is_no_yaml_is_told_without_quoting_it(content):
    with pytest.raises(UnreadableError) as caught:
        load(content)
    assert "a.yml" in str(caught.value)


@given(
    st.recursive(
        st.text("ab:-# é'\"", max_size=6),
        lambda inner: (
            st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=4)
        ),
        max_leaves=20,
    )
)
def test_what_yaml_writes_is_read_as_its_own_loader_reads_it(value):
    assert load(yaml.safe_dump(value, allow_unicode=True)) == [value]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content):
    try:
        load(content)
    except (LimitReachedError, UnreadableError):
        return


def test_mappings_stay_dictionaries():
    (root,) = load("a: {b: c}")
    assert isinstance(root, YamlMap)
    assert root == {"a": {"b": "c"}}


def test_odd_keys_become_text():
    assert load("true: 1\n~: 2\n[a]: 3\n<<: 4") == [{"true": "1", "": "3"}]
