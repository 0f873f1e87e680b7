"""What tests of proofs share: keys that sign, ledgers that hold something, copies that were changed."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric import ed25519, mldsa

from curtilage.ledger.keys import key_of
from curtilage.ledger.opening import open_ledger
from curtilage.ledger.signing import sign_now
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, PlainSealer, event

ORIGIN = "rivermark.example/ledger"
NOON = datetime(2017, 2, 22, 12, tzinfo=UTC)


class Pen:
    """A key that signs, in memory."""

    def __init__(self, private, algorithm):
        self.private, self.algorithm = private, algorithm

    @property
    def public_key(self):
        return self.private.public_key().public_bytes_raw()

    def sign(self, message):
        return self.private.sign(message)


def ed25519_pen(seed=1):
    return Pen(ed25519.Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32), "ed25519")


def ml_dsa_pen(seed=1):
    return Pen(mldsa.MLDSA44PrivateKey.from_seed_bytes(bytes([seed]) * 32), "ml-dsa-44")


PEN = ed25519_pen()
KEY = key_of(ORIGIN, PEN)


def memory_ledger(count=0, clock=None):
    ledger = open_ledger("memory:", clock=clock or StoppedClock(), sealer=PlainSealer())
    grow(ledger, count)
    return ledger


def grow(ledger, count):
    """Add entries to three streams in turn."""
    versions = {f"retention/{name}": len(ledger.read(f"retention/{name}")) for name in "abc"}
    for start in range(ledger.count(), ledger.count() + count):
        stream = f"retention/{'abc'[start % 3]}"
        ledger.append(stream, versions[stream], [event(start)], by=CLERK)
        versions[stream] += 1


def sign(ledger, pens=(PEN,), at=NOON):
    return sign_now(ledger.store, origin=ORIGIN, signers=pens, at=at)
