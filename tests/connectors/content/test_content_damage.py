"""Real files of every format, cut off and bent at random: each ends in a clear line, and no word of it gets out."""

import gzip
import json
import random
import traceback
import zipfile

import docx
import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import feather, parquet
from reportlab.pdfgen import canvas

from curtilage.cli.assembly import open_content
from curtilage.connectors.content.ports import ContentLimits
from curtilage.foundation.errors import SourceError

CANARY = "078-05-1120"
TABLE = pa.table({"name": [f"{CANARY} {at}" for at in range(300)], "tags": [["a", CANARY]] * 300})


def write_csv(path):
    path.write_text("name,note\n" + f'Ana,"{CANARY}"\nJosé,é{CANARY}\n' * 200, "utf-8")


def write_gz(path):
    path.write_bytes(gzip.compress(f"name,note\nAna,{CANARY}\n".encode() * 500))


def write_json(path):
    path.write_text(json.dumps({"data": [{"name": CANARY, "n": [1, {"x": CANARY}]}] * 50}), "utf-8")


def write_jsonl(path):
    path.write_text(json.dumps({"name": CANARY, "n": 1.5}) + "\n", "utf-8")


def write_xlsx(path):
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet().write_column(0, 0, ["first_name", *[CANARY] * 20])
    book.close()


def write_docx(path):
    document = docx.Document()
    document.add_paragraph(CANARY)
    document.save(path)


def write_pdf(path):
    page = canvas.Canvas(str(path), pageCompression=0)
    page.drawString(100, 700, CANARY)
    page.acroForm.textfield(name="answer", value=CANARY, x=100, y=600)
    page.save()


def write_zip(path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", f"name,note\nAna,{CANARY}\n" * 100)
        archive.writestr("b.txt", f"{CANARY}\n" * 100)


def write_eml(path):
    head = "From: a@example.org\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
    path.write_text(f"{head}Content-Type: text/plain; charset=utf-8\n\n{CANARY}\n--b--\n", "utf-8")


FILES = {
    "csv": write_csv,
    "csv.gz": write_gz,
    "json": write_json,
    "jsonl": write_jsonl,
    "parquet": lambda path: parquet.write_table(TABLE, path, row_group_size=100),
    "feather": lambda path: feather.write_feather(TABLE, str(path), chunksize=100),
    "xlsx": write_xlsx,
    "docx": write_docx,
    "pdf": write_pdf,
    "zip": write_zip,
    "eml": write_eml,
}


def bend(content, chance):
    """Cut a file off, change some bytes of it, or put others between them."""
    bent = bytearray(content)
    how = chance.randrange(3)
    at = chance.randrange(len(bent))
    if how == 0:
        return bytes(bent[:at])
    if how == 1:
        for _ in range(chance.randrange(1, 12)):
            bent[chance.randrange(len(bent))] = chance.randrange(256)
        return bytes(bent)
    bent[at : at + chance.randrange(60)] = chance.randbytes(chance.randrange(60))
    return bytes(bent)


@pytest.mark.parametrize("suffix", FILES)
def test_a_damaged_file_ends_in_a_clear_line_without_a_word_of_it(tmp_path, suffix, caplog, capfd):
    path = tmp_path / f"a.{suffix}"
    FILES[suffix](path)
    content, chance = path.read_bytes(), random.Random(2017)
    said = []
    for _ in range(25):
        path.write_bytes(bend(content, chance))
        said += read_all(path)
    out, err = capfd.readouterr()

    assert CANARY not in "\n".join([*said, caplog.text, out, err])


def read_all(path):
    try:
        opened = open_content(str(path), path.name, ContentLimits(seconds=10))
    except SourceError as error:
        return ["".join(traceback.format_exception(error))]
    said = []
    try:
        for table in opened.tables():
            opened.sample(table, rows=10)
            for part in opened.parts(table, wanted=2):
                said.append(repr(part))
                sum(batch.num_rows for batch in opened.read(part))
            for column in table.columns[:2]:
                opened.extremes(table, column.name)
    except SourceError as error:
        said.append("".join(traceback.format_exception(error)))
    finally:
        said.append(repr(opened.told()))
        opened.close()
    return said
