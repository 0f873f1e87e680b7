"""Put a guard in front of a web program: WSGI (Django, Flask) and ASGI (Starlette, FastAPI, Django).

::

    application = GuardWsgi(application)                       # pieces are taken out
    application = GuardAsgi(application, Post(Guard(), frozenset({"notes"}), strip=False))  # refused

What is posted as a form, a form with files or JSON is looked through before the program sees it. Files
themselves are passed on as they are. What cannot be read or is larger than ``most`` is refused: a
guard that lets through what it could not look at is none.
"""

from __future__ import annotations

import io
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Final

from curtilage.collection.guard.bodies import Post
from curtilage.collection.guard.text import Guard, TextRefusedError
from curtilage.foundation.errors import CurtilageError

MOST: Final = 64 * 2**20
"""Bytes of a body; chosen: beyond what forms with scanned papers take."""
_TYPES: Final = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json")
_TOO_LARGE: Final = (
    "The form is larger than may be looked through here. Nothing of it was stored or passed on. "
    "Send it with fewer or smaller files."
)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class GuardWsgi:
    """A WSGI program with a guard in front of it. Source: PEP 3333.

    Args:
        program: The program that is guarded.
        post: What to do with posts; None to take pieces out of every field.
        most: Bytes of a body that is looked through; a larger one is refused with status 413.
    """

    def __init__(
        self, program: Callable[..., Iterable[bytes]], post: Post | None = None, *, most: int = MOST
    ) -> None:
        self.program, self.post, self.most = program, post or Post(Guard()), most

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request, or refuse it."""
        if not _is_guarded(environ.get("CONTENT_TYPE", "")):
            return self.program(environ, start_response)
        body = environ["wsgi.input"].read(self._length(environ))
        status, clean = _clean(self.post, body, environ["CONTENT_TYPE"], self.most)
        if status:
            start_response(status, [*_headers(clean)])
            return [clean]
        guarded = {**environ, "wsgi.input": io.BytesIO(clean), "CONTENT_LENGTH": str(len(clean))}
        guarded.pop("HTTP_TRANSFER_ENCODING", None)
        return self.program(guarded, start_response)

    def _length(self, environ: dict[str, Any]) -> int:
        """Return how much to read: one byte more than is allowed tells that it is too much."""
        given = environ.get("CONTENT_LENGTH") or ""
        if given.isdecimal():
            return min(int(given), self.most + 1)
        return self.most + 1 if environ.get("wsgi.input_terminated") else 0


class GuardAsgi:
    """An ASGI program with a guard in front of it. Source: ASGI specification 3.0, HTTP.

    Args:
        program: The program that is guarded.
        post: What to do with posts; None to take pieces out of every field.
        most: Bytes of a body that is looked through; a larger one is refused with status 413.
    """

    def __init__(
        self,
        program: Callable[[Scope, Receive, Send], Awaitable[None]],
        post: Post | None = None,
        *,
        most: int = MOST,
    ) -> None:
        self.program, self.post, self.most = program, post or Post(Guard()), most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        headers = dict(scope.get("headers", ())) if scope["type"] == "http" else {}
        content_type = headers.get(b"content-type", b"").decode("latin-1")
        if not _is_guarded(content_type):
            await self.program(scope, receive, send)
            return
        body, whole = await self._read(receive)
        if not whole:
            return  # whoever asked went away before the form was there
        status, clean = _clean(self.post, body, content_type, self.most)
        if status:
            pairs = [(name.lower().encode(), value.encode()) for name, value in _headers(clean)]
            await send({"type": "http.response.start", "status": int(status[:3]), "headers": pairs})
            await send({"type": "http.response.body", "body": clean})
            return
        kept = [pair for pair in scope["headers"] if pair[0] not in (b"content-length", b"transfer-encoding")]
        guarded = {**scope, "headers": [*kept, (b"content-length", str(len(clean)).encode())]}
        await self.program(guarded, _once(clean, receive), send)

    async def _read(self, receive: Receive) -> tuple[bytes, bool]:
        body = bytearray()
        while len(body) <= self.most:
            message = await receive()
            if message["type"] != "http.request":
                return b"", False
            body += message.get("body", b"")
            if not message.get("more_body", False):
                break
        return bytes(body), True


def _is_guarded(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return kind in _TYPES or kind.endswith("+json")


def _clean(post: Post, body: bytes, content_type: str, most: int) -> tuple[str, bytes]:
    """Return an empty status and the body to pass on, or the status of a refusal and what it says."""
    if len(body) > most:
        return "413 Content Too Large", _TOO_LARGE.encode()
    try:
        return "", post.clean(body, content_type)
    except TextRefusedError as error:
        return "422 Unprocessable Content", str(error).encode()
    except CurtilageError as error:
        return "400 Bad Request", str(error).encode()


def _headers(content: bytes) -> list[tuple[str, str]]:
    return [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(content))),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
    ]


def _once(body: bytes, receive: Receive) -> Receive:
    """Return what gives the guarded body first, then what comes after it (that somebody went away)."""
    given = False

    async def give() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give
