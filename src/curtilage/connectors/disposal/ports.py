"""What a disposer of a system must offer, and what it asks back before it commits.

A disposer deletes for one caller only: ``retention.carry_out``. It decides nothing. It promises:

* One batch is one transaction: the guard says what stays, what is due is chosen and locked, dependants and
  rows go, the mark is moved, the guard permits, and only then it is committed. Anything else rolls all back.
* The mark is moved in that transaction, under a token that :meth:`Disposer.claim` gave: who was cut off
  and comes back late commits nothing, and two that carry out the same item cannot both.
* Errors tell of tables, columns, counts and codes; never a value.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from curtilage.connectors.disposal.conditions import Condition
from curtilage.connectors.disposal.nouns import (
    Act,
    Batch,
    Dependant,
    Mark,
    Measure,
    Partition,
    Remains,
    Target,
)
from curtilage.foundation.errors import NotAllowedError, SourceError, UndecidedError


class Guard(Protocol):
    """Stands beside a batch in its transaction, and may stop it until the last moment."""

    def spare(self, table: str) -> Condition | None:
        """Return which rows of ``table`` must stay, by a condition, as it is now; None for none.

        Asked in the transaction of each batch for the target's table and each table that goes along. A row
        for which the condition is unknown stays as well; a target's row stays with any of the rows that
        it would take along.
        """
        ...

    def foresee(self, keys: tuple[bytes, ...]) -> None:
        """Be told of the keyed hashes of a batch that is not yet done, where they are known early; nothing is promised.

        What takes time can be prepared while rows go. Where :meth:`permit` then gets other keys, it was in vain.
        """
        ...

    def permit(self, batch: Batch) -> None:
        """Let the batch be committed: all is done but that, and every row is locked.

        Whoever implements it looks once more for what came since :meth:`spare` was asked. What is raised here
        rolls the batch back and is passed on.
        """
        ...


class Archive(Protocol):
    """Takes rows over before they go."""

    def take(
        self, item: str, number: int, rows: Sequence[tuple[str, Sequence[str], Sequence[Sequence[object]]]]
    ) -> None:
        """Keep what a batch is about to delete; durable on return.

        Args:
            item: Id of the item of the plan.
            number: Number of the batch. The same item and number again replaces what was given before:
                the transaction did not come to its end.
            rows: For each table its name, its columns, and its rows.
        """
        ...


class Disposer(Protocol):
    """One open system from which can be deleted."""

    source: str
    """Its address without user, password and query."""

    def check(self, target: Target, act: Act) -> None:
        """Make sure that an act can be done on a target, with nothing changed.

        Raises:
            UnfitTargetError: A table, column, key or right is missing, or the condition does not fit.
            SourceError: The system does not answer.
        """
        ...

    def count(self, target: Target) -> int:
        """Return how many rows meet the condition."""
        ...

    def keys_digest(self, target: Target) -> tuple[int, str]:
        """Return how many rows meet the condition, and the digest of the set of their keys (``SetDigest``)."""
        ...

    def measure(self, target: Target, conditions: Sequence[Condition | None], *, column: str = "") -> Measure:
        """Count the rows of the target's table that surely meet each of some conditions, in one scan.

        Args:
            target: Its condition is not asked about.
            conditions: Without keyed hashes; None is all rows. At least one.
            column: Column of days whose ends are told; empty is none.
        """
        ...

    def list_dependants(self, target: Target, *, counted: bool = False) -> tuple[Dependant, ...]:
        """Return the tables whose rows hang on the target's, by foreign keys and ``target.links``, sorted by name."""
        ...

    def list_partitions(self, table: str) -> tuple[Partition, ...]:
        """Return the partitions of a table in their order; empty where it has none."""
        ...

    def claim(self, item: str) -> Mark:
        """Take an item over: whoever carried it out before can commit nothing any more.

        Effects:
            Writes the mark's table and row where there are none. Waits, as long as a lock may take, for a
            transaction of the one before that has not come to its end.

        Returns:
            How far the item had come.
        """
        ...

    def do_batch(self, item: str, target: Target, act: Act, *, limit: int, guard: Guard) -> Batch:
        """Do the next batch in one transaction; see the promises above.

        Args:
            item: Id of the item, claimed before.
            target: As in the plan.
            act: As in the plan.
            limit: Rows of the target at most.
            guard: Asked before, when locked, and before the commit.

        Returns:
            What was committed. ``rows`` is 0 once nothing is left that may go; then nothing was committed.

        Raises:
            LostClaimError: Somebody else took the item over.
            LockedError: A lock was not to be had in time. Try again.
            SourceError: The system did not answer; ask :meth:`claim` of a new disposer whether the batch stands.
        """
        ...

    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Overwrite what is left of deleted rows as far as the system lets one, and say what remains until when.

        Args:
            targets: What was deleted from.
            today: The day that terms are counted from.
        """
        ...

    def lag(self) -> float:
        """Return how many seconds the slowest replica is behind; 0 where there is none."""
        ...

    def forget(self, items: Sequence[str]) -> None:
        """Remove the marks of items that are over and recorded; the last one's table, too."""
        ...

    def close(self) -> None:
        """End the connection; may be called twice."""
        ...


class UnfitTargetError(UndecidedError):
    """What a plan names is not, or not any more, what the system has."""

    code = "disposal.unfit-target"

    def __init__(
        self, *, system: str, what: str, next_step: str = "Mend the series' held_in, and plan again."
    ) -> None:
        self.system, self.what, self.next_step = system, what, next_step
        super().__init__(f"{system}: {what}. Nothing was deleted there. {next_step}")


class LockedError(SourceError):
    """Somebody else holds what a batch needs, for longer than the limit."""

    code = "disposal.locked"

    def __init__(self, *, system: str, table: str) -> None:
        self.system, self.table = system, table
        super().__init__(
            f"{system}: {table} is locked by somebody who works in it. Nothing of this batch was deleted. "
            "It is tried again; if that does not help, choose a quieter hour."
        )


class RefusedError(SourceError):
    """A constraint or a trigger of the system does not let rows go."""

    code = "disposal.refused"

    def __init__(self, *, system: str, table: str) -> None:
        self.system, self.table = system, table
        super().__init__(
            f"{system}: a constraint or a trigger does not let rows of {table} go. Nothing of this batch was "
            "deleted. Ask who keeps the system what hangs on them, declare it in held_in, and plan again."
        )


class LostClaimError(NotAllowedError):
    """Another process took over what this one was carrying out."""

    code = "disposal.lost-claim"

    def __init__(self, *, system: str, item: str) -> None:
        self.system, self.item = system, item
        super().__init__(
            f"{system}: another process has taken over item {item}. Nothing of this batch was deleted. "
            "Let that one finish; one at a time deletes."
        )
