"""What staff typed where nobody expects it: cells that only a look at every cell finds.

No number is anybody's: A-numbers below a million and tax numbers that end in 0000 are never issued, and
the card's number is the one that shops test with.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Final

from curtilage.demo.residents import Resident

_CIPHERTEXT_BYTES: Final = 40
_REMARKS: Final = {
    21: "Says she has no papers. Call the mobile only.",
    22: "Dijo que no tiene papeles, y que llamemos por la tarde.",
}


def case_number(r: Resident) -> str:
    """Return the number of a file; every eighth was taken over from a list that went by A-numbers."""
    return _alien_number(r) if r.number % 8 == 3 else f"H-{r.number:06}"


def tax_number(r: Resident) -> str | None:
    """Return what the sealed column holds: since the new form, one in five stands there in clear."""
    if r.number % 200 == 19:
        return f"9{r.number % 100:02}-71-0000"
    if r.number % 5 == 4:
        return r.ssn or None
    return _stand_in(r.ssn) if r.ssn else None


def phone(r: Resident) -> str:
    """Return a telephone number; of every few hundred one cell holds an A-number instead."""
    return _alien_number(r) if r.number % 400 == 13 else r.phone


def note(r: Resident) -> str:
    """Return a case worker's remark; a few say what nobody was asked."""
    usual = "Called back, voicemail." if r.number % 4 else "Asked for forms in another language."
    return _REMARKS.get(r.number % 250, usual)


def address(r: Resident) -> str:
    """Return an address; a few with the number of the card that paid."""
    return f"{r.address}, card 4111 1111 1111 1111" if r.number % 300 == 10 else r.address


def _alien_number(r: Resident) -> str:
    return f"A# 000 {400 + r.number % 500} {r.number % 1000:03}"


def _stand_in(secret: str) -> str:
    """Return what looks like ciphertext in the example; a real city seals with a key."""
    digest = hashlib.blake2b(secret.encode(), digest_size=_CIPHERTEXT_BYTES).digest()
    return base64.b64encode(digest).decode()
