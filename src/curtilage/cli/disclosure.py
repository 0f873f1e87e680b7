"""``curtilage disclosure``: outside requests, answered by one procedure."""

from __future__ import annotations

from typing import Final

import click

from curtilage.cli.lazy import LazyGroup

#: Command, the module and attribute that hold it, and the line that help shows; one line each.
SUBCOMMANDS: Final[dict[str, tuple[str, str]]] = {
    "decide": ("curtilage.cli.disclosure_decide:decide", "What policy answers to a request, and why."),
    "table": ("curtilage.cli.disclosure_pages:table", "The whole decision table, for the policy manual."),
    "card": ("curtilage.cli.disclosure_pages:card", "The pocket card for front desks."),
    "packs": ("curtilage.cli.disclosure_packs:packs", "Which packs of law there are."),
    "sign-pack": ("curtilage.cli.disclosure_packs:sign_pack", "Sign a pack, as the city's counsel."),
    "prove": (
        "curtilage.cli.disclosure_prove:prove",
        "Prove what the rules guarantee, over all requests.",
    ),
    "activate": (
        "curtilage.cli.disclosure_prove:activate",
        "Let a signed set of rules decide, once it is proved.",
    ),
    # one line each, so that two people who add one do not meet
}


@click.group(cls=LazyGroup, table=SUBCOMMANDS, short_help="Answer outside requests by policy, with reasons.")
def disclosure() -> None:
    """Answer outside requests by policy, with reasons.

    Nobody at a desk decides alone: a request is classified, policy answers with what it cites, and counsel
    decides. What is not known is answered with a refusal.
    """
