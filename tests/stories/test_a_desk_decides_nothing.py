"""A "warrant" comes to a counter: the desk hands it on, a reviewer reads it, and nothing leaves.

"Limit the discretion of individual employees": a clerk is shown a paper that says warrant, in capitals, by somebody
in a hurry. The clerk need not know what it is. What is said at the counter is the same for a resident whom the
city knows and for one whom it does not; the paper is sealed; a reviewer is told what to look at; policy answers.

Source:
    sunlight-2017, limit the discretion of individual employees.
"""

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act, rule
from curtilage.disclosure.intake.form import read_form
from curtilage.disclosure.intake.front import Arrival, add_details, attach_paper, find_person, receive
from curtilage.disclosure.intake.hints import read_hints
from curtilage.disclosure.intake.paper import TEXT, join_pages
from curtilage.disclosure.intake.record import list_steps
from curtilage.disclosure.intake.script import list_calls, make_script
from tests.disclosure.casework import LAW, OFFICERS, PRIVACY, TODAY, active, make_desk, policies
from tests.disclosure.paperwork import form

PAPER = """\
U.S. DEPARTMENT OF HOMELAND SECURITY
WARRANT FOR ARREST OF ALIEN
To any immigration officer: I have determined that there is probable cause to believe that
XOCHITL CANARY is removable from the United States.
(Signature of Authorized Immigration Officer)
Form I-200 (Rev. 09/16)
"""
COUNTER = Arrival("counter", "housing", "unsure")
READ = {
    "instrument": "i-200",
    "form": "I-200",
    "revision": "09/16",
    "signer": "immigration-officer",
    "return_by": None,
}


def open_at_counter(desk, about):
    clerk = find_person(desk, "housing-counter")
    case = receive(desk, COUNTER, lang="en", by=clerk).case.id
    add_details(desk, case, asker={"agency": "an agency"}, words=f"Does {about} live here?", by=clerk)
    return clerk, case


def test_what_is_said_at_the_counter_does_not_depend_on_who_is_asked_about():
    desk = make_desk()
    said = set()
    for about in ("Xochitl Canary", "somebody whom nobody knows"):
        _, case = open_at_counter(desk, about)
        script = make_script(
            "counter", "unsure", lang="en", calls=list_calls(OFFICERS, danger=False), case=case
        )
        said.add(repr(script).replace(case, "CASE"))

    assert len(said) == 1


def test_a_clerk_may_receive_and_hand_on_and_nothing_else():
    desk = make_desk()
    clerk, case = open_at_counter(desk, "Xochitl Canary")
    handed_on = act(desk, case, attach_paper(PAPER.encode(), TEXT, pages=1, hints=()), by=clerk)
    taken = [step for step in list_steps(reading_of_the_form()) if act(desk, case, step, by=clerk)]

    assert handed_on
    assert {type(step.data) for step in taken} == {ev.Attached}  # what only adds
    assert not rule(desk, case, policies(), active(), by=clerk)


def test_the_reviewer_is_told_what_it_is_not_and_policy_lets_nothing_leave():
    desk = make_desk()
    clerk, case = open_at_counter(desk, "Xochitl Canary")
    reading = read_hints(join_pages([PAPER]), today=TODAY)
    act(desk, case, attach_paper(PAPER.encode(), TEXT, pages=1, hints=reading.ids), by=clerk)
    taken = act(desk, case, *list_steps(reading_of_the_form()), ev.FactStated("motion_pending", "no"), by=LAW)
    answered = rule(desk, case, policies(), active(), by=PRIVACY)

    assert reading.best("instrument") == "i-200"
    assert "administrative-warrant" in {look.id for look in reading.looks}
    assert taken, taken.reasons
    assert answered.case.ruling.outcome == "decline"
    assert b"CANARY" not in b"".join(entry.to_bytes() for entry in desk.ledger.read_all()).upper()


def reading_of_the_form():
    """Return what the reviewer wrote into the form, for a case that stands."""
    raw = form(**READ, hints=["form-i-200"], statute=None, channel=None, department=None, saw=None)
    return read_form(raw, source="intake.yml", today=TODAY, is_new=False)
