"""The city's name, time zone and languages, as ``curtilage.toml`` gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any

from curtilage.inventory._reading import Reading


@dataclass(frozen=True, slots=True)
class CityName:
    """What curtilage.toml says of the city itself."""

    name: str = ""
    zone: str = ""
    languages: tuple[str, ...] = ()

    def extras(self) -> dict[str, Any]:
        """Return the attributes of the city that no inventory file gives."""
        return {"name": self.name, "zone": self.zone, "languages": self.languages}


def read_city_name(content: bytes | None, reading: Reading) -> CityName:
    """Return what the settings say of the city; problems are noted."""
    reading.path = "curtilage.toml"
    if content is None:
        instead = "Begin a city's folder with: curtilage init DIR"
        reading.problem(0, "inventory.no-settings", "There is no curtilage.toml.", instead)
        return CityName()
    said = tomllib.loads(content.decode())
    return CityName(said["name"], said["zone"], tuple(said["languages"]))
