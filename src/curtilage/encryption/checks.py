"""Findings about encryption, as far as declarations and schemas tell.

A declaration is not evidence; what a probe saw belongs here too once there are probes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from curtilage.encryption.ports import Channel, Holder
from curtilage.foundation.finding import Finding, Rule, Severity

NOT_IN_TRANSIT: Final = Rule(
    code="encryption.not-in-transit",
    safeguard=5,
    severity=Severity.HIGH,
    title="Connections are not encrypted",
    why="Whoever is on the line can read what residents told the city.",
    remedy="Require TLS for every connection to this system, then say so in systems.yml.",
    source="sunlight-2017, encrypt connections",
)
NOT_AT_REST: Final = Rule(
    code="encryption.not-at-rest",
    safeguard=5,
    severity=Severity.HIGH,
    title="Stored data is not encrypted",
    why="A lost disk or backup gives every record to whoever finds it.",
    remedy="Encrypt the disks or the files, with keys that the city holds.",
    source="sunlight-2017, full-disk encryption",
)
NOT_STATED: Final = Rule(
    code="encryption.not-stated",
    safeguard=5,
    severity=Severity.MEDIUM,
    title="Encryption is not stated",
    why="What nobody has stated cannot be relied on, so it counts as missing.",
    remedy="Find out, and write encryption.in_transit and encryption.at_rest in systems.yml.",
    source="sunlight-2017, encrypt",
)
NOT_SEALED: Final = Rule(
    code="encryption.telling-column-not-sealed",
    safeguard=5,
    severity=Severity.LOW,
    title="A telling column is readable by everybody with access",
    why="Disk encryption protects a stolen disk; it does not stop a curious account or a copied table.",
    remedy="Seal the column field by field, or stop holding it.",
    source="sunlight-2017, encrypt",
)
SEALED_READABLE: Final = Rule(
    code="encryption.sealed-column-readable",
    safeguard=5,
    severity=Severity.HIGH,
    title="A column that is declared as sealed is not",
    why="Everybody with access to the table reads what residents were told is sealed.",
    remedy="Seal what is there, with a key that the city holds; until then take the column out of encryption.fields.",
    source="sunlight-2017, encrypt",
)
CHANNEL_READABLE: Final = Rule(
    code="encryption.channel-not-end-to-end",
    safeguard=5,
    severity=Severity.MEDIUM,
    title="Telling matters go over a channel that its operator can read",
    why="Whoever runs the channel can be made to hand over what passed on it.",
    remedy="Lower what may be said there, or use an end-to-end encrypted channel that records law accepts.",
    source="sunlight-2017, end-to-end encrypted communication",
)
CHANNEL_NOT_CAPTURED: Final = Rule(
    code="encryption.channel-not-captured",
    safeguard=5,
    severity=Severity.MEDIUM,
    title="City business goes over a channel not known to keep records",
    why="Records law applies to what is said there, and nothing is kept for it.",
    remedy="Agree with the records officer which matters may go there, or capture them.",
    source="records-ephemeral",
)
RULES: Final = (
    NOT_IN_TRANSIT,
    NOT_AT_REST,
    NOT_STATED,
    NOT_SEALED,
    SEALED_READABLE,
    CHANNEL_READABLE,
    CHANNEL_NOT_CAPTURED,
)
_CIPHERTEXT: Final = "ciphertext"
_READABLE: Final = {
    "": "are not all ciphertext",
    "encoded": "are plain text in another coat (hexadecimal or base64), which anybody takes off",
    "digest": "are digests: short numbers are found again by trying them all",
}
"""What cells are that are not sealed, in words."""


def find(holdings: Iterable[tuple[Holder, tuple[str, ...]]]) -> Iterator[Finding]:
    """Give the findings of each system.

    Args:
        holdings: Each system that holds residents' data, with ``TABLE.COLUMN`` of what it holds that
            states or singles out; may be empty.
    """
    for system, telling in holdings:
        yield from _find_unencrypted(system)
        sealed = {column.lower() for column in system.encryption.fields}
        for column in telling:
            if column.lower() not in sealed:
                message = f"{system.id}.{column} is declared in clear."
                yield Finding(NOT_SEALED, system.spot, f"{system.id}.{column}", message)


def _find_unencrypted(system: Holder) -> Iterator[Finding]:
    stated = (
        (NOT_IN_TRANSIT, "in transit", system.encryption.in_transit),
        (NOT_AT_REST, "at rest", system.encryption.at_rest),
    )
    for rule, which, answer in stated:
        if answer is False:
            message = f"{system.id} is declared as not encrypted {which}."
            yield Finding(rule, system.spot, f"system {system.id}", message)
        elif answer is None:
            message = f"{system.id} does not say whether it is encrypted {which}."
            yield Finding(NOT_STATED, system.spot, f"system {system.id} {which}", message)


def find_readable(columns: Iterable[tuple[Holder, str, int, str]]) -> Iterator[Finding]:
    """Give the columns that are declared as sealed and can be read.

    Args:
        columns: Of each such column whose cells were looked at: its system, ``TABLE.COLUMN``, how many
            cells it has, and what nearly all of them are (``ciphertext``, ``digest``, ``encoded``; empty
            for none of these).
    """
    for system, column, cells, coat in columns:
        if cells and coat != _CIPHERTEXT:
            said = _READABLE.get(coat, _READABLE[""])
            message = f"{system.id}.{column} is declared as sealed; its {cells:,} cells {said}."
            yield Finding(SEALED_READABLE, system.spot, f"{system.id}.{column}", message, state=coat)


def find_in_channels(channels: Iterable[tuple[Channel, bool]]) -> Iterator[Finding]:
    """Give the findings about how staff and residents communicate.

    Args:
        channels: Each channel, with whether matters that state or single out may go over it.
    """
    for channel, telling in channels:
        subject = f"channel {channel.id}"
        if telling and channel.end_to_end is not True:
            message = f"{channel.id} may carry telling matters and is not end-to-end encrypted."
            yield Finding(CHANNEL_READABLE, channel.spot, subject, message)
        if channel.captured_for_records is not True:
            denied = channel.captured_for_records is False
            said = "is declared as not captured" if denied else "does not say whether it is captured"
            message = f"{channel.id} {said} for records."
            yield Finding(CHANNEL_NOT_CAPTURED, channel.spot, subject, message, state=said)
