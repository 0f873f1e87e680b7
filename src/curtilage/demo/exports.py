"""Extracts that somebody made once and left lying: CSV for a mail merge, Parquet for a dashboard."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path

from curtilage.demo.residents import Resident


def build_exports(folder: Path, residents: Sequence[Resident]) -> None:
    """Write ``mailing-list-2023.csv``, ``dashboard.parquet`` and ``hotline.json`` into ``folder``.

    Effects:
        Creates the files.
    """
    with (folder / "mailing-list-2023.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["Full name", "Address", "E-mail", "Alien registration no.", "Language"])
        writer.writerows([r.name, r.address, r.email, f"A{r.number:09}", r.language] for r in residents[::4])
        writer.writerow(
            ["end of list", f"{len(residents[::4])} rows"]
        )  # a row that does not follow the header
    _build_parquet(folder / "dashboard.parquet", residents)
    _build_hotline(folder / "hotline.json", residents[::20])


def _build_hotline(path: Path, residents: Sequence[Resident]) -> None:
    """Write what a hotline's program exported before it crashed: the last record is torn."""
    lines = [
        json.dumps({"called": r.applied.isoformat(), "remark": "Asked whether the clinic asks for papers."})
        for r in residents
    ]
    lines.append(json.dumps({"called": "", "remark": "Caller is undocumented, afraid to come in."}))
    path.write_text("[" + ",\n".join([*lines, lines[0][:20]]), encoding="utf-8")


def _build_parquet(path: Path, residents: Sequence[Resident]) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    columns = {
        "case_no": [f"H-{r.number:06}" for r in residents],
        "birth_ctry": [r.country for r in residents],
        "immig_stat_cd": [r.status[:1].upper() for r in residents],
        "zip": ["98000" for _ in residents],
        "monthly_income": [r.income for r in residents],
    }
    parquet.write_table(pa.table(columns), path)
