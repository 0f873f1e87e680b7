import gzip
import io
import zipfile

import pytest

from curtilage.connectors.packed import is_packed, unpack
from curtilage.connectors.ports import Document, LimitReachedError, Limits, UnreadableError
from curtilage.foundation.place import PassedOver


def zipped(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return Document("t/forms.zip", held.getvalue(), Limits(file_bytes=100_000, expanded_bytes=10_000_000))


def names(document):
    return [(item.source, getattr(item, "reason", "")) for item in unpack(document)]


def test_a_zip_gives_its_files_by_name():
    document = zipped(b="B", a__c="C")

    assert is_packed(document)
    assert [(item.source, item.content) for item in unpack(document)] == [
        ("t/forms.zip!a/c", b"C"),
        ("t/forms.zip!b", b"B"),
    ]


def test_what_would_be_passed_over_in_a_folder_is_passed_over_here():
    document = zipped(**{"node_modules__x": "x", ".env": "x", "empty": "", "app.min.js": "x"})

    assert names(document) == [
        ("t/forms.zip!.env", "hidden"),
        ("t/forms.zip!app.min.js", "generated"),
        ("t/forms.zip!empty", "empty"),
        ("t/forms.zip!node_modules/x", "vendored"),
    ]


def test_a_member_that_is_too_large_is_told_and_the_others_are_given():
    document = zipped(large=bytes(range(256)) * 500, small="x")

    assert names(document) == [("t/forms.zip!large", "too-large"), ("t/forms.zip!small", "")]


def test_a_zip_bomb_ends_in_a_limit():
    with pytest.raises(LimitReachedError):
        list(unpack(zipped(bomb=b"\0" * 20_000_000)))


def test_gzip_gives_the_one_file_under_its_name():
    document = Document("t/dump.sql.gz", gzip.compress(b"CREATE TABLE t (a int);"), Limits())

    assert is_packed(document)
    assert list(unpack(document)) == [Document("t/dump.sql", b"CREATE TABLE t (a int);", Limits())]


def test_a_gzip_bomb_ends_in_a_limit():
    document = Document("t/dump.sql.gz", gzip.compress(b"\0" * 10_000_000), Limits(file_bytes=1_000_000))

    with pytest.raises(LimitReachedError):
        list(unpack(document))


def test_a_damaged_file_is_told():
    document = Document("t/dump.sql.gz", b"\x1f\x8b\x08" + b"x" * 50, Limits())

    with pytest.raises(UnreadableError):
        list(unpack(document))


def test_a_file_that_was_cut_off_is_told_and_not_kept_in_part():
    content = gzip.compress(b"CREATE TABLE t (a int, b int);" * 100)

    with pytest.raises(UnreadableError):
        list(unpack(Document("t/dump.sql.gz", content[:-12], Limits())))


def test_a_file_packed_in_several_parts_is_read_to_its_end():
    parts = gzip.compress(b"CREATE TABLE t ") + gzip.compress(b"(a int);") + b"\0" * 512

    assert [item.content for item in unpack(Document("t/dump.sql.gz", parts, Limits()))] == [
        b"CREATE TABLE t (a int);"
    ]


def test_several_parts_share_one_limit():
    document = Document("t/dump.sql.gz", gzip.compress(b"\0" * 600) * 2, Limits(file_bytes=1000))

    with pytest.raises(LimitReachedError):
        list(unpack(document))


@pytest.mark.parametrize(
    ("name", "content"), [("a.docx", b"PK\3\4"), ("a.zip", b"words"), ("a.gz", b"words")]
)
def test_only_what_is_named_and_made_so_is_unpacked(name, content):
    assert not is_packed(Document(name, content, Limits()))


def test_links_out_of_an_archive_lead_nowhere():
    document = zipped(**{"..__..__etc__passwd": "words"})

    assert [item.source for item in unpack(document) if isinstance(item, PassedOver)] == [
        "t/forms.zip!../../etc/passwd"
    ]
