"""How tasks and answers travel between processes: MessagePack of plain values, typed on arrival."""

from __future__ import annotations

from typing import Final

import msgspec

from curtilage.connectors.ports import Limits
from curtilage.survey.task import Answer, Task

_encoder: Final = msgspec.msgpack.Encoder()
_tasks: Final = msgspec.msgpack.Decoder(Task)
_answers: Final = msgspec.msgpack.Decoder(Answer)


def encode_task(task: Task) -> bytes:
    """Return the bytes of a task."""
    return _encoder.encode(task)


def decode_task(frame: bytes) -> Task:
    """Return the task of some bytes."""
    return _tasks.decode(frame)


def encode_answer(answer: Answer) -> bytes:
    """Return the bytes of an answer; characters that are no Unicode text become question marks."""
    try:
        return _encoder.encode(answer)
    except UnicodeEncodeError:
        return _encoder.encode(_plain(msgspec.to_builtins(answer)))


def decode_answer(frame: bytes) -> Answer:
    """Return the answer of some bytes.

    Raises:
        msgspec.ValidationError: They are not one.
    """
    return _answers.decode(frame)


def encode_limits(limits: Limits) -> str:
    """Return limits as text, for the command line of a worker."""
    return msgspec.json.encode(limits).decode()


def decode_limits(text: str) -> Limits:
    """Return the limits that :func:`encode_limits` wrote."""
    return msgspec.json.decode(text, type=Limits)


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
