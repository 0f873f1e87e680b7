"""Say in plain words why the schema does not take a rule: which rule, which fact, and what to write.

The engine names a rule by its place in the text, and speaks of types. Somebody who writes rules knows neither.
"""

from __future__ import annotations

import difflib
import re
from typing import Final

from curtilage.disclosure.policy.schema import FLAGS, RECORDS, RESOURCE, WORDS

CONTEXT: Final = (
    *(f"instrument.{part}" for part in ("kind", "family", "judicial", "compels")),
    *WORDS,
    *FLAGS,
    *RECORDS,
    *(f"{record}.{part}" for record, parts in RECORDS.items() for part in parts),
)
"""Facts that a rule asks of ``context``; those of ``resource`` are ``schema.RESOURCE``."""

_UNKNOWN: Final = re.compile(r"attribute `(?P<fact>[^`]+)` (?P<where>in context|on entity).* not found")
_UNASKED: Final = re.compile(r"optional attribute `(?P<fact>[^`]+)`")
_PLACE: Final = re.compile(r"^for policy `[^`]*`,\s*")


def explain(error: str, *, rule: str) -> tuple[str, str]:
    """Return what is wrong with a rule, and what to write instead.

    Args:
        error: The engine's words.
        rule: Id of the rule.

    >>> explain("for policy `policy0`, attribute `gagged` in context for x not found", rule="own")
    ('own is not valid: no request has a fact context.gagged.', 'Do you mean context.gag? Every fact: docs/how-to/write-a-pack.md')
    """
    if found := _UNKNOWN.search(error):
        return _explain_unknown(found["fact"], is_context=found["where"] == "in context", rule=rule)
    if found := _UNASKED.search(error):
        fact = found["fact"]
        what = f"{rule} is not valid: it asks for context.{fact}, which a request may not have."
        return what, f"Ask first: context has {fact} && context.{fact}…"
    return f"{rule} is not valid: {_PLACE.sub('', error).rstrip('.')}.", ""


def _explain_unknown(fact: str, *, is_context: bool, rule: str) -> tuple[str, str]:
    known = CONTEXT if is_context else RESOURCE
    of = "context" if is_context else "resource"
    near = difflib.get_close_matches(fact, known, n=1)
    meant = f"Do you mean {of}.{near[0]}? " if near else ""
    what = f"{rule} is not valid: no request has a fact {of}.{fact}."
    return what, f"{meant}Every fact: docs/how-to/write-a-pack.md"
