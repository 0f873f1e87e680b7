"""A release out of each database that a city may have: the same package from each."""

from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("cedarpy", reason="needs the extra policy")
pytest.importorskip("pyrage", reason="needs the extra release")

from curtilage.cli.assembly import open_retriever
from curtilage.disclosure.case.events import case_stream
from curtilage.disclosure.release.desk import plan_release
from curtilage.ledger.opening import open_ledger
from curtilage.testing.clock import StoppedClock
from tests.connectors.retrieval.conftest import library  # noqa: F401 - a fixture
from tests.disclosure import casework as cw
from tests.disclosure.caseaudit import audit
from tests.disclosure.releases import HOUSING, SERIES, Town, load_town
from tests.ledger.ledgers import PlainSealer, make_database

FIELDS = """\
          - {field: note, category: free_text, stored_in: [library.loans.note]}
          - {field: id, category: none, stored_in: [library.loans.id]}
          - {field: lent, category: none, stored_in: [library.loans.lent_on]}
"""
SCOPE = """\
period: {since: 2016-01-01, until: 2016-12-31}
records:
  - {in: library.loans, about: [A-1, B-7], fields: [id, title, note, lent_on], dated_by: lent_on}
"""
EXPECTED = '"no.","id","title","note","lent_on"\r\n"1","1","Wayfinding","CANARY-1","2016-02-03"\r\n"2","5","Rivers","CANARY-5","2016-12-31"\r\n'


@pytest.fixture
def town(tmp_path, library):  # noqa: F811 - the fixture
    declared = load_town(
        **{
            "inventory/departments/housing.yml": HOUSING.rstrip() + "\n" + FIELDS,
            "inventory/series/records.yml": SERIES,
        }
    )
    (tmp_path / "town").mkdir()
    made = Town(tmp_path / "town", declared=declared)
    made.opener = lambda system: open_retriever(library.address, system=system)
    return made


def test_each_database_gives_the_same_package(town):
    case, plan = town.approved(SCOPE, status="yes")
    left = town.release(case, plan)
    assert left, left.reasons
    assert town.open(left.path)["records/01-library.loans.csv"] == EXPECTED
    assert b"CANARY" not in town.everything_written()


def test_what_others_write_between_the_plan_and_the_package_of_one_moment_is_not_in_it(town, library):  # noqa: F811
    def opener(system):
        made = open_retriever(library.address, system=system)
        read = made.read

        def reading(wanted):
            library.run(
                "INSERT INTO loans (id, card, title, lent_on) VALUES (99, 'A-1', 'Later', '2016-05-05')"
            )
            yield from read(wanted)

        made.read = reading
        return made

    case, plan = town.approved(SCOPE, status="yes")
    left = town.release(case, plan, opener=opener)
    assert left, left.reasons
    assert "Later" not in town.open(left.path)["records/01-library.loans.csv"]
    again = plan_release(town.releasing(cw.RECORDS), case, town.recipients)
    assert {reason.code for reason in again.reasons} == {"gone"}


def test_a_table_that_goes_between_is_told_and_nothing_leaves(town, library):  # noqa: F811
    case, plan = town.approved(SCOPE, status="yes")
    library.run("DROP TABLE loans")
    with pytest.raises(Exception, match="no table loans"):
        town.release(case, plan)
    assert list(town.out.iterdir()) == []


@pytest.mark.postgresql
def test_at_a_ledger_in_postgresql_two_at_once_make_one_package(tmp_path, postgresql_server):
    address, clock = make_database(postgresql_server), StoppedClock(cw.NOON)
    towns = [
        Town(tmp_path, ledger=open_ledger(address, clock=clock, sealer=PlainSealer()), clock=clock)
        for _ in range(3)
    ]
    towns[1].recipients = towns[2].recipients = towns[0].recipients
    case, plan = towns[0].approved()
    with ThreadPoolExecutor(3) as pool:
        told = list(pool.map(lambda town: town.release(case, plan), towns))
    assert sum(bool(left) and not left.is_again for left in told) == 1
    assert towns[0].kinds(case).count("released") == 1
    assert [each.name for each in towns[0].out.iterdir()] == [plan.package]
    audit(towns[0].desk.ledger.read(case_stream(case)))
    for town in towns:
        town.desk.ledger.close()
