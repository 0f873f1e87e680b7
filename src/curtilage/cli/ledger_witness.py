"""``curtilage ledger witness``: watch somebody's ledger, on another machine; and how a ledger asks such a witness.

Source:
    c2sp-tlog-witness.
"""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from curtilage.cli import render
from curtilage.foundation.errors import CurtilageError, EvidenceError, SourceError, UsageError

if TYPE_CHECKING:
    from curtilage.ledger.keys import Key
    from curtilage.ledger.ports import Store
    from curtilage.ledger.witness import Answer, Witness

_SECONDS: Final = 20.0
_MOST_ANSWER_BYTES: Final = 64 * 1024
_MOST_AT_ONCE: Final = 32
_PATH: Final = "/add-checkpoint"


class SilentWitnessError(SourceError):
    """A witness did not answer, or not in its form."""

    code = "ledger.witness-silent"

    def __init__(self, *, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(
            f"The witness {name} did not sign ({why}). The checkpoint is signed by the ledger alone, and kept. "
            "Ask again later with: curtilage ledger checkpoint"
        )


class RefusedByWitnessError(EvidenceError):
    """A witness refused, because the ledger does not continue what it saw."""

    code = "ledger.witness-refused"

    def __init__(self, *, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(
            f"The witness {name} refused to sign: {why}. Nothing of it was added to the checkpoint. "
            "Was the ledger restored from a backup, or changed? Tell the oversight body, and keep both copies."
        )


@click.command(
    short_help="Watch a ledger for another body.",
    epilog=render.examples(
        "curtilage ledger witness state/ --name library.example/w1 --ledger rivermark.vkeys --new",
        "curtilage ledger witness state/ --name library.example/w1 --ledger rivermark.vkeys",
    ),
)
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--name", required=True, help="Name of the witness, such as library.example/w1; the same for ever."
)
@click.option(
    "--ledger",
    "ledgers",
    multiple=True,
    required=True,
    metavar="VKEY|FILE",
    help="A verifier key of a ledger to watch, or a file of them; repeatable.",
)
@click.option("--key", default="", help="Key that signs: a file, or pkcs11:... Default: witness.pem in DIR.")
@click.option(
    "--listen", default="127.0.0.1:8420", show_default=True, help="Address and port to answer at, over HTTP."
)
@click.option("--new", is_flag=True, help="Make DIR and the key, show the verifier key, and end.")
def witness(*, folder: Path, name: str, ledgers: tuple[str, ...], key: str, listen: str, new: bool) -> int:
    """Remember the last head of a city's ledger in DIR, sign each that continues it, and refuse a fork.

    Run it on a machine that the city does not control: an oversight board, a library, a newspaper. It
    sees sizes and hashes only, never an entry. For the internet, put a web server with HTTPS before it.
    """
    from curtilage.cli.signers import open_key, read_keys
    from curtilage.encryption.signing import ED25519
    from curtilage.foundation.clock import SystemClock
    from curtilage.ledger.witness import Witness

    host, port = _read_listen(listen)
    if new:
        folder.mkdir(parents=True, exist_ok=True)
    if not folder.is_dir():
        raise UsageError(f"There is no folder {folder}. Nothing was begun. Make it and a key with: --new")
    signer = open_key(folder, key or "witness.pem", ED25519, new=new)
    state = Witness(folder, name=name, signer=signer, ledgers=read_keys(ledgers), clock=SystemClock())
    if new:
        click.echo(state.key.to_vkey())
        return 0
    with _Door((host, port), state) as door:
        render.note(f"Watching at http://{host}:{door.server_port}{_PATH} as {state.key.to_vkey()}")
        try:
            door.serve_forever()
        except KeyboardInterrupt:
            render.note("Stopped. The last heads are kept.")
    return 0


def _read_listen(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65_535:
        raise click.BadParameter("Write ADDRESS:PORT, such as 127.0.0.1:8420.", param_hint="--listen")
    return host.strip("[]"), int(port)


class _Door(ThreadingHTTPServer):
    """Answers requests, a bounded number at once; each within seconds."""

    daemon_threads = True

    def __init__(self, where: tuple[str, int], state: Witness) -> None:
        self.state = state
        self._places = threading.BoundedSemaphore(_MOST_AT_ONCE)
        super().__init__(where, _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Begin with a request when there is a place; others wait at the door."""
        self._places.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Handle a request, and give its place up."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Pass over a connection that broke: nothing was signed, and who asked is nobody's business."""


class _Handler(BaseHTTPRequestHandler):
    """Reads a request, hands it to the witness, writes the answer; keeps no log of who asked."""

    timeout = _SECONDS
    protocol_version = "HTTP/1.1"
    server_version = "curtilage-witness"
    sys_version = ""
    server: _Door

    def do_POST(self) -> None:
        from curtilage.ledger.witness import MOST_REQUEST_BYTES, Answer

        length = self.headers.get("Content-Length", "")
        if self.path != _PATH:
            self._answer(Answer(404, f"Post a checkpoint to {_PATH}.\n"))
        elif not length.isdecimal() or int(length) > MOST_REQUEST_BYTES:
            self._answer(Answer(400, f"A request has a length, of {MOST_REQUEST_BYTES} bytes at most.\n"))
        else:
            self._answer(self._weigh(self.rfile.read(int(length))))

    def do_GET(self) -> None:
        from curtilage.ledger.witness import Answer

        self._answer(Answer(200, f"{self.server.state.key.to_vkey()}\n"))

    def _weigh(self, body: bytes) -> Answer:
        from curtilage.ledger.witness import Answer

        try:
            return self.server.state.add_checkpoint(body)
        except CurtilageError as error:
            click.echo(f"{error}\n[{error.code}]", err=True)
            return Answer(500, "The witness cannot sign now.\n")

    def _answer(self, answer: Answer) -> None:
        body = answer.body.encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        if answer.status != 200:
            self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Write nothing."""


def ask_witness(store: Store, note: bytes, key: Key, address: str) -> bytes:
    """Have a witness sign a checkpoint, and keep what it signed.

    Args:
        store: Where the ledger lies.
        note: A checkpoint that was signed over it.
        key: Key of the witness.
        address: Its address, without a slash at the end.

    Returns:
        The note with the witness's signature.

    Effects:
        Sends size, root and hashes of the tree to the witness, no entry. Keeps the note in the store.

    Raises:
        SilentWitnessError: It did not answer, or not in its form.
        RefusedByWitnessError: The ledger does not continue what it saw.
    """
    from curtilage.ledger.notes import add_signatures, open_note, parse_line
    from curtilage.ledger.signing import keep_cosignatures, read_checkpoint

    size = read_checkpoint(note).size
    body = _ask(store, note, key, address)
    try:
        lines = [parse_line(line) for line in body.splitlines()]
        wanted = [line for line in lines if (line.name, line.key_id) == (key.name, key.id)]
        open_note(add_signatures(note, wanted), [key])
    except EvidenceError as error:
        raise SilentWitnessError(name=key.name, why="what it answered is no signature of its key") from error
    return keep_cosignatures(store, size, wanted)


def _ask(store: Store, note: bytes, key: Key, address: str) -> str:
    """Return the lines that a witness signed; ask again where it remembers another size than we do."""
    from curtilage.ledger.signing import read_checkpoint
    from curtilage.ledger.witness import BadRequestError, ask, read_size

    size, old = read_checkpoint(note).size, _last_size(store, key)
    status, body = _post(ask(store, note, old).to_bytes(), key, address)
    if status == 409:
        try:
            known = read_size(body)
        except BadRequestError as error:
            raise SilentWitnessError(name=key.name, why="it answered 409 without a size") from error
        if known > size or known == old:
            why = f"the {known:,} entries that it signed are not the first of these {size:,}"
            raise RefusedByWitnessError(name=key.name, why=why)
        status, body = _post(ask(store, note, known).to_bytes(), key, address)
    if status in {409, 422}:
        raise RefusedByWitnessError(name=key.name, why="these entries do not continue those that it signed")
    if status != 200:
        raise SilentWitnessError(name=key.name, why=f"it answered {status}")
    return body


def _last_size(store: Store, key: Key) -> int:
    """Return the size of the newest checkpoint that a witness signed, as far as it is kept here; 0 for none."""
    from curtilage.ledger.notes import parse_note
    from curtilage.ledger.signing import list_checkpoints

    for size, name in sorted(list_checkpoints(store), reverse=True):
        kept = store.find_kept(name)
        if kept and any(
            (each.name, each.key_id) == (key.name, key.id) for each in parse_note(kept).signatures
        ):
            return size
    return 0


def _post(body: bytes, key: Key, address: str) -> tuple[int, str]:
    import urllib.error
    import urllib.request

    request = urllib.request.Request(  # noqa: S310 - read_witnesses lets only http and https through
        address + _PATH, data=body, headers={"Content-Type": "text/plain; charset=utf-8"}
    )
    try:
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as answer:  # noqa: S310 - as above
                return answer.status, answer.read(_MOST_ANSWER_BYTES).decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read(_MOST_ANSWER_BYTES).decode()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "reason", None) or type(error).__name__
        raise SilentWitnessError(name=key.name, why=f"{why}") from error
