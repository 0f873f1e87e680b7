"""Measure: ``python -m bench`` runs all parts, ``python -m bench speed`` one; ``--write`` keeps the figures.

Each part is a module with a ``main`` that prints its figures, or one line that says why it measured
nothing. What is kept goes into ``docs/benchmarks.md``, between the markers of the part; a part that
measured nothing leaves what stands there.

On two cores: quality and coverage a minute, speed two, peers five and their installation once;
value_quality two, values fifteen (3 GB of disk below .cache while it runs), value_peers twenty-five and
the installation of six more tools once (1.5 GB); ledger six (4 GB of disk); retention three. The last five take options of
their own, sizes among them, when they are run alone: python -m bench.values --rows 200000.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from pathlib import Path

PARTS = (
    "quality",
    "coverage",
    "speed",
    "peers",
    "value_quality",
    "values",
    "value_peers",
    "ledger",
    "retention",
    "disclosure",
)
PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"
SKIPPED = "not measured"


def main() -> int:
    """Run the parts; the status is that of the worst."""
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all when none")
    parser.add_argument("--write", action="store_true", help="keep the figures in docs/benchmarks.md")
    options = parser.parse_args()
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"there is no part {', '.join(sorted(unknown))}; choose from {', '.join(PARTS)}")
    worst = 0
    for part in options.parts or PARTS:
        print(f"== {part} ==", flush=True)
        status, printed = run(part)
        worst = max(worst, status)
        if status:
            print(f"{part} ended with status {status}: nothing of it was kept.")
        elif options.write and SKIPPED not in printed.partition("\n")[0]:
            keep(part, printed)
        print(flush=True)
    return worst


def run(part: str) -> tuple[int, str]:
    """Run one part in a process of its own, so that none warms what another measures."""
    command = [sys.executable, "-m", f"bench.{part}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        lines = []
        for line in process.stdout:
            print(line, end="", flush=True)
            lines.append(line)
    return process.returncode, "".join(lines)


def keep(part: str, printed: str) -> None:
    """Put the figures of a part between its markers."""
    begin, end = f"<!-- bench {part} -->", f"<!-- end of bench {part} -->"
    page = PAGE.read_text("utf-8")
    if begin not in page or end not in page:
        print(f"{PAGE.name} has no markers for {part}: nothing of it was kept.")
        return
    block = f"{begin}\n```text\n{printed.rstrip()}\n```\n{end}"
    PAGE.write_text(re.sub(f"{begin}.*?{end}", lambda _: block, page, flags=re.DOTALL), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
