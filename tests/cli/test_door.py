"""What every command does alike: help, colour, errors of the system, exit status."""

import os
import subprocess
from pathlib import Path

import click
import pytest

from curtilage.cli.main import curtilage
from tests.cli.running import COMMAND, run, run_on_a_terminal

FULL = Path("/dev/full")


def list_leaves(command, context, path=""):
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            yield from list_leaves(
                child, click.Context(child, info_name=name, parent=context), f"{path} {name}"
            )
    else:
        yield path.strip(), command.get_help(context)


ROOT = click.Context(curtilage, info_name="curtilage", terminal_width=80, **curtilage.context_settings)
LEAVES = dict(list_leaves(curtilage, ROOT))


@pytest.mark.parametrize("name", LEAVES)
def test_help_ends_with_an_example_that_can_be_copied(name):
    assert any(mark in LEAVES[name] for mark in ("Example:\n", "Examples:\n", "Try:\n", "bash:  "))
    assert "\\b" not in LEAVES[name]


def test_debug_may_stand_where_people_add_it():
    assert b"Traceback" in run("check", "--city", "gone", "--debug").stderr
    assert b"Traceback" in run("--debug", "check", "--city", "gone").stderr
    assert b"Traceback" not in run("check", "--city", "gone").stderr


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")
@pytest.mark.parametrize("words", [["check", "--explain", "collection.no-purpose"], ["scan", "--help"]])
def test_a_full_disk_behind_the_output_is_told_and_is_no_finding(words):
    with FULL.open("wb") as full:
        ran = subprocess.run([*COMMAND, *words], stdout=full, stderr=subprocess.PIPE)

    assert ran.returncode == 2
    assert b"The result could not be written out to its end (No space left on device)." in ran.stderr


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-"])
def test_a_stream_that_is_closed_is_like_an_empty_one(closed):
    line = f'exec "$@" classify - {closed}'
    ran = subprocess.run(["sh", "-c", line, "sh", *COMMAND], stdin=subprocess.DEVNULL, capture_output=True)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


def test_a_reader_that_has_enough_hears_no_complaint():
    here, there = os.pipe()
    os.close(here)
    ran = subprocess.run(
        [*COMMAND, "check", "--explain", "collection.no-purpose"], stdout=there, stderr=subprocess.PIPE
    )
    os.close(there)

    assert ran.stderr == b""


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colour_is_left_out_of_findings_where_it_is_not_wanted(plain, tmp_path):
    run("init", tmp_path / "city")
    coloured, _ = run_on_a_terminal("check", "--city", tmp_path / "city", "-q")
    sent, _ = run_on_a_terminal("check", "--city", tmp_path / "city", "-q", **plain)

    assert ("\x1b[" in coloured, "\x1b[" in sent) == (True, False)


def test_what_cannot_be_read_is_not_told_as_problems_found(tmp_path):
    run("init", tmp_path / "city")
    (tmp_path / "city" / "inventory" / "city.yml").write_text("seats: [")

    assert run("check", "--city", tmp_path / "city").returncode == 2
    assert run("inventory", "validate", "--city", tmp_path / "city").returncode == 1
