"""How long work tells that it is under way; a terminal shows it, a pipe does not."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told what is being done; decides whether and how to show it."""

    def start(self, what: str, total: int | None, *, unit: str = "", size: int = 0) -> None:
        """Begin a piece of work.

        Args:
            what: What is done.
            total: Of how many steps, None where the number is not known.
            unit: What a step is (``rows``); empty where ``what`` says it.
            size: Of how many bytes; 0 where nobody knows.
        """
        ...

    def step(self, count: int = 1, detail: str = "", *, size: int = 0) -> None:
        """Tell that ``count`` more steps, of ``size`` bytes, are done; ``detail`` names a place, never a value."""
        ...

    def finish(self) -> None:
        """End the piece of work."""
        ...


class Quiet:
    """Shows nothing."""

    def start(self, what: str, total: int | None, *, unit: str = "", size: int = 0) -> None:
        """Show nothing."""

    def step(self, count: int = 1, detail: str = "", *, size: int = 0) -> None:
        """Show nothing."""

    def finish(self) -> None:
        """Show nothing."""
