"""Records go out of files: those that are due and may go, once, and nothing of them is left beside."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
import xlsxwriter
from pyarrow import parquet

from curtilage.connectors.disposal.conditions import Compare, HashIn, KeyIn
from curtilage.connectors.disposal.files.marks import NAME
from curtilage.connectors.disposal.hashing import Hasher, SetDigest
from curtilage.connectors.disposal.nouns import (
    Delete,
    DestroyKey,
    RemoveFiles,
    RewriteFile,
    Target,
    TransferThen,
)
from curtilage.connectors.disposal.ports import LockedError, LostClaimError, UnfitTargetError
from curtilage.connectors.drivers.dispose_files import FileDisposer, FilesNotReadableError

HASHER = Hasher(b"k" * 32)
CANARY = "Xochitl-Canary-7391"
DUE = Compare("decided_on", "<", date(2016, 11, 24))
HEADER = "id,name,decided_on,status\n"
ROWS = (
    f"1,{CANARY},2015-01-03,denied\n",
    "2,Ben,2017-01-03,denied\n",
    '3,"Cy ""the\nlate"", Q",2016-11-23,denied\n',
    "4,Dee,11/24/2014,denied\n",
    "5,Eve,,denied\n",
    "6,Fay,2014-01-01\n",
)


class Guard:
    """Spares what it is told, and remembers what it was asked."""

    def __init__(self, spare=None, then=None):
        self.spares, self.then, self.batches = spare, then, []

    def spare(self, table):
        return self.spares

    def permit(self, batch):
        self.batches.append(batch)
        if self.then:
            self.then()


class Archive:
    def __init__(self):
        self.taken = {}

    def take(self, item, number, rows):
        self.taken[item, number] = [
            (table, tuple(columns), [tuple(row) for row in found]) for table, columns, found in rows
        ]


@pytest.fixture
def folder(tmp_path):
    root = tmp_path / "exports"
    root.mkdir()
    (root / "requests.csv").write_text(HEADER + "".join(ROWS))
    return root


def target(table="requests.csv", condition=DUE, key=("id",), **more):
    return Target("drive", table, condition, key, **more)


def dispose(root, where=None, act=None, *, guard=None, limit=100, archives=None, item="plan:1"):
    disposer = FileDisposer(root, "drive", HASHER, archives=archives)
    disposer.check(where or target(), act or RewriteFile())
    disposer.claim(item)
    batches = []
    while True:
        batch = disposer.do_batch(
            item, where or target(), act or RewriteFile(), limit=limit, guard=guard or Guard()
        )
        if not batch.rows:
            return batches
        batches.append(batch)


def test_rows_that_are_due_go_and_the_others_keep_their_very_bytes(folder):
    (batch,) = dispose(folder)

    assert batch.rows == 2
    assert (folder / "requests.csv").read_text() == HEADER + "".join(ROWS[at] for at in (1, 3, 4, 5))


def test_what_cannot_be_decided_stays(folder):
    """A day in another form, no day, a row that is cut short."""
    dispose(folder, target(condition=Compare("decided_on", "<", date(2199, 1, 1))))

    assert (folder / "requests.csv").read_text() == HEADER + "".join(ROWS[3:])


@pytest.mark.parametrize(
    ("mark", "encoding", "newline"),
    [
        ("\ufeff", "utf-8", "\r\n"),
        ("\ufeff", "utf-16-le", "\n"),
        ("", "latin-1", "\r\n"),
        ("", "utf-8", "\n"),
    ],
)
def test_marks_encodings_and_ends_of_lines_stay(folder, mark, encoding, newline):
    text = mark + (HEADER + "1,José,2015-01-03,x\n2,Zoë,2017-01-03,x\n").replace("\n", newline)
    (folder / "requests.csv").write_bytes(text.encode(encoding))

    dispose(folder)
    left = mark + (HEADER + "2,Zoë,2017-01-03,x\n").replace("\n", newline)

    assert (folder / "requests.csv").read_bytes() == left.encode(encoding)


def test_titles_above_the_header_and_other_delimiters_stay(folder):
    text = "Requests of the year\n\nid;name;decided_on\n1;A;2015-01-03\n2;B;2017-01-03\n3;C;2017-02-03\n"
    (folder / "requests.csv").write_text(text)

    dispose(folder)

    assert (folder / "requests.csv").read_text() == text.replace("1;A;2015-01-03\n", "")


def test_a_quote_that_is_never_closed_refuses_the_file(folder):
    (folder / "requests.csv").write_text(HEADER + '1,"A,2015-01-03,x\n2,B,2015-01-03,x\n')

    with pytest.raises(UnfitTargetError, match="does not follow its format"):
        dispose(folder)


def test_what_a_hold_covers_stays(folder):
    held = HashIn("id", frozenset({HASHER.subject("1")}))

    (batch,) = dispose(folder, guard=Guard(held))

    assert (batch.rows, batch.spared) == (1, 1)
    assert CANARY in (folder / "requests.csv").read_text()


def test_whom_nobody_can_tell_stays_under_a_hold_on_people(folder):
    (folder / "requests.csv").write_text(HEADER + ",A,2015-01-03,x\n2,B,2015-01-03,x\n")
    held = HashIn("id", frozenset({HASHER.subject("1")}))

    dispose(folder, guard=Guard(held))

    assert (folder / "requests.csv").read_text() == HEADER + ",A,2015-01-03,x\n"


def test_a_batch_takes_no_more_than_it_may(folder):
    assert [batch.rows for batch in dispose(folder, limit=1)] == [1, 1]


def test_a_guard_that_refuses_leaves_everything(folder):
    def refuse():
        raise PermissionError

    before = (folder / "requests.csv").read_bytes()
    with pytest.raises(FilesNotReadableError):
        dispose(folder, guard=Guard(then=refuse))

    assert (folder / "requests.csv").read_bytes() == before
    assert list_names(folder) == [NAME, "requests.csv"]


def test_a_file_that_changes_meanwhile_is_left_alone(folder):
    def change():
        with (folder / "requests.csv").open("a") as file:
            file.write("7,Gus,2015-01-03,x\n")

    with pytest.raises(LockedError):
        dispose(folder, guard=Guard(then=change))

    assert CANARY in (folder / "requests.csv").read_text()
    assert list_names(folder) == [NAME, "requests.csv"]


def test_a_file_that_is_replaced_meanwhile_is_left_alone(folder):
    def replace_it():
        (folder / "new").write_text(HEADER)
        (folder / "new").replace(folder / "requests.csv")

    with pytest.raises(LockedError):
        dispose(folder, guard=Guard(then=replace_it))

    assert (folder / "requests.csv").read_text() == HEADER


def test_the_old_bytes_are_overwritten(folder):
    with (folder / "requests.csv").open("rb") as old:
        dispose(folder)

        assert set(old.read()) == {0}


def test_nothing_readable_is_left_beside(folder):
    dispose(folder)
    disposer = FileDisposer(folder, "drive", HASHER)
    disposer.forget(["plan:1"])

    assert list_names(folder) == ["requests.csv"]
    assert all(CANARY.encode() not in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def test_who_lost_the_claim_commits_nothing(folder):
    first = FileDisposer(folder, "drive", HASHER)
    first.claim("plan:1")
    FileDisposer(folder, "drive", HASHER).claim("plan:1")

    with pytest.raises(LostClaimError):
        first.do_batch("plan:1", target(), RewriteFile(), limit=9, guard=Guard())
    assert CANARY in (folder / "requests.csv").read_text()


def test_all_files_of_a_pattern_are_worked_on_one_by_one(folder):
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(HEADER + "1,A,2015-01-03,x\n2,B,2017-01-03,x\n")

    batches = dispose(folder, target("*.csv"))

    assert [batch.rows for batch in batches] == [1, 1, 2]
    assert len({key for batch in batches for key in batch.keys}) == 4


def test_the_keys_are_those_that_a_replay_looks_for(folder):
    before = (folder / "requests.csv").read_bytes()
    keys = frozenset(key.hex() for batch in dispose(folder) for key in batch.keys)
    (folder / "requests.csv").write_bytes(before + b"9,New,2015-01-03,x\n")

    (batch,) = dispose(folder, target(condition=KeyIn(keys)), item="replay:1")

    assert batch.rows == 2
    assert b"9,New" in (folder / "requests.csv").read_bytes()


def test_counting_digesting_and_measuring_change_nothing(folder):
    before = (folder / "requests.csv").read_bytes()
    disposer = FileDisposer(folder, "drive", HASHER)
    count, digest = disposer.keys_digest(target())
    measure = disposer.measure(
        target(), [DUE, Compare("decided_on", ">=", date(2016, 11, 24)), None], column="decided_on"
    )

    assert (disposer.count(target()), count) == (2, 2)
    assert digest != SetDigest().hexdigest()
    assert measure.counts == (2, 1, 6)
    assert (measure.oldest, measure.newest) == (date(2015, 1, 3), date(2016, 11, 23))
    assert (folder / "requests.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("where", "act"),
    [
        (target(condition=Compare("gone", "<", date(2016, 1, 1))), RewriteFile()),
        (target(key=("gone",)), RewriteFile()),
        (target("nowhere.csv"), RewriteFile()),
        (target("../exports/requests.csv"), RewriteFile()),
        (target("/etc/passwd", Compare("file_modified", "<", date(2016, 1, 1)), ()), RemoveFiles()),
        (target(), RemoveFiles()),
        (target(), Delete()),
        (target(), TransferThen(RewriteFile(), "nobody")),
        (target("notes.ods"), RewriteFile()),
    ],
)
def test_what_does_not_fit_is_refused_before_anything(folder, where, act):
    (folder / "notes.ods").write_bytes(b"PK")

    with pytest.raises(UnfitTargetError, match="Nothing was deleted"):
        FileDisposer(folder, "drive", HASHER).check(where, act)


def test_a_document_that_went_before_is_not_missed(scans):
    where = Target("scans", "case-2/birth.pdf", OLD, ("file_path",))
    dispose(scans, where, RemoveFiles())

    assert FileDisposer(scans, "scans", HASHER).count(where) == 0
    assert dispose(scans, where, RemoveFiles()) == []


def test_a_link_is_refused(folder):
    (folder / "link.csv").symlink_to(folder / "requests.csv")

    with pytest.raises(UnfitTargetError, match="link"):
        dispose(folder, target("link.csv"))


def test_a_file_with_a_second_name_is_refused(folder):
    os.link(folder / "requests.csv", folder.parent / "kept.csv")

    with pytest.raises(UnfitTargetError, match="second name"):
        dispose(folder)


def test_a_system_that_is_one_file_is_that_file(folder):
    (folder / "other.csv").write_text(HEADER + ROWS[0] + ROWS[1])
    disposer = FileDisposer(folder / "requests.csv", "drive", HASHER)

    assert disposer.count(target()) == 2
    with pytest.raises(UnfitTargetError, match="one file"):
        disposer.count(target("other.csv"))


def test_a_folder_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FilesNotReadableError, match="no such folder"):
        FileDisposer(tmp_path / "nowhere", "drive", HASHER)


def test_what_is_transferred_is_taken_over_before_it_goes(folder):
    archive = Archive()
    dispose(folder, act=TransferThen(RewriteFile(), "attic"), archives={"attic": archive})

    ((table, columns, rows),) = archive.taken["plan:1", 1]
    assert (table, columns[0], rows[0][:2]) == ("requests.csv", "id", ("1", CANARY))


# --- Parquet -----------------------------------------------------------------------------------------


def test_rows_go_out_of_parquet_and_the_schema_stays(folder):
    schema = pa.schema(
        [("id", pa.int64()), ("name", pa.string()), ("decided_on", pa.date32())], {"made": "by the city"}
    )
    days = [date(2015, 1, 3), date(2017, 1, 3), None, date(2016, 1, 1)]
    table = pa.table({"id": [1, 2, 3, 4], "name": [CANARY, "B", "C", "D"], "decided_on": days}, schema=schema)
    parquet.write_table(table, folder / "requests.parquet", compression="zstd", row_group_size=2)

    (batch,) = dispose(folder, target("requests.parquet"))
    left = parquet.ParquetFile(folder / "requests.parquet")

    assert batch.rows == 2
    assert left.read().column("id").to_pylist() == [2, 3]
    assert left.schema_arrow.metadata[b"made"] == b"by the city"
    assert left.metadata.row_group(0).column(0).compression == "ZSTD"
    assert CANARY.encode() not in (folder / "requests.parquet").read_bytes()


def test_what_is_no_parquet_is_refused(folder):
    (folder / "requests.parquet").write_bytes(b"PAR1 nothing")

    with pytest.raises(UnfitTargetError, match="Parquet"):
        dispose(folder, target("requests.parquet"))


# --- workbooks ---------------------------------------------------------------------------------------


def make_workbook(path, *, more=lambda book, sheet: None):
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Requests")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["id", "name", "decided_on", "mail"])
    days = [date(2015, 1, 3), date(2017, 1, 3), date(2016, 1, 1)]
    for at, (name, decided) in enumerate(zip((CANARY, "Ben", "Cy"), days, strict=True), start=1):
        sheet.write_number(at, 0, at)
        sheet.write_string(at, 1, name)
        sheet.write_datetime(at, 2, datetime.combine(decided, datetime.min.time()), day)
        sheet.write_url(at, 3, f"mailto:{name}@example.org")
    more(book, sheet)
    book.close()


def unpacked(path):
    import zipfile

    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def test_rows_go_out_of_a_workbook_with_their_texts_and_links(folder):
    import python_calamine

    make_workbook(folder / "requests.xlsx")
    assert CANARY.encode() in unpacked(folder / "requests.xlsx")

    (batch,) = dispose(folder, target("requests.xlsx"))
    rows = (
        python_calamine.CalamineWorkbook.from_path(str(folder / "requests.xlsx"))
        .get_sheet_by_index(0)
        .to_python()
    )

    assert batch.rows == 2
    assert [row[1] for row in rows if any(row)] == ["name", "Ben"]
    assert CANARY.encode() not in unpacked(folder / "requests.xlsx")


def test_results_that_formulas_keep_are_dropped(folder):
    def add(book, sheet):
        sheet.write_formula(1, 6, "=B2", None, CANARY)
        sheet.write_formula(2, 6, "=B2", None, CANARY)

    make_workbook(folder / "requests.xlsx", more=add)
    dispose(folder, target("requests.xlsx"))

    assert CANARY.encode() not in unpacked(folder / "requests.xlsx")
    assert b"<f>B2</f>" in unpacked(folder / "requests.xlsx")


@pytest.mark.parametrize(
    "more",
    [
        lambda book, sheet: sheet.write_comment(1, 1, f"About {CANARY}"),
        lambda book, sheet: book.add_worksheet("Two").write(0, 0, CANARY),
    ],
)
def test_a_workbook_in_which_copies_may_lie_is_refused(folder, more):
    make_workbook(folder / "requests.xlsx", more=more)

    with pytest.raises(UnfitTargetError):
        dispose(folder, target("requests.xlsx"))


# --- documents ---------------------------------------------------------------------------------------

OLD = Compare("file_modified", "<", date(2016, 11, 24))


@pytest.fixture
def scans(tmp_path):
    root = tmp_path / "scans"
    for name, year in (("case-1/passport.pdf", 2015), ("case-1/lease.pdf", 2017), ("case-2/birth.pdf", 2014)):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{CANARY} {name}")
        moment = datetime(year, 3, 4, tzinfo=UTC).timestamp()
        os.utime(path, (moment, moment))
    return root


def documents(condition=OLD, **more):
    return Target("scans", "**/*.pdf", condition, ("file_path",), **more)


def list_names(root):
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_documents_that_are_due_go_as_a_whole(scans):
    (batch,) = dispose(scans, documents(), RemoveFiles())

    assert batch.rows == 2
    assert list_names(scans) == [NAME, "case-1/lease.pdf"]


def test_a_hold_on_a_case_keeps_its_documents(scans):
    held = HashIn("file_folder", frozenset({HASHER.subject("case-1")}))

    dispose(scans, documents(subject="file_folder"), RemoveFiles(), guard=Guard(held))

    assert list_names(scans) == [NAME, "case-1/lease.pdf", "case-1/passport.pdf"]


def test_the_day_may_stand_in_the_path(scans):
    (scans / "2014").mkdir()
    for name in ("2014/2014-05-06-visit.pdf", "2014/visit-2018-05-06.pdf", "2014/no-day.pdf"):
        (scans / name).write_text("x")

    dispose(scans, documents(Compare("file_day", "<", date(2016, 11, 24))), RemoveFiles())

    assert "2014/2014-05-06-visit.pdf" not in list_names(scans)
    assert {"2014/visit-2018-05-06.pdf", "2014/no-day.pdf"} <= set(list_names(scans))


def test_a_refusal_puts_every_document_back(scans):
    def refuse():
        raise OSError(28, "No space left on device")

    with pytest.raises(FilesNotReadableError, match="No space left"):
        dispose(scans, documents(), RemoveFiles(), guard=Guard(then=refuse))

    assert list_names(scans) == [NAME, "case-1/lease.pdf", "case-1/passport.pdf", "case-2/birth.pdf"]


def test_the_bytes_of_a_document_are_overwritten(scans):
    with (scans / "case-2/birth.pdf").open("rb") as old:
        dispose(scans, documents(), RemoveFiles())

        assert set(old.read()) == {0}


def test_documents_that_are_transferred_are_taken_with_their_content(scans):
    archive = Archive()
    dispose(scans, documents(), TransferThen(RemoveFiles(), "attic"), archives={"attic": archive})

    ((_, columns, rows),) = archive.taken["plan:1", 1]
    assert columns == ("file_path", "content")
    assert ("case-2/birth.pdf", f"{CANARY} case-2/birth.pdf".encode()) in rows


def test_a_key_in_a_file_is_destroyed(scans):
    key = scans / "keys" / "backup-2014.key"
    key.parent.mkdir()
    key.write_bytes(b"k" * 32)
    os.utime(key, (0, datetime(2015, 1, 1, tzinfo=UTC).timestamp()))
    where = Target("scans", "keys/backup-2014.key", OLD, ("file_path",))
    with key.open("rb") as old:
        dispose(scans, where, DestroyKey("backup-2014"))

        assert set(old.read()) == {0}
    assert not key.exists()


def test_another_key_than_the_named_one_is_not_destroyed(scans):
    where = Target("scans", "keys/backup-2014.key", OLD, ("file_path",))

    with pytest.raises(UnfitTargetError, match="not that of key backup-2015"):
        FileDisposer(scans, "scans", HASHER).check(where, DestroyKey("backup-2015"))


def test_messages_tell_the_pattern_and_no_file(scans):
    (scans / f"{CANARY}.pdf").symlink_to(scans / "case-1/lease.pdf")

    with pytest.raises(UnfitTargetError) as told:
        dispose(scans, documents(), RemoveFiles())
    assert CANARY not in str(told.value)


# --- crashes -----------------------------------------------------------------------------------------

WORKER = """
import os, sys
from pathlib import Path
from pathlib import Path
from tests.connectors.disposal.test_files import Guard, HASHER, documents, target
from curtilage.connectors.disposal.nouns import RemoveFiles, RewriteFile
from curtilage.connectors.drivers.dispose_files import FileDisposer

root, kind, at = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
count = 0

def step(event, arguments):
    global count
    if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"):
        count += 1
        if count == at:
            os.kill(os.getpid(), 9)

disposer = FileDisposer(root, "drive", HASHER)
where, act = (target(), RewriteFile()) if kind == "rows" else (documents(), RemoveFiles())
disposer.claim("plan:1")
sys.addaudithook(step)
batch = disposer.do_batch("plan:1", where, act, limit=100, guard=Guard())
print(batch.rows)
"""


def crash(root, kind, at):
    found = subprocess.run(
        [sys.executable, "-c", WORKER, str(root), kind, str(at)], capture_output=True, text=True
    )
    assert found.returncode in {0, -9}, found.stderr
    return found.returncode == -9


@pytest.mark.parametrize("at", range(1, 16))
def test_a_file_of_rows_is_old_or_new_wherever_the_work_is_killed(folder, at):
    before, after = HEADER + "".join(ROWS), HEADER + "".join(ROWS[each] for each in (1, 3, 4, 5))
    crash(folder, "rows", at)
    found = (folder / "requests.csv").read_text()
    mark = FileDisposer(folder, "drive", HASHER).claim("plan:1")

    assert (found, mark.number, mark.rows) in {(before, 0, 0), (after, 1, 2)}
    assert list_names(folder) == [NAME, "requests.csv"]
    assert sum(batch.rows for batch in dispose(folder)) == 2 - mark.rows


@pytest.mark.parametrize("at", range(1, 24))
def test_documents_go_all_or_none_wherever_the_work_is_killed(scans, at):
    crash(scans, "documents", at)
    mark = FileDisposer(scans, "drive", HASHER).claim("plan:1")
    kept = [NAME, "case-1/lease.pdf"]
    all_of_them = sorted([*kept, "case-1/passport.pdf", "case-2/birth.pdf"])

    assert (list_names(scans), mark.number, mark.rows) in [(all_of_them, 0, 0), (kept, 1, 2)]
    assert sum(batch.rows for batch in dispose(scans, documents(), RemoveFiles())) == 2 - mark.rows


def test_the_kills_reach_past_the_commit(folder, scans):
    """Otherwise the two tests above would prove less than they say."""
    assert not crash(folder, "rows", 200)
    assert json.loads((folder / NAME).read_text())["plan:1"]["number"] == 1
