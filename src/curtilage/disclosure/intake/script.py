"""What somebody at a desk is told the moment a request is recorded: what to say, what not to do, whom to call.

Rules of this file:

* Nothing is looked up: the same channel and the same kind of paper give the same script, whoever is asked about.
  So it can neither confirm nor deny that a person or a record is there.
* The words are data, ``script.yml`` and ``card.yml``, so that counsel and native readers can change them.

Source:
    sunlight-2017, limit the discretion of individual employees; curtilage-disclosure-table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from curtilage.disclosure.case.roles import COUNSEL, SUPERVISOR, roles_of
from curtilage.disclosure.policy.card import find_card
from curtilage.inventory.nouns import Officer

_FILE: Final = Path(__file__).parent / "script.yml"

_CALLED: Final = (COUNSEL, "privacy-officer", "records-officer", SUPERVISOR)
"""Whom a desk calls, the first first."""


class ScriptWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What channel and paper add to the card, in one language.

    Attributes:
        checked: Whether a native reader has read it.
        case: The line with the number of the case.
        first: What comes first, by channel.
        paper: What the kind of paper adds.
        danger: What comes before everything where a life is in danger.
        nobody: What is said where the city names nobody to call.
        attach: How the paper is added later.
    """

    checked: bool
    case: str
    first: dict[str, tuple[str, ...]]
    paper: dict[str, tuple[str, ...]]
    danger: str
    nobody: str
    attach: str


class ScriptFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All scripts, and the version that the ledger keeps."""

    version: str
    languages: dict[str, ScriptWords]


@dataclass(frozen=True, slots=True)
class Script:
    """What is shown at a desk.

    Attributes:
        id: Which script it is, ``ID@VERSION``, as the case keeps it.
        lang: Its language, a BCP 47 tag.
        checked: Whether a native reader has read all of it.
        danger: What comes before everything; empty where no life is in danger.
        case: The line with the number of the case; empty in practice.
        parts: Heading and sentences of each part, in order.
        call_title: Heading over whom to call.
        call: Whom to call, a line each; empty where the city names nobody.
        nobody: What is said then.
        safe: That nobody is punished for following it.
        attach: How the paper is added later.
        unread: That no native reader has read it, in its language; empty where one has.
    """

    id: str
    lang: str
    checked: bool
    danger: str
    case: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    call_title: str
    call: tuple[str, ...]
    nobody: str
    safe: str
    attach: str
    unread: str


@cache
def load_scripts() -> ScriptFile:
    """Return the words. Not to be changed by who gets them."""
    return msgspec.yaml.decode(_FILE.read_bytes(), type=ScriptFile)


def name_script(channel: str, paper: str, lang: str, *, danger: bool = False) -> str:
    """Return which script it is, as the case keeps it.

    >>> name_script("counter", "agency", "es").partition("@")[0]
    'desk.counter.agency.es'
    """
    return f"desk.{channel}.{paper}.{'danger.' if danger else ''}{lang}@{load_scripts().version}"


def list_calls(officers: tuple[Officer, ...], *, danger: bool) -> tuple[str, ...]:
    """Return whom to call, a line each: counsel first, a supervisor first where a life is in danger; may be empty."""
    order = sorted(_CALLED, key=lambda role: role != SUPERVISOR) if danger else _CALLED
    found = [
        officer for role in order for officer in officers if role in roles_of(officer) and officer.contact
    ]
    return tuple(dict.fromkeys(f"{each.role}: {each.contact}" for each in found))


def make_script(
    channel: str,
    paper: str,
    *,
    lang: str,
    calls: tuple[str, ...],
    danger: bool = False,
    case: str = "",
    who: str = "",
) -> Script:
    """Return what a desk is told. It knows nothing of what was asked.

    Args:
        channel: One of ``case.nouns.CHANNELS``.
        paper: One of ``case.nouns.SEEN``.
        lang: Language.
        calls: Whom to call: see :func:`list_calls`.
        danger: Whether a life is said to be in danger.
        case: Id of the case; empty in practice, where nothing is recorded.
        who: Who recorded it, for the line that adds a paper.

    Raises:
        NoCardError: There is no card in that language.
    """
    card, words = find_card(lang), load_scripts().languages.get(lang)
    checked = card.checked and (words is None or words.checked)
    (do_title, do), (say_title, say), (not_title, never), (_, kinds) = card.parts()
    first = (*words.first.get(channel, ()), *words.paper.get(paper, ())) if words else kinds
    parts = ((say_title, say), (do_title, (*first, *do)), (not_title, never))
    return Script(
        id=name_script(channel, paper, lang, danger=danger),
        lang=lang,
        checked=checked,
        danger=(words.danger if words else card.danger) if danger else "",
        case=words.case.format(case=case) if words and case else case,
        parts=parts,
        call_title=card.call_title,
        call=calls,
        nobody=words.nobody if words and not calls else "",
        safe=card.safe,
        attach=words.attach.format(case=case, who=who) if words and case and paper != "none" else "",
        unread="" if checked else card.unread,
    )


def say_script(script: Script) -> Iterator[str]:
    """Give the lines of a script, as a terminal shows them; an empty line parts the parts."""
    if script.danger:
        yield from (f"!! {script.danger}", "")
    if script.case:
        yield from (script.case, "")
    for title, sentences in script.parts:
        yield from (title, *(f"  - {sentence}" for sentence in sentences), "")
    yield from (script.call_title, *(f"  {each}" for each in script.call or (script.nobody or "____",)), "")
    yield script.safe
    for line in filter(None, (script.attach, script.unread)):
        yield from ("", line)
