"""A small city's folder whose housing database holds three applications that are due, and its commands."""

import sqlite3
from contextlib import closing

import yaml

from tests.cli.running import run
from tests.retention.declared import AUTHORITY, CITY, holding, series
from tests.retention.towns import build_town

SETTINGS = """
name = "Smalltown"
zone = "America/Chicago"
[connections]
housing = "housing.db"
[disposal]
housing = "housing.db"
[retention]
grace_days = 0
"""
DENIED = {"column": "outcome", "is": ["denied"]}


def build_city(folder, *, backups=({"set": "nightly", "keep": "35 days"},)):
    build_town(folder)
    (folder / "curtilage.toml").write_text(SETTINGS)
    system = {"id": "housing", "host": "city", "connection": "housing", "backups": list(backups)}
    files = {
        "city.yml": CITY,
        "authorities.yml": {"authorities": [AUTHORITY]},
        "systems.yml": {"systems": [system]},
        "series/all.yml": {"series": [series(held_in=[holding(outcome=DENIED)])]},
    }
    for name, said in files.items():
        path = folder / "inventory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(said, sort_keys=False))
    return folder


def retention(city, *arguments, status=0):
    done = run("retention", *arguments, "--city", city)
    assert done.returncode == status, done.stderr.decode()
    return done


def agree(city, plan):
    for officer in ("rec", "head"):
        retention(city, "authorise", plan, "--as", officer)


def purge(city):
    """Plan, agree, carry out; return the plan's file."""
    out = city / "plan.json"
    run("retention", "plan", "--as", "rec", "--out", out, "--city", city)
    agree(city, out)
    retention(city, "carry-out", out, "--as", "rec")
    return out


def ids(city):
    with closing(sqlite3.connect(city / "housing.db")) as database:
        return [row[0] for row in database.execute("SELECT id FROM applications ORDER BY id")]
