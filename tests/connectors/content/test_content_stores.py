"""Files in stores by their addresses: listed, read from any place, never shown with a signature."""

import functools
import http.server
import io
import os
import threading
import zipfile

import fsspec
import pyarrow as pa
import pytest
from pyarrow import parquet

from curtilage.cli.assembly import list_files, open_content
from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.ports import NoAnswerError
from curtilage.connectors.url import BadStoreUrlError
from curtilage.connectors.walk import Found
from curtilage.foundation.place import PassedOver

TABLE = b"first_name,phone\n" + b"".join(b"n%d,555%05d\n" % (at, at) for at in range(5000))
SIGNED = "?X-Amz-Signature=CANARYSIGNATURE"


@pytest.fixture
def store():
    system = fsspec.filesystem("memory")
    held = io.BytesIO()
    parquet.write_table(pa.table({"name": ["a", "b"]}), held)
    system.pipe(
        {"/city/out/a.csv": TABLE, "/city/out/in/b.parquet": held.getvalue(), "/city/out/.git/c.csv": TABLE}
    )
    yield system
    system.rm("/city", recursive=True)


def read(address):
    content = open_content(address, "", ContentLimits())
    rows = sum(
        batch.num_rows
        for table in content.tables()
        for part in content.parts(table, wanted=3)
        for batch in content.read(part)
    )
    content.close()
    return content.source, rows


def test_a_folder_is_listed_in_order_and_what_is_hidden_passed_over(store):
    listed = list(list_files("memory://city/out"))

    assert [type(each) for each in listed] == [PassedOver, Found, Found]
    assert [each.source for each in listed[1:]] == [
        "memory:///city/out/a.csv",
        "memory:///city/out/in/b.parquet",
    ]
    assert [read(each.path)[1] for each in listed[1:]] == [5000, 2]


def test_a_file_is_listed_as_itself(store):
    assert [each.source for each in list_files("memory://city/out/a.csv")] == ["memory://city/out/a.csv"]


def test_a_version_changes_with_the_file_and_tells_nothing_of_it(store):
    def version():
        content = open_content("memory://city/out/a.csv", "", ContentLimits())
        [table] = content.tables()
        return content.parts(table, wanted=1)[0].version

    first = version()
    store.pipe("/city/out/a.csv", TABLE)

    assert first.startswith(f"{len(TABLE)}-")
    assert version() != first


def test_a_member_of_an_archive_in_a_store_is_read(store, tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("in/a.csv", TABLE)

    assert read(f"zip://in/a.csv::file://{tmp_path}/a.zip")[1] == 5000
    assert [each.source for each in list_files(f"zip://::file://{tmp_path}/a.zip")] == [
        f"zip://in/a.csv::file://{tmp_path}/a.zip"
    ]


def test_a_file_of_this_machine_may_be_named_by_address(tmp_path):
    (tmp_path / "a.csv").write_bytes(TABLE)

    assert read(f"file://{tmp_path}/a.csv") == (f"file://{tmp_path}/a.csv", 5000)


@pytest.mark.parametrize(
    "address", ["s3://key:CANARY@bucket/a.csv", "https://ana:CANARY@files.example/a.csv"]
)
def test_an_address_with_a_password_is_refused_and_not_repeated(address):
    with pytest.raises(BadStoreUrlError) as told:
        open_content(address, "", ContentLimits())

    assert "CANARY" not in str(told.value)


def test_what_is_not_there_is_told(store):
    with pytest.raises(NoAnswerError, match="it is not there"):
        open_content("memory://city/out/none.csv", "", ContentLimits())


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture
def web(tmp_path, socket_enabled):
    handler = functools.partial(_Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_a_file_on_the_web_is_read_and_its_signature_never_shown(web, tmp_path):
    (tmp_path / "a.csv").write_bytes(TABLE)

    assert read(f"{web}/a.csv{SIGNED}") == (f"{web}/a.csv", 5000)


def test_an_answer_of_the_web_that_is_no_file_is_told_without_its_signature(web):
    with pytest.raises(NoAnswerError) as told:
        open_content(f"{web}/none.csv{SIGNED}", "", ContentLimits())

    assert "CANARYSIGNATURE" not in "".join(map(str, (told.value, told.value.__cause__)))
    assert os.sep not in told.value.what
