"""Parquet files: the columns of their schema, with the comments that were written beside them.

Only the footer is read. Its statistics hold smallest and largest values of columns and are not looked at.
``col:N`` counts the leaves of the schema from 1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.bounds import within_limits
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.reading.text import join, plain
from curtilage.foundation.place import Place

_MAGIC: Final = b"PAR1"
_SPARK: Final = b"org.apache.spark.sql.parquet.row.metadata"
_COMMENTS: Final = ("comment", "description", "label", "doc")
_LARGEST_FOOTER_BYTES: Final = 64 * 2**20


class ParquetReader:
    """Reads the schema of Parquet files."""

    name = "parquet"
    extra = "tables"

    def weigh(self, document: Document) -> float:
        """Return how sure it is, by the four bytes that every Parquet file begins and ends with."""
        return 0.98 if document.content.startswith(_MAGIC) and document.content.endswith(_MAGIC) else 0.0

    def read(self, document: Document) -> Iterator[Place]:
        """Give one place a leaf column, in the order of the schema.

        Raises:
            LimitReachedError: A bound of ``document.limits`` was reached.
            NotInstalledError: pyarrow is missing.
            UnreadableError: The footer is damaged or encrypted.
        """
        schema = _schema(document)
        table = plain(_texts(schema.metadata).get("description", ""))
        spark = _spark_comments(_texts(schema.metadata).get(_SPARK.decode(), ""))
        places = _leaves(document, schema, (), table, spark)
        numbered = (
            Place(**{**place, "locator": f"col:{number}"}) for number, place in enumerate(places, start=1)
        )
        yield from within_limits(numbered, document)


def _schema(document: Document) -> Any:
    arrow = load_library("pyarrow", extra="tables", source=document.source)
    parquet = load_library("pyarrow.parquet", extra="tables", source=document.source)
    if len(document.content) > document.limits.file_bytes:
        raise LimitReachedError(source=document.source, what="The file is larger than may be read")
    try:
        return parquet.ParquetFile(
            arrow.BufferReader(document.content),
            thrift_string_size_limit=_LARGEST_FOOTER_BYTES,
            thrift_container_size_limit=document.limits.nodes,
        ).schema_arrow
    except (arrow.ArrowException, OSError, ValueError, TypeError) as error:
        raise UnreadableError(source=document.source, what="Its footer is damaged or encrypted") from error


def _leaves(
    document: Document, fields: Any, path: tuple[str, ...], table: str, spark: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    if len(path) > document.limits.depth:
        raise LimitReachedError(
            source=document.source, what=f"Its schema nests deeper than {document.limits.depth}"
        )
    for field in fields:
        names = (*path, field.name)
        inner = _inner(field.type)
        if inner is not None:
            yield from _leaves(document, inner, names, table, spark)
            continue
        said = _texts(field.metadata)
        yield {
            "source": document.source,
            "kind": "column",
            "name": ".".join(names),
            "text": join(*(said.get(key) for key in _COMMENTS), spark.get(names[0]) if not path else ""),
            "context": table,
            "type": str(field.type),
        }


def _inner(kind: Any) -> Any:
    """Return the fields of a struct, also of a list of structs; None for a plain column."""
    while hasattr(kind, "value_type") and not hasattr(kind, "item_type"):
        kind = kind.value_type
    return [kind.field(at) for at in range(kind.num_fields)] if str(kind).startswith("struct<") else None


def _texts(metadata: Mapping[bytes, bytes] | None) -> dict[str, str]:
    return {
        key.decode(errors="replace"): value.decode(errors="replace")
        for key, value in (metadata or {}).items()
    }


def _spark_comments(text: str) -> dict[str, str]:
    """Return the comments that Spark keeps in its own description of the schema."""
    try:
        fields = json.loads(text).get("fields", []) if text else []
    except (ValueError, AttributeError, RecursionError):
        return {}
    return {
        str(field.get("name")): str(field["metadata"].get("comment", ""))
        for field in fields
        if isinstance(field, dict) and isinstance(field.get("metadata"), dict)
    }
