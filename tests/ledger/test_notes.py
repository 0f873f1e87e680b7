"""Signed notes: who signed what, and everything that is refused."""

import struct
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.ledger.checkpoints import Checkpoint, UnreadableCheckpointError, parse_checkpoint
from curtilage.ledger.keys import BadKeyError, Key, Kind, key_of, parse_vkey
from curtilage.ledger.notes import (
    MOST_SIGNATURES,
    Note,
    UnreadableNoteError,
    UntrustedNoteError,
    add_signatures,
    open_note,
    parse_note,
    sign_note,
    sign_text,
)
from curtilage.ledger.signing import open_checkpoint
from tests.ledger.notaries import KEY, ORIGIN, PEN, ed25519_pen, ml_dsa_pen

AT = datetime(2017, 2, 22, 12, tzinfo=UTC)
HEAD = Checkpoint(ORIGIN, 3, bytes(range(32)))
TEXT = HEAD.to_text()
NOTE = sign_note(TEXT, ORIGIN, [PEN], AT)
WITNESS = key_of("library.example/w1", ed25519_pen(2), as_witness=True)
COSIGNATURE = sign_text(TEXT, "library.example/w1", ed25519_pen(2), AT, as_witness=True)
COSIGNED = add_signatures(NOTE, [COSIGNATURE])


def test_a_note_is_written_as_others_read_it():
    assert NOTE.decode().splitlines()[:4] == [
        "rivermark.example/ledger",
        "3",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "",
    ]
    assert NOTE.decode().splitlines()[4].startswith("— rivermark.example/ledger ")
    assert parse_note(NOTE).to_bytes() == NOTE


def test_a_signature_of_a_trusted_key_opens_the_text():
    text, signed = open_note(NOTE, [KEY])

    assert (text, [each.key for each in signed], signed[0].at) == (TEXT, [KEY], None)


def test_no_keys_means_no():
    with pytest.raises(UntrustedNoteError):
        open_note(NOTE, [])


def test_a_witness_signs_with_the_time():
    head, signed = open_checkpoint(COSIGNED, [KEY, WITNESS])

    assert head == HEAD
    assert [(each.key.name, each.at) for each in signed] == [(ORIGIN, None), ("library.example/w1", AT)]


def test_a_second_line_that_a_quantum_computer_does_not_break_is_checked():
    pen = ml_dsa_pen()
    note = sign_note(TEXT, ORIGIN, [PEN, pen], AT)
    _, signed = open_checkpoint(note, [KEY, key_of(ORIGIN, pen)])

    assert [(each.key.kind, each.at) for each in signed] == [(Kind.ED25519, None), (Kind.ML_DSA_44, AT)]


def test_the_second_line_is_over_the_structure_that_the_specification_draws():
    pen = ml_dsa_pen()
    value = sign_text(TEXT, ORIGIN, pen, AT).value
    origin = bytes([len(ORIGIN)]) + ORIGIN.encode()
    time = struct.pack(">Q", int(AT.timestamp()))
    message = b"subtree/v1\n\0" + origin + time + origin + struct.pack(">QQ", 0, 3) + HEAD.root

    assert value[:8] == time
    pen.private.public_key().verify(value[8:], message)


@pytest.mark.parametrize("key", [KEY, WITNESS, key_of(ORIGIN, ml_dsa_pen())])
def test_a_key_is_handed_on_in_one_line(key):
    assert parse_vkey(key.to_vkey()) == key


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("", "three parts"),
        ("a+b", "three parts"),
        ("a+00000000+", "kind"),
        ("a+00000000+%%%%", "kind"),
        ("a+00000000+Aw==", "kind"),
        ("a+00000000+AQ==", "32 bytes"),
        (KEY.to_vkey().replace("rivermark", "rivermarc"), "id is not"),
        (KEY.to_vkey().replace("rivermark", "river mark"), "no space"),
    ],
)
def test_a_line_that_is_no_key_says_why(line, what):
    with pytest.raises(BadKeyError, match=what):
        parse_vkey(line)


def test_a_line_of_an_unknown_key_is_passed_over():
    text, signed = open_note(COSIGNED, [KEY])

    assert (text, len(signed)) == (TEXT, 1)


def test_a_signature_of_a_known_key_that_does_not_hold_refuses_the_note():
    note = parse_note(COSIGNED)
    other = Note(note.text.replace("\n3\n", "\n4\n"), note.signatures)

    with pytest.raises(UntrustedNoteError, match="another text"):
        open_note(other.to_bytes(), [KEY])


def test_every_key_that_a_reader_names_must_have_signed():
    with pytest.raises(UntrustedNoteError, match=r"library.example/w1 is missing"):
        open_checkpoint(NOTE, [KEY, WITNESS])


def test_a_witness_alone_is_not_the_ledger():
    with pytest.raises(UntrustedNoteError, match="ledger's own"):
        open_checkpoint(COSIGNED, [WITNESS])


def test_another_ledger_with_a_key_of_its_own_is_not_this_one():
    stranger = key_of("elsewhere.example/ledger", PEN)
    note = sign_note(TEXT, "elsewhere.example/ledger", [PEN], AT)

    with pytest.raises(UntrustedNoteError, match="ledger's own"):
        open_checkpoint(note, [stranger])


@given(st.data())
def test_no_byte_of_a_signed_note_can_be_changed(data):
    raw = bytearray(COSIGNED)
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255).filter(lambda each: each != raw[at]))

    with pytest.raises((UnreadableNoteError, UntrustedNoteError)):
        open_checkpoint(bytes(raw), [KEY, WITNESS])


@pytest.mark.parametrize(
    ("raw", "what"),
    [
        (b"", "blank line"),
        (b"text\n", "blank line"),
        (b"text\n\n", "blank line"),
        (b"\n\n\xe2\x80\x94 a AAAAAAA=\n", "blank line"),
        (NOTE.rstrip(b"\n"), "blank line"),
        (NOTE + b"\xe2\x80\x94 a\n", "dash, name"),
        (NOTE + b"- a AAAAAAA=\n", "dash, name"),
        (NOTE + b"\xe2\x80\x94 a+b AAAAAAA=\n", "dash, name"),
        (NOTE + b"\xe2\x80\x94 a  AAAAAAA=\n", "dash, name"),
        (NOTE + b"\xe2\x80\x94 a !!!!\n", "base64"),
        (NOTE + b"\xe2\x80\x94 a AAAA\n", "cut off"),
        (NOTE + b"\xe2\x80\x94 a AAAAAAB=\n", "another way"),
        (NOTE.replace(b"3", b"\t"), "control character"),
        (b"\xff" + NOTE, "UTF-8"),
        (b"a" * 300_000, "longer"),
        (NOTE + b"\xe2\x80\x94 a AAAAAAA=\n" * MOST_SIGNATURES, "more than"),
    ],
)
def test_bytes_that_are_no_note_say_why(raw, what):
    with pytest.raises(UnreadableNoteError, match=what):
        parse_note(raw)


def test_a_signature_of_another_length_is_refused():
    line = COSIGNATURE
    short = add_signatures(NOTE, [type(line)(line.name, line.key_id, line.value[:-1])])

    with pytest.raises(UntrustedNoteError, match="length"):
        open_note(short, [WITNESS])


def test_a_signature_with_a_time_beyond_calendars_is_refused():
    line = COSIGNATURE
    far = add_signatures(NOTE, [type(line)(line.name, line.key_id, b"\xff" * 8 + line.value[8:])])

    with pytest.raises(UntrustedNoteError, match="no calendar"):
        open_note(far, [WITNESS])


def test_a_newer_cosignature_takes_the_place_of_the_old_one():
    later = sign_text(TEXT, "library.example/w1", ed25519_pen(2), AT.replace(hour=13), as_witness=True)
    note = add_signatures(COSIGNED, [later])

    assert len(parse_note(note).signatures) == 2
    assert [each.at.hour for each in open_note(note, [WITNESS])[1]] == [13]


def test_a_note_without_a_signer_is_none():
    with pytest.raises(ValueError, match="signature"):
        sign_note(TEXT, ORIGIN, [], AT)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\nb", "x" * 256, "é" * 128])
def test_a_name_that_would_break_a_line_is_refused(name):
    with pytest.raises(BadKeyError):
        Key(name, Kind.ED25519, bytes(32))


@given(st.integers(0, 2**53 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_is_read_as_it_was_written(size, root):
    head = Checkpoint(ORIGIN, size, root)

    assert parse_checkpoint(head.to_text()) == head


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\n1\n",
        TEXT.removesuffix("\n"),
        TEXT.replace("\n3\n", "\n03\n"),
        TEXT.replace("\n3\n", "\n-3\n"),
        TEXT.replace("\n3\n", "\n99999999999999999999\n"),
        TEXT.replace("\n3\n", "\n9007199254740992\n"),
        TEXT.replace("\n3\n", "\n\n"),
        TEXT.replace("Hh8=", "Hh8"),
        TEXT.replace("Hh8=", "Hh9="),
        TEXT.replace("AAEC", "AA=="),
        TEXT.replace("AAEC", ""),
        "\n3\n" + TEXT.splitlines()[2] + "\n",
    ],
)
def test_a_text_that_is_no_checkpoint_is_refused(text):
    with pytest.raises(UnreadableCheckpointError):
        parse_checkpoint(text)
