"""What import drafts from a system is what a check finds there: nothing vanishes, nothing is undeclared."""

import csv
import json
import sqlite3
from contextlib import closing

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from tests.cli.running import run

HEADER = ("card_no", "Country of birth", "e.mail")


def as_csv(path):
    with path.with_suffix(".csv").open("w", newline="") as file:
        csv.writer(file).writerows([HEADER, ("1", "x", "y")])
    return "exports/cards.csv"


def as_folder(path):
    as_csv(path)
    return "exports"


def as_parquet(path):
    parquet.write_table(pa.table({name: ["1"] for name in HEADER}), path.with_suffix(".parquet"))
    return "exports/cards.parquet"


def as_workbook(path):
    with xlsxwriter.Workbook(path.with_suffix(".xlsx")) as book:
        sheet = book.add_worksheet("Cards")
        for row, cells in enumerate([HEADER, ("1", "x", "y"), ("2", "x", "y")]):
            sheet.write_row(row, 0, cells)
    return "exports/cards.xlsx"


def as_sqlite(path):
    with closing(sqlite3.connect(path.with_suffix(".db"))) as db, db:
        db.execute('CREATE TABLE cards (card_no TEXT, "Country of birth" TEXT, email TEXT)')
    return "sqlite:exports/cards.db"


def as_schema(path):
    path.with_suffix(".sql").write_text("CREATE TABLE cards (card_no TEXT, birth_country TEXT, email TEXT);")
    return "exports/cards.sql"


@pytest.mark.parametrize("lay", [as_csv, as_folder, as_parquet, as_workbook, as_sqlite, as_schema])
def test_what_is_drafted_from_a_system_is_found_in_it(lay, tmp_path):
    city = tmp_path / "city"
    run("init", city)
    (city / "exports").mkdir()
    with (city / "curtilage.toml").open("a") as settings:
        settings.write(f'\ncards = "{lay(city / "exports" / "cards")}"\n')
    drafted = run(
        "inventory",
        "import",
        "database",
        "cards",
        "--department",
        "lib",
        "--program",
        "loans",
        "--city",
        city,
    )
    assert drafted.returncode == 0, drafted.stderr

    surveyed = json.loads(run("survey", "--city", city, "--format", "json").stdout)
    assert surveyed["systems"] == ["cards"]
    checked = json.loads(run("check", "--city", city, "--format", "json", "--safeguard", "1").stdout)
    drift = [each for each in checked["findings"] if "column" in each["code"]]
    assert [each["message"] for each in drift] == []
