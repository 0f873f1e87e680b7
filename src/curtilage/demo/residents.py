"""Made-up residents, the same for the same seed. No name, number or address belongs to anybody.

Numbers are taken from ranges that are never issued: social security numbers of area 000, telephone
numbers of exchange 555-01, e-mail under ``example``. So nothing here can be mistaken for a person.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from curtilage.foundation.errors import UsageError

_GIVEN: Final = (
    "Ada Amina Ana Andrei Anh Aroha Ben Bilal Bruno Carmen Chen Chidi Claire Dalia Daniel Dina Elena Emeka Esther "
    "Fatima Felix Farah Gabriel Grace Hana Hugo Ines Isaac Ivan Jamal Jean Jin Jorge Julia Kavita Kenji Kofi Lan "
    "Leila Linh Lucia Luis Maria Marie Mateo Mei Minh Miriam Nadia Noor Olga Omar Paulo Pedro Pierre Priya Quynh "
    "Rafael Rosa Ruth Salma Samuel Sergei Sofia Tala Teresa Thanh Tomas Uma Victor Wei Xiu Yara Yusuf Zoe"
).split()
_FAMILY: Final = (
    "Abara Adeyemi Alder Amari Arrow Baptiste Barros Birch Castel Celestin Cedar Clay Dang Delacroix Dover Eklund "
    "Farrow Fields Garza Glenn Haddad Hale Heron Ibarra Ivers Joseph Kaya Kim Laurent Lennox Linden Luna Mai Marsh "
    "Mendoza Moss Nassar Ngo Novak Oduya Okoro Palma Pham Pierre Quill Quispe Ramos Reyes Rivera Rowe Sarkis Silva "
    "Soto Stone Sy Tabor Tran Ueda Vale Vargas Vega Wells Wen Xu Yoon Zamora Zhou"
).split()
_STREETS: Final = (
    "Alder Way",
    "Bridge St",
    "Canal Rd",
    "Dock Ln",
    "Elm Ct",
    "Ferry Rd",
    "Granite Ave",
    "Harbor Dr",
)
_COUNTRIES: Final = ("United States",) * 6 + (
    "Mexico",
    "Guatemala",
    "Haiti",
    "Viet Nam",
    "Philippines",
    "China",
    "Ukraine",
    "Ethiopia",
    "Brazil",
)
_LANGUAGES: Final = ("en",) * 5 + ("es", "es", "es", "vi", "zh", "ht", "tl")


@dataclass(frozen=True, slots=True)
class Resident:
    """One made-up resident.

    Attributes:
        number: 1 to N.
        born: Calendar date.
        ssn: Of area 000, which is never issued; empty for about one in six.
        country: Country of birth.
        status: Made-up answer to the question of status.
        applied: Calendar date of an application, up to twelve years back.
    """

    number: int
    name: str
    born: date
    ssn: str
    country: str
    language: str
    status: str
    phone: str
    email: str
    address: str
    income: int
    applied: date


def make_residents(count: int, seed: int, today: date) -> Iterator[Resident]:
    """Give ``count`` residents, always the same for the same seed and day.

    Raises:
        UsageError: ``count`` is below 1 or above a million.
    """
    if not 1 <= count <= 1_000_000:
        raise UsageError(
            f"{count} residents cannot be made. Nothing was written. Choose between 1 and 1,000,000."
        )
    chance = random.Random(seed)  # noqa: S311 - made-up people need repeatable chance, not secrets
    for number in range(1, count + 1):
        yield _make(number, chance, today)


def _make(number: int, chance: random.Random, today: date) -> Resident:
    given, family = chance.choice(_GIVEN), chance.choice(_FAMILY)
    country = chance.choice(_COUNTRIES)
    return Resident(
        number=number,
        name=f"{given} {family}",
        born=today - timedelta(days=chance.randrange(18 * 365, 90 * 365)),
        ssn=""
        if chance.random() < 1 / 6
        else f"000-{chance.randrange(1, 99):02}-{chance.randrange(1, 9999):04}",
        country=country,
        language="en" if country == "United States" else chance.choice(_LANGUAGES),
        status="citizen"
        if country == "United States"
        else chance.choice(("citizen", "LPR", "refugee", "other")),
        phone=f"(206) 555-01{chance.randrange(100):02}",
        email=f"{given}.{family}.{number}@mail.example".lower(),
        address=f"{chance.randrange(1, 999)} {chance.choice(_STREETS)}, Rivermark",
        income=chance.randrange(400, 5200),
        applied=today - timedelta(days=chance.randrange(0, 12 * 365)),
    )
