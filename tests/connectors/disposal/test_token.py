"""Keys in a token are destroyed when their time is over, once, and certified like everything else that goes."""

from datetime import date

import pytest

from curtilage.connectors.disposal.conditions import Compare, OneOf
from curtilage.connectors.disposal.nouns import Delete, DestroyKey, Target
from curtilage.connectors.disposal.ports import LostClaimError, UnfitTargetError
from curtilage.connectors.drivers.dispose_token import TokenDisposer
from curtilage.encryption.tokens import BadTokenUriError, TokenError, open_token, parse_token_uri
from curtilage.encryption.vault import Vault
from curtilage.foundation.guarded import Guarded
from tests.connectors.disposal.worlds import HASHER, Free, take_all
from tests.retention.books import put_hold
from tests.retention.carried import Purge
from tests.retention.declared import holding, series
from tests.tokens import PIN

OLD = Compare("key_day", "<", date(2016, 1, 1))
KEYS = ["backup-2014-12-31", "backup-2015-12-31", "backup-2016-12-31", "backup", "other-2014-12-31"]
WHERE = Target("hsm", "backup-*", OLD, ("key_label",))
DESTROY = DestroyKey("backup-*")


@pytest.fixture
def token(city_token):
    """A token that holds five keys of 256 bits, and whatever other tests left there."""
    key = parse_token_uri(f"pkcs11:token=city?module-path={city_token.module}", whole=True)
    with open_token(key, Guarded(PIN), may_write=True) as session:
        from pkcs11 import KeyType

        for label in KEYS:
            session.generate_key(KeyType.AES, 256, label=label, store=True)
    yield key
    with open_token(key, Guarded(PIN), may_write=True) as session:
        for each in list(session.get_objects()):
            each.destroy()


def disposer(token):
    return TokenDisposer(Vault(token, Guarded(PIN)), "hsm", HASHER)


def labels(token):
    return sorted(key.label for key in Vault(token, Guarded(PIN)).list_keys() if key.label in KEYS)


def test_the_keys_of_a_series_go_whose_day_is_past(token):
    batches = take_all(disposer(token), WHERE, DESTROY, limit=1)

    assert [(batch.number, batch.rows) for batch in batches] == [(1, 1), (2, 1)]
    assert labels(token) == ["backup", "backup-2016-12-31", "other-2014-12-31"]


def test_a_key_that_tells_no_day_is_never_due(token):
    assert disposer(token).count(Target("hsm", "backup", OLD)) == 0
    assert disposer(token).measure(Target("hsm", "*", OLD), [OLD, None], column="key_day").counts[0] == 3


def test_a_key_that_is_held_stays(token):
    take_all(disposer(token), WHERE, DESTROY, guard=Free(OneOf("key_label", (KEYS[0],)), table="backup-*"))

    assert KEYS[0] in labels(token)
    assert KEYS[1] not in labels(token)


@pytest.mark.parametrize(
    ("target", "act", "words"),
    [
        (WHERE, Delete(), "keys are destroyed"),
        (WHERE, DestroyKey("other"), "is not the key other"),
        (Target("hsm", "backup-*", Compare("closed_on", "<", date(2016, 1, 1))), DESTROY, "closed_on"),
        (Target("hsm", "backup-*", OLD, ("id",)), DESTROY, "known by its key_label"),
    ],
)
def test_what_a_token_cannot_do_is_refused(token, target, act, words):
    with pytest.raises(UnfitTargetError, match=words):
        disposer(token).check(target, act)


def test_two_keys_of_one_label_are_touched_by_nobody(token):
    with open_token(token, Guarded(PIN), may_write=True) as session:
        from pkcs11 import KeyType

        session.generate_key(KeyType.AES, 256, label="backup", store=True)
    with pytest.raises(TokenError, match="several keys of one label"):
        disposer(token).count(WHERE)


def test_who_was_cut_off_after_the_commit_is_finished_by_the_next_claim(token, monkeypatch):
    class Killed(BaseException):
        pass

    def die(self, gone):
        raise Killed

    first = disposer(token)
    first.claim("line-1")
    with monkeypatch.context() as patch:
        patch.setattr(Vault, "destroy", die)
        with pytest.raises(Killed):
            first.do_batch("line-1", WHERE, DESTROY, limit=9, guard=Free())
    assert len(labels(token)) == 5

    mark = disposer(token).claim("line-1")

    assert ((mark.number, mark.rows), len(labels(token))) == ((1, 2), 3)


def test_what_is_not_permitted_stays_and_is_not_remembered(token):
    def refuse(batch):
        raise RuntimeError("a hold came")

    with pytest.raises(RuntimeError):
        take_all(disposer(token), WHERE, DESTROY, guard=Free(permit=refuse))

    assert (len(labels(token)), disposer(token).claim("line-1").number) == (5, 0)


def test_who_was_taken_over_destroys_nothing_more(token):
    first, second = disposer(token), disposer(token)
    first.claim("line-1")
    second.claim("line-1")

    with pytest.raises(LostClaimError):
        first.do_batch("line-1", WHERE, DESTROY, limit=9, guard=Free())
    assert len(labels(token)) == 5


def test_marks_that_are_over_leave_nothing_in_the_token(token):
    made = disposer(token)
    take_all(made, WHERE, DESTROY)
    made.forget(["line-1"])

    assert Vault(token, Guarded(PIN)).read_note() == {}


class World:
    """The token, as the tests of retention open a system."""

    def __init__(self, token):
        self.token = token

    def open(self):
        return TokenDisposer(Vault(self.token, Guarded(PIN)), "housing", HASHER)


def purge_of(token):
    place = holding(
        within="housing.backup-*",
        trigger="key_day",
        subject=None,
        key=["key_label"],
        dispose="destroy-key",
        key_name="backup-*",
    )
    return Purge(
        World(token), series(minimum="Retain 1 year after case closed, then destroy.", held_in=[place])
    )


def test_a_plan_destroys_them_and_certifies_it(token):
    result = purge_of(token).carry_out()

    (line,) = result.certificate.lines
    assert (line.disposed, line.left, line.method) == (
        2,
        0,
        "key backup-* destroyed, under which they were sealed",
    )
    assert [each.where for each in line.remains][:1] == ["token"]
    assert labels(token) == ["backup", "backup-2016-12-31", "other-2014-12-31"]


def test_a_hold_on_the_series_keeps_them(token):
    purge = purge_of(token)
    put_hold(purge.ledger)

    assert (purge.carry_out().rows, len(labels(token))) == (0, 5)


@pytest.mark.parametrize("uri", ["pkcs11:token=city;object=a?module-path=/x.so", "pkcs11:?module-path=/x.so"])
def test_the_address_of_a_token_names_a_token_and_no_key(uri):
    with pytest.raises(BadTokenUriError):
        parse_token_uri(uri, whole=True)
