import os
import struct

import pytest

from curtilage.connectors.ports import Document, LimitReachedError, Limits, NotInstalledError, UnreadableError
from curtilage.connectors.recognise import open_file, recognise
from curtilage.foundation.place import PassedOver, Place

SMALL = Limits(file_bytes=20_000, places=3)


class Reader:
    extra = ""

    def __init__(self, name, weight, outcome=1):
        self.name, self.weight, self.outcome = name, weight, outcome

    def weigh(self, document):
        if isinstance(self.weight, Exception):
            raise self.weight
        return self.weight

    def read(self, document):
        if isinstance(self.outcome, Exception):
            raise self.outcome
        for number in range(self.outcome):
            yield Place(document.source, f"line:{number + 1}", "question", self.name)


def document(content=b"content", source="t/form.txt"):
    return Document(source, content, SMALL)


def unreadable(what="It does not parse"):
    return UnreadableError(source="t/form.txt", what=what, line=3)


def test_the_surest_reader_reads():
    assert recognise(document(), [Reader("a", 0.4), Reader("b", 0.8)]).reader == "b"


def test_of_two_equally_sure_the_name_decides():
    assert recognise(document(), [Reader("b", 0.8), Reader("a", 0.8)]).reader == "a"


def test_when_the_surest_cannot_the_next_reads():
    readers = [Reader("a", 0.9, unreadable()), Reader("b", 0.5)]

    assert recognise(document(), readers).reader == "b"


def test_a_reader_that_is_hardly_sure_does_not_step_in():
    told = recognise(document(), [Reader("a", 0.9, unreadable()), Reader("b", 0.2)]).passed_over

    assert told == PassedOver("t/form.txt", "unreadable", "It does not parse.", 3)


def test_the_first_readers_words_are_told_when_all_fail():
    readers = [Reader("a", 0.9, unreadable("First")), Reader("b", 0.8, unreadable("Second"))]

    assert recognise(document(), readers).passed_over.detail == "First."


def test_a_guess_that_does_not_hold_is_not_a_broken_form():
    assert recognise(document(), [Reader("a", 0.1, unreadable())]).passed_over.reason == "no-reader"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("Nested more than 100 deep", "too-deep"),
        ("A line is too long", "too-large"),
        ("It took 31 seconds", "too-slow"),
    ],
)
def test_a_bound_ends_the_file_and_nobody_else_tries(what, reason):
    limit = LimitReachedError(source="t/form.txt", what=what)
    told = recognise(document(), [Reader("a", 0.9, limit), Reader("b", 0.8)]).passed_over

    assert (told.reason, told.detail) == (reason, f"{what}.")


def test_more_places_than_may_be_are_refused_whole():
    reading = recognise(document(), [Reader("a", 0.9, 4)])

    assert (reading.places, reading.passed_over.reason) == ((), "too-large")


def test_a_missing_library_is_told_with_its_remedy():
    missing = NotInstalledError(source="t/form.txt", library="pypdf", extra="forms")
    told = recognise(document(), [Reader("a", 0.9, missing)]).passed_over

    assert (told.reason, "pip install 'curtilage[forms]'" in told.detail) == ("not-installed", True)


def test_an_unforeseen_failure_is_told_without_its_message():
    told = recognise(document(), [Reader("a", 0.9, ValueError("canary-7391"))]).passed_over

    assert told.detail == "The reader of a did not expect this (ValueError)."


def test_a_reader_that_cannot_even_weigh_is_left_out():
    assert recognise(document(), [Reader("a", ValueError()), Reader("b", 0.5)]).reader == "b"


@pytest.mark.parametrize(
    ("content", "reason"), [(b"words", "no-reader"), (b"\0\1\2", "binary"), (b"\xff\xfea\0", "no-reader")]
)
def test_what_nobody_reads_is_counted_by_its_kind(content, reason):
    assert recognise(document(content), []).passed_over.reason == reason


@pytest.mark.parametrize("name", ["intake.docx", "intake.xlsx", "intake.pdf", "intake.parquet"])
def test_a_form_that_was_cut_off_is_told_and_not_only_counted(name):
    told = recognise(document(b"PK\3\4 and then nothing", f"t/{name}"), []).passed_over

    assert told.reason == "unreadable"
    assert "damaged, cut off, or locked with a password" in told.detail


def test_the_lock_that_an_office_program_leaves_is_only_counted():
    assert recognise(document(b"\x05clerk", "t/~$intake.docx"), []).passed_over.detail == ""


def test_utf_16_reaches_the_reader_as_utf_8():
    seen = []
    reader = Reader("a", 0.9)
    reader.weigh = lambda document: seen.append(document.content) or 0.9
    recognise(document("¿País?".encode("utf-16")), [reader])

    assert seen == ["¿País?".encode()]


def test_xml_in_utf_16_is_left_because_it_names_its_encoding():
    seen = []
    reader = Reader("a", 0.9)
    reader.weigh = lambda document: seen.append(document.content) or 0.9
    content = '<?xml version="1.0" encoding="UTF-16"?><a/>'.encode("utf-16")
    recognise(document(content), [reader])

    assert seen == [content]


def write(folder, name, content):
    (folder / name).write_bytes(content)
    return str(folder / name)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\x89PNG\r\n", "binary"),
        (b"\x7fELF" + b"x" * 9000, "binary"),
    ],
)
def test_a_file_that_is_no_form_is_not_read(tmp_path, content, reason):
    assert open_file(write(tmp_path, "f", content), "f", SMALL).reason == reason


def test_words_that_begin_like_a_picture_are_words(tmp_path):
    assert (
        open_file(write(tmp_path, "f", b"BMI of the applicant"), "f", SMALL).content
        == b"BMI of the applicant"
    )


def test_of_a_large_table_the_beginning_is_read(tmp_path):
    content = b"name,born\n" + b"a,1990\n" * 400_000
    opened = open_file(write(tmp_path, "people.csv", content), "people.csv", SMALL)

    assert opened.content.startswith(b"name,born\n")
    assert opened.content.endswith(b"\n")
    assert len(opened.content) <= 2**20


def test_of_a_large_parquet_file_the_footer_is_read(tmp_path):
    footer = b"footer" * 10 + struct.pack("<I", 60) + b"PAR1"
    opened = open_file(write(tmp_path, "people", b"PAR1" + b"\1" * 30_000 + footer), "people", SMALL)

    assert opened.content == b"PAR1" + footer


def test_a_file_that_vanished_is_told(tmp_path):
    assert open_file(str(tmp_path / "gone"), "gone", SMALL).reason == "vanished"


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    assert open_file(str(tmp_path / "pipe"), "pipe", SMALL).reason == "special"


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path):
    assert open_file(str(tmp_path), "t", SMALL).reason in {"special", "unreadable"}


def test_a_large_file_is_told_only_when_a_reader_may_want_it(tmp_path):
    path = write(tmp_path, "f", b"x" * 20_001)

    assert open_file(path, "f", SMALL, [Reader("a", 0.9)]).reason == "too-large"
    assert open_file(path, "f", SMALL, [Reader("a", 0.0)]).reason == "no-reader"
