"""JSON of any size and shape: a record a row, and no key that is somebody's number in a column's name."""

import json
import tracemalloc

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.cli.assembly import open_content
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.content.records import texts_in

CANARY = "078-05-1120"
PEOPLE = [
    {"id": 1, "name": "Ana", "home": {"city": "Lima", "zip": "007"}, "tags": ["x", "y"], "gone": None},
    {"id": 2, "name": "Bea", "kin": [{"first": "Cem"}, {"first": "Dan"}], "ok": True},
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", json.dumps(PEOPLE)),
        ("a.json", json.dumps(PEOPLE, indent=2)),
        ("a.jsonl", "\n".join(map(json.dumps, PEOPLE))),
        ("a.json", "\n".join(map(json.dumps, PEOPLE)) + "\n"),
    ],
)
def test_records_are_rows_with_dotted_paths_however_they_are_written(put, name, text):
    opened = put(name, text)

    assert opened.names == ["id", "name", "home.city", "home.zip", "tags", "kin.first", "ok"]
    assert opened.cells("home.zip") == ["007", None]
    assert opened.cells("tags") == ["x\ny", None]
    assert opened.cells("kin.first") == [None, "Cem\nDan"]
    assert opened.cells("id") == ["1", "2"]


def test_lists_in_an_object_give_their_items_and_the_rest_is_one_record(put):
    opened = put("a.json", json.dumps({"meta": {"made": "today"}, "data": PEOPLE, "n": 2, "none": []}))

    assert opened.cells("data.name") == ["Ana", "Bea", None]
    assert opened.cells("meta.made") == [None, None, "today"]


def test_a_key_that_is_a_number_of_somebody_is_content_and_no_name(put):
    opened = put(
        "a.json", json.dumps({"people": {CANARY: {"name": "Ana"}, "ana@example.org": {"name": "Bea"}}})
    )

    assert opened.names == ["people.*", "people.*.name"]
    assert opened.cells("people.*") == [f"{CANARY}\nana@example.org"]


def test_a_broken_line_costs_itself_and_is_still_read(put):
    opened = put("a.jsonl", '{"a": "x"}\n{"a": "y", \n[1,\n{"a": "z"}\n')

    assert opened.cells("a") == ["x", None, None, "z"]
    assert opened.cells("value") == [None, '{"a": "y", ', "[1,", None]
    assert opened.reasons == ["loose"]


def test_what_stands_before_a_damage_is_read(put):
    opened = put("a.json", json.dumps(PEOPLE)[:-20] + "\0\0")

    assert opened.cells("name") == ["Ana"]
    assert opened.reasons == ["unreadable"]


@pytest.mark.parametrize(
    "text", ["[" * 100_000, '{"a":' * 100_000, '[{"a":' + "[" * 5000 + "]" * 5000 + "}]"]
)
def test_depth_ends_in_a_clear_line(put, text):
    opened = put("a.json", text)
    opened.rows() if opened.tables else None
    opened.content.tables()

    assert set(opened.reasons) <= {"too-deep", "unreadable"}


def test_numbers_stay_as_they_were_written(put):
    opened = put("a.jsonl", '{"n": ' + "9" * 10_000 + '}\n{"n": 1.10}\n{"n": 1e5}\n')

    assert opened.cells("n") == ["9" * 10_000, "1.10", "1e5"]


def test_a_lone_surrogate_is_no_reason_to_stop(put):
    assert put("a.json", '[{"n": "a\\ud800b"}, {"n": "c"}]').cells("n") == ["a?b", "c"]


def test_many_kinds_of_keys_do_not_make_endless_columns(put):
    opened = put(
        "a.jsonl",
        "\n".join(json.dumps({f"k{chr(97 + at % 26)}{chr(97 + at // 26)}": at}) for at in range(500)),
        columns=50,
    )

    assert len({name for batch in opened.batches() for name in batch.schema.names}) == 51
    assert len([cell for cell in opened.cells("*") if cell]) == 450


def test_parts_of_lines_together_are_the_file(put, monkeypatch):
    monkeypatch.setattr("curtilage.connectors.content.ranges.SMALLEST_PART_BYTES", 1000)
    opened = put("a.jsonl", "".join(json.dumps({"n": at}) + "\n" for at in range(3000)))
    parts = opened.content.parts(opened.tables[""], wanted=5)

    assert len(parts) == 5
    assert opened.cells("n", wanted=5) == [str(at) for at in range(3000)]
    assert opened.content.sample(opened.tables[""], rows=80).num_rows == 80


def test_a_long_list_is_never_held(put):
    opened = put(
        "a.json", "[" + ",".join(json.dumps({"n": at, "text": "x" * 200}) for at in range(20_000)) + "]"
    )
    [table] = opened.content.tables()
    [part] = opened.content.parts(table, wanted=1)
    tracemalloc.start()
    rows = sum(batch.num_rows for batch in opened.content.read(part))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert rows == 20_000
    assert peak < 30 * 2**20


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc 1", max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.lists(st.dictionaries(st.sampled_from(["name", "note", "x y"]), VALUES, max_size=3), max_size=6))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_text_that_is_written_is_read(tmp_path, records):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(records), "utf-8")
    content = open_content(str(path), "a.json", ContentLimits())
    batches = [
        batch
        for table in content.tables()
        for part in content.parts(table, wanted=1)
        for batch in content.read(part)
    ]
    read = "\n".join(
        str(cell) for batch in batches for row in batch.to_pylist() for cell in row.values() if cell
    )

    wanted = {
        text for record in records for value in record.values() for text in texts_in(value) if text.strip()
    }
    keys = {key for record in records for key in keys_of(record)}
    assert {text for text in wanted if text not in read} <= keys


def keys_of(value):
    if isinstance(value, dict):
        return [*value, *(key for inner in value.values() for key in keys_of(inner))]
    return [key for inner in value for key in keys_of(inner)] if isinstance(value, list) else []
