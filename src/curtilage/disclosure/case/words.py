"""Whether the words, days and bodies of a step are such as may be recorded for ever.

Rules of this file:

* A word stands on a closed list; a reference has a digit and few characters: nobody's name fits.
* Days do not contradict one another.
* What a step says of its private bodies is so: a gag comes with its text, bounds with their scope.
* No message repeats what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final, NamedTuple

from curtilage.disclosure.case import events as ev
from curtilage.disclosure.case import nouns
from curtilage.disclosure.case.nouns import Moment
from curtilage.disclosure.case.roles import OWN_STEP, STATES
from curtilage.disclosure.nouns import CUSTODIES, HOLDERS, ISSUERS, ROLES, SCOPES, SIGNERS, Answer
from curtilage.disclosure.policy.facts import RECORDS
from curtilage.disclosure.policy.instruments import load_instruments
from curtilage.foundation.guarded import Guarded
from curtilage.retention.nouns import Reason

_LISTS: Final[Mapping[tuple[type[ev.Data], str], tuple[str, ...]]] = {
    (ev.Received, "channel"): nouns.CHANNELS,
    (ev.Received, "issuer"): (*ISSUERS, "unknown"),
    (ev.Received, "paper"): nouns.SEEN,
    (ev.Attached, "what"): nouns.ATTACHED,
    (ev.Identified, "issuer"): ISSUERS,
    (ev.Identified, "signer"): SIGNERS,
    (ev.Identified, "authentic"): nouns.AUTHENTIC,
    (ev.Identified, "how"): nouns.PROOFS,
    (ev.Classified, "custody"): CUSTODIES,
    (ev.Classified, "holder"): HOLDERS,
    (ev.Held, "ground"): nouns.GROUNDS,
    (ev.HoldLifted, "ground"): nouns.GROUNDS,
    (ev.Confirmed, "what"): nouns.CONFIRMED,
    (ev.Decided, "outcome"): tuple(answer.value for answer in Answer),
    (ev.Answered, "answer"): nouns.ANSWERS,
    (ev.Approved, "role"): ROLES,
    (ev.Noticed, "whom"): nouns.TOLD,
    (ev.Noticed, "how"): nouns.WAYS,
    (ev.ExigentOpened, "harm"): nouns.HARMS,
    (ev.Reviewed, "by"): nouns.REVIEWERS,
    (ev.Reviewed, "finding"): nouns.REVIEW_FINDINGS,
    (ev.Reviewed, "note"): nouns.REVIEW_NOTES,
    (ev.Closed, "result"): nouns.RESULTS,
}
"""Fields that are a word of a closed list."""

_NUMBERED: Final = r"(?=.*\d)[A-Za-z0-9][A-Za-z0-9 ./:#_()\u00a7-]{0,79}"
_PATTERNS: Final[Mapping[tuple[type[ev.Data], str], tuple[str, str]]] = {
    (ev.Received, "case"): (r"[a-z2-7]{8}", "an id of 8 characters of a-z and 2-7"),
    (ev.Received, "department"): (r"[a-z0-9][a-z0-9_-]{0,63}", "a department's id"),
    (ev.Received, "script"): (r"(?:[a-z0-9.-]+@[0-9a-z.]+)?", "a script's id and version"),
    (ev.Attached, "media"): (r"(?:[a-z]+/[a-z0-9.+-]{1,80})?", "a media type, such as application/pdf"),
    (ev.Classified, "form"): (rf"(?:{_NUMBERED})?", "a form's number as printed, such as I-200"),
    (ev.Classified, "revision"): (rf"(?:{_NUMBERED})?", "a form's revision as printed, such as 9/16"),
    (ev.Assigned, "officer"): (r"[a-z0-9][a-z0-9_-]{0,63}", "an officer's id of city.yml"),
    (ev.Objected, "letter"): (r"(?:[a-z0-9._-]+@[0-9a-z.]+)?", "a template's id and version"),
    (ev.Refused, "letter"): (r"(?:[a-z0-9._-]+@[0-9a-z.]+)?", "a template's id and version"),
    (ev.Answered, "letter"): (r"(?:[a-z0-9._-]+@[0-9a-z.]+)?", "a template's id and version"),
    (ev.Planned, "plan"): (r"[0-9a-f]{64}", "a plan's fingerprint"),
    (ev.Approved, "plan"): (r"[0-9a-f]{64}", "a plan's fingerprint"),
    (ev.ReleaseIntended, "plan"): (r"[0-9a-f]{64}", "a plan's fingerprint"),
    (ev.ReleaseIntended, "package"): (r"[a-z0-9][a-z0-9._-]{0,79}", "a file's name"),
    (ev.Released, "plan"): (r"[0-9a-f]{64}", "a plan's fingerprint"),
    (ev.Released, "package_hash"): (r"[0-9a-f]{64}", "a package's hash"),
    (ev.ReleaseStopped, "plan"): (r"[0-9a-f]{64}", "a plan's fingerprint"),
    (ev.ReleaseStopped, "reason"): (r"[a-z][a-z.-]{0,39}", "a code"),
    (ev.Decided, "policy_hash"): (r"[0-9a-f]{64}", "the hash of a set of rules"),
    (ev.Preserved, "hold"): (r"[a-z0-9][a-z0-9-]{0,63}", "the id of a hold"),
    (ev.NoticeWithheld, "cite"): (_NUMBERED, "a citation with its number, such as 18 U.S.C. 2705(b)"),
}
"""Fields that are no word of a list, and what fits."""

_NEEDS: Final[Mapping[type[ev.Data], str]] = {
    ev.Narrowed: ev.SCOPE,
    ev.Planned: ev.PLAN,
    ev.NoticeWithheld: ev.GAG,
}
"""Bodies without which a step says nothing."""

_MAY_HAVE: Final[Mapping[type[ev.Data], tuple[str, ...]]] = {
    ev.Received: (ev.ASKER, ev.WORDS, ev.PAPER),
    ev.Attached: (ev.ASKER, ev.WORDS, ev.PAPER),
    ev.Classified: (ev.SUBJECTS, ev.RECORDS, ev.GAG),
    ev.Narrowed: (ev.SCOPE,),
    ev.Planned: (ev.PLAN,),
    ev.Objected: (ev.LETTER,),
    ev.Refused: (ev.LETTER,),
    ev.Answered: (ev.LETTER,),
    ev.NoticeWithheld: (ev.GAG,),
}
"""Bodies that a step may have."""


class _Typed(NamedTuple):
    """The names of a step's bodies, and the day."""

    bodies: frozenset[str]
    today: date


def weigh_words(data: ev.Data, bodies: Mapping[str, Guarded], now: Moment) -> Iterator[Reason]:
    """Give what is wrong with the words, days and bodies of a step.

    Args:
        data: The step.
        bodies: What is about people in it, by name.
        now: When it is weighed.
    """
    if not _has_shape(data):
        yield Reason("shape", "A word, a day or a count of this step is missing or of another kind.")
        return
    for each in fields(data):  # type: ignore[arg-type] # every kind is a dataclass
        yield from _weigh_field(type(data), each.name, getattr(data, each.name))
    yield from _weigh_bodies(data, bodies)
    if check := _MORE.get(type(data)):
        yield from check(data, _Typed(frozenset(bodies), now.today))


def _has_shape(data: ev.Data) -> bool:
    """Return whether what would be recorded can be read again: Python does not hold a field to its type."""
    import msgspec

    try:
        return bool(msgspec.convert(msgspec.to_builtins(data), type(data)) == data)
    except (msgspec.ValidationError, TypeError):
        return False


def _weigh_field(kind: type[ev.Data], name: str, value: Any) -> Iterator[Reason]:
    words, pattern = _LISTS.get((kind, name)), _PATTERNS.get((kind, name))
    said = name.replace("_", " ")
    if words and value not in words:
        yield Reason("word", f"{said.capitalize()} is a word that is not on its list: {', '.join(words)}.")
    if pattern and not re.fullmatch(pattern[0], value):
        yield Reason(
            "word",
            f"{said.capitalize()} is no such thing as {pattern[1]}; it is kept for ever, and nobody's name.",
        )
    if isinstance(value, int) and value < 0:
        yield Reason("count", f"{said.capitalize()} is a count, from 0 up.")
    if name == "hints" and not all(re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,63}", hint) for hint in value):
        yield Reason("word", "A hint is named by the id of its rule.")


def _weigh_bodies(data: ev.Data, bodies: Mapping[str, Guarded]) -> Iterator[Reason]:
    unknown = set(bodies) - set(_MAY_HAVE.get(type(data), ()))
    if unknown:
        yield Reason("body", "This step keeps no such thing sealed.")
    needed = _NEEDS.get(type(data))
    if needed and needed not in bodies:
        yield Reason("body", f"Its {needed} is missing.")


def _attached(data: ev.Attached, typed: _Typed) -> Iterator[Reason]:
    if set(typed.bodies) != {data.what}:
        yield Reason("body", "What is attached comes with it, and nothing else.")


def _classified(data: ev.Classified, typed: _Typed) -> Iterator[Reason]:
    if data.instrument not in load_instruments():
        known = ", ".join(load_instruments())
        yield Reason("word", f"There is no such instrument. Choose from: {known}.")
    if data.gag != (ev.GAG in typed.bodies):
        yield Reason("body", "A gag comes with its own words, and only a gag does.")
    if bool(data.subjects) != (ev.SUBJECTS in typed.bodies):
        yield Reason("body", "Whom it names is counted and kept sealed: both, or neither.")
    if data.issued and data.served and data.issued > data.served:
        yield Reason("days", "It was served before it was issued. One of the two days is wrong.")
    if data.issued and data.return_by and data.issued > data.return_by:
        yield Reason(
            "days", "It was issued after the day by which it wants an answer. One of the two is wrong."
        )
    if any(day and day > typed.today for day in (data.issued, data.served)):
        yield Reason("days", "It was issued or served on a day that has not come.")


def _stated(data: ev.FactStated, _: _Typed) -> Iterator[Reason]:
    head = data.fact.partition(".")[0]
    known = {*list_statable(), *(STATES if data.word == "none" else ())}
    words = (*(SCOPES if head == "scope" else ("yes", "no")), "none")
    if step := OWN_STEP.get(head):
        yield Reason("own-step", f"This is said with: curtilage disclosure {step} CASE --as OFFICER")
    elif data.fact not in known:
        yield Reason("fact", f"There is no such fact. Choose from: {', '.join(list_statable())}.")
    elif data.word not in words:
        yield Reason("word", f"It is one of: {', '.join(words)}; none takes back what was stated.")


def list_statable() -> tuple[str, ...]:
    """Return the dotted names of the facts that people state."""
    return tuple(
        name
        for head in STATES
        for name in ([f"{head}.{part.name}" for part in fields(RECORDS[head])] if head in RECORDS else [head])
    )


def _held(data: ev.Held, typed: _Typed) -> Iterator[Reason]:
    if data.until and data.until < typed.today:
        yield Reason("days", "The day on which somebody looks again is over.")


def _narrowed(data: ev.Narrowed, _: _Typed) -> Iterator[Reason]:
    if not data.subjects or not data.fields or not data.systems:
        yield Reason(
            "everyone",
            "Bounds name at least one person, one field and one system: nothing named is no bound.",
        )
    if data.since and data.until and data.since > data.until:
        yield Reason("days", "The period ends before it begins.")


def _planned(data: ev.Planned, typed: _Typed) -> Iterator[Reason]:
    if data.expires < typed.today:
        yield Reason("days", "The plan is over before it is made.")
    if not data.rows or not data.fields or not data.subjects:
        yield Reason(
            "nothing",
            "Nothing would leave. If the city holds nothing: curtilage disclosure answer no-such-record",
        )


def _noticed(data: ev.Noticed, typed: _Typed) -> Iterator[Reason]:
    if data.on > typed.today:
        yield Reason("days", "Nobody was told on a day that has not come.")


_MORE: Final[Mapping[type[ev.Data], Callable[[Any, _Typed], Iterator[Reason]]]] = {
    ev.Attached: _attached,
    ev.Classified: _classified,
    ev.FactStated: _stated,
    ev.Held: _held,
    ev.Narrowed: _narrowed,
    ev.Planned: _planned,
    ev.Noticed: _noticed,
}
