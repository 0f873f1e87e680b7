"""No sequence of steps by anybody lets anything leave that must not, whatever chance thinks of."""

from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from curtilage.disclosure.case import desk as desks
from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case import nouns
from curtilage.disclosure.case.roles import MAY, STATES, roles_of
from curtilage.disclosure.case.state import list_cases, read_case
from curtilage.disclosure.case.steps import Step
from curtilage.disclosure.case.words import list_statable
from curtilage.disclosure.nouns import HOLDERS, ISSUERS, ROLES, SCOPES, SIGNERS
from curtilage.disclosure.policy.instruments import load_instruments
from tests.disclosure.caseaudit import audit
from tests.disclosure.casework import (
    BOARD,
    BUYER,
    CHIEF,
    CLERK,
    DESK,
    EVERYBODY,
    LAW,
    NIGHT,
    PLAN,
    PRIVACY,
    RECORDS,
    RELEASER,
    SECOND_LAW,
    TODAY,
    active,
    asked,
    classified,
    facts,
    identified,
    make_desk,
    narrowed,
    opened,
    planned,
    policies,
    received,
    released,
)
from tests.soak import TIMES

PEOPLE = st.sampled_from(EVERYBODY)
LIKELY = st.sampled_from(
    [
        "judicial-warrant",
        "i-200",
        "i-138",
        "grand-jury-subpoena",
        "own-request",
        "emergency-request",
        "records-request",
        "mandatory-report",
    ]
)
YES = st.booleans()
WORD = st.sampled_from(["yes", "no", "none", *SCOPES])


def pick(*words):
    return st.sampled_from([*words])


FACT = st.builds(ev.FactStated, pick(*list_statable(), *STATES, "acting_role", "held"), WORD)
STEPS = st.one_of(
    st.builds(
        classified,
        LIKELY | pick(*load_instruments()),
        civil_immigration=YES,
        gag=pick(False, False, False, True),
        holder=pick(*HOLDERS),
        custody=pick("city", "city", "vendor"),
    ),
    st.builds(identified, pick(*ISSUERS), pick(*SIGNERS), pick(*nouns.AUTHENTIC), pick(*nouns.PROOFS)),
    FACT,
    st.builds(ev.Assigned, pick("law", "records", "window", "nobody")),
    st.builds(ev.Held, pick(*nouns.GROUNDS), st.none()),
    st.builds(ev.HoldLifted, pick(*nouns.GROUNDS)),
    st.builds(ev.Confirmed, pick(*nouns.CONFIRMED)),
    st.builds(narrowed, subjects=st.integers(0, 3)),
    st.builds(ev.Objected, st.just(""), st.none()),
    st.builds(ev.Refused, st.just("")),
    st.builds(ev.Answered, pick(*nouns.ANSWERS), st.just("")),
    st.builds(planned, subjects=st.integers(0, 3)),
    st.builds(ev.Approved, st.just(PLAN), pick(*ROLES)),
    st.builds(ev.ReleaseIntended, st.just(PLAN), st.just("package.age")),
    st.builds(released, rows=st.integers(0, 3)),
    st.builds(ev.ReleaseStopped, st.just(PLAN), st.just("gave-up")),
    st.builds(ev.Preserved, st.just("case-hold")),
    st.builds(ev.Noticed, pick(*nouns.TOLD), pick(*nouns.WAYS), st.just(TODAY)),
    st.builds(ev.Reviewed, pick(*nouns.REVIEWERS), pick(*nouns.REVIEW_FINDINGS), pick(*nouns.REVIEW_NOTES)),
    st.builds(ev.Closed, pick(*nouns.RESULTS)),
)
COURT = (*asked(in_force="yes"), narrowed(), *facts(scope="matched"), ev.Confirmed("order"))
CONSENT = facts(
    consent__written="yes", consent__specific="yes", consent__by_the_subject="yes", consent__revoked="no"
)
STATUTE = facts(
    **{f"mandatory_authority__{part}": "yes" for part in ("compels", "current", "names_the_fields")}
)
WAYS = {
    "order": (LAW, [classified(), identified(), *COURT]),
    "consent": (LAW, [classified("own-request"), identified("subject", "subject"), *asked(motion_pending=""), *CONSENT, narrowed()]),
    "statute": (LAW, [classified("mandatory-report"), identified("state-or-local-agency", "agency-official"), *asked(motion_pending=""), *STATUTE, narrowed()]),
    "public": (RECORDS, [classified("records-request"), identified("public", "nobody"), *asked(motion_pending=""), *facts(public_record="yes", exempt_fields="no"), narrowed()]),
    "emergency": (CHIEF, [classified("emergency-request"), identified("state-or-local-agency", "nobody", how="call-back"), *asked(motion_pending=""), narrowed()]),
}  # fmt: skip
WHO = {
    "order": (LAW, RECORDS, [(RELEASER, "releaser"), (LAW, "counsel")], RELEASER),
    "consent": (LAW, RECORDS, [(RELEASER, "releaser"), (LAW, "counsel")], RELEASER),
    "statute": (LAW, RECORDS, [(PRIVACY, "privacy-officer"), (LAW, "counsel")], PRIVACY),
    "public": (RECORDS, LAW, [(RECORDS, "records-officer"), (RELEASER, "releaser")], RECORDS),
    "emergency": (CHIEF, RECORDS, [(NIGHT, "supervisor")], CHIEF),
}
seen = Counter()


class Cases(RuleBasedStateMachine):
    """Two cases, everybody of a town, and whatever they may think of."""

    def __init__(self):
        super().__init__()
        self.desk = make_desk()
        self.cases = [desks.open_case(self.desk, received(), by=DESK).case.id for _ in range(2)]
        self.ways, self.places = {}, {}

    def take(self, case, *steps, by):
        acted = desks.act(self.desk, self.cases[case], *steps, by=by)
        seen["steps"] += 1
        seen.update(entry.kind for entry in acted.entries)
        assert acted or acted.reasons

    @rule(case=st.integers(0, 1), step=STEPS, by=PEOPLE)
    def somebody_does_something(self, case, step, by):
        self.take(case, step, by=by)

    @rule(case=st.integers(0, 1), step=STEPS, chance=st.integers(0, 99))
    def somebody_whose_work_it_is_does_something(self, case, step, chance):
        may = MAY[type(step.data if isinstance(step, Step) else step)]
        fitting = [each for each in EVERYBODY if roles_of(each) & may]
        self.take(case, step, by=fitting[chance % len(fitting)])

    @rule(case=st.integers(0, 1), by=PEOPLE, called_back=YES, minimum_only=YES)
    def somebody_states_an_emergency(self, case, by, called_back, minimum_only):
        self.take(case, opened(self.desk, called_back=called_back, minimum_only=minimum_only), by=by)

    @rule(case=st.integers(0, 1), way=pick(*WAYS), steps=st.integers(1, 8))
    def those_whose_work_it_is_work_on_it(self, case, way, steps):
        for number in range(steps):
            self.work(case, self.ways.setdefault(case, way), number)

    def work(self, case, way, number):
        """Do the next thing of what leads to a release; where it is refused, begin again."""
        by, plan_by, approvers, releaser = WHO[way]
        script = [
            lambda: self.take(case, *WAYS[way][1], by=by),
            lambda: self.take(case, opened(self.desk), by=CHIEF) if way == "emergency" else None,
            lambda: self.ask(case, by=by),
            lambda: self.take(case, ev.Confirmed("outcome"), by=LAW),
            lambda: self.take(case, planned(), by=plan_by),
            *(
                lambda given=given: self.take(case, ev.Approved(PLAN, given[1]), by=given[0])
                for given in approvers
            ),
            lambda: self.take(case, ev.ReleaseIntended(PLAN, "package.age"), by=releaser),
            lambda: self.take(case, released(), by=releaser),
        ]
        at = self.places.get(case, 0)
        self.places[case] = (at + 1) % len(script)
        script[at]()
        if self.places[case] == 0:
            self.ways.pop(case, None)

    @rule(case=st.integers(0, 1), by=PEOPLE | pick(RECORDS, LAW), packs=pick((), (), ("or",), ("tx",)))
    def somebody_asks_policy(self, case, by, packs):
        self.ask(case, by=by, packs=packs)

    def ask(self, case, *, by, packs=()):
        acted = desks.rule(self.desk, self.cases[case], policies(*packs), active(*packs), by=by)
        seen["steps"] += 1
        seen.update(entry.kind for entry in acted.entries)

    @rule(case=st.integers(0, 1), by=pick(RECORDS, RELEASER, LAW, CHIEF))
    def somebody_confirms_and_plans(self, case, by):
        self.take(case, ev.Confirmed("outcome"), by=SECOND_LAW)
        self.take(case, planned(), by=by)

    @rule(
        case=st.integers(0, 1),
        by=pick(RECORDS, RELEASER, LAW, CHIEF, NIGHT, PRIVACY, BUYER),
        role=pick(*ROLES),
    )
    def somebody_approves(self, case, by, role):
        self.take(case, ev.Approved(PLAN, role), by=by)

    @rule(case=st.integers(0, 1), by=pick(RECORDS, RELEASER, PRIVACY, CHIEF, NIGHT, CLERK, BOARD))
    def somebody_releases(self, case, by):
        self.take(case, ev.ReleaseIntended(PLAN, "package.age"), by=by)
        self.take(case, released(), by=by)

    @rule(hours=st.integers(1, 30))
    def time_passes(self, hours):
        self.desk.clock.move(timedelta(hours=hours))

    @invariant()
    def nothing_left_that_must_not(self):
        for case in self.cases:
            audit(self.desk.ledger.read(ev.case_stream(case)))

    @invariant()
    def a_case_is_the_same_read_alone_and_with_all_others(self):
        assert [read_case(self.desk.ledger, case) for case in self.cases] == list(
            list_cases(self.desk.ledger)
        )


def run(examples, steps):
    quiet = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    seen.clear()
    run_state_machine_as_test(Cases, settings=quiet)


def test_no_sequence_of_steps_lets_anything_leave_that_must_not():
    run(20, 40)
    assert seen["steps"] > 300


@pytest.mark.soak
def test_no_long_sequence_of_steps_does_either():
    run(TIMES * 2, 80)
    if TIMES >= 50:
        assert seen["disclosure.released"] > 0, "chance has released nothing: it proves little"
