"""How every command shows its answer: a table for people, JSON for programs, the same everywhere.

* Results go to standard output, everything else (summaries, progress, errors) to standard error,
  so that a pipe receives results only.
* A terminal gets colour and lines folded to its width; a pipe gets plain, aligned, unfolded text.
  ``NO_COLOR`` and ``TERM=dumb`` are heeded.
* Text that was found in files is shown by :func:`printable`: a file's name can not steer a terminal.
"""

from __future__ import annotations

import functools
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import IO, Any, Final, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])

#: Colour of the words that say how grave something is; a cell that is such a word gets its colour.
STYLES: Final[Mapping[str, str]] = {
    "direct": "bold red",
    "strong": "yellow",
    "weak": "cyan",
    "none": "dim",
    "high": "bold red",
    "medium": "yellow",
    "low": "cyan",
}

_ISO_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: Marks that reverse or hide what follows them on a screen (U+202A to U+202E, U+2066 to U+2069).
_BIDI: Final = frozenset(chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def format_option(*formats: str) -> Callable[[Command], Command]:
    """Give a command the option ``--format``; the first of ``formats`` is its default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(formats),
        default=formats[0],
        show_default=True,
        help="How to print the result.",
    )


def read_day(_: click.Context, __: click.Parameter, typed: str | None) -> date | None:
    """Return the calendar date that was typed for an option; a callback for click.

    Raises:
        BadParameter: It is no date written year-month-day, or no calendar has it.
    """
    if typed is None:
        return None
    if not _ISO_DAY.fullmatch(typed):
        raise click.BadParameter(f"{printable(typed)} is no date. Write year-month-day, such as 2027-03-31.")
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise click.BadParameter(f"{typed} is a day that no calendar has.") from None


def examples(*commands: str) -> str:
    """Return what a command's help ends with: examples, a line each, never folded."""
    return "\n".join(
        ("\b", "Example:" if len(commands) == 1 else "Examples:", *(f"  {each}" for each in commands))
    )


def quiet_option(command: Command) -> Command:
    """Give a command the option ``--quiet``: results only, no summary and no progress."""
    return click.option("-q", "--quiet", is_flag=True, help="Only results: no summary, no progress.")(command)


def is_terminal(stream: IO[Any]) -> bool:
    """Return whether ``stream`` is a terminal that colours and redraws."""
    return bool(stream.isatty()) and os.environ.get("TERM") != "dumb"


def printable(text: str) -> str:
    r"""Return ``text`` on one line, with what could steer a terminal written as an escape.

    >>> printable("País\x1b[2J\nname")
    'País\\x1b[2J name'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_printable_character, text))


@functools.lru_cache(maxsize=4096)
def _printable_character(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if unicodedata.category(character) in _CONTROL or character in _BIDI:
        return character.encode("unicode_escape", "backslashreplace").decode("ascii")
    return character


def shorten(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` columns, ended by an ellipsis where it was cut.

    >>> shorten("Country of birth", 10)
    'Country o…'
    """
    if columns(text) <= width:
        return text
    kept = ""
    for character in text:
        if columns(kept + character) >= width:
            break
        kept += character
    return kept + "…"


def columns(text: str) -> int:
    """Return how many columns of a terminal ``text`` takes; East Asian wide characters take two.

    >>> columns("出生地")
    6
    """
    if text.isascii():
        return len(text)
    return sum(map(_character_columns, text))


@functools.lru_cache(maxsize=4096)
def _character_columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def plural(count: int, noun: str, many: str = "") -> str:
    """Return a count with its noun, thousands set apart.

    >>> plural(1, "file"), plural(12000, "file"), plural(2, "city", "cities")
    ('1 file', '12,000 files', '2 cities')
    """
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


def encode(value: object) -> bytes:
    """Return ``value`` as one line of JSON in UTF-8, without its line end.

    Text that is no Unicode (a file's name in another encoding) is written with escapes.
    """
    import msgspec

    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        import json

        return json.dumps(msgspec.to_builtins(value), separators=(",", ":")).encode()


def write_lines(values: Iterable[object]) -> int:
    """Print each of ``values`` as a line of JSON; return how many there were.

    Effects:
        Writes to standard output, in UTF-8 whatever the machine's locale is.
    """
    out, count = sys.stdout.buffer, 0
    for value in values:
        out.write(encode(value) + b"\n")
        count += 1
    out.flush()
    return count


def write_json(value: object) -> None:
    """Print ``value`` as JSON that people can read, indented by two.

    Effects:
        Writes to standard output, in UTF-8 whatever the machine's locale is.
    """
    import msgspec

    out = sys.stdout.buffer
    out.write(msgspec.json.format(encode(value), indent=2) + b"\n")
    out.flush()


def write_table(
    headings: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "", indent: int = 0
) -> None:
    """Print a table; a cell that is a word of :data:`STYLES` is coloured on a terminal.

    Args:
        headings: One per column; all empty for a table without a heading line.
        rows: Cells as text, as many as headings. May be empty: then nothing is printed.
        title: A line above the table, printed only where there are rows.
        indent: Columns to leave free at the left.

    Effects:
        Writes to standard output.
    """
    cells = [[printable(cell) for cell in row] for row in rows]
    if not cells:
        return
    if is_terminal(sys.stdout):
        _write_rich(headings, cells, title, indent)
    else:
        click.echo("\n".join(_plain_lines(headings, cells, title, indent)))


def _plain_lines(headings: Sequence[str], rows: list[list[str]], title: str, indent: int) -> Iterable[str]:
    if title:
        yield printable(title)
    lines = [list(headings), *rows] if any(headings) else rows
    widths = [max(columns(line[index]) for line in lines) for index in range(len(headings))]
    for line in lines:
        padded = (cell + " " * (width - columns(cell)) for cell, width in zip(line, widths, strict=True))
        yield (" " * indent + "  ".join(padded)).rstrip()


def _write_rich(headings: Sequence[str], rows: list[list[str]], title: str, indent: int) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = Console(highlight=False)
    table = Table(box=None, show_header=any(headings), pad_edge=False, padding=(0, 2, 0, 0))
    for heading in headings:
        table.add_column(heading, header_style="bold", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell, style=STYLES.get(cell, "")) for cell in row))
    if title:
        console.print(Text(printable(title), style="bold"))
    console.print(Padding(table, (0, 0, 0, indent)))


def note(text: str, *, quiet: bool = False) -> None:
    """Print a line for the person at the keyboard.

    Effects:
        Writes to standard error, unless ``quiet``.
    """
    if not quiet:
        click.echo("\n".join(map(printable, text.splitlines())), err=True)
