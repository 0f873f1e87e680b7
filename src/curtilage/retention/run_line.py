"""One line of a plan, carried out: batch by batch, each intended in the ledger before and told of after.

This is the one code path that deletes; ``carry_out`` and the replay of a restored backup both walk it.

Rules of this file:

* The ledger's order is the truth. A batch is *intended* in the ledger while its rows are locked and before it is
  committed. A hold recorded before that intent stops the batch, whatever else it was recorded beside; a hold
  recorded after it came after the batch.
* What the permission rests on is asked again for each batch: the append of the intent fails where anybody
  wrote to the plan's stream since.
* The system's own mark tells, after any interruption, whether the last intended batch was committed. Where the
  mark and the ledger cannot both be right, nothing more is deleted.
* Never more records than the plan names.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from curtilage.connectors.disposal.conditions import All, Condition, IsNull, Not, all_of
from curtilage.connectors.disposal.nouns import Batch, Clear, DropPartition, Mark, TransferThen
from curtilage.connectors.disposal.ports import (
    Disposer,
    LockedError,
    LostClaimError,
    RefusedError,
    UnfitTargetError,
)
from curtilage.foundation.errors import EvidenceError, SourceError, UndecidedError
from curtilage.ledger.errors import StreamMovedError
from curtilage.ledger.nouns import Body
from curtilage.retention.carrying import Carried, Carrying, Line
from curtilage.retention.certify import Outcome
from curtilage.retention.events import MANIFEST, BatchDone, BatchIntended, to_event
from curtilage.retention.holds import Holds
from curtilage.retention.manifest import Manifest, make_manifest
from curtilage.retention.nouns import Reason
from curtilage.retention.recorder import TAKEN_OVER, StoppedError

_LEAST: Final = 50

"""Chosen: a smaller batch costs more for its commit than for its rows."""


class MarkMismatchError(EvidenceError):
    """A system remembers another number of batches than the ledger."""

    code = "retention.mark-mismatch"

    def __init__(self, *, line: str, marked: int, recorded: int) -> None:
        self.line, self.marked, self.recorded = line, marked, recorded
        super().__init__(
            f"{line}: the system remembers batch {marked} as its last, the ledger batch {recorded}. It was restored "
            "from a backup, or somebody changed it. Nothing more was deleted. After a restore, run: "
            "curtilage retention replay SYSTEM; otherwise tell oversight."
        )


class HoldCameError(Exception):
    """A hold was recorded while a batch was made; the batch is rolled back and made anew. Caught in this room."""


def mark_of(plan: str, line: str) -> str:
    """Return under which name a system remembers a line of a plan: 49 characters, nothing of the line's own name."""
    return f"{plan[:32]}-{hashlib.sha256(line.encode()).hexdigest()[:16]}"


def run_line(carrying: Carrying, line: Line) -> Carried:
    """Carry out one line, from wherever it stands, to its end.

    Args:
        carrying: What all lines share.
        line: The line.

    Returns:
        How it ended. What went wrong in the system stands there as a reason, and other lines may go on.

    Raises:
        EvidenceError: The ledger or the system's mark cannot be right: nothing more may be deleted.
        StoppedError: The permission ended, the time is over, or somebody else took the plan over.

    Effects:
        Deletes in the line's system; appends to the plan's stream.
    """
    work = _Work(carrying, line)
    try:
        work.begin()
        while work.do_pass():
            pass
        outcome = work.look_again()
    except (SourceError, UndecidedError) as error:
        return Carried(line.id, work.rows, None, error.code, str(error))
    except LostClaimError as error:
        raise StoppedError([Reason(TAKEN_OVER, str(error))]) from error
    return Carried(line.id, work.rows, outcome)


@dataclass(slots=True)
class _Work:
    """A line while it is carried out.

    Attributes:
        rows: Records that went, this time and before.
        size: Rows that the next batch may have.
        gone: Records that went in this pass over the table.
        hanging: Records that stay, as seen in this pass, because something hangs on them that stays.
        held: Seconds for which others were kept waiting since they were let in.
        intended: The batch that was intended last.
    """

    carrying: Carrying
    line: Line
    rows: int = 0
    size: int = 2_000
    gone: int = 0
    hanging: int = 0
    held: float = 0.0
    intended: BatchIntended | None = None

    @property
    def mark(self) -> str:
        """Return under which name the system remembers the line."""
        return mark_of(self.carrying.recorder.plan, self.line.id)

    @property
    def left(self) -> int:
        """Return how many records may still go."""
        return self.line.most - self.rows

    @property
    def disposer(self) -> Disposer:
        """Return the line's system."""
        return self.carrying.disposer(self.line.target.system)

    def begin(self) -> None:
        """Check the line, take it over, and find out how far it came."""
        if not isinstance(self.line.act, DropPartition) or self._has_partition(self.line.act):
            self.disposer.check(self.line.target, self.line.act)
        self.take_over()

    def _has_partition(self, act: DropPartition) -> bool:
        return any(each.name == act.name for each in self.disposer.list_partitions(self.line.target.table))

    def take_over(self) -> None:
        """Claim the line, and tell in the ledger what the system remembers of it."""
        recorder = self.carrying.recorder
        recorder.flush()
        mark = self._claim()
        intended, done = recorder.batches(self.line.id)
        if isinstance(self.line.act, DropPartition):
            missing = self._find_dropped(self.line.act, intended, done)
        else:
            missing = _find_missing(self.line.id, mark, intended, done)
        if missing is not None:
            recorder.later(to_event(_done(missing)))
            recorder.flush()
        self.rows = sum(said.rows for said in recorder.batches(self.line.id)[1].values())

    def _find_dropped(
        self, act: DropPartition, intended: Sequence[BatchIntended], done: Mapping[int, BatchDone]
    ) -> BatchIntended | None:
        """Return the intent that dropped a partition: the system itself tells, for some commit it by themselves."""
        is_there = self._has_partition(act)
        if done and is_there:
            raise MarkMismatchError(line=self.line.id, marked=0, recorded=max(done))
        if done or is_there:
            return None
        if not intended:
            what = f"{self.line.target.table} has no partition {act.name}"
            raise UnfitTargetError(system=self.line.target.system, what=what)
        return intended[-1]

    def _claim(self) -> Mark:
        """Claim the line; a transaction of who was cut off may still be on its way out."""
        pace = self.carrying.pace
        for attempt in range(pace.tries - 1):
            try:
                return self.disposer.claim(self.mark)
            except LockedError:
                self.carrying.pause(min(10.0, pace.wait_seconds * 2**attempt))
        return self.disposer.claim(self.mark)

    def do_pass(self) -> bool:
        """Go over the table once; return whether another pass may find more.

        A record stays while something hangs on it that stays; that may have gone later in the same pass.
        """
        self.gone = self.hanging = 0
        while self.left > 0 and self.do_batch():
            pass
        if self.left <= 0 or not self.gone or not self.hanging:
            return False
        self.take_over()
        return True

    def do_batch(self) -> bool:
        """Do the next batch, trying again where somebody was in the way; return whether there was anything to do."""
        pace = self.carrying.pace
        for attempt in range(pace.tries):
            last_try = attempt + 1 == pace.tries
            self._wait_for_replicas()
            try:
                return self._do_once()
            except (HoldCameError, StreamMovedError):
                continue
            except (LockedError, RefusedError):
                self.size = max(_LEAST, self.size // 2)
                if last_try:
                    raise
            except SourceError:
                if last_try:
                    raise
                self.carrying.reopen(self.line.target.system)
            self.carrying.pause(min(10.0, pace.wait_seconds * 2**attempt))
            self._find_way_back(last_try=attempt + 2 >= pace.tries)
        raise StoppedError(
            [Reason("restless", "Holds or the plan changed again and again. Try again later.")]
        )

    def _do_once(self) -> bool:
        self.carrying.may_go_on()
        begun = time.monotonic()
        batch = self.disposer.do_batch(
            self.mark, self.line.target, self.line.act, limit=self._limit(), guard=_Guard(self)
        )
        self.hanging += batch.hanging
        if self.intended is None or self.intended.number != batch.number or not self._has_gone(batch):
            return False
        # What is done is told with the next intent: until then the system's mark tells it.
        self.carrying.recorder.later(to_event(_done(self.intended)))
        self.rows += self.intended.rows
        self.gone += self.intended.rows
        self.carrying.progress.step(self.intended.rows, self.line.target.table)
        self._keep_pace(batch, time.monotonic() - begun)
        return True

    def _has_gone(self, batch: Batch) -> bool:
        """Return whether a batch did anything; of a partition no database tells how many records went with it."""
        return batch.rows > 0 or isinstance(self.line.act, DropPartition)

    def _find_way_back(self, *, last_try: bool) -> None:
        """Claim the line again after a connection was lost: whether the batch in the middle stands, is told there."""
        if self.carrying.is_open(self.line.target.system):
            return
        try:
            self.take_over()
        except SourceError:
            self.carrying.reopen(self.line.target.system)
            if last_try:
                raise

    def _limit(self) -> int:
        if getattr(self.disposer, "whole_batches", False):
            return self.left
        rate = self.carrying.pace.rows_per_second
        return max(1, min(self.left, self.size, self.carrying.pace.batch_rows, rate or self.left))

    def _keep_pace(self, batch: Batch, seconds: float) -> None:
        """Make the next batch as large as the locks may last, and let others in between where only one can write.

        Args:
            batch: The last batch.
            seconds: Wall time of it, from its first question to the end of what was tidied up behind it.
        """
        pace, breath = self.carrying.pace, getattr(self.disposer, "breath_seconds", 0.0)
        # Half of the time that a lock may last: the next batch may meet more dependants than this one.
        longest = min(pace.lock_seconds / 2, 4 * breath or pace.lock_seconds)
        factor = longest / max(batch.seconds, 1e-3)
        self.size = max(_LEAST, min(pace.batch_rows, int(self.size * max(0.25, min(4.0, factor)))))
        self.held = 0.0 if batch.free >= breath else self.held + batch.seconds
        if breath and self.held > 2 * breath:
            self.carrying.pause(breath - batch.free)
            self.held = 0.0
        if pace.rows_per_second:
            self.carrying.pause(max(0.0, batch.rows / pace.rows_per_second - seconds))

    def _wait_for_replicas(self) -> None:
        while self.disposer.lag() > self.carrying.pace.lag_seconds:
            self.carrying.may_go_on()
            self.carrying.pause(1.0)

    def look_again(self) -> Outcome:
        """Ask the system what of the line is still there, and clean up behind what went."""
        self.carrying.recorder.flush()
        target = replace(self.line.target, condition=_still_there(self.line))
        stays = self.line.stays(self.carrying.read_holds(), target.table)
        due = self.disposer.count(target)
        free = due
        if due and stays is not None:
            free = self.disposer.count(replace(target, condition=all_of(target.condition, Not(stays))))
        hanging = min(free, self.hanging)
        clock, zone = self.carrying.clock, self.carrying.zone
        now, today = clock.now(), clock.today(zone)
        remains = self.disposer.scrub([target], today=today) if self.rows else ()
        return Outcome(self.line.id, due - free + hanging, free - hanging, now, remains)


@dataclass(slots=True)
class _Guard:
    """Stands beside one batch; see ``connectors.disposal.ports.Guard``."""

    work: _Work
    seen: Holds | None = None
    foreseen: tuple[tuple[bytes, ...], Manifest] | None = None

    def spare(self, table: str) -> Condition | None:
        """Return what must stay of a table, as it is recorded now."""
        if self.seen is None:
            # The permission is asked inside the transaction too: a day may begin while one waits for a lock.
            self.work.carrying.may_go_on()
            self.seen = self.work.carrying.read_holds()
        return self.work.line.stays(self.seen, table)

    def foresee(self, keys: tuple[bytes, ...]) -> None:
        """Make the list of what goes while it goes."""
        self.foreseen = (keys, make_manifest(keys))

    def permit(self, batch: Batch) -> None:
        """Record the intent, and see that no hold came in before it."""
        work, recorder = self.work, self.work.carrying.recorder
        rows = work.line.most if isinstance(work.line.act, DropPartition) else batch.rows
        if self.seen is None or rows > work.left:
            raise StoppedError([Reason("too-many", "More records would go than the plan names.")])
        known = self.foreseen is not None and self.foreseen[0] is batch.keys
        manifest = self.foreseen[1] if self.foreseen and known else make_manifest(batch.keys)
        intended = BatchIntended(
            recorder.plan, work.line.id, batch.number, rows, batch.along, batch.spared, manifest.root
        )
        bodies = {MANIFEST: Body(manifest.packed, work.line.series)} if batch.keys else {}
        entry = recorder.append(to_event(intended, bodies=bodies))
        work.intended = intended
        before = self.seen.position
        if entry is None or before < work.carrying.read_holds().position < entry.position:
            raise HoldCameError


def _find_missing(
    line: str, mark: Mark, intended: Sequence[BatchIntended], done: Mapping[int, BatchDone]
) -> BatchIntended | None:
    """Return the batch that the system did and the ledger does not tell of; None where there is none.

    Raises:
        MarkMismatchError: The two cannot both be right.
    """
    recorded = max(done, default=0)
    if mark.number == recorded:
        return None
    last = [said for said in intended if said.number == mark.number]
    if mark.number != recorded + 1 or not last:
        raise MarkMismatchError(line=line, marked=mark.number, recorded=recorded)
    return last[-1]


def _done(intended: BatchIntended) -> BatchDone:
    return BatchDone(intended.plan, intended.item, intended.number, intended.rows, intended.root)


def _still_there(line: Line) -> Condition:
    """Return what a record meets on which nothing was done yet."""
    act = line.act.act if isinstance(line.act, TransferThen) else line.act
    if isinstance(act, Clear):
        return all_of(line.target.condition, Not(All(tuple(IsNull(column) for column in act.columns))))
    return line.target.condition
