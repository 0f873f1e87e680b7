"""A made-up city's widest table, any number of rows, with the truth of what is planted in it.

    python -m bench.city_rows --rows 100000 --out FOLDER             city.parquet, truth.parquet
    python -m bench.city_rows --rows 100000 --out FOLDER --csv --hidden

Rows are made in blocks; a block depends on the seed and its number alone, so that the first thousand rows
of a table of twenty million are those of a table of one thousand, however they are cut into batches, and
memory does not grow. About 370 bytes of text a row. Truth (row, column, kind) lists what strays, what
sentences carry and the traps; ``dense`` adds every cell of the columns that hold nothing else.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from bench.city_columns import TEXT, Column, render, typed
from bench.city_dice import Dice, join
from bench.city_kinds import KINDS, NUMBER
from bench.city_words import PLAIN, PLANTED, REMARKS, SCANNED, SCANNED_IDS, STATUS, TRAPS

SEED = 2017
BLOCK = 10_000
ODD = 0.001
"""Share of cells of a column that do not belong there, where something strays into it."""
TEXT_NAMES = tuple(column.names[0] for column in TEXT)
TRUTH = pa.schema([("row", pa.int64()), ("column", pa.int8()), ("kind", pa.int16())])

_LANGUAGES = {"es": 60, "zh": 8, "vi": 8, "ht": 6, "tl": 6, "fr": 6, "pt": 6}
_SHARES = {"plain": 930, "planted": 40, "status": 12, "trap": 18}
"""Of a thousand sentences in notes."""
_POOL = 2_500


@dataclass(frozen=True)
class Block:
    """Some consecutive rows and the truth about them (rows of the truth count from the table's first)."""

    table: pa.RecordBatch
    truth: pa.RecordBatch


@dataclass(frozen=True)
class City:
    """What to make.

    Attributes:
        rows: How many rows.
        seed: The same seed makes the same table.
        odd: Share of stray cells; more than ``ODD`` where a small sample must hold enough of them.
        dense: Whether the truth lists the cells of columns that hold nothing else.
        hidden: Whether columns are called c01 to c44.
        names: Which of a column's names it bears, 0 to 4.
    """

    rows: int
    seed: int = SEED
    odd: float = ODD
    dense: bool = False
    hidden: bool = False
    names: int = 0

    @property
    def headings(self) -> tuple[str, ...]:
        """Names of all columns, text first."""
        if self.hidden:
            return tuple(f"c{number:02}" for number in range(1, 45))
        return (*(column.names[self.names] for column in TEXT), *typed(lambda _: Dice(0, 0, "", 1), 0))

    @property
    def numbers(self) -> range:
        """Numbers of the blocks."""
        return range(-(-self.rows // BLOCK))

    def block(self, number: int) -> Block:
        """Make one block."""
        rows = min(BLOCK, self.rows - number * BLOCK)
        truth: list[tuple[pa.Array, int, pa.Array]] = []
        arrays = []
        for index, column in enumerate(TEXT):
            array, found = self._column(number, column)
            arrays.append(array.slice(0, rows))
            row, kind = (one.filter(pc.less(found[0], rows)) for one in found)
            truth.append((row, index, kind))
        others = typed(lambda name: Dice(self.seed, number, f"typed {name}", BLOCK), number * BLOCK)
        arrays += [array.slice(0, rows) for array in others.values()]
        return Block(pa.record_batch(arrays, names=self.headings), _truth(truth, number * BLOCK))

    def blocks(self) -> Iterator[Block]:
        """Make all blocks, one after another."""
        return map(self.block, self.numbers)

    def batches(self, rows: int = BLOCK) -> Iterator[pa.RecordBatch]:
        """Make the table in batches of that many rows; the last may be shorter."""
        kept: list[pa.RecordBatch] = []
        held = 0
        for block in self.blocks():
            kept.append(block.table)
            held += block.table.num_rows
            while held >= rows:
                table = pa.Table.from_batches(kept).combine_chunks()
                yield table.slice(0, rows).to_batches()[0]
                kept, held = table.slice(rows).to_batches(), held - rows
        if held:
            yield pa.Table.from_batches(kept).combine_chunks().to_batches()[0]

    def _column(self, number: int, column: Column) -> tuple[pa.Array, tuple[pa.Array, pa.Array]]:
        name = column.names[0]
        dice = Dice(self.seed, number, name, BLOCK)
        if column.words:
            array, found = _sentences(dice, column.words)
        else:
            array, of = column.make(dice)
            found = _dense(array, of) if self.dense or not isinstance(of, str) else _none()
            if not self.dense and not isinstance(of, str) and of is not None:
                found = _notable(found)
        if column.odd:
            array, found = _stray(
                Dice(self.seed, number, f"{name} odd", BLOCK), column, array, found, self.odd
            )
        return array, found


Found = tuple[pa.Array, pa.Array]
"""Rows within the block, and the number of the kind that each holds."""


def _none() -> Found:
    return pa.array([], pa.int64()), pa.array([], pa.int16())


def _dense(array: pa.Array, of: pa.Array | str | None) -> Found:
    if of is None:
        return _none()
    if isinstance(of, str):
        rows = pc.indices_nonzero(array.is_valid()).cast(pa.int64())
        return rows, pa.array([NUMBER[of]], pa.int16()).take(pa.array([0] * len(rows), pa.int64()))
    rows = pc.indices_nonzero(of.is_valid()).cast(pa.int64())
    return rows, of.take(rows)


def _notable(found: Found) -> Found:
    """Keep the ITINs and placeholders of a column of numbers, which are planted though they are many."""
    keep = pc.is_in(found[1], pa.array([NUMBER["itin"], NUMBER["ssn_placeholder"]], pa.int16()))
    return found[0].filter(keep), found[1].filter(keep)


def _stray(dice: Dice, column: Column, array: pa.Array, found: Found, share: float) -> tuple[pa.Array, Found]:
    """Put what does not belong into some cells."""
    taken = dice.share(share)
    rows = pc.indices_nonzero(taken).cast(pa.int64())
    one_by_one = dice.single()
    texts, at, kind = [], [], []
    for row in rows.to_pylist():
        text, kinds = _odd(one_by_one.choice(column.odd), one_by_one)
        texts.append(text)
        at += [row] * len(kinds)
        kind += kinds
    before = pc.invert(pc.is_in(found[0], rows))
    found = (
        pa.concat_arrays([found[0].filter(before), pa.array(at, pa.int64())]),
        pa.concat_arrays([found[1].filter(before), pa.array(kind, pa.int16())]),
    )
    return pc.replace_with_mask(array, taken, pa.array(texts, pa.string())), found


def _odd(template: str, dice: random.Random) -> tuple[str, list[int]]:
    if template.startswith("@"):
        group, lang = template[1:].split("_")
        text, kinds = render(dice.choice((STATUS if group == "status" else TRAPS)[lang]), dice)
        return text.removesuffix("."), [*kinds, NUMBER[template[1:]]]
    text, kinds = render(template, dice)
    lowered = text.lower()
    if any(word in lowered for word in ("undocumented", "no papers", "sin papeles", "deported", "lpr")):
        kinds = [*kinds, NUMBER["status_en"]]
    return text, kinds


def _sentences(dice: Dice, words: tuple[str, ...]) -> tuple[pa.Array, Found]:
    """Make a column of notes, remarks or scans."""
    if words == ("remarks",):
        texts, kinds = zip(*(render(text, dice.single()) for text in REMARKS * 20), strict=True)
        return _assemble(dice, texts, kinds, (0.35,))
    if words == ("scans",):
        share = [
            dice.single().choice(SCANNED_IDS if dice.single().random() < 0.04 else SCANNED)
            for _ in range(_POOL // 4)
        ]
        texts, kinds = zip(*(render(text, dice.single()) for text in share), strict=True)
        return _assemble(dice, texts, kinds, (0.12,))
    pool = [_sentence(dice.single(), words) for _ in range(_POOL)]
    texts, kinds = zip(*pool, strict=True)
    return _assemble(dice, texts, kinds, (0.75, 0.6, 0.5, 0.4) if words == ("en",) else (0.4, 0.5, 0.4))


def _sentence(dice: random.Random, words: tuple[str, ...]) -> tuple[str, list[int]]:
    lang = dice.choices(words, [_LANGUAGES.get(word, 1) for word in words])[0]
    group = dice.choices(tuple(_SHARES), tuple(_SHARES.values()))[0]
    source = {"plain": PLAIN, "planted": PLANTED, "status": STATUS, "trap": TRAPS}[group]
    text, kinds = render(dice.choice(source[lang]), dice)
    return text, kinds + ([NUMBER[f"{group}_{lang}"]] if group in {"status", "trap"} else [])


def _assemble(
    dice: Dice, texts: tuple[str, ...], kinds: tuple[list[int], ...], shares: tuple[float, ...]
) -> tuple[pa.Array, Found]:
    """Make cells of sentences: the shares are of rows that have a first, and of those a second, and so on."""
    special = pa.array([bool(kind) for kind in kinds])
    first, further = pa.array(texts, pa.string()), pa.array([f" {text}" for text in texts], pa.string())
    parts: list[pa.Array] = []
    rows, found = [], []
    present = None
    for share in shares:
        drawn, index = dice.share(share), dice.below(len(texts))
        present = drawn if present is None else pc.and_(present, drawn)
        none = pa.scalar("" if parts else None, pa.string())
        parts.append(pc.if_else(present, (further if parts else first).take(index), none))
        marked = pc.indices_nonzero(pc.and_(special.take(index), present))
        for row, one in zip(marked.to_pylist(), index.take(marked).to_pylist(), strict=True):
            rows += [row] * len(kinds[one])
            found += kinds[one]
    return join(*parts), (pa.array(rows, pa.int64()), pa.array(found, pa.int16()))


def _truth(found: list[tuple[pa.Array, int, pa.Array]], first: int) -> pa.RecordBatch:
    column = pa.array([index for rows, index, _ in found for _ in range(len(rows))], pa.int8())
    row = pc.add(pa.concat_arrays([rows for rows, _, _ in found]), first)
    return pa.record_batch([row, column, pa.concat_arrays([kind for _, _, kind in found])], schema=TRUTH)


def blocks(city: City, workers: int = 2) -> Iterator[Block]:
    """Make all blocks in order, in several processes."""
    if workers < 2 or len(city.numbers) < 4:
        yield from city.blocks()
        return
    with get_context("fork").Pool(workers) as pool:
        for raw in pool.imap(_packed, ((city, number) for number in city.numbers)):
            yield Block(*(pa.ipc.open_stream(one).read_next_batch() for one in raw))


def _packed(asked: tuple[City, int]) -> list[bytes]:
    block = asked[0].block(asked[1])
    packed = []
    for batch in (block.table, block.truth):
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, batch.schema) as writer:
            writer.write_batch(batch)
        packed.append(sink.getvalue().to_pybytes())
    return packed


def write(
    city: City, folder: Path, *, parquet: bool = True, csv: bool = False, group: int = 10, workers: int = 2
) -> int:
    """Write the table and its truth below ``folder``; return the bytes of text.

    Row groups hold ``group`` blocks. Memory is that of one row group.
    """
    import pyarrow.csv
    import pyarrow.parquet

    folder.mkdir(parents=True, exist_ok=True)
    size, truth, waiting = 0, [], []
    schema = City(1, hidden=city.hidden, names=city.names).block(0).table.schema
    writers = [pyarrow.parquet.ParquetWriter(folder / "city.parquet", schema)] if parquet else []
    writers += [pyarrow.csv.CSVWriter(folder / "city.csv", schema)] if csv else []
    for block in blocks(city, workers):
        truth.append(block.truth)
        waiting.append(block.table)
        size += text_size(block.table)
        if len(waiting) == group:
            _flush(writers, waiting)
    _flush(writers, waiting)
    for writer in writers:
        writer.close()
    pyarrow.parquet.write_table(pa.Table.from_batches(truth, TRUTH), folder / "truth.parquet")
    return size


def _flush(writers: list, waiting: list[pa.RecordBatch]) -> None:
    if waiting:
        table = pa.Table.from_batches(waiting).combine_chunks()
        for writer in writers:
            writer.write_table(table)
        waiting.clear()


def text_size(batch: pa.RecordBatch) -> int:
    """Return the bytes of text in the string columns of a batch."""
    return sum(
        pc.sum(pc.binary_length(column)).as_py() or 0
        for column in batch.columns
        if pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    )


def load_postgres(address: str, folder: Path, table: str = "city") -> None:
    """Load ``city.csv`` of a folder into a new table of a PostgreSQL database, by COPY."""
    import psycopg

    kinds = {"int64": "bigint", "int32": "integer", "int16": "smallint", "date32[day]": "date", "timestamp[s]": "timestamp",
             "double": "double precision", "float": "real", "bool": "boolean", "string": "text"}  # fmt: skip
    schema = City(1).block(0).table.schema
    with (folder / "city.csv").open("rb") as file, psycopg.connect(address) as connection:
        columns = ", ".join(f'"{field.name}" {kinds[str(field.type)]}' for field in schema)
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(f"CREATE TABLE {table} ({columns})")
        with connection.cursor().copy(f"COPY {table} FROM STDIN (FORMAT csv, HEADER)") as copy:
            while chunk := file.read(1 << 20):
                copy.write(chunk)
        connection.commit()
        connection.autocommit = True
        connection.execute(f"VACUUM ANALYZE {table}")


def main() -> int:
    """Write a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--odd", type=float, default=ODD)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--csv", action="store_true")
    parser.add_argument("--hidden", action="store_true")
    parser.add_argument("--names", type=int, default=0, choices=range(5))
    parser.add_argument("--dense", action="store_true", help="truth of every cell")
    options = parser.parse_args()
    city = City(options.rows, options.seed, options.odd, options.dense, options.hidden, options.names)
    size = write(city, options.out, csv=options.csv)
    print(f"{options.rows:,} rows, {size / 1e6:,.0f} MB of text in {options.out}; kinds: {len(KINDS)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
