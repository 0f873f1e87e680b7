"""``curtilage sharing``: what access logs show, held against the practices that the city declares."""

from __future__ import annotations

from typing import Final

import click

from curtilage.cli.lazy import LazyGroup

#: Command, the module and attribute that hold it, and the line that help shows; one line each.
SUBCOMMANDS: Final[dict[str, tuple[str, str]]] = {
    "import-log": ("curtilage.cli.sharing_logs:import_log", "Count who was given data for what, by month."),
    "logs": ("curtilage.cli.sharing_logs:logs", "Which access logs were read, and until when."),
    "reconcile": ("curtilage.cli.sharing_logs:reconcile", "Where logs and declared practices part."),
    # one line each, so that two people who add one do not meet
}


@click.group(cls=LazyGroup, table=SUBCOMMANDS, short_help="Hold access logs against declared practices.")
def sharing() -> None:
    """Hold what access logs show against the practices that the city declares.

    Accounts, shared networks and queries that the city sends disclose all the time. A practice names its log;
    each month the log is read, and nothing of it is kept but bodies, reasons, months and counts.
    """
