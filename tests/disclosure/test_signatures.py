"""Counsel's signature over a pack: whose it is, over what, until when."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from curtilage.disclosure.policy.packs import load_pack
from curtilage.disclosure.policy.signatures import (
    KEYS,
    SIGNATURES,
    OtherPackSignedError,
    SignatureTooLongError,
    list_signed,
    sign_pack,
)
from curtilage.encryption.signing import make_key, read_key
from curtilage.ledger.errors import EvidenceError
from curtilage.ledger.keys import key_of

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY, UNTIL = NOW.date(), date(2027, 5, 1)
NAME = "counsel.smalltown"


@pytest.fixture
def city(tmp_path):
    signer = make_key(tmp_path / "counsel.pem")
    (tmp_path / "policy").mkdir()
    (tmp_path / KEYS).write_text(f"# counsel\n{key_of(NAME, signer).to_vkey()}\n")
    sign_pack(tmp_path, load_pack("or"), NAME, signer, now=NOW, today=NOW.date(), until=UNTIL)
    return tmp_path


def test_what_is_signed_in_the_evening_holds_on_the_citys_own_day(city):
    late = datetime(2026, 11, 24, 4, 30, tzinfo=UTC)  # and still the 23rd west of Greenwich
    sign_pack(city, load_pack("or"), NAME, read_key(city / "counsel.pem"), now=late, today=DAY, until=UNTIL)

    assert list_signed(city, [load_pack("or")], DAY) == ("or",)


def test_a_signed_pack_is_listed_and_another_is_not(city):
    assert list_signed(city, [load_pack("or"), load_pack("wa")], DAY) == ("or",)


@pytest.mark.parametrize(
    ("day", "held"), [(date(2026, 11, 22), ()), (DAY, ("or",)), (date(2027, 4, 30), ("or",)), (UNTIL, ())]
)
def test_a_signature_holds_from_its_day_until_its_end(city, day, held):
    assert list_signed(city, [load_pack("or")], day) == held


def test_without_counsels_key_nothing_is_signed(city):
    (city / KEYS).unlink()

    assert list_signed(city, [load_pack("or")], DAY) == ()


def test_an_empty_list_of_keys_is_no_yes(city):
    (city / KEYS).write_text("\n")

    assert list_signed(city, [load_pack("or")], DAY) == ()


def test_a_pack_that_was_changed_after_it_was_signed_stops_everything(city):
    changed = replace(load_pack("or"), hash="0" * 64)

    with pytest.raises(OtherPackSignedError, match="or is over other rules"):
        list_signed(city, [changed], DAY)


def test_a_signature_under_another_packs_name_stops_everything(city):
    note = city / SIGNATURES / "or.note"
    note.rename(note.with_name("wa.note"))

    with pytest.raises(OtherPackSignedError):
        list_signed(city, [load_pack("wa")], DAY)


def test_a_signature_by_somebody_else_stops_everything(city):
    sign_pack(
        city, load_pack("or"), NAME, make_key(city / "other.pem"), now=NOW, today=NOW.date(), until=UNTIL
    )

    with pytest.raises(EvidenceError, match="none of the keys"):
        list_signed(city, [load_pack("or")], DAY)


def test_one_changed_byte_of_a_signature_stops_everything(city):
    note = city / SIGNATURES / "or.note"
    note.write_bytes(note.read_bytes().replace(b"2027-05-01", b"2029-05-01"))

    with pytest.raises(EvidenceError):
        list_signed(city, [load_pack("or")], DAY)


@pytest.mark.parametrize("until", [DAY, date(2027, 11, 25), date(2027, 9, 2)])
def test_a_signature_ends_within_a_year_and_with_its_pack(city, until):
    signer = make_key(city / "new.pem")

    with pytest.raises(SignatureTooLongError):
        sign_pack(city, load_pack("or"), NAME, signer, now=NOW, today=NOW.date(), until=until)
