"""The city's key is changed at the command line, in a file and into a token; what was sealed still opens."""

import json

import pytest

from curtilage.cli.keeping import open_keeping
from curtilage.encryption.envelope import key_of
from curtilage.foundation.clock import SystemClock
from curtilage.foundation.guarded import Guarded
from curtilage.ledger.nouns import Body, Event
from curtilage.ledger.verify import verify_store
from tests.cli.running import run
from tests.ledger.ledgers import CLERK
from tests.tokens import PIN


@pytest.fixture
def city(tmp_path):
    """A city with two sealed bodies."""
    folder = tmp_path / "rivermark"
    assert run("init", folder, "--name", "Rivermark").returncode == 0
    with keep(folder) as keeping:
        bodies = [{"who": Body(Guarded(name), "hsg-014")} for name in ("Ana", "Ben")]
        keeping.ledger.append(
            "retention/notes", 0, [Event("retention.noted", {}, each) for each in bodies], by=CLERK
        )
        assert keeping.subject_key
    return folder


def keep(folder):
    return open_keeping(folder, clock=SystemClock())


def rotate(folder, *words, status=0, **environment):
    done = run(
        "encryption", "rotate", "--as", "privacy", "--city", folder, "--format", "json", *words, **environment
    )
    assert done.returncode == status, done.stderr.decode()
    return json.loads(done.stdout) if status == 0 else done.stderr.decode()


def opened(folder):
    """Return what is sealed, under how many keys, and the key of subjects."""
    with keep(folder) as keeping:
        assert verify_store(keeping.ledger.store).faults == ()
        refs = [entry.bodies[0] for entry in keeping.ledger.read("retention/notes")]
        said = [keeping.ledger.open_body(ref).unsafe_reveal() for ref in refs]
        keys = {key_of(body.sealed).hex() for body in keeping.ledger.store.list_bodies()}
        return said, keys, keeping.subject_key


def test_everything_is_sealed_anew_under_a_new_key(city):
    _, before, subjects = opened(city)
    done = rotate(city)

    assert (done["bodies"], done["retired"]) == (2, 0)
    assert opened(city) == (["Ana", "Ben"], {done["key"]}, subjects)
    assert {done["key"]}.isdisjoint(before)


def test_former_keys_are_retired_on_another_day(city):
    first = rotate(city)
    second = rotate(city, "--retire")

    assert second == {"key": first["key"], "bodies": 0, "retired": 1}
    assert opened(city)[0] == ["Ana", "Ben"]
    assert rotate(city, "--retire")["retired"] == 0


def test_the_ledger_tells_that_it_was_done_and_by_whom(city):
    done = rotate(city)
    with keep(city) as keeping:
        last = keeping.ledger.read("ledger/keys")[-1]

    assert (last.kind, last.actor.id) == ("ledger.bodies-resealed", "privacy")
    assert dict(last.data) == {"id": done["key"], "bodies": 2, "retired": 0}


def test_a_city_moves_into_a_token(city, city_token):
    subjects = opened(city)[2]
    settings = city / "curtilage.toml"
    uri = city_token.uri("rotated", "env:CURTILAGE_PIN")
    settings.write_text(f'{settings.read_text()}\n[encryption]\nkey = "{uri}"\nformer = "curtilage.key"\n')
    done = rotate(city, CURTILAGE_PIN=PIN)
    settings.write_text(settings.read_text().replace('former = "curtilage.key"\n', ""))
    (city / "curtilage.key").unlink()

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CURTILAGE_PIN", PIN)
        assert opened(city) == (["Ana", "Ben"], {done["key"]}, subjects)


def test_while_a_worker_is_under_way_nothing_is_sealed_anew(city):
    with keep(city) as keeping, keeping.ledger.only_one("worker"):
        said = rotate(city, status=3)

    assert "A worker or a plan is under way" in said
    assert len(opened(city)[1]) == 1
