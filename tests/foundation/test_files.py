import fcntl
import os
import stat

import pytest

from curtilage.foundation.files import NotWrittenError, one_at_a_time, write_atomically


def test_a_file_is_replaced_whole(tmp_path):
    path = tmp_path / "triage.yml"
    path.write_bytes(b"before, and longer")
    write_atomically(path, b"after")

    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_replaced_keeps_its_rights(tmp_path):
    path = tmp_path / "triage.yml"
    path.write_bytes(b"")
    path.chmod(0o640)
    write_atomically(path, b"after")

    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_rights_that_the_user_gives_new_files(tmp_path):
    before = os.umask(0o027)
    try:
        write_atomically(tmp_path / "new.yml", b"")
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "new.yml").stat().st_mode) == 0o640


def test_what_cannot_be_written_says_what_is_untouched(tmp_path):
    with pytest.raises(NotWrittenError, match="What stood there before is untouched"):
        write_atomically(tmp_path / "missing" / "file.yml", b"")


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "folder"
    target.mkdir()
    (target / "inside").write_bytes(b"kept")
    with pytest.raises(NotWrittenError):
        write_atomically(target, b"a file cannot take the place of a folder")

    assert (target / "inside").read_bytes() == b"kept"
    assert list(tmp_path.iterdir()) == [target]


def test_a_link_stays_and_what_it_points_to_is_replaced(tmp_path):
    (tmp_path / "real.yml").write_bytes(b"before")
    (tmp_path / "link.yml").symlink_to("real.yml")
    write_atomically(tmp_path / "link.yml", b"after")

    assert (tmp_path / "link.yml").is_symlink()
    assert (tmp_path / "real.yml").read_bytes() == b"after"


def test_a_pipe_is_written_into_and_never_replaced(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    write_atomically(tmp_path / "pipe", b"result")

    assert os.read(reader, 100) == b"result"
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)
    os.close(reader)


def test_a_folder_is_changed_by_one_run_at_a_time(tmp_path):
    with one_at_a_time(tmp_path):
        handle = os.open(tmp_path, os.O_RDONLY)
        with pytest.raises(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.close(handle)

    assert list(tmp_path.iterdir()) == []
