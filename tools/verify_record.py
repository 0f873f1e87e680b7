#!/usr/bin/env python3
"""Check a city's ledger without the city's program: one file, Python 3.11 or newer, nothing to install.

    verify_record.py DIR --key VKEYS                  a folder of tiles, as a city publishes it
    verify_record.py DIR --key VKEYS --checkpoint OLD and that it continues a checkpoint that you kept
    verify_record.py FILE.tlog-proof --key VKEYS      a proof that an entry is in the ledger
    verify_record.py CERTIFICATE.json --key VKEYS     a certificate of destruction
    verify_record.py CERTIFICATE.json --checkpoint F  the same, against a checkpoint that you hold
    verify_record.py CHECKPOINT --key VKEYS           a signed checkpoint

VKEYS is a verifier key (one line, NAME+ID+KEY) or a file of them. Every key that you name must have signed;
one of them must be the ledger's own. Name a witness's key, too, and it must have signed as well.

Exit status: 0 it holds; 1 it does not; 2 it could not be checked.

What it shows: these entries, in this order, are what was signed. Not that they are true, and not that
nothing was left out before it was recorded. The formats: docs/reference/ledger-formats.md. It was written
from that page and the specifications, not from the program, and shares no line with it.

Source:
    RFC 6962, RFC 9162, RFC 8032, RFC 8785, FIPS 204; C2SP signed-note, tlog-checkpoint, tlog-cosignature,
    tlog-tiles, tlog-proof.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import re
import struct
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple


class DoesNotHoldError(Exception):
    """Something is not what it should be."""


class CannotBeCheckedError(Exception):
    """The input, or what it takes to check it, is missing."""


class Head(NamedTuple):
    """What a checkpoint says: name of the ledger, number of entries, root over them."""

    origin: str
    size: int
    root: bytes


class Key(NamedTuple):
    """A verifier key: 1 is Ed25519 of a ledger, 4 Ed25519 of a witness, 6 ML-DSA-44 of either."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        """The first 4 bytes of a hash over the name, the kind and the key."""
        said = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(said).digest()[:4]


# --- Ed25519, RFC 8032: only what it takes to verify ----------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
Point = tuple[int, int, int, int]
ZERO: Point = (0, 1, 1, 0)


def add_points(a: Point, b: Point) -> Point:
    """Add two points in extended coordinates."""
    left, right = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = right - left, d - c, d + c, right + left
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def multiply_point(scalar: int, point: Point) -> Point:
    """Return ``scalar`` times a point. Takes as long as the number is: nothing here is secret."""
    found = ZERO
    while scalar:
        if scalar & 1:
            found = add_points(found, point)
        point, scalar = add_points(point, point), scalar >> 1
    return found


def decode_point(raw: bytes) -> Point | None:
    """Return the point that 32 bytes stand for; None where they stand for none."""
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if len(raw) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def encode_point(point: Point) -> bytes:
    """Return the 32 bytes of a point."""
    inverse = pow(point[2], -1, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


BASE_Y = 4 * pow(5, -1, P) % P
BASE = decode_point(BASE_Y.to_bytes(32, "little"))


def ed25519_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether a signature is that of the key over the message."""
    key, scalar = decode_point(public), int.from_bytes(signature[32:], "little")
    if key is None or BASE is None or len(signature) != 64 or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    minus = (-key[0] % P, key[1], key[2], -key[3] % P)
    found = add_points(multiply_point(scalar, BASE), multiply_point(challenge, minus))
    return encode_point(found) == signature[:32]


def ml_dsa_holds(public: bytes, message: bytes, signature: bytes) -> bool:
    """Return the same for ML-DSA-44, which only the library `cryptography` can tell.

    Raises:
        CannotBeCheckedError: It is not installed.
    """
    try:
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
    except ImportError as error:
        raise CannotBeCheckedError(
            "A key of the kind ML-DSA-44 is checked with the library cryptography, 48 or newer. Nothing was "
            "checked. Install it, or name only the Ed25519 keys."
        ) from error
    try:
        MLDSA44PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# --- Keys, notes, checkpoints ---------------------------------------------------------------------------


def decode(text: str, length: int | None = None) -> bytes:
    """Return what base64 stands for; only the one way to write it is taken."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise DoesNotHoldError("something that should be base64 is none") from error
    if base64.b64encode(raw).decode() != text or (length is not None and len(raw) != length):
        raise DoesNotHoldError("a hash or a signature has another length, or is written in another way")
    return raw


def read_keys(given: Sequence[str]) -> list[Key]:
    """Return the keys that were named, as lines or as files of lines."""
    keys = []
    for each in given:
        text = Path(each).read_text("utf-8") if Path(each).exists() else each
        keys += [parse_key(line.strip()) for line in text.splitlines() if line.strip() and line[0] != "#"]
    return keys


def parse_key(line: str) -> Key:
    """Return the key that a line stands for."""
    parts = line.split("+", 2)
    try:
        raw = base64.b64decode(parts[2], validate=True)
        key = Key(parts[0], raw[0], raw[1:])
    except (IndexError, ValueError) as error:
        raise CannotBeCheckedError(
            f"This is neither a verifier key nor a file of them: {line[:60]}"
        ) from error
    if key.id.hex() != parts[1] or len(key.public) != {1: 32, 4: 32, 6: 1312}.get(key.kind):
        raise CannotBeCheckedError(
            f"The verifier key of {key.name} lost a character, or is of an unknown kind."
        )
    return key


def parse_head(text: str) -> Head:
    """Return what the text of a checkpoint says."""
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines) or not re.fullmatch("0|[1-9][0-9]{0,15}", lines[1]):
        raise DoesNotHoldError("this is no checkpoint: origin, size and root, a line each")
    return Head(lines[0], int(lines[1]), decode(lines[2], 32))


def open_note(raw: bytes, keys: Sequence[Key]) -> tuple[Head, list[str]]:
    """Return a signed checkpoint's head, and who signed it, when; without keys nobody is looked for."""
    try:
        whole = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise DoesNotHoldError("the checkpoint is no UTF-8 text") from error
    text, _, tail = whole.rpartition("\n\n")
    if not text or not tail.endswith("\n") or any(each < " " and each != "\n" for each in whole):
        raise DoesNotHoldError("the checkpoint has no signatures, or holds control characters")
    head = parse_head(text := text + "\n")
    lines = [line.split(" ") for line in tail[:-1].split("\n")]
    if any(len(line) != 3 or line[0] != "—" for line in lines):
        raise DoesNotHoldError("a line of a signature is not: dash, name, signature")
    signatures = [(name, decode(value)) for _, name, value in lines]
    signed = [check_signature(key, signatures, text, head) for key in keys]
    if keys and all(key.name != head.origin for key in keys):
        raise DoesNotHoldError(f"none of your keys is the ledger's own: it is called {head.origin}")
    return head, signed


def check_signature(key: Key, signatures: Sequence[tuple[str, bytes]], text: str, head: Head) -> str:
    """Find a key's signatures, check them all, and say when the last was given."""
    mine = [raw[4:] for name, raw in signatures if (name, raw[:4]) == (key.name, key.id)]
    if not mine:
        raise DoesNotHoldError(f"{key.name} has not signed")
    said = ""
    for raw in mine:
        value = raw if key.kind == 1 else raw[8:]
        time = 0 if key.kind == 1 else int.from_bytes(raw[:8], "big")
        message = make_message(key, time, text, head)
        if not (ml_dsa_holds if key.kind == 6 else ed25519_holds)(key.public, message, value):
            raise DoesNotHoldError(f"the signature of {key.name} is over another text, or by another key")
        said = f"{key.name}{when(time)}"
    return said


def make_message(key: Key, time: int, text: str, head: Head) -> bytes:
    """Return the bytes that a key of that kind signs."""
    if key.kind == 1:
        return text.encode()
    if key.kind == 4:
        return f"cosignature/v1\ntime {time}\n{text}".encode()
    name, origin = key.name.encode(), head.origin.encode()
    parts = [
        b"subtree/v1\n\0",
        bytes([len(name)]),
        name,
        struct.pack(">Q", time),
        bytes([len(origin)]),
        origin,
    ]
    return b"".join(parts) + struct.pack(">QQ", 0, head.size) + head.root


def when(time: int) -> str:
    """Return a time in words, as far as a calendar has it."""
    if not time:
        return ""
    if time > 253_402_300_799:
        raise DoesNotHoldError("a signature names a time that no calendar has")
    return f" at {datetime.fromtimestamp(time, UTC):%Y-%m-%d %H:%M:%S} UTC"


# --- The tree -------------------------------------------------------------------------------------------


def hash_leaf(data: bytes) -> bytes:
    """Return the hash of a leaf."""
    return hashlib.sha256(b"\0" + data).digest()


def hash_children(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return hashlib.sha256(b"\1" + left + right).digest()


class Tree:
    """A tree that grows leaf by leaf: the roots of its complete parts, each with its height."""

    def __init__(self) -> None:
        self.parts: list[tuple[int, bytes]] = []

    def add(self, leaf: bytes) -> None:
        """Add a leaf hash; join what became complete."""
        height = 0
        while self.parts and self.parts[-1][0] == height:
            leaf, height = hash_children(self.parts.pop()[1], leaf), height + 1
        self.parts.append((height, leaf))

    def root(self) -> bytes:
        """Return the root."""
        if not self.parts:
            return hashlib.sha256(b"").digest()
        root = self.parts[-1][1]
        for _, left in reversed(self.parts[:-1]):
            root = hash_children(left, root)
        return root


def check_inclusion(leaf: bytes, index: int, head: Head, proof: Sequence[bytes]) -> None:
    """Check that a leaf stands at an index of the tree of a head; recursive, as RFC 6962 draws the tree."""
    if not 0 <= index < head.size or any(len(each) != 32 for each in proof):
        raise DoesNotHoldError(f"there is no entry {index} in a tree of {head.size}, or a hash is cut off")
    steps = list(proof)

    def climb(at: int, size: int) -> bytes:
        if size == 1:
            return leaf
        if not steps:
            raise DoesNotHoldError("the proof has too few hashes")
        beside, split = steps.pop(), 1 << ((size - 1).bit_length() - 1)
        if at < split:
            return hash_children(climb(at, split), beside)
        return hash_children(beside, climb(at - split, size - split))

    root = climb(index, head.size)
    if steps or root != head.root:
        raise DoesNotHoldError(f"entry {index} is not in the ledger of this checkpoint")


# --- Entries --------------------------------------------------------------------------------------------

FIELDS = {
    **dict.fromkeys(("format", "position", "number", "version"), int),
    **dict.fromkeys(("stream", "kind", "at", "actor", "role"), str),
    "data": dict,
    "bodies": list,
}


def canonical(value: Any) -> bytes:
    """Return the one encoding of a JSON value: RFC 8785, without numbers that are not whole."""
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def ordered(value: Any) -> Any:
    """Return a JSON value with its keys in the order of their UTF-16 code units."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    if isinstance(value, list):
        return [ordered(each) for each in value]
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= 2**53):
        raise DoesNotHoldError("a number is not whole, or too large")
    return value


def read_json(raw: bytes) -> Any:
    """Return a JSON value; a key that stands twice is refused."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("twice")
        return dict(pairs)

    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=once)
    except (ValueError, RecursionError) as error:
        raise DoesNotHoldError("it is no JSON, or says a thing twice") from error


def is_entry(said: Any) -> bool:
    """Return whether a JSON value has the fields of an entry, each of its kind."""
    if not isinstance(said, dict) or set(said) != set(FIELDS):
        return False
    return (
        all(type(said[name]) is kind for name, kind in FIELDS.items())
        and said["format"] == 1
        and is_time(said["at"])
    )


def is_time(text: str) -> bool:
    """Return whether a time is written in the one form: UTC, whole microseconds, a Z at the end."""
    try:
        return (
            f"{datetime.fromisoformat(text).replace(tzinfo=None).isoformat(timespec='microseconds')}Z" == text
        )
    except ValueError:
        return False


class Entries:
    """Checks entries one after the other."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.last = ""

    def check(self, raw: bytes, position: int) -> None:
        """Check the bytes of an entry against their one form and the entries before."""
        said = read_json(raw)
        if not is_entry(said) or canonical(said) != raw:
            raise DoesNotHoldError(f"entry {position} is not in the form that entries have")
        if said["position"] != position:
            raise DoesNotHoldError(f"entry {position} says that it is number {said['position']}")
        if said["number"] != self.numbers.get(said["stream"], 0) + 1:
            raise DoesNotHoldError(f"entry {position} is out of order in its stream")
        if said["at"] < self.last and said["kind"] != "ledger.clock-corrected":
            raise DoesNotHoldError(f"entry {position} is earlier than the one before it")
        self.numbers[said["stream"]], self.last = said["number"], said["at"]


PROOF = "c2sp.org/tlog-proof@v1"


# --- What can be checked --------------------------------------------------------------------------------


def tile_path(level: int | str, index: int, width: int) -> str:
    """Return the path of a tile."""
    digits = f"{index:03d}"
    digits = digits.rjust(-(-len(digits) // 3) * 3, "0")
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])
    return f"tile/{level}/{name}" + (f".p/{width}" if width < 256 else "")


def read_tile(folder: Path, level: int | str, index: int, width: int) -> bytes:
    """Return the content of a tile."""
    path = folder / tile_path(level, index, width)
    if not path.is_file():
        raise DoesNotHoldError(f"{path} is missing")
    return path.read_bytes()


def split_bundle(raw: bytes, width: int, path: str) -> Iterator[bytes]:
    """Give the entries of a bundle."""
    at = 0
    for _ in range(width):
        length = int.from_bytes(raw[at : at + 2], "big")
        yield raw[at + 2 : at + 2 + length]
        at += 2 + length
    if at != len(raw):
        raise DoesNotHoldError(f"{path} is no bundle of {width} entries")


def check_tiles(folder: Path, keys: Sequence[Key], held: Sequence[tuple[str, Head]]) -> list[str]:
    """Check a folder of tiles: each entry, each hash, the checkpoint, and what you kept."""
    head, signed = open_note((folder / "checkpoint").read_bytes(), keys)
    tree, entries = Tree(), Entries()
    check_held(held, head)
    levels: list[list[bytes]] = [[]]
    for index in range(-(-head.size // 256)):
        width = min(256, head.size - index * 256)
        hashes = read_tile(folder, 0, index, width)
        bundle = read_tile(folder, "entries", index, width)
        for offset, raw in enumerate(split_bundle(bundle, width, tile_path("entries", index, width))):
            position, leaf = index * 256 + offset, hash_leaf(raw)
            if hashes[offset * 32 : offset * 32 + 32] != leaf:
                raise DoesNotHoldError(
                    f"entry {position} does not match its hash in {tile_path(0, index, width)}"
                )
            entries.check(raw, position)
            tree.add(leaf)
            grow(levels, leaf)
            check_roots(held, position + 1, tree)
        if len(hashes) != width * 32:
            raise DoesNotHoldError(f"{tile_path(0, index, width)} has not {width} hashes")
    if tree.root() != head.root:
        raise DoesNotHoldError("the entries are not those that were signed")
    check_upper(folder, levels, head.size)
    return [
        f"{head.size:,} entries of {head.origin}, root {head.root.hex()}",
        *told(signed),
        *(f"it continues {what}" for what, _ in held),
    ]


def check_held(held: Sequence[tuple[str, Head]], head: Head) -> None:
    """Check that what you kept is of this ledger, and not of a later time than the folder."""
    for what, old in held:
        if old.origin != head.origin:
            raise DoesNotHoldError(f"{what} is of another ledger, {old.origin}")
        if old.size > head.size:
            raise DoesNotHoldError(f"{what} speaks of {old.size:,} entries, and here are {head.size:,}")
        if old.size == 0 and old.root != Tree().root():
            raise DoesNotHoldError(f"{what} gives an empty ledger a root that it cannot have")


def check_roots(held: Sequence[tuple[str, Head]], size: int, tree: Tree) -> None:
    """Compare the tree with what you kept of that size."""
    for what, old in held:
        if old.size == size and old.root != tree.root():
            raise DoesNotHoldError(
                f"{what} has another root: something in the first {size:,} entries was changed"
            )


def grow(levels: list[list[bytes]], leaf: bytes) -> None:
    """Add a leaf to the levels of tiles; the root over each full 256 goes to the level above."""
    levels[0].append(leaf)
    for level, hashes in enumerate(levels):
        if len(hashes) % 256 or not hashes:
            return
        part = Tree()
        for each in hashes[-256:]:
            part.add(each)
        if level + 1 == len(levels):
            levels.append([])
        levels[level + 1].append(part.root())


def check_upper(folder: Path, levels: list[list[bytes]], size: int) -> None:
    """Compare the tiles above the leaves."""
    for level in range(1, len(levels)):
        hashes = levels[level]
        for index in range(-(-len(hashes) // 256)):
            part = hashes[index * 256 : index * 256 + 256]
            if read_tile(folder, level, index, len(part)) != b"".join(part):
                raise DoesNotHoldError(
                    f"{tile_path(level, index, len(part))} is not that of {size:,} entries"
                )


def check_proof(raw: bytes, keys: Sequence[Key], held: Sequence[tuple[str, Head]]) -> list[str]:
    """Check a proof that carries its entry."""
    above, _, note = raw.partition(b"\n\n")
    header, *lines = above.decode("utf-8", "replace").split("\n")
    extra = lines.pop(0).removeprefix("extra ") if lines and lines[0].startswith("extra ") else ""
    found = re.fullmatch("index (0|[1-9][0-9]{0,15})", lines.pop(0)) if lines else None
    if header != PROOF or found is None or not extra:
        raise DoesNotHoldError("it is no proof of the form c2sp.org/tlog-proof@v1 with its entry")
    index, entry = int(found[1]), decode(extra)
    head, signed = open_note(note, keys)
    check_inclusion(hash_leaf(entry), index, head, [decode(line, 32) for line in lines])
    said = read_json(entry)
    if not is_entry(said) or canonical(said) != entry or said["position"] != index:
        raise DoesNotHoldError("its entry is not in the form that entries have, or says another number")
    told_entry = f"entry {index}, {said['kind']}, {said['stream']}, {said['at']}"
    return [told_entry, f"in {head.origin}, {head.size:,} entries", *told(signed), *compare(head, held)]


def check_certificate(raw: bytes, keys: Sequence[Key], held: Sequence[tuple[str, Head]]) -> list[str]:
    """Check a certificate: its words, its entry, the tree, the checkpoint."""
    said = read_json(raw)
    parts = {"format": str, "certificate": dict, "entry": dict, "proof": dict, "checkpoint": str}
    if set(said) != set(parts) or any(not isinstance(said[name], kind) for name, kind in parts.items()):
        raise DoesNotHoldError("it has other parts than a certificate has")
    certificate, entry, proof = said["certificate"], said["entry"], said["proof"]
    if not is_entry(entry):
        raise DoesNotHoldError("its entry is not of the form that entries have")
    data, position = entry["data"], entry["position"]
    fingerprint = hashlib.sha256(canonical(certificate)).hexdigest()
    if (
        said["format"] != "curtilage-certificate/1"
        or entry["kind"] != "retention.certificate-issued"
        or (data.get("certificate"), data.get("fingerprint")) != (certificate.get("id"), fingerprint)
        or data.get("plan") != certificate.get("plan")
    ):
        raise DoesNotHoldError(
            "the certificate is not the one that was recorded: a word or a number was changed"
        )
    note = said["checkpoint"]
    head, signed = open_note(note.encode(), keys) if keys or "\n\n" in note else (parse_head(note), [])
    hashes = proof.get("hashes")
    if (
        set(proof) != {"tree_size", "hashes"}
        or proof["tree_size"] != head.size
        or not isinstance(hashes, list)
    ):
        raise DoesNotHoldError("its proof is for another checkpoint than the one in the file")
    if not all(re.fullmatch("[0-9a-f]{64}", str(each)) for each in hashes):
        raise DoesNotHoldError("its proof is not of the form that proofs have")
    check_inclusion(hash_leaf(canonical(entry)), position, head, [bytes.fromhex(each) for each in hashes])
    told_entry = f"certificate {certificate.get('id')}, recorded as entry {position}, {entry['at']}"
    return [told_entry, f"in {head.origin}, {head.size:,} entries", *told(signed), *compare(head, held)]


def compare(head: Head, held: Sequence[tuple[str, Head]]) -> list[str]:
    """Compare the checkpoint of a file with those that you hold; one of the same size must be the same."""
    for what, mine in held:
        if mine.origin != head.origin:
            raise DoesNotHoldError(f"{what} is of another ledger, {mine.origin}")
        if mine.size != head.size:
            raise CannotBeCheckedError(
                f"{what} is of {mine.size:,} entries, the file's of {head.size:,}, so the two cannot be compared "
                "without the tiles between them. Ask for a proof for your checkpoint."
            )
        if mine.root != head.root:
            raise DoesNotHoldError(f"{what} has another root: the ledger was forked or rewritten")
    return [f"{what} is the same" for what, _ in held]


def told(signed: Sequence[str]) -> list[str]:
    """Return who signed, in words."""
    return [f"signed by {each}" for each in signed]


def check(path: Path, keys: Sequence[Key], held: Sequence[tuple[str, Head]]) -> list[str]:
    """Find out what a file is, and check it."""
    if path.is_dir():
        return check_tiles(path, keys, held)
    raw = path.read_bytes()
    if raw.startswith(PROOF.encode()):
        return check_proof(raw, keys, held)
    if raw.lstrip().startswith(b"{"):
        return check_certificate(raw, keys, held)
    head, signed = open_note(raw, keys)
    return [
        f"{head.origin}, {head.size:,} entries, root {head.root.hex()}",
        *told(signed),
        *compare(head, held),
    ]


def read_held(path: str) -> tuple[str, Head]:
    """Return a checkpoint that you hold: a signed one, or its three lines. That you held it is what counts."""
    raw = Path(path).read_bytes()
    head = open_note(raw, [])[0] if b"\n\n" in raw else parse_head(raw.decode("utf-8", "replace"))
    return f"your {Path(path).name}", head


def run(given: argparse.Namespace) -> list[str]:
    """Check what the command line names; return what holds."""
    keys = read_keys(given.key)
    if not keys and not given.checkpoint:
        raise CannotBeCheckedError(
            "Name a key or a checkpoint: held against itself, a record proves nothing."
        )
    return check(given.target, keys, [read_held(each) for each in given.checkpoint])


def main() -> int:
    """Read the command line, check, and say what holds."""
    parser = argparse.ArgumentParser(
        description="Check a city's ledger, proof, certificate or checkpoint without the city's program.",
        epilog="Exit status: 0 it holds; 1 it does not; 2 it could not be checked.",
    )
    parser.add_argument("target", type=Path, help="a folder of tiles, a proof, a certificate, a checkpoint")
    parser.add_argument(
        "--key", action="append", default=[], help="a verifier key, or a file of them; repeatable"
    )
    parser.add_argument(
        "--checkpoint", action="append", default=[], help="a checkpoint that you hold; repeatable"
    )
    try:
        lines = run(parser.parse_args())
    except DoesNotHoldError as error:
        print(f"DOES NOT HOLD: {error}.")
        return 1
    except (ValueError, TypeError, RecursionError) as error:
        print(f"DOES NOT HOLD: something in it is not of its form ({type(error).__name__}).")
        return 1
    except (CannotBeCheckedError, OSError) as error:
        print(f"Not checked: {error}", file=sys.stderr)
        return 2
    print("HOLDS:", *lines, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main())
