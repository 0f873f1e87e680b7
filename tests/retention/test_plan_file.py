"""A plan comes back as it was written, and one changed byte is no plan."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.disposal.nouns import (
    Aggregate,
    Clear,
    Delete,
    DestroyKey,
    DropPartition,
    TransferThen,
)
from curtilage.retention.plan_file import (
    PART,
    PlanChangedError,
    PlanNotReadableError,
    join_plan,
    read_plan,
    split_plan,
    write_plan,
)
from tests.retention.plans import ITEM, plan_of

FILE = write_plan(plan_of())
ACTS = [
    Clear(("ssn",)),
    Aggregate(("month",), "counts.rows"),
    DropPartition("p2011"),
    DestroyKey("vault"),
    TransferThen(Delete(), "archives"),
]


def test_a_plan_comes_back_as_it_was_written():
    assert read_plan(FILE) == plan_of()


@pytest.mark.parametrize("act", ACTS, ids=lambda act: type(act).__name__)
def test_each_act_comes_back(act):
    plan = plan_of(replace(ITEM, act=act, oldest=None, held=(), along=(), approved=None))

    assert read_plan(write_plan(plan)) == plan


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_one_changed_byte_refuses(at, change):
    changed = bytearray(FILE)
    changed[at] ^= change

    with pytest.raises((PlanChangedError, PlanNotReadableError)):
        read_plan(bytes(changed))


@given(st.integers(0, len(FILE)), st.sampled_from([b" ", b"\n", b"0", b","]))
def test_one_more_byte_refuses(at, more):
    with pytest.raises((PlanChangedError, PlanNotReadableError)):
        read_plan(FILE[:at] + more + FILE[at:])


def test_a_plan_under_the_id_of_another_is_refused():
    said = json.loads(FILE)
    said["items"][0]["rows"] = 9

    with pytest.raises(PlanChangedError, match="Nothing was deleted"):
        read_plan((json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"\xff", b'{"id": 5}', b"[" * 100_000])
def test_what_is_no_plan_is_refused(content):
    with pytest.raises(PlanNotReadableError, match="Nothing was deleted"):
        read_plan(content)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("format", "curtilage-plan/2"),
        ("day", "2017-2-22"),
        ("items", None),
        ("more", 1),
        ("made", "yesterday"),
    ],
)
def test_a_plan_of_another_form_is_refused(name, value):
    with pytest.raises(PlanNotReadableError):
        read_plan(json.dumps(json.loads(FILE) | {name: value}).encode())


def test_a_long_plan_goes_through_the_ledger_in_parts():
    plan = plan_of(*(replace(ITEM, id=f"{ITEM.id}#{number:04}", title="é" * 50) for number in range(200)))
    parts = list(split_plan(plan))

    assert len(parts) > 1
    assert all(len(part.encode()) <= PART * 4 for part in parts)
    assert join_plan(plan.id, parts) == plan


def test_parts_of_another_plan_are_refused():
    with pytest.raises(PlanChangedError):
        join_plan("0" * 64, list(split_plan(plan_of())))
    with pytest.raises(PlanChangedError):
        join_plan(plan_of().id, list(split_plan(plan_of()))[:-1])


def test_rows_and_signers_are_those_of_all_lines():
    plan = plan_of(ITEM, replace(ITEM, id="x", rows=5, signers=("counsel",)))

    assert plan.rows == 13
    assert plan.signers == ("counsel", "department head", "records officer")
