"""What the checks of every room are given: what is declared and what was observed, on one day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from curtilage.inventory.columns import name_column
from curtilage.inventory.nouns import Authority, Category, Collection, Field, Inventory, Reveals, System
from curtilage.inventory.shapes import NONE_GIVEN
from curtilage.survey.nouns import Observation, Observed


@dataclass(frozen=True)
class Situation:
    """A city on one day.

    Attributes:
        declared: The inventory, loaded whole.
        observation: The newest survey; None where the city has not been looked at yet.
        today: Calendar date in the city's own zone.
    """

    declared: Inventory
    observation: Observation | None
    today: date

    @cached_property
    def categories(self) -> Mapping[str, Category]:
        """The vocabulary by id."""
        return {category.id: category for category in self.declared.categories}

    @cached_property
    def authorities(self) -> Mapping[str, Authority]:
        """What is cited, by id."""
        return {authority.id: authority for authority in self.declared.authorities}

    @cached_property
    def systems(self) -> Mapping[str, System]:
        """Where data lies, by id."""
        return {system.id: system for system in self.declared.systems}

    def reveals(self, field: Field) -> Reveals:
        """Return what a field tells; a field without a category counts as direct: in doubt we protect."""
        if field.category == NONE_GIVEN:
            return Reveals.NONE
        category = self.categories.get(field.category)
        return category.reveals if category else Reveals.DIRECT

    def tells(self, field: Field) -> bool:
        """Return whether a field states or singles out: direct or strong."""
        return self.reveals(field).rank >= Reveals.STRONG.rank

    def fields(self) -> Iterator[tuple[Collection, Field]]:
        """Give each declared field with its collection, in the order of the files."""
        for collection in self.declared.list_collections():
            for field in collection.fields:
                yield collection, field

    def fields_in(self, system: System) -> tuple[Field, ...]:
        """Return the fields that are declared to be stored in ``system``."""
        prefix = f"{system.id}."
        return tuple(
            field for _, field in self.fields() if any(place.startswith(prefix) for place in field.stored_in)
        )

    def highest_in(self, system: System) -> Reveals:
        """Return the most telling level of what is declared or was seen in ``system``."""
        declared = [self.reveals(field) for field in self.fields_in(system)]
        seen = [observed.verdict.reveals for observed in self.columns_of(system.id)]
        return max((*declared, *seen), key=lambda level: level.rank, default=Reveals.NONE)

    def oldest_in(self, column: str) -> date | None:
        """Return the earliest day in ``SYSTEM.TABLE.COLUMN``; None where it was not looked at, or holds none."""
        return self._oldest.get(column.lower())

    @cached_property
    def _oldest(self) -> Mapping[str, date]:
        """The earliest day of each column of dates that was looked at, by its name in lower case."""
        named = {
            (each.system, each.place.source, each.place.name): ".".join(
                (each.system, *name_column(each.place))
            )
            for system in self.systems
            for each in self.columns_of(system)
        }
        found: dict[str, date] = {}
        for extent in self.observation.extents if self.observation else ():
            for age in extent.ages:
                name = named.get((extent.system, extent.source, age.column))
                if name and age.oldest:
                    found[name.lower()] = age.oldest
        return found

    def columns_of(self, system: str) -> tuple[Observed, ...]:
        """Return the columns that were seen in a system, in their order."""
        return self._columns.get(system, ())

    @cached_property
    def _columns(self) -> Mapping[str, tuple[Observed, ...]]:
        found: dict[str, list[Observed]] = {}
        for observed in self.observation.observed if self.observation else ():
            if observed.system and observed.place.kind == "column":
                found.setdefault(observed.system, []).append(observed)
        return {system: tuple(columns) for system, columns in found.items()}
