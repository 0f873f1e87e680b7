"""Change one thing in a file that somebody wrote, and leave every other character as it stands.

The web and ``import --merge`` write by this. Only the characters of the value itself are replaced, so
comments, order, quotation marks and alignment stay. What a removed key or noun carried on its own
lines goes with it; comments on lines of their own stay.

Each result is read again and compared with what the change should have made of the file: a file
that is written in an unforeseen way is refused, never damaged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from curtilage.foundation.errors import DeclarationError, Problem, UsageError
from curtilage.inventory import _splice
from curtilage.inventory._emit import Remarked, emit_noun
from curtilage.inventory._kinds import Plain
from curtilage.inventory._shape import Branch, File, Shape
from curtilage.inventory._splice import Plains, Splice
from curtilage.inventory._yaml import Leaf, Node, Pairs, RefusedYamlError, Rows, read_node
from curtilage.inventory.load import INVENTORY, Documents, find_file
from curtilage.inventory.shapes import CITY, FILES, list_shapes

Change = Callable[[Any], None]
"""Does to the nested plain values of a file what an edit should do to its text."""

_Read = tuple[str, tuple[str, str], Node]

_BOM: Final = "\ufeff"


class NotFoundError(UsageError):
    """A change names a noun or a key that the files do not have."""

    code = "inventory.not-found"

    def __init__(self, *, what: str) -> None:
        super().__init__(
            f"There is no {what} in the inventory. Nothing was changed. Check the id and try again."
        )


class NotEditableError(DeclarationError):
    """A file is written in a way that a change would damage."""

    code = "inventory.not-editable"

    def __init__(self, *, path: str, line: int) -> None:
        what = "This part is written in a way that cannot be changed without losing something."
        instead = "Write a key a line, without comments between brackets, or change it by hand."
        super().__init__([Problem(path, line, what, instead, self.code)])


@dataclass(frozen=True, slots=True)
class Edited:
    """One file after a change.

    Attributes:
        path: Below the city's folder.
        content: The whole file, ready to be written.
    """

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class _Found:
    """Where a noun is written.

    ``text`` has plain line ends and no byte order mark; ``ends`` are those of the file. ``trail``
    leads to the noun from the top: keys and positions.
    """

    path: str
    text: str
    ends: tuple[str, str]
    top: Node
    pairs: Pairs
    rows: Rows | None
    trail: tuple[str | int, ...]


def set_value(documents: Documents, noun: str, identifier: str, key: str, value: Plain) -> Edited:
    """Set what a noun says under a key.

    Args:
        documents: The city's files, as ``load.read_folder`` gives them.
        noun: Kind of the noun (``field``).
        identifier: Its id (``housing.rental.intake.ssn``; ``city`` for the city).
        key: As the file writes it.
        value: Text, flag, list or mapping as the file would hold it; None removes the key.

    Returns:
        The changed file. Load the documents again to know whether the value is a good one.

    Raises:
        NotFoundError: No such noun, or it has no such key.
        NotEditableError: The file would lose something.
    """
    shape = _shape(noun)
    found = _find(documents, shape, identifier)
    if key not in shape.names() or (shape.has_id and key == shape.keys[0].name):
        raise NotFoundError(what=f"key `{key}` of a {noun} that can be set")
    splices = _splice.set_key(found.text, found.pairs, key, value, shape.names())
    return _finish(found, splices, lambda tree: _put(tree, found.trail, key, value))


def remove_value(documents: Documents, noun: str, identifier: str, key: str) -> Edited:
    """Remove a key of a noun; see :func:`set_value`."""
    return set_value(documents, noun, identifier, key, None)


def add_nouns(documents: Documents, noun: str, parent: str, plains: Plains, *, path: str = "") -> Edited:
    """Add nouns at the end of the list that they belong to.

    Args:
        documents: The city's files.
        noun: Kind of the nouns.
        parent: Id of what holds them; ``city`` for seats and officers, empty for what stands in a
            file of its own or at the top of one.
        plains: Key to value, as the file would hold it, in order; at least one.
        path: File to add them to, where several could hold them (``inventory/series/police.yml``).

    Raises:
        NotFoundError: No such parent.
        NotEditableError: The file would lose something.
    """
    shape = _shape(noun)
    file = next((file for file in FILES if file.shape is shape), None)
    if file is not None:
        return _add_to_file(documents, file, plains, path)
    above, branch = _above(shape)
    found = _find(documents, above, parent)
    splices = _splice.add_items(found.text, found.pairs, branch.name, plains, above.names())
    return _finish(found, splices, lambda tree: _append(tree, (*found.trail, branch.name), plains))


@dataclass(frozen=True, slots=True)
class Addition:
    """Nouns to add to the list of one parent; see :func:`add_nouns`."""

    noun: str
    parent: str
    plains: Plains


def add_together(documents: Documents, additions: Sequence[Addition]) -> list[Edited]:
    """Add nouns to many lists, each file read and checked once: for what goes into existing files.

    Args:
        documents: The city's files.
        additions: Those inside of another's parent first: fields before collections.

    Raises:
        NotFoundError: No such parent.
        NotEditableError: A file would lose something.
    """
    cache: dict[str, _Read] = {}
    by_file: dict[str, list[tuple[_Found, list[Splice] | None, Change]]] = {}
    for addition in additions:
        above, branch = _above(_shape(addition.noun))
        found = _find(documents, above, addition.parent, cache)
        splices = _splice.add_items(found.text, found.pairs, branch.name, addition.plains, above.names())
        change = partial(_append, trail=(*found.trail, branch.name), plains=addition.plains)
        by_file.setdefault(found.path, []).append((found, splices, change))
    return [_finish_all(steps) for steps in by_file.values()]


def remove_noun(documents: Documents, noun: str, identifier: str) -> Edited:
    """Remove a noun with everything in it.

    Raises:
        NotFoundError: No such noun, or it is a file of its own: delete that file.
        NotEditableError: The file would lose something.
    """
    found = _find(documents, _shape(noun), identifier)
    if found.rows is None:
        raise NotFoundError(what=f"{noun} `{identifier}` in a list (delete {found.path} instead)")
    splices = _splice.remove_item(found.text, found.rows, found.pairs)
    return _finish(found, splices, lambda tree: _delete(tree, found.trail))


def _shape(noun: str) -> Shape:
    for shape in list_shapes():
        if shape.name == noun:
            return shape
    raise NotFoundError(what=f"kind of noun `{noun}`")


def _above(shape: Shape) -> tuple[Shape, Branch]:
    for above in list_shapes():
        for branch in above.branches:
            if branch.shape is shape and not branch.single:
                return above, branch
    raise NotFoundError(what=f"list that a {shape.name} could be added to")


def _add_to_file(documents: Documents, file: File, plains: Plains, path: str) -> Edited:
    path = path or f"{INVENTORY}/{file.pattern.replace('*', str(plains[0][file.shape.keys[0].name]))}"
    if find_file(path) is not file:
        raise NotFoundError(what=f"file for a {file.shape.name} named `{path}`")
    if path not in documents:
        lines = emit_noun({file.key: list(plains)} if file.key else plains[0])
        return Edited(path, "".join(f"{line}\n" for line in lines).encode())
    if not file.key:
        raise NotEditableError(path=path, line=0)
    text, ends, top = _read(path, documents[path])
    if not isinstance(top, Pairs):
        raise NotEditableError(path=path, line=1)
    found = _Found(path, text, ends, top, top, None, ())
    splices = _splice.add_items(text, top, file.key, plains, [file.key])
    return _finish(found, splices, lambda tree: _append(tree, (file.key,), plains))


def _read(path: str, content: bytes) -> _Read:
    plain = content.replace(b"\r\n", b"\n")
    try:
        node = read_node(path, plain)
    except RefusedYamlError as error:
        raise DeclarationError([error.problem]) from error
    if node is None:
        raise NotEditableError(path=path, line=0)
    mark = _BOM if content.startswith(_BOM.encode()) else ""
    return plain.decode("utf-8-sig"), (mark, "\n" if plain == content else "\r\n"), node


def _find(
    documents: Documents, shape: Shape, identifier: str, cache: dict[str, _Read] | None = None
) -> _Found:
    cache = {} if cache is None else cache
    for path, content in documents.items():
        file = find_file(path)
        if file is None or not any(inner is shape for inner in file.shape.with_inner()):
            continue
        if path not in cache:
            cache[path] = _read(path, content)
        text, ends, top = cache[path]
        for candidate, own, pairs, rows, trail in _walk_file(file, top):
            if candidate is shape and own == identifier:
                return _Found(path, text, ends, top, pairs, rows, trail)
    raise NotFoundError(what=f"{shape.name} `{identifier}`")


_Step = tuple[Shape, str, Pairs, Rows | None, tuple[str | int, ...]]


def _walk_file(file: File, top: Node) -> Iterator[_Step]:
    if not file.key:
        yield from _walk(file.shape, top, None, "", ())
        return
    rows = _value(top, file.key)
    if isinstance(rows, Rows):
        for index, item in enumerate(rows.items):
            yield from _walk(file.shape, item, rows, "", (file.key, index))


def _walk(
    shape: Shape, node: Node, rows: Rows | None, parent: str, trail: tuple[str | int, ...]
) -> Iterator[_Step]:
    if not isinstance(node, Pairs):
        return
    own = _value(node, shape.keys[0].name) if shape.has_id else None
    written = own.text if isinstance(own, Leaf) else shape.name
    joined = (shape.joined or shape.scoped) and parent
    identifier = f"{parent}.{written}" if joined else written
    yield shape, identifier, node, rows, trail
    for branch in shape.branches:
        inner = _value(node, branch.name)
        if isinstance(inner, Rows) and not branch.single:
            for index, item in enumerate(inner.items):
                yield from _walk(
                    branch.shape,
                    item,
                    inner,
                    "" if shape is CITY else identifier,
                    (*trail, branch.name, index),
                )


def _value(node: Node, key: str) -> Node | None:
    if not isinstance(node, Pairs):
        return None
    return next((value for name, value in node.items if name.text == key), None)


def _finish(found: _Found, splices: list[Splice] | None, change: Change) -> Edited:
    return _finish_all([(found, splices, change)])


def _finish_all(steps: Sequence[tuple[_Found, list[Splice] | None, Change]]) -> Edited:
    """Apply the splices; refuse unless the file now says what the changes should make of it."""
    found = steps[0][0]
    refusal = NotEditableError(path=found.path, line=found.pairs.line)
    expected = _tree(found.top)
    together: list[Splice] = []
    for _, splices, change in steps:
        if splices is None:
            raise refusal
        change(expected)
        together += splices
    text = _splice.apply(found.text, together)
    try:
        node = read_node(found.path, text.encode())
    except RefusedYamlError as error:
        raise refusal from error
    if _settled(_tree(node) if node is not None else {}) != _settled(expected):
        raise refusal
    mark, newline = found.ends
    return Edited(found.path, (mark + text.replace("\n", newline)).encode())


def _tree(node: Node) -> Any:
    if isinstance(node, Leaf):
        return node.text
    if isinstance(node, Rows):
        return [_tree(item) for item in node.items]
    return {key.text: _tree(value) for key, value in node.items}


def _settled(tree: Any) -> Any:
    """Return a tree with values as the file's texts, and without what says nothing."""
    if isinstance(tree, Remarked):
        tree = tree.value
    if isinstance(tree, Mapping):
        inner = {key: _settled(value) for key, value in tree.items()}
        return {key: value for key, value in inner.items() if value not in ("", [], {})}
    if isinstance(tree, list | tuple):
        return [_settled(item) for item in tree]
    return str(tree).lower() if isinstance(tree, bool) else "" if tree is None else str(tree).strip()


def _at(tree: Any, trail: Sequence[str | int]) -> Any:
    for step in trail:
        tree = tree[step]
    return tree


def _put(tree: Any, trail: Sequence[str | int], key: str, value: Plain) -> None:
    _at(tree, trail)[key] = value


def _append(tree: Any, trail: Sequence[str | int], plains: Plains) -> None:
    above = _at(tree, trail[:-1])
    above[trail[-1]] = [*(above.get(trail[-1]) or []), *plains]


def _delete(tree: Any, trail: Sequence[str | int]) -> None:
    del _at(tree, trail[:-1])[trail[-1]]
