"""What goes to the archives arrives whole, in a form that archives take."""

import hashlib
import zipfile
from datetime import date

import pytest

from curtilage.connectors.drivers.archive_folder import ArchiveFailedError, FolderArchive

ROWS = [
    (
        "requests",
        ("id", "name", "day", "photo"),
        [(1, 'Ann "A"', date(2015, 1, 3), b"\x01"), (2, None, None, b"")],
    )
]
DOCUMENTS = [("", ("file_path", "content"), [("case-1/a.pdf", b"one"), ("case-2/a.pdf", b"two")])]


def only(folder):
    (found,) = folder.iterdir()
    return found


def test_a_bag_holds_the_rows_as_csv(tmp_path):
    FolderArchive(tmp_path / "attic").take("hsg@db.requests", 1, ROWS)
    text = (only(tmp_path / "attic") / "data/requests.csv").read_bytes().decode()

    assert text == '"id","name","day","photo"\r\n1,"Ann ""A""",2015-01-03,AQ==\r\n2,,,\r\n'


def test_a_bag_tells_the_hash_of_every_file(tmp_path):
    FolderArchive(tmp_path / "attic").take("item", 1, DOCUMENTS)
    bag = only(tmp_path / "attic")

    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in (bag / name).read_text().splitlines():
            digest, _, path = line.partition("  ")
            assert hashlib.sha256((bag / path).read_bytes()).hexdigest() == digest
    assert "Payload-Oxum: 6.2" in (bag / "bag-info.txt").read_text()
    assert (bag / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")


def test_documents_keep_their_paths(tmp_path):
    FolderArchive(tmp_path / "attic").take("item", 1, DOCUMENTS)

    assert (only(tmp_path / "attic") / "data/documents/case-2/a.pdf").read_bytes() == b"two"


@pytest.mark.parametrize("name", ["attic", "attic.zip"])
def test_the_same_batch_again_takes_the_place_of_the_first(tmp_path, name):
    archive = FolderArchive(tmp_path / name)
    archive.take("item", 1, ROWS)
    archive.take("item", 1, DOCUMENTS)
    archive.take("item", 2, ROWS)

    assert len(list((tmp_path / "attic").iterdir())) == 2


def test_a_bag_may_be_one_zip_file(tmp_path):
    FolderArchive(tmp_path / "attic.zip").take("item", 1, DOCUMENTS)

    with zipfile.ZipFile(only(tmp_path / "attic")) as archive:
        names = [name.partition("/")[2] for name in archive.namelist()]
    assert {"data/documents/case-1/a.pdf", "manifest-sha256.txt", "bagit.txt"} <= set(names)


def test_only_the_owner_may_read_it(tmp_path):
    FolderArchive(tmp_path / "attic").take("item", 1, ROWS)

    assert (only(tmp_path / "attic") / "data/requests.csv").stat().st_mode & 0o077 == 0


def test_what_cannot_be_written_says_so(tmp_path):
    (tmp_path / "attic").write_text("a file")

    with pytest.raises(ArchiveFailedError, match="Nothing of this batch was deleted"):
        FolderArchive(tmp_path / "attic").take("item", 1, ROWS)
