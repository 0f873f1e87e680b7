"""The five requests of the example city: answered as the sources say, once, and looked at again without harm."""

import csv
import io
import json
import zipfile

import pytest
from click.testing import CliRunner

from curtilage.cli.demo_requests import COURTS_KEY, FOLDER, answer_example_requests
from curtilage.cli.demo_requests_told import tell_requests
from curtilage.cli.disclosure_case_desk import open_case_desk
from curtilage.cli.main import curtilage
from curtilage.disclosure.case.events import case_stream
from curtilage.disclosure.case.state import list_cases
from tests.disclosure.caseaudit import audit

pyrage = pytest.importorskip("pyrage", reason="needs the extra release")
pytest.importorskip("cedarpy", reason="needs the extra policy")

ANSWERS = {
    "i-200": "decline",
    "judicial-warrant": "release",
    "i-138": "object_or_decline",
    "records-request": "release",
    "emergency-request": "release",
}


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "rivermark"
    done = CliRunner().invoke(curtilage, ["demo", str(folder), "--residents", "60"], standalone_mode=False)
    assert done.exception is None, done.output
    return folder


@pytest.fixture
def cases(city):
    with open_case_desk(city) as room:
        return {case.instrument: case for case in list_cases(room.desk.ledger)}


def open_packages(city):
    identity = pyrage.x25519.Identity.from_str((city / COURTS_KEY).read_text().split()[-1])
    for path in sorted((city / FOLDER / "outgoing").glob("*.age")):
        yield zipfile.ZipFile(io.BytesIO(pyrage.decrypt(path.read_bytes(), [identity])))


def test_five_requests_get_the_answers_of_their_papers(cases):
    assert {kind: case.ruling.outcome for kind, case in cases.items()} == ANSWERS


def test_every_step_of_every_request_was_taken_by_who_may(city, cases):
    with open_case_desk(city) as room:
        for case in cases.values():
            audit(room.desk.ledger.read(case_stream(case.id)))


def test_the_warrant_let_out_three_fields_of_one_person_and_no_more(city, cases):
    [whole] = [
        each
        for each in open_packages(city)
        if json.loads(each.read("manifest.json"))["case"] == cases["judicial-warrant"].id
    ]
    [table] = [name for name in whole.namelist() if name.endswith(".csv")]
    [row] = csv.DictReader(whole.read(table).decode().splitlines())

    assert set(row) - {"no."} == {"full_name", "phone", "case_no"}  # besides a number of each row


def test_the_emergency_let_out_one_field_and_stands_until_it_is_reviewed(cases):
    case = cases["emergency-request"]

    assert [place.rpartition(".")[2] for place, _ in case.plan.fields] == ["phone"]
    assert case.emergency.is_open
    assert not case.result


def test_what_the_subpoena_asks_for_is_kept_and_counsel_objected_in_writing(cases):
    case = cases["i-138"]

    assert case.preserved == (f"case-{case.id}",)
    assert [each.answer for each in case.sent] == ["objected"]


def test_two_requests_are_closed_as_they_were_answered(cases):
    assert cases["i-200"].result == "refused"
    assert cases["records-request"].result == "no-such-record"


def test_a_second_run_takes_no_step_and_tells_the_same(city, cases):
    again = answer_example_requests(city)
    with open_case_desk(city) as room:
        after = {case.instrument: case.number for case in list_cases(room.desk.ledger)}

    assert after == {kind: case.number for kind, case in cases.items()}
    assert len(again.told) == 5
    assert again.opened == 1


def test_nobody_is_named_in_what_is_told_in_the_letters_or_in_the_ledger(city):
    tables = [
        each.read(name).decode()
        for each in open_packages(city)
        for name in each.namelist()
        if name.endswith(".csv")
    ]
    rows = [row for table in tables for row in csv.DictReader(table.splitlines())]
    values = {value for row in rows for value in row.values() if len(value) > 3}
    texts = [" ".join(tell_requests(answer_example_requests(city), "rivermark", "curtilage"))]
    texts += [path.read_text() for path in (city / FOLDER).glob("*.txt")]
    with open_case_desk(city) as room:
        texts += [entry.to_bytes().decode("utf-8", "replace") for entry in room.desk.ledger.read_all()]

    assert values
    assert not [value for value in values for text in texts if value in text]
