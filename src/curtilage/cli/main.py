"""The ``curtilage`` command: finds the command that was asked for and imports only that one."""

from __future__ import annotations

import errno
import os
import sys
from typing import Final

import click

from curtilage import __version__
from curtilage.cli.lazy import LazyGroup

PROBLEMS_FOUND: Final = 1
WRONG_USAGE: Final = 2
REFUSED: Final = 3

#: By heading: command, the module and attribute that hold it, and the line that ``--help`` shows.
#: The line stands here so that help need not import the command.
SECTIONS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "Begin": {
        "demo": ("curtilage.cli.demo:demo", "Build an example city, look at it, say what was found."),
        "init": ("curtilage.cli.inventory:init", "Start a city's folder, with comments that teach."),
        "completion": ("curtilage.cli.completion:completion", "Complete commands with the tab key."),
    },
    "Look": {
        "scan": ("curtilage.cli.scan:scan", "What do these files or databases collect or hold?"),
        "classify": ("curtilage.cli.detection:classify", "JSON lines in, categories out."),
        "survey": ("curtilage.cli.survey:survey", "Look at all the places of a city."),
        "check": ("curtilage.cli.safeguards:check", "Compare what is declared with what was seen."),
        "dismiss": ("curtilage.cli.safeguards:dismiss", "Set a finding aside, with a reason and an end."),
        "guard": (
            "curtilage.cli.guard:guard",
            "Take identifiers and status out of text before it is stored.",
        ),
    },
    "Declare": {
        "inventory": ("curtilage.cli.inventory:inventory", "Validate, compare, import and export."),
        "sharing": ("curtilage.cli.sharing:sharing", "Hold access logs against declared practices."),
    },
    "Act": {
        "retention": (
            "curtilage.cli.retention:retention",
            "Destroy on time what no hold forbids, with proof.",
        ),
        "disclosure": (
            "curtilage.cli.disclosure:disclosure",
            "Answer outside requests by policy, with reasons.",
        ),
        "encryption": ("curtilage.cli.encryption:encryption", "Change the city's keys."),
        "worker": ("curtilage.cli.worker:worker", "Do the scheduled work each night: plan, carry out, sign."),
    },
    "Prove": {
        "ledger": ("curtilage.cli.ledger:ledger", "Sign, verify and prove the record of what the city did."),
    },
}


@click.group(
    cls=LazyGroup,
    sections=SECTIONS,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "CURTILAGE"},
    epilog="New here? Run: curtilage demo",
)
@click.version_option(__version__, message="%(version)s")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.pass_context
def curtilage(ctx: click.Context, *, debug: bool) -> None:  # noqa: ARG001 - taken by main(), wherever it stands
    """Say what a city asks residents and why, look at what it holds, act on the difference.

    Exit status: 0 fine, 1 problems found, 2 wrong usage or unreadable input, 3 refused by policy.
    """
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        ctx.color = False


def main() -> None:
    """Run the command line; turn every error into one clear message and an exit status."""
    _open_closed_streams()
    arguments, debug = _take_debug(sys.argv[1:])
    try:
        status = curtilage.main(arguments, standalone_mode=False)
        # Here, and not when the interpreter ends: a full disk is told like any other error.
        sys.stdout.flush()
    except click.exceptions.Abort:
        click.echo("Stopped. What was already finished is kept.", err=True)
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(WRONG_USAGE)
    except BrokenPipeError:
        _end_output()  # whoever read has enough
        sys.exit(PROBLEMS_FOUND)
    except Exception as error:
        if debug:
            raise
        sys.exit(_explain(error))
    sys.exit(status if isinstance(status, int) else 0)


def _take_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """Return the arguments without ``--debug``, and whether it was there: people add it at the end."""
    end = arguments.index("--") if "--" in arguments else len(arguments)
    kept = [each for each in arguments[:end] if each != "--debug"]
    return [*kept, *arguments[end:]], len(kept) < end


def _open_closed_streams() -> None:
    """Give a program that was started without a standard stream an empty one in its place."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115, PTH123 - until the end


def _end_output() -> None:
    """Write what still waits; lose what cannot be written, or the interpreter complains of it at its end."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _explain(error: Exception) -> int:
    from curtilage.foundation import errors

    if isinstance(error, OSError) and (told := _explain_system(error)):
        _end_output()
        click.echo(told, err=True)
        return WRONG_USAGE
    if not isinstance(error, errors.CurtilageError):
        # The text of an unforeseen error may hold a value, so only its kind is shown.
        click.echo(
            f"Curtilage met an error it did not foresee ({type(error).__name__}). Nothing more was done. "
            "Run the command again with --debug, and report what it shows after reading it for residents' data.",
            err=True,
        )
        return WRONG_USAGE
    click.echo(f"{error}\n[{error.code}]", err=True)
    if isinstance(error, errors.NotAllowedError):
        return REFUSED
    # Whoever asked got no answer, so it must not look like one: 1 is for problems that were found.
    return PROBLEMS_FOUND if isinstance(error, errors.EvidenceError) else WRONG_USAGE


def _explain_system(error: OSError) -> str:
    """Return the message for an error of the operating system; empty where it is not known which."""
    if error.filename:
        from curtilage.cli.render import printable

        what = f"{printable(os.fsdecode(error.filename))} could not be used"
    elif error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF}:
        what = "The result could not be written out to its end"
    else:
        return ""
    return (
        f"{what} ({error.strerror}). What was finished before is kept. "
        "Check the rights and the free space there, and run the command again.\n[file.not-written]"
    )
