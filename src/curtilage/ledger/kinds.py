"""Between an entry and the class of its kind, for rooms that have one class for each kind of event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Protocol, TypeVar

from curtilage.ledger.nouns import Body, Entry, Event


class Kind(Protocol):
    """A class of data of one kind of event: a dataclass of what may be kept for ever."""

    KIND: ClassVar[str]
    VERSION: ClassVar[int]


Known = TypeVar("Known", bound=Kind)


def write_data(data: Kind, bodies: Mapping[str, Body] | None = None) -> Event:
    """Return what is appended to the ledger for ``data``, with what is about people, by name."""
    import msgspec

    return Event(data.KIND, msgspec.to_builtins(data), bodies or {}, data.VERSION)


def read_data(entry: Entry, kinds: Mapping[str, type[Known]]) -> Known | None:
    """Return the data of an entry; None where its kind, its version or its shape is not one of ``kinds``.

    Who asks refuses then: nothing may be decided on a part of the record.
    """
    import msgspec

    kind = kinds.get(entry.kind)
    if kind is None or entry.version != kind.VERSION:
        return None
    try:
        return msgspec.convert(dict(entry.data), kind)
    except msgspec.ValidationError:
        return None
