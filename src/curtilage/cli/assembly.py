"""Where the command-line door puts the rooms together: the one place that chooses drivers.

Everything here imports inside functions, so that a command loads only what it uses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curtilage.connectors.ports import Reader


def readers() -> tuple[Reader, ...]:
    """Return every reader of forms, schemas and code, in no particular order.

    Also called in worker processes, by name.
    """
    return ()
