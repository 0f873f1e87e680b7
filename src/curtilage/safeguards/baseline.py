"""A baseline: the findings that stood when a city began, so that only new ones stop its work.

A baseline hides nothing for good: `check` says how many findings it leaves out, each time, and one
whose place has changed since is new.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from curtilage.foundation.errors import UsageError
from curtilage.foundation.files import write_atomically
from curtilage.foundation.finding import Finding
from curtilage.safeguards.triage import state_of

Known = frozenset[tuple[str, str]]
"""The fingerprint of each finding that is known, and the state in which it was known."""

_VERSION: Final = 1


def is_known(finding: Finding, known: Known) -> bool:
    """Return whether a baseline holds this finding as it is now."""
    return (finding.fingerprint, state_of(finding)) in known


def load_baseline(path: Path) -> Known:
    """Return what a baseline holds.

    Raises:
        UsageError: The file is missing or is no baseline.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        known = {_VERSION: held["findings"]}[held["version"]]
        return frozenset((str(each["fingerprint"]), str(each["state"])) for each in known)
    except OSError as error:
        raise UsageError(
            f"The baseline {path} could not be read ({error.strerror}). Nothing was checked. "
            f"Make one with: curtilage check --write-baseline {path}"
        ) from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UsageError(
            f"{path} is no baseline that this version reads. Nothing was checked. "
            f"Make a new one with: curtilage check --write-baseline {path}"
        ) from error


def save_baseline(path: Path, findings: Iterable[Finding]) -> int:
    """Write what is known of ``findings``; return how many.

    Effects:
        Replaces ``path``, whole or not at all.
    """
    held = [
        {
            "fingerprint": finding.fingerprint,
            "state": state_of(finding),
            "rule": finding.rule.code,
            "subject": finding.subject,
        }
        for finding in sorted(findings, key=lambda each: (each.rule.code, each.subject))
    ]
    body = json.dumps({"version": _VERSION, "findings": held}, indent=1, ensure_ascii=False)
    write_atomically(path, f"{body}\n".encode())
    return len(held)
