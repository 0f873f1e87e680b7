"""Where the command-line door puts the rooms together: the one place that chooses drivers.

Everything here imports inside functions, so that a command loads only what it uses.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from curtilage.connectors.ports import Limits, Reader
    from curtilage.foundation.place import Place
    from curtilage.survey.task import Tools


#: Module under ``connectors.drivers`` and class of each reader; one line each, sorted.
READERS: Final = (
    "docassemble:DocassembleReader",
    "drupal:DrupalReader",
    "formio:JsonFormReader",
    "json_schema:JsonSchemaReader",
    "openapi:OpenApiReader",
    "sql:SqlReader",
    # one line each, so that two people who add one do not meet
)


def readers() -> tuple[Reader, ...]:
    """Return every reader of forms, schemas and code, in no particular order.

    Also called in worker processes, by name.
    """
    return tuple(_make(entry) for entry in READERS)


def _make(entry: str) -> Reader:
    module, _, name = entry.partition(":")
    made: Reader = getattr(importlib.import_module(f"curtilage.connectors.drivers.{module}"), name)()
    return made


def tools() -> Tools:
    """Return what a worker of a survey works with.

    Called in each worker process, by name.
    """
    from curtilage.detection.classifier import Classifier
    from curtilage.survey.task import Tools

    return Tools(readers=readers(), classifier=Classifier(), open_database=open_database)


def open_database(address: str, limits: Limits) -> Sequence[Place]:  # noqa: ARG001 - until a driver is here
    """Return the columns of a database, read only and without a value.

    Args:
        address: Its URL, or the path of an SQLite file.
        limits: The bounds to keep.

    Raises:
        SourceError: It did not answer, or there is no driver for it.
    """
    from curtilage.foundation.errors import SourceError

    raise SourceError("No driver reads this database yet. Nothing of it was read. Export its schema as SQL.")
