"""``curtilage retention``: what is past its time, what is held, and the plans to destroy the one and not the other."""

from __future__ import annotations

from typing import Final

import click

from curtilage.cli.lazy import LazyGroup

#: Command, the module and attribute that hold it, and the line that help shows; one line each.
SUBCOMMANDS: Final[dict[str, tuple[str, str]]] = {
    "due": ("curtilage.cli.retention_plan:due", "What has had its time, and what soon will."),
    "plan": ("curtilage.cli.retention_plan:plan", "Plan what is to go; nothing goes."),
    "authorise": ("curtilage.cli.retention_plan:authorise", "Agree to a plan, in your role."),
    "carry-out": ("curtilage.cli.retention_carry_out:carry_out", "Carry out a plan that all agreed to."),
    "status": ("curtilage.cli.retention_plan:status", "The plans, who agreed, how far they are."),
    "hold": ("curtilage.cli.retention_holds:hold", "Keep records from being destroyed."),
    "holds": ("curtilage.cli.retention_holds:holds", "Which holds stand."),
    "review": ("curtilage.cli.retention_holds:review", "Look at a hold again: it goes on."),
    "release": ("curtilage.cli.retention_holds:release", "End a hold, on an order."),
    "certificates": (
        "curtilage.cli.retention_certificates:certificates",
        "What was destroyed, and the proof of it.",
    ),
    "witness": ("curtilage.cli.retention_attest:witness", "Say that you looked on."),
    "confirm": ("curtilage.cli.retention_attest:confirm", "Record that a vendor's copies are gone."),
    "verify": ("curtilage.cli.retention_certificates:verify", "Check a certificate with a checkpoint."),
    "backups": (
        "curtilage.cli.retention_certificates:backups",
        "Until when what was deleted can come back.",
    ),
    "replay": ("curtilage.cli.retention_replay:replay", "Delete again what a restored backup brought back."),
    # one line each, so that two people who add one do not meet
}


@click.group(cls=LazyGroup, table=SUBCOMMANDS, short_help="Destroy on time what no hold forbids, with proof.")
def retention() -> None:
    """Destroy on time what no hold forbids, with proof.

    Nothing goes by itself: a plan is made, people whose role it is agree to it, and that very plan is
    carried out, with holds, consents and declarations looked at again for every batch.
    """
