"""Exactly one code path lets anything leave: the code is walked for any other."""

import ast

import pytest

from tests.houserules.test_code import MODULES, SOURCE

PATH = "disclosure/release/carry_out.py"


def name_of(path):
    return path.relative_to(SOURCE).as_posix()


def calls(path):
    """Give the name of each function, method or class that a module calls."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            yield getattr(node.func, "attr", getattr(node.func, "id", ""))


def callers(function):
    return {name_of(path) for path in MODULES if function in set(calls(path))}


def imports(path):
    """Give every module that a module imports, wherever the line stands, with the names taken from it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def importers(start):
    return {name_of(path) for path in MODULES if any(name.startswith(start) for name in imports(path))}


@pytest.mark.parametrize("function", ["make_package", "seal_stream", "Released", "ReleaseIntended"])
def test_only_the_path_reads_encrypts_and_records_what_leaves(function):
    assert callers(function) == {PATH}


def test_only_one_module_says_what_is_wanted_of_a_system():
    assert callers("Wanted") == {"disclosure/release/reach.py"}


def test_who_reads_for_a_release_is_opened_by_a_release_alone():
    assert callers("open_retriever") == {"cli/retrievers.py"}
    assert importers("curtilage.cli.retrievers") == {"cli/disclosure_release.py"}


def test_nobody_else_knows_how_to_read_for_a_release():
    outside = {
        name for name in importers("curtilage.connectors.retrieval") if not name.startswith("connectors/")
    }
    rest = {name for name in outside if not name.startswith("disclosure/release/")}
    assert rest == {"cli/assembly.py", "cli/retrievers.py"}


def test_only_the_command_and_the_example_city_walk_the_path():
    walking = importers("curtilage.disclosure.release.carry_out")
    assert {name for name in walking if not name.startswith("cli/demo")} == {"cli/disclosure_release.py"}


def test_one_module_knows_how_packages_are_encrypted():
    others = {
        name for name in importers("pyrage") if not name.startswith("cli/demo")
    }  # there the recipient opens it
    assert others == {"encryption/age.py"}


def test_the_path_writes_nothing_but_through_the_encryption():
    text = (SOURCE / PATH).read_text("utf-8")
    writers = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    opened = [ast.unparse(node) for node in writers if ast.unparse(node.func) in {"os.fdopen", "open"}]
    assert opened == ["os.fdopen(handle, 'wb')"]
    assert "tempfile" not in text


def test_no_module_of_a_release_makes_a_temporary_file():
    rooms = [path for path in MODULES if "release" in name_of(path) or "retrieve" in name_of(path)]
    assert len(rooms) > 8
    for path in rooms:
        assert not any(name.startswith(("tempfile", "logging", "pickle")) for name in imports(path)), path
