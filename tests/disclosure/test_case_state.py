"""A case is the fold of its own stream, alone and among all others."""

from datetime import UTC, datetime

import pytest

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import (
    NoSuchBodyError,
    UndeclaredSeriesError,
    act,
    open_body,
    open_case,
)
from curtilage.disclosure.case.nouns import Stage
from curtilage.disclosure.case.state import (
    CASES,
    BrokenCaseError,
    UnknownCaseError,
    evolve,
    find_id,
    list_cases,
    read_case,
)
from curtilage.disclosure.case.waiting import list_waiting
from curtilage.ledger.nouns import Actor, Entry, Event
from curtilage.ledger.snapshots import keep_snapshot, load_state, rebuild
from tests.disclosure.casework import (
    BOARD,
    DESK,
    LAW,
    PLAN,
    RECORDS,
    RELEASER,
    TODAY,
    asked,
    begin,
    decide,
    done,
    emergency,
    facts,
    identified,
    make_desk,
    order_in_hand,
    planned,
    ready,
    received,
    released,
    step,
)
from tests.disclosure.test_case_steps import one_of_each


@pytest.fixture
def desk():
    return make_desk()


def stages(desk, case):
    return read_case(desk.ledger, case).stage


def test_a_case_passes_its_stages(desk):
    case = done(open_case(desk, received(), by=DESK)).case.id
    assert stages(desk, case) is Stage.RECEIVED
    case = order_in_hand(desk)
    assert stages(desk, case) is Stage.DECIDED
    done(act(desk, case, planned(), by=RECORDS))
    assert stages(desk, case) is Stage.PLANNED
    done(act(desk, case, ev.Approved(PLAN, "releaser"), by=RELEASER))
    done(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    assert stages(desk, case) is Stage.APPROVED
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
    assert stages(desk, case) is Stage.RELEASING
    done(act(desk, case, released(), by=RELEASER))
    assert stages(desk, case) is Stage.RELEASED
    done(act(desk, case, ev.Closed("released"), by=RECORDS))
    assert stages(desk, case) is Stage.CLOSED


def test_a_new_fact_after_an_answer_opens_the_case_again(desk):
    case = begin(desk, "i-138", civil_immigration=True)
    done(act(desk, case, identified("immigration-agency", "immigration-officer"), *asked(), by=LAW))
    decide(desk, case)
    done(act(desk, case, ev.Objected("", None), by=LAW))
    assert stages(desk, case) is Stage.ANSWERED
    done(act(desk, case, ev.FactStated("enforced_by_court", "yes"), by=LAW))
    assert stages(desk, case) is Stage.CLASSIFIED


def test_every_kind_of_event_is_read_as_it_was_written(desk):
    for number, each in enumerate(one_of_each(desk), 1):
        data = getattr(each, "data", each)
        event = ev.to_event(data)
        entry = Entry(0, "disclosure/case-abcdefgh", number, event.kind, event.version, NOW, WHO, event.data)
        assert ev.read(Entry.from_bytes(entry.to_bytes())) == data


NOW = datetime(2026, 11, 23, 18, tzinfo=UTC)
WHO = Actor("law", "counsel")


@pytest.mark.parametrize(
    ("kind", "version", "data"),
    [
        ("disclosure.unheard-of", 1, {}),
        ("disclosure.assigned", 2, {"officer": "law"}),
        ("disclosure.assigned", 1, {}),
        ("disclosure.assigned", 1, {"officer": 7}),
    ],
)
def test_an_event_that_is_not_known_here_stops_everything(kind, version, data):
    entry = Entry(7, "disclosure/case-abcdefgh", 2, kind, version, NOW, WHO, data)
    with pytest.raises(ev.UnknownCaseEventError, match="Entry 7"):
        ev.read(entry)


def test_a_stream_that_begins_with_no_receipt_is_no_case():
    event = ev.to_event(ev.Assigned("law"))
    entry = Entry(3, "disclosure/case-abcdefgh", 1, event.kind, 1, NOW, WHO, event.data)
    with pytest.raises(BrokenCaseError, match="Entry 3"):
        evolve(None, entry)


def test_a_second_receipt_is_no_case(desk):
    case = begin(desk)
    stream = ev.case_stream(case)
    desk.ledger.append(stream, 2, [ev.to_event(received(case).data)], by=WHO)
    with pytest.raises(BrokenCaseError):
        read_case(desk.ledger, case)


def test_a_case_is_found_by_how_its_id_begins(desk):
    case = begin(desk)
    assert find_id(desk.ledger, case[:4]) == case
    for given in ("zzzzzzzz", case[:3], ""):
        with pytest.raises(UnknownCaseError):
            find_id(desk.ledger, given)


def test_two_cases_that_begin_alike_are_not_guessed_between(desk):
    for case in ("abcdaaaa", "abcdbbbb"):
        done(open_case(desk, received(case), by=DESK))
    with pytest.raises(UnknownCaseError, match="2 cases begin so"):
        find_id(desk.ledger, "abcd")
    assert find_id(desk.ledger, "abcda") == "abcdaaaa"


def test_ids_say_neither_when_nor_how_many():
    drawn = {ev.draw_id() for _ in range(200)}
    assert len(drawn) == 200
    assert all(len(each) == 8 and set(each) <= set("abcdefghijklmnopqrstuvwxyz234567") for each in drawn)


def test_all_cases_are_the_same_from_a_snapshot(desk):
    for begun in (order_in_hand, emergency, begin, begin, begin):
        begun(desk)
    before = list_cases(desk.ledger)
    keep_snapshot(desk.ledger, CASES, load_state(desk.ledger, CASES))
    assert load_state(desk.ledger, CASES).folded == 0
    assert list_cases(desk.ledger) == before
    assert rebuild(desk.ledger, CASES).is_same


def test_a_snapshot_holds_nothing_that_is_sealed(desk):
    words = step(received().data, words="Where does Maria Lopez live?", asker="Agent Smith, 555-0100")
    done(open_case(desk, words, by=DESK))
    keep_snapshot(desk.ledger, CASES, load_state(desk.ledger, CASES))
    kept = b"".join(desk.ledger.store.find_kept(name) for name in desk.ledger.store.list_kept())
    assert b"disclosure" in kept
    assert b"Maria" not in kept
    assert b"Smith" not in kept


def test_what_was_sealed_is_opened_by_its_name(desk):
    case = done(open_case(desk, step(received().data, words="Who lives there?"), by=DESK)).case
    assert open_body(desk.ledger, case, "words").unsafe_reveal() == "Who lives there?"
    with pytest.raises(NoSuchBodyError, match="no letter"):
        open_body(desk.ledger, case, "letter")


def test_nothing_is_sealed_on_a_series_that_nobody_declared(desk):
    from dataclasses import replace

    bare = replace(desk, declared=replace(desk.declared, series=()))
    with pytest.raises(UndeclaredSeriesError, match="disclosure-requests"):
        open_case(bare, step(received().data, words="Who?"), by=DESK)
    assert desk.ledger.count() == 0


def test_the_record_of_a_case_names_nobody(desk):
    told = step(received().data, words="Where is Maria Lopez?", asker="Agent Smith")
    case = done(open_case(desk, told, by=DESK)).case.id
    written = b"".join(entry.to_bytes() for entry in desk.ledger.read(ev.case_stream(case)))
    assert b"Maria" not in written
    assert b"Smith" not in written


# --- what a case waits for -----------------------------------------------------------------------


def waiting(desk, case):
    return [each.code for each in list_waiting(read_case(desk.ledger, case), desk.now())]


def test_a_case_says_what_it_waits_for_from_the_first_day_to_the_last(desk):
    case = done(open_case(desk, received(), by=DESK)).case.id
    assert waiting(desk, case) == ["classify", "unassigned"]
    done(act(desk, begin(desk), ev.Assigned("records"), by=LAW))
    assert waiting(desk, begin(desk)) == ["facts", "facts", "facts", "unassigned"]
    case = order_in_hand(desk)
    done(act(desk, case, ev.Assigned("records"), by=LAW))
    assert waiting(desk, case) == ["plan"]
    case = ready(desk)
    assert waiting(desk, case) == ["release", "unassigned"]
    done(act(desk, case, ev.ReleaseIntended(PLAN, "package.age"), by=RELEASER))
    assert waiting(desk, case) == ["release-begun", "unassigned"]
    done(act(desk, case, released(), by=RELEASER))
    done(act(desk, case, ev.Closed("released"), by=RECORDS))
    assert waiting(desk, case) == []


def test_an_emergency_waits_for_its_review_first(desk):
    case = emergency(desk)
    assert waiting(desk, case)[0] == "review"
    done(act(desk, case, ev.Reviewed("board", "proper", "none"), by=BOARD))
    assert "review" not in waiting(desk, case)


def test_a_hold_waits_to_be_looked_at_on_its_day(desk):
    case = begin(desk)
    done(act(desk, case, ev.Held("motion", TODAY), by=LAW))
    assert waiting(desk, case)[0] == "hold"


def test_a_held_case_says_so_before_anything_else(desk):
    case = order_in_hand(desk)
    done(act(desk, case, ev.Held("counsel", None), by=LAW))
    assert waiting(desk, case)[0] == "hold"
    assert not decide(desk, case).ruling.lets_leave


@pytest.mark.parametrize(
    ("instrument", "issuer", "signer", "verb"),
    [
        ("i-200", "immigration-agency", "immigration-officer", "refuse"),
        ("i-138", "immigration-agency", "immigration-officer", "object"),
        ("judicial-warrant", "court", "judge", "show"),
        ("status-inquiry", "public", "nobody", "show"),
    ],
)
def test_what_follows_from_an_answer_is_named_with_its_command(desk, instrument, issuer, signer, verb):
    case = begin(desk, instrument, civil_immigration=instrument.startswith("i-"))
    wishes = {"status": "yes", "other_personal": "no"} if instrument == "status-inquiry" else {}
    done(act(desk, case, identified(issuer, signer), *asked(**wishes), by=LAW))
    decide(desk, case)
    answer = list_waiting(read_case(desk.ledger, case), desk.now())[0]
    assert (answer.code, answer.command) == ("answer", f"{verb} {case}")


def test_a_plan_says_how_many_are_still_to_approve(desk):
    case = order_in_hand(desk)
    done(act(desk, case, planned(), by=RECORDS))
    first = list_waiting(read_case(desk.ledger, case), desk.now())[0]
    assert (first.what, first.command) == ("2 more people approve the plan.", f"approve {case} {PLAN[:12]}")
    done(act(desk, case, ev.Approved(PLAN, "counsel"), by=LAW))
    assert (
        list_waiting(read_case(desk.ledger, case), desk.now())[0].what == "1 more person approves the plan."
    )


def test_a_case_without_bounds_or_counsels_word_waits_for_them(desk):
    case = begin(desk, "own-request")
    given = {"written": "yes", "specific": "yes", "by_the_subject": "yes", "revoked": "no"}
    consent = facts(**{f"consent__{part}": word for part, word in given.items()})
    done(act(desk, case, identified("subject", "subject"), *asked(motion_pending=""), *consent, by=LAW))
    decide(desk, case)
    assert waiting(desk, case) == ["confirm", "narrow", "unassigned"]


def test_every_command_that_is_named_is_one(desk):
    from curtilage.cli.disclosure import disclosure

    cases = [begin(desk), order_in_hand(desk), ready(desk), emergency(desk)]
    told = [each for case in cases for each in list_waiting(read_case(desk.ledger, case), desk.now())]
    assert {each.command.split()[0] for each in told} <= set(disclosure.table)


def test_a_ledger_of_another_make_is_folded_too(desk):
    class Other:
        def read_all(self, **words):
            return desk.ledger.read_all(**words)

    begin(desk)
    desk.ledger.append("other/stream", 0, [Event("other.thing", {})], by=WHO)
    assert list_cases(Other()) == list_cases(desk.ledger)
