"""What left is told from the ledger; what is odd of a plan is asked before it is approved."""

import pytest

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")

from curtilage.disclosure.case.state import list_cases
from curtilage.disclosure.release.left import list_departures, list_doubts, render_html
from tests.disclosure.releases import SCOPE, Town
from tests.disclosure.test_release_plan import entry


@pytest.fixture
def town(tmp_path):
    return Town(tmp_path)


def plan_of(town, scope, **asked):
    return town.plan(town.decided(scope, **asked)).plan


def test_what_left_is_told_with_who_approved_it(town):
    case, plan = town.approved()
    left = town.release(case, plan)
    (gone,) = list_departures(list_cases(town.desk.ledger))
    assert (gone.case, gone.rows, gone.package_hash) == (case, 1, left.digest)
    assert dict(gone.approved_by) == {"releaser": "releaser", "law": "counsel"}
    assert gone.to_json()["left_out"] == {"outside": 1}


def test_the_page_names_no_resident_and_escapes_what_it_shows(town):
    case, plan = town.approved()
    town.release(case, plan)
    page = render_html(list_departures([town.read(case)]), city="<Rivermark>")
    assert "&lt;Rivermark&gt;" in page
    assert "Judicial search or seizure warrant" in page
    assert "Canary" not in page
    assert "4711" not in page.replace(case, "").replace(plan.id, "").replace(
        town.read(case).gone[0].package_hash, ""
    )


def test_nothing_left_is_a_page_that_says_so():
    assert "Nothing has left." in render_html((), city="Rivermark")


def test_a_plain_plan_raises_no_doubt(town):
    assert list_doubts(plan_of(town, SCOPE)) == ()


def test_a_field_that_stays_although_a_court_may_have_named_it_is_asked_about(town):
    (doubt,) = list_doubts(plan_of(town, entry("housing.applicants", "['4712']", "[name, origin]")))
    assert "named_by_order" in doubt


def test_a_sealed_field_is_counsels_to_answer_for(town):
    (doubt,) = list_doubts(plan_of(town, entry("housing.applicants", "['4712']", "[name, ssn]")))
    assert "counsel answers for it" in doubt


def test_records_of_which_no_day_can_be_told_are_somebodys_to_look_at(town):
    town.run("housing", "UPDATE applicants SET received = '02/03/2017' WHERE received LIKE '2017%'")
    (doubt,) = list_doubts(plan_of(town, SCOPE))
    assert doubt.startswith("1 record that the scope may reach stays")


def test_somebody_of_whom_nothing_was_found_is_told_without_saying_who(town):
    (doubt,) = list_doubts(plan_of(town, entry("housing.applicants", "['4712', '9999']", "[name]")))
    assert "how that system writes an identifier" in doubt
    assert "9999" not in doubt
