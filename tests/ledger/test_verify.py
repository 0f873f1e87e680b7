"""Verification finds what was changed, says which entry it is, and finds nothing where nothing was."""

import dataclasses
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.errors import EvidenceError, SourceError
from curtilage.ledger.keys import key_of
from curtilage.ledger.nouns import BodyRef, leaf_of
from curtilage.ledger.tiles import TileFolder, export_tiles
from curtilage.ledger.verify import MOST_FAULTS, verify_store, verify_tiles
from tests.ledger.ledgers import CLERK, event
from tests.ledger.notaries import KEY, ed25519_pen, grow, memory_ledger, sign


def told(verified):
    return [str(fault) for fault in verified.faults]


def change(ledger, position, **said):
    """Change a row of a ledger in memory, as somebody with the database could."""
    ledger.store._rows[position] = ledger.store._rows[position]._replace(**said)


def rewrite(ledger, where, /, *, with_hash=False, **said):
    """Change what an entry says; with its hash, as somebody would who knows the form."""
    entry = json.loads(ledger.store._rows[where].entry)
    raw = canonical_bytes({**entry, **said})
    change(ledger, where, entry=raw, **({"leaf": leaf_of(raw)} if with_hash else {}))


def test_a_ledger_that_nobody_touched_has_nothing_wrong():
    ledger = memory_ledger(300)
    sign(ledger)
    grow(ledger, 300)
    sign(ledger)
    found = verify_store(ledger.store, keys=[KEY])

    assert (found.faults, found.size, found.checkpoints, found.signatures) == ((), 600, 2, 2)


def test_an_empty_ledger_has_nothing_wrong():
    assert verify_store(memory_ledger().store).faults == ()


def test_a_changed_entry_is_named():
    ledger = memory_ledger(600)
    rewrite(ledger, 42, data={"count": 0})

    assert told(verify_store(ledger.store)) == [
        "entry 42: its bytes do not match its hash: one of the two was changed"
    ]


def test_a_changed_hash_is_named_and_so_is_the_tree_above_it():
    ledger = memory_ledger(600)
    change(ledger, 42, leaf=bytes(32))
    entry, tree = told(verify_store(ledger.store))

    assert entry == "entry 42: its bytes do not match its hash: one of the two was changed"
    assert tree.startswith("the hash over entries 0 to 255 is not theirs")


def test_an_entry_changed_with_its_hash_is_found_by_the_tree():
    ledger = memory_ledger(600)
    rewrite(ledger, 300, with_hash=True, data={"count": 0})
    (fault,) = told(verify_store(ledger.store))

    assert fault.startswith("the hash over entries 256 to 511 is not theirs")


def test_an_entry_changed_with_all_hashes_lies_between_two_checkpoints():
    ledger = memory_ledger(10)
    sign(ledger)
    grow(ledger, 10)
    sign(ledger)
    rewrite(ledger, 15, with_hash=True, data={"count": 0})
    (fault,) = told(verify_store(ledger.store, keys=[KEY]))

    assert fault.startswith(
        "the checkpoint over 20 entries has another root: an entry from 10 to 19 was changed"
    )


def test_tiles_that_somebody_else_holds_name_the_very_entry(tmp_path):
    ledger = memory_ledger(20)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    for name in ledger.store.list_kept():
        ledger.store.forget(name)
    rewrite(ledger, 15, with_hash=True, data={"count": 0})

    assert told(verify_store(ledger.store)) == []  # whoever may write everything leaves no trace inside
    faults = told(verify_store(ledger.store, tiles=TileFolder(tmp_path)))
    assert "entry 15: it is not the one that the folder of tiles has" in faults
    assert len(faults) == 2  # and the folder's checkpoint


def test_an_old_checkpoint_that_somebody_else_holds_finds_a_rewritten_past():
    ledger = memory_ledger(20)
    old = sign(ledger)
    other = memory_ledger(3)
    other.append("retention/else", 0, [event(number) for number in range(30)], by=CLERK)

    assert told(verify_store(ledger.store, old=[("the board's copy", old)], keys=[KEY])) == []
    (fault,) = told(verify_store(other.store, old=[("the board's copy", old)], keys=[KEY]))
    assert fault.startswith("the board's copy has another root")


def test_entries_that_were_cut_off_at_the_end_are_missed():
    ledger = memory_ledger(20)
    sign(ledger)
    del ledger.store._rows[17:]

    assert told(verify_store(ledger.store)) == [
        "the checkpoint over 20 entries speaks of 20 entries, and 17 are there: the last were removed"
    ]


def test_an_entry_that_was_taken_out_is_missed_at_its_place():
    ledger = memory_ledger(20)
    sign(ledger)
    del ledger.store._rows[7]
    faults = told(verify_store(ledger.store))

    assert faults[0] == "entry 8: entry 7 should stand in its place: some are missing or twice"
    assert any("number 4 of its stream, after number 2" in each for each in faults)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ({"position": 3}, "says that it is number 3"),
        ({"number": 9}, "number 9 of its stream, after number 1"),
        ({"at": "2016-01-01T00:00:00.000000Z"}, "time is before"),
        ({"format": 2}, "not in the one form"),
        ({"extra": 1}, "are no entry"),
        ({"kind": "retention.other"}, "number or kind beside it"),
        ({"stream": "retention/z"}, "stream, number or kind"),
    ],
)
def test_an_entry_that_contradicts_itself_or_its_neighbours_is_named(said, what):
    ledger = memory_ledger(9)
    rewrite(ledger, 5, with_hash=True, **said)

    assert any(each.startswith("entry 5: ") and what in each for each in told(verify_store(ledger.store)))


def test_an_entry_in_another_form_than_the_one_is_named():
    ledger = memory_ledger(9)
    raw = ledger.store._rows[5].entry.replace(b":", b": ", 1)
    change(ledger, 5, entry=raw, leaf=leaf_of(raw))

    assert "entry 5: its bytes are not in the one form that entries have" in told(verify_store(ledger.store))


def test_keys_beyond_the_basic_plane_are_in_the_one_form():
    ledger = memory_ledger()
    ledger.append(
        "retention/a", 0, [dataclasses.replace(event(), data={"\U0001f600": 1, "\ufb33": 2})], by=CLERK
    )

    assert told(verify_store(ledger.store)) == []


def test_a_hash_of_the_tree_that_was_changed_or_removed_or_added_is_found():
    for nodes, what in [
        ({(1, 0): bytes(32)}, "is not theirs"),
        ({}, "is missing"),
        ({(1, 1): bytes(32)}, "beyond"),
    ]:
        ledger = memory_ledger(300)
        ledger.store._nodes = {**ledger.store._nodes, **nodes} if nodes else {}
        assert any(what in each for each in told(verify_store(ledger.store)))


def test_a_checkpoint_that_was_changed_or_moved_or_is_a_strangers_is_found():
    ledger = memory_ledger(9)
    note = sign(ledger)
    store = ledger.store
    store.keep("checkpoint/00000000000000000007", note)
    assert "the checkpoint over 7 entries is kept under the name of another one" in told(verify_store(store))
    store.keep("checkpoint/00000000000000000007", note.replace(b"\n9\n", b"\n7\n"))
    assert any("7 entries does not hold" in each for each in told(verify_store(store, keys=[KEY])))
    stranger = key_of(KEY.name, ed25519_pen(7))
    assert any("9 entries does not hold" in each for each in told(verify_store(store, keys=[stranger])))
    store._kept["checkpoint/00000000000000000007"] = b"changed"
    assert "the checkpoint over 7 entries, as it is kept, was changed" in told(verify_store(store))


def test_keys_come_and_go_and_each_checkpoint_is_signed_by_one_that_is_known():
    ledger, newer = memory_ledger(5), ed25519_pen(8)
    sign(ledger)
    grow(ledger, 5)
    sign(ledger, [newer])
    both = [KEY, key_of(KEY.name, newer)]

    assert told(verify_store(ledger.store, keys=both)) == []
    assert told(verify_store(ledger.store, keys=both[1:])) == [
        "the checkpoint over 5 entries does not hold: none of the keys that you trust signed it"
    ]


def test_a_folder_wants_every_key_that_is_named(tmp_path):
    ledger = memory_ledger(5)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    found = verify_tiles(TileFolder(tmp_path), keys=[KEY, key_of(KEY.name, ed25519_pen(8))])

    assert told(found) == [
        "the folder's checkpoint does not hold: that of rivermark.example/ledger is missing"
    ]


def test_a_snapshot_that_was_changed_is_told_with_its_remedy():
    ledger = memory_ledger(3)
    ledger.store.keep("snapshot/retention-plans", b"{}")
    ledger.store._kept["snapshot/retention-plans"] = b"changed"

    (fault,) = told(verify_store(ledger.store))
    assert fault.startswith("what is kept as snapshot/retention-plans was changed: make it anew")


def test_checkpoints_of_two_ledgers_are_told():
    ledger = memory_ledger(9)
    note = sign(ledger).replace(KEY.name.encode(), b"elsewhere.example")

    faults = told(verify_store(ledger.store, old=[("a copy", note)]))
    assert "its checkpoints are of several ledgers: elsewhere.example, rivermark.example/ledger" in faults


def body_ledger():
    ledger = memory_ledger()
    entries = ledger.append("retention/a", 0, [event(1, subject="Ana"), event(2, subject="Bo")], by=CLERK)
    return ledger, [entry.bodies[0] for entry in entries]


def test_a_private_body_that_was_destroyed_leaves_everything_right():
    ledger, (first, _) = body_ledger()
    ledger.destroy_body(first, by=CLERK, reason="its time is over")

    assert told(verify_store(ledger.store)) == []


def test_a_private_body_that_is_gone_or_changed_or_strange_is_told():
    ledger, (first, second) = body_ledger()
    bodies = ledger.store._bodies
    bodies["f" * 64] = dataclasses.replace(bodies.pop(first.commitment), commitment="f" * 64)
    bodies[second.commitment] = dataclasses.replace(bodies[second.commitment], sealed=b"changed")

    assert sorted(told(verify_store(ledger.store))) == [
        "a private body ffffffffffff is kept that no entry names",
        f"entry 0: its private body {first.commitment[:12]} is gone, and nothing says why",
        f"entry 1: its private body {second.commitment[:12]} was changed",
    ]


def test_a_private_body_that_came_back_is_told():
    ledger, (first, _) = body_ledger()
    kept = ledger.store.find_body(first.commitment)
    ledger.destroy_body(first, by=CLERK, reason="its time is over")
    ledger.store._bodies[first.commitment] = kept

    (fault,) = told(verify_store(ledger.store))
    assert fault.endswith("is kept, and entry 2 says it was destroyed")


def test_an_entry_that_destroys_what_was_never_named_is_told():
    ledger, (first, _) = body_ledger()
    strange = BodyRef("subject", "e" * 64, "hsg-014")
    ledger.store._bodies[strange.commitment] = ledger.store.find_body(first.commitment)
    ledger.destroy_body(strange, by=CLERK, reason="its time is over")

    assert told(verify_store(ledger.store)) == [
        "entry 2: it says that a private body was destroyed which no entry before it named"
    ]


def test_what_is_recorded_meanwhile_is_no_fault():
    ledger, (first, _) = body_ledger()
    listed = ledger.store.list_bodies

    def and_then(**given):
        ledger.append("retention/b", len(ledger.read("retention/b")), [event(3, subject="Cy")], by=CLERK)
        found = listed(**given)
        if not given.get("after"):
            ledger.destroy_body(first, by=CLERK, reason="its time is over")
        return found

    ledger.store.list_bodies = and_then
    assert told(verify_store(ledger.store)) == []


def test_a_ledger_that_is_wrong_everywhere_is_not_read_to_its_end():
    ledger = memory_ledger(3000)
    for position in range(3000):
        change(ledger, position, leaf=bytes(32))

    assert MOST_FAULTS <= len(verify_store(ledger.store).faults) < 3000


def test_a_folder_by_itself_is_verified_with_the_key(tmp_path):
    ledger = memory_ledger(600)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    found = verify_tiles(TileFolder(tmp_path), keys=[KEY], old=[("my copy", sign(ledger))])

    assert (found.faults, found.size, found.checkpoints, found.signatures) == ((), 600, 2, 2)
    assert found.root == TileFolder(tmp_path).head.root


def test_every_byte_of_a_small_folder_is_guarded(tmp_path):
    ledger = memory_ledger()
    for count in (2, 2):
        grow(ledger, count)
        export_tiles(ledger.store, tmp_path, sign(ledger))
    for path in [each for each in tmp_path.rglob("*") if each.is_file()]:
        right = path.read_bytes()
        for at, byte in enumerate(right):
            path.write_bytes(right[:at] + bytes([byte ^ 1]) + right[at + 1 :])
            assert is_wrong(tmp_path), (path, at)
        path.write_bytes(right)
    assert not is_wrong(tmp_path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.data())
def test_a_byte_anywhere_in_a_large_folder_is_guarded(tmp_path_factory, data):
    folder = grown_folder(tmp_path_factory)
    path = data.draw(st.sampled_from(sorted(each for each in folder.rglob("*") if each.is_file())))
    right = path.read_bytes()
    at = data.draw(st.integers(0, len(right) - 1))
    wrong = data.draw(st.integers(0, 255).filter(lambda each: each != right[at]))
    path.write_bytes(right[:at] + bytes([wrong]) + right[at + 1 :])
    try:
        assert is_wrong(folder)
    finally:
        path.write_bytes(right)


@pytest.mark.parametrize("damage", ["cut", "longer", "gone"])
def test_every_file_of_a_folder_is_guarded_as_a_whole(tmp_path_factory, damage):
    folder = grown_folder(tmp_path_factory)
    for path in sorted(each for each in folder.rglob("*") if each.is_file()):
        right = path.read_bytes()
        if damage == "gone":
            path.unlink()
        else:
            path.write_bytes(right[:-1] if damage == "cut" else right + b"\0")
        # An older tile that is gone is no loss: a fuller one stands.
        is_older = ".p/" in path.as_posix() and path.name not in {"88", "2"}
        assert is_wrong(folder) or (damage == "gone" and is_older), path
        path.write_bytes(right)


def test_a_file_that_is_no_tile_or_beyond_the_checkpoint_is_told(tmp_path):
    ledger = memory_ledger(300)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    (tmp_path / "tile/0/stray").write_bytes(b"")
    (tmp_path / "tile/0/001.p/45").write_bytes(bytes(45 * 32))

    assert told(verify_tiles(TileFolder(tmp_path))) == [
        "tile/0/001.p/45 is more than the checkpoint speaks of: an export was not finished",
        "tile/0/stray is no tile",
    ]


def is_wrong(folder):
    try:
        return bool(verify_tiles(TileFolder(folder), keys=[KEY]).faults)
    except (EvidenceError, SourceError):
        return True


FOLDERS = []


def grown_folder(tmp_path_factory):
    """One folder for all, with tiles of older checkpoints in it."""
    if not FOLDERS:
        folder, ledger = tmp_path_factory.mktemp("tiles"), memory_ledger()
        for count in (3, 250, 347):
            grow(ledger, count)
            export_tiles(ledger.store, folder, sign(ledger))
        FOLDERS.append(folder)
    return FOLDERS[0]
