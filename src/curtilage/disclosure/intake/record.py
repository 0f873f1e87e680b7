"""Turn what a reviewer read from a paper into the steps of a case: one act, all or nothing.

Rules of this file:

* Nothing of a paper goes into an entry but words of lists, days and counts; the rest is sealed.
* The form records what a person read, who issued it and what it asks for. Whether it binds, counsel says after.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case.steps import Step
from curtilage.disclosure.intake.form import ASKED, Intake
from curtilage.disclosure.intake.front import attach_text
from curtilage.foundation.canonical import canonical_bytes
from curtilage.foundation.guarded import Guarded

SCRIPTLESS: Final = ""
"""Which script was shown where a reviewer, and no desk, began the case: none."""

_OWN_BODY: Final = ("records", "gag")
"""Sealed keys that are private bodies of their own."""


def receive_step(intake: Intake) -> Step:
    """Return the step that begins a case."""
    words = intake.words
    said = ev.Received("", words["channel"], words["department"], words["issuer"], words["saw"], SCRIPTLESS)
    return Step(said)


def list_steps(intake: Intake) -> tuple[Step, ...]:
    """Return what follows: who served it, what else it says, who issued it, what it is, what it asks for."""
    return tuple(_steps(intake))


def _steps(intake: Intake) -> Iterator[Step]:
    if intake.service:
        said = {name: text.unsafe_reveal() for name, text in intake.service.items()}
        yield attach_text(ev.ASKER, Guarded(canonical_bytes(said).decode()))
    rest = [f"{key}: {text.unsafe_reveal()}" for key, text in intake.sealed.items() if key not in _OWN_BODY]
    rest += [f"matter: {intake.words['matter']}"]
    yield attach_text(ev.WORDS, Guarded("\n".join(rest)))
    words = intake.words
    yield Step(ev.Identified(words["issuer"], words["signer"], words["authentic"], words["verified"]))
    for kind in ASKED:
        yield Step(ev.FactStated(kind, "yes" if kind in intake.asks_for else "no"))
    yield _classify(intake)  # last: a paper that forbids telling makes the case counsel's alone


def _classify(intake: Intake) -> Step:
    words, days = intake.words, intake.days
    said = ev.Classified(
        instrument=words["instrument"],
        form=words.get("form", ""),
        revision=words.get("revision", ""),
        issued=days["issued"],
        served=days["served"],
        return_by=days["return_by"],
        civil_immigration=intake.civil_immigration,
        custody=words["custody"],
        holder=words["holder"],
        gag="gag" in intake.sealed,
        subjects=len(intake.subjects),
        hints=intake.hints,
    )
    bodies = {name: intake.sealed[name] for name in _OWN_BODY if name in intake.sealed}
    if intake.subjects:
        names = [each.unsafe_reveal() for each in intake.subjects]
        bodies[ev.SUBJECTS] = Guarded(canonical_bytes(names).decode())
    return Step(said, bodies)
