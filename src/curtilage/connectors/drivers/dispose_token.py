"""Destroy keys in a token (PKCS#11): what was sealed under them cannot be read any more, wherever it lies.

Rules of this file:

* A system is a token; a target is the label of a key, or a pattern of labels (``backup-*``) for a series of keys.
* A token has no transactions. A batch is committed when the token's note names the keys that go; whoever claims
  the item next destroys those that are still there.
* Of a token that tells no day of a key, the day in the key's label counts. Without any the key is never due.

A key has these columns: ``key_label``; ``key_day`` (the first day in its label as ISO 8601 has it,
``backup-2016-11-24``); ``key_started`` and ``key_ended`` (days that the token itself tells, mostly unknown).
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Final

from curtilage.connectors.disposal.conditions import Condition, Not
from curtilage.connectors.disposal.files.weigher import Row, Weigher, day_of, make_weigher, place_of
from curtilage.connectors.disposal.hashing import Hasher, SetDigest
from curtilage.connectors.disposal.nouns import (
    Act,
    Batch,
    Dependant,
    DestroyKey,
    Mark,
    Measure,
    Partition,
    Remains,
    Target,
)
from curtilage.connectors.disposal.ports import Archive, Guard, LostClaimError, UnfitTargetError
from curtilage.connectors.disposal.sql import MisfitError
from curtilage.encryption.vault import KeptKey, Vault

KEY_COLUMNS: Final = ("key_label", "key_day", "key_started", "key_ended")
"""What conditions may ask of a key."""

_DAY: Final = re.compile(r"(?<![0-9])([0-9]{4}-[0-9]{2}-[0-9]{2})(?![0-9])", re.ASCII)


class TokenDisposer:
    """A token whose keys can be destroyed."""

    def __init__(
        self, vault: Vault, system: str, hasher: Hasher, *, archives: Mapping[str, Archive] | None = None
    ) -> None:
        """Take a token.

        Args:
            vault: The token.
            system: Id of the system.
            hasher: Computes keyed hashes.
            archives: Not used: a key is not transferred.
        """
        self.source, self.system = "token", system
        self._vault, self._hasher = vault, hasher
        self._tokens: dict[str, str] = {}

    # --- the port -----------------------------------------------------------------------------------

    def check(self, target: Target, act: Act) -> None:
        """Make sure that an act can be done; see the port."""
        if not isinstance(act, DestroyKey):
            raise self._unfit("keys are destroyed; nothing else can be done to them")
        if act.id != target.table:
            raise self._unfit(f"{target.table} is not the key {act.id}")
        if target.key not in ((), ("key_label",)):
            raise self._unfit("a key is known by its key_label")
        with self._explained():
            self._weigher(target, target.condition)
            if target.subject:
                place_of(target.subject, KEY_COLUMNS)

    def count(self, target: Target) -> int:
        """Return how many keys meet the condition; see the port."""
        return len(self._due(target))

    def keys_digest(self, target: Target) -> tuple[int, str]:
        """Return the count and the digest of the keys; see the port."""
        digest = SetDigest()
        digest.add(self._hash(target, self._due(target)))
        return digest.count, digest.hexdigest()

    def measure(self, target: Target, conditions: Sequence[Condition | None], *, column: str = "") -> Measure:
        """Count the keys that meet each of some conditions; see the port."""
        rows = self._rows(target)
        with self._explained():
            tests = [(lambda _: True) if each is None else self._weigher(target, each) for each in conditions]
            counts = tuple(sum(test(row) is True for row in rows) for test in tests)
            at = place_of(column, KEY_COLUMNS) if column else None
            told = [day_of(row[at]) for row in rows if tests[0](row)] if at is not None else []
        days = [day for day in told if day is not None]
        return Measure(counts, min(days, default=None), max(days, default=None))

    def list_dependants(self, target: Target, *, counted: bool = False) -> tuple[Dependant, ...]:
        """Return nothing: no key hangs on another one."""
        return ()

    def list_partitions(self, table: str) -> tuple[Partition, ...]:
        """Return nothing: a token has no partitions."""
        return ()

    def claim(self, item: str) -> Mark:
        """Take an item over, and destroy what was committed and is still there; see the port."""
        note = self._vault.read_note()
        said = note.get(item, {"number": 0, "rows": 0, "gone": []})
        self._vault.destroy(said["gone"])
        self._tokens[item] = secrets.token_hex(16)
        note[item] = {**said, "gone": [], "token": self._tokens[item]}
        self._vault.write_note(note)
        return Mark(item, said["number"], said["rows"])

    def do_batch(self, item: str, target: Target, act: Act, *, limit: int, guard: Guard) -> Batch:
        """Destroy the next keys; see the port."""
        if limit < 1:
            raise ValueError("A batch has at least one row.")
        started, number = time.monotonic(), self._own(item)["number"]
        spare = guard.spare(target.table)
        due = self._due(target)
        with self._explained():
            free = self._weigher(target, Not(spare)) if spare is not None else lambda _: True
            rows = [row for row in due if free(row)]
        spared, rows = len(due) - len(rows), rows[:limit]
        if not rows:
            return Batch(number, 0, spared=spared)
        batch = Batch(number + 1, len(rows), spared=spared, keys=tuple(self._hash(target, rows)))
        guard.permit(batch)
        labels = [str(row[0]) for row in rows]
        self._save(item, number=batch.number, rows=batch.rows, gone=labels)
        self._vault.destroy(labels)
        self._save(item, gone=[])
        return replace(batch, seconds=time.monotonic() - started)

    def scrub(self, targets: Sequence[Target], *, today: date) -> tuple[Remains, ...]:
        """Say what remains."""
        what = "The token was told to destroy the keys, and no longer lists them."
        unknown = "A copy that the vendor's backup, a second token or a wrapped export holds lives on."
        return (Remains("token", what, None, unknown),)

    def lag(self) -> float:
        """Return 0: no replicas of a token are known here."""
        return 0.0

    def forget(self, items: Sequence[str]) -> None:
        """Remove the marks of items that are over; see the port."""
        note = self._vault.read_note()
        if set(note) & set(items):
            self._vault.write_note({item: said for item, said in note.items() if item not in items})

    def close(self) -> None:
        """Do nothing: no session stays open."""

    # --- what there is ------------------------------------------------------------------------------

    def _own(self, item: str) -> dict[str, Any]:
        said: dict[str, Any] = self._vault.read_note().get(item, {})
        if not said or said["token"] != self._tokens.get(item):
            raise LostClaimError(system=self.system, item=item)
        return said

    def _save(self, item: str, **changed: object) -> None:
        said = {**self._own(item), **changed}
        self._vault.write_note({**self._vault.read_note(), item: said})

    def _rows(self, target: Target) -> list[Row]:
        keys = [key for key in self._vault.list_keys() if fnmatchcase(key.label, target.table)]
        return [(key.label, _named_day(key), key.started, key.ended) for key in keys]

    def _due(self, target: Target) -> list[Row]:
        rows = self._rows(target)
        with self._explained():
            weigh = self._weigher(target, target.condition)
            return [row for row in rows if weigh(row)]

    def _weigher(self, target: Target, condition: Condition) -> Weigher:
        return make_weigher(condition, KEY_COLUMNS, self._hasher, lambda row: self._hash(target, [row])[0])

    def _hash(self, target: Target, rows: Sequence[Row]) -> list[bytes]:
        return list(self._hasher.keys(f"{target.system}.{target.table}", [(row[0],) for row in rows]))

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except MisfitError as error:
            raise self._unfit(str(error)) from None

    def _unfit(self, what: str) -> UnfitTargetError:
        return UnfitTargetError(system=self.system, what=what)


def _named_day(key: KeptKey) -> str | None:
    found = _DAY.search(key.label)
    return found[1] if found else None
