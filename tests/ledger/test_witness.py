"""A witness signs what continues what it saw, and nothing else, however the requests come."""

import threading
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from curtilage.foundation.errors import EvidenceError
from curtilage.ledger.notes import add_signatures, parse_line
from curtilage.ledger.signing import open_checkpoint, read_checkpoint
from curtilage.ledger.witness import BadRequestError, Request, Witness, ask, parse_request, read_size
from curtilage.testing.clock import StoppedClock
from tests.ledger.ledgers import CLERK, event
from tests.ledger.notaries import KEY, ORIGIN, PEN, ed25519_pen, grow, memory_ledger, ml_dsa_pen, sign


def make_witness(folder, *, clock=None, signer=None, ledgers=(KEY,)):
    return Witness(
        folder,
        name="library.example/w1",
        signer=signer or ed25519_pen(2),
        ledgers=ledgers,
        clock=clock or StoppedClock(),
    )


def fork_of(ledger, size):
    """A ledger that begins as the other one and goes on differently."""
    other = memory_ledger(size)
    other.append("retention/else", 0, [event(1)], by=CLERK)
    grow(other, max(0, ledger.count() - other.count()))
    return other


def test_the_first_head_is_signed_as_it_is(tmp_path):
    witness, note = make_witness(tmp_path), sign(memory_ledger(5))
    answer = witness.add_checkpoint(Request(0, (), note).to_bytes())

    cosigned = add_signatures(note, [parse_line(answer.body.rstrip())])
    assert answer.status == 200
    assert open_checkpoint(cosigned, [KEY, witness.key])[1][1].at == StoppedClock().now()


@pytest.mark.parametrize("pen", [ed25519_pen(2), ml_dsa_pen(2)])
def test_each_head_that_continues_the_last_one_is_signed(tmp_path, pen):
    witness, ledger = make_witness(tmp_path, signer=pen), memory_ledger()
    old = 0
    for count in (1, 2, 300, 0, 7):
        grow(ledger, count)
        assert witness.add_checkpoint(ask(ledger.store, sign(ledger), old).to_bytes()).status == 200
        old = ledger.count()

    assert make_witness(tmp_path, signer=pen).find_head(ORIGIN).size == 310


def test_whoever_does_not_know_the_last_size_is_told(tmp_path):
    witness, ledger = make_witness(tmp_path), memory_ledger(5)
    witness.add_checkpoint(ask(ledger.store, sign(ledger), 0).to_bytes())
    grow(ledger, 5)
    answer = witness.add_checkpoint(ask(ledger.store, sign(ledger), 0).to_bytes())

    assert (answer.status, read_size(answer.body), answer.content_type) == (409, 5, "text/x.tlog.size")
    assert witness.add_checkpoint(ask(ledger.store, sign(ledger), 5).to_bytes()).status == 200


def test_a_ledger_that_was_rewritten_is_refused_and_the_evidence_kept(tmp_path):
    witness, ledger = make_witness(tmp_path), memory_ledger(8)
    witness.add_checkpoint(ask(ledger.store, sign(ledger), 0).to_bytes())
    other = fork_of(ledger, 3)
    same_size = witness.add_checkpoint(ask(other.store, sign(other), 8).to_bytes())
    grow(other, 4)
    larger = witness.add_checkpoint(ask(other.store, sign(other), 8).to_bytes())

    assert (same_size.status, larger.status) == (409, 422)
    assert [read_checkpoint(path.read_bytes()).size for path in witness.list_evidence()] in ([8, 12], [12, 8])
    assert witness.find_head(ORIGIN).size == 8


def test_a_ledger_that_was_set_back_is_refused(tmp_path):
    witness, ledger = make_witness(tmp_path), memory_ledger(8)
    witness.add_checkpoint(ask(ledger.store, sign(ledger), 0).to_bytes())
    back = memory_ledger(5)

    assert witness.add_checkpoint(ask(back.store, sign(back), 0).to_bytes()).status == 409
    assert witness.add_checkpoint(Request(8, (), sign(back)).to_bytes()).status == 400
    assert witness.find_head(ORIGIN).size == 8


def test_a_stranger_is_refused(tmp_path):
    witness, ledger = make_witness(tmp_path), memory_ledger(5)
    forged = sign(ledger, [ed25519_pen(9)])
    renamed = sign(memory_ledger(5)).replace(ORIGIN.encode(), b"elsewhere.example")

    assert witness.add_checkpoint(Request(0, (), forged).to_bytes()).status == 403
    assert witness.add_checkpoint(Request(0, (), renamed).to_bytes()).status == 404
    assert list(tmp_path.iterdir()) == []


def test_a_proof_for_the_first_head_is_not_of_its_form(tmp_path):
    note = sign(memory_ledger(5))

    assert make_witness(tmp_path).add_checkpoint(Request(0, (bytes(32),), note).to_bytes()).status == 422


NOTE = sign(memory_ledger(5))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n\n",
        b"old 0\n" + NOTE,
        b"old 00\n\n" + NOTE,
        b"old -1\n\n" + NOTE,
        b"old 0\nAAAA\n\n" + NOTE,
        b"old 0\n\xff\n\n" + NOTE,
        b"old 0\n\n" + NOTE[:-1],
        Request(0, (bytes(32),) * 64, NOTE).to_bytes(),
    ],
)
def test_a_request_that_cannot_be_read_is_refused(tmp_path, body):
    assert make_witness(tmp_path).add_checkpoint(body).status == 400


def test_a_request_is_read_as_it_was_written():
    request = Request(5, (bytes(32), bytes(range(32))), NOTE)

    assert parse_request(request.to_bytes()) == request


@pytest.mark.parametrize("body", ["", "5", "x\n", "-5\n", "5\n5\n"])
def test_an_answer_that_is_no_size_is_refused(body):
    with pytest.raises(BadRequestError):
        read_size(body)


def test_a_state_that_was_changed_stops_the_witness(tmp_path):
    witness, ledger = make_witness(tmp_path), memory_ledger(5)
    witness.add_checkpoint(ask(ledger.store, sign(ledger), 0).to_bytes())
    (path,) = tmp_path.glob("*.checkpoint")
    path.write_bytes(path.read_bytes().replace(b"\n5\n", b"\n4\n"))

    with pytest.raises(EvidenceError):
        witness.add_checkpoint(ask(ledger.store, sign(ledger), 5).to_bytes())


def test_of_two_futures_that_ask_at_once_one_is_signed(tmp_path):
    ledger = memory_ledger(5)
    make_witness(tmp_path).add_checkpoint(ask(ledger.store, sign(ledger), 0).to_bytes())
    bodies = []
    for number in range(8):
        other = memory_ledger(5)
        other.append(f"retention/{number}", 0, [event(number)], by=CLERK)
        bodies.append(ask(other.store, sign(other), 5).to_bytes())
    found = []
    threads = [
        threading.Thread(
            target=lambda body=body: found.append(make_witness(tmp_path).add_checkpoint(body).status)
        )
        for body in bodies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [200, *[409] * 7]


class Watching(RuleBasedStateMachine):
    """Honest ledgers, forks and old copies ask in any order; every head that was signed continues the one before."""

    def __init__(self):
        super().__init__()
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.clock = StoppedClock()
        self.witness = make_witness(Path(self.folder.name), clock=self.clock)
        self.ledgers = [memory_ledger(1)]
        self.signed = []

    def teardown(self):
        self.folder.cleanup()

    @rule(which=st.integers(0, 5), count=st.integers(0, 5))
    def grow(self, which, count):
        grow(self.ledgers[which % len(self.ledgers)], count)

    @rule(which=st.integers(0, 5), size=st.integers(0, 20))
    def fork(self, which, size):
        ledger = self.ledgers[which % len(self.ledgers)]
        self.ledgers.append(fork_of(ledger, min(size, ledger.count())))

    @rule(which=st.integers(0, 5), old=st.integers(0, 20), knows=st.booleans())
    def ask(self, which, old, knows):
        ledger = self.ledgers[which % len(self.ledgers)]
        head = self.witness.find_head(ORIGIN)
        old = min(head.size if head and knows else old, ledger.count())
        self.clock.move(timedelta(seconds=1))
        note = sign(ledger, [PEN])
        if self.witness.add_checkpoint(ask(ledger.store, note, old).to_bytes()).status == 200:
            self.signed.append((ledger, read_checkpoint(note)))

    @invariant()
    def all_heads_are_of_one_ledger(self):
        if not self.signed:
            return
        from curtilage.ledger.tree import find_root

        last, _ = self.signed[-1]
        for _, head in self.signed:
            assert head.size <= last.count()
            assert find_root(last.store.hashes, head.size) == head.root


TestWatching = Watching.TestCase
TestWatching.settings = settings(max_examples=40, stateful_step_count=20, deadline=None)
