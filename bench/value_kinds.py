"""What other tools call things, and which of our categories that may mean: as kindly as it can be read.

A tool's kind counts as right where any category that it may mean is right. ``LENIENT`` kinds are too broad
to be held against a tool (every date, every place): they count where they are right and never as wrong.
A kind that is in neither table says nothing that is asked here and is passed over.
"""

from __future__ import annotations

_PHONE, _EMAIL, _BORN = ("phone",), ("email",), ("date_of_birth",)
_MONEY, _HOME, _DEVICE = ("financial_account",), ("address",), ("ip_or_device",)
_FOREIGN = ("consular_or_foreign_id", "other_government_id")
_STATUS = ("immigration_status", "citizenship", "nationality", "visa")
_NAME = ("full_name", "given_name", "family_name")
_LICENCE = ("drivers_license", "state_id")

KINDS: dict[str, tuple[str, ...]] = {
    # Presidio, presidio-structured
    "PHONE_NUMBER": _PHONE,
    "EMAIL_ADDRESS": _EMAIL,
    "US_SSN": ("ssn",),
    "US_ITIN": ("itin",),
    "US_PASSPORT": ("passport", *_FOREIGN),
    "US_DRIVER_LICENSE": _LICENCE,
    "CREDIT_CARD": _MONEY,
    "US_BANK_NUMBER": _MONEY,
    "IBAN_CODE": _MONEY,
    "ABA_ROUTING_NUMBER": _MONEY,
    "IP_ADDRESS": _DEVICE,
    "PERSON": _NAME,
    # DataProfiler
    "SSN": ("ssn", "itin"),
    "PHONE": _PHONE,
    "EMAIL": _EMAIL,
    "DRIVERS_LICENSE": _LICENCE,
    "BAN": _MONEY,
    "ADDRESS": _HOME,
    "IPV4": _DEVICE,
    "IPV6": _DEVICE,
    "MAC_ADDRESS": _DEVICE,
    "COORDINATE": ("geolocation",),
    # piicatcher
    "BIRTH_DATE": _BORN,
    "GENDER": ("sex", "gender_identity"),
    "NATIONALITY": ("nationality", "citizenship"),
    "USER_NAME": _NAME,
    # commonregex
    "phones": _PHONE,
    "emails": _EMAIL,
    "ips": _DEVICE,
    "ipv6s": _DEVICE,
    "credit_cards": _MONEY,
    "street_addresses": _HOME,
    # scrubadub
    "phone": _PHONE,
    "email": _EMAIL,
    "social_security_number": ("ssn", "itin"),
    "credit_card": _MONEY,
    "vehicle_licence_plate": ("vehicle_plate",),
    "drivers_licence": _LICENCE,
    # an afternoon of rules of one's own (peer_scripts/values_custom.py)
    "MY_A_NUMBER": ("alien_number",),
    "MY_RECEIPT": ("uscis_receipt",),
    "MY_ITIN": ("itin",),
    "MY_SEVIS": ("sevis",),
    "MY_I94": ("i94",),
    "MY_MRZ": ("passport", "nationality", "visa", "consular_or_foreign_id"),
    "MY_PASSPORT": ("passport",),
    "MY_FOREIGN_ID": _FOREIGN,
    "MY_STATUS": _STATUS,
    "MY_SSN_PLACEHOLDER": ("no_ssn_reason", "ssn"),
}  # fmt: skip

LENIENT: dict[str, tuple[str, ...]] = {
    "DATE_TIME": _BORN,
    "DATE": _BORN,
    "DATETIME": _BORN,
    "dates": _BORN,
    "date_of_birth": _BORN,
    "LOCATION": (*_HOME, "country_of_birth", "place_of_birth"),
    "NRP": ("nationality", "citizenship", "race", "ethnicity", "religion"),
    "postal_code": _HOME,
    "QUANTITY": (),
    "INTEGER": (),
    "FLOAT": (),
    "ORDINAL": (),
    "UUID": (),
    "HASH_OR_KEY": (),
    "URL": (),
}
"""Too broad to count against a tool."""


def meaning(kind: str) -> tuple[tuple[str, ...], bool]:
    """Return the categories that a kind may mean, and whether it may count as wrong."""
    if kind in KINDS:
        return KINDS[kind], True
    return LENIENT.get(kind, ()), False
