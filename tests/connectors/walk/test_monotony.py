"""A great stretch of one character is read at once, by every reader that may meet it."""

import pytest

from curtilage.cli.assembly import readers
from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from curtilage.connectors.reading.languages import tag_of_label
from curtilage.connectors.reading.office.printed import find_questions
from curtilage.connectors.reading.yaml_text import blank_templates
from curtilage.foundation.place import Place

LONG = 60_000
#: A search that begins anew at each of so many characters does not end while anybody waits.
STRETCHES = {"lines": b"\n", "spaces": b" ", "tabs": b"\t", "dots": b".", "letters": b"a", "dashes": b"- "}


def read(source: str, content: bytes) -> list[Place]:
    document = Document(source, content, Limits())
    weighed = [(reader.weigh(document), reader.name, reader) for reader in readers()]
    try:
        return list(max(weighed, key=lambda one: one[:2])[2].read(document))
    except (LimitReachedError, UnreadableError):
        return []


@pytest.mark.parametrize("stretch", STRETCHES)
@pytest.mark.parametrize(
    "suffix", ["txt", "html", "lookml", "yml", "json", "properties", "csv", "py", "ts", "rb"]
)
def test_a_file_of_nothing_else_has_no_place_or_one_column(suffix, stretch):
    assert len(read(f"t/form.{suffix}", STRETCHES[stretch] * LONG)) <= 1


@pytest.mark.parametrize("stretch", ["lines", "spaces", "tabs", "dots", "letters"])
def test_a_question_behind_it_on_a_printed_page_is_found(stretch):
    line = f"Name:{STRETCHES[stretch].decode() * LONG}?"

    assert len(list(find_questions([("line:1", line), ("line:2", "Country of birth: ____")]))) >= 1


def test_a_label_of_spaces_names_no_language():
    assert tag_of_label("label" + " " * LONG + "(") == ""


def test_empty_lines_in_broken_yaml_stay_where_they_are():
    text = "a: @b" + "\n" * LONG + "c: %d"

    assert blank_templates(text) == "a: _b" + "\n" * LONG + "c: _d"
