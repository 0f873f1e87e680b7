"""The city's name, time zone and languages, as ``curtilage.toml`` gives them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from curtilage.foundation.settings import SETTINGS_FILE, parse_settings
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


def read_city_name(content: bytes | None, reading: Reading, *, told: bool = False) -> CityName:
    """Return what the settings say of the city; problems, and the names of connections, are noted.

    Where there is no table of connections, none can be looked up, and none is called unknown: an
    inventory may be read apart from the machine that reaches its systems. The environment is left out: an inventory is what its files say, today and in an old revision.

    Args:
        content: The settings; None where they are missing or cannot be opened.
        reading: What is being read.
        told: Whether it was noted already why there are none.
    """
    reading.path = SETTINGS_FILE
    reading.unread.add("connection")
    if content is None and told:
        return CityName()
    if content is None:
        instead = "Begin a city's folder with: curtilage init DIR"
        reading.problem(0, "inventory.no-settings", "There is no curtilage.toml.", instead)
        return CityName()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        reading.problem(0, "inventory.not-utf8", "The file is not UTF-8 text.", "Save it again as UTF-8.")
        return CityName()
    settings, problems = parse_settings(text, Path(), environment={})
    reading.problems.extend(problems)
    if settings is None:
        return CityName()
    if "connections" in tomllib.loads(text):
        reading.unread.discard("connection")
        for connection in settings.connections:
            reading.declare("connection", connection.name, 0)
    return CityName(settings.city.name, settings.city.zone, settings.city.languages)
