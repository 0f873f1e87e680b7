"""Libraries that only some formats need: loaded when a file of that format is met, not before."""

from __future__ import annotations

import importlib
from typing import Any

from curtilage.connectors.ports import NotInstalledError


def load_library(module: str, *, extra: str, source: str) -> Any:
    """Return an imported module of an optional library.

    Args:
        module: Dotted name of the module (``pypdf``, ``defusedxml.ElementTree``).
        extra: The installation extra that brings it (``forms``).
        source: The file that needs it, for the message.

    Raises:
        NotInstalledError: It is not installed; says the one-line remedy.
    """
    try:
        return importlib.import_module(module)
    except ImportError as error:
        library = module.partition(".")[0]
        raise NotInstalledError(source=source, library=library, extra=extra) from error
