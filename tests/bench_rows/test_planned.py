"""A plan may save looks, and misses nothing that looking at each cell by itself finds."""

import pytest

pa = pytest.importorskip("pyarrow")

from pyarrow import parquet  # noqa: E402 - needs pyarrow

from bench.city_rows import City, write  # noqa: E402
from bench.value_survey import place, tools  # noqa: E402
from curtilage.survey.values.nouns import Counted, Task  # noqa: E402
from curtilage.survey.values.plan import Way  # noqa: E402
from curtilage.survey.values.task import Bench, count_part, plan_source  # noqa: E402

ROWS = 4_000


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    folder = tmp_path_factory.mktemp("city")
    write(City(ROWS), folder, csv=True)
    return folder


@pytest.fixture(scope="module")
def bench():
    made = Bench(tools())
    if made.tools.looks.slow:
        pytest.skip(made.tools.looks.slow)
    yield made
    made.close()


def plan_and_count(kind, path, bench):
    """Look into a file as a survey does; return what is done with its columns, and what was counted."""
    where, named = place(kind, {"path": str(path)})
    [plan] = plan_source(Task(where, named=named), bench).tables
    counted = Counted()
    for part in plan.parts:
        asked = {"columns": plan.read(), "distinct": plan.distinct(), "carried": plan.carried()}
        counted.add(count_part(Task(where, part=part, **asked), bench))
    return plan, counted


def look_at_each(cells, carried, bench):
    """Return in how many cells each rule counts, with every cell looked at alone, one after another."""
    scanner = bench.tools.looks._scanner
    found = {}
    for chunk in cells.chunks:
        counted = scanner.kernel.count(chunk, carried).cells
        for rule, count in zip(scanner.rules.rules, counted, strict=True):
            found[rule.id] = found.get(rule.id, 0) + count
    return {rule: count for rule, count in found.items() if count}


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_what_is_planned_finds_all_that_each_cell_holds(city, bench, kind):
    plan, counted = plan_and_count(kind, city / f"city.{kind}", bench)
    table = parquet.read_table(city / "city.parquet")
    texts = [name for name in table.column_names if table.schema.field(name).type == pa.string()]

    assert counted.rows == ROWS
    assert any(column.way is Way.DISTINCT for column in plan.columns)
    for name in texts:
        hits = {rule: count for rule, count in counted.hits.get(name, {}).items() if rule[0] != "="}
        assert hits == look_at_each(table[name], plan.carried().get(name, ()), bench), name


def test_a_cell_that_stands_once_among_many_that_are_alike_is_found(tmp_path, bench):
    cells = ["no answer"] * 50_000
    cells[31_234] = "is undocumented, A012-345-678"
    parquet.write_table(pa.table({"remarks": cells}), tmp_path / "city.parquet")
    _, counted = plan_and_count("parquet", tmp_path / "city.parquet", bench)

    assert counted.hits["remarks"] == {
        "alien_number": 1,
        "=alien_number": 1,
        "undocumented": 1,
        "=immigration_status": 1,
    }
