"""What changed between two inventories, by meaning: order, comments and layout do not matter.

Each change names the noun, the attribute, before and after. A change that leaves residents with less
protection carries in ``loosens`` the words that say why; the rules for that are in ``loosening.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from curtilage.foundation.finding import Spot
from curtilage.foundation.settings import SETTINGS_FILE
from curtilage.inventory._kinds import LanguageTexts
from curtilage.inventory._shape import Shape
from curtilage.inventory.loosening import Context, Said, loosens_by_change, loosens_by_presence
from curtilage.inventory.nouns import Inventory
from curtilage.inventory.shapes import identities

Kind = Literal["added", "removed", "renamed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of meaning.

    Attributes:
        kind: ``added``, ``removed``, ``renamed`` (a field under a new id) or ``changed``.
        noun: Kind of the noun: ``field``, ``series``, ``city`` ...
        id: Its id, after the change where it has one; a purpose's is ``PROGRAM.PURPOSE``.
        attribute: Key as the files write it, ``question.es`` for one language; empty where the whole
            noun came or went.
        before: What was said, as the file writes it; None where nothing was.
        after: What is said now; None where nothing is.
        loosens: Why residents have less protection after it; empty where they have not.
        spot: Where it is declared now, or was.
    """

    kind: Kind
    noun: str
    id: str
    attribute: str
    before: Said
    after: Said
    loosens: str
    spot: Spot


Known = Mapping[tuple[str, str], tuple[Shape, Any, str]]


def diff(before: Inventory, after: Inventory) -> tuple[Change, ...]:
    """Return what changed in meaning, in the order of the files that declare it now; empty if nothing.

    A field that went and one that came count as one renamed field where its question or a place where
    it is stored stayed the same.
    """
    old, new = identities(before), identities(after)
    context = Context(before, after)
    renamed = _find_renamed(old, new)
    changes: list[Change] = []
    for key, (shape, noun, _) in new.items():
        if key in old or key in renamed:
            was = renamed.get(key, key)
            if key in renamed:
                changes.append(
                    Change("renamed", key[0], key[1], shape.keys[0].name, was[1], key[1], "", _spot(noun))
                )
            changes.extend(_compare(shape, key[1], old[was][1], noun, context))
        else:
            changes.append(_presence("added", shape, key, noun, context))
    gone = [key for key in old if key not in new and key not in renamed.values()]
    changes.extend(_presence("removed", old[key][0], key, old[key][1], context) for key in gone)
    changes.extend(_compare_name(before, after, context))
    return tuple(changes)


def _spot(noun: Any) -> Spot:
    spot = noun.spot
    assert isinstance(spot, Spot)
    return spot


def _presence(kind: Kind, shape: Shape, key: tuple[str, str], noun: Any, context: Context) -> Change:
    said = getattr(noun, "title", "") or getattr(noun, "citation", "") or key[1]
    before, after = (said, None) if kind == "removed" else (None, said)
    why = loosens_by_presence(shape.name, noun, context, came=kind == "added")
    return Change(kind, shape.name, key[1], "", before, after, why, _spot(noun))


def _compare(shape: Shape, identifier: str, before: Any, after: Any, context: Context) -> Iterator[Change]:
    old, new = flatten(shape, before), flatten(shape, after)
    for attribute in dict.fromkeys([*old, *new]):
        was, now = old.get(attribute), new.get(attribute)
        if was != now:
            why = loosens_by_change(shape.name, attribute, was, now, context)
            yield Change("changed", shape.name, identifier, attribute, was, now, why, _spot(after))


def _compare_name(before: Inventory, after: Inventory, context: Context) -> Iterator[Change]:
    for attribute in ("name", "zone", "languages"):
        was, now = getattr(before.city, attribute), getattr(after.city, attribute)
        was, now = (tuple(sorted(was)), tuple(sorted(now))) if attribute == "languages" else (was, now)
        if was != now:
            why = loosens_by_change("city", attribute, was, now, context)
            yield Change("changed", "city", "city", attribute, was, now, why, Spot(SETTINGS_FILE))


def flatten(shape: Shape, noun: Any) -> dict[str, Said]:
    """Return what a noun says, key to value, without its id; lists sorted, languages apart.

    What stands in a single branch gets its name in front: ``exception.expires``.
    """
    found: dict[str, Said] = {}
    for key in shape.keys[1:] if shape.has_id else shape.keys:
        value = getattr(noun, key.target)
        if isinstance(key.kind, LanguageTexts):
            found |= {f"{key.name}.{language}": text for language, text in value}
            continue
        plain = key.kind.write(value)
        if isinstance(plain, dict):
            found |= {f"{key.name}.{inner}": _said(said) for inner, said in plain.items()}
        elif plain is not None:
            found[key.name] = tuple(sorted(plain)) if isinstance(plain, list) else _said(plain)
    for branch in shape.branches:
        inner = getattr(noun, branch.name)
        if branch.single and inner is not None:
            if branch.default is None:
                found[branch.name] = True
            found |= {f"{branch.name}.{name}": said for name, said in flatten(branch.shape, inner).items()}
    return found


def _said(plain: Any) -> Said:
    assert isinstance(plain, str | bool)
    return plain


def _find_renamed(old: Known, new: Known) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the new key of each field that goes on under another id, with its old one."""
    gone = {key: noun for key, (shape, noun, _) in old.items() if shape.name == "field" and key not in new}
    by_trace: dict[object, list[tuple[str, str]]] = {}
    for key, noun in gone.items():
        for trace in _traces(noun):
            by_trace.setdefault(trace, []).append(key)
    renamed: dict[tuple[str, str], tuple[str, str]] = {}
    taken: set[tuple[str, str]] = set()
    for key, (shape, noun, _) in new.items():
        if shape.name != "field" or key in old:
            continue
        candidates = [was for trace in _traces(noun) for was in by_trace.get(trace, ()) if was not in taken]
        if candidates:
            # The nearest name among those that left the same trace: same collection first.
            renamed[key] = max(candidates, key=lambda was: _likeness(was[1], key[1]))
            taken.add(renamed[key])
    return renamed


def _traces(field: Any) -> Iterator[object]:
    for column in field.stored_in:
        yield ("stored", column)
    if field.question:
        yield ("asked", tuple(sorted(field.question)))


def _likeness(first: str, second: str) -> int:
    same = 0
    for one, other in zip(first, second, strict=False):
        if one != other:
            break
        same += 1
    return same
