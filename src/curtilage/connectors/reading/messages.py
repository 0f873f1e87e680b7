"""What the readers of translations share: which strings are certainly no words for people."""

from __future__ import annotations

import re
from typing import Final

_PLACEHOLDERS: Final = re.compile(
    r"%\{[^}]*\}|\{\{[^}]*\}\}|\$\{[^}]*\}|\$t\([^)]*\)|\{[^{}]*\}|%[-+0-9.]*[a-zA-Z]|<[^<>]*>"
)
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:|/)\S*")
_LETTER: Final = re.compile(r"[^\W\d_]")


def is_for_people(text: str) -> bool:
    """Return whether ``text`` may be words: neither empty, an address, a number nor a placeholder alone.

    >>> is_for_people("Fecha de nacimiento"), is_for_people("%d/%m/%Y"), is_for_people("{{ name }}")
    (True, False, False)
    """
    text = text.strip()
    if not text or _ADDRESS.fullmatch(text):
        return False
    return bool(_LETTER.search(_PLACEHOLDERS.sub("", text)))
