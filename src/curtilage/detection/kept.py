"""What was compiled from rules, kept beside Python's own compiled files.

As with ``.pyc`` files, what is kept is used only where it was made from these very rules by this very
code; its name tells. Where it may not be written there, as in an installation that somebody else made,
it is kept in the user's own cache; where that cannot be either, rules are compiled each time.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from curtilage.foundation.files import NotWrittenError, write_atomically


def read_kept(name: str) -> Iterator[bytes]:
    """Give what is kept under a name, nearest first; nothing where nothing is."""
    for place in _places():
        with contextlib.suppress(OSError):
            yield (place / name).read_bytes()


def keep(name: str, content: bytes) -> bool:
    """Keep something for the next process; return whether that was possible.

    Args:
        name: Such as ``rules-0123abcd.json``: up to the dash what it is, then what it was made from.
            What was kept of the same kind and made from something else is removed.
        content: Rules and nothing else.

    Effects:
        Writes the file into ``__pycache__`` beside this module, or into ``~/.cache/curtilage`` where
        that may not be written.
    """
    return any(_write(place / name, content) for place in _places())  # the first that may be written


def _places() -> Iterator[Path]:
    yield Path(__file__).parent / "__pycache__"
    with contextlib.suppress(RuntimeError):  # nobody's home
        yield Path.home() / ".cache" / "curtilage"


def _write(kept: Path, content: bytes) -> bool:
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(kept, content)
    except (OSError, NotWrittenError):
        return False
    kind, _, _ = kept.name.partition("-")
    with contextlib.suppress(OSError):
        for old in kept.parent.glob(f"{kind}-*{kept.suffix}"):
            if old != kept:
                old.unlink(missing_ok=True)
    return True
