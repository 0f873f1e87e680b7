"""How long work tells that it is under way; a terminal shows it, a pipe does not."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told what is being done; decides whether and how to show it."""

    def start(self, what: str, total: int | None) -> None:
        """Begin a piece of work of ``total`` steps, None where the number is not known."""
        ...

    def step(self, count: int = 1, detail: str = "") -> None:
        """Tell that ``count`` more steps are done; ``detail`` names a place, never a value."""
        ...

    def finish(self) -> None:
        """End the piece of work."""
        ...


class Quiet:
    """Shows nothing."""

    def start(self, what: str, total: int | None) -> None:
        """Show nothing."""

    def step(self, count: int = 1, detail: str = "") -> None:
        """Show nothing."""

    def finish(self) -> None:
        """Show nothing."""
