"""Read a city's files as they were at a revision of its git repository."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from curtilage.cli.render import printable
from curtilage.foundation.errors import SourceError, UsageError

_PATHS: Final = ("curtilage.toml", "inventory")
_REGULAR: Final = ("100644", "100755")
_SECONDS: Final = 60


class NoRevisionError(UsageError):
    """A revision cannot be read from the repository that the city's folder lies in."""

    code = "inventory.no-revision"

    def __init__(self, *, revision: str, why: str) -> None:
        super().__init__(
            f"The revision {printable(revision)} cannot be read: {printable(why)} Nothing was compared. "
            "Name a branch, tag or commit that holds the city's folder (git log shows them), or compare two "
            "folders: curtilage inventory diff OLD NEW"
        )


def read_revision(folder: Path, revision: str) -> dict[str, bytes]:
    """Return the files of a city's folder as they were at a revision.

    Args:
        folder: The city's folder, inside a git repository.
        revision: A branch, tag or commit.

    Returns:
        Path below ``folder`` to content; links and submodules are left out.

    Raises:
        NoRevisionError: There is no such revision, or the folder is in no repository.
        SourceError: git is not installed, or did not answer.
    """
    if revision.startswith("-") or not revision.strip():
        raise NoRevisionError(revision=revision, why="It is no name of a revision.")
    listed = _git(folder, revision, "ls-tree", "-r", "-z", revision, "--", *_PATHS)
    entries: dict[str, str] = {}
    for entry in listed.decode("utf-8", "replace").split("\0"):
        head, _, path = entry.partition("\t")
        if path and path.endswith((".toml", ".yml", ".yaml")) and head.startswith(_REGULAR):
            entries[path] = head.split()[2]
    if not entries:
        raise NoRevisionError(revision=revision, why="It holds no inventory in this folder.")
    return _contents(folder, revision, entries)


def _contents(folder: Path, revision: str, entries: dict[str, str]) -> dict[str, bytes]:
    """Read every blob by its object id, in one run: ``ID blob SIZE``, the bytes, a line end."""
    asked = "".join(f"{name}\n" for name in entries.values()).encode()
    answer = _git(folder, revision, "cat-file", "--batch", given=asked)
    documents: dict[str, bytes] = {}
    at = 0
    for path in entries:
        end = answer.index(b"\n", at)
        size = int(answer[at:end].rsplit(b" ", 1)[1])
        documents[path] = answer[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return documents


def _git(folder: Path, revision: str, *arguments: str, given: bytes = b"") -> bytes:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=_SECONDS)  # noqa: S603 - no shell, and the revision is no option
    except FileNotFoundError as error:
        raise SourceError(
            "git is not installed. Nothing was compared. Install it, or compare two folders: "
            "curtilage inventory diff OLD NEW"
        ) from error
    except subprocess.TimeoutExpired as error:
        raise SourceError(
            "git did not answer. Nothing was compared. Try again, or compare two folders."
        ) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["git gave no reason"]
        raise NoRevisionError(revision=revision, why=said[0].removeprefix("fatal: ").rstrip(".") + ".")
    return done.stdout
