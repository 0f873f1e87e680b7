"""Never a second copy: values of records are planted everywhere, and looked for in all that is written or said.

Source:
    design decision 0007: findings, logs, errors, reports and observations hold places, kinds and counts.
"""

import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import docx
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet
from reportlab.pdfgen.canvas import Canvas

CANARY = "Xochitl-Canary-7391"
NUMBER = "A777391777"
CANARIES = (CANARY, NUMBER, CANARY.encode("utf-16-le"), CANARY.upper())

INVENTORY = """\
systems:
  - {id: db, title: Files, connection: db, host: city}
  - {id: drive, title: Drive, connection: drive, host: city}
  - {id: gone, title: Gone, connection: gone, host: city}
"""


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("canary") / "city"
    run("init", str(folder))
    data = folder / "data"
    data.mkdir()
    plant_tables(data)
    plant_documents(data)
    plant_broken_files(data)
    (folder / "inventory" / "systems.yml").write_text(INVENTORY)
    with (folder / "curtilage.toml").open("a") as settings:
        settings.write('\ndb = "sqlite:data/people.db"\ndrive = "data"\ngone = "env:GONE_URL"\n')
    return folder


def plant_tables(data):
    with closing(sqlite3.connect(data / "people.db")) as db, db:
        db.execute("CREATE TABLE people (full_name TEXT, alien_no TEXT, note TEXT)")
        db.execute("INSERT INTO people VALUES (?, ?, ?)", (CANARY, NUMBER, f"says {CANARY}"))
    (data / "people.csv").write_text(f"full_name,alien_no\n{CANARY},{NUMBER}\n")
    (data / "dump.sql").write_text(
        "CREATE TABLE people (full_name text, alien_no text);\n"
        f"INSERT INTO people VALUES ('{CANARY}', '{NUMBER}');\n"
        f"COPY people (full_name, alien_no) FROM stdin;\n{CANARY}\t{NUMBER}\n\\.\n"
    )
    (data / "no-header.csv").write_text(f"{CANARY},{NUMBER},1990-04-01\nSomebody,A123456789,1970-01-02\n")
    (data / "one-line.csv").write_text(f"{CANARY},{NUMBER}\n")
    table = pa.table({"full_name": [CANARY], "alien_no": [NUMBER]})
    parquet.write_table(table, data / "people.parquet")
    with xlsxwriter.Workbook(data / "people.xlsx") as book:
        sheet = book.add_worksheet("people")
        sheet.write_row(0, 0, ("full_name", "alien_no"))
        sheet.write_row(1, 0, (CANARY, NUMBER))
    (data / "people.json").write_text(f'[{{"full_name": "{CANARY}", "alien_no": "{NUMBER}"}}]')
    (data / "people.jsonl").write_text(f'{{"full_name": "{CANARY}"}}\n')


def plant_documents(data):
    canvas = Canvas(str(data / "form.pdf"))
    canvas.drawString(60, 700, "Full name")
    canvas.acroForm.textfield(
        name="full_name", tooltip="Full name", value=CANARY, x=60, y=660, width=200, height=20
    )
    canvas.save()
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Alien number", NUMBER
    document.save(data / "form.docx")
    (data / "form.html").write_text(
        f'<form><label>Full name <input name="full_name" value="{CANARY}"></label>'
        f"<label>Notes <textarea name=notes>{CANARY}</textarea></label></form>"
    )
    (data / "schema.json").write_text(
        f'{{"type": "object", "properties": {{"fullName": {{"type": "string", "default": "{CANARY}", "examples": ["{CANARY}"]}}}}}}'
    )


def plant_broken_files(data):
    """Files whose broken line holds a value: the likeliest way into an error."""
    for name, text in (
        ("broken.json", f'{{"properties": {{"name": "{CANARY}" '),
        ("broken.yml", f"elements: |\n  a: [{CANARY}\nquestion: {{{CANARY}\n"),
        ("broken.xml", f"<CustomField><fullName>{CANARY}</CustomField>"),
        ("broken.xsd", f"<xs:schema xmlns:xs='x'><xs:element name='{CANARY}>"),
        ("broken.sql", f"CREATE TABLE x (a text DEFAULT '{CANARY};\n"),
        ("broken.py", f"class A(models.Model):\n    x = models.CharField('{CANARY}\n"),
        ("broken.csv", f'"full_name,alien_no\n{CANARY},"{NUMBER}\n'),
        ("broken.pdf", f"%PDF-1.7\n{CANARY}\n"),
        ("broken.xlsx", f"PK\x03\x04{CANARY}"),
    ):
        (data / name).write_text(text)


COMMANDS = [
    ("scan", "data"),
    ("scan", "data", "--format", "jsonl", "--all"),
    ("scan", "data", "--format", "json", "--all"),
    ("scan", "data/people.db", "data/people.csv", "--all"),
    ("--debug", "scan", "data"),
    ("scan", "data", "--sample", "2", "--format", "jsonl"),
    ("scan", "data/people.csv", "--explain", "alien_no"),
    ("scan", "data/people.csv", "--explain", "full_name", "--format", "json"),
    ("scan", "data/people.db", "--explain", "note"),
    ("scan", "data/broken.csv", "--explain", "full_name"),
    ("survey",),
    ("survey", "--format", "json"),
    ("check",),
    ("check", "--format", "json", "--all"),
    ("check", "--format", "sarif"),
    ("check", "--format", "html", "--out", "report.html"),
    ("check", "--write-baseline", "baseline.json"),
    ("inventory", "validate"),
    ("inventory", "export", "--format", "json"),
    ("inventory", "export", "--format", "csv"),
    ("inventory", "import", "data/people.db"),
    ("inventory", "import", "data/form.pdf"),
    ("inventory", "import", "data/form.html"),
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_says_or_writes_a_value_of_a_record(city, words):
    planted = set((city / "data").rglob("*")) | {city / "curtilage.toml"}
    done = run(*words, cwd=city)
    said = done.stdout + done.stderr

    assert [canary for canary in CANARIES if as_bytes(canary) in said] == []
    assert [path for path in written(city, planted) if holds_a_canary(path)] == []


def written(city, planted):
    temporary = city.parent / "tmp"
    return [
        path
        for folder in (city, temporary)
        for path in folder.rglob("*")
        if path.is_file() and path not in planted
    ]


def holds_a_canary(path):
    content = path.read_bytes()
    return any(as_bytes(canary) in content for canary in CANARIES)


def as_bytes(canary):
    return canary if isinstance(canary, bytes) else canary.encode()


def run(*words, cwd=None):
    temporary = (cwd.parent / "tmp") if cwd else None
    if temporary:
        temporary.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "HOME": str(cwd or "/"), "TMPDIR": str(temporary or "/tmp")}
    env["GONE_URL"] = f"postgresql://u:{CANARY}@127.0.0.1:9/x"
    command = [sys.executable, "-m", "curtilage", *words]
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, timeout=120)
