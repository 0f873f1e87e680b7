"""Where the command-line door puts the rooms together: the one place that chooses drivers.

Everything here imports inside functions, so that a command loads only what it uses.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from curtilage.connectors.ports import Reader
    from curtilage.survey.task import Tools


#: Module under ``connectors.drivers`` and class of each reader; one line each, sorted.
READERS: Final = (
    "docassemble:DocassembleReader",
    "drupal:DrupalReader",
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
