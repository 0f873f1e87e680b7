"""A small city that says where its records lie, as files in memory, for tests to change one thing of."""

from copy import deepcopy

import yaml

from curtilage.inventory.load import load_documents

SETTINGS = b'name = "Smalltown"\nzone = "America/Chicago"\n'
CITY = {
    "officers": [
        {"id": "rec", "role": "records officer", "name": "A. Example"},
        {"id": "head", "role": "department head", "name": "B. Example"},
        {"id": "law", "role": "city counsel", "name": "C. Example"},
    ]
}
AUTHORITY = {
    "id": "schedule",
    "citation": "City schedule 2014",
    "jurisdiction": "the city",
    "force": "mandatory",
    "effective": "2014-01-01",
    "reviewer": "rec",
    "reviewed": "2017-01-01",
}
SERIES = {
    "id": "hsg-014",
    "title": "Applications",
    "authority": "schedule",
    "schedule": "City schedule 2014",
    "item": "HSG-014",
    "trigger": "case closed",
    "minimum": "Retain 6 years after case closed, then destroy.",
    "disposition": "destroy",
    "authorised_by": ["records officer", "department head"],
}
HOLDING = {"in": "housing.applications", "trigger": "closed_on", "subject": "person", "dispose": "delete"}


def series(*, held_in=None, **changed):
    """Return a series as its file writes it; a change to None takes a key out."""
    held = [dict(HOLDING)] if held_in is None else held_in
    merged = SERIES | {"held_in": held} | changed
    return {key: deepcopy(value) for key, value in merged.items() if value is not None}


def holding(**changed):
    """Return a place as its file writes it; ``within`` is its ``in``, a change to None takes a key out."""
    renamed = {"in" if key == "within" else key: value for key, value in changed.items()}
    return {key: value for key, value in (HOLDING | renamed).items() if value is not None}


def load(*declared, authority=None, settings=SETTINGS, city=None, systems=("housing", "files")):
    """Return the inventory of a city with some series; the example's own where none is given."""
    files = {
        "city.yml": CITY | (city or {}),
        "authorities.yml": {"authorities": [AUTHORITY | (authority or {})]},
        "systems.yml": {"systems": [{"id": each, "host": "city"} for each in systems]},
        "series/all.yml": {"series": [deepcopy(each) for each in declared or [series()]]},
    }
    documents = {
        f"inventory/{name}": yaml.safe_dump(said, sort_keys=False).encode() for name, said in files.items()
    }
    return load_documents({"curtilage.toml": settings, **documents})
