"""A partition that was dropped has no list of records: after a restore it is dropped again by its name, or refused."""

import pytest

from curtilage.retention.nouns import Scope
from tests.connectors.disposal.test_dispose_remains import partitioned, parts  # noqa: F401 - a fixture
from tests.retention.books import people, put_hold
from tests.retention.carried import Purge
from tests.retention.declared import holding, series
from tests.retention.test_replay_cut_off import cut_off, replay

VISITS = series(
    trigger="day of the visit",
    minimum="Retain 1 year after day of the visit, then destroy.",
    held_in=[holding(within="housing.visits", trigger="day", dispose="drop-partition", partition="year")],
)


@pytest.fixture
def purge(parts):  # noqa: F811 - the fixture
    """Two of the three partitions were dropped, and are back."""
    purge = Purge(parts, VISITS)
    assert purge.carry_out().rows == 20
    restore(purge)
    return purge


def restore(purge):
    purge.world.run("DROP TABLE visits")
    partitioned(purge.world)
    purge.world.run("DROP TABLE IF EXISTS curtilage_marks")


def years(purge):
    day = "extract(year FROM day)"
    return [int(row[0]) for row in purge.world.run(f"SELECT DISTINCT {day} FROM visits ORDER BY 1")]


def test_it_goes_again_by_its_name(purge):
    made, result = replay(purge)

    assert (len(made.parts), result.rows, years(purge)) == (2, 20, [2016])
    assert {line.method for line in result.certificate.lines} == {
        "partition visits_2014 dropped, its records counted and in no list",
        "partition visits_2015 dropped, its records counted and in no list",
    }


def test_one_that_the_backup_no_longer_had_is_passed_over(purge):
    purge.world.run(
        "DROP TABLE visits_2014"
        if purge.world.name == "postgresql"
        else "ALTER TABLE visits DROP PARTITION visits_2014"
    )
    _, result = replay(purge)

    assert (result.finished, result.rows, years(purge)) == (True, 10, [2016])


def test_one_that_holds_what_is_held_now_stays_and_the_other_goes(purge):
    put_hold(purge.ledger, scope=Scope(subjects=people("person-3")))
    _, result = replay(purge)

    assert [reason.code for reason in result.refusal] == ["disposal.unfit-target"]
    assert years(purge) == [2014, 2016]


def test_one_that_took_new_records_in_under_an_old_name_stays(purge):
    """A name that is used over and over says nothing of what lies there: the condition of then decides."""
    if purge.world.name == "postgresql":
        purge.world.run("DROP TABLE visits_2014")
        purge.world.run(
            "CREATE TABLE visits_2014 PARTITION OF visits FOR VALUES FROM ('2018-01-01') TO ('2019-01-01')"
        )
    else:
        purge.world.run("ALTER TABLE visits DROP PARTITION visits_2014")
        purge.world.run(
            "ALTER TABLE visits ADD PARTITION (PARTITION visits_2014 VALUES LESS THAN ('2019-01-01'))"
        )
    purge.world.run("INSERT INTO visits VALUES (99, '2018-05-05', 'person-99')")
    _, result = replay(purge)

    assert [reason.code for reason in result.refusal] == ["disposal.unfit-target"]
    assert years(purge) == [2016, 2018]


@pytest.mark.parametrize("after", [2, 4])
@pytest.mark.parametrize("again", [False, True], ids=["goes on", "restored once more"])
def test_cut_off_in_the_middle_it_comes_to_its_end(purge, after, again):
    cut_off(purge, after, killed=True)
    if again:
        restore(purge)
    _, result = replay(purge)

    assert (result.finished, result.rows, years(purge)) == (True, 20, [2016])
