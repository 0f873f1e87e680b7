"""Exactly one code path deletes what residents are about: the code is walked for any other."""

import ast
import re

from tests.houserules.test_code import MODULES, SOURCE

#: Where the words of a deleting statement may stand, and why.
MAY_SAY_DELETE = {
    "connectors/disposal/": "the one engine of batches",
    "connectors/drivers/dispose_": "how each system writes it",
    "ledger/stores/": "the ledger's own private bodies and snapshots, destroyed on their schedule",
}
#: Where a file may be removed, and why.
MAY_REMOVE_FILES = {
    "connectors/disposal/files/": "the one engine of batches over files",
    "connectors/drivers/archive_folder": "a transfer that did not come to its end is begun anew",
    "foundation/files": "a temporary file of ours",
    "survey/store": "old observations of ours: counts, never a value",
    "inventory/starter": "a folder of ours that could not be finished",
    "demo/": "the example city, which we made",
    "disclosure/release/carry_out": "an encrypted package that was never recorded, so it never left",
    "detection/kept": "compiled rules of ours",
}
STATEMENT = re.compile(r"\b(DELETE\s+FROM|DROP\s+(TABLE|PARTITION)|DETACH\s+PARTITION|TRUNCATE\s+TABLE)\b")
REMOVERS = {"unlink", "rmtree", "rmdir", "remove", "removedirs"}


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def calls(path):
    """Give the name of each function or method that a module calls, with the call."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            called = node.func
            yield getattr(called, "attr", getattr(called, "id", "")), node


def callers(function):
    return {name_of(path) for path in MODULES for called, _ in calls(path) if called == function}


def test_one_module_asks_a_system_to_delete():
    drivers = {name for name in callers("do_batch") if name.startswith("connectors/drivers/dispose_")}
    assert callers("do_batch") - drivers == {"retention/run_line.py"}


def test_one_module_runs_a_line_and_it_asks_for_the_permission_first():
    assert callers("run_line") == {"retention/carry_out.py"}


def test_a_driver_calls_only_its_own_base_to_delete():
    for name in callers("do_batch"):
        if name.startswith("connectors/drivers/"):
            for called, node in calls(SOURCE / name):
                if called == "do_batch":
                    assert ast.unparse(node.func) == "super().do_batch"


def test_a_deleting_statement_stands_only_where_it_may():
    found = {
        name_of(path)
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and STATEMENT.search(node.value)
    }
    assert {name for name in found if not name.startswith(tuple(MAY_SAY_DELETE))} == set()


def test_files_are_removed_only_where_they_may_be():
    found = {
        name_of(path)
        for path in MODULES
        for called, node in calls(path)
        if called in REMOVERS and isinstance(node.func, ast.Attribute) and is_of_files(node)
    }
    assert {name for name in found if not name.startswith(tuple(MAY_REMOVE_FILES))} == set()


def is_of_files(node):
    """Return whether a call could be one that removes a file: a list's ``remove`` takes one thing of any name."""
    return node.func.attr != "remove" or ast.unparse(node.func.value) in {"os", "shutil"}


def test_every_excuse_is_still_needed():
    removers = {name_of(path) for path in MODULES for called, _ in calls(path) if called in REMOVERS}
    speakers = {name_of(path) for path in MODULES if STATEMENT.search(path.read_text("utf-8"))}
    for excuses, names in ((MAY_SAY_DELETE, speakers), (MAY_REMOVE_FILES, removers)):
        assert [each for each in excuses if not any(name.startswith(each) for name in names)] == []


def test_keys_are_destroyed_by_the_one_engine_and_retired_by_a_change_of_the_citys_key():
    assert callers("destroy") <= {"connectors/drivers/dispose_token.py", "encryption/vault.py"}
    assert callers("retire_wrapping_keys") == {"cli/keeping.py"}
