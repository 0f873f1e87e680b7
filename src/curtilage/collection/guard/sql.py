"""Write the SQL with which a database itself keeps identifiers out of a column of free text.

A database cannot fold letters, read words around a number or compute check digits as detection does, so
its guard is coarser: it knows the identifiers whose shape alone tells. What it leaves out it says in
its first lines. It looks at what is written from now on; rows that are there stay as they are.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from curtilage.collection.guard.text import Guard
from curtilage.detection.values.checks import Date, In, NoneOf, OneOf, Out, Varied
from curtilage.detection.values.nouns import Rule, Rules
from curtilage.detection.values.shapes import DIGITS, Either, One, Repeat, Row, Shape, parse_shape, to_regex
from curtilage.foundation.errors import UsageError

DIALECTS: Final = ("postgresql", "mariadb", "sqlite")
_MOST_GLOBS: Final = 400
"""Ways to write one identifier that SQLite is told one by one; chosen."""
_LONGEST_NAME: Final = 60
"""Bytes; PostgreSQL allows 63, MariaDB 64."""
#: Spaces and dashes that people and programs put for those of ASCII.
_TYPOGRAPHY: Final = ((0xA0, " "), (0x2009, " "), (0x2010, "-"), (0x2011, "-"), (0x2013, "-"), (0x2212, "-"))
_ESCAPED: Final = tuple(f"\\{point:04X}" for point, _ in _TYPOGRAPHY)
#: Checks that a shape alone nearly keeps; the others need a computation that SQL does not do here.
_NEARLY_KEPT: Final = (In, Out, OneOf, NoneOf, Varied, Date)


class GuardNotPossibleError(UsageError):
    """A database cannot be told to guard in the way that was asked for."""

    code = "collection.guard-not-possible"

    def __init__(self, *, why: str, next_step: str) -> None:
        super().__init__(f"{why} No SQL was written. {next_step}")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of free text.

    Attributes:
        table: Its table, a schema in front with a dot where needed.
        name: Its own name.
    """

    table: str
    name: str

    @classmethod
    def parse(cls, written: str) -> Column:
        """Return the column that ``TABLE.COLUMN`` or ``SCHEMA.TABLE.COLUMN`` names.

        Raises:
            GuardNotPossibleError: There is no dot in it.
        """
        table, _, name = written.rpartition(".")
        if not (table and name):
            raise GuardNotPossibleError(why=f"{written} names no column.", next_step="Write TABLE.COLUMN.")
        return cls(table, name)


def write_sql(column: Column, dialect: str, guard: Guard, rules: Rules, *, strip: bool = False) -> str:
    """Return the statements that guard a column, with those that take the guard away again as comments.

    Args:
        column: What is guarded.
        dialect: One of :data:`DIALECTS`.
        guard: Says which rules are minded.
        rules: All rules.
        strip: Replace what is found instead of refusing the row.

    Raises:
        GuardNotPossibleError: The dialect is not known, cannot strip, or no rule is left to guard with.
    """
    if dialect not in DIALECTS:
        raise GuardNotPossibleError(
            why=f"{dialect} is no dialect that is known.", next_step=f"Choose from: {', '.join(DIALECTS)}."
        )
    if dialect == "sqlite" and strip:
        raise GuardNotPossibleError(
            why="SQLite has no regular expressions to strip with.",
            next_step="Refuse instead, or strip in the program.",
        )
    minded = [rule for rule in rules.rules if guard.minds(rule) and rule.category]
    kept = [rule for rule in minded if _tells_alone(rule) and (dialect != "sqlite" or _globs(rule))]
    if not kept:
        raise GuardNotPossibleError(
            why="None of these kinds can be told by shape alone.", next_step="Guard in the program instead."
        )
    left = [rule.title for rule in minded if rule not in kept]
    body = _WRITERS[dialect](column, kept, strip)
    return "\n".join([*_head(column, kept, left), *body, ""])


def _tells_alone(rule: Rule) -> bool:
    """Say whether a shape tells without words around it and without a check digit."""
    return (
        bool(rule.shapes)
        and not (rule.asks or rule.before)
        and all(isinstance(check, _NEARLY_KEPT) for check in rule.checks)
    )


def _head(column: Column, kept: Sequence[Rule], left: Sequence[str]) -> Iterator[str]:
    yield f"-- Guards {_comment(f'{column.table}.{column.name}')}: what is written from now on; rows that are there stay."
    yield f"-- Knows by shape: {'; '.join(rule.title for rule in kept)}."
    if left:
        yield f"-- Does not know (they need words around them or a check digit): {'; '.join(left)}."


def _postgresql(column: Column, rules: Sequence[Rule], strip: bool) -> list[str]:  # noqa: FBT001 - as called
    table, field, name = _quoted(column.table, '"'), _quote(column.name, '"'), _name(column)
    pattern = _text(_pattern(rules))
    marks, plain_marks = "".join(_ESCAPED), "".join(to for _, to in _TYPOGRAPHY)
    plain = f"translate(%s::text, U&'{marks}', '{plain_marks}')"
    if not strip:
        told = f'"{name}"'
        return [
            f"ALTER TABLE {table} ADD CONSTRAINT {told}",
            f"  CHECK ({field} IS NULL OR {plain % field} !~* {pattern}) NOT VALID;",
            f"-- To take it away: ALTER TABLE {table} DROP CONSTRAINT {told};",
        ]
    new = f"NEW.{field}"
    return [
        f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $guard$',
        "BEGIN",
        f"  IF {plain % new} ~* {pattern} THEN",
        f"    {new} := regexp_replace({plain % new}, {pattern}, '[not kept]', 'gi');",
        "  END IF;",
        "  RETURN NEW;",
        "END $guard$;",
        f'CREATE TRIGGER "{name}" BEFORE INSERT OR UPDATE OF {field} ON {table}',
        f'  FOR EACH ROW EXECUTE FUNCTION "{name}"();',
        f'-- To take it away: DROP TRIGGER "{name}" ON {table}; DROP FUNCTION "{name}"();',
    ]


def _mariadb(column: Column, rules: Sequence[Rule], strip: bool) -> list[str]:  # noqa: FBT001 - as called
    table, field, name = _quoted(column.table, "`"), _quote(column.name, "`"), _name(column)
    pattern = _text("(?i)" + _pattern(rules)).replace("\\", "\\\\")
    plain = f"NEW.{field}"
    for point, to in _TYPOGRAPHY:
        plain = f"REPLACE({plain}, CONVERT(0x{chr(point).encode().hex()} USING utf8mb4), '{to}')"
    lines = ["DELIMITER //"]
    for event in ("INSERT", "UPDATE"):
        act = (
            f"SET NEW.{field} = REGEXP_REPLACE({plain}, {pattern}, '[not kept]')"
            if strip
            else f"SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '{name}: an identifier is not to be written down here'"
        )
        lines += [
            f"CREATE TRIGGER `{name}_{event.lower()}` BEFORE {event} ON {table} FOR EACH ROW",
            f"  IF {plain} REGEXP {pattern} THEN",
            f"    {act};",
            "  END IF//",
        ]
    drop = " ".join(f"DROP TRIGGER `{name}_{event}`;" for event in ("insert", "update"))
    return [*lines, "DELIMITER ;", f"-- To take it away: {drop}"]


def _sqlite(column: Column, rules: Sequence[Rule], _strip: bool) -> list[str]:  # noqa: FBT001 - as called
    table, field, name = _quoted(column.table, '"'), _quote(column.name, '"'), _name(column)
    plain = f"upper(NEW.{field})"
    for point, to in _TYPOGRAPHY:
        plain = f"replace({plain}, char({point}), '{to}')"
    globs = dict.fromkeys(glob for rule in rules for glob in _globs(rule))
    rows = ",\n    ".join(f"({_text(f'*[^0-9A-Z]{glob}[^0-9A-Z]*')})" for glob in globs)
    lines = []
    for event in ("INSERT", f"UPDATE OF {field}"):
        trigger = f'"{name}_{event[:6].lower()}"'
        lines += [
            f"CREATE TRIGGER {trigger} BEFORE {event} ON {table} FOR EACH ROW",
            f"  WHEN EXISTS (WITH shapes(shape) AS (VALUES\n    {rows})",
            f"    SELECT 1 FROM shapes WHERE ' ' || {plain} || ' ' GLOB shape)",  # noqa: S608 - quoted above
            f"BEGIN SELECT RAISE(ABORT, '{name}: an identifier is not to be written down here'); END;",
        ]
    drop = " ".join(f'DROP TRIGGER "{name}_{event}";' for event in ("insert", "update"))
    return [*lines, f"-- To take it away: {drop}"]


_WRITERS: Final[dict[str, Callable[[Column, Sequence[Rule], bool], list[str]]]] = {
    "postgresql": _postgresql,
    "mariadb": _mariadb,
    "sqlite": _sqlite,
}


def _pattern(rules: Sequence[Rule]) -> str:
    """Return one regular expression for all shapes that PostgreSQL and MariaDB both read."""
    shapes = [to_regex(parse_shape(shape)).decode() for rule in rules for shape in rule.shapes]
    return f"(?<![[:alnum:]])(?:{'|'.join(dict.fromkeys(shapes))})(?![[:alnum:]])"


def _globs(rule: Rule) -> list[str]:
    """Return the shapes of a rule as SQLite's GLOB has them; empty where they are too many."""
    found: list[str] = []
    for written in rule.shapes:
        for glob in _spell(parse_shape(written)):
            found.append(glob)
            if len(found) > _MOST_GLOBS:
                return []
    return list(dict.fromkeys(found))


def _spell(shape: Shape) -> Iterator[str]:
    match shape:
        case One(of):
            yield _glob_class(of)
        case Row(parts):
            yield from map("".join, itertools.product(*(list(_few(_spell(part))) for part in parts)))
        case Either(ways):
            for way in ways:
                yield from _spell(way)
        case Repeat(what, least, most):
            spelt = list(_few(_spell(what)))
            for times in range(least, most + 1):
                yield from (
                    map("".join, itertools.product(spelt, repeat=times))
                    if len(spelt) > 1
                    else (spelt[0] * times,)
                )


def _few(spellings: Iterator[str]) -> Iterator[str]:
    return itertools.islice(spellings, _MOST_GLOBS + 1)


def _glob_class(of: frozenset[int]) -> str:
    """Return a class of upper-case bytes: ``]`` comes first and ``-`` last, as GLOB wants them."""
    if of == DIGITS:
        return "[0-9]"
    letters = sorted({chr(byte).upper() for byte in of})
    plain = [each for each in letters if each not in "]-^"]
    ordered = ["]"] * ("]" in letters) + plain + ["^"] * ("^" in letters) + ["-"] * ("-" in letters)
    if len(ordered) == 1 and ordered[0] not in "*?[^":
        return ordered[0]
    return f"[{''.join(ordered)}]"


def _name(column: Column) -> str:
    """Return a name for what guards a column, of plain letters."""
    spoken = f"curtilage_guard_{column.table}_{column.name}"
    plain = "".join(each if each.isascii() and each.isalnum() else "_" for each in spoken)
    return plain[: _LONGEST_NAME - len("_insert")]


def _quoted(dotted: str, mark: str) -> str:
    return ".".join(_quote(part, mark) for part in dotted.split("."))


def _quote(name: str, mark: str) -> str:
    return mark + name.replace(mark, mark * 2) + mark


def _text(content: str) -> str:
    return "'" + content.replace("'", "''") + "'"


def _comment(text: str) -> str:
    """Return text that cannot end a comment."""
    return " ".join(text.split())
