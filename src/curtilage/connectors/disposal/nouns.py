"""What is taken out of a system, how, and what then was done and remains.

``Target`` and ``Act`` are the ingredients of a plan: data, with one canonical JSON form each, nothing personal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from curtilage.connectors.disposal.conditions import Condition, condition_from_json, condition_to_json
from curtilage.foundation.canonical import JSON


@dataclass(frozen=True, slots=True)
class Link:
    """How rows of one table hang on rows of another.

    Attributes:
        table: The dependant, named as in :class:`Target`.
        columns: Its columns that point, in order.
        parent: The table that they point at.
        parent_columns: Columns there, in the same order; empty is its primary key.
        rule: What the database itself does with a dependant whose parent goes: ``none`` (it refuses), ``cascade``,
            ``set-null``, ``set-default``; ``declared`` for a link that only the inventory knows.
    """

    table: str
    columns: tuple[str, ...]
    parent: str
    parent_columns: tuple[str, ...] = ()
    rule: str = "declared"


@dataclass(frozen=True, slots=True)
class Target:
    """Which rows of a table, or which files.

    Attributes:
        system: Id of the system in the inventory.
        table: With its schema in front where that is not the default one; for files the path or glob below
            the system's root.
        condition: Which rows; there is no "all of them".
        key: Columns that identify a row; empty is the primary key.
        subject: Column that says whom a row is about, for holds; empty is none declared.
        along: Tables whose dependent rows go along, as the plan found and showed them, sorted. A dependant
            that is not named here keeps its parent from going.
        links: Dependants beyond foreign keys.
        must: For tables in ``along`` what a row there must meet to go along, because it has its own time to be
            kept: where one does not, its parent stays. Rows of the target's own table must be due themselves.
    """

    system: str
    table: str
    condition: Condition
    key: tuple[str, ...] = ()
    subject: str = ""
    along: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()
    must: tuple[tuple[str, Condition], ...] = ()


@dataclass(frozen=True, slots=True)
class Delete:
    """Rows go, with what hangs on them."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Columns become NULL; the rows stay. At least one column."""

    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Rows are counted into a table of statistics, then go: the published figures stay the same.

    Attributes:
        group_by: Columns that rows are counted by; they have the same names in the table of counts.
        count_into: ``TABLE.COLUMN`` of the count.
    """

    group_by: tuple[str, ...]
    count_into: str


@dataclass(frozen=True, slots=True)
class DropPartition:
    """A whole partition goes at once; all its rows must meet the condition, and none may be held."""

    name: str


@dataclass(frozen=True, slots=True)
class RemoveFiles:
    """Files go as a whole."""


@dataclass(frozen=True, slots=True)
class RewriteFile:
    """Rows go from files, which are written anew without them."""


@dataclass(frozen=True, slots=True)
class DestroyKey:
    """The key goes that the data is sealed under; what is left cannot be read by anybody."""

    id: str


@dataclass(frozen=True, slots=True)
class TransferThen:
    """What goes is handed to an archive first.

    Attributes:
        act: What is done once the archive has it.
        to: Name of the archive in the settings.
    """

    act: Delete | Clear | RemoveFiles | RewriteFile
    to: str


Act = Delete | Clear | Aggregate | DropPartition | RemoveFiles | RewriteFile | DestroyKey | TransferThen


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction does.

    Attributes:
        number: 1-based within its item of a plan; 0 where nothing was done yet.
        rows: Rows of the target.
        along: Dependent rows by table, those tables only that lost any, sorted by name.
        spared: Rows that were looked at in this transaction and stay, because they are held by a keyed hash, or
            what hangs on them is held or not named in the plan. Rows that a condition spares are not seen.
        hanging: Those of them that stay only because of what hangs on them.
        keys: Keyed hashes of the target's rows, 16 bytes each, in no order that means anything; none for a partition or a destroyed key.
        seconds: Wall time for which the transaction held its locks.
        free: Seconds that were spent behind it, with no lock held.
    """

    number: int
    rows: int
    along: tuple[tuple[str, int], ...] = ()
    spared: int = 0
    hanging: int = 0
    keys: tuple[bytes, ...] = ()
    seconds: float = 0.0
    free: float = 0.0


@dataclass(frozen=True, slots=True)
class Mark:
    """How far an item of a plan has come, as the system itself remembers it: written with each batch.

    Attributes:
        item: Id of the item, unique among all plans.
        number: The last batch whose transaction was committed; 0 for none.
        rows: Rows of the target that it took.
    """

    item: str
    number: int
    rows: int


@dataclass(frozen=True, slots=True)
class Dependant:
    """A table whose rows hang on the target's, at any depth.

    Attributes:
        table: Its name.
        links: How, nearest first.
        rows: How many rows would go along, counted; None where that was not asked.
    """

    table: str
    links: tuple[Link, ...]
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """What one scan of a table counted.

    Attributes:
        counts: Rows that surely meet each condition, in the order of the conditions.
        oldest: The first day among the rows that meet the first condition; None where there is none.
        newest: The last day among them.
    """

    counts: tuple[int, ...]
    oldest: date | None = None
    newest: date | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of a table.

    Attributes:
        name: As the server has it.
        column: Column that rows are parted by; empty where it is an expression.
        least: Lowest value in it, as text; empty is none.
        below: All values are below it, as text; empty is none.
        rows: How many rows the server believes there are; None where it has no idea.
    """

    name: str
    column: str
    least: str
    below: str
    rows: int | None


@dataclass(frozen=True, slots=True)
class Remains:
    """What is still somewhere after a deletion, and until when.

    Attributes:
        where: Stable code: ``dead-tuples``, ``write-ahead-log``, ``binary-log``, ``undo-log``, ``replica``,
            ``slot``, ``history``, ``trigger``, ``free-pages``, ``journal``, ``backup``.
        what: One sentence for a certificate.
        until: The day from which it is gone; None where nobody can say.
        unknown: Why nobody can say; empty where ``until`` stands.
    """

    where: str
    what: str
    until: date | None = None
    unknown: str = ""


def target_to_json(target: Target) -> Mapping[str, JSON]:
    """Return the canonical JSON of a target; parts that are empty are left out."""
    written: dict[str, JSON] = {
        "system": target.system,
        "table": target.table,
        "condition": condition_to_json(target.condition),
        "key": list(target.key),
        "subject": target.subject,
        "along": list(target.along),
        "links": [_link_to_json(link) for link in target.links],
        "must": [[table, condition_to_json(condition)] for table, condition in target.must],
    }
    return {name: value for name, value in written.items() if value}


def target_from_json(said: Mapping[str, object]) -> Target:
    """Return the target that :func:`target_to_json` wrote.

    Raises:
        ValueError: It is none, or has more than what is known here.
    """
    unknown = set(said) - {"system", "table", "condition", "key", "subject", "along", "links", "must"}
    if unknown or not {"system", "table", "condition"} <= set(said):
        raise ValueError("A target has a system, a table and a condition, and nothing that is not known.")
    return Target(
        system=_text(said["system"]),
        table=_text(said["table"]),
        condition=condition_from_json(said["condition"]),
        key=_texts(said.get("key", ())),
        subject=_text(said.get("subject", "")),
        along=_texts(said.get("along", ())),
        links=tuple(_link_from_json(each) for each in _list(said.get("links", ()))),
        must=tuple(_must_from_json(each) for each in _list(said.get("must", ()))),
    )


def act_to_json(act: Act) -> Mapping[str, JSON]:
    """Return the canonical JSON of an act: one key that names it."""
    match act:
        case Delete():
            return {"delete": {}}
        case Clear(columns):
            return {"clear": {"columns": list(columns)}}
        case Aggregate(group_by, count_into):
            return {"aggregate": {"group_by": list(group_by), "count_into": count_into}}
        case DropPartition(name):
            return {"drop-partition": {"name": name}}
        case RemoveFiles():
            return {"remove-files": {}}
        case RewriteFile():
            return {"rewrite": {}}
        case DestroyKey(key):
            return {"destroy-key": {"id": key}}
        case TransferThen(then, to):
            return {"transfer-then": {"act": act_to_json(then), "to": to}}


def act_from_json(said: object) -> Act:
    """Return the act that :func:`act_to_json` wrote.

    Raises:
        ValueError: It is none, or has more than what is known here.
    """
    if not isinstance(said, Mapping) or len(said) != 1:
        raise ValueError("An act is an object with one key.")
    kind, parts = next(iter(said.items()))
    match kind, parts:
        case "delete", {**nothing} if not nothing:
            return Delete()
        case "remove-files", {**nothing} if not nothing:
            return RemoveFiles()
        case "rewrite", {**nothing} if not nothing:
            return RewriteFile()
        case "clear", {"columns": columns, **nothing} if not nothing:
            return Clear(_some(_texts(columns)))
        case "aggregate", {"group_by": group_by, "count_into": into, **nothing} if not nothing:
            return Aggregate(_some(_texts(group_by)), _text(into))
        case "drop-partition", {"name": name, **nothing} if not nothing:
            return DropPartition(_text(name))
        case "destroy-key", {"id": key, **nothing} if not nothing:
            return DestroyKey(_text(key))
        case "transfer-then", {"act": then, "to": to, **nothing} if not nothing:
            return TransferThen(_movable(act_from_json(then)), _text(to))
    raise ValueError("There is no such act.")


def _movable(act: Act) -> Delete | Clear | RemoveFiles | RewriteFile:
    if isinstance(act, Delete | Clear | RemoveFiles | RewriteFile):
        return act
    raise ValueError("Only rows and files can be handed to an archive first.")


def _link_to_json(link: Link) -> JSON:
    return {
        "table": link.table,
        "columns": list(link.columns),
        "parent": link.parent,
        "parent_columns": list(link.parent_columns),
        "rule": link.rule,
    }


def _link_from_json(said: object) -> Link:
    match said:
        case {"table": table, "columns": columns, "parent": parent, "parent_columns": above, "rule": rule}:
            return Link(_text(table), _texts(columns), _text(parent), _texts(above), _text(rule))
    raise ValueError("A link has a table, columns, a parent, its columns, and a rule.")


def _must_from_json(said: object) -> tuple[str, Condition]:
    match list(_list(said)):
        case [str(table), condition]:
            return table, condition_from_json(condition)
    raise ValueError("A table and its condition stand here.")


def _text(said: object) -> str:
    if isinstance(said, str):
        return said
    raise ValueError("A text stands here.")


def _texts(said: object) -> tuple[str, ...]:
    return tuple(_text(each) for each in _list(said))


def _list(said: object) -> Sequence[object]:
    if isinstance(said, Sequence) and not isinstance(said, str | bytes):
        return said
    raise ValueError("A list stands here.")


def _some(texts: tuple[str, ...]) -> tuple[str, ...]:
    if not texts:
        raise ValueError("Nothing empty means yes: give at least one column.")
    return texts
