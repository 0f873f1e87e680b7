"""Write an inventory out as its files, and as JSON that loses nothing. ``table.py`` writes CSV.

* :func:`write_documents` gives YAML in the order and form of ``shapes.py``. Comments live in the
  files, not in the nouns: to change files and keep their comments, use ``edit.py``.
* :func:`write_json` and :func:`read_json` are each other's opposite, lines and vocabulary included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.errors import DeclarationError, Problem
from curtilage.foundation.settings import SETTINGS_FILE
from curtilage.inventory._building import AT, build_list, build_noun
from curtilage.inventory._emit import emit_noun
from curtilage.inventory._kinds import BAD, LanguageTexts, Scope
from curtilage.inventory._reading import Reading
from curtilage.inventory._settings import CityName
from curtilage.inventory._shape import File, Shape, write_noun
from curtilage.inventory._yaml import DEEPEST, LARGEST_BYTES, Leaf, Node, Pairs, Rows
from curtilage.inventory.load import INVENTORY, find_file, gather, resolve
from curtilage.inventory.nouns import Inventory
from curtilage.inventory.shapes import CATEGORY, CITY, FILES
from curtilage.inventory.vocabulary import load_vocabulary

FORMAT: Final = "curtilage-inventory/1"
"""Name of the JSON format; another number is another format."""


def write_documents(inventory: Inventory) -> dict[str, str]:
    """Return the files that declare an inventory, by path below the city's folder.

    Nouns of ``departments/`` and ``series/`` go to the file that they were read from, or to one of
    their own. Kinds of which there are none get no file.

    >>> from curtilage.inventory.nouns import City, Inventory
    >>> from curtilage.foundation.finding import Spot
    >>> city = City("Exampleton", "America/Chicago", ("en",), ("us",), (), (), Spot(""))
    >>> print(write_documents(Inventory(city))["inventory/city.yml"])
    packs: [us]
    <BLANKLINE>
    """
    city = inventory.city
    head = {"name": city.name, "zone": city.zone, "languages": list(city.languages)}
    documents = {SETTINGS_FILE: "".join(f"{key} = {_toml(value)}\n" for key, value in head.items())}
    for file in FILES:
        if file.shape is CITY:
            documents[f"{INVENTORY}/{file.pattern}"] = _write_lines(write_noun(CITY, city)) or "packs: []\n"
            continue
        for path, found in _by_file(file, getattr(inventory, file.attribute)).items():
            plain = [write_noun(file.shape, noun) for noun in found]
            documents[path] = _write_lines({file.key: plain} if file.key else plain[0])
    return documents


def _toml(value: Sequence[str]) -> str:
    # TOML's basic strings and lists are written as JSON's, but for one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write_lines(plain: Mapping[str, Any]) -> str:
    return "".join(f"{line}\n" for line in emit_noun(plain))


def _by_file(file: File, found: tuple[Any, ...]) -> dict[str, list[Any]]:
    files: dict[str, list[Any]] = {}
    for noun in found:
        own = f"{INVENTORY}/{file.pattern.replace('*', noun.id)}"
        declared_in = find_file(noun.spot.source) is file
        path = noun.spot.source if declared_in else own
        # A department is a file: two that claim the same one get one each.
        files.setdefault(own if not file.key and path in files else path, []).append(noun)
    return files


def write_json(inventory: Inventory) -> bytes:
    """Return the whole inventory as canonical JSON: the same inventory gives the same bytes.

    Source:
        rfc8785, for the bytes; :data:`FORMAT` names the content.
    """
    whole: dict[str, Any] = {"format": FORMAT}
    for file in FILES:
        value = getattr(inventory, file.attribute)
        if file.shape is CITY:
            head = {"name": value.name, "zone": value.zone, "languages": list(value.languages)}
            whole[file.attribute] = {**head, **_lossless(CITY, value)}
        else:
            whole[file.attribute] = [_lossless(file.shape, noun) for noun in value]
    whole["categories"] = [_lossless(CATEGORY, category) for category in inventory.categories]
    return canonical_bytes(whole)


def _lossless(shape: Shape, noun: Any, parent: str = "") -> dict[str, Any]:
    """Return a noun as its file would write it, with its line, and texts in the order of the file."""
    plain = write_noun(shape, noun, parent)
    for key in shape.keys:
        if isinstance(key.kind, LanguageTexts) and key.name in plain:
            plain[key.name] = [{"lang": lang, "text": text} for lang, text in getattr(noun, key.target)]
    for branch in shape.branches:
        if branch.name in plain and not branch.single:
            own = noun.id if shape.has_id else ""
            plain[branch.name] = [_lossless(branch.shape, child, own) for child in getattr(noun, branch.name)]
    spot = getattr(noun, "spot", None)
    return {**plain, AT: f"{spot.source}:{spot.line}"} if spot is not None else plain


class NotJsonError(DeclarationError):
    """A file is not an inventory in JSON as ``inventory export`` writes it."""

    code = "inventory.not-json"


def read_json(content: bytes, path: str = "inventory.json") -> Inventory:
    """Return the inventory that :func:`write_json` wrote.

    Args:
        content: UTF-8, at most 8 MiB.
        path: Name for problems; must end in ``.json``.

    Raises:
        NotJsonError: The content is no JSON, or no inventory of this format.
        DeclarationError: With every problem of what it declares.
    """
    node = _parse(content, path)
    top = {key.text: value for key, value in node.items} if isinstance(node, Pairs) else {}
    format_node = top.pop("format", None)
    if not isinstance(format_node, Leaf) or format_node.text != FORMAT:
        raise _not_json(path, f"This is JSON, but no inventory of the format {FORMAT}.")
    reading = Reading(path=path, unread={"connection"})
    city, name = _take_name(top.pop("city", Pairs([], 0)))
    noun = build_noun(CITY, city, reading, scope=Scope("city"), extras=name.extras())
    found: dict[str, list[Any]] = {"city": [noun]}
    shapes = {**{file.attribute: file.shape for file in FILES[1:]}, "categories": CATEGORY}
    for attribute, shape in shapes.items():
        nouns = build_list(shape, attribute, top.pop(attribute, Rows([], 0)), reading, scope=Scope(""))
        found[attribute] = [] if nouns is BAD else list(nouns)
    for key in top:
        reading.problem(0, "inventory.unknown-key", f"unknown key `{key}` in an inventory;", "Delete it.")
    resolve(reading)
    if reading.problems:
        raise DeclarationError(reading.problems)
    categories = tuple(found.pop("categories")) or tuple(load_vocabulary().values())
    return replace(gather(found, name), categories=categories)


def _take_name(node: Node) -> tuple[Node, CityName]:
    if not isinstance(node, Pairs):
        return node, CityName()
    said = {key.text: value for key, value in node.items}
    rest = [(key, value) for key, value in node.items if key.text not in {"name", "zone", "languages"}]
    languages = said.get("languages")
    tags = (
        tuple(row.text for row in languages.items if isinstance(row, Leaf))
        if isinstance(languages, Rows)
        else ()
    )
    return Pairs(rest, node.line), CityName(_text(said.get("name")), _text(said.get("zone")), tags)


def _text(node: Node | None) -> str:
    return node.text if isinstance(node, Leaf) else ""


def _not_json(path: str, what: str) -> NotJsonError:
    instead = "Write it with: curtilage inventory export --format json"
    return NotJsonError([Problem(path, 0, what, instead, "inventory.not-json")])


def _parse(content: bytes, path: str) -> Node:
    if len(content) > LARGEST_BYTES * 4:
        raise _not_json(path, "The file is too large for an inventory.")
    try:
        value = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_Pairs)
        return _node(value, 0)
    except (ValueError, RecursionError) as error:
        raise _not_json(path, "The file is no JSON, or nested too deep.") from error


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with repeated keys kept."""


def _node(value: Any, depth: int) -> Node:
    if depth > DEEPEST:
        raise ValueError(depth)
    if isinstance(value, _Pairs):
        return Pairs([(Leaf(key, 0), _node(item, depth + 1)) for key, item in value], 0)
    if isinstance(value, list):
        return Rows([_node(item, depth + 1) for item in value], 0)
    if isinstance(value, bool):
        return Leaf("true" if value else "false", 0)
    return Leaf("" if value is None else str(value).strip(), 0)
