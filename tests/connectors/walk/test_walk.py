import contextlib
import os
import socket
import tempfile
from collections import Counter
from pathlib import Path

import pytest

from curtilage.connectors.url import BadUrlError
from curtilage.connectors.walk import Found, TargetMissingError, expand_target, name_source, walk
from curtilage.foundation.place import PassedOver
from tests.rights import without_rights


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def make(*paths):
    for path in paths:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text("x")


def found(target, **options):
    return [item.source for item in walk(target, **options) if isinstance(item, Found)]


def passed(target, **options):
    return {item.source: item.reason for item in walk(target, **options) if isinstance(item, PassedOver)}


def test_a_folder_is_walked_in_the_order_of_its_paths():
    make("t/b.html", "t/a/z.html", "t/a.html", "t/a-1.html", "t/a/b/c.html")

    assert found("t") == ["t/a-1.html", "t/a.html", "t/a/b/c.html", "t/a/z.html", "t/b.html"]
    assert found("t") == sorted(found("t"))


def test_sources_are_named_as_typed():
    make("t/a.html")

    assert found("t/") == found("./t") == found(".") == ["t/a.html"]
    assert found(str(Path("t").absolute())) == [f"{Path('t').absolute()}/a.html"]


@pytest.mark.parametrize(
    ("path", "told", "reason"),
    [
        ("t/.env", "t/.env", "hidden"),
        ("t/.git/config", "t/.git", "hidden"),
        ("t/CVS/Root", "t/CVS", "hidden"),
        ("t/node_modules/x/a.html", "t/node_modules", "vendored"),
        ("t/lib/site-packages/a.py", "t/lib/site-packages", "vendored"),
        ("t/env/pyvenv.cfg", "t/env", "vendored"),
        ("t/package-lock.json", "t/package-lock.json", "generated"),
        ("t/app.min.js", "t/app.min.js", "generated"),
        ("t/dist/main.js", "t/dist/main.js", "generated"),
    ],
)
def test_what_is_not_the_citys_own_is_passed_over(path, told, reason):
    make(path)

    assert passed("t") == {told: reason}
    assert found("t") == []


def test_forms_in_a_build_folder_are_looked_at():
    make("t/dist/intake.html", "t/public/schema.json")

    assert found("t") == ["t/dist/intake.html", "t/public/schema.json"]


def test_all_files_looks_behind_every_name_but_version_control():
    make("t/.env", "t/.git/config", "t/node_modules/a.html", "t/package-lock.json")

    assert found("t", everything=True) == ["t/.env", "t/node_modules/a.html", "t/package-lock.json"]


def test_what_was_named_is_looked_at_whatever_it_is_called():
    make("t/.hidden/node_modules/app.min.js")

    assert found("t/.hidden/node_modules/app.min.js") == ["t/.hidden/node_modules/app.min.js"]
    assert passed("t/.hidden/node_modules") == {"t/.hidden/node_modules/app.min.js": "generated"}


def test_links_are_not_followed_so_a_walk_ends():
    make("t/a/form.html")
    Path("t/a/loop").symlink_to("..")
    Path("t/a/copy.html").symlink_to("form.html")
    Path("t/a/broken").symlink_to("nowhere")

    assert found("t") == ["t/a/form.html"]
    assert set(passed("t").values()) == {"link"}


def test_a_link_that_was_named_is_followed():
    make("real/form.html")
    Path("named").symlink_to("real")

    assert found("named") == ["named/form.html"]


def test_pipes_and_sockets_are_not_opened(tmp_path):
    Path("t").mkdir()
    os.mkfifo("t/pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("t/socket")

        assert passed("t") == {"t/pipe": "special", "t/socket": "special"}


def test_a_folder_that_may_not_be_listed_is_told():
    make("t/a.html", "t/closed/b.html")
    Path("t/closed").chmod(0)

    with without_rights():
        assert passed("t") == {"t/closed": "not-allowed"}


def test_a_folder_that_vanishes_is_told_and_the_walk_goes_on():
    make("t/a/b.html", "t/c.html")
    items = walk("t")
    first = next(items)
    Path("t/b").mkdir()

    assert isinstance(first, Found)
    assert [item.source for item in items] == ["t/c.html"]


def test_a_folder_that_is_gone_before_its_turn_is_told(monkeypatch):
    make("t/a.html", "t/gone/b.html", "t/z.html")
    items = walk("t")
    next(items)
    Path("t/gone/b.html").unlink()
    Path("t/gone").rmdir()

    assert [getattr(item, "reason", "found") for item in items] == ["vanished", "found"]


def test_a_name_that_is_no_text_is_shown_with_escapes_and_can_be_opened():
    Path("t").mkdir()
    Path(os.fsdecode(b"t/caf\xe9.html")).write_text("x")
    (item,) = walk("t")

    assert item.source == r"t/caf\xe9.html"
    assert Path(item.path).exists()


def test_what_git_ignores_is_passed_over_inside_a_repository_only():
    # The tests' own folder may lie inside a checkout, so this one is made elsewhere.
    with tempfile.TemporaryDirectory(dir="/tmp") as elsewhere, contextlib.chdir(elsewhere):
        make("t/.git/config", "t/a.csv", "t/sub/b.csv", "u/a.csv")
        for folder in ("t", "u"):
            Path(f"{folder}/.gitignore").write_text("*.csv\n")

        assert Counter(passed("t").values()) == {"ignored": 2, "hidden": 2}
        assert found("u") == ["u/a.csv"]


def test_the_ignore_files_above_the_target_count():
    make("t/.git/config", "t/sub/data/a.csv", "t/sub/a.html")
    Path("t/.gitignore").write_text("/sub/data/\n")

    assert found("t/sub") == ["t/sub/a.html"]
    assert found("t/sub/data") == ["t/sub/data/a.csv"]


def test_a_repository_inside_another_folder_has_its_own_rules():
    make("t/one/.git/config", "t/one/a.csv", "t/two/a.csv")
    Path("t/one/.gitignore").write_text("*.csv\n")

    assert found("t") == ["t/two/a.csv"]


def test_a_pattern_means_its_matches_in_order():
    make("t/b.html", "t/a.html", "t/c.txt")

    assert expand_target("t/*.html") == ("t/a.html", "t/b.html")


@pytest.mark.parametrize(
    "target",
    ["", "missing", "t/*.pdf", "https://city.example/form", "file:///t/form.html", "t/pipe", "t/broken"],
)
def test_a_target_that_cannot_be_looked_at_is_refused(target):
    Path("t").mkdir()
    os.mkfifo("t/pipe")
    Path("t/broken").symlink_to("nowhere")

    with pytest.raises(TargetMissingError):
        expand_target(target)


def test_a_url_is_shown_without_who_signs_in():
    (item,) = walk("postgresql://ana:canary-7391@db/housing")

    assert item.source == "postgresql://db/housing"
    assert "canary" not in repr(item)


def test_a_url_that_cannot_be_taken_apart_is_refused_without_repeating_it():
    with pytest.raises(BadUrlError) as told:
        expand_target("postgresql://ana:canary-7391@db:port/housing")

    assert "canary" not in str(told.value)


def test_names_are_made_plain():
    assert [name_source(path) for path in (".", "./", "/", "a//b/./c/", "././a")] == [
        ".",
        ".",
        "/",
        "a/b/c",
        "a",
    ]
