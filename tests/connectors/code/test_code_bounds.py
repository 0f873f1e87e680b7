"""Hostile and damaged source: every reader ends in a clear line or in what it could read."""

import json
import random
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.cli.assembly import readers
from curtilage.connectors.ports import Document, LimitReachedError, Limits, NotInstalledError, UnreadableError

READERS = {reader.name: reader for reader in readers()}
CANARY = "CANARY-b1e5-resident"
#: Reader, a file's name, and a beginning after which the file is taken for one of its own.
BEGINNINGS = {
    "sql": ("x.sql", "CREATE TABLE people (ssn text, x "),
    "python": ("x.py", "class P(models.Model):\n    ssn = models.CharField("),
    "ruby": ("x.rb", "class P\n  field :ssn, "),
    "typescript": ("x.ts", "interface P { ssn: string }\nconst p = { a: '', b: "),
    "lookml": ("x.lkml", "view: p { dimension: ssn { label: "),
    "classes": ("X.java", "@Entity class P {\n private String ssn;\n private "),
}
SMALL = Limits(seconds=5.0)


def read(name, content, limits=SMALL, file=""):
    document = Document(file or BEGINNINGS[name][0], content, limits)
    assert 0 <= READERS[name].weigh(document) <= 1
    return list(READERS[name].read(document))


SUFFIXES = (
    "md txt html erb py ts tsx js vue rb java cs php yml json sql xml fsh csv properties po prisma".split()
)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("mark", [" ", "\t", " \n", "_", "a", "1,", "* ", "| ", "- "])
def test_a_file_that_repeats_itself_is_weighed_in_one_pass(suffix, mark):
    content = b"# Data dictionary: fields\nfields" + mark.encode() * 100_000 + b"\nx"
    document = Document(f"x.{suffix}", content, SMALL)

    assert all(0 <= reader.weigh(document) <= 1 for reader in READERS.values())


@pytest.mark.parametrize("name", BEGINNINGS)
@pytest.mark.parametrize("mark", ["(", "[", "{", "-", "'", '"', "`", "a.", "/*", "${", "<a ", "\n(", "not "])
def test_deep_nesting_ends(name, mark):
    content = (BEGINNINGS[name][1] + mark * 20_000).encode()
    with suppress(LimitReachedError, UnreadableError):
        assert len(read(name, content)) < 100


@pytest.mark.parametrize("name", BEGINNINGS)
def test_nul_characters_end_in_a_clear_line(name):
    with pytest.raises(UnreadableError, match="NUL"):
        read(name, (BEGINNINGS[name][1] + "\0").encode())


@pytest.mark.parametrize("name", BEGINNINGS)
def test_a_file_beyond_the_limit_is_not_read(name):
    with pytest.raises(LimitReachedError):
        read(name, (BEGINNINGS[name][1] + "x" * 3000).encode(), Limits(file_bytes=2000))


@pytest.mark.parametrize("name", BEGINNINGS)
@settings(max_examples=30, deadline=None)
@given(noise=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(name, noise):
    with suppress(LimitReachedError, UnreadableError):
        assert len(read(name, BEGINNINGS[name][1].encode() + noise)) < 500


@pytest.mark.parametrize("name", BEGINNINGS)
def test_what_stands_before_an_error_is_kept(name):
    closed = {
        "sql": "int);\nCREATE TABLE ((( ;",
        "python": "'SSN')\ndef broken(:\n",
        "ruby": "type: String\n def (((\n",
    }
    closed |= {
        "typescript": "''};\nfunction ((( {",
        "lookml": '"SSN" } dimension: {{{',
        "classes": "int a;\n void (((\n",
    }
    assert any("ssn" in place.name for place in read(name, (BEGINNINGS[name][1] + closed[name]).encode()))


def test_fifty_megabytes_of_rows_are_passed_over():
    row = f"INSERT INTO people VALUES (1, '{CANARY}', 'it''s');\n"
    content = ("CREATE TABLE a (ssn text);\n" + row * 500_000 + "CREATE TABLE b (dob date);").encode()
    assert len(content) > 25_000_000
    places = read("sql", content, Limits())
    assert [place.name for place in places] == ["a.ssn", "b.dob"]
    assert CANARY not in repr(places)


def test_a_row_longer_than_a_line_may_be_is_passed_over():
    content = f"CREATE TABLE a (ssn text) ENGINE=x;\nINSERT INTO a VALUES {f'({CANARY!r}),' * 200_000}(1);\nCREATE TABLE b (d date);"
    assert [place.name for place in read("sql", content.encode(), Limits())] == ["a.ssn", "b.d"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("sql", f"CREATE TABLE p (ssn text DEFAULT '{CANARY}');"),
        ("python", f"class P(models.Model):\n    ssn = models.CharField(default='{CANARY}')\n"),
        ("ruby", f"create_table 'p' do |t|\n t.string 'ssn', default: '{CANARY}'\nend\n"),
        (
            "typescript",
            f"const person = {{ ssn: '{CANARY}', name: '{CANARY}' }};\nclass P {{ ssn = '{CANARY}' }}",
        ),
        ("classes", f'@Entity class P {{\n private String ssn = "{CANARY}";\n}}\n'),
    ],
)
def test_a_default_may_be_somebodys_number_and_is_not_kept(name, content):
    places = read(name, content.encode())
    assert places
    assert CANARY not in repr(places)


def test_too_many_columns_are_refused():
    columns = ", ".join(f"c{number} int" for number in range(50))
    with pytest.raises(LimitReachedError, match="too many columns"):
        read("sql", f"CREATE TABLE t ({columns});".encode(), Limits(places=10))


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("a.py", "import os\nprint(os.getcwd())\n"),
        ("a.rb", "puts 'hello'\n"),
        ("a.ts", "export const add = (a, b) => a + b\n"),
        ("bundle.js", "var a={b:'',c:null};" * 5000),
        ("person.test.ts", "const person = { ssn: '', dob: null };\n"),
        ("a.java", "class Main { void run() { } }"),
        ("notes.txt", "We will create a table of people (all of them)."),
        ("a.md", "CREATE TABLE a (b int);"),
    ],
)
def test_a_file_that_declares_nothing_is_taken_by_none(file, content):
    document = Document(file, content.encode(), Limits())
    assert max(READERS[name].weigh(document) for name in BEGINNINGS) == 0


def test_sql_in_the_encoding_of_its_own_editor_is_taken_and_read():
    content = (
        "\ufeff-- people\r\nCREATE TABLE [dbo].[P] (\r\n  [SSN] char(9) -- número\r\n)\r\nGO\r\n".encode(
            "utf-16-le"
        )
    )
    (place,) = read("sql", content)
    assert (place.locator, place.name, place.text) == ("line:3", "P.SSN", "número")
    assert READERS["sql"].weigh(Document("x.sql", content, Limits())) > 0.9


@pytest.mark.parametrize("library", ["tree_sitter", "tree_sitter_ruby"])
def test_a_grammar_that_is_missing_names_its_remedy(monkeypatch, library):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(NotInstalledError, match=r"pip install 'curtilage\[code\]'"):
        read("ruby", b"class P\n  field :ssn\nend\n")


def test_a_view_is_worth_no_failure_where_sqlglot_is_missing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sqlglot", None)
    places = read("sql", b"CREATE TABLE a (b int); CREATE VIEW v AS SELECT b FROM a;")
    assert [place.name for place in places] == ["a.b"]


@settings(max_examples=50, deadline=None)
@given(
    tables=st.dictionaries(
        st.from_regex(r"[a-z][a-z_]{2,12}_t", fullmatch=True),
        st.lists(st.from_regex(r"[a-z][a-z_]{2,12}_c", fullmatch=True), min_size=1, max_size=6, unique=True),
        min_size=1,
        max_size=5,
    ),
    seed=st.integers(0, 9),
)
def test_every_column_is_found_however_the_statement_is_quoted_and_spaced(tables, seed):
    chance = random.Random(seed)
    quotes = ["{}", '"{}"', "`{}`", "[{}]"]

    def quoted(name):
        return chance.choice(quotes).format(name)

    def column(name):
        return f"{quoted(name)}{chance.choice([' ', '  ', chr(9)])}{chance.choice(['int', 'varchar(9) NOT NULL', 'text NULL'])}"

    text = "\n".join(
        f"CREATE TABLE {quoted(table)} ({', '.join(map(column, columns))}){chance.choice([';', '', ' ;'])}"
        for table, columns in tables.items()
    )
    found = [place.name for place in read("sql", text.encode())]
    assert found == [f"{table}.{column}" for table, columns in tables.items() for column in columns], (
        json.dumps(text)
    )


def test_a_view_that_is_not_understood_is_quoted_nowhere(read, caplog, capfd):
    text = "CREATE TABLE t (born text);\nCREATE VIEW v> AS SELECT p.canary AS c FROM people p;\n"
    assert read("a.sql", text).column("name") == ["t.born"]
    assert "canary" not in caplog.text + "".join(capfd.readouterr())
