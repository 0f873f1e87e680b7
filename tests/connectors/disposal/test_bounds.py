"""What a partition's bounds say of its rows is used only where they say all; the rest is looked at."""

from datetime import date

import pytest

from curtilage.connectors.disposal.bounds import first_unsure
from curtilage.connectors.disposal.conditions import Compare, IsNull, Not, OneOf, all_of
from curtilage.connectors.disposal.nouns import Partition
from curtilage.connectors.disposal.ports import UnfitTargetError
from tests.connectors.disposal.test_dispose_remains import BEFORE_2016, drop, partitioned
from tests.connectors.disposal.worlds import MariaWorld

YEAR = Partition("visits_2015", "day", "2015-01-01", "2016-01-01", None)
LOWEST = Partition("visits_2015", "day", "", "2016-01-01", None)
SINCE_1800 = Compare("day", ">=", date(1800, 1, 1))


@pytest.mark.parametrize(
    ("condition", "part", "expected"),
    [
        (BEFORE_2016, YEAR, date.min),
        (all_of(BEFORE_2016, SINCE_1800), YEAR, date.min),
        (BEFORE_2016, LOWEST, date(1800, 1, 1)),
        (Compare("day", ">=", date(2015, 6, 1)), YEAR, date(2015, 6, 1)),
        (Compare("day", "<", date(2015, 12, 31)), YEAR, None),
        (all_of(BEFORE_2016, OneOf("outcome", ("denied",))), YEAR, None),
        (Not(BEFORE_2016), YEAR, None),
        (Compare("closed_on", "<", date(2016, 1, 1)), YEAR, None),
        (BEFORE_2016, Partition("p", "day", "2015-01-01 05:00:00-05", "2016-01-01 05:00:00-05", None), None),
        (BEFORE_2016, Partition("p", "day", "2015-01-01 00:00:00", "2016-01-01 00:00:00", None), date.min),
        (BEFORE_2016, Partition("p", "day", "", "", None), None),
        (IsNull("day"), YEAR, None),
    ],
)
def test_rows_are_looked_at_as_far_as_bounds_leave_it_open(condition, part, expected):
    assert first_unsure(condition, part) == expected


@pytest.mark.mariadb
def test_a_day_that_stands_for_none_keeps_the_lowest_partition(mariadb_server):
    world = MariaWorld(mariadb_server)
    partitioned(world)
    world.run("INSERT INTO visits VALUES (99, '1001-01-01', 'person-99')")
    with pytest.raises(UnfitTargetError, match="must stay"):
        drop(world, "visits_2014")
    assert world.one("SELECT count(*) FROM visits") == 31
    world.close()
