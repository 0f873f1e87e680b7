"""A cluster counts what the processes of one machine count, and keeps no cell anywhere."""

import shutil

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curtilage.connectors.content.ports import ContentLimits
from curtilage.survey.values.engine import PoolEngine
from curtilage.survey.values.looks import RuleLooks
from curtilage.survey.values.nouns import Where
from curtilage.survey.values.run import Inspection, Look
from tests.survey import contents

pytestmark = pytest.mark.spark
CANARY = "canary-7391"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    pytest.importorskip("pyspark", reason="PySpark is not installed; run: make spark")
    if not shutil.which("java"):
        pytest.skip("there is no Java")
    from pytest_socket import enable_socket

    from tests.survey.cluster import run_cluster

    enable_socket()
    folder = tmp_path_factory.mktemp("spark")
    with run_cluster(folder) as master:
        yield folder, master


@pytest.fixture(scope="module")
def engine(cluster):
    from curtilage.survey.values.spark import SparkEngine

    with SparkEngine(cluster[1], "tests.survey.contents:tools", limits=ContentLimits()) as engine:
        yield engine


def cells(number):
    kinds = (
        f"A{100_000_000 + number}",
        f"{CANARY} is undocumented",
        "555-0100",
        None,
        f"alien number {100_000_000 + number}",
    )
    return kinds[number % len(kinds)]


@pytest.fixture
def looks(tmp_path):
    found = []
    for name in ("people", "visits", "calls"):
        rows = "".join(f"{cells(number) or ''},{cells(number + 3) or ''}\n" for number in range(40))
        path = tmp_path / f"{name}.csv"
        path.write_text(f"phone,note\n{rows}")
        found.append(Look(Where(path.name, bytes(path))))
    return found


def count(looks, engine):
    inspection = Inspection(looks, engine)
    inspection.run()
    return [(table.look.where.source, table.plan, table.counted) for table in inspection.tables]


def test_a_cluster_counts_what_one_machine_counts(engine, looks):
    with PoolEngine(contents.__name__ + ":tools", limits=ContentLimits(), memory_bytes=2**31, jobs=2) as pool:
        here = count(looks, pool)
    assert count(looks, engine) == here
    assert here[0][2].hits["phone"]["a_number"] == 8


def test_both_workers_are_used(engine, looks):
    spark = engine._session.sparkContext
    count(looks, engine)
    assert spark.defaultParallelism == 2


def test_any_table_that_spark_reads_is_counted_alike(engine, tmp_path):
    from curtilage.survey.values.spark import count_frame

    table = pa.table(
        {"phone": [cells(number) for number in range(500)], "n": range(500), "o`dd": ["x"] * 500}
    )
    path = tmp_path / "table.parquet"
    pq.write_table(table, path, row_group_size=100)
    looks = RuleLooks(contents.rules())
    carried = {"phone": frozenset({"alien"})}
    counted = count_frame(
        engine._session.read.parquet(str(path)), lambda: RuleLooks(contents.rules()), carried
    )
    here = {}
    for batch in table.select(["phone", "o`dd"]).to_batches():
        for place, rule, cells_found in looks.count(batch, carried):
            here.setdefault(place, {})[rule] = here.get(place, {}).get(rule, 0) + cells_found
    assert (counted.rows, counted.seen) == (500, {"phone": 400, "o`dd": 500})
    assert counted.hits == here


def test_a_source_that_cannot_be_read_costs_itself(engine, looks, tmp_path):
    gone = Look(Where("gone.csv", bytes(tmp_path / "gone.csv")))
    inspection = Inspection([*looks, gone], engine)
    inspection.run()
    assert len(inspection.tables) == 3
    assert [told.source for told in inspection.told] == ["gone.csv"]


def test_a_password_does_not_travel_in_the_clear(engine):
    from curtilage.survey.values.nouns import Task
    from curtilage.survey.values.spark import PasswordWouldTravelError

    where = Where("postgresql://db/city", url=f"postgresql://reader:{CANARY}@db/city")
    with pytest.raises(PasswordWouldTravelError) as refused:
        list(engine.plan([Task(where)]))
    assert CANARY not in str(refused.value)


def test_no_cell_is_left_anywhere(engine, looks, cluster):
    count(looks, engine)
    folder, _ = cluster
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.parent.name == "events" or "events" in str(path) for path in files)
    assert not [path.name for path in files if CANARY.encode() in path.read_bytes()]


def test_a_cluster_that_does_not_answer_is_told():
    from curtilage.survey.values.spark import ClusterNotReachedError

    error = ClusterNotReachedError(master="spark://nowhere:7077", why="Py4JJavaError")
    assert "what was counted before is kept" in str(error)
