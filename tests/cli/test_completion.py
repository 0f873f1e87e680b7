import os
import shutil
import subprocess

import pytest

from curtilage.cli.completion import SHELLS
from curtilage.cli.main import COMMANDS
from tests.cli.running import COMMAND, run


def complete(words, at):
    environment = {"COMP_WORDS": words, "COMP_CWORD": str(at), "_CURTILAGE_COMPLETE": "bash_complete"}
    command = (
        COMMAND[0],
        "-c",
        "import sys; sys.argv[0] = 'curtilage'; from curtilage.cli.main import main; main()",
    )
    ran = subprocess.run(command, capture_output=True, env={**os.environ, **environment})
    return ran.stdout.decode().split()


def test_commands_are_completed_without_importing_them():
    assert complete("curtilage ", 1)[: len(COMMANDS)] == [f"plain,{name}" for name in COMMANDS]


def test_options_and_their_values_are_completed():
    assert complete("curtilage scan --rev", 2) == ["plain,--reveals"]
    assert "plain,strong" in complete("curtilage scan --reveals ", 3)


def test_targets_are_completed_as_paths():
    assert complete("curtilage scan for", 2) == ["file,for"]


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_it_can_read(shell):
    script = run("completion", shell).stdout

    assert b"_CURTILAGE_COMPLETE" in script
    if program := shutil.which(shell):
        assert subprocess.run([program, "-n"], input=script, capture_output=True).returncode == 0
