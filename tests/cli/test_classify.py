"""Lines as other programs and other systems write them, into ``curtilage classify``."""

import json

from curtilage.cli.detection import _LONGEST
from tests.cli.running import run

FIELD = b'{"id": 1, "name": "ssn"}\n'


def test_a_line_that_cannot_be_read_is_told_by_its_number_in_the_file():
    ran = run("classify", given=FIELD + b"\n\n{\n" + FIELD)

    assert b"line 4: is not JSON." in ran.stderr
    assert b"1 of 3 lines could not be read" in ran.stderr
    assert (ran.returncode, len(ran.stdout.splitlines())) == (2, 2)


def test_a_mark_of_windows_before_the_first_line_is_passed_over():
    ran = run("classify", given=b"\xef\xbb\xbf" + FIELD.replace(b"\n", b"\r\n"))

    assert (ran.returncode, json.loads(ran.stdout)["categories"][0]["category"]) == (0, "ssn")


def test_another_encoding_is_named():
    ran = run("classify", given=FIELD.decode().encode("utf-16"))

    assert (ran.returncode, ran.stdout) == (2, b"")
    assert ran.stderr.startswith(b"The input is UTF-16. Nothing was answered. Save it as UTF-8")


def test_a_line_without_end_is_one_line_that_cannot_be_read():
    ran = run("classify", given=b'{"name": "' + b"x" * (2 * _LONGEST + 5) + b'"}\n' + FIELD)

    assert b"1 of 2 lines could not be read" in ran.stderr
    assert json.loads(ran.stdout)["id"] == 1
