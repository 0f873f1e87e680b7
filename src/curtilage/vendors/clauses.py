"""The reading list for contracts: what an agreement with a vendor has to settle.

Source:
    contract-reading-list: drawn from public city contracts and from what went wrong
    where a clause was missing. A contract declares the ids of the clauses that a reader found in it.
"""

from __future__ import annotations

from typing import Final

#: Id and what the clause settles, in the order of reading.
CLAUSES: Final[dict[str, str]] = {
    "ownership": "the city owns and controls the data, not only possesses it",
    "purpose-limit": "no use beyond the service, none for product improvement or training models",
    "no-sale": "no sale, licence, broker feed or pooled network",
    "legal-process-notice": "notice to the city before data is given under legal process, as far as law permits",
    "transparency-counts": "a count of demands received, zero included",
    "sub-processors": "list of sub-processors, the same duties for them, notice of change",
    "location-and-control": "where data lies and which company controls it",
    "remote-access": "who may reach it for support, from where",
    "encryption-and-keys": "encryption, and who holds the keys",
    "retention-and-return": "how long, return, verified destruction with backups, certificate",
    "audit": "the city may audit and see access logs",
    "breach": "what a breach is and when the clock starts",
    "sharing-defaults": "sharing with other agencies is off, and stays off without the city's consent",
    "federal-customers": "pilots and contracts with federal agencies are disclosed",
    "precedence": "this contract prevails over click-through terms",
    "unilateral-change": "no change of terms without the city",
    "public-records": "help with public-records requests",
    "assignment": "what happens on merger, sale or bankruptcy",
    "governing-law": "law and venue",
    "no-gag": "nothing silences the city",
    "indemnity": "indemnity, damages and termination for unlawful sharing",
    "insurance": "insurance",
    "recipient-certification": "recipients certify their use where the jurisdiction's pack requires it",
}

#: Without these a contract leaves residents' data open; the others are good order.
NEEDED: Final = (
    "ownership",
    "purpose-limit",
    "no-sale",
    "legal-process-notice",
    "sub-processors",
    "location-and-control",
    "encryption-and-keys",
    "retention-and-return",
    "sharing-defaults",
    "breach",
)
