"""A paper: what can be taken, how it is sealed, and what of it was not read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curtilage.disclosure.intake.hints import read_hints
from curtilage.disclosure.intake.paper import (
    MEDIA,
    MOST_BYTES,
    PDF,
    TEXT,
    NotAPaperError,
    Paper,
    check_paper,
    pack_paper,
    read_content,
    unpack_paper,
)
from curtilage.disclosure.intake.rulebook import load_rules
from curtilage.foundation.guarded import Guarded
from tests.disclosure.casework import TODAY


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"", "it is empty"),
        (b" \n\t ", "it is empty"),
        (b"\x7fELF\0\0\0", "neither PDF"),
        (b"x" * (MOST_BYTES + 1), "more than 20 MiB"),
    ],
)
def test_what_is_no_paper_is_refused_with_what_to_do(raw, says):
    with pytest.raises(NotAPaperError, match=says):
        check_paper(raw)


@settings(max_examples=50)
@given(st.binary(min_size=1, max_size=2000), st.sampled_from(sorted(MEDIA)))
def test_a_paper_comes_out_of_its_seal_as_it_went_in(raw, media):
    assert unpack_paper(pack_paper(raw, media)) == (raw, media)


@pytest.mark.parametrize(
    "sealed", ["", "{}", '{"bytes": "!", "media": "x"}', "[1]", '{"bytes": 1, "media": 2}']
)
def test_what_was_sealed_by_something_else_is_no_paper(sealed):
    with pytest.raises(NotAPaperError, match="not sealed as one"):
        unpack_paper(Guarded(sealed))


def test_a_media_type_that_is_not_known_is_taken_for_text():
    assert unpack_paper(pack_paper(b"words", "application/x-evil"))[1] == TEXT


def test_a_sealed_paper_does_not_print_itself():
    assert "Canary" not in f"{pack_paper(b'Canary', TEXT)} {Paper(TEXT, (Guarded('Canary'),))!r}"


@pytest.mark.parametrize("told", ["no-text", "not-installed", "unreadable", "too-slow", "attached"])
def test_what_could_not_be_read_is_told_to_a_person(told):
    looks = {look.id for look in read_hints(Paper(PDF, (), (told,)), today=TODAY).looks}

    assert "no-text" in looks
    assert len(looks) == 2


def test_every_trouble_has_its_alert():
    known = {alert.id for alert in load_rules().alerts if alert.built_in}
    told = ("no-text", "not-installed", "unreadable", "too-slow", "attached", "cut")

    assert set(Paper(PDF, (), told).troubles()) <= known


def test_a_table_is_no_paper():
    from curtilage.cli.assembly import content_readers
    from curtilage.connectors.content.archive import open_stored
    from curtilage.connectors.content.held import HeldFile
    from curtilage.connectors.content.ports import ContentLimits

    table = open_stored(HeldFile("a.csv", b"name,street\nx,y\n"), ContentLimits(), content_readers())
    with pytest.raises(NotAPaperError, match="a table or several files"):
        read_content(table, TEXT)
    table.close()
