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


def is_sqlite_file(path: Path) -> bool:
    """Return whether SQLite finds a database of its own in a file, which it opens and closes itself.

    A file that a program opens and closes beside SQLite loses the locks of every connection that the same
    program has to it (POSIX advisory locks): another program may then take its WAL away, and what was
    committed is lost. So whoever writes asks here, and opens no such file by itself.

    Source:
        sqlite-corrupt, section 2.2.
    """
    import sqlite3
    from contextlib import closing

    if not path.is_file() or not path.stat().st_size:
        return False
    try:
        with closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as connection:
            connection.execute("PRAGMA schema_version").fetchone()
    except sqlite3.DatabaseError as error:
        return getattr(error, "sqlite_errorcode", 0) & 0xFF not in {
            sqlite3.SQLITE_NOTADB,
            sqlite3.SQLITE_CANTOPEN,
        }
    return True
