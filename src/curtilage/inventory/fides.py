"""Draft declarations from a fides manifest: its data sets, systems and uses of data.

Read: ``dataset`` (its collections and fields, nested ones too, with ``data_categories``) and ``system``
(with ``privacy_declarations``). A use of data becomes a purpose in the words of the manifest, marked
for a person to say better; legal bases and retention of fides are not taken over, for they answer
other laws.

Source:
    fideslang, taxonomy 3.2, resources "dataset" and "system".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.foundation.errors import DeclarationError, Problem
from curtilage.inventory._emit import Remarked
from curtilage.inventory._kinds import slug
from curtilage.inventory._yaml import Leaf, Node, Pairs, RefusedYamlError, Rows, read_node
from curtilage.inventory.draft import OPEN, Draft, DraftCollection, Plain, distinct, draft_field, draft_system
from curtilage.inventory.vocabulary import load_vocabulary


class NotFidesError(DeclarationError):
    """A file is no fides manifest."""

    code = "inventory.not-fides"


_DEEPEST_FIELD: Final = 8


def draft_fides(content: bytes, path: str, *, department: str, program: str) -> Draft:
    """Draft what a fides manifest says.

    Args:
        content: The file, YAML.
        path: Its name, for problems.
        department: Department to draft for.
        program: Program of it to draft for, without the department's id.

    Returns:
        A system for each data set and system, a collection for each of a data set's collections, a
        purpose for each privacy declaration.

    Raises:
        NotFidesError: The file is no YAML, or has neither ``dataset`` nor ``system``.
    """
    try:
        top = read_node(path, content)
    except RefusedYamlError as error:
        raise NotFidesError([error.problem]) from error
    datasets, systems = list(_each(top, "dataset")), list(_each(top, "system"))
    if not datasets and not systems:
        what = "The file has neither `dataset` nor `system` at its top, so it is no fides manifest."
        raise NotFidesError([Problem(path, 1, what, "Give the manifest's YAML file.", NotFidesError.code)])
    collections = [found for dataset in datasets for found in _draft_dataset(dataset)]
    return Draft(
        department,
        program,
        distinct(collections),
        purposes=tuple(_unique(purpose for system in systems for purpose in _purposes(system))),
        systems=tuple(_unique(_system(entry) for entry in (*datasets, *systems))),
    )


def _unique(plains: Iterator[Plain]) -> Iterator[Plain]:
    known: set[str] = set()
    for plain in plains:
        if plain["id"] not in known:
            known.add(plain["id"])
            yield plain


def _get(node: Node | None, key: str) -> Node | None:
    if not isinstance(node, Pairs):
        return None
    return next((value for name, value in node.items if name.text == key), None)


def _text(node: Node | None, key: str) -> str:
    found = _get(node, key)
    return " ".join(found.text.split()) if isinstance(found, Leaf) else ""


def _each(node: Node | None, key: str) -> Iterator[Node]:
    found = _get(node, key)
    if isinstance(found, Rows):
        yield from (item for item in found.items if isinstance(item, Pairs))
    elif isinstance(found, Pairs):
        yield found


def _words(node: Node | None, key: str) -> list[str]:
    found = _get(node, key)
    return [item.text for item in found.items if isinstance(item, Leaf)] if isinstance(found, Rows) else []


def _system(entry: Node) -> Plain:
    key = _text(entry, "fides_key") or _text(entry, "name")
    return draft_system(slug(key) or "system", title=_text(entry, "name"))


def _purposes(system: Node) -> Iterator[Plain]:
    for declaration in _each(system, "privacy_declarations"):
        use, name = _text(declaration, "data_use"), _text(declaration, "name")
        said = name or use
        own = slug(said)[:60].strip("_")
        if own:
            remark = f"fides data use {use}; decide: what is decided or delivered with it"
            yield {"id": own, "text": Remarked(said, remark)}


def _draft_dataset(dataset: Node) -> Iterator[DraftCollection]:
    system = str(_system(dataset)["id"])
    whole = _words(dataset, "data_categories")
    for collection in _each(dataset, "collections"):
        name = _text(collection, "name") or "collection"
        hints = _words(collection, "data_categories") or whole
        fields = tuple(_fields(collection, f"{system}.{name}", (), hints))
        plain = {"id": slug(name) or "collection", "title": name, "tables": [f"{system}.{name}"]}
        yield DraftCollection(plain, fields)


def _fields(node: Node, table: str, above: tuple[str, ...], hints: list[str]) -> Iterator[Plain]:
    for entry in _each(node, "fields"):
        name = _text(entry, "name")
        path = (*above, name or "field")
        if list(_each(entry, "fields")) and len(path) < _DEEPEST_FIELD:
            yield from _fields(entry, table, path, _words(entry, "data_categories") or hints)
            continue
        keys = _words(entry, "data_categories")
        where = {"stored_in": [".".join([table, *path])]}
        own = ".".join(slug(part) or "field" for part in path)
        plain = dict(draft_field(own, (), question={}, where=where))
        plain["category"] = _category(keys, hints)
        yield plain


def _category(keys: list[str], hints: list[str]) -> Remarked:
    ours = categories_of(keys)
    if ours:
        rest = f", or {', '.join(ours[1:4])}" if len(ours) > 1 else ""
        return Remarked(ours[0], f"fides {', '.join(keys)}{rest}: check it")
    said = ", ".join(keys or hints)
    return Remarked(None, f"fides {said}; {OPEN['category']}" if said else OPEN["category"])


def categories_of(keys: list[str]) -> list[str]:
    """Return our categories for keys of the fides taxonomy, the most telling first.

    A key without a category of its own stands for that of the nearest key above it.

    >>> categories_of(["user.contact.address.street"])
    ['address']
    """
    found: dict[str, None] = {}
    for key in keys:
        parts = key.split(".")
        # `user` alone, and what stands beside it, say nothing of the kind of data.
        for length in range(len(parts), 1, -1):
            same = [
                category.id
                for category in load_vocabulary().values()
                if category.fideslang == ".".join(parts[:length])
            ]
            if same:
                found |= dict.fromkeys(same)
                break
    order = list(load_vocabulary())
    return sorted(found, key=order.index)
