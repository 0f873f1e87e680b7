"""What a form posts is cleaned or refused before a program sees it, and everything else arrives as it was."""

import asyncio
import io
import json
from urllib.parse import parse_qsl, urlencode
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.collection.guard.bodies import BodyNotReadableError, Post
from curtilage.collection.guard.middleware import GuardAsgi, GuardWsgi
from curtilage.collection.guard.text import TextRefusedError
from tests.collection.guard.guarded import CANARIES, GUARD, NOTE

FORM = "application/x-www-form-urlencoded"
PARTS = "multipart/form-data; boundary=XyZ"
STRIP = Post(GUARD)
REFUSE = Post(GUARD, strip=False)
CLEAN = GUARD.strip(NOTE).text


def parts(*fields: tuple[str, bytes]) -> bytes:
    body = b"".join(
        b"--XyZ\r\n" + head.encode() + b"\r\n\r\n" + content + b"\r\n" for head, content in fields
    )
    return body + b"--XyZ--\r\n"


def text_part(name: str, content: str) -> tuple[str, bytes]:
    return f'Content-Disposition: form-data; name="{name}"', content.encode()


FILE = (
    'Content-Disposition: form-data; name="scan"; filename="a.bin"\r\nContent-Type: application/pdf',
    bytes(range(256)),
)


def test_a_form_is_cleaned():
    body = urlencode([("name", "Ana"), ("notes", NOTE), ("notes", "")]).encode()
    assert parse_qsl(STRIP.clean(body, FORM).decode(), keep_blank_values=True) == [
        ("name", "Ana"), ("notes", CLEAN), ("notes", ""),
    ]  # fmt: skip


def test_a_form_with_files_is_cleaned_and_its_files_stay():
    cleaned = STRIP.clean(parts(text_part("notes", NOTE), FILE), PARTS)
    assert cleaned == parts(text_part("notes", CLEAN), FILE)


def test_json_is_cleaned_and_keeps_its_writing():
    body = b'{"n": 1.0, "A012345678": ["x", {"k": "%s"}], "big": 1e400 }' % NOTE.encode()
    cleaned = STRIP.clean(body, "application/json")
    assert cleaned.startswith(b'{"n": 1.0, "A012345678": ["x", {"k": "She')
    assert cleaned.endswith(b', "big": 1e400 }')
    assert json.loads(cleaned)["A012345678"][1]["k"] == CLEAN


def test_only_the_named_fields_are_looked_at():
    post = Post(GUARD, frozenset({"notes"}))
    body = urlencode({"ssn": "123-45-6789", "notes": NOTE}).encode()
    assert dict(parse_qsl(post.clean(body, FORM).decode())) == {"ssn": "123-45-6789", "notes": CLEAN}
    nested = json.dumps({"notes": [NOTE, {"ssn": "123-45-6789"}, NOTE]}).encode()
    assert json.loads(post.clean(nested, "application/json")) == {
        "notes": [CLEAN, {"ssn": "123-45-6789"}, CLEAN]
    }


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (urlencode({"notes": NOTE}).encode(), FORM),
        (parts(text_part("notes", NOTE)), PARTS),
        (json.dumps({"notes": NOTE}).encode(), "application/json; charset=utf-8"),
    ],
)
def test_a_refusal_names_fields_and_kinds_and_no_value(body, kind):
    with pytest.raises(TextRefusedError) as refused:
        REFUSE.clean(body, kind)
    assert "notes" in str(refused.value)
    assert not any(value in str(refused.value) for value in CANARIES.values())


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", "application/json"), (b"\xff", "application/json"), (b"x", PARTS), (b"", PARTS), (b"x", "multipart/form-data"),
     ('{"notes": "A012345678"}'.encode("utf-16-le"), "application/json"),
     (parts(('Content-Disposition: form-data; name="notes"\r\nContent-Type: text/plain; charset=utf-16-le',
             "A012345678".encode("utf-16-le"))), PARTS),
     (b"--XyZ\r\n", PARTS), (b"&".join([b"a=b"] * 10_001), FORM), (b"[" * 100_000, "application/json")],
)  # fmt: skip
def test_a_body_that_is_not_what_it_says_is_refused(body, kind):
    with pytest.raises(BodyNotReadableError):
        STRIP.clean(body, kind)


@given(st.binary(max_size=80))
def test_what_holds_nothing_is_passed_on_byte_for_byte(content):
    body = parts(("Content-Disposition: form-data; name=a", content.replace(b"XyZ", b"")))
    if not GUARD.look(content.decode("utf-8", "surrogateescape")):
        assert STRIP.clean(body, PARTS) == body
    assert STRIP.clean(content, "text/csv") == content


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(_json, st.booleans())
def test_every_text_of_json_is_looked_at_wherever_it_stands(value, indented):
    marked = json.dumps([value, {"a": ["A012345678", value]}], indent=2 if indented else None).encode()
    cleaned = json.loads(STRIP.clean(marked, "application/json"))
    assert cleaned[1]["a"][0] == "[Alien registration number (A-Number) not kept]"


def echo(environ, start_response):
    """Answer with what arrived."""
    body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def call_wsgi(guarded, body, kind, **more):
    environ = {
        "REQUEST_METHOD": "POST",
        "QUERY_STRING": "",
        "CONTENT_TYPE": kind,
        "CONTENT_LENGTH": str(len(body)),
        **more,
    }
    environ = {key: value for key, value in environ.items() if value is not None}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = io.BytesIO(body)
    told = []
    answer = validator(guarded)(
        environ, lambda status, headers, info=None: told.append(status) or (lambda _: None)
    )
    content = b"".join(answer)
    answer.close()
    return told[0], content


BODY = urlencode({"notes": NOTE}).encode()


def test_a_wsgi_program_sees_a_clean_form():
    status, seen = call_wsgi(GuardWsgi(validator(echo), STRIP), BODY, FORM)
    assert status == "200 OK"
    assert dict(parse_qsl(seen.decode())) == {"notes": CLEAN}


def test_a_wsgi_program_never_sees_a_refused_form():
    seen = []
    status, said = call_wsgi(GuardWsgi(lambda *call: seen.append(call), REFUSE), BODY, FORM)
    assert status.startswith("422")
    assert not seen
    assert not any(value.encode() in said for value in CANARIES.values())


def test_a_form_that_is_too_large_to_look_through_is_refused():
    assert call_wsgi(GuardWsgi(validator(echo), STRIP, most=10), BODY, FORM)[0].startswith("413")


def test_a_form_that_cannot_be_read_is_refused():
    assert call_wsgi(GuardWsgi(validator(echo), STRIP), b"{", "application/json")[0].startswith("400")


def test_a_form_without_a_length_is_read_to_its_end():
    answer = GuardWsgi(echo, STRIP)(
        {"CONTENT_TYPE": FORM, "wsgi.input": io.BytesIO(BODY), "wsgi.input_terminated": True}, lambda *_: None
    )
    assert dict(parse_qsl(b"".join(answer).decode())) == {"notes": CLEAN}


def call_asgi(post, body, kind, *, chunk=7, gone=False, most=10_000):
    sent, seen = [], []

    async def program(scope, receive, send):
        message = await receive()
        seen.append((dict(scope.get("headers", ())), message.get("body"), message.get("more_body")))
        await send({"type": "http.response.start", "status": 200, "headers": []})

    pieces = [body[at : at + chunk] for at in range(0, len(body), chunk)]
    messages = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    messages.append({"type": "http.disconnect"} if gone else {"type": "http.request", "body": b""})

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "headers": [(b"content-type", kind.encode()), (b"content-length", b"1")]}
    asyncio.run(GuardAsgi(program, post, most=most)(scope, receive, send))
    return sent, seen


def test_an_asgi_program_sees_a_clean_form():
    sent, ((headers, body, more),) = call_asgi(STRIP, BODY, FORM)
    assert sent[0]["status"] == 200
    assert dict(parse_qsl(body.decode())) == {"notes": CLEAN}
    assert headers[b"content-length"] == str(len(body)).encode()
    assert not more


@pytest.mark.parametrize(("post", "most", "status"), [(REFUSE, 10_000, 422), (STRIP, 20, 413)])
def test_an_asgi_program_never_sees_a_refused_form(post, most, status):
    sent, seen = call_asgi(post, BODY, FORM, most=most)
    assert sent[0]["status"] == status
    assert not seen
    assert not any(value.encode() in sent[1]["body"] for value in CANARIES.values())


def test_half_a_form_is_not_passed_on():
    assert call_asgi(STRIP, BODY, FORM, gone=True) == ([], [])


def test_other_bodies_are_not_touched():
    _, ((_, body, more),) = call_asgi(STRIP, b"A012345678", "text/plain")
    assert (body, more) == (b"A012345", True)
