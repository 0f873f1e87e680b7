"""A city's ledger and keys are opened as its settings say."""

import pytest

from curtilage.cli.keeping import KEYS, ForeignKeyError, open_keeping
from curtilage.encryption.keys import BadSealingKeyError
from curtilage.foundation.errors import DeclarationError
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.nouns import Actor, Body, Event
from curtilage.testing.clock import StoppedClock
from tests.tokens import PIN

CLERK = Actor("officer-2", "records-officer")


@pytest.fixture
def city(tmp_path):
    (tmp_path / "curtilage.toml").write_text('name = "Rivermark"\nzone = "America/Chicago"\n')
    return tmp_path


def keep(city):
    return open_keeping(city, clock=StoppedClock())


def note(keeping, text="Ana"):
    event = Event("retention.noted", {}, {"who": Body(Guarded(text), "hsg-014")})
    stream = "retention/notes"
    return keeping.ledger.append(stream, len(keeping.ledger.read(stream)), [event], by=CLERK)[0]


def test_a_ledger_and_its_keys_are_made_when_they_are_first_needed(city):
    with keep(city) as keeping:
        assert not (city / "curtilage.key").exists()
        entry = note(keeping)
        assert keeping.ledger.open_body(entry.bodies[0]) == Guarded("Ana")
    assert (city / "curtilage.key").stat().st_mode & 0o777 == 0o600
    assert (city / "curtilage.db").stat().st_mode & 0o777 == 0o600


def test_what_was_sealed_opens_another_day(city):
    with keep(city) as keeping:
        (ref,) = note(keeping).bodies
    with keep(city) as keeping:
        assert keeping.ledger.open_body(ref) == Guarded("Ana")


def test_a_key_that_was_lost_is_not_quietly_made_anew(city):
    with keep(city) as keeping:
        note(keeping)
    (city / "curtilage.key").unlink()
    with keep(city) as keeping, pytest.raises(BadSealingKeyError, match="safe copy"):
        note(keeping)
    assert not (city / "curtilage.key").exists()


def test_the_key_of_subjects_stays_the_same(city):
    with keep(city) as keeping:
        key = keeping.subject_key
    with keep(city) as keeping:
        assert keeping.subject_key == key
        assert [entry.data["use"] for entry in keeping.ledger.read(KEYS)] == ["sealing", "subjects"]


@pytest.mark.parametrize("loss", ["removed", "replaced"])
def test_a_wrong_key_of_subjects_stops_everything(city, loss):
    with keep(city) as keeping:
        assert keeping.subject_key
        wrapping = keeping._wrapping
    path = city / "curtilage.subjects"
    path.unlink()
    if loss == "replaced":
        from curtilage.encryption.keys import make_subject_key

        make_subject_key(path, wrapping)
    with keep(city) as keeping, pytest.raises((ForeignKeyError, BadSealingKeyError)):
        _ = keeping.subject_key


def test_keys_in_a_token_serve_as_well(city, city_token, monkeypatch):
    monkeypatch.setenv("CITY_PIN", PIN)
    uri = city_token.uri("keeping", "env:CITY_PIN")
    with (city / "curtilage.toml").open("a") as settings:
        settings.write(f'[encryption]\nkey = "{uri}"\n')
    with keep(city) as keeping:
        assert keeping.ledger.open_body(note(keeping).bodies[0]) == Guarded("Ana")
        assert len(keeping.subject_key) == 32


@pytest.mark.postgresql
def test_a_ledger_lies_in_postgresql_where_the_settings_say_so(city, postgresql_server, monkeypatch):
    from tests.ledger.ledgers import make_database

    monkeypatch.setenv("LEDGER_URL", make_database(postgresql_server))
    with (city / "curtilage.toml").open("a") as settings:
        settings.write('[ledger]\naddress = "env:LEDGER_URL"\n')
    with keep(city) as keeping:
        note(keeping)
    assert not (city / "curtilage.db").exists()


def test_an_address_that_is_not_set_is_told(city):
    with (city / "curtilage.toml").open("a") as settings:
        settings.write('[ledger]\naddress = "env:NOT_SET_HERE"\n')
    with pytest.raises(DeclarationError, match="NOT_SET_HERE"):
        keep(city)


def test_a_password_in_the_settings_is_refused(city):
    with (city / "curtilage.toml").open("a") as settings:
        settings.write('[ledger]\naddress = "postgresql://ana:canary@db/city"\n')
    with pytest.raises(DeclarationError) as refused:
        keep(city)
    assert "secret-in-file" in str(refused.value)
    assert "canary" not in str(refused.value)
