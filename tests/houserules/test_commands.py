"""Commands that pages tell a reader to type exist, with those options."""

import re
import shlex
from pathlib import Path

import click
import pytest

from curtilage.cli.main import curtilage

ROOT = Path(__file__).parents[2]
PAGES = [path for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")] if path.parent.name != "reference"]
TYPED = re.compile(r"^ *\$ (curtilage .+)$|`(curtilage [^`\n]+)`", re.MULTILINE)


def list_typed():
    for path in PAGES:
        for block, inline in TYPED.findall(path.read_text("utf-8")):
            yield path.name, (block or inline).split("|")[0].split(" > ")[0].split(" #")[0].split(" ;")[0]


def find_command(words):
    """Follow the words to a command; return it with the words that are left."""
    command, context = curtilage, click.Context(curtilage, info_name="curtilage")
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(context, words[0])
        assert found is not None, f"there is no command {words[0]}"
        command, words = found, words[1:]
    return command, words


@pytest.mark.parametrize(("page", "typed"), list(list_typed()))
def test_a_command_on_a_page_exists_with_its_options(page, typed):
    command, words = find_command(shlex.split(typed.replace("…", ""))[1:])
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)} | {
        "-h",
        "--help",
    }
    given = {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)}

    assert given <= known


@pytest.mark.parametrize("name", curtilage.table)
def test_a_command_says_the_same_in_the_list_and_in_its_own_help(name):
    command = curtilage.get_command(click.Context(curtilage), name)

    assert command.help
    assert curtilage.table[name][1].endswith((".", "?"))


def list_commands(command, path):
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from list_commands(command.get_command(context, name), f"{path} {name}")


@pytest.mark.parametrize(("path", "command"), list(list_commands(curtilage, "curtilage")))
def test_every_option_is_explained(path, command):
    options = [each for each in command.params if isinstance(each, click.Option)]

    assert [each.name for each in options if not each.help] == []
