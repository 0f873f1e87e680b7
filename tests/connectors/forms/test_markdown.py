"""Markdown that describes fields, and much more Markdown that does not."""

import pytest

PAGE = """\
    ---
    title: Column name: none
    ---
    # Data dictionary

    | Field | Type | Description | Values |
    |-------|:----:|-------------|--------|
    | `birth_country` | string | Country [where](#x) the person was **born** | |
    | standing* | enum | Their standing \\| as told | here; elsewhere |

    ## Fields of a visit

    - `seen_by` (string): Who saw them

      more about it
    - **Date of visit** – the first one

    ### Home
    Column Name : home_zip
    Type: char(5)
    Values: known, unknown
    Definition: Where they live

    ```
    | Field | Type |
    |--|--|
    | in_code | string |
    | also_code | string |
    ```
"""


def test_tables_lists_and_passages_give_their_fields(read):
    page = read("docs/intake.md", PAGE)
    assert page.reader == "markdown"
    assert page.column("locator", "name", "text", "options") == [
        ("line:8", "birth_country", "Country where the person was born", ()),
        ("line:9", "standing", "Their standing | as told", ("here", "elsewhere")),
        ("line:13", "seen_by", "Who saw them", ()),
        ("line:16", "Date of visit", "the first one", ()),
        ("line:19", "home_zip", "Home — Where they live", ("known", "unknown")),
    ]
    assert page.column("type")[:3] == ["string", "enum", "string"]


def test_a_table_of_questions_has_their_numbers_for_names(read):
    text = "| # | Question | Answers |\n|--|--|--|\n| 1 | Where were you born? | |\n| 2 | Do you rent? | |\n"
    assert read("intake-form.md", text).places == []
    asked = text.replace("Answers", "Options").replace("rent? | |", "rent? | Yes, No |")
    assert read("intake-form.md", asked).column("locator", "name", "text", "options") == [
        ("line:3", "1", "Where were you born?", ()),
        ("line:4", "2", "Do you rent?", ("Yes", "No")),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "## Configuration\n\n| Variable | Description |\n|--|--|\n| HTTP_PORT | Port |\n| LOG_DIR | Folder |\n",
        "| Name | Description |\n|--|--|\n| scan_all | Scans |\n| read_me | Reads |\n",
        "# Residents\n\n| Name | Notes |\n|--|--|\n| Ana | came in May |\n| Bo | came in June |\n",
        "## Usage\n\n- `read_all`: reads\n- `write_all`: writes\n",
        "## Fields\n\nIn these fields grows maize.\n\n- one\n- two\n",
        "| a | b |\n|--|--|\n",
    ],
)
def test_other_pages_describe_no_field(read, text):
    assert read("README.md", text).places == []


@pytest.mark.parametrize(
    "text",
    [
        "|" * 100_000,
        "- `" * 30_000,
        "[" * 100_000,
        "*" * 200_000,
        "a|b\n-|-\n" * 20_000,
        "```\n" * 50_001,
        "#" * 9000,
    ],
)
def test_a_page_made_to_hurt_ends(read, text):
    read("a.md", "| Field | Type |\n|--|--|\n" + text).places  # noqa: B018 - that it ends is the test


def test_a_long_line_of_nothing_ends(read):
    assert not read("a.md", "# Data dictionary\n" + " " * 300_000 + "x\n").places
