"""Each kind of event goes to the ledger and comes back; what is not known is refused."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.foundation.canonical import canonical_bytes
from curtilage.ledger.nouns import Actor, Entry
from curtilage.retention import events

VALUES = {
    "str": st.text(st.characters(blacklist_categories=("Cs",)), max_size=9),
    "int": st.integers(0, 2**40),
    "bool": st.booleans(),
    "date": st.dates(date(1900, 1, 1)),
    "tuple[str, ...]": st.lists(st.text("abc", max_size=3)).map(tuple),
    "tuple[tuple[str, str], ...]": st.lists(st.tuples(st.text("abc"), st.text("abc"))).map(tuple),
    "tuple[tuple[str, str, str], ...]": st.lists(st.tuples(*[st.text("abc")] * 3)).map(tuple),
    "tuple[tuple[str, int], ...]": st.lists(st.tuples(st.text("abc"), st.integers(0, 9))).map(tuple),
}


def entry_of(event, position=7):
    at = datetime(2017, 2, 22, 12, tzinfo=UTC)
    actor = Actor("records", "records officer")
    return Entry(position, "retention/x", 1, event.kind, event.version, at, actor, event.data)


def any_of(kind):
    return st.builds(kind, **{each.name: VALUES[each.type] for each in fields(kind)})


@pytest.mark.parametrize("kind", events.KINDS.values(), ids=events.KINDS)
@given(data=st.data())
def test_every_kind_comes_back_as_it_went(kind, data):
    said = data.draw(any_of(kind))

    entry = entry_of(events.to_event(said))

    assert canonical_bytes(entry.data)
    assert events.read(entry) == said
    assert entry.kind == kind.KIND


def test_an_event_of_a_later_version_is_refused():
    event = events.to_event(events.HoldReviewed("h1", date(2017, 8, 1)))

    with pytest.raises(events.UnknownEventError, match="Nothing was decided"):
        events.read(entry_of(replace(event, version=2)))


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("retention.hold-lifted", {"hold": "h1"}),
        ("retention.hold-released", {"hold": "h1"}),
        ("retention.hold-released", {"hold": "h1", "reference": 5}),
    ],
)
def test_what_is_not_known_or_lacks_a_part_is_refused(kind, data):
    event = events.to_event(events.HoldReleased("h1", "order 5"))

    with pytest.raises(events.UnknownEventError, match="Entry 7"):
        events.read(entry_of(replace(event, kind=kind, data=data)))


def test_kinds_and_streams_have_the_rooms_name():
    assert all(kind.startswith("retention.") for kind in events.KINDS)
    assert events.plan_stream("a" * 64) == f"retention/plan-{'a' * 32}"
    assert events.hold_stream("h1") == "retention/hold-h1"


def test_only_one_kind_is_picked_from_many():
    placed = entry_of(events.to_event(events.HoldReleased("h1", "order 5")))
    other = entry_of(events.to_event(events.Begun("a" * 64)))

    assert [data.hold for _, data in events.read_kind((placed, other), events.HoldReleased)] == ["h1"]
