"""The connections and limits of ``curtilage.toml``, in the form that a survey takes them.

A secret is read when it is needed, handed to the driver and never shown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from curtilage.connectors.ports import Limits
from curtilage.foundation.settings import read_settings


@dataclass(frozen=True, slots=True)
class Connections:
    """How a city's systems are reached.

    Attributes:
        addresses: By name: a URL, or a path relative to the city's folder. Holds secrets.
        missing: By name, why the address is not known (a variable that is not set).
        limits: The bounds for reading.
        jobs: Worker processes at most; 0 is one for each core.
    """

    addresses: Mapping[str, str] = field(repr=False)
    missing: Mapping[str, str]
    limits: Limits
    jobs: int = 0


def read_connections(folder: Path) -> Connections:
    """Read a city's connections and limits.

    Args:
        folder: The city's folder.

    Raises:
        DeclarationError: ``curtilage.toml`` is missing or has problems: all of them.
    """
    settings = read_settings(folder)
    return Connections(
        addresses={
            each.name: _path_or_url(each.address.unsafe_reveal())
            for each in settings.connections
            if each.address is not None
        },
        missing={each.name: each.missing for each in settings.connections if each.missing},
        limits=Limits(**dataclasses.asdict(settings.limits)),
        jobs=settings.survey.jobs,
    )


def _path_or_url(address: str) -> str:
    """Return an SQLite address as the path of its file; any other as it is."""
    if address.startswith("sqlite:") and "://" not in address:
        return address.removeprefix("sqlite:")
    return address[len("sqlite:///") :] if address.lower().startswith("sqlite:///") else address
