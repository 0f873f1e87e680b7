"""The tutorial is run as a newcomer would run it: each command, its output, its exit status.

In a ``console`` block a line after ``$`` is a command; the lines below it are its output, in which ``...``
stands for anything; ``# exit N`` is the status that is expected where it is not 0. ``CASE`` in a command is the id of
the case that was opened last, as the page asks its reader to put it there.
"""

import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "tutorial").glob("*.md"))


@dataclass
class Step:
    command: str
    output: list[str] = field(default_factory=list)
    status: int = 0


def read_steps(page):
    steps = []
    for block in re.findall(r"^```console\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append(Step(line[2:]))
            elif line.startswith("# exit "):
                steps[-1].status = int(line.removeprefix("# exit "))
            else:
                steps[-1].output.append(line)
    return steps


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_command_of_a_tutorial_does_what_the_page_says(page, tmp_path):
    folder, case = tmp_path, "CASE"
    for step in read_steps(page):
        if step.command.startswith("cd "):
            folder = (folder / step.command[3:]).resolve()
            continue
        done = run(re.sub(r"\bCASE\b", case, step.command), folder)
        case = "".join(re.findall(r"^Case ([a-z2-7]{8})\. ", done.stdout, re.MULTILINE)) or case

        assert done.returncode == step.status, f"{step.command}\n{done.stdout}{done.stderr}"
        assert matches(step.output, done.stdout + done.stderr), f"{step.command}\n{done.stdout}{done.stderr}"


def run(command, folder):
    command, _, target = command.partition(" > ")
    words = shlex.split(command)
    known = {"curtilage": [sys.executable, "-m", "curtilage"], "python3": [sys.executable]}
    words[:1] = known.get(words[0], words[:1])
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": os.environ.get("TMPDIR", str(folder))}
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=120)
    if target:
        (folder / target).write_text(done.stdout)
    return done


def matches(expected, said):
    if not expected:
        return True
    parts = [re.escape(line).replace(r"\.\.\.", ".*") for line in expected]
    pattern = "".join(r"(?:.*\n)*?" if part == ".*" else f"{part}\n" for part in parts)
    return re.search(f"(?:^|\n){pattern}", said + "\n") is not None
