import os
import shutil
import subprocess

import pytest

from curtilage.cli.completion import SHELLS
from curtilage.cli.main import curtilage
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
    assert complete("curtilage ", 1)[: len(curtilage.table)] == [f"plain,{name}" for name in curtilage.table]


def test_options_and_their_values_are_completed():
    assert complete("curtilage scan --rev", 2) == ["plain,--reveals"]
    assert "plain,strong" in complete("curtilage scan --reveals ", 3)


def test_targets_are_completed_as_paths():
    assert complete("curtilage scan for", 2) == ["file,for"]


def test_what_the_city_declares_is_completed(tmp_path):
    folder = str(tmp_path / "city")
    run("init", folder)
    drafted = f"curtilage inventory import form x.html --city {folder}"

    assert complete(f"{drafted} --department l", 8) == ["plain,library"]
    assert complete(f"{drafted} --department library --program ", 10) == ["plain,cards"]
    assert complete(f"curtilage inventory import database --city {folder} --system c", 7) == [
        "plain,cards_db"
    ]


def test_a_finding_is_completed_by_its_fingerprint_and_a_rule_by_its_code(tmp_path):
    folder = str(tmp_path / "city")
    run("init", folder)
    codes = complete("curtilage check --explain survey.never", 3)
    found = complete(f"curtilage dismiss --city {folder} fa", 4)

    assert codes == ["plain,survey.never-looked"]
    assert len(found) == 1
    assert found[0].startswith("plain,faf7")


def test_where_there_is_no_city_nothing_is_offered_and_nothing_is_said(tmp_path):
    assert complete(f"curtilage dismiss --city {tmp_path}/none a", 4) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_each_shell_gets_a_script_that_it_can_read(shell):
    script = run("completion", shell).stdout

    assert b"_CURTILAGE_COMPLETE" in script
    if program := shutil.which(shell):
        assert subprocess.run([program, "-n"], input=script, capture_output=True).returncode == 0
