"""The stand-alone verifier agrees with the program, on what holds and on what does not, with nothing installed."""

import dataclasses
import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curtilage.foundation.errors import CurtilageError, EvidenceError
from curtilage.ledger import tree
from curtilage.ledger.keys import key_of
from curtilage.ledger.notes import sign_note, sign_text
from curtilage.ledger.proofs import parse_proof, prove_entry, verify_proof
from curtilage.ledger.signing import keep_cosignatures, read_checkpoint
from curtilage.ledger.tiles import TileFolder, export_tiles
from curtilage.ledger.verify import verify_tiles
from curtilage.retention.paper import paper_to_bytes, read_paper
from curtilage.retention.verify import verify_paper
from tests.ledger.notaries import KEY, NOON, ORIGIN, ed25519_pen, grow, memory_ledger, ml_dsa_pen, sign
from tests.retention.papers import make_paper
from tools import verify_record as alone

TOOL = Path(__file__).parents[2] / "tools/verify_record.py"
MINE = [alone.parse_key(KEY.to_vkey())]
WITNESS = key_of("library.example/w1", ed25519_pen(2), as_witness=True)
BOTH = [*MINE, alone.parse_key(WITNESS.to_vkey())]


def run(*words):
    """Run it as a stranger does: alone, in a Python that has nothing installed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", TOOL, *map(str, words)], capture_output=True, text=True
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Tiles in two steps, a proof, a certificate, and the checkpoints of both steps; a witness signed the second."""
    folder, ledger = tmp_path_factory.mktemp("published"), memory_ledger(3)
    (folder / "old").write_bytes(sign(ledger))
    export_tiles(ledger.store, folder / "tiles", sign(ledger))
    grow(ledger, 300)
    line = sign_text(
        read_checkpoint(sign(ledger)).to_text(), WITNESS.name, ed25519_pen(2), NOON, as_witness=True
    )
    note = keep_cosignatures(ledger.store, 303, [line])
    export_tiles(ledger.store, folder / "tiles", note)
    (folder / "new").write_bytes(note)
    (folder / "proof").write_bytes(prove_entry(ledger.store, 42, note).to_bytes())
    paper = make_paper()
    (folder / "certificate.json").write_bytes(paper_to_bytes(paper))
    (folder / "held").write_text(paper.checkpoint)
    (folder / "keys").write_text(f"# the city's\n{KEY.to_vkey()}\n")
    (folder / "both").write_text(f"{KEY.to_vkey()}\n{WITNESS.to_vkey()}\n")
    return folder


def test_it_uses_the_standard_library_alone(published):
    status, said = run(published / "tiles", "--key", published / "keys")

    assert (status, said.splitlines()[0]) == (0, "HOLDS:")
    assert "303 entries of rivermark.example/ledger" in said


@pytest.mark.parametrize("name", ["tiles", "proof", "new"])
def test_what_a_city_hands_out_holds_with_the_witness(published, name):
    status, said = run(published / name, "--key", published / "both")

    assert status == 0
    assert "signed by library.example/w1 at 2017-02-22 12:00:00 UTC" in said


def test_a_certificate_holds_against_the_checkpoint_that_somebody_holds(published):
    status, said = run(published / "certificate.json", "--checkpoint", published / "held")

    assert (status, "your held is the same" in said) == (0, True)


def test_a_signed_certificate_holds_with_the_key_alone(published, tmp_path):
    paper = make_paper()
    note = sign_note(paper.checkpoint, ORIGIN, [ed25519_pen()], NOON)
    (tmp_path / "c.json").write_bytes(paper_to_bytes(dataclasses.replace(paper, checkpoint=note.decode())))

    status, said = run(tmp_path / "c.json", "--key", published / "keys", "--checkpoint", published / "held")
    assert (status, "signed by rivermark.example/ledger" in said, "your held is the same" in said) == (
        0,
        True,
        True,
    )
    assert run(tmp_path / "c.json", "--key", key_of(ORIGIN, ed25519_pen(9)).to_vkey())[0] == 1


def test_an_old_checkpoint_is_continued_by_the_tiles(published):
    status, said = run(published / "tiles", "--key", published / "keys", "--checkpoint", published / "old")
    assert (status, "it continues your old" in said) == (0, True)

    (published / "forged").write_bytes(sign(memory_ledger(2)).replace(b"\n2\n", b"\n3\n"))
    status, said = run(published / "tiles", "--checkpoint", published / "forged")
    assert (status, "your forged has another root" in said) == (1, True)


def test_held_against_itself_nothing_is_checked(published):
    for name in ("tiles", "proof", "new", "certificate.json"):
        assert run(published / name)[0] == 2


@pytest.mark.parametrize("name", ["tiles", "proof", "new"])
def test_a_key_that_has_not_signed_refuses(published, name):
    status, said = run(published / name, "--key", key_of(ORIGIN, ed25519_pen(9)).to_vkey())

    assert (status, "has not signed" in said) == (1, True)


def test_a_witness_alone_is_not_the_ledger(published):
    status, said = run(published / "new", "--key", WITNESS.to_vkey())

    assert (status, "the ledger's own" in said) == (1, True)


def test_checkpoints_of_two_sizes_cannot_be_compared(published):
    status, said = run(published / "proof", "--checkpoint", published / "old")

    assert (status, "cannot be compared" in said) == (2, True)


@pytest.mark.parametrize(
    "words", [["nowhere", "--key", KEY.to_vkey()], ["new", "--key", "a+b+c"], ["new", "--key", "x"]]
)
def test_what_cannot_be_read_was_not_checked(published, words):
    assert run(published / words[0], *words[1:])[0] == 2


def test_a_key_that_needs_a_library_says_so_without_it(tmp_path):
    pen = ml_dsa_pen()
    (tmp_path / "note").write_bytes(sign(memory_ledger(3), [ed25519_pen(), pen]))
    status, said = run(tmp_path / "note", "--key", KEY.to_vkey(), "--key", key_of(ORIGIN, pen).to_vkey())

    assert (status, "ML-DSA-44 is checked with the library cryptography" in said) == (2, True)
    assert run(tmp_path / "note", "--key", KEY.to_vkey())[0] == 0


def test_a_second_line_is_checked_where_the_library_is_there():
    pen = ml_dsa_pen()
    note = sign(memory_ledger(3), [ed25519_pen(), pen])
    keys = [*MINE, alone.parse_key(key_of(ORIGIN, pen).to_vkey())]

    assert len(alone.open_note(note, keys)[1]) == 2
    with pytest.raises(alone.DoesNotHoldError):
        alone.open_note(note[:-40] + b"A" * 36 + note[-4:], keys)


# --- it agrees with the program and with the library -----------------------------------------------------


@pytest.mark.parametrize(
    ("secret", "public", "message", "signature"),
    [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ],
)
def test_the_vectors_of_rfc_8032_hold(secret, public, message, signature):
    public, message, signature = map(bytes.fromhex, (public, message, signature))

    assert Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret)).sign(message) == signature
    assert alone.ed25519_holds(public, message, signature)
    assert not alone.ed25519_holds(public, message + b"\0", signature)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 95), st.integers(0, 255))
def test_a_signature_holds_where_the_library_says_so(secret, message, at, change):
    key = Ed25519PrivateKey.from_private_bytes(secret)
    both = bytearray(key.public_key().public_bytes_raw() + key.sign(message))
    both[at] ^= change
    public, signature = bytes(both[:32]), bytes(both[32:])
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        holds = True
    except (InvalidSignature, ValueError):
        holds = False

    assert alone.ed25519_holds(public, message, signature) == holds


@pytest.mark.parametrize(
    "public",
    [
        (alone.P).to_bytes(32, "little"),
        (2).to_bytes(32, "little"),
        (1 | 1 << 255).to_bytes(32, "little"),
        b"short",
    ],
)
def test_bytes_that_are_no_point_are_no_key(public):
    assert not alone.ed25519_holds(public, b"", bytes(64))


@given(st.integers(1, 600), st.data())
def test_roots_and_proofs_are_those_of_the_program(size, data):
    leaves = [tree.hash_leaf(b"%d" % each) for each in range(size)]
    grown = alone.Tree()
    for each in leaves:
        grown.add(each)
    index = data.draw(st.integers(0, size - 1))
    levels = {0: leaves}
    for level, _, above in tree.complete_tiles(lambda *at: _read(levels, *at), 0, size):
        levels.setdefault(level, []).append(above)
    proof = tree.prove_inclusion(lambda *at: _read(levels, *at), index, size)

    assert grown.root() == tree.root_of(leaves)
    alone.check_inclusion(leaves[index], index, alone.Head("", size, grown.root()), proof)
    with pytest.raises(alone.DoesNotHoldError):
        alone.check_inclusion(leaves[index], index, alone.Head("", size, grown.root()), [*proof, leaves[0]])


def _read(levels, level, start, count):
    return levels[level][start : start + count]


@pytest.mark.parametrize(
    "path", ["tile/0/000", "tile/entries/000", "tile/1/000.p/1", "tile/0/001.p/47", "checkpoint"]
)
def test_the_program_and_the_tool_refuse_the_same_folders(published, path):
    file = published / "tiles" / path
    right = file.read_bytes()
    for at in range(0, len(right), max(1, len(right) // 25)):
        file.write_bytes(right[:at] + bytes([right[at] ^ 1]) + right[at + 1 :])
        assert not holds(lambda: alone.check_tiles(published / "tiles", BOTH, []))
        assert not holds(lambda: fail_on_faults(published / "tiles"))
    file.write_bytes(right)


def fail_on_faults(folder):
    if verify_tiles(TileFolder(folder), keys=[KEY, WITNESS]).faults:
        raise EvidenceError


def holds(check):
    try:
        check()
    except (alone.DoesNotHoldError, alone.CannotBeCheckedError, EvidenceError):
        return False
    return True


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_program_and_the_tool_refuse_the_same_proofs(published, data):
    raw = bytearray((published / "proof").read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255).filter(lambda each: each != raw[at]))

    assert not holds(lambda: alone.check_proof(bytes(raw), BOTH, []))
    assert not holds(lambda: verify_proof(parse_proof(bytes(raw)), [KEY, WITNESS]))


CHANGES = [
    lambda said: said["certificate"].update(id="another"),
    lambda said: said["certificate"].update(city="Elsewhere"),
    lambda said: said["entry"].update(position=1),
    lambda said: said["entry"]["data"].update(fingerprint="0" * 64),
    lambda said: said["entry"].update(kind="retention.hold-placed"),
    lambda said: said["proof"].update(tree_size=2),
    lambda said: said["proof"]["hashes"].append("0" * 64),
    lambda said: said["proof"].update(more=1),
    lambda said: said.update(more=1),
    lambda said: said.update(format="curtilage-certificate/2"),
    lambda said: said.update(checkpoint=said["checkpoint"].replace("\n", "\n9", 1)),
]


@pytest.mark.parametrize("number", range(len(CHANGES)))
def test_the_program_and_the_tool_refuse_the_same_certificates(published, number):
    held = published / "held"
    said = json.loads((published / "certificate.json").read_bytes())
    CHANGES[number](said)
    raw = json.dumps(said).encode()

    assert not holds(lambda: alone.check_certificate(raw, [], [alone.read_held(held)]))
    try:
        assert not verify_paper(read_paper(raw), held=held.read_bytes()).holds
    except Exception as error:  # noqa: BLE001 - any refusal will do
        assert type(error).__name__ == "CertificateNotReadableError"  # noqa: PT017


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_byte_of_a_certificate_that_matters_is_refused_by_both_or_by_none(published, data):
    right = (published / "certificate.json").read_bytes()
    at = data.draw(st.integers(0, len(right) - 1))
    raw = right[:at] + bytes([data.draw(st.integers(0, 255))]) + right[at + 1 :]
    held = published / "held"
    try:
        by_program = verify_paper(read_paper(raw), held=held.read_bytes()).holds
    except CurtilageError:
        by_program = False

    assert holds(lambda: alone.check_certificate(raw, [], [alone.read_held(held)])) == by_program


@pytest.mark.parametrize(
    "entry",
    [b"[]", b"{}", b"1", b'{"a":"\\ud800"}', b"[" * 2000, b'{"format":true}', b"\xff", b'{"format":1e999}'],
)
def test_an_entry_of_another_form_is_refused_without_a_crash(published, tmp_path, entry):
    proof = prove_entry(memory_ledger(3).store, 1, sign(memory_ledger(3)))
    (tmp_path / "proof").write_bytes(dataclasses.replace(proof, entry=entry).to_bytes())
    status, said = run(tmp_path / "proof", "--key", published / "keys")

    assert (status, "Traceback" in said) == (1, False)
    with pytest.raises(alone.DoesNotHoldError):
        alone.Entries().check(entry, 0)


def test_a_key_that_stands_twice_in_a_certificate_is_refused(published):
    raw = (published / "certificate.json").read_bytes()
    twice = raw.replace(b"{", b'{"format": "curtilage-certificate/1", ', 1)

    assert not holds(lambda: alone.check_certificate(twice, [], [alone.read_held(published / "held")]))


def test_it_shares_no_line_with_the_program():
    assert "curtilage." not in "".join(
        line for line in TOOL.read_text().splitlines() if line.startswith(("import", "from"))
    )
    assert hashlib.sha256(b"").digest() == alone.Tree().root()
