"""Rules of the code that no linter knows."""

import ast
import dataclasses
import re
import tomllib
from pathlib import Path

import pytest

from curtilage.cli.assembly import READERS, readers
from curtilage.detection import nouns as detection
from curtilage.foundation.finding import Finding, Rule, Severity, Spot
from curtilage.foundation.guarded import Guarded
from curtilage.foundation.place import PassedOver, Place
from curtilage.foundation.settings import Connection
from curtilage.survey import nouns as survey
from curtilage.survey.values.kept import Line
from curtilage.survey.values.nouns import Counted

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/curtilage"
MODULES = sorted(SOURCE.rglob("*.py"))
LONGEST = 450
LONGER = {
    "inventory/nouns.py": "all that a city declares, read together",
}
CANARY = "canary-7391"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_a_module_can_be_read_in_one_sitting(path):
    lines = len(path.read_text("utf-8").splitlines())
    excused = path.relative_to(SOURCE).as_posix() in LONGER

    assert lines <= LONGEST or excused, "past 400 lines ask whether it is two"


def test_an_excuse_for_a_long_module_goes_when_it_is_no_longer_needed():
    assert [name for name in LONGER if len((SOURCE / name).read_text("utf-8").splitlines()) <= LONGEST] == []


def test_only_the_settings_and_the_command_line_look_into_the_environment():
    looking = re.compile(r"\bos\.(environ|getenv)\b(?!.*handed on)")
    found = [
        path.relative_to(SOURCE).as_posix() for path in MODULES if looking.search(path.read_text("utf-8"))
    ]

    assert [name for name in found if not name.startswith("cli/")] == ["foundation/settings.py"]


def test_every_reader_is_registered_and_offers_the_same():
    drivers = {path.stem for path in (SOURCE / "connectors/drivers").glob("[a-z]*.py")}
    registered = {entry.partition(":")[0] for entry in READERS}
    names = [reader.name for reader in readers()]

    assert registered <= drivers
    assert len(set(names)) == len(names)
    for reader in readers():
        public = {name for name in dir(reader) if not name.startswith("_")}
        assert public == {"name", "extra", "weigh", "read"}, reader


def test_nothing_that_is_kept_has_a_place_for_a_value():
    kept = [
        Place,
        PassedOver,
        Finding,
        Spot,
        detection.Match,
        detection.Verdict,
        survey.Observed,
        survey.Cells,
        survey.Extent,
        survey.Age,
        survey.Observation,
        Counted,
        Line,
    ]
    names = {each.name for kind in kept for each in dataclasses.fields(kind)}

    assert not names & {"value", "values", "sample", "samples", "answer", "answers", "example", "content"}


def test_guarded_text_stays_guarded_inside_other_values():
    rule = Rule("a.b", 1, Severity.LOW, "t", "w", "r", "s")
    finding = Finding(rule, Spot("file.yml"), "subject", f"It holds {Guarded(CANARY)}.")

    assert CANARY not in f"{finding} {finding!r} {Connection('db', Guarded(CANARY))!r}"


def test_what_gives_up_a_protection_is_named_unsafe_and_used_where_it_is_expected():
    users = {
        path.relative_to(SOURCE).parts[0]
        for path in MODULES
        if "unsafe_reveal" in path.read_text("utf-8") and path.name != "guarded.py"
    }

    assert users <= {"cli", "connectors", "disclosure", "encryption", "ledger", "retention"}


def test_every_dependency_of_the_core_is_used():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    modules = {"pyyaml": "yaml", "ruamel.yaml": "ruamel"}
    names = [re.match(r"[\w.-]+", each)[0] for each in declared]
    imported = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.partition(".")[0])

    assert [name for name in names if modules.get(name, name) not in imported] == []


def test_the_package_is_not_told_who_or_what_wrote_it():
    assert "author" not in (ROOT / "pyproject.toml").read_text("utf-8")


def test_no_expression_gives_nothing_back_after_it_looked_ahead():
    """Python before 3.11.5, which Debian 12 has, forgets where such a repetition began (gh-106052)."""
    found = re.compile(r"\(\?<?[=!][^()]*\)\)+[*+?]\+")

    assert found.search(r"/\*(?:[^*]|\*(?!/))*+\*/")
    assert [path.name for path in MODULES if found.search(path.read_text("utf-8"))] == []
