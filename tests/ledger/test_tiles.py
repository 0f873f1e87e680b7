"""Tiles grow, are never rewritten, and give the same tree and the same proofs as the database."""

from pathlib import Path

import pytest

from curtilage.ledger.keys import key_of
from curtilage.ledger.notes import sign_text
from curtilage.ledger.signing import ForkError, keep_cosignatures, read_checkpoint
from curtilage.ledger.tiles import (
    BadTileError,
    NoFolderError,
    TileDiffersError,
    TileFolder,
    export_tiles,
    tile_path,
)
from curtilage.ledger.tree import find_root, prove_inclusion
from curtilage.ledger.verify import verify_tiles
from tests.ledger.ledgers import CLERK, event
from tests.ledger.notaries import KEY, NOON, ed25519_pen, grow, memory_ledger, sign


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.mark.parametrize(
    ("index", "width", "path"),
    [
        (0, 256, "tile/0/000"),
        (999, 256, "tile/0/999"),
        (1000, 256, "tile/0/x001/000"),
        (1234067, 256, "tile/0/x001/x234/067"),
        (273, 112, "tile/0/273.p/112"),
    ],
)
def test_a_path_is_the_one_of_the_specification(index, width, path):
    assert tile_path(0, index, width) == path


def test_the_files_of_a_ledger_are_those_of_the_specification(tmp_path):
    ledger = memory_ledger(600)
    done = export_tiles(ledger.store, tmp_path, sign(ledger))

    files = files_of(tmp_path)
    assert set(files) == {
        "checkpoint",
        *("tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"),
        *("tile/entries/000", "tile/entries/001", "tile/entries/002.p/88"),
    }
    assert {len(files["tile/0/000"]), len(files["tile/0/002.p/88"])} == {8192, 88 * 32}
    assert (done.before, done.size, done.written) == (0, 600, 7)


def test_a_full_tile_is_written_with_the_one_hash_above_it(tmp_path):
    ledger = memory_ledger(256)
    export_tiles(ledger.store, tmp_path, sign(ledger))

    assert sorted(files_of(tmp_path)) == ["checkpoint", "tile/0/000", "tile/1/000.p/1", "tile/entries/000"]


def test_a_folder_grows_and_no_file_of_it_changes(tmp_path):
    ledger = memory_ledger()
    before = {}
    for count in (1, 254, 1, 1, 300, 0, 500):
        grow(ledger, count)
        export_tiles(ledger.store, tmp_path, sign(ledger))
        after = files_of(tmp_path)
        del after["checkpoint"]
        assert {path: after[path] for path in before} == before
        before = after
        assert verify_tiles(TileFolder(tmp_path), keys=[KEY]).faults == ()


def test_the_tiles_give_the_same_root_and_the_same_proofs(tmp_path):
    ledger = memory_ledger(700)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    tiles = TileFolder(tmp_path)

    assert tiles.find_root() == tiles.head.root == find_root(ledger.store.hashes, 700)
    for index in (0, 255, 256, 699):
        assert prove_inclusion(tiles.hashes, index, 700) == prove_inclusion(ledger.store.hashes, index, 700)


def test_the_entries_are_those_of_the_ledger(tmp_path):
    ledger = memory_ledger(300)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    tiles = TileFolder(tmp_path)

    assert [*tiles.read_entries(0), *tiles.read_entries(1)] == [each.to_bytes() for each in ledger.read_all()]


def test_an_export_that_was_interrupted_is_finished_by_doing_it_again(tmp_path):
    ledger = memory_ledger(300)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    whole = files_of(tmp_path)
    for path in ("checkpoint", "tile/0/001.p/44", "tile/entries/000"):
        (tmp_path / path).unlink()
    done = export_tiles(ledger.store, tmp_path, sign(ledger))

    assert (done.written, files_of(tmp_path)) == (2, whole)


def test_a_checkpoint_with_new_cosignatures_is_brought_to_the_folder(tmp_path):
    ledger = memory_ledger(3)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    line = sign_text(read_checkpoint(sign(ledger)).to_text(), "w", ed25519_pen(2), NOON, as_witness=True)
    done = export_tiles(ledger.store, tmp_path, keep_cosignatures(ledger.store, 3, [line]))

    assert done.written == 0
    witness = key_of("w", ed25519_pen(2), as_witness=True)
    assert verify_tiles(TileFolder(tmp_path), keys=[KEY, witness]).signatures == 2


def test_a_ledger_with_another_past_does_not_touch_the_folder(tmp_path):
    ledger, other = memory_ledger(5), memory_ledger(2)
    other.append("retention/else", 0, [event(number) for number in range(9)], by=CLERK)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    before = files_of(tmp_path)

    with pytest.raises(ForkError):
        export_tiles(other.store, tmp_path, sign(other))
    assert files_of(tmp_path) == before


def test_a_folder_that_is_ahead_is_not_set_back(tmp_path):
    ledger = memory_ledger(3)
    old = sign(ledger)
    grow(ledger, 3)
    export_tiles(ledger.store, tmp_path, sign(ledger))

    with pytest.raises(ForkError, match="holds 6 entries"):
        export_tiles(ledger.store, tmp_path, old)


def test_a_file_with_other_content_is_told_and_left(tmp_path):
    ledger = memory_ledger(300)
    (tmp_path / "tile/0").mkdir(parents=True)
    (tmp_path / "tile/0/000").write_bytes(b"other")

    with pytest.raises(TileDiffersError, match="tile/0/000"):
        export_tiles(ledger.store, tmp_path, sign(ledger))
    assert (tmp_path / "tile/0/000").read_bytes() == b"other"
    assert not (tmp_path / "checkpoint").exists()


def test_a_folder_without_a_checkpoint_is_none(tmp_path):
    with pytest.raises(NoFolderError):
        TileFolder(tmp_path)


@pytest.mark.parametrize("path", ["tile/0/000", "tile/entries/000"])
def test_a_tile_that_is_missing_or_cut_off_is_told_by_its_name(tmp_path, path):
    ledger = memory_ledger(256)
    export_tiles(ledger.store, tmp_path, sign(ledger))
    for change in (lambda file: file.write_bytes(file.read_bytes()[:-1]), Path.unlink):
        change(tmp_path / path)
        tiles = TileFolder(tmp_path)
        with pytest.raises(BadTileError, match=path):
            (tiles.hashes(0, 0, 1), tiles.read_entries(0))
