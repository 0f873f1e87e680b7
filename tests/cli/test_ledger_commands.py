"""The commands of the ledger, run as a newcomer runs them, with a real witness in a process of its own."""

import json
import re
import sqlite3
import subprocess
from datetime import UTC, date, datetime

import pytest

from curtilage.cli.keeping import open_keeping
from curtilage.cli.ledger_verify import PROJECTIONS
from curtilage.foundation.clock import SystemClock
from curtilage.ledger.nouns import Event
from curtilage.ledger.snapshots import State, keep_snapshot, load_state
from curtilage.retention.events import HoldPlaced, to_event
from curtilage.retention.holds import HOLDS
from tests.cli.running import COMMAND, run
from tests.ledger.ledgers import CLERK
from tests.tokens import PIN


@pytest.fixture
def city(tmp_path):
    """A city with a key and some entries."""
    folder = tmp_path / "rivermark"
    assert run("init", folder, "--name", "Rivermark").returncode == 0
    assert run("ledger", "key", "--new", "--city", folder).returncode == 0
    record(folder, 5)
    return folder


def record(folder, count, stream="oversight/vote-1"):
    with open_keeping(folder, clock=SystemClock()) as keeping:
        events = [Event("oversight.vote-counted", {"count": each}) for each in range(count)]
        keeping.ledger.append(stream, len(keeping.ledger.read(stream)), events, by=CLERK)


def tamper(folder, statement):
    """Change the database as somebody does who owns the file: its triggers stop only mistakes."""
    with sqlite3.connect(folder / "curtilage.db") as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        database.execute(statement)
    database.close()


def ledger(folder, *words, **environment):
    done = run("ledger", *words, "--city", folder, **environment)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def test_a_ledger_is_signed_and_verified(city):
    status, note, said = ledger(city, "checkpoint")
    assert (status, note.splitlines()[:2]) == (0, ["rivermark/ledger", "6"])
    assert "Signed: rivermark/ledger, 6 entries" in said

    status, table, said = ledger(city, "verify")
    assert (status, "It does not show that they are true." in said) == (0, True)
    assert re.search(r"checkpoints +2\nsignatures +2\nfaults +0\n", table)


def test_without_a_checkpoint_nothing_is_promised(city):
    status, _, said = ledger(city, "verify")

    assert status == 0
    assert "No checkpoint was signed yet" in said


def test_a_change_of_the_database_is_found_and_the_entry_named(city):
    ledger(city, "checkpoint")
    changed = "CAST(replace(CAST(entry AS TEXT), 'vote-counted', 'vote-mounted') AS BLOB)"
    tamper(city, f"UPDATE ledger_entries SET entry = {changed} WHERE position = 3")
    status, table, _ = ledger(city, "verify")

    assert status == 1
    assert "entry 3: " in table


def test_faults_are_told_to_programs(city):
    tamper(city, "UPDATE ledger_entries SET number = 9 WHERE position = 3")
    status, said, _ = ledger(city, "verify", "--format", "json")

    assert status == 1
    assert [each["position"] for each in json.loads(said)["faults"]] == [3]


def test_a_ledger_without_a_key_says_how_to_make_one(tmp_path):
    run("init", tmp_path / "city", "--name", "Rivermark")
    status, _, said = ledger(tmp_path / "city", "checkpoint")

    assert status == 2
    assert "curtilage ledger key --new" in said


def test_a_key_is_never_replaced(city):
    before = (city / "curtilage.pem").read_bytes()
    status, _, said = ledger(city, "key", "--new")

    assert (status, "[encryption.key-exists]" in said) == (2, True)
    assert (city / "curtilage.pem").read_bytes() == before


def test_a_second_key_signs_a_second_line(tmp_path):
    folder = tmp_path / "city"
    run("init", folder, "--name", "Rivermark")
    set_ledger(folder, 'second_key = "second.pem"\norigin = "records.rivermark.example/ledger"')
    assert len(ledger(folder, "key", "--new")[1].splitlines()) == 2
    (folder / "note").write_text(ledger(folder, "checkpoint")[1])

    done = run("ledger", "verify", folder / "note", "--key", folder / "curtilage.vkeys")
    assert done.returncode == 0
    assert done.stdout.count(b"records.rivermark.example/ledger") == 3


def set_ledger(folder, lines):
    settings = folder / "curtilage.toml"
    settings.write_text(f"{settings.read_text()}\n[ledger]\n{lines}\n")


def test_a_second_key_can_come_later(city):
    ledger(city, "checkpoint")
    set_ledger(city, 'second_key = "second.pem"')
    first = (city / "curtilage.pem").read_bytes()
    assert len(ledger(city, "key", "--new")[1].splitlines()) == 2

    assert (city / "curtilage.pem").read_bytes() == first
    assert ledger(city, "checkpoint")[1].count("\n— ") == 2
    assert ledger(city, "verify")[0] == 0


def test_a_new_key_takes_over_and_the_old_checkpoints_stay_good(city):
    ledger(city, "checkpoint")
    set_ledger(city, 'key = "newer.pem"')
    assert ledger(city, "key", "--new")[0] == 0
    status, note, _ = ledger(city, "checkpoint")

    assert (status, note.splitlines()[1]) == (0, "7")  # the entry that names it
    assert ledger(city, "verify")[0] == 0


def test_a_database_that_was_put_back_gets_no_signature(city):
    saved = {path: path.read_bytes() for path in city.glob("curtilage.db*")}
    record(city, 2)
    ledger(city, "checkpoint")
    for path in city.glob("curtilage.db*"):
        path.unlink()
    for path, content in saved.items():
        path.write_bytes(content)
    status, note, said = ledger(city, "checkpoint")

    assert (status, note, "8 entries were signed, and it has 6" in said) == (1, "", True)
    assert "curtilage.checkpoint speaks of 8 entries" in ledger(city, "verify")[1]


def test_a_database_that_was_put_back_is_brought_up_to_its_tiles(city, tmp_path):
    saved = {path: path.read_bytes() for path in city.glob("curtilage.db*")}
    record(city, 2)
    ledger(city, "export", tmp_path / "published")
    for path in city.glob("curtilage.db*"):
        path.unlink()
    for path, content in saved.items():
        path.write_bytes(content)
    status, _, said = ledger(city, "recover", tmp_path / "published", "--as", "records")

    assert (status, "2 entries came back" in said) == (0, True)
    assert ledger(city, "checkpoint")[0] == ledger(city, "verify", "--tiles", tmp_path / "published")[0] == 0


def test_a_key_in_a_token_signs(tmp_path, city_token):
    folder = tmp_path / "city"
    run("init", folder, "--name", "Rivermark")
    set_ledger(folder, f'key = "{city_token.uri(tmp_path.name, "env:CITY_PIN")}"')
    assert ledger(folder, "key", "--new", CITY_PIN=PIN)[0] == 0

    assert ledger(folder, "checkpoint", CITY_PIN=PIN)[0] == 0
    assert re.search(r"signatures +2\n", ledger(folder, "verify")[1])  # checking needs no token
    assert "PIN is wrong" in ledger(folder, "checkpoint", CITY_PIN="0000")[2]


def test_tiles_are_written_grow_and_are_checked_alone(city, tmp_path):
    published, keys = tmp_path / "published", city / "curtilage.vkeys"
    assert "Wrote 6 entries" in ledger(city, "export", published)[2]
    record(city, 300)
    assert "Wrote 300 more entries" in ledger(city, "export", published)[2]

    assert run("ledger", "verify", published, "--key", keys).returncode == 0
    assert ledger(city, "verify", "--tiles", published)[0] == 0
    (published / "tile/entries/000").write_bytes(b"x")
    assert run("ledger", "verify", published, "--key", keys).returncode == 1


def test_a_rewritten_ledger_is_caught_by_a_copy_of_an_old_checkpoint(city, tmp_path):
    (tmp_path / "copy.txt").write_text(ledger(city, "checkpoint")[1])
    for path in city.glob("curtilage.db*"):
        path.unlink()
    record(city, 9)
    status, said, _ = ledger(city, "verify", "--checkpoint", tmp_path / "copy.txt")

    assert status == 1
    assert "copy.txt has another root" in said


def test_an_entry_is_proved_to_somebody_who_has_only_the_key(city, tmp_path):
    ledger(city, "checkpoint")
    proof = tmp_path / "entry-3.tlog-proof"
    assert ledger(city, "prove", "3", "--out", proof)[0] == 0
    keys = city / "curtilage.vkeys"

    done = run("ledger", "verify", proof, "--key", keys)
    assert (done.returncode, b"oversight.vote-counted" in done.stdout) == (0, True)
    proof.write_bytes(proof.read_bytes().replace(b"index 3", b"index 2"))
    assert run("ledger", "verify", proof, "--key", keys).returncode == 1
    assert run("ledger", "verify", proof).returncode == 2


def test_an_entry_that_no_checkpoint_covers_has_no_proof_yet(city):
    assert "[ledger.no-checkpoint]" in ledger(city, "prove", "3")[2]
    ledger(city, "checkpoint")
    assert "The ledger has 6 entries" in ledger(city, "prove", "6")[2]


def test_entries_are_shown_for_people_and_for_programs(city):
    assert ledger(city, "log")[1].splitlines()[1].split()[:4:3] == ["0", "ledger.key-named"]
    lines = ledger(city, "log", "--format", "jsonl", "--stream", "oversight/*", "--last", "2")[1].splitlines()

    assert [json.loads(line)["position"] for line in lines] == [4, 5]
    assert ledger(city, "log", "--kind", "no.such")[1] == ""


def test_a_clock_that_was_ahead_is_said_to_have_been(city):
    class Ahead(SystemClock):
        def now(self):
            return datetime(2099, 1, 1, tzinfo=UTC)

    with open_keeping(city, clock=Ahead()) as keeping:
        keeping.ledger.append("oversight/a", 0, [Event("oversight.vote-counted", {})], by=CLERK)
    status, said, _ = ledger(city, "correct-clock", "--as", "records", "--reason", "the battery was empty")

    assert (status, "entry 7" in said) == (0, True)
    record(city, 1)
    assert ledger(city, "verify")[0] == 0


def test_nobody_whom_the_city_does_not_declare_says_anything_of_the_clock(city):
    status, _, said = ledger(city, "correct-clock", "--as", "stranger", "--reason", "why not")

    assert (status, "stranger" in said) == (3, True)
    assert "ledger.clock-corrected" not in ledger(city, "log")[1]


def test_all_state_is_made_again_and_a_snapshot_that_lied_is_told(city):
    assert ledger(city, "rebuild")[0] == 0
    status, said, _ = ledger(city, "rebuild")
    assert (status, said.count("the same")) == (0, len(PROJECTIONS))

    tamper(city, "UPDATE ledger_kept SET value = x'00' WHERE name LIKE 'snapshot/%'")
    status, said, _ = ledger(city, "rebuild")
    assert (status, said.count("was wrong, made anew")) == (1, len(PROJECTIONS))
    assert ledger(city, "rebuild")[0] == 0


HELD = HoldPlaced(
    hold="h-1",
    matter="2026-17",
    ground="court-order",
    issuer="County court",
    series=(),
    systems=(),
    subjects=0,
    conditional=False,
    review=date(2027, 1, 1),
)


def test_a_hold_that_somebody_took_out_of_a_snapshot_is_told(city):
    with open_keeping(city, clock=SystemClock()) as keeping:
        before = load_state(keeping.ledger, HOLDS).value
        keeping.ledger.append("retention/hold-h-1", 0, [to_event(HELD)], by=CLERK)
        keep_snapshot(keeping.ledger, HOLDS, State(before, keeping.ledger.count(), 0))
    status, said, _ = ledger(city, "verify")

    assert status == 1
    assert "the snapshot retention-holds is not what the entries say; run: curtilage ledger rebuild" in said
    assert ledger(city, "rebuild")[0] == 1
    assert ledger(city, "verify")[0] == 0


# --- with a witness ------------------------------------------------------------------------------


@pytest.fixture
def library(city, tmp_path):
    """A witness of the city, listening; its key and address stand in the city's file."""
    words = ["ledger", "witness", tmp_path / "state", "--name", "library.example/w1"]
    words += ["--ledger", city / "curtilage.vkeys", "--listen", "127.0.0.1:0"]
    key = run(*words, "--new").stdout.decode().strip()
    process = subprocess.Popen([*COMMAND, *map(str, words)], stderr=subprocess.PIPE, text=True)
    address = re.search(r"http://[\d.:]+", process.stderr.readline())[0]
    (city / "witnesses.txt").write_text(f"# who watches us\n{key} {address}/\n")
    (tmp_path / "library.vkeys").write_text(f"{key}\n")
    yield process
    process.terminate()
    process.wait()
    process.stderr.close()


def test_a_witness_signs_each_checkpoint_that_continues_the_last(city, library, tmp_path):
    for _ in range(3):
        record(city, 2)
        status, note, _ = ledger(city, "checkpoint")
        assert (status, note.count("\n— ")) == (0, 2)
    (tmp_path / "note").write_text(note)

    keys = ["--key", city / "curtilage.vkeys", "--key", tmp_path / "library.vkeys"]
    assert b"library.example/w1 at " in run("ledger", "verify", tmp_path / "note", *keys).stdout


def test_a_witness_that_the_city_forgot_is_asked_where_it_stands(city, library):
    ledger(city, "checkpoint")
    with open_keeping(city, clock=SystemClock()) as keeping:
        for name in keeping.ledger.store.list_kept():
            keeping.ledger.store.forget(name)
    record(city, 2)
    status, note, _ = ledger(city, "checkpoint")

    assert (status, note.count("\n— ")) == (0, 2)


def test_a_witness_refuses_a_city_that_was_set_back(city, library):
    saved = {path: path.read_bytes() for path in city.glob("curtilage.db*")}
    record(city, 2)
    ledger(city, "checkpoint")
    for path in city.glob("curtilage.db*"):
        path.unlink()
    for path, content in saved.items():
        path.write_bytes(content)
    (city / "curtilage.checkpoint").unlink()
    record(city, 9, stream="oversight/else")
    status, note, said = ledger(city, "checkpoint")

    assert (status, note.count("\n— "), "[ledger.witness-refused]" in said) == (1, 1, True)


def test_a_witness_that_is_silent_is_told_and_the_checkpoint_kept(city, library):
    library.terminate()
    library.wait()
    status, note, said = ledger(city, "checkpoint")

    assert (status, note.count("\n— "), "[ledger.witness-silent]" in said) == (1, 1, True)


@pytest.mark.parametrize(
    "line", ["nonsense", "a+b+c https://w.example", "{key} https://w.example", "{key} ftp://w"]
)
def test_a_line_that_names_no_witness_is_told_by_its_number(city, line):
    key = (city / "curtilage.vkeys").read_text().strip()
    (city / "witnesses.txt").write_text(line.format(key=key))
    status, _, said = ledger(city, "checkpoint")

    assert (status, "witnesses.txt:1" in said) == (2, True)
