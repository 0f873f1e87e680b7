"""The tutorial is run as a newcomer would run it: each command, its output, its exit status.

In a ``console`` block a line after ``$`` is a command; the lines below it are its output, in which ``...``
stands for anything; ``# exit N`` is the status that is expected where it is not 0.
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
    folder = tmp_path
    for step in read_steps(page):
        if step.command.startswith("cd "):
            folder = (folder / step.command[3:]).resolve()
            continue
        done = run(step.command, folder)

        assert done.returncode == step.status, f"{step.command}\n{done.stdout}{done.stderr}"
        assert matches(step.output, done.stdout + done.stderr), f"{step.command}\n{done.stdout}{done.stderr}"


def run(command, folder):
    words = shlex.split(command)
    if words[0] == "curtilage":
        words[:1] = [sys.executable, "-m", "curtilage"]
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": os.environ.get("TMPDIR", str(folder))}
    return subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, timeout=120)


def matches(expected, said):
    if not expected:
        return True
    parts = [re.escape(line).replace(r"\.\.\.", ".*") for line in expected]
    pattern = "".join(r"(?:.*\n)*?" if part == ".*" else f"{part}\n" for part in parts)
    return re.search(f"(?:^|\n){pattern}", said + "\n") is not None
