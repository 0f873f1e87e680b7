"""SQLite files, as both of their drivers open them: so that nothing in or beside them is written."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from curtilage.connectors.ports import NoAnswerError, NoRightsError, UnreadableError


def locate(path: Path, source: str) -> str:
    """Return the URI under which SQLite opens a file without writing in or beside it.

    Raises:
        NoAnswerError: There is no such file.
        NoRightsError: This account may not read it.
        UnreadableError: It is no SQLite file.
    """
    try:
        with path.open("rb") as file:
            head = file.read(20)
    except PermissionError as error:
        raise NoRightsError(
            source=source, what="this account may not read the file", next_step="Ask its owner."
        ) from error
    except OSError as error:
        raise NoAnswerError(
            source=source, what="there is no such file", next_step="Check the path."
        ) from error
    if head and not head.startswith(b"SQLite format 3\0"):
        raise UnreadableError(source=source, what="It is no SQLite database")
    # A file in WAL mode without its -wal beside it is open nowhere: then nothing needs a lock,
    # and without "immutable" SQLite would create files beside it.
    idle = head[18:20] == b"\x02\x02" and not path.with_name(f"{path.name}-wal").exists()
    mode = "mode=ro&immutable=1" if idle else "mode=ro"
    return f"file:{quote(str(path))}?{mode}"
