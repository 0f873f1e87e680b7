"""Files in a store are looked into by their address, as files of this machine are."""

import json
import zipfile

import pytest

from tests.cli.running import run

NUMBER = "A012-345-678"


@pytest.fixture
def store(tmp_path):
    path = tmp_path / "exports.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/people.csv", f"phone,n\n{NUMBER},1\n")
        archive.writestr("a/notes.jsonl", '{"memo": "she is undocumented"}\n')
        archive.writestr("a/.hidden.csv", f"phone,n\n{NUMBER},1\n")
        archive.writestr("a/readme.py", "x = 1\n")
    return f"zip://a::{path}"


def test_every_file_of_a_store_is_looked_into(store):
    done = run("scan", store, "--format", "jsonl")
    found = {
        (row["source"].partition("::")[0], row["name"]): row
        for row in map(json.loads, done.stdout.splitlines())
    }
    assert done.returncode == 1
    assert found["zip://a/people.csv", "phone"]["values_matched"] == {"alien_number": 1}
    assert "immigration_status" in found["zip://a/notes.jsonl", "memo"]["values_matched"]
    assert not [source for source, _ in found if "hidden" in source or "readme" in source]
    assert NUMBER.encode() not in done.stdout + done.stderr


def test_a_name_of_a_column_in_a_store_counts_too(store):
    done = run("scan", store, "--format", "jsonl")
    (phone,) = (row for row in map(json.loads, done.stdout.splitlines()) if row["name"] == "phone")
    assert "name:phone" in phone["categories"][0]["reasons"] + phone["categories"][1]["reasons"]


def test_a_store_that_is_not_there_is_told(tmp_path):
    done = run("scan", f"zip://a::{tmp_path}/gone.zip")
    assert done.returncode == 2
    assert b"Nothing could be read" in done.stderr


def test_names_alone_are_not_read_in_a_store(store):
    done = run("scan", store, "--names-only")
    assert (done.returncode, done.stdout) == (2, b"")


def test_pages_of_the_web_are_not_fetched():
    assert b"not fetched" in run("scan", "https://city.example/apply").stderr
