"""Real worker processes read real files; some of the files are hostile."""

import os
import subprocess
import sys
import time
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from curtilage.connectors.pool import WorkerStartError
from curtilage.connectors.ports import Limits
from curtilage.connectors.walk import TargetMissingError
from curtilage.survey.sweep import Sweep, Target
from tests.processes import children_of, is_running, linux

TOOLS = "tests.survey.assemblies:tools"
CANARY = "canary-7391"
BOUNDS = Limits(seconds=60.0, memory_bytes=300 * 2**20, depth=100)


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def make(**files):
    Path("t").mkdir(exist_ok=True)
    for name, lines in files.items():
        Path(f"t/{name}.ask").write_text(lines.replace("; ", "\n"))


def sweep(*targets, **options):
    given = targets or (Target("t"),)
    return Sweep(given, TOOLS, **{"limits": BOUNDS, "jobs": 2} | options)


def test_places_are_recognised_and_counted():
    make(a="ask citizenship; ask shoe_size", b="ask language")
    look = sweep()
    seen = [(each.place.source, each.place.name, str(each.verdict.reveals)) for each in look]

    assert seen == [("t/a.ask", "citizenship", "direct"), ("t/b.ask", "language", "weak")]
    assert (look.tally.files, look.tally.places) == (2, 3)


def test_every_place_is_given_when_asked_for():
    make(a="ask citizenship; ask shoe_size")

    assert [each.place.name for each in sweep(every_place=True)] == ["citizenship", "shoe_size"]


def test_the_result_does_not_depend_on_the_number_of_workers():
    for number in range(60):
        make(**{f"form{number:02}": "ask citizenship; ask birthplace; ask language"})
    make(slow="print; ask citizenship", bad="exit", form07="crash")
    one, three = sweep(jobs=1), sweep(jobs=3)

    assert list(one) == list(three)
    assert (one.tally, one.told) == (three.tally, three.told)


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("sleep", "too-slow"),
        ("spin", "too-slow"),
        ("hog", "too-large"),
        ("exit", "crashed"),
        ("crash", "crashed"),
        ("recurse", "too-deep"),
        ("limit", "too-deep"),
        ("fail", "unreadable"),
    ],
)
def test_a_hostile_file_costs_one_line_and_the_rest_goes_on(behaviour, reason):
    make(a="ask citizenship", b=f"ask birthplace; {behaviour} {CANARY}", c="ask language")
    limits = Limits(seconds=2.0 if reason == "too-slow" else 60.0, memory_bytes=300 * 2**20)
    look = sweep(limits=limits)

    assert [each.place.source for each in look] == ["t/a.ask", "t/c.ask"]
    assert [(told.source, told.reason) for told in look.told] == [("t/b.ask", reason)]
    assert CANARY not in repr(look.told)


def test_many_hostile_files_do_not_use_up_the_workers():
    make(**{f"f{number}": "exit" if number % 2 else "ask language" for number in range(24)})
    look = sweep()

    assert len(list(look)) == 12
    assert look.tally.passed_over == (("crashed", 12),)


def test_what_a_library_prints_goes_nowhere(capfd):
    make(a="print; ask citizenship")

    assert len(list(sweep())) == 1
    assert CANARY not in "".join(capfd.readouterr())


def test_a_module_beside_the_scanned_files_is_not_imported():
    make(a="ask citizenship")
    for name in ("json", "msgspec", "resource"):
        Path(f"{name}.py").write_text("import os; os._exit(9)")
    script = "from tests.survey.test_sweep import sweep; print(len(list(sweep())))"
    paths = os.pathsep.join(path for path in sys.path if path)
    ran = subprocess.run(
        [sys.executable, "-P", "-c", script], capture_output=True, env={**os.environ, "PYTHONPATH": paths}
    )

    assert ran.stdout == b"1\n"


def test_when_the_surest_reader_cannot_the_next_reads():
    make(a="doubtful; ask citizenship")

    assert [each.place.name for each in sweep()] == ["citizenship"]


def test_standard_input_is_looked_at_under_its_name():
    (seen,) = sweep(Target("-", content=b"ask citizenship", name="piped.ask"))

    assert seen.place.source == "piped.ask"


def test_a_large_standard_input_reaches_the_worker():
    content = b"ask citizenship\n" + b"#" * 5_000_000

    assert len(list(sweep(Target("-", content=content, name="piped.ask")))) == 1


def test_what_lies_in_two_targets_is_looked_at_once():
    make(a="ask citizenship", b="ask language")
    look = sweep(Target("t"), Target("t/*.ask"), Target("t/a.ask"))

    assert [each.place.source for each in look] == ["t/a.ask", "t/b.ask"]
    assert look.tally.files == 2


def test_what_is_named_twice_is_looked_at_once():
    make(a="ask citizenship")

    assert len(list(sweep(Target("t"), Target("./t/"), Target(str(Path("t").absolute()))))) == 1


def test_a_missing_target_is_told_before_anything_is_read():
    make(a="ask citizenship")
    look = sweep(Target("t"), Target("missing"))

    with pytest.raises(TargetMissingError):
        next(iter(look))
    assert look.tally.files == 0


def test_a_sqlite_file_in_a_folder_is_read_as_a_database():
    make(a="ask language")
    Path("t/people.db").write_bytes(b"SQLite format 3\0" + b"\0" * 100)
    look = sweep()
    seen = [(each.place.source, each.place.name) for each in look]

    assert ("t/people.db", "birthplace") in seen
    assert (look.tally.files, look.tally.tables) == (1, 2)


def test_a_database_that_does_not_answer_is_told_without_its_secrets():
    look = sweep(Target(f"postgresql://ana:{CANARY}@silent/housing"))

    assert list(look) == []
    assert [(told.source, told.reason) for told in look.told] == [
        ("postgresql://silent/housing", "not-readable")
    ]
    assert CANARY not in repr(look.told)


def test_names_that_are_no_text_are_read_and_shown():
    make(a="ask language")
    Path(os.fsdecode(b"t/caf\xe9.ask")).write_text("ask citizenship")

    assert [each.place.source for each in sweep()] == ["t/a.ask", r"t/caf\xe9.ask"]


def test_what_is_only_counted_is_not_told():
    make(a="ask language")
    Path("t/notes.txt").write_text("words")
    Path("t/.hidden").write_text("words")
    look = sweep()
    list(look)

    assert look.tally.passed_over == (("hidden", 1), ("no-reader", 1))
    assert look.told == []


def test_tools_that_cannot_be_made_are_told_and_nothing_hangs():
    make(a="ask language")

    with pytest.raises(WorkerStartError, match="a rule file is missing"):
        list(Sweep((Target("t"),), "tests.survey.assemblies:broken"))


@linux
def test_stopping_in_the_middle_leaves_no_worker_behind():
    make(**{f"f{number}": "ask citizenship" for number in range(20)}, z="sleep")
    others = children_of()
    places = iter(sweep(limits=Limits(seconds=600)))
    next(places)
    children = children_of() - others
    places.close()

    assert children
    assert not any(is_running(child) for child in children)


@linux
def test_workers_end_when_their_parent_is_killed():
    make(**{f"f{number}": "ask citizenship" for number in range(40)}, a="sleep")
    script = "from tests.survey.test_sweep import *; list(sweep(limits=Limits(seconds=2.0)))"
    paths = os.pathsep.join(path for path in sys.path if path)
    parent = subprocess.Popen([sys.executable, "-P", "-c", script], env={**os.environ, "PYTHONPATH": paths})
    while parent.poll() is None and not (children := children_of(parent.pid)):
        time.sleep(0.02)
    parent.kill()
    parent.wait()
    for _ in range(500):
        if not any(is_running(child) for child in children):
            break
        time.sleep(0.02)

    assert not any(is_running(child) for child in children)


def test_a_great_many_files_take_little_memory_and_keep_their_order():
    Path("t").mkdir()
    for number in range(3000):
        Path(f"t/f{number:05}.ask").write_text("ask language")
    sources = [each.place.source for each in sweep()]

    assert sources == sorted(sources)
    assert Counter(sources).total() == 3000


def test_a_zip_of_forms_is_looked_into_and_counted_by_its_files():
    make(a="ask citizenship", b="ask language")
    with zipfile.ZipFile("forms.zip", "w") as archive:
        for name in ("a.ask", "b.ask", "notes.txt"):
            archive.writestr(name, Path(f"t/{name}").read_text() if name != "notes.txt" else "words")
    look = sweep(Target("forms.zip"))

    assert [each.place.source for each in look] == ["forms.zip!a.ask", "forms.zip!b.ask"]
    assert (look.tally.files, look.tally.passed_over) == (2, (("no-reader", 1),))


def test_a_hostile_file_in_a_zip_costs_the_zip_only():
    make(a="ask citizenship")
    with zipfile.ZipFile("t/forms.zip", "w") as archive:
        archive.writestr("b.ask", "exit")
    look = sweep()

    assert [each.place.source for each in look] == ["t/a.ask"]
    assert [(told.source, told.reason) for told in look.told] == [("t/forms.zip", "crashed")]
