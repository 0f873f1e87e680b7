"""What of a PostgreSQL database can be read as text: relations, columns, and the SELECTs for them.

* Names go into SQL quoted, functions and types with their schema, and no value ever does.
* Every column comes as text or as bytes: what is neither is cast on the server.
* A cell that is longer than a row may be is cut there, and its rest is asked for in pieces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.connectors.content.isodays import ISO_DAY
from curtilage.connectors.content.ports import Table, TextColumn
from curtilage.connectors.postgresql import MADE, qualified

_SIZES: Final = {
    # Asks the disk; waits where somebody rebuilds a table.
    "exact": "coalesce(pg_table_size(c.oid), 0)",
    "estimated": """(c.relpages + coalesce((SELECT t.relpages FROM pg_class t WHERE t.oid = c.reltoastrelid), 0))
                    * current_setting('block_size')::bigint""",
}
_RELATION: Final = """
    c.oid::bigint, n.nspname, c.relname, c.relkind::text, coalesce(m.amname = 'heap', false),
    has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE'),
    has_any_column_privilege(c.oid, 'SELECT') AND has_schema_privilege(n.oid, 'USAGE'),
    greatest(c.reltuples, 0)::bigint, c.relpages::bigint
"""
_FROM: Final = """
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_am m ON m.oid = c.relam
"""
RELATIONS: Final = {
    way: f"SELECT {_RELATION}, {size} {_FROM} WHERE {MADE} AND c.relispopulated ORDER BY n.nspname, c.relname"
    for way, size in _SIZES.items()
}
#: Those that hold the rows of a partitioned table, with the partitioned table in front. The server's own
#: function for that (pg_partition_tree) would wait for whoever changes one of them.
LEAVES: Final = {
    way: f"""
    WITH RECURSIVE tree (top, oid) AS (
        SELECT oid, oid FROM pg_class WHERE relkind = 'p' AND NOT relispartition
        UNION ALL SELECT tree.top, i.inhrelid FROM tree JOIN pg_inherits i ON i.inhparent = tree.oid)
    SELECT tree.top::bigint, {_RELATION}, {size} FROM tree
    JOIN pg_class c ON c.oid = tree.oid JOIN pg_namespace n ON n.oid = c.relnamespace
    LEFT JOIN pg_am m ON m.oid = c.relam WHERE c.relkind <> 'p' ORDER BY n.nspname, c.relname
"""  # noqa: S608 - put together from constants
    for way, size in _SIZES.items()
}
COLUMNS: Final = f"""
    SELECT c.oid::bigint, a.attname, format_type(a.atttypid, a.atttypmod), t.typcategory::text,
           coalesce((SELECT e.typcategory::text FROM pg_type e WHERE e.oid = t.typelem AND t.typcategory = 'A'), ''),
           coalesce(nullif(t.typbasetype, 0), t.oid)::bigint,
           coalesce((SELECT b.typname FROM pg_type b WHERE b.oid = t.typbasetype), t.typname),
           has_column_privilege(c.oid, a.attnum, 'SELECT')
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    WHERE {MADE} ORDER BY c.oid, a.attnum
"""  # noqa: S608 - put together from constants
#: Views, and what each is made from; 0 where a function that somebody made may show other things.
BENEATH: Final = """
    SELECT r.ev_class::bigint, CASE WHEN d.refclassid = 'pg_class'::regclass THEN d.refobjid ELSE 0 END::bigint
    FROM pg_rewrite r JOIN pg_class v ON v.oid = r.ev_class AND v.relkind = 'v'
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refobjid <> r.ev_class
    WHERE d.refclassid IN ('pg_class'::regclass, 'pg_proc'::regclass)
"""
#: Whatever changes what a table shows while its rows stay as they are: its columns, what they are
#: computed from, labels of enumerations, masks, rights of rows; and the server's last start, for a
#: restored server may count its transactions once more.
STRUCTURE: Final = """
    SELECT c.relfilenode, pg_postmaster_start_time()::text, row_security_active(c.oid),
      (SELECT sum(hash_record_extended(ROW(a.attnum, a.xmin), 0)) FROM pg_attribute a WHERE a.attrelid = c.oid)::text,
      (SELECT sum(hash_record_extended(ROW(d.adnum, d.xmin), 0)) FROM pg_attrdef d WHERE d.adrelid = c.oid)::text,
      (SELECT sum(hash_record_extended(ROW(e.oid, e.xmin), 0)) FROM pg_enum e)::text,
      (SELECT sum(hashtextextended(s.label, s.objsubid)) FROM pg_seclabel s
       WHERE s.classoid = 'pg_class'::regclass AND s.objoid = c.oid)::text
    FROM pg_class c WHERE c.oid = %s
"""
#: Types that are read as they are: text, varchar, char, name, and bytea.
_NATURAL: Final = frozenset({25, 1043, 1042, 19, 17})
_BYTES: Final = 17
#: Categories whose values cannot be any text: numbers, dates, times, booleans, networks, bits, shapes, ranges.
_TYPED: Final = frozenset("NDTBIVGR")
#: The same among types without such a category.
_TYPED_NAMES: Final = frozenset(
    "uuid macaddr macaddr8 pg_lsn pg_snapshot txid_snapshot xid xid8 cid tid tsquery jsonpath geometry geography"
    " raster vector halfvec sparsevec cube".split()
)
_MOST_BYTES_A_CHARACTER: Final = 4
_SHORTEST_CUT: Final = 65_536
#: What two pieces of one cell share, so that nothing that is looked for can lie across their border.
OVERLAP: Final = 1_024
_BYTES_A_ROW: Final = 200
"""Guessed where the server has no estimate of rows."""
_LARGE: Final = 20
"""How many times more rows than wanted a table has from which whole pages are taken."""
#: Date, timestamp, timestamptz; how their ends become moments in UTC.
_MOMENTS: Final = {
    1082: "{}::pg_catalog.timestamp",
    1114: "{}",
    1184: "({} AT TIME ZONE 'UTC')",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column, and how it is asked for.

    Attributes:
        name: As the server has it.
        type: As the server writes it.
        textual: Can hold any text.
        base: Number of its type, of a domain the number of the type beneath.
        readable: The account may read it.
    """

    name: str
    type: str
    textual: bool
    base: int
    readable: bool

    @classmethod
    def of(cls, row: Sequence[object]) -> Column:
        """Take a row of :data:`COLUMNS`, without its first field."""
        name, type_, category, inside, base, base_name, readable = row
        typed = category in _TYPED or inside in _TYPED or str(base_name).lstrip("_") in _TYPED_NAMES
        return cls(
            name=str(name),
            type=str(type_)[:120],
            textual=not typed,
            base=int(str(base)),
            readable=bool(readable),
        )

    @property
    def is_natural(self) -> bool:
        """Tell whether it is text or bytes and needs no cast."""
        return self.base in _NATURAL

    @property
    def is_bytes(self) -> bool:
        """Tell whether it holds bytes."""
        return self.base == _BYTES

    @property
    def value(self) -> str:
        """Return the expression that gives it as text or bytes."""
        return quote(self.name) if self.is_natural else f"{quote(self.name)}::pg_catalog.text"


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, a partition, a view or the like.

    Attributes:
        oid: Its number in this database.
        schema: Where it lies.
        name: As the server has it.
        kind: ``r`` table, ``p`` partitioned, ``v`` view, ``m`` materialised view, ``f`` foreign.
        is_heap: Its rows have places (``ctid``) that can be asked for by range.
        whole: The account may read all of it, the places of rows included.
        partly: The account may read a column of it.
        rows: As the server estimates.
        pages: As of the same estimate.
        size: Bytes.
    """

    oid: int
    schema: str
    name: str
    kind: str
    is_heap: bool
    whole: bool
    partly: bool
    rows: int
    pages: int
    size: int

    @property
    def shown(self) -> str:
        """Return its name as places give it."""
        return qualified(self.schema, self.name)

    @property
    def sql(self) -> str:
        """Return it for FROM; rows of tables that inherit from it are not among its own."""
        named = f"{quote(self.schema)}.{quote(self.name)}"
        return f"ONLY {named}" if self.kind == "r" else named


def quote(name: str) -> str:
    """Return an identifier for SQL, quoted.

    >>> quote("Case.notes")
    '"Case.notes"'
    """
    return '"' + name.replace('"', '""') + '"'


def table_of(relation: Relation, columns: Iterable[Column], rows: int, size: int) -> Table:
    """Return a relation as readers of content know it: of its columns those that the account may read."""
    named = ((column, f"{relation.shown}.{column.name}") for column in columns if column.readable)
    told = tuple(TextColumn(name, column.type, column.textual, name) for column, name in named)
    return Table(relation.shown, told, rows, size)


def is_covered(oid: int, beneath: Mapping[int, set[int]], read: frozenset[int]) -> bool:
    """Tell whether all that a view shows comes from tables that are read anyway.

    Args:
        oid: The view.
        beneath: Of each view what it is made from; 0 is a function.
        read: The tables that are read.
    """
    under = beneath.get(oid, set())
    return bool(under) and all(
        each in read or (each in beneath and is_covered(each, beneath, read)) for each in under
    )


def longest_cell(row_bytes: int, columns: Sequence[Column]) -> int:
    """Return after how many characters a cell is cut so that a row of ``columns`` stays within ``row_bytes``."""
    return max(_SHORTEST_CUT, row_bytes // _MOST_BYTES_A_CHARACTER // max(1, len(columns)))


def select(
    relation: Relation, columns: Sequence[Column], *, cut: int, where: str = "", rest: str = ""
) -> str:
    """Return the question for the cells of ``columns``, named c0, c1, …, each cut after ``cut`` characters."""
    cells = ", ".join(f"{_cut(column, cut)} AS c{number}" for number, column in enumerate(columns))
    return f"SELECT {cells} FROM {relation.sql} {rest} {where and 'WHERE ' + where}"  # noqa: S608 - quoted names, numbers


def select_rest(relation: Relation, column: Column, *, cut: int, where: str = "") -> str:
    """Return the question for what :func:`select` cut off a column, as pieces of bytes that overlap.

    The inner question unpacks a cell once; in bytes a place far behind is as near as the first.
    """
    empty, done = "''::pg_catalog.bytea", f"pg_catalog.octet_length({_cut(column, cut)})"
    # Joined to nothing it is taken out of where long cells are kept; as it is, each piece would do so again.
    whole = f"pg_catalog.convert_to({column.value}, 'UTF8')" if not column.is_bytes else column.value
    return f"""
        SELECT pg_catalog.substr(cell, place, {cut}) AS c0
        FROM (SELECT {whole} OPERATOR(pg_catalog.||) {empty} AS cell, {done} AS done FROM {relation.sql}
              WHERE pg_catalog.octet_length({column.value}) > {cut} {where and "AND " + where} OFFSET 0) AS long,
             pg_catalog.generate_series(done - {OVERLAP - 1}, pg_catalog.octet_length(cell) - {OVERLAP},
                                        {cut - OVERLAP}) AS place
    """  # noqa: S608 - quoted names, numbers


def _cut(column: Column, cut: int) -> str:
    if column.is_bytes:
        return f"pg_catalog.substr({column.value}, 1, {cut})"
    if not column.is_natural:
        return f"pg_catalog.left({column.value}, {cut})"
    # Asking for the length of a long cell costs nothing; the server keeps it beside the cell.
    name = column.value
    return f"CASE WHEN pg_catalog.octet_length({name}) > {cut} THEN pg_catalog.left({name}, {cut}) ELSE {name} END"


def sample_clause(relation: Relation, rows: int) -> str:
    """Return the clause that takes rows from all over a relation; empty where the first rows have to do."""
    expected = max(relation.rows, relation.size // _BYTES_A_ROW)
    if relation.kind not in "rpm" or expected <= 2 * rows:
        return ""
    # Whole pages are cheap in a large table; in a small one there are too few of them.
    way = "SYSTEM" if expected > _LARGE * rows else "BERNOULLI"
    return f"TABLESAMPLE {way} ({min(100.0, 150.0 * rows / expected):.6f}) REPEATABLE (0)"


def fingerprint_query(relation: Relation, where: str) -> str:
    """Return the question whose answer changes with every row that comes, goes or changes.

    A row's place and the transaction that wrote it never come again with another content, so their
    sum tells, and no cell is read for it.
    """
    rows = f"FROM {relation.sql} {where and 'WHERE ' + where}"
    return f"SELECT count(*), sum(hash_record_extended(ROW(ctid, xmin), 0))::text {rows}"


def extremes_query(relation: Relation, column: Column) -> str:
    """Return the question for the oldest and the newest moment; empty for a column that holds none.

    What lies outside the years 1 to 9999 (``infinity``) is left out; of texts only ISO 8601 days from
    1800 to 2199 count.
    """
    name = column.value
    if column.base in _MOMENTS:
        name, form = quote(column.name), _MOMENTS[column.base]
        ends = f"{form.format(f'min({name})')}, {form.format(f'max({name})')}"
        within = f"{name} BETWEEN '0001-01-01' AND '9999-12-31'"
    elif column.textual and not column.is_bytes:
        day = f'left({name}, 10) COLLATE "C"'
        ends, within = f"min({day}), max({day})", f"{name} ~ '{ISO_DAY}'"
    else:
        return ""
    return f"SELECT {ends} FROM {relation.sql} WHERE {within}"  # noqa: S608 - quoted names and patterns
