"""The example city where libraries are not installed: it says what it leaves out, ends well, and goes on later."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from curtilage.cli.demo_requests import COUNSELS_KEY, answer_example_requests
from curtilage.cli.story import tell_left_out
from curtilage.foundation.place import PassedOver

pytest.importorskip("pyrage", reason="needs the extra release")
pytest.importorskip("z3", reason="needs the extra prove")

#: Every optional library but those that the example city itself is made with.
EXTRAS = (
    "adbc_driver_manager adbc_driver_postgresql adbc_driver_sqlite cedarpy defusedxml fsspec graphql multipart "
    "pkcs11 psycopg pymysql pypdf pyrage python_calamine sqlglot tree_sitter tree_sitter_ruby "
    "tree_sitter_typescript z3"
)
BLOCK = "import sys\nfor name in {names!r}.split():\n    sys.modules[name] = None\n"


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """Return an example city made without any of them, and what was said; workers lack them, too."""
    home = tmp_path_factory.mktemp("bare")
    (home / "sitecustomize.py").write_text(BLOCK.format(names=EXTRAS))
    program = "from curtilage.cli.main import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "demo", "rivermark", "--residents", "40"],
        capture_output=True,
        check=False,
        cwd=home,
        env={**os.environ, "PYTHONPATH": str(home)},
    )
    assert done.returncode == 0, done.stderr.decode()
    return home / "rivermark", " ".join(done.stdout.decode().split())


@pytest.fixture
def city(bare, tmp_path):
    return Path(shutil.copytree(bare[0], tmp_path / "rivermark"))


def test_it_ends_well_and_says_what_to_do_first(bare):
    folder, said = bare

    assert "What to do first" in said
    assert (folder / "report.html").is_file()


def test_it_says_which_files_were_not_read_and_what_to_install(bare):
    assert "1 file. Needs pypdf: pip install 'curtilage[forms]'" in bare[1]
    assert "2 files. Needs defusedxml: pip install 'curtilage[forms]'" in bare[1]


def test_it_says_that_no_request_was_answered_and_what_to_install(bare):
    assert "None was answered." in bare[1]
    assert "pip install 'curtilage[policy]'" in bare[1]


@pytest.mark.parametrize("library", ["cedarpy", "z3", "pyrage"])
def test_whichever_is_missing_nothing_is_signed_and_no_request_begins(city, monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)

    answered = answer_example_requests(city)

    assert (answered.told, "pip install" in answered.missing) == ((), True)
    assert not (city / COUNSELS_KEY).exists()


def test_once_they_are_installed_the_five_requests_are_answered(city):
    answered = answer_example_requests(city)

    assert (len(answered.told), answered.opened, answered.missing) == (5, 1, "")


def test_a_file_that_is_named_twice_is_counted_once():
    passed = [PassedOver("a.pdf", "not-installed", "Needs pypdf."), PassedOver("b.bin", "binary")]

    assert list(tell_left_out(passed * 2))[1:] == ["   - 1 file. Needs pypdf.", ""]
    assert not list(tell_left_out(passed[1:]))
