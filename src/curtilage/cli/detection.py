"""``curtilage classify``: JSON lines in, categories out."""

from __future__ import annotations

import codecs
import gc
import itertools
import sys
from collections.abc import Iterator
from typing import BinaryIO, Final

import click

from curtilage.foundation.errors import UsageError

_ENOUGH: Final = 20
"""Lines that cannot be read which are told one by one."""
_LONGEST: Final = 2**24
"""Bytes of a line that are read; a longer one is no field."""
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class LinesNotReadableError(UsageError):
    """Some lines of the input are not fields.

    The other lines were answered, in their order; a line that cannot be read has no answer.
    """

    code = "detection.lines-not-readable"

    def __init__(self, *, bad: int, read: int) -> None:
        self.bad = bad
        self.read = read
        super().__init__(
            f"{bad} of {read} lines could not be read and have no answer. The other lines were answered. "
            'Each line is one JSON object, such as {"id": "1", "name": "birth_cntry", "text": "Country of birth"}.'
        )


@click.command()
@click.argument("source", type=click.File("rb"), default="-")
def classify(source: BinaryIO) -> None:
    """Tell what questions and columns collect: JSON lines in, JSON lines out.

    Each line of SOURCE (standard input where none is named) is one field, an object with any of

    \b
      id            given back as it is
      name          column, key or variable      "applicants.birth_cntry"
      text          label, question or comment   "Country of birth"
      options       coded answers                ["US", "MX"]
      lang          language of the text         "en"
      context       form title, section, table   "Housing application"
      translations  {"es": "País de nacimiento"}

    Other keys are passed over. The answer to each line, in the same order:

    \b
      {"id": "1", "categories": [{"category": "country_of_birth", "reveals": "strong",
       "score": 0.98, "reasons": ["name:birth cntry"]}], "reveals": "strong"}

    reveals is what a value tells of immigration status, citizenship or national origin:
    direct states it, strong singles out, weak correlates, none. Reasons name rules; what
    was read is never repeated.

    \b
    Try:
      echo '{"name": "ctznshp_cd"}' | curtilage classify

    Exit status: 0 fine, 2 where a line could not be read (the others are answered).
    """  # noqa: D301 - click's own mark for lines that are not folded
    if source.isatty():
        click.echo("Waiting for fields, a JSON object on each line. Ctrl-D ends.", err=True)
    read, bad = _answer(source, sys.stdout.buffer)
    if bad:
        raise LinesNotReadableError(bad=bad, read=read)


def _answer(source: BinaryIO, out: BinaryIO) -> tuple[int, int]:
    """Write one answer a line; return how many lines were read and how many could not be."""
    from curtilage.detection.classifier import Classifier
    from curtilage.detection.lines import BadLineError, Lines

    lines = Lines(Classifier())
    # The rules stay for as long as the command runs: the collector need not look at them again.
    gc.freeze()
    read = bad = 0
    for number, line in enumerate(_lines(source), start=1):
        if line.isspace():
            continue
        read += 1
        try:
            out.write(lines.answer(line))
        except BadLineError as error:
            bad += 1
            if bad <= _ENOUGH:
                click.echo(f"line {number}: {error}", err=True)
    out.flush()
    return read, bad


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Give each line; of one that is too long only the beginning, which no reader takes for JSON."""
    first = source.readline(_LONGEST).removeprefix(_BYTE_ORDER_MARK)
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UsageError("The input is UTF-16. Nothing was answered. Save it as UTF-8 and run it again.")
    for line in itertools.chain([first] if first else [], iter(lambda: source.readline(_LONGEST), b"")):
        yield line
        rest = line
        while len(rest) == _LONGEST and not rest.endswith(b"\n"):
            rest = source.readline(_LONGEST)
