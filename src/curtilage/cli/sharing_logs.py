"""``curtilage sharing import-log``, ``logs`` and ``reconcile``: access logs, counted and compared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import Desk, as_option, open_desk

if TYPE_CHECKING:
    from curtilage.connectors.content.ports import Content, Part
    from curtilage.sharing.columns import Columns
    from curtilage.sharing.nouns import Access, AccessLog, Difference, Leftover, LogCount

_MOST: Final = 15
"""Recipients that are shown after a file was read; all of them with ``--format json``."""


@click.command(
    "import-log",
    short_help="Count who was given data for what, by month.",
    epilog=render.examples(
        "curtilage sharing import-log network-audit-may.csv --log plate-network --as privacy",
        "curtilage sharing import-log queries.jsonl --log save --recipient-is 'DHS SAVE' --purpose benefit --as privacy",
    ),
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--log", "name", required=True, metavar="NAME", help="Name of the log, as practices name it.")
@click.option(
    "--moment", default="", metavar="HEADING", help="Column of the day or moment. Default: a known heading."
)
@click.option(
    "--recipient",
    default="",
    metavar="HEADING",
    help="Column of the body that got it. Default: a known heading.",
)
@click.option(
    "--recipient-is", default="", metavar="NAME", help="Who got it each time, where no column tells."
)
@click.option(
    "--purpose",
    default="",
    metavar="HEADING",
    help="Column of what for; - for none. Default: a known heading.",
)
@click.option("--dry-run", is_flag=True, help="Count and show; record nothing.")
@as_option
@city_option
@render.format_option("table", "json")
@render.quiet_option
def import_log(
    *,
    file: Path,
    name: str,
    moment: str,
    recipient: str,
    recipient_is: str,
    purpose: str,
    dry_run: bool,
    who: str,
    city: Path | None,
    form: str,
    quiet: bool,
) -> int:
    """Read FILE, an export of an access log (CSV, JSON, JSON lines, Excel, Parquet), and record what it came to.

    Kept are bodies, reasons, months and counts. Who asked, about whom, and every word of a purpose are read,
    counted and forgotten. A file that covers the days of an earlier one takes its place; days that were told of
    before are passed over otherwise.
    """
    from curtilage.sharing.books import check_name, record_reading

    check_name(name)
    asked = {"moment": moment, "recipient": "-" if recipient_is else recipient, "purpose": purpose}
    told: list[str] = []
    with open_desk(city) as desk:
        _, actor = desk.officer(who)
        before, count, instead = count_file(
            desk, file, name, asked=asked, recipient_is=recipient_is, told=told
        )
        is_new = not dry_run and record_reading(desk.keeping.ledger, before, count, instead, by=actor)
    _show_count(name, count, form)
    for line in (
        *told,
        *_list_leftovers(count),
        _say_end(name, dry_run=dry_run, is_new=is_new, instead=instead),
    ):
        render.note(line, quiet=quiet)
    return 0


def count_file(
    desk: Desk, file: Path, name: str, *, asked: dict[str, str], recipient_is: str, told: list[str]
) -> tuple[AccessLog, LogCount, tuple[int, ...]]:
    """Count one file of a log; nothing is recorded.

    Args:
        desk: The city's.
        file: The export.
        name: Name of the log.
        asked: Headings that somebody named: ``moment``, ``recipient``, ``purpose``; empty for known ones.
        recipient_is: Who got it each time; empty where a column tells.
        told: What could not be read as it stands is added here.

    Returns:
        The log as it was, what the file came to, and the numbers of the readings whose place it takes.
    """
    from zoneinfo import ZoneInfo

    from curtilage.sharing.books import read_log
    from curtilage.sharing.log import count_log
    from curtilage.sharing.reconcile import declare, practices_of

    before = read_log(desk.keeping.ledger, name)
    declared = declare(practices_of(desk.declared, name))
    rows = _list_accesses(file, asked, recipient_is, told)
    zone = ZoneInfo(desk.settings.city.zone)
    return (before, *count_log(rows, declared, before, zone=zone, today=desk.today))


def _list_accesses(file: Path, asked: dict[str, str], recipient_is: str, told: list[str]) -> Iterator[Access]:
    """Give every row of the file's tables that have the columns; what could not be read is added to ``told``."""
    from curtilage.cli.assembly import open_content
    from curtilage.connectors.content.ports import ContentLimits
    from curtilage.sharing.columns import NoColumnError, choose_columns

    content = open_content(str(file), file.name, ContentLimits())
    try:
        chosen, lacking = [], None
        for table in content.tables():
            try:
                chosen.append((table, choose_columns([each.name for each in table.columns], **asked)))
            except NoColumnError as error:
                lacking = lacking or error
        if not chosen:
            raise lacking or NoColumnError(lacks="moment", columns=())
        for table, columns in chosen:
            for part in content.parts(table, wanted=1):
                yield from _list_rows(content, part, columns, recipient_is)
        told += [f"{each.reason}" for each in content.told()]
    finally:
        content.close()


def _list_rows(content: Content, part: Part, columns: Columns, recipient_is: str) -> Iterator[Access]:
    from curtilage.sharing.nouns import Access

    names = tuple(each for each in (columns.moment, columns.recipient, columns.purpose) if each)
    for batch in content.read(part, columns=names):
        read = {name: _cells(batch.column(name)) for name in batch.schema.names}
        blank = [""] * batch.num_rows
        whom = [recipient_is] * batch.num_rows if recipient_is else read.get(columns.recipient, blank)
        what_for: Sequence[str | None] = (
            read.get(columns.purpose, blank) if columns.purpose else [None] * batch.num_rows
        )
        yield from map(Access, read.get(columns.moment, blank), whom, what_for)


def _cells(column: Any) -> list[str]:
    return [_text(each) for each in column.to_pylist()]


def _text(cell: object) -> str:
    if isinstance(cell, bytes):
        return cell.decode("utf-8", "replace")
    return "" if cell is None else str(cell)


def _show_count(name: str, count: LogCount, form: str) -> None:
    from curtilage.sharing.recorded import say_purpose

    if form == "json":
        render.write_json({"log": name, **_count_to_json(count)})
        return
    recipients, purposes = _total(count, "recipient"), _total(count, "purpose")
    click.echo(f"{name}: {render.plural(count.rows, 'access', 'accesses')}, {count.first} to {count.last}.\n")
    render.write_table(
        ("Purpose", "Times"), [(say_purpose(each), f"{times:,}") for each, times in purposes.items()]
    )
    click.echo()
    shown = list(recipients.items())[:_MOST]
    render.write_table(("Recipient", "Times"), [(each, f"{times:,}") for each, times in shown])
    if len(recipients) > _MOST:
        click.echo(f"and {len(recipients) - _MOST:,} more")


def _total(count: LogCount, of: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for use in count.uses:
        found[getattr(use, of)] = found.get(getattr(use, of), 0) + use.times
    return dict(sorted(found.items(), key=lambda each: (-each[1], each[0])))


def _count_to_json(count: LogCount) -> dict[str, Any]:
    return {
        "first": str(count.first),
        "last": str(count.last),
        "rows": count.rows,
        "not_counted": {"undated": count.undated.rows, "known": count.known.rows},
        "recipient_not_kept": count.unkept.rows,
        "purpose_not_read": count.other.rows,
        "uses": [use._asdict() for use in count.uses],
    }


def _list_leftovers(count: LogCount) -> Iterator[str]:
    for leftover, said in (
        (count.undated, "not counted: no day in them can be read, or it is still to come"),
        (count.known, "passed over: an earlier file told of their days"),
        (count.unkept, "counted without the recipient's name, which is no body's as far as can be told"),
        (count.other, "counted as `other`: no practice declares their purpose, and no reason reads it"),
    ):
        if leftover.rows:
            yield f"{render.plural(leftover.rows, 'row')} {said}. {_say_rows(leftover)}"


def _say_rows(leftover: Leftover) -> str:
    numbers = ", ".join(map(str, leftover.first))
    more = " and more" if leftover.rows > len(leftover.first) else ""
    return f"Look at row {numbers}{more}, counted below the headings."


def _say_end(name: str, *, dry_run: bool, is_new: bool, instead: Sequence[int]) -> str:
    if dry_run:
        return "Nothing was recorded."
    if not is_new:
        return f"{name} told the same before. Nothing was recorded."
    place = ", in the place of an earlier file" if instead else ""
    return f"Recorded{place}. Compare with what is declared: curtilage sharing reconcile"


@click.command(
    short_help="Which access logs were read, and until when.",
    epilog=render.examples("curtilage sharing logs"),
)
@city_option
@render.format_option("table", "json", "jsonl")
def logs(*, city: Path | None, form: str) -> int:
    """List the files of access logs that were read: their days, how many accesses, by whom."""
    from curtilage.sharing.books import list_logs

    with open_desk(city) as desk:
        found = list_logs(desk.keeping.ledger)
        rows = [row for log in found for row in _list_readings(desk, log)]
    if form == "table":
        cells = [[str(each) for each in row.values()] for row in rows]
        render.write_table(("Log", "From", "To", "Accesses", "Not counted", "Read by", "On"), cells)
        if not rows:
            render.note("No access log was read yet. Begin with: curtilage sharing import-log")
    elif form == "jsonl":
        render.write_lines(rows)
    else:
        render.write_json(rows)
    return 0


def _list_readings(desk: Desk, log: AccessLog) -> Iterator[dict[str, object]]:
    from zoneinfo import ZoneInfo

    for each in log.readings:
        yield {
            "log": log.name,
            "first": each.first.isoformat(),
            "last": each.last.isoformat(),
            "rows": each.rows,
            "undated": each.undated,
            "by": each.by,
            "on": each.at.astimezone(ZoneInfo(desk.settings.city.zone)).date().isoformat(),
        }


@click.command(
    short_help="Where logs and declared practices part.",
    epilog=render.examples("curtilage sharing reconcile", "curtilage sharing reconcile --format json"),
)
@city_option
@render.format_option("table", "json", "jsonl")
@render.quiet_option
def reconcile(*, city: Path | None, form: str, quiet: bool) -> int:
    """Say who and what access logs of the last year show that no practice declares, and what is declared and not seen.

    Exit status 1 where they part. The same stands in `curtilage check`, with what to do.
    """
    from curtilage.sharing.books import list_logs
    from curtilage.sharing.reconcile import reconcile as compare

    with open_desk(city) as desk:
        found = compare(desk.declared, list_logs(desk.keeping.ledger), today=desk.today)
    _show_differences(found, form)
    if not found:
        render.note("What logs show is declared, and what is declared is seen.", quiet=quiet)
    return int(bool(found))


def _show_differences(found: Sequence[Difference], form: str) -> None:
    from curtilage.sharing.recorded import say

    if form == "table":
        for log in dict.fromkeys(each.log for each in found):
            click.echo(f"{render.printable(log)}")
            for each in found:
                if each.log == log:
                    click.echo(f"  {render.printable(say(each))}")
        return
    rows = [{**_to_json(each), "says": say(each)} for each in found]
    if form == "jsonl":
        render.write_lines(rows)
    else:
        render.write_json(rows)


def _to_json(each: Difference) -> dict[str, Any]:
    import msgspec

    said: dict[str, Any] = msgspec.to_builtins(each)
    return said
