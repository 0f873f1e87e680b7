"""Fields that together tell what none tells alone.

Two dangers are weighed for the fields of one collection or the columns of one table:

* *reveals together*: proxies of status add up. Each weak proxy counts one point, an absence proxy
  (why there is no number) two; three points beside something that names a person is a danger.
* *singles out*: date of birth, sex and place of residence name most people without a name.

Source:
    sweeney-2000 (87 % of US residents are unique by ZIP code, birth date and sex);
    nyc-23-1201, "alone or in combination".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_POINTS: Final = {
    "language": 1,
    "interpreter_need": 1,
    "race": 1,
    "ethnicity": 1,
    "tribal": 0,
    "religion": 1,
    "ssn": 0,
    "no_ssn_reason": 2,
    "other_government_id": 1,
    "drivers_license": 0,
    "itin": 2,
    "country_of_birth": 2,
    "place_of_birth": 2,
    "consular_or_foreign_id": 2,
    "passport": 2,
}
_NAMES_A_PERSON: Final = frozenset(
    {"full_name", "family_name", "address", "phone", "email", "ssn", "state_id", "drivers_license", "photo"}
)
_LIVES: Final = frozenset({"address", "geolocation"})
_SEXES: Final = frozenset({"sex", "gender_identity"})

#: Three weak proxies, or one strong and one weak: chosen so that language and ethnicity alone, which
#: language access and civil-rights reports need, do not raise it.
THRESHOLD: Final = 3


@dataclass(frozen=True, slots=True)
class Danger:
    """A combination worth a person's look.

    Attributes:
        kind: ``reveals`` or ``singles-out``.
        categories: The categories that make it, sorted.
        points: Points reached; 0 for ``singles-out``.
    """

    kind: str
    categories: tuple[str, ...]
    points: int = 0


def weigh_combination(categories: Iterable[str]) -> tuple[Danger, ...]:
    """Return the dangers of holding these categories about one person.

    Args:
        categories: Category ids of the fields of one collection, or columns of one table; repeats
            do not count twice.

    >>> weigh_combination(["full_name", "language", "ethnicity", "religion"])[0].points
    3
    """
    held = frozenset(categories)
    dangers = []
    proxies = {category for category in held if _POINTS.get(category, 0)}
    points = sum(_POINTS[category] for category in proxies)
    named = held & _NAMES_A_PERSON
    if points >= THRESHOLD and len(proxies) > 1 and named:
        dangers.append(Danger("reveals", tuple(sorted(proxies | named)), points))
    if (
        "date_of_birth" in held
        and held & _LIVES
        and held & _SEXES
        and not held & {"full_name", "family_name"}
    ):
        dangers.append(
            Danger("singles-out", tuple(sorted({"date_of_birth"} | (held & _LIVES) | (held & _SEXES))))
        )
    return tuple(dangers)
