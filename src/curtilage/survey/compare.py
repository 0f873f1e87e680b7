"""What changed between two looks at a city, by meaning: a question that only moved has not changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from curtilage.survey.nouns import Observation, Observed

_Name = tuple[str, str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """The difference of two observations, each part in the order of its observation.

    Attributes:
        appeared: Places that are new.
        vanished: Places that are gone from sources that did answer this time.
        changed: Places that now tell something else, ``(before, after)``.
    """

    appeared: tuple[Observed, ...] = ()
    vanished: tuple[Observed, ...] = ()
    changed: tuple[tuple[Observed, Observed], ...] = ()

    def __bool__(self) -> bool:
        """Return whether anything changed."""
        return bool(self.appeared or self.vanished or self.changed)


def compare_observations(before: Observation, after: Observation) -> Change:
    """Return what changed from one observation to a later one.

    A place is known by its system, source, kind, name and words, not by its line. What lies in a
    system that was silent, or in a file that could not be read this time, has not vanished.
    """
    old, new = _named(before.observed), _named(after.observed)
    quiet = {system for system, _ in after.silent}
    unread = {passed.source for passed in after.passed_over}  # files, archives, and folders not listed
    return Change(
        appeared=tuple(seen for name, seen in new.items() if name not in old),
        vanished=tuple(
            seen
            for name, seen in old.items()
            if name not in new and seen.system not in quiet and not _lies_in(seen.place.source, unread)
        ),
        changed=tuple(
            (old[name], seen) for name, seen in new.items() if name in old and _differ(old[name], seen)
        ),
    )


def _lies_in(source: str, unread: set[str]) -> bool:
    parts = source.split("/")
    around = {"/".join(parts[:depth]) for depth in range(1, len(parts) + 1)}
    return not unread.isdisjoint(around | {source.partition("!")[0]})


def _named(observed: Iterable[Observed]) -> dict[_Name, Observed]:
    times: Counter[tuple[str, str, str, str, str]] = Counter()
    named: dict[_Name, Observed] = {}
    for seen in observed:
        place = seen.place
        name = (seen.system, place.source, place.kind, place.name, place.text)
        # The same question may be asked of each member of a household.
        named[*name, times[name]] = seen
        times[name] += 1
    return named


def _differ(before: Observed, after: Observed) -> bool:
    return (before.verdict.reveals, before.verdict.categories, before.place.type, before.place.facts) != (
        after.verdict.reveals,
        after.verdict.categories,
        after.place.type,
        after.place.facts,
    )
