"""Build the example city: its folder, databases, forms, extracts and a small application's source."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, timedelta
from importlib.resources import as_file, files
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from jinja2 import Environment, StrictUndefined

from curtilage.demo.databases import build_databases
from curtilage.demo.exports import build_exports
from curtilage.demo.logs import build_logs
from curtilage.demo.papers import build_papers
from curtilage.demo.residents import make_residents
from curtilage.foundation.errors import UsageError
from curtilage.foundation.files import NotWrittenError

#: What makes the city's PDF, Word, workbook and Parquet files.
NEEDED: Final = ("docx", "pyarrow", "reportlab", "xlsxwriter")

MARK: Final = ".example-city.json"
"""The file by which an example city is known; it says how the city was made."""

BEGUN: Final = ".example-city-begun"
"""The file by which one is known that was not built to its end; it is written first and removed last."""

Step = Callable[[str], None]


def is_example(folder: Path) -> bool:
    """Return whether ``folder`` holds an example city that was built to its end."""
    return (folder / MARK).is_file() and not (folder / BEGUN).exists()


def count_residents(folder: Path) -> int:
    """Return how many residents the example city in ``folder`` was built with."""
    return int(json.loads((folder / MARK).read_text(encoding="utf-8"))["residents"])


def build_city(folder: Path, *, residents: int, seed: int, today: date, tell: Step = lambda _: None) -> None:
    """Build the example city in ``folder``; the same arguments give the same city.

    Args:
        folder: Must not exist, or be empty.
        residents: How many to make up, 1 to a million.
        seed: Any integer.
        today: Calendar date that expiry and review dates are counted from.
        tell: Told in a few words what is being built.

    Raises:
        UsageError: ``folder`` holds something, be it half a city, or the extra ``demo`` is not installed.
        NotWrittenError: The disk is full, or ``folder`` may not be written.

    Effects:
        Creates ``folder`` and writes into it; removes nothing.
    """
    if missing := [name for name in NEEDED if find_spec(name) is None]:
        raise UsageError(
            f"The example city is made with libraries that are not installed ({', '.join(missing)}). "
            "Nothing was written. Install them with: pip install 'curtilage[demo]'"
        )
    try:
        _begin(folder)
        _build(folder, residents, seed, today, tell)
    except OSError as error:
        raise NotWrittenError(path=folder, why=error.strerror or "unknown") from error
    except sqlite3.OperationalError as error:  # a full disk, as SQLite tells it
        raise NotWrittenError(path=folder, why=str(error)) from error


def _begin(folder: Path) -> None:
    """Take an empty folder; what lies in any other is somebody's, and is removed only where it is asked for."""
    if (folder / BEGUN).is_file():
        raise UsageError(
            f"{folder} holds an example city that was not built to its end. Nothing was removed. "
            "Remove it and build it anew with --again."
        )
    if folder.exists() and any(folder.iterdir()):
        raise UsageError(
            f"{folder} is not empty. Nothing was written. Name another folder, or remove this one yourself."
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / BEGUN).touch()


def _build(folder: Path, residents: int, seed: int, today: date, tell: Step) -> None:
    for name in ("databases", "exports", "forms", "logs"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    people = list(make_residents(residents, seed, today))
    tell("declarations, web forms and source code")
    _copy_data(folder, today)
    tell("PDF, Word and tablet forms")
    build_papers(folder / "forms")
    tell("databases")
    build_databases(folder / "databases", people)
    tell("extracts")
    build_exports(folder / "exports", people)
    tell("access logs")
    build_logs(folder / "logs", today)
    made = {"residents": residents, "seed": seed, "built": today.isoformat()}
    (folder / MARK).write_text(json.dumps(made) + "\n", encoding="utf-8")
    (folder / BEGUN).unlink()


def remove_city(folder: Path) -> None:
    """Remove an example city, or what was built of one.

    Raises:
        UsageError: ``folder`` is no example city; nothing is removed.

    Effects:
        Deletes ``folder`` with all that is in it.
    """
    if not (is_example(folder) or (folder / BEGUN).is_file()):
        raise UsageError(
            f"{folder} is no example city. Nothing was removed. If you do not need it, remove it yourself."
        )
    shutil.rmtree(folder)


def _copy_data(folder: Path, today: date) -> None:
    """Copy the package's data; a file that ends in ``.j2`` is filled in with dates around today."""
    environment = Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - no HTML
    dates = {
        "ago": lambda days: (today - timedelta(days=days)).isoformat(),
        "ahead": lambda days: (today + timedelta(days=days)).isoformat(),
    }
    with as_file(files("curtilage.demo") / "data") as data:
        for source in sorted(path for path in data.rglob("*") if path.is_file()):
            target = folder / source.relative_to(data)
            target.parent.mkdir(parents=True, exist_ok=True)
            text = source.read_text(encoding="utf-8")
            if source.suffix == ".j2":
                target, text = target.with_suffix(""), environment.from_string(text).render(dates)
            target.write_text(text, encoding="utf-8")
