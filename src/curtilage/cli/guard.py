"""``curtilage guard``: take identifiers and status out of text, refuse it, or write the SQL that does."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

import click

from curtilage.cli.render import examples, note, quiet_option
from curtilage.foundation.errors import UsageError

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from curtilage.collection.guard.text import Guard

_BLOCK: Final = 2**20
"""Bytes that are looked at together; words around an identifier lie in the same lines."""
_MOST: Final = 64 * 2**20
"""Bytes of a text that is refused or passed on as a whole."""
_DIALECTS: Final = ("postgresql", "mariadb", "sqlite")


class TextTooLongError(UsageError):
    """A text that would be passed on as a whole is longer than may be held."""

    code = "collection.text-too-long"

    def __init__(self) -> None:
        super().__init__(
            f"The text is longer than {_MOST // 2**20} MiB. Nothing was passed on. "
            "Split it at empty lines, or take pieces out of it instead: without --refuse any length will do."
        )


def _complete_category(_ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    from curtilage.detection.values.scanner import shipped_scanner

    known = sorted({rule.category for rule in shipped_scanner().rules.rules if rule.category})
    return [CompletionItem(each) for each in known if each.startswith(incomplete)]


@click.command(
    epilog=examples(
        "curtilage guard < note.txt > note-to-keep.txt",
        "curtilage guard --refuse < note.txt      # exit status 3 where it must not be written down",
        "curtilage guard --sql postgresql --column cases.notes | psql",
    )
)
@click.option("--refuse", is_flag=True, help="Pass on the whole text or nothing of it.")
@click.option(
    "--category",
    "categories",
    multiple=True,
    shell_complete=_complete_category,
    help="Guard this category only; may be given again. "
    "Without it: what states or singles out status or origin, and identifiers.",
)
@click.option(
    "--sql", "dialect", type=click.Choice(_DIALECTS), help="Write SQL that guards a column instead."
)
@click.option("--column", metavar="TABLE.COLUMN", help="The column that --sql guards.")
@click.option("--strip", is_flag=True, help="Let --sql take pieces out instead of refusing the row.")
@quiet_option
def guard(
    *,
    refuse: bool,
    categories: tuple[str, ...],
    dialect: str | None,
    column: str | None,
    strip: bool,
    quiet: bool,
) -> None:
    """Take identifiers and words of status out of a text before it is stored.

    Reads standard input and writes it to standard output, each piece replaced by what it was:
    "Her A-number is [Alien registration number (A-Number) not kept]." Nothing is stored, and no piece is repeated anywhere.

    A guard is a help and no proof: what is written in words that no rule knows passes. In a program use
    curtilage.collection.guard; its page in the documentation shows forms, WSGI and ASGI.

    Exit status: 0 fine, 2 wrong usage, 3 the text was refused (--refuse).
    """
    from curtilage.collection.guard.text import Guard

    if (dialect is None) != (column is None):
        raise click.UsageError("--sql and --column go together. Nothing was done.")
    if strip and not dialect:
        raise click.UsageError("--strip goes with --sql; text is stripped anyway. Nothing was done.")
    made = Guard(frozenset(categories) if categories else None)
    if dialect and column:
        _write_sql(made, dialect, column, strip=strip)
    elif refuse:
        _pass_or_refuse(made)
    else:
        _strip(made, quiet=quiet)


def _write_sql(made: Guard, dialect: str, column: str, *, strip: bool) -> None:
    from curtilage.collection.guard.sql import Column, write_sql
    from curtilage.detection.values.scanner import shipped_scanner

    click.echo(write_sql(Column.parse(column), dialect, made, shipped_scanner().rules, strip=strip), nl=False)


def _pass_or_refuse(made: Guard) -> None:
    content = sys.stdin.buffer.read(_MOST + 1)
    if len(content) > _MOST:
        raise TextTooLongError
    made.refuse(content.decode("utf-8", "surrogateescape"))
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()


def _strip(made: Guard, *, quiet: bool) -> None:
    if sys.stdin.isatty():
        note("Waiting for a text. Ctrl-D ends.", quiet=quiet)
    counts = Counter[str]()
    for block in _blocks(sys.stdin.buffer):
        stripped = made.strip(block.decode("utf-8", "surrogateescape"))
        counts.update(stripped.counts)
        sys.stdout.buffer.write(stripped.text.encode("utf-8", "surrogateescape"))
        sys.stdout.buffer.flush()
    taken = ", ".join(f"{count:,} {title}" for title, count in sorted(counts.items()))
    note(f"Taken out: {taken}." if taken else "Nothing was taken out.", quiet=quiet)


def _blocks(source: BinaryIO) -> Iterator[bytes]:
    """Give the text in pieces that end at the end of a line, so that no identifier is cut in two."""
    held = b""
    while piece := source.read1(_BLOCK) if hasattr(source, "read1") else source.read(_BLOCK):
        held += piece
        if len(held) >= _BLOCK and (end := held.rfind(b"\n") + 1):
            yield held[:end]
            held = held[end:]
    if held:
        yield held
