"""Columns inside columns: structs by their paths, lists and maps as one text a row, a line an item."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from curtilage.connectors.content.batches import unique_names
from curtilage.connectors.content.ports import TextColumn

_BETWEEN: Final = "\n"
"""Between the items of a list: it ends a sentence and stands in no identifier."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One column as readers of the format name it.

    Attributes:
        column: What it is called and of what type.
        top: The column of the file that it lies in.
        path: The fields that lead to it from there.
        nth: Which of the columns of the file that are called so, counted from 0.
    """

    column: TextColumn
    top: str
    path: tuple[str, ...]
    nth: int = 0

    @property
    def is_flat(self) -> bool:
        """Whether it is a column of the file itself."""
        return not self.path


def leaves_of(schema: Any, arrow: Any, *, deepest: int) -> tuple[Leaf, ...]:
    """Return the columns of a schema; those of structs, also in lists, by their dotted paths.

    Args:
        schema: Of the file.
        arrow: pyarrow.
        deepest: A struct nested deeper stays one column.
    """
    found = [
        (path, kind, schema.names[:at].count(field.name))
        for at, field in enumerate(schema)
        for path, kind in _below(field, (), deepest)
    ]
    names = unique_names([".".join(path) for path, *_ in found])
    return tuple(
        Leaf(
            TextColumn(name, str(kind), textual=is_textual(kind, arrow), locator=f"col:{number}"),
            path[0],
            path[1:],
            nth,
        )
        for number, (name, (path, kind, nth)) in enumerate(zip(names, found, strict=True), start=1)
    )


def _below(field: Any, path: tuple[str, ...], deepest: int) -> Iterator[tuple[tuple[str, ...], Any]]:
    path = (*path, field.name)
    kind = field.type
    while hasattr(kind, "value_type") and not hasattr(kind, "item_type") and "struct<" in str(kind):
        kind = kind.value_type
    if str(kind).startswith("struct<") and len(path) <= deepest:
        for at in range(kind.num_fields):
            yield from _below(kind.field(at), path, deepest)
    else:
        yield path, field.type


def is_textual(kind: Any, arrow: Any) -> bool:
    """Return whether values of a type, or items of it, can be any text or bytes."""
    types = arrow.types
    if isinstance(kind, arrow.BaseExtensionType):
        return is_textual(kind.storage_type, arrow)
    if types.is_dictionary(kind) or types.is_run_end_encoded(kind):
        return is_textual(kind.value_type, arrow)
    if types.is_map(kind):
        return is_textual(kind.key_type, arrow) or is_textual(kind.item_type, arrow)
    if types.is_struct(kind):
        return any(is_textual(kind.field(at).type, arrow) for at in range(kind.num_fields))
    if _is_list(kind, types):
        return is_textual(kind.value_type, arrow)
    return _is_text(kind, types)


def _is_text(kind: Any, types: Any) -> bool:
    return bool(
        types.is_string(kind)
        or types.is_large_string(kind)
        or types.is_string_view(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_binary_view(kind)
        or types.is_fixed_size_binary(kind)
    )


def _is_list(kind: Any, types: Any) -> bool:
    return bool(
        types.is_list(kind)
        or types.is_large_list(kind)
        or types.is_fixed_size_list(kind)
        or types.is_list_view(kind)
        or types.is_large_list_view(kind)
    )


def column_of(batch: Any, leaf: Leaf, arrow: Any, compute: Any) -> Any:
    """Return a column of a record batch of the file, as text of one value a row."""
    at = batch.schema.get_all_field_indices(leaf.top)[leaf.nth]
    return pick(batch.column(at), leaf.path, arrow, compute)


def pick(array: Any, path: Sequence[str], arrow: Any, compute: Any) -> Any:
    """Return the column that ``path`` leads to, as text of one value a row.

    Args:
        array: The column of the file, one piece.
        path: Names of fields; lists on the way are gone into.
        arrow: pyarrow.
        compute: pyarrow.compute.
    """
    if not path:
        return as_text(array, arrow, compute)
    types = arrow.types
    if types.is_struct(array.type):
        return pick(compute.struct_field(array, [path[0]]), path[1:], arrow, compute)
    return _join(array, lambda values: pick(values, path, arrow, compute), arrow, compute)


def as_text(array: Any, arrow: Any, compute: Any) -> Any:
    """Return an array of any type as texts or bytes, row by row."""
    kind, types = array.type, arrow.types
    if isinstance(kind, arrow.BaseExtensionType):
        return as_text(array.storage, arrow, compute)
    if types.is_run_end_encoded(kind):
        return as_text(compute.run_end_decode(array), arrow, compute)
    if types.is_fixed_size_binary(kind):
        return array.cast(arrow.binary())
    if _is_text(kind, types):
        return array
    if types.is_dictionary(kind):
        values = as_text(array.dictionary, arrow, compute)
        return arrow.DictionaryArray.from_arrays(array.indices, values)
    if _is_list(kind, types):
        return _join(array, lambda values: as_text(values, arrow, compute), arrow, compute)
    if types.is_map(kind):
        entries = arrow.ListArray.from_arrays(
            array.offsets, arrow.StructArray.from_arrays([array.keys, array.items], ["key", "value"])
        )
        return as_text(entries, arrow, compute)
    if types.is_struct(kind):
        fields = [as_text(compute.struct_field(array, [at]), arrow, compute) for at in range(kind.num_fields)]
        fields = [_bytes(each, arrow) for each in fields]
        if not fields:
            return arrow.nulls(len(array), arrow.string())
        between = arrow.scalar(_BETWEEN.encode(), arrow.large_binary())
        return compute.binary_join_element_wise(*fields, between, null_handling="skip")
    return _cast(array, arrow)


def _cast(array: Any, arrow: Any) -> Any:
    try:
        return array.cast(arrow.string())
    except arrow.ArrowException:
        # A type that pyarrow cannot write as text: intervals, unions.
        return arrow.array(
            [None if value is None else str(value) for value in array.to_pylist()], arrow.string()
        )


def _join(array: Any, inner: Any, arrow: Any, compute: Any) -> Any:
    """Return each list as one text."""
    if isinstance(array, arrow.ListArray | arrow.LargeListArray):
        offsets, values = array.offsets.cast(arrow.int64()), array.values
    else:
        # Lists of a fixed size and views: pyarrow 26 casts views to lists that are not valid.
        lengths = compute.fill_null(compute.list_value_length(array), 0).cast(arrow.int64())
        ends = compute.cumulative_sum(lengths)
        offsets = arrow.concat_arrays([arrow.array([0], arrow.int64()), ends])
        values = compute.list_flatten(array)
    texts = compute.fill_null(_bytes(inner(values), arrow), b"")
    lists = arrow.LargeListArray.from_arrays(offsets, texts)
    return compute.binary_join(lists, arrow.scalar(_BETWEEN.encode(), arrow.large_binary()))


def _bytes(array: Any, arrow: Any) -> Any:
    if arrow.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array.cast(arrow.large_binary())
