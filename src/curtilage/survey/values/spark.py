"""Look into cells on a cluster of Apache Spark: the same tasks, the same counts.

Two ways lead there:

* :class:`SparkEngine` sends *tasks* to the cluster. Each worker opens the source itself, as the processes
  of one machine do; rows never travel. It needs Curtilage on the workers, and the sources within reach.
* :func:`count_frame` counts any table that a Spark session can read (JDBC, Parquet, Delta): Spark reads
  and hands its rows over as Arrow.

Only counts come back, so that neither Spark's event log nor its shuffle files hold a cell.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final, Self

from curtilage.connectors.content.ports import ContentLimits
from curtilage.connectors.url import has_password
from curtilage.foundation.errors import SourceError, UsageError
from curtilage.survey.values._wire import decode_counted, decode_plan, encode, encode_limits
from curtilage.survey.values.engine import make_handler_that
from curtilage.survey.values.nouns import Counted, Looks, SourcePlan, Task

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

_WAVE: Final = 4
"""Tasks for each core of the cluster that are sent together: enough that no core waits long for the last."""
_FRAMES: Final = "number int, frame binary"
_COUNTS: Final = "place string, rule string, cells long"
_NULL: Final = "%"
"""Stands for the cells that are not null, and for rows, where rules have their ids."""
_ROWS: Final = "rows"
_OUT_OF_MEMORY: Final = ("too-large", "It needs more memory than a worker of the cluster has.")
_CONFIGURATION: Final = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    # A task that fails for good is told by the task itself; Spark need not try the whole wave again.
    "spark.task.maxFailures": "2",
    "spark.python.worker.reuse": "true",
}


class ClusterNotReachedError(SourceError):
    """The cluster did not take the work."""

    code = "survey.cluster-not-reached"

    def __init__(self, *, master: str, why: str) -> None:
        self.master = master
        super().__init__(
            f"{master}: the cluster did not take the work ({why}). Nothing was looked into; what was counted "
            "before is kept. See that its master answers and its workers run, or leave out --engine."
        )


class SparkMissingError(SourceError):
    """PySpark, or the Java that it needs, is not installed."""

    code = "survey.spark-missing"

    def __init__(self, *, what: str) -> None:
        super().__init__(
            f"Working on a cluster needs {what}, which is not installed. Nothing was looked into. "
            "Run: pip install 'curtilage[spark]', and install Java 17 or newer."
        )


class PasswordWouldTravelError(UsageError):
    """A database's password would go over the network to the cluster in the clear."""

    code = "survey.password-would-travel"

    def __init__(self, *, source: str) -> None:
        super().__init__(
            f"{source}: its password would be sent to the workers in the clear. Nothing was looked into. "
            "Set spark.authenticate and spark.network.crypto.enabled for the cluster, or look at it without --engine."
        )


class SparkEngine:
    """Runs tasks on a cluster.

    Args:
        master: ``spark://HOST:PORT``, ``local[N]``, ``yarn``, or what else Spark takes; empty for the
            session that is already there, as in a notebook.
        tools: ``MODULE:FUNCTION`` that is given the limits and returns the tools; called in each
            Python process of the cluster.
        limits: Bounds and pace; the pace is that of each worker process.

    Raises:
        SparkMissingError: PySpark or Java is not installed.
        ClusterNotReachedError: No session can be started.
    """

    def __init__(self, master: str, tools: str, *, limits: ContentLimits) -> None:
        self._master, self._argument = master, f"{tools} {encode_limits(limits)}"
        self._session, self._own = _start_session(master)

    def __enter__(self) -> Self:
        """Return the engine."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the cluster back; a session that was there before goes on."""
        if self._own:
            self._session.stop()

    def plan(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, SourcePlan]]:
        """Give the plan of each source.

        Raises:
            ClusterNotReachedError: The cluster is gone.
            PasswordWouldTravelError: A database's password would travel in the clear.
        """
        for task, frame in self._run(tasks):
            yield task, decode_plan(frame) if frame else SourcePlan(problem=_OUT_OF_MEMORY)

    def map(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, Counted]]:
        """Give what was counted in each part; see :meth:`plan`."""
        for task, frame in self._run(tasks):
            yield task, decode_counted(frame) if frame else Counted(problem=_OUT_OF_MEMORY)

    def _run(self, tasks: Iterable[Task]) -> Iterator[tuple[Task, bytes]]:
        waiting = iter(tasks)
        size = _WAVE * max(1, self._session.sparkContext.defaultParallelism)
        while wave := list(itertools.islice(waiting, size)):
            for task in wave:
                self._check_password(task)
            answers = self._answer(wave)
            yield from ((task, answers[number]) for number, task in enumerate(wave))

    def _answer(self, wave: list[Task]) -> dict[int, bytes]:
        rows = [(number, bytearray(encode(task))) for number, task in enumerate(wave)]
        try:
            frames = self._session.createDataFrame(rows, _FRAMES).repartition(len(rows), "number")
            answered = frames.mapInArrow(_answer_frames(self._argument), _FRAMES).collect()
        except Exception as error:
            # Spark's own words quote the code and its data.
            raise ClusterNotReachedError(master=self._master, why=type(error).__name__) from error
        return {row.number: bytes(row.frame) for row in answered}

    def _check_password(self, task: Task) -> None:
        safe = self._session.conf.get("spark.network.crypto.enabled", "false") == "true"
        local = (self._session.sparkContext.master or "").startswith("local")
        if task.where.url and not (safe or local) and has_password(task.where.url):
            raise PasswordWouldTravelError(source=task.where.source)


def count_frame(
    frame: DataFrame, make_looks: Callable[[], Looks], carried: Mapping[str, frozenset[str]]
) -> Counted:
    """Count in every text column of a table that Spark reads.

    Args:
        frame: Any table: ``session.read.parquet(...)``, ``.jdbc(...)``, ``.format("delta").load(...)``.
        make_looks: Makes what holds the rules; called in each Python process of the cluster.
        carried: Groups of words that columns carry, by name.

    Returns:
        The same sums as any other engine gives.

    Effects:
        Runs one job on the cluster.
    """
    texts = [field.name for field in frame.schema.fields if field.dataType.typeName() in ("string", "binary")]
    if not texts:
        return Counted(rows=frame.count())
    # Spark takes names apart at dots and marks, so its own are given.
    plain = frame.select(*(_quote(name) for name in texts)).toDF(*(f"c{at}" for at in range(len(texts))))
    counts = plain.mapInArrow(_count_batches(make_looks, texts, dict(carried)), _COUNTS)
    counted = Counted()
    for row in counts.groupBy("place", "rule").sum("cells").collect():
        place, rule, cells = row
        if (place, rule) == (_NULL, _ROWS):
            counted.rows = cells
        elif rule == _NULL:
            counted.seen[place] = cells
        else:
            counted.hits.setdefault(place, {})[rule] = cells
    return counted


def _start_session(master: str) -> tuple[SparkSession, bool]:
    """Return a session, and whether it is ours to stop."""
    import shutil

    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise SparkMissingError(what="PySpark") from error
    active = SparkSession.getActiveSession()
    if active is not None and not master:
        return active, False
    if not shutil.which("java"):
        raise SparkMissingError(what="Java")
    builder: Any = SparkSession.builder.master(master) if master else SparkSession.builder
    for key, value in _CONFIGURATION.items():
        builder = builder.config(key, value)
    try:
        return builder.appName("curtilage").getOrCreate(), True
    except Exception as error:
        raise ClusterNotReachedError(master=master, why=type(error).__name__) from error


_Batches = Callable[[Iterator["pa.RecordBatch"]], Iterator["pa.RecordBatch"]]


def _answer_frames(argument: str) -> _Batches:
    """Return what a Python process of the cluster does with tasks."""

    def answer(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        handle = _handler_of(argument)
        for batch in batches:
            numbers, frames = batch.column(0), batch.column(1)
            answers = [_or_nothing(handle, frame.as_py()) for frame in frames]
            yield pa.RecordBatch.from_arrays([numbers, pa.array(answers, pa.binary())], ["number", "frame"])

    return answer


@cache
def _handler_of(argument: str) -> Callable[[bytes], bytes]:
    """Return what handles tasks, made once for a process: Spark uses a process for many tasks."""
    return make_handler_that(argument, moved=lambda: None)


def _or_nothing(handle: Callable[[bytes], bytes], frame: bytes) -> bytes:
    try:
        return handle(frame)
    except MemoryError:
        return b""


def _quote(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _count_batches(
    make_looks: Callable[[], Looks], names: list[str], carried: Mapping[str, frozenset[str]]
) -> _Batches:
    def count(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import pyarrow as pa

        looks = make_looks()
        for given in batches:
            batch = given.rename_columns(names)
            found = [
                (_NULL, _ROWS, batch.num_rows),
                *(
                    (name, _NULL, len(column) - column.null_count)
                    for name, column in zip(batch.schema.names, batch.columns, strict=True)
                ),
                *looks.count(batch, carried),
            ]
            places, rules, cells = zip(*found, strict=True)
            yield pa.RecordBatch.from_arrays(
                [pa.array(places, pa.string()), pa.array(rules, pa.string()), pa.array(cells, pa.int64())],
                ["place", "rule", "cells"],
            )

    return count
