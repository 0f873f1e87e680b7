"""``guard`` takes identifiers and status out of text, refuses it, or writes SQL; no piece comes out again."""

import sqlite3
from contextlib import closing

import pytest

from tests.cli.running import run

NOTE = b"She is undocumented. A-number A012-345-678, call 415-555-0132.\n\xff caf\xc3\xa9\n"
CANARIES = (b"A012-345-678", b"undocumented")


def test_a_text_comes_out_without_what_is_not_to_be_written_down():
    done = run("guard", given=NOTE)
    assert done.returncode == 0
    assert done.stdout.endswith(b", call 415-555-0132.\n\xff caf\xc3\xa9\n")
    assert b"[Alien registration number (A-Number) not kept]" in done.stdout
    assert not [value for value in CANARIES if value in done.stdout + done.stderr]


def test_a_text_that_must_not_be_written_down_is_refused_as_a_whole():
    done = run("guard", "--refuse", given=NOTE)
    assert (done.returncode, done.stdout) == (3, b"")
    assert b"Alien registration number" in done.stderr
    assert not [value for value in CANARIES if value in done.stderr]


def test_an_ordinary_text_passes_byte_for_byte():
    plain = b"Came about the heating.\r\n\xff\x00 back on Monday"
    assert run("guard", "--refuse", given=plain).stdout == plain
    assert run("guard", given=plain).stdout == plain


def test_what_is_guarded_can_be_chosen():
    assert b"A012-345-678" in run("guard", "--category", "phone", given=NOTE).stdout


def test_the_sql_that_it_writes_guards_a_table():
    done = run("guard", "--sql", "sqlite", "--column", "notes.text")
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE TABLE notes (text TEXT)")
        database.executescript(done.stdout.decode())
        database.execute("INSERT INTO notes VALUES ('back on Monday, 415-555-0132')")
        with pytest.raises(sqlite3.IntegrityError):
            database.execute("INSERT INTO notes VALUES ('A012-345-678')")


@pytest.mark.parametrize(
    "options",
    [
        ("--sql", "sqlite"),
        ("--column", "a.b"),
        ("--strip",),
        ("--category", "phoen"),
        ("--sql", "sqlite", "--column", "b"),
    ],
)
def test_what_cannot_be_done_is_said(options):
    done = run("guard", *options, given=b"x")
    assert (done.returncode, done.stdout) == (2, b"")


def test_a_long_text_is_cut_between_lines_only():
    line = b"x" * 70 + b" A012-345-678\n"
    done = run("guard", given=line * 40_000)
    assert done.stdout.count(b"not kept") == 40_000
