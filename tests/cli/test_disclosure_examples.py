"""Every command of the room teaches with an example, and each example is one that the program takes."""

import re
import shlex
from contextlib import suppress

import click
import pytest

from curtilage.cli.disclosure import disclosure

CONTEXT = click.Context(disclosure, info_name="curtilage disclosure")
COMMANDS = disclosure.list_commands(CONTEXT)


def list_examples():
    for name in COMMANDS:
        command = disclosure.get_command(CONTEXT, name)
        for line in (command.epilog or "").splitlines():
            if (words := line.strip()).startswith("curtilage disclosure "):
                yield re.sub(r"\s+[>|#].*", "", words)


EXAMPLES = list(list_examples())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_an_example(name):
    assert any(example.split()[2] == name for example in EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_one_that_the_command_takes(example, tmp_path, monkeypatch):
    _, _, name, *words = shlex.split(example)
    here = tmp_path / "city"
    for folder in (here, here / "outgoing", tmp_path / "before"):
        folder.mkdir()
    monkeypatch.chdir(here)
    for word in words:
        if re.fullmatch(r"[\w.-]+\.(txt|pdf|yml|json|pem|csv|html|age)", word):
            (here / word).write_text("made up")

    # An option such as --blank prints and is done: it leaves here already.
    with (
        suppress(click.exceptions.Exit),
        disclosure.get_command(CONTEXT, name).make_context(name, words, parent=CONTEXT) as made,
    ):
        assert made.params
