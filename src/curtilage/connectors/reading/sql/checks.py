"""Coded answers out of the text of a check or type, as a live database gives it."""

from __future__ import annotations

from curtilage.connectors.reading.sql.columns import coded_answers
from curtilage.connectors.reading.sql.text import Statement
from curtilage.connectors.reading.text import shorten


def answers_of(definition: str) -> tuple[str, ...]:
    """Return the coded answers in ``CHECK (…)`` or ``enum('a','b')``; empty where it lists none.

    >>> answers_of("CHECK (status = ANY (ARRAY['citizen'::text, 'lpr'::text]))")
    ('citizen', 'lpr')
    >>> answers_of("enum('a','b')")
    ('a', 'b')
    >>> answers_of("CHECK (length(ssn) = 11)")
    ()
    """
    tokens = [token for token in Statement(definition, 1, "", escapes=False).tokens() if token.kind != "note"]
    return shorten(coded_answers(tokens))
