"""A baseline: the findings that stood when a city began, so that only new ones stop its work.

A baseline hides nothing for good: `check` says how many findings it leaves out, each time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from curtilage.foundation.errors import UsageError
from curtilage.foundation.files import write_atomically
from curtilage.foundation.finding import Finding

_VERSION = 1


def load_baseline(path: Path) -> frozenset[str]:
    """Return the fingerprints that a baseline holds.

    Raises:
        UsageError: The file is missing or is no baseline.
    """
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        known = {_VERSION: held["findings"]}[held["version"]]
        return frozenset(str(each["fingerprint"]) for each in known)
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
    """Write the fingerprints of ``findings``; return how many.

    Effects:
        Replaces ``path``, whole or not at all.
    """
    held = [
        {"fingerprint": finding.fingerprint, "rule": finding.rule.code, "subject": finding.subject}
        for finding in sorted(findings, key=lambda each: (each.rule.code, each.subject))
    ]
    body = json.dumps({"version": _VERSION, "findings": held}, indent=1, ensure_ascii=False)
    write_atomically(path, f"{body}\n".encode())
    return len(held)
