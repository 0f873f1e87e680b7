"""The same words for answers, facts and sources on every page, screen and paper."""

from __future__ import annotations

from typing import Final

from curtilage.disclosure.nouns import Answer, Change

ANSWERS: Final[dict[Answer, tuple[str, str]]] = {
    Answer.ROUTE: (
        "Hand on",
        "It is recorded and handed to whoever may answer. Nothing is confirmed or denied.",
    ),
    Answer.SEALED_LANE: ("Sealed lane", "Counsel alone handles it; nobody else is told."),
    Answer.NOTIFY_CITY: ("Vendor tells the city", "The vendor releases nothing and tells the city at once."),
    Answer.COUNSEL_REVIEW: (
        "Counsel review",
        "Counsel reviews it; what it asks for is held, and nothing leaves.",
    ),
    Answer.OBJECT_OR_DECLINE: (
        "Object or decline",
        "Counsel objects or declines in writing, by the date that the paper names.",
    ),
    Answer.DECLINE: ("Decline", "It is declined in writing and recorded."),
    Answer.NARROW: (
        "Narrow",
        "Only what it names; the rest stays until the court or the party has clarified.",
    ),
    Answer.RELEASE: ("Release", "Exactly what is named leaves, after two people agreed."),
}
"""What an answer is called, and what happens then."""

SURE: Final = {
    "text": "read in the source",
    "account": "from an account of it",
    "knowledge": "not read: counsel checks it",
    "chosen": "our design",
}
"""How sure a source is, in words."""


def say_fact(name: str) -> str:
    """Return the dotted name of a fact in words: ``consent.by_the_subject`` as ``consent: by the subject``."""
    return name.replace(".", ": ").replace("_", " ")


def say_change(change: Change) -> str:
    """Return a change in words."""
    return f"{say_fact(change.fact)} were {change.then}, not {change.now}"
