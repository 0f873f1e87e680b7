"""From what somebody typed to the files and databases to look at, in a stable order.

* A file that was named is always looked at, whatever it is called; the rules below are for what is
  found inside a folder.
* Links are not followed, so a walk cannot loop or leave the folder. Devices, pipes and sockets are
  not opened. A folder that may not be listed, or that is gone, is told and the walk goes on.
* What is passed over is given too, with its reason, so that it can be counted.
* The order is that of the paths' characters; memory grows with the largest single folder only.
"""

# Paths are plain strings here: a walk meets a million of them, and names that are no text.
# ruff: noqa: PTH100, PTH112, PTH116, PTH118, PTH119, PTH120, PTH123, PTH207
from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from curtilage.connectors._ignore import IgnoreFile, is_ignored, parse_ignore
from curtilage.connectors.url import BadUrlError, parse_url, redact_url
from curtilage.foundation.errors import UsageError
from curtilage.foundation.place import PassedOver

#: Folders that hold other people's code or what a tool made from it.
VENDORED_FOLDERS: Final = frozenset(
    "node_modules bower_components jspm_packages vendor vendors third_party third-party thirdparty "
    "site-packages dist-packages venv virtualenv __pycache__ __pypackages__ Pods Carthage".split()
)
#: Folders of version control, and of a desktop's own notes, that do not begin with a dot.
_VERSION_CONTROL: Final = frozenset({"CVS", "_darcs", "RCS", "SCCS", "__MACOSX"})
_ALWAYS_PASSED_OVER: Final = frozenset({".git", ".hg", ".svn", ".bzr", ".jj"}) | _VERSION_CONTROL
#: Lock files: lists that a package manager wrote.
_LOCK_FILES: Final = frozenset(
    "package-lock.json npm-shrinkwrap.json yarn.lock pnpm-lock.yaml bun.lock Cargo.lock poetry.lock pdm.lock "
    "uv.lock Pipfile.lock composer.lock composer-lock.json Gemfile.lock go.sum mix.lock flake.lock "
    "pubspec.lock Podfile.lock packages.lock.json gradle.lockfile".split()
)
_MADE_BY_TOOLS: Final = re.compile(r"[.-]min\.(?:js|css|mjs|html)$|\.(?:js|css|mjs)\.map$|\.bundle\.js$")
_BUILD_FOLDERS: Final = frozenset({"dist", "build", "out", "_build", "public"})
_BUILT: Final = (".js", ".mjs", ".cjs", ".css", ".map")
_ADDRESS: Final = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*://")
#: A way to write a database's address that is not read here; what it says may hold a password.
_OTHER_ADDRESS: Final = re.compile(
    r"^(?:jdbc|odbc):|(?i:(?:^|[\s;?&])(?:password|passwd|pwd|dbname|host|server)=)"
)
_WILDCARD: Final = re.compile(r"[*?\[]")
_IGNORE_BYTES: Final = 256 * 2**10
STANDARD_INPUT: Final = "-"
#: What the kernel shows as files: no form lies there, and reading some of them never ends.
_KERNEL_FOLDERS: Final = frozenset({"/dev", "/proc", "/sys"})


class TargetMissingError(UsageError):
    """What was named does not exist, or is nothing that can be looked at."""

    code = "usage.target-missing"

    def __init__(self, *, target: str, why: str) -> None:
        self.target = target
        super().__init__(
            f"{target}: {why}. Nothing was looked at. "
            f"Name a file, a folder, a pattern in quotes, a database's URL, or - for standard input."
        )


@dataclass(frozen=True, slots=True)
class Found:
    """One thing to look at.

    Attributes:
        source: How it is named in every result: as typed, joined with the path inside; POSIX
            separators, bytes that are no UTF-8 written as escapes.
        path: What the operating system opens; empty for standard input; a URL for a database.
        is_database: ``path`` is a database's URL.
        content: What standard input gave; None for files.
    """

    source: str
    path: str = field(default="", repr=False)
    is_database: bool = False
    content: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder under way: ``parts`` lead to it from the root of the walk, or of its repository."""

    path: str
    source: str
    parts: tuple[str, ...]
    ignores: tuple[IgnoreFile, ...] | None


def is_address(target: str) -> bool:
    """Return whether ``target`` is a database's URL and not a path."""
    return _ADDRESS.match(target) is not None


def file_of(target: str) -> str:
    """Return the path of a SQLite file where ``target`` names one as a database; else ``target``.

    >>> file_of("sqlite:databases/housing.db"), file_of("sqlite:////srv/housing.db"), file_of("forms")
    ('databases/housing.db', '/srv/housing.db', 'forms')
    """
    if not target.lower().startswith("sqlite:"):
        return target
    return target[len("sqlite:") :].removeprefix("///")


def expand_target(target: str) -> tuple[str, ...]:
    """Return the paths or URLs that ``target`` means: itself, or the matches of a pattern, sorted.

    Raises:
        TargetMissingError: There is nothing of that name, or no match.
        BadUrlError: It is the URL of something that is no database, or cannot be taken apart.
    """
    if target == STANDARD_INPUT:
        return (target,)
    if not target:
        raise TargetMissingError(
            target="A target", why="its name is empty, perhaps a variable that is not set"
        )
    target = file_of(target)
    if is_address(target):
        if target.lower().startswith("file://"):
            raise TargetMissingError(target="The address", why="a file is named by its path, without file://")
        if target.lower().startswith(("http://", "https://", "ftp://")):
            raise TargetMissingError(
                target="The address", why="pages of the web are not fetched: save the page as a file"
            )
        parse_url(target)
        return (target,)
    if os.path.lexists(target):
        _check_kind(target)
        return (target,)
    if _OTHER_ADDRESS.search(target):
        raise BadUrlError(what="it does not begin with postgresql://, mysql://, mariadb:// or sqlite:")
    matches = sorted(glob.iglob(target, recursive=True)) if _WILDCARD.search(target) else []
    if not matches:
        raise TargetMissingError(target=name_source(target), why=_why_missing(target))
    return tuple(matches)


def _why_missing(target: str) -> str:
    try:
        os.lstat(target)
    except PermissionError:
        return "a folder above it may not be entered by this account"
    except OSError:
        pass
    return "there is no such file or folder"


def _check_kind(target: str) -> None:
    try:
        mode = os.stat(target).st_mode
    except FileNotFoundError:
        raise TargetMissingError(target=name_source(target), why="a link to a file that is gone") from None
    except OSError:
        return
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise TargetMissingError(target=name_source(target), why="a device or a pipe, not a file or folder")


def walk(target: str, *, source: str = "", everything: bool = False) -> Iterator[Found | PassedOver]:
    """Give what is to be looked at in one expanded target, and what is passed over.

    Args:
        target: A file, a folder or a database's URL, as :func:`expand_target` returned it.
        source: How to call it in results; ``target`` itself where empty, a URL without its secrets.
        everything: Look also at what is hidden, vendored, generated or ignored. The stores of
            version control stay passed over.

    Returns:
        In the order of their sources' characters, one folder after the other.
    """
    if is_address(target):
        yield Found(source=source or redact_url(target), path=target, is_database=True)
    elif not os.path.isdir(target):
        yield Found(source=name_source(source or target), path=target)
    else:
        yield from _walk_folder(target, name_source(source or target), everything=everything)


def name_source(path: str) -> str:
    r"""Return how ``path`` is shown: POSIX separators, no ``./`` in front, always valid Unicode.

    >>> name_source("./forms//intake.pdf")
    'forms/intake.pdf'
    """
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    text = re.sub(r"/(?:\./)*/*", "/", text.replace(os.sep, "/"))
    while text.startswith("./") and len(text) > 2:
        text = text[2:]
    return text.rstrip("/") or ("/" if text.startswith("/") else ".")


def _walk_folder(target: str, source: str, *, everything: bool) -> Iterator[Found | PassedOver]:
    root = _Folder(target, "" if source == "." else source, (), None)
    root = root if everything else _inside_repository(root)
    waiting: list[Iterator[Found | PassedOver | _Folder]] = [_list_folder(root, everything=everything)]
    while waiting:
        for item in waiting[-1]:
            if isinstance(item, _Folder):
                waiting.append(_list_folder(item, everything=everything))
                break
            yield item
        else:
            waiting.pop()


def _list_folder(folder: _Folder, *, everything: bool) -> Iterator[Found | PassedOver | _Folder]:
    try:
        with os.scandir(folder.path or ".") as entries:
            listed = sorted(map(_key_and_kind, entries))
    except OSError as error:
        yield _told(folder.source or ".", error)
        return
    names = {key.rstrip("/") for key, _ in listed}
    folder = folder if everything else _with_ignores(folder, names)
    in_build = not everything and folder.path.rstrip("/").rsplit("/", 1)[-1] in _BUILD_FOLDERS
    for key, kind in listed:
        name = key.rstrip("/")
        source = f"{folder.source}/{name}" if folder.source not in {"", "/"} else folder.source + name
        source = os.fsencode(source).decode("utf-8", "backslashreplace")
        reason = _reason(name, kind, everything=everything, in_build=in_build)
        parts = (*folder.parts, name)
        if not reason and folder.ignores and is_ignored(folder.ignores, parts, is_folder=kind == "folder"):
            reason = "ignored"
        path = os.path.join(folder.path, name)
        if kind == "folder" and not reason:
            reason = _reason_of_folder(path, everything=everything)
        if reason:
            yield PassedOver(source, reason)
        elif kind == "folder":
            yield _Folder(path, source, parts, folder.ignores)
        else:
            yield Found(source, path)


def _key_and_kind(entry: os.DirEntry[str]) -> tuple[str, str]:
    # With its slash, a folder sorts where its files do: "a.txt" before "a/b".
    kind = _kind(entry)
    return (entry.name + "/" if kind == "folder" else entry.name), kind


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_symlink():
            return "link"
        if entry.is_dir(follow_symlinks=False):
            return "folder"
        return "file" if entry.is_file(follow_symlinks=False) else "special"
    except OSError:
        return "file"


def _reason_of_folder(path: str, *, everything: bool) -> str:
    if path in _KERNEL_FOLDERS:
        return "special"
    return "vendored" if not everything and os.path.lexists(f"{path}/pyvenv.cfg") else ""


def _reason(name: str, kind: str, *, everything: bool, in_build: bool) -> str:
    """Return why an entry is passed over by its name alone; empty where it is not."""
    if kind in {"link", "special"}:
        return kind
    if name in _ALWAYS_PASSED_OVER:
        return "hidden"
    if everything:
        return ""
    if name.startswith("."):
        return "hidden"
    if kind == "folder":
        return "vendored" if name in VENDORED_FOLDERS else ""
    built = in_build and name.endswith(_BUILT)
    return "generated" if built or name in _LOCK_FILES or _MADE_BY_TOOLS.search(name) else ""


def is_passed_over(path: str) -> str:
    """Return why a path inside an archive is passed over by its names; empty where it is not.

    >>> is_passed_over("forms/intake.html"), is_passed_over("__MACOSX/._intake.html")
    ('', 'hidden')
    """
    *folders, name = path.split("/")
    for folder in folders:
        if reason := _reason(folder, "folder", everything=False, in_build=False):
            return reason
    return _reason(name, "file", everything=False, in_build=bool(_BUILD_FOLDERS & set(folders)))


def _told(source: str, error: OSError) -> PassedOver:
    if isinstance(error, PermissionError):
        return PassedOver(source, "not-allowed", "The folder may not be listed by this account.")
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return PassedOver(source, "vanished", "It was there when the walk began and is gone.")
    return PassedOver(source, "unreadable", f"The folder cannot be listed ({os.strerror(error.errno or 0)}).")


def _inside_repository(root: _Folder) -> _Folder:
    """Give the root the ignore files of the folders above it, where it lies inside a repository."""
    here = os.path.abspath(root.path)
    chain = [here]
    while not os.path.lexists(os.path.join(chain[-1], ".git")):
        parent = os.path.dirname(chain[-1])
        if parent == chain[-1]:
            return root
        chain.append(parent)
    parts = tuple(os.path.basename(path) for path in reversed(chain[:-1]))
    above = [(path, len(parts) - place) for place, path in enumerate(chain) if place > 0]
    files = [_read_ignores(path, depth) for path, depth in reversed(above)]
    return _Folder(root.path, root.source, parts, tuple(file for file in files if file))


def _with_ignores(folder: _Folder, names: set[str]) -> _Folder:
    if ".git" in names and folder.parts:
        folder = _Folder(folder.path, folder.source, (), ())
    if folder.ignores is None or ".gitignore" not in names:
        return folder
    own = _read_ignores(folder.path, len(folder.parts))
    return _Folder(folder.path, folder.source, folder.parts, (*folder.ignores, *((own,) if own else ())))


def _read_ignores(folder: str, depth: int) -> IgnoreFile | None:
    path = os.path.join(folder, ".gitignore")
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return None
        with open(path, "rb") as file:
            text = file.read(_IGNORE_BYTES).decode("utf-8", "surrogateescape")
    except OSError:
        return None
    return parse_ignore(text, depth=depth)
