"""The made-up city that measurements read: the same for a seed, and its truth is what its cells hold."""

import random

import pytest

pa = pytest.importorskip("pyarrow")

from bench.city_columns import TEXT, render  # noqa: E402 - needs pyarrow
from bench.city_kinds import KINDS, NUMBER, luhn, mrz_digit, verhoeff, vin  # noqa: E402
from bench.city_rows import BLOCK, City, write  # noqa: E402
from bench.city_words import PLAIN, PLANTED, STATUS, TRAPS  # noqa: E402


def cells(city):
    table = pa.Table.from_batches(city.batches())
    truth = pa.Table.from_batches([block.truth for block in city.blocks()]).to_pylist()
    return table, truth


def test_the_same_seed_makes_the_same_bytes_and_another_seed_others():
    def first(seed):
        return City(300, seed).block(0)

    assert first(1).table.equals(first(1).table)
    assert first(1).truth.equals(first(1).truth)
    assert not first(1).table.equals(first(2).table)


@pytest.mark.parametrize("rows", [700, 4096, BLOCK, 12_345])
def test_how_a_table_is_cut_into_batches_changes_nothing(rows):
    city = City(BLOCK + 2_500)
    whole = pa.Table.from_batches([block.table for block in city.blocks()])
    batches = list(city.batches(rows))
    assert pa.Table.from_batches(batches).combine_chunks().equals(whole.combine_chunks())
    assert {batch.num_rows for batch in batches[:-1]} <= {rows}


def test_a_short_table_is_the_beginning_of_a_long_one():
    short, long = City(500), City(BLOCK + 1)
    assert short.block(0).table.equals(long.block(0).table.slice(0, 500))
    assert short.block(0).truth.num_rows <= long.block(0).truth.num_rows


def test_truth_names_filled_cells_of_this_table_only():
    table, truth = cells(City(400, odd=0.02, dense=True))
    for one in truth:
        assert table.column(one["column"])[one["row"]].as_py()


def test_a_planted_cell_holds_what_the_truth_says():
    table, truth = cells(City(3000, odd=0.02))
    email, sevis = NUMBER["email"], NUMBER["sevis"]
    said = {
        kind: [table.column(t["column"])[t["row"]].as_py() for t in truth if t["kind"] == kind]
        for kind in (email, sevis)
    }
    assert len(said[email]) > 20
    assert all("@" in text for text in said[email])
    assert all("N00" in text for text in said[sevis])


def test_a_stray_cell_keeps_no_truth_of_what_it_replaced():
    table, truth = cells(City(2000, odd=0.1, dense=True))
    column = [one.names[0] for one in TEXT].index("email")
    for one in (one for one in truth if one["column"] == column and one["kind"] == NUMBER["email"]):
        assert "@" in table.column(column)[one["row"]].as_py()


def test_hidden_columns_bear_numbers_and_hold_the_same():
    plain, hidden = City(50).block(0).table, City(50, hidden=True).block(0).table
    assert hidden.schema.names == [f"c{number:02}" for number in range(1, 45)]
    assert hidden.columns == plain.columns


def test_a_table_is_written_with_its_truth(tmp_path):
    import pyarrow.parquet

    size = write(City(1200), tmp_path, csv=True, workers=1)
    assert pyarrow.parquet.read_table(tmp_path / "city.parquet").num_rows == 1200
    assert pyarrow.parquet.read_table(tmp_path / "truth.parquet").num_rows > 100
    assert len((tmp_path / "city.csv").read_bytes()) > size


def test_text_makes_up_about_370_bytes_a_row():
    table = City(5000).block(0).table
    size = sum(len(text.encode()) for column in table.columns[:36] for text in column.drop_null().to_pylist())
    assert 340 < size / 5000 < 400


def test_every_sentence_of_every_language_can_be_filled():
    dice = random.Random(1)
    for group in (PLAIN, PLANTED, STATUS, TRAPS):
        for sentence in (sentence for sentences in group.values() for sentence in sentences):
            text, kinds = render(sentence, dice)
            assert "{" not in text
            assert bool(kinds) or group is not PLANTED


def test_plain_sentences_carry_no_kind():
    dice = random.Random(1)
    assert not [text for texts in PLAIN.values() for text in texts if render(text, dice)[1]]


def test_every_kind_is_a_trap_or_has_a_category():
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert {kind.name for kind in KINDS if kind.trap} >= {"order9", "tracking_ups", "trap_en", "part"}


def test_check_digits_are_those_of_the_standards():
    assert mrz_digit("L898902C3") == "6"
    assert mrz_digit("740812") == "2"
    assert luhn("7992739871").endswith("3")
    assert verhoeff("236") == "2363"
    assert len(vin(random.Random(3))) == 17
