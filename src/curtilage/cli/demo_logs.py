"""The access logs of the example city: read, compared with what it declares, and told of in a paragraph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import fill
from typing import Final

_LOGS: Final = (("plate-network", "plate-network.csv"), ("county-dispatch", "county-dispatch.jsonl"))
_WIDTH: Final = 96


def read_example_logs(folder: Path) -> tuple[str, ...]:
    """Read the example city's logs; return where they and what is declared part, the gravest first.

    Effects:
        Appends to the ledger of the example city what the logs came to, unless it stands there.
    """
    from curtilage.cli.retention_desk import open_desk
    from curtilage.cli.sharing_logs import count_file
    from curtilage.sharing.books import list_logs, record_reading
    from curtilage.sharing.reconcile import reconcile
    from curtilage.sharing.recorded import say

    blank = {"moment": "", "recipient": "", "purpose": ""}
    with open_desk(folder) as desk:
        _, privacy = desk.officer("privacy")
        for name, file in _LOGS:
            if (path := folder / "logs" / file).is_file():
                before, count, instead = count_file(desk, path, name, asked=blank, recipient_is="", told=[])
                record_reading(desk.keeping.ledger, before, count, instead, by=privacy)
        found = reconcile(desk.declared, list_logs(desk.keeping.ledger), today=desk.today)
    first = sorted(found, key=lambda each: each.kind not in {"grave-purpose", "recipient"})
    return tuple(map(say, first))


def tell_logs(found: tuple[str, ...], folder: str, program: str) -> Iterator[str]:
    """Give the lines that tell of the logs.

    Args:
        found: Where logs and practices part, a sentence each.
        folder: The city's folder, as the user would type it.
        program: The command, as the user would type it.
    """
    yield "What access logs show"
    for sentence in found[:4]:
        yield fill(
            sentence, _WIDTH, initial_indent="   - ", subsequent_indent="     ", break_long_words=False
        )
    if len(found) > 4:
        yield f"   - and {len(found) - 4} more"
    yield f"  To compare again: {program} sharing reconcile --city {folder}"
    yield ""
