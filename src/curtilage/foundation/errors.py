"""Every error of Curtilage, grouped by what the reader should do.

::

    CurtilageError
     ├─ DeclarationError      fix the file you wrote      (carries every problem found, not the first)
     ├─ UsageError            type the command again      (an argument or an input that cannot be read)
     ├─ UndecidedError        complete the policy or schedule, then ask again
     ├─ NotAllowedError       ask someone with the role
     ├─ SourceError           try again later             (a city system or file did not answer)
     └─ EvidenceError         stop, and tell oversight    (ledger, proof or seal does not match)

Rules of this file:

* A message has three parts: what happened, what was left untouched, what to do next.
* A message names files, places, counts and codes, never a value from a resident's record.
* Each concrete error has a stable ``code`` such as ``inventory.not-valid``.
* An error of a library is wrapped once, at the port, with ``raise ... from error``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


class CurtilageError(Exception):
    """Something Curtilage could not do, said so that a reader can act on it."""

    code: ClassVar[str] = "curtilage.error"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in a file that somebody wrote.

    Attributes:
        path: The file, relative to the folder that was read; POSIX separators.
        line: 1-based line number; 0 when the problem is the whole file.
        what: What is wrong, one sentence. Never a resident's value.
        instead: What to write instead, one sentence; may be empty.
        code: Stable code, for example ``inventory.unknown-category``.
    """

    path: str
    line: int
    what: str
    instead: str = ""
    code: str = ""

    def __str__(self) -> str:
        """Render as ``path:line: what instead [code]``, the form editors can jump to."""
        where = f"{self.path}:{self.line}" if self.line else self.path
        parts = [f"{where}: {self.what}", self.instead, f"[{self.code}]" if self.code else ""]
        return " ".join(part for part in parts if part)


class DeclarationError(CurtilageError):
    """A file that somebody wrote cannot be accepted as it stands.

    Carries every problem found, in the order of files and lines, so that all can be mended at once.
    """

    code = "declaration.not-valid"

    def __init__(self, problems: Iterable[Problem], *, next_step: str = "") -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(problems)))
        count = len(self.problems)
        head = f"{count} problem{'' if count == 1 else 's'} found. Nothing was changed."
        lines = [head, *(f"  {problem}" for problem in self.problems), next_step]
        super().__init__("\n".join(line for line in lines if line))


class UsageError(CurtilageError):
    """What was typed, or piped in, cannot be read."""

    code = "usage.not-readable"


class UndecidedError(CurtilageError):
    """A policy or schedule is incomplete, so no answer can be given."""

    code = "policy.undecided"


class NotAllowedError(CurtilageError):
    """The person asking does not hold the role that this needs."""

    code = "role.not-allowed"


class SourceError(CurtilageError):
    """A city's system or file did not answer, or not in a form that can be read."""

    code = "source.not-readable"


class EvidenceError(CurtilageError):
    """A ledger, a proof or a seal does not match what it should prove."""

    code = "evidence.mismatch"
