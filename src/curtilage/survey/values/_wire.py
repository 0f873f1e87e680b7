"""How tasks, plans and counts travel between processes: MessagePack of plain values, typed on arrival."""

from __future__ import annotations

from dataclasses import fields
from typing import Final

import msgspec

from curtilage.connectors.content.ports import ContentLimits
from curtilage.survey.values.nouns import Counted, SourcePlan, Task

_encoder: Final = msgspec.msgpack.Encoder()
_tasks: Final = msgspec.msgpack.Decoder(Task)
_plans: Final = msgspec.msgpack.Decoder(SourcePlan)
_counts: Final = msgspec.msgpack.Decoder(Counted)


def encode(what: Task | SourcePlan | Counted) -> bytes:
    """Return the bytes of a task or an answer; characters that are no Unicode text become question marks."""
    try:
        return _encoder.encode(what)
    except UnicodeEncodeError:
        return _encoder.encode(_plain(msgspec.to_builtins(what, builtin_types=(bytes,))))


def decode_task(frame: bytes) -> Task:
    """Return the task of some bytes."""
    return _tasks.decode(frame)


def decode_plan(frame: bytes) -> SourcePlan:
    """Return the plan of some bytes.

    Raises:
        msgspec.ValidationError: They are none.
    """
    return _plans.decode(frame)


def decode_counted(frame: bytes) -> Counted:
    """Return the counts of some bytes.

    Raises:
        msgspec.ValidationError: They are none.
    """
    return _counts.decode(frame)


def encode_limits(limits: ContentLimits) -> str:
    """Return limits as text, for the command line of a worker; what asks whether to stop stays here."""
    plain = {each.name: getattr(limits, each.name) for each in fields(limits) if each.name != "stopped"}
    return msgspec.json.encode(plain).decode()


def decode_limits(text: str) -> ContentLimits:
    """Return the limits that :func:`encode_limits` wrote."""
    return ContentLimits(**msgspec.json.decode(text))


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_plain(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
