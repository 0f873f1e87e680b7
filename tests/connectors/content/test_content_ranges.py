"""Whatever the bytes, and wherever a block ends, a text is read as if it were decoded at one go."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.connectors.content.files import local_file
from curtilage.connectors.content.ranges import TextFile

PIECES = st.sampled_from(
    [b"a", "é".encode(), "漢".encode(), "😀".encode(), b"\xc3", b"\xf0\x9f", b"\x80", b"\xff"]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(PIECES, max_size=12), size=st.integers(4, 9))
def test_what_is_no_utf_8_is_replaced_and_counted_wherever_a_block_ends(tmp_path, pieces, size):
    content = "name,ñandú,ñoño,ñapa,ñame,ñire,ñora\n".encode() * 9 + b"".join(pieces)
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    text = TextFile(local_file(str(path)))
    before = text.replaced

    with text.open(is_valid=True) as file:
        read = b"".join(iter(lambda: file.read(size), b""))

    assert read == content.decode("utf-8", "replace").encode()
    assert text.replaced - before == content.decode("utf-8", "replace").count("\ufffd")
