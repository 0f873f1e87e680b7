"""Ask a peer in its own environment: cells, columns or texts in, what it said out."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass, field

from bench.peers import PLACE, ROOT, Peer
from bench.value_kinds import meaning


@dataclass
class Answer:
    """What a tool said, in how long."""

    rows: int = 0
    bytes: int = 0
    seconds: float = 0.0
    memory: int = 0
    cells: dict[tuple[int, int], list] = field(default_factory=dict)
    columns: dict[int, list] = field(default_factory=dict)
    texts: dict[str, dict] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        """Millions of bytes of text a second."""
        return self.bytes / self.seconds / 1e6 if self.seconds else 0.0


def ask(
    peer: Peer, question: str, given: str, seconds: float, *, custom: bool = False, hidden: bool = False
) -> Answer | str:
    """Ask a tool; return what it said, or why it could not."""
    script = ROOT / "bench" / "peer_scripts" / f"values_{peer.script}.py"
    flags = ["--custom"] * custom + ["--hidden"] * hidden
    command = [
        "taskset",
        "-c",
        "0",
        str(PLACE / peer.script / "bin" / "python"),
        str(script),
        question,
        *flags,
    ]
    command += ["--seconds", str(seconds)]
    done = subprocess.run(
        command[0 if shutil.which("taskset") else 3 :],
        input=given,
        capture_output=True,
        text=True,
        timeout=seconds * 10 + 900,
        check=False,
    )
    if done.returncode:
        print(done.stderr[-800:], file=sys.stderr)
        return f"ended with status {done.returncode}"
    return _read(done.stdout)


def _read(printed: str) -> Answer:
    answer = Answer()
    for line in printed.splitlines():
        if not line.startswith("{"):
            continue
        one = json.loads(line)
        if "cell" in one:
            answer.cells[tuple(one["cell"])] = _meant(one["kinds"])
        elif "column" in one:
            answer.columns[one["column"]] = _meant(one["kinds"])
        elif "id" in one:
            answer.texts[one["id"]] = one
        else:
            answer.rows, answer.bytes, answer.seconds, answer.memory = (
                one[key] for key in ("rows", "bytes", "seconds", "memory")
            )
    return answer


def _meant(kinds: list[str]) -> list:
    return [(frozenset(categories), counts) for categories, counts in map(meaning, kinds) if categories]
