"""Build nouns from nodes, by the table of keys in ``shapes.py``."""

from __future__ import annotations

from typing import Any

from curtilage.foundation.finding import Spot
from curtilage.inventory._kinds import BAD, Scope, wrong_type
from curtilage.inventory._reading import Reading
from curtilage.inventory._shape import Branch, Shape
from curtilage.inventory._yaml import Leaf, Node, Pairs, Rows

AT = "at"
"""Key under which JSON keeps the file and line of a noun; YAML files know their own."""


def build_noun(
    shape: Shape, node: Node, reading: Reading, *, scope: Scope, extras: dict[str, Any] | None = None
) -> Any:
    """Return the noun that a mapping declares; BAD after noting every problem in it.

    Args:
        shape: Its keys.
        node: Where it is written.
        reading: Gets ids, references and problems.
        scope: ``parent`` is the id around it, ``program`` the program it lies in.
        extras: Further attributes of the noun (a city's name, from curtilage.toml).
    """
    if not isinstance(node, Pairs):
        example = f"Write `{shape.keys[0].name}: ...` and the keys below it."
        return wrong_type(node, Scope(scope.key or shape.name), reading, "a mapping of keys", example)
    found = _unique(shape, node, reading)
    values: dict[str, Any] = dict(extras or {})
    identifier = _read_id(shape, node, found, reading, scope) if shape.has_id else ""
    program = scope.program
    if shape.name == "program":
        program = f"line {node.line}" if identifier is BAD else identifier
    inner = Scope("", program, identifier)
    for key in shape.keys[1:] if shape.has_id else shape.keys:
        if key.name in found:
            values[key.target] = key.kind.read(found[key.name], Scope(key.name, inner.program), reading)
        else:
            values[key.target] = key.kind.nothing
        if key.required and not values[key.target]:
            _missing(shape, key.name, key.help, node.line, reading)
            values[key.target] = BAD
    for branch in shape.branches:
        values[branch.name] = _read_branch(branch, found.get(branch.name), reading, inner)
    if _reversed(shape, found, values, reading) or identifier is BAD or BAD in values.values():
        return BAD
    return _finish(
        shape, values, identifier, scope.parent, _spot(node, found, identifier or shape.name, reading)
    )


def _unique(shape: Shape, node: Pairs, reading: Reading) -> dict[str, Node]:
    found: dict[str, Node] = {}
    known = shape.names()
    for key, value in node.items:
        if key.text in found:
            what = f"`{key.text}` is written twice in this {shape.name}."
            reading.problem(key.line, "inventory.duplicate-key", what, "Delete one of the two.")
        elif key.text not in known and not (key.text == AT and reading.path.endswith(".json")):
            what = f"unknown key `{key.text}` in a {shape.name};"
            instead = reading.suggest(key.text, known) or f"Keys here are: {', '.join(known)}."
            reading.problem(key.line, "inventory.unknown-key", what, instead)
        found.setdefault(key.text, value)
    return found


def _missing(shape: Shape, name: str, said: str, line: int, reading: Reading) -> None:
    what = f"This {shape.name} has no `{name}`."
    reading.problem(line, "inventory.missing-key", what, f"Write `{name}:` ({said}).")


def _read_id(shape: Shape, node: Pairs, found: dict[str, Node], reading: Reading, scope: Scope) -> Any:
    key = shape.keys[0]
    if key.name not in found:
        _missing(shape, key.name, key.help, node.line, reading)
        return BAD
    own = key.kind.read(found[key.name], Scope(key.name), reading)
    if own is BAD or scope.parent is BAD:
        return BAD
    identifier = f"{scope.parent}.{own}" if shape.joined and scope.parent else own
    kind = f"{shape.name}:{scope.program}" if shape.scoped else shape.name
    reading.declare(kind, identifier, found[key.name].line)
    return identifier


def _read_branch(branch: Branch, node: Node | None, reading: Reading, scope: Scope) -> Any:
    if node is None or (isinstance(node, Leaf) and not node.text):
        return branch.default
    if branch.single:
        return build_noun(branch.shape, node, reading, scope=Scope(branch.name, scope.program, scope.parent))
    return build_list(branch.shape, branch.name, node, reading, scope=scope)


def build_list(shape: Shape, name: str, node: Node, reading: Reading, *, scope: Scope) -> Any:
    """Return the nouns that a list declares; BAD where one of them could not be built."""
    if not isinstance(node, Rows):
        first = shape.keys[0].name
        instead = f"Begin each {shape.name} with `- {first}: ...`."
        return wrong_type(node, Scope(name), reading, "a list", instead)
    inner = Scope(shape.name, scope.program, scope.parent)
    nouns = [build_noun(shape, item, reading, scope=inner) for item in node.items]
    return BAD if BAD in nouns else tuple(nouns)


def _reversed(shape: Shape, found: dict[str, Node], values: dict[str, Any], reading: Reading) -> bool:
    wrong = False
    for first, second in shape.ordered:
        begin, end = values[first], values[second]
        if begin is not BAD and end is not BAD and begin and end and end < begin:
            what = f"`{second}: {end}` lies before `{first}: {begin}`."
            instead = "Exchange or correct the dates."
            reading.problem(found[second].line, "inventory.dates-reversed", what, instead)
            wrong = True
    return wrong


def _spot(node: Pairs, found: dict[str, Node], locator: str, reading: Reading) -> Spot:
    at = found.get(AT)
    if isinstance(at, Leaf) and reading.path.endswith(".json"):
        source, _, line = at.text.rpartition(":")
        return Spot(source, int(line), locator) if line.isdigit() else Spot(at.text, 0, locator)
    return Spot(reading.path, node.line, locator)


def _finish(shape: Shape, values: dict[str, Any], identifier: str, parent: str, spot: Spot) -> Any:
    if shape.name == "series":
        values["minimum"] = _parse_clause(values["minimum_text"])
    elif shape.name == "holding":
        values["series"] = parent
    if shape.has_id:
        values["id"] = identifier
    if "spot" in shape.noun.__dataclass_fields__:
        values["spot"] = spot
    return shape.noun(**values)


def _parse_clause(text: str) -> object | None:
    if not text:
        return None
    from curtilage.inventory.clause import parse_clause

    return parse_clause(text)


def read_top(node: Node, key: str, reading: Reading) -> Node | None:
    """Return the list under the one key of a file such as ``authorities.yml``.

    None after noting what stands there instead.
    """
    if isinstance(node, Rows):
        what = f"The list must stand under the key `{key}`."
        reading.problem(node.line, "inventory.wrong-type", what, f"Write `{key}:` above it.")
        return None
    if not isinstance(node, Pairs):
        wrong_type(node, Scope(key), reading, f"a file that begins with `{key}:`", f"Write `{key}:`.")
        return None
    top: Node | None = None
    for name, value in node.items:
        if name.text != key:
            what = f"unknown key `{name.text}` at the top of this file;"
            reading.problem(name.line, "inventory.unknown-key", what, f"Its one key is `{key}`.")
        elif top is not None:
            what = f"`{key}` is written twice in this file."
            reading.problem(name.line, "inventory.duplicate-key", what, "Join the two lists.")
        else:
            top = Rows([], value.line) if isinstance(value, Leaf) and not value.text else value
    return top
