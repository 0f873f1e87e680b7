"""What every command about a case begins with: the desk, who acts, and how a refusal and a step are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from curtilage.cli import render
from curtilage.cli.city import city_option
from curtilage.cli.retention_desk import as_option, open_desk
from curtilage.foundation.errors import NotAllowedError, UsageError
from curtilage.retention.nouns import Reason

if TYPE_CHECKING:
    from curtilage.cli.retention_desk import Desk
    from curtilage.disclosure.case.desk import Acted, CaseDesk
    from curtilage.disclosure.case.nouns import Case
    from curtilage.disclosure.policy.packs import Policies
    from curtilage.disclosure.proof.activate import Activation
    from curtilage.foundation.guarded import Guarded
    from curtilage.inventory.nouns import Officer

Command = TypeVar("Command", bound=Callable[..., Any])

MOST_BYTES: Final = 4 * 2**20
"""Bytes of a file of words that is read; chosen: many times the longest letter."""


class StepRefusedError(NotAllowedError):
    """A step in a case may not be taken, for the reasons given."""

    code = "disclosure.step-refused"

    def __init__(self, *, reasons: tuple[Reason, ...]) -> None:
        self.reasons = reasons
        lines = "\n".join(f"  {reason.text} [{reason.code}]" for reason in reasons)
        super().__init__(f"This is refused. Nothing was recorded, and nothing left.\n{lines}")


class UnknownPersonError(NotAllowedError):
    """Nobody of that id may act in a case."""

    code = "disclosure.unknown-person"

    def __init__(self) -> None:
        super().__init__(
            "city.yml declares no officer and no seat of that id. Nothing was recorded, and nothing left. "
            "Name yourself by your id there with --as, or have the city declare you."
        )


class UnreadableWordsError(UsageError):
    """A file of words cannot be read."""

    code = "disclosure.unreadable-words"

    def __init__(self, *, why: str) -> None:
        super().__init__(f"The file {why}. Nothing was recorded. Give a text file in UTF-8, of 4 MB at most.")


@dataclass(frozen=True, slots=True)
class Room:
    """A city's desk for cases.

    Attributes:
        city: Folder, settings, inventory, keys.
        desk: What acting on a case needs.
    """

    city: Desk
    desk: CaseDesk

    def person(self, name: str) -> Officer:
        """Return who acts.

        Raises:
            UnknownPersonError: The city declares nobody of that id.
        """
        found = self.desk.now().find(name)
        if found is None:
            raise UnknownPersonError
        return found

    def rules(self) -> tuple[Policies, Activation | None]:
        """Return the city's rules for today, and what is active."""
        from curtilage.cli.disclosure_desk import open_policies
        from curtilage.disclosure.proof.activate import find_active

        return open_policies(self.city.folder, (), self.city.today), find_active(self.desk.ledger)

    def find_rules(self) -> Policies | None:
        """Return the city's rules, to say in words what they say; None where they cannot be read."""
        from curtilage.foundation.errors import CurtilageError

        try:
            return self.rules()[0]
        except CurtilageError:
            return None

    def case(self, name: str) -> Case:
        """Return a case by its id, or how that begins.

        Raises:
            UnknownCaseError: There is none, or there are several.
        """
        from curtilage.disclosure.case.state import read_case

        return read_case(self.desk.ledger, name)


@contextmanager
def open_case_desk(city: Path | None) -> Iterator[Room]:
    """Open a city's ledger and inventory, to act on cases."""
    from curtilage.disclosure.case.desk import CaseDesk

    with open_desk(city) as desk:
        series = desk.settings.disclosure.bodies_series
        yield Room(desk, CaseDesk(desk.keeping.ledger, desk.declared, desk.clock, series))


def check(acted: Acted) -> Case:
    """Return the case after a step.

    Raises:
        StepRefusedError: Nothing was recorded.
    """
    if not acted or acted.case is None:
        raise StepRefusedError(reasons=acted.reasons)
    return acted.case


def tell(room: Room, acted: Acted, *, quiet: bool = False) -> int:
    """Say what the case waits for now, and return the exit status of a step that was recorded.

    Raises:
        StepRefusedError: Nothing was recorded.

    Effects:
        Writes to standard error.
    """
    from curtilage.disclosure.case.waiting import list_waiting

    case = check(acted)
    render.note(f"Recorded in case {case.id}, version {case.number}.", quiet=quiet)
    for each in list_waiting(case, room.desk.now()):
        who = f" ({each.who})" if each.who else ""
        render.note(f"  {each.what}{who}\n    curtilage disclosure {each.command} --as OFFICER", quiet=quiet)
    return 0


def read_words(path: Path | None) -> Guarded | None:
    """Return the text of a file that is about people; None where none is given.

    Raises:
        UnreadableWordsError: It is too large, or no text in UTF-8.
    """
    from curtilage.foundation.guarded import Guarded

    if path is None:
        return None
    raw = click.open_file(str(path), "rb").read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise UnreadableWordsError(why="is too large")
    try:
        text = raw.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise UnreadableWordsError(why="is no text in UTF-8") from None
    if not text:
        raise UnreadableWordsError(why="is empty")
    return Guarded(text)


# --- options that every step has -----------------------------------------------------------------


def step_options(command: Command) -> Command:
    """Give a command what every step in a case takes: the case, who does it, and on which version."""
    case = click.argument("case", metavar="CASE")
    seen = click.option(
        "--seen",
        type=click.IntRange(min=1),
        metavar="VERSION",
        help="Version of the case that you decided on, as show says it; another one, and nothing is recorded.",
    )
    return case(as_option(seen(city_option(render.quiet_option(command)))))


def letter_options(command: Command) -> Command:
    """Give a command the letter that goes with it."""
    letter = click.option(
        "--letter",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="The letter as it is sent, text in UTF-8; it is kept sealed.",
    )
    template = click.option(
        "--template",
        default="",
        metavar="ID@VERSION",
        help="Which template it was made from, as the command letter says it.",
    )
    return letter(template(command))
