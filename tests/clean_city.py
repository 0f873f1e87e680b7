"""The clean city of ``tests/cases/checks``, and what one change makes of it."""

from copy import deepcopy
from datetime import UTC, datetime, time
from pathlib import Path

import yaml

from curtilage.detection.nouns import Match, Verdict
from curtilage.foundation.place import PassedOver, Place
from curtilage.inventory.load import load_inventory
from curtilage.inventory.nouns import Reveals
from curtilage.survey.nouns import Age, Cells, Extent, Observation, Observed, Tally
from curtilage.survey.situation import Situation

CASES = Path(__file__).parent / "cases" / "checks"
CLEAN = yaml.safe_load((CASES / "clean-city.yml").read_text())


def situation_of(case, folder):
    write_city(folder, changed(case))
    return Situation(load_inventory(folder), observation_of(case), CLEAN["today"])


def changed(case):
    files = deepcopy(CLEAN["files"])
    for where, value in case.get("set", {}).items():
        file, _, path = where.partition(":")
        change(files[file], path.split("."), value)
    for where, items in case.get("add", {}).items():
        file, _, path = where.partition(":")
        walk(files[file], path.split(".")).extend(items)
    return files


def walk(node, path):
    for step in path:
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node


def change(node, path, value):
    inside = walk(node, path[:-1])
    if value is None:
        inside.pop(path[-1], None)
    else:
        inside[path[-1]] = value


def write_city(folder, files):
    (folder / "curtilage.toml").write_text(CLEAN["settings"])
    for name, content in files.items():
        path = folder / "inventory" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def observation_of(case):
    if case.get("taken") == "never":
        return None
    seen = [each for each in CLEAN["observed"] if each["at"] not in case.get("unsee", ())]
    observed = tuple(observe(each) for each in [*seen, *case.get("see", ())])
    silent = tuple(case.get("silent", {}).items())
    systems = tuple(set(case.get("systems", CLEAN["systems"])) - set(dict(silent)))
    taken = datetime.combine(case.get("taken", CLEAN["today"]), time(12), UTC)
    tally = Tally(places=len(observed))
    extents = tuple(extents_of(case))
    return Observation(taken, observed, (), tally, systems, silent, extents, told_of(case))


def extents_of(case):
    """Give each table of ``oldest``, SYSTEM.TABLE.COLUMN: DAY, an age of its column."""
    for place, day in case.get("oldest", {}).items():
        system, table, column = place.split(".")
        yield Extent(system, table, 40, 0, system, ages=(Age(f"{table}.{column}", day, day),))


def told_of(case):
    return tuple(
        PassedOver(source, "no-rights", f"{table}: It may not be read.")
        for source, table in case.get("not_looked_into", {}).items()
    )


def observe(each):
    matches = tuple(
        Match(category, Reveals(level), 0.9, ("case",)) for category, level in each.get("is", {}).items()
    ) + tuple(
        Match(category, Reveals(level), 0.9, (f"value:{category} in some cells",))
        for category, level in each.get("holds", {}).items()
    )
    highest = max((match.reveals for match in matches), key=lambda level: level.rank, default=Reveals.NONE)
    verdict = Verdict(matches, highest, tuple(each.get("looks", ())))
    source, mark, name = each["at"].partition("#")
    if mark:
        return Observed(Place(source, "line:1", "question", name, each.get("text", "")), verdict)
    system, _, column = source.partition(".")
    return Observed(Place(system, column, "column", column), verdict, system, cells_of(each))


def cells_of(each):
    if "cells" not in each:
        return None
    matched = tuple(sorted(each.get("matched", {}).items()))
    return Cells(each["cells"], matched, sampled=each.get("sampled", False))
