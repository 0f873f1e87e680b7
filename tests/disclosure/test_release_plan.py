"""What would leave is planned in fields and counts; what would reach too far, or nobody, is refused."""

import pytest

from curtilage.connectors.retrieval.ports import UnfitWantedError
from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.desk import act
from curtilage.disclosure.release.reach import BASIS_OF, basis_of
from tests.disclosure import casework as cw
from tests.disclosure.releases import SCOPE, SERIES, Town, load_town, narrow

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


def entry(place, about, fields, *, period="none named", **more):
    extra = "".join(f"\n    {key}: {value}" for key, value in more.items())
    return f"period: {period}\nrecords:\n  - in: {place}\n    about: {about}\n    fields: {fields}{extra}\n"


def codes(planned):
    assert not planned
    assert "Canary" not in str(planned.reasons)
    return {reason.code for reason in planned.reasons}


def test_a_plan_holds_fields_and_counts_and_nobody(town):
    plan = town.plan(town.decided()).plan
    (line,) = plan.lines
    assert (line.place, line.fields, line.rows, line.people, line.outside) == (
        "housing.applicants",
        ("name", "received"),
        1,
        1,
        1,
    )
    assert "4711" not in str({**plan.to_json(), "recipients": ""}).replace(plan.policy_hash, "").replace(
        plan.scope, ""
    )


def test_the_same_case_makes_the_same_plan_again(town):
    case = town.decided()
    assert town.plan(case).plan.id == town.plan(case).plan.id


def test_another_recipient_makes_another_plan(town, tmp_path):
    case = town.decided()
    other = Town(tmp_path).recipients
    assert town.plan(case).plan.id != town.plan(case, recipients=other).plan.id


def test_the_ledger_holds_the_plans_counts_and_not_the_plan(town):
    case = town.decided()
    planned = town.plan(case)
    standing = planned.case.plan
    assert (standing.plan, standing.rows, standing.subjects) == (planned.plan.id, 1, 1)
    assert standing.fields == (("housing.applicants.name", 1), ("housing.applicants.received", 1))
    assert standing.left_out == (("outside", 1),)


def test_what_is_not_to_be_held_stays_and_the_plan_says_why(town):
    scope = entry("library.loans", "[A-1]", "[title, spoken, lent]")
    (line,) = town.plan(town.decided(scope)).plan.lines
    assert line.fields == ("title",)
    assert dict(line.kept_fields) == {"spoken": "verbal", "lent": "undeclared"}


def test_a_prohibited_field_stays_unless_the_order_names_it(town):
    fields = "[name, origin]"
    (line,) = town.plan(town.decided(entry("housing.applicants", "['4712']", fields))).plan.lines
    assert dict(line.kept_fields) == {"origin": "prohibited"}
    ordered = entry("housing.applicants", "['4712']", fields, named_by_order="[origin]")
    (line,) = town.plan(town.decided(ordered, status="yes")).plan.lines
    assert line.fields == ("name", "origin")


def test_a_sealed_field_stays_even_where_the_order_names_it(town):
    ordered = entry("housing.applicants", "['4712']", "[name, ssn]", named_by_order="[ssn]")
    (line,) = town.plan(town.decided(ordered, status="yes")).plan.lines
    assert dict(line.kept_fields) == {"ssn": "sealed"}


def test_what_stays_whole_is_not_told_as_if_the_city_held_nothing(town):
    assert codes(town.plan(town.decided(entry("housing.applicants", "['4712']", "[ssn]")))) == {
        "nothing-goes"
    }
    town.run("housing", "UPDATE applicants SET received = '03/04/2016'")
    assert codes(town.plan(town.decided())) == {"nothing-goes"}


def test_fields_that_tell_more_than_policy_was_asked_about_are_refused(town):
    case = town.decided(entry("housing.applicants", "['4712']", "[name, address]"), locator="no")
    assert codes(town.plan(case)) == {"other-facts"}


def test_a_column_of_which_nothing_is_known_tells_everything(town):
    ordered = entry("drive.list.csv", "['4712']", "[name, age]", named_by_order="[age]")
    assert codes(town.plan(town.decided(ordered, status="no"))) == {"other-facts"}


def test_a_scope_that_matches_everybody_is_refused(town):
    scope = entry("library.loans", "[A-1, B-2, '4711']", "[title]")
    assert codes(town.plan(town.decided(scope))) == {"matches-everyone"}


def test_the_one_person_of_a_place_is_not_everybody(town):
    town.run("library", "DELETE FROM loans WHERE card <> 'A-1'")
    assert town.plan(town.decided(entry("library.loans", "[A-1]", "[title]"))).plan.rows == 2


def test_nobody_found_is_an_answer_of_its_own(town):
    planned = town.plan(town.decided(entry("housing.applicants", "['9999']", "[name]")))
    assert codes(planned) == {"no-such-record"}
    assert "no-such-record --as" in planned.reasons[0].text


def test_an_identifier_among_the_fields_is_not_repeated(town):
    ordered = entry("housing.applicants", "['4711']", "[name, Canary-4711]", named_by_order="[Canary-4711]")
    planned = town.plan(town.decided(ordered, status="yes"))
    assert codes(planned) == {"no-such-field"}
    assert "as field 2" in planned.reasons[0].text


def test_a_period_without_a_column_of_days_is_refused(town):
    scope = entry("library.loans", "[A-1]", "[title]", period="{since: 2016-01-01}")
    assert codes(town.plan(town.decided(scope))) == {"no-days"}
    named = entry("library.loans", "[A-1]", "[title]", period="{since: 2016-01-01}", dated_by="lent")
    assert town.plan(town.decided(named)).plan.rows == 2


@pytest.mark.parametrize(
    ("place", "code"),
    [("nowhere.people", "no-system"), ("housing.secrets", "no-subject"), ("paper.boxes", "no-connection")],
)
def test_a_place_must_be_declared_with_its_subject(town, place, code):
    assert code in codes(town.plan(town.decided(entry(place, "[Canary]", "[name]"))))


def test_a_place_that_says_in_two_ways_about_whom_it_is_is_refused(tmp_path):
    twice = SERIES + "  - {id: two, title: Two, held_in: [{in: library.loans, subject: borrower}]}\n"
    town = Town(tmp_path, declared=load_town(**{"inventory/series/records.yml": twice}))
    assert codes(town.plan(town.decided(entry("library.loans", "[A-1]", "[title]")))) == {"no-subject"}


def test_a_table_that_is_gone_is_told_by_its_name(town):
    town.run("library", "DROP TABLE loans")
    with pytest.raises(UnfitWantedError, match="no table loans"):
        town.plan(town.decided(entry("library.loans", "[A-1]", "[title]")))


def test_several_places_make_one_plan(town):
    scope = SCOPE.replace("period: {since: 2016-01-01, until: 2016-12-31}", "period: none named") + (
        "  - {in: library.loans, about: [A-1], fields: [title]}\n"
        "  - {in: drive.list.csv, about: ['4712'], fields: [name]}\n"
    )
    plan = town.plan(town.decided(scope)).plan
    assert [line.rows for line in plan.lines] == [2, 2, 1]
    assert plan.rows == 5


def test_in_an_emergency_who_asked_not_to_be_shared_is_left_out(town):
    case = cw.emergency(town.desk)
    people = narrow(entry("housing.applicants", "['4711', '4712', '4713']", "[name, address]"))
    others = narrow(entry("housing.applicants", "['4711', '4712']", "[name, address]"))
    cw.done(act(town.desk, case, people, by=cw.CHIEF))
    cw.decide(town.desk, case, by=cw.NIGHT)
    assert codes(town.plan(case, by=cw.CHIEF)) == {"matches-everyone"}
    cw.done(act(town.desk, case, others, by=cw.CHIEF))
    cw.decide(town.desk, case, by=cw.NIGHT)
    (line,) = town.plan(case, by=cw.CHIEF).plan.lines
    assert (line.rows, line.unshared) == (2, 1)


def test_a_court_is_not_kept_from_who_asked_not_to_be_shared(town):
    (line,) = town.plan(town.decided(entry("housing.applicants", "['4712']", "[name]"))).plan.lines
    assert (line.rows, line.unshared) == (1, 0)


def test_nobody_at_a_desk_learns_whether_a_record_exists(town):
    opened = []
    case = town.decided()
    from curtilage.disclosure.release.desk import plan_release

    release = town.releasing(cw.DESK, opener=opened.append)
    assert codes(plan_release(release, case, town.recipients)) == {"not-your-role"}
    assert opened == []


@pytest.mark.parametrize("change", ["held", "not-decided", "no-bounds"])
def test_nothing_is_counted_for_a_case_that_may_not_release(town, change):
    from curtilage.disclosure.release.desk import plan_release

    case = town.decided()
    if change == "held":
        cw.done(act(town.desk, case, ev.Held("counsel", None), by=cw.LAW))
    else:
        cw.done(act(town.desk, case, *cw.facts(locator="no"), by=cw.LAW))
    opened = []
    planned = plan_release(town.releasing(cw.RECORDS, opener=opened.append), case, town.recipients)
    assert not planned
    assert opened == []


def test_policy_is_asked_anew_before_anything_is_counted(town):
    case = town.decided()
    town.policies = cw.policies("or")
    assert codes(town.plan(case)) == {"other-rules-active"}


def test_every_rule_that_permits_has_a_basis():
    permits = {rule.id for rule in cw.policies().rules if rule.permits}
    assert permits == set(BASIS_OF)
    assert basis_of(("release-consent", "release-court-order")) == "court-order"
    assert basis_of(("release-of-the-future",)) == "other"


def test_no_system_is_left_open(town):
    closed = []

    def opener(system):
        made = town.opener(system)
        close = made.close
        made.close = lambda: (closed.append(system), close())
        return made

    from curtilage.disclosure.release.desk import plan_release

    assert plan_release(town.releasing(cw.RECORDS, opener=opener), town.decided(), town.recipients)
    assert closed == ["housing"]
