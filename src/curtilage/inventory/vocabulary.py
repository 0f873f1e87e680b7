"""The kinds of residents' data that Curtilage knows, read from a data file that ships with it.

Rules of this file:

* The vocabulary is data. Adding a category or mending a label needs no Python.
* A category's level and its two attributes are answers to three different questions; none of them
  is worked out from another (see the head of ``data/categories.yml``).
* An unknown category has no entry, and no harmless default stands in for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from curtilage.inventory.nouns import Category, Reveals

LANGUAGES: Final = ("en", "es", "zh", "vi", "ht", "tl")
"""Languages that every category has a label in, in the order of the labels."""

DPV_PERSONAL_DATA: Final = "https://w3id.org/dpv/pd#"
"""Start of every DPV term that the vocabulary uses."""

OWN_TERM: Final = "urn:curtilage:category:"
"""Start of a category's own term, for those that DPV has no word for."""


@cache
def load_vocabulary() -> Mapping[str, Category]:
    """Return every category by id, in the order of the data file: the most telling first.

    The mapping is read once, shared and read-only.
    """
    import yaml

    text = files("curtilage.inventory").joinpath("data/categories.yml").read_text(encoding="utf-8")
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    entries = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, in C where there is one
    return MappingProxyType({entry["id"]: _category(entry) for entry in entries})


def label(category: Category, language: str = "en") -> str:
    """Return the category's name in ``language``.

    Args:
        category: One category.
        language: BCP 47 tag. ``es-MX`` finds ``es``; a language without a label gets English.

    >>> label(load_vocabulary()["passport"], "es-MX")
    'Pasaporte'
    """
    said = dict(category.labels)
    for tag in (language.lower(), language.lower().partition("-")[0], "en"):
        if tag in said:
            return said[tag]
    return category.id


def term(category: Category) -> str:
    """Return the IRI that publications name the category by: DPV's, or its own where DPV has none.

    >>> term(load_vocabulary()["immigration_status"])
    'urn:curtilage:category:immigration_status'
    """
    return category.dpv or OWN_TERM + category.id


def _category(entry: Mapping[str, Any]) -> Category:
    return Category(
        id=entry["id"],
        reveals=Reveals(entry["reveals"]),
        status_information=entry["status_information"],
        locator_information=entry["locator_information"],
        labels=tuple(entry["labels"].items()),
        definition=entry["definition"],
        dpv=entry.get("dpv", ""),
        fideslang=entry.get("fideslang", ""),
        citations=tuple(entry["citations"]),
    )
