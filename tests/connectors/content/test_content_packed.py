"""What is packed is read as what it is, against a bound, and as far as it is whole."""

import bz2
import gzip
import lzma
import zipfile

import pyarrow as pa
import pytest

from curtilage.connectors.ports import LimitReachedError, UnreadableError

TABLE = ("first_name,phone\n" + "".join(f"n{at},555{at:05}\n" for at in range(20_000))).encode()


def zst(content):
    held = pa.BufferOutputStream()
    with pa.CompressedOutputStream(held, "zstd") as file:
        file.write(content)
    return held.getvalue().to_pybytes()


PACKERS = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lambda content: lzma.compress(content, preset=1),
    "zst": zst,
}


@pytest.mark.parametrize("codec", PACKERS)
def test_a_packed_table_is_read_as_a_plain_one(put, codec):
    opened = put(f"a.csv.{codec}", PACKERS[codec](TABLE))

    assert opened.content.source == "a.csv"
    assert opened.cells("first_name") == [f"n{at}" for at in range(20_000)]
    assert opened.reasons == []


@pytest.mark.parametrize("codec", PACKERS)
def test_of_an_archive_that_is_cut_off_the_beginning_is_read(put, codec):
    body = TABLE + b"".join(b"x%d,%d\n" % (at * 7919 % 99991, at) for at in range(60_000))
    opened = put(f"a.csv.{codec}", PACKERS[codec](body)[:-1000])

    assert opened.rows() > 20_000
    assert "unreadable" in opened.reasons


def test_several_streams_one_after_the_other_are_one_file(put):
    half = TABLE.index(b"\n", len(TABLE) // 2) + 1
    opened = put("a.csv.gz", gzip.compress(TABLE[:half]) + gzip.compress(TABLE[half:]) + b"\0" * 100)

    assert opened.rows() == 20_000


def test_a_bomb_ends_in_a_clear_line(put):
    opened = put("a.log.gz", gzip.compress(b"\n".join([b"x" * 1000] * 20_000)), stream_bytes=2**20)

    with pytest.raises(LimitReachedError, match="unpacks to more than 1,048,576 bytes"):
        opened.rows()


def archive(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name.replace("__", "/").replace("_", "."), content)
    return path


def test_members_of_an_archive_are_tables(tmp_path, opened):
    file = opened(
        archive(
            tmp_path / "all.zip",
            in__a_csv=TABLE,
            b_jsonl=b'{"n": 1}\n',
            c_txt=b"Hello there\n",
            _git__d_csv=TABLE,
            e_zip=b"PK",
        )
    )

    assert list(file.tables) == ["b.jsonl", "c.txt", "in/a.csv"]
    assert file.cells("first_name", "in/a.csv")[-1] == "n19999"
    assert file.cells("text", "c.txt") == ["Hello there"]
    assert {told.source for told in file.content.told()} == {"all.zip!.git/d.csv", "all.zip!e.zip"}


def test_a_part_of_an_archive_names_the_archive_and_the_member(tmp_path, opened):
    file = opened(archive(tmp_path / "all.zip", a_csv=TABLE))
    [part] = file.content.parts(file.tables["a.csv"], wanted=8)

    assert (part.source, part.table, part.key) == ("all.zip", "a.csv", "all")
    assert file.content.sample(file.tables["a.csv"], rows=10).num_rows == 10
    assert file.content.extremes(file.tables["a.csv"], "phone") == (None, None)


def test_a_damaged_member_costs_itself(tmp_path, opened):
    path = archive(tmp_path / "all.zip", a_csv=TABLE, b_txt=b"still here\n")
    content = bytearray(path.read_bytes())
    content[200:20_000] = b"\xff" * 19_800
    path.write_bytes(content)
    file = opened(path)

    assert file.cells("text", "b.txt") == ["still here"]
    assert "unreadable" in {
        told.reason for table in list(file.tables) if file.rows(table) >= 0 for told in file.content.told()
    } | set(file.reasons)


def test_a_member_that_is_locked_is_told(tmp_path, opened):
    path = archive(tmp_path / "all.zip", a_csv=TABLE)
    content = path.read_bytes()
    at = content.index(b"PK\x01\x02")
    locked = content[:6] + b"\x01" + content[7 : at + 8] + b"\x01" + content[at + 9 :]
    path.write_bytes(locked)
    file = opened(path)

    assert file.tables == {}
    assert ("unreadable", "It is damaged or locked with a password.") in file.told or file.reasons == [
        "unreadable"
    ]


@pytest.mark.parametrize("content", [b"PK\x03\x04 not one", b"PK\x03\x04" + b"\0" * 5000])
def test_a_damaged_archive_is_told(put, content):
    with pytest.raises(UnreadableError, match="Its archive is damaged"):
        put("all.zip", content)


def test_an_archive_of_too_many_members_is_refused(tmp_path, opened):
    members = {f"m{at}_txt": b"x" for at in range(60)}

    with pytest.raises(LimitReachedError, match="more than 10 members"):
        opened(archive(tmp_path / "all.zip", **members), tables=10)
