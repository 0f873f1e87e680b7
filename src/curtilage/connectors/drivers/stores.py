"""Files in object stores and on the web, by fsspec: listed, and read piece by piece.

* Who may read is found where the store's own tools keep it: the environment, a role, a configuration.
  An address that carries a password is refused.
* What is shown of an address has no query: that is where signatures stand.
* Nothing is written, and no copy is kept on this machine.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, TypeVar, cast

from curtilage.connectors.content.files import LocalFile, local_file
from curtilage.connectors.ports import NoAnswerError, NoRightsError, NotInstalledError
from curtilage.connectors.reading.optional import load_library
from curtilage.connectors.url import show_store
from curtilage.connectors.walk import Found, is_passed_over
from curtilage.foundation.errors import CurtilageError
from curtilage.foundation.place import PassedOver

T = TypeVar("T")

_READ_AHEAD_BYTES: Final = 8 * 2**20
_CHANGED: Final = ("LastModified", "last_modified", "mtime", "updated", "created", "generation", "modified")
_TAGS: Final = ("ETag", "etag", "md5Hash", "content_md5", "CRC")
_ARROW_READS: Final = frozenset({"s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl"})
_REFUSED: Final = ("Forbidden", "AccessDenied", "Unauthorized", "NoCredentials", "CredentialRetrieval")


@dataclass(frozen=True, slots=True)
class StoreFile:
    """One file in a store.

    Attributes:
        source: Its address as it may be shown.
        address: Its address as it was given.
        size: Bytes; 0 where the store does not say.
        version: Size, time of the last change, and 16 bits of the store's own mark. Of that mark no
            more is kept: it is often a hash of the content, and nine digits can be guessed from theirs.
        can_seek: Whether it can be read from any place.
    """

    source: str
    address: str = field(repr=False)
    size: int
    version: str
    can_seek: bool

    def open(self) -> BinaryIO:
        """Return its bytes; raises as :func:`open_store` does."""
        system, path = _connect(self.address, self.source)
        size = _READ_AHEAD_BYTES if self.can_seek or not self.address.lower().startswith("http") else 0
        opened = _ask(self.source, lambda: system.open(path, "rb", block_size=size))
        return cast("BinaryIO", _Stream(opened, self.source, system))

    def problems(self) -> tuple[tuple[str, str], ...]:
        """Return nothing: a file of a store is as it stands."""
        return ()


class _Stream(io.RawIOBase):
    """An open file of a store, whose errors are told like those of a database."""

    def __init__(self, file: Any, source: str, system: Any) -> None:
        # An archive's file system closes it when nobody holds it.
        self._file, self._source, self._system = file, source, system

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._file.seekable())

    def read(self, size: int = -1) -> bytes:
        return bytes(_ask(self._source, lambda: self._file.read(size)))

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(_ask(self._source, lambda: self._file.seek(offset, whence)))

    def tell(self) -> int:
        return int(self._file.tell())

    def close(self) -> None:
        self._file.close()
        super().close()


def open_store(address: str, source: str = "") -> StoreFile | LocalFile:
    """Return the file at an address.

    Args:
        address: ``s3://…``, ``gs://…``, ``az://…``, ``https://…``, ``file://…``, ``zip://NAME::s3://…``.
        source: How it is named in results; empty for the address as it may be shown.

    Raises:
        BadStoreUrlError: It names a user or a password.
        NoAnswerError: It is not there, or the store does not answer.
        NoRightsError: This account may not read it.
        NotInstalledError: The library of this store is missing.
    """
    source = source or show_store(address)
    if address.lower().startswith("file://"):
        return local_file(address[len("file://") :], source)
    system, path = _connect(address, source)
    told: Mapping[str, Any] = _ask(source, lambda: system.info(path))
    size = int(told.get("size") or 0)
    # A plain web server may give a file from its beginning only.
    is_web = address.lower().startswith("http")
    can_seek = size > 0 and (bool(told.get("partial")) or not is_web)
    # Of a file in an archive only the archive knows when it changed.
    version = "" if "::" in address else _version(size, told)
    return StoreFile(source, address, size, version, can_seek)


def list_store(address: str) -> Iterator[Found | PassedOver]:
    """Give the files below an address in the order of their names; the file itself where it is one.

    Raises as :func:`open_store` does.
    """
    shown = show_store(address)
    system, path = _connect(address, shown)
    if _ask(shown, lambda: system.isfile(path)):
        yield Found(shown, address)
        return
    _, mark, around = address.partition("::")
    for name in sorted(_ask(shown, lambda: system.find(path))):
        inner = name.removeprefix(path).lstrip("/")
        full = system.unstrip_protocol(name) + mark + around
        reason = is_passed_over(inner)
        yield PassedOver(show_store(full), reason) if reason else Found(show_store(full), full)


def _connect(address: str, source: str) -> tuple[Any, str]:
    show_store(address)
    library = load_library("fsspec.core", extra="stores", source=source)
    try:
        return cast("tuple[Any, str]", _ask(source, lambda: library.url_to_fs(address)))
    except NotInstalledError:
        # The stores' own libraries are large; pyarrow brings plain readers of the same stores.
        if address.partition("://")[0].lower() not in _ARROW_READS or "::" in address:
            raise
    return _by_arrow(address, source)


def _by_arrow(address: str, source: str) -> tuple[Any, str]:
    systems = load_library("pyarrow.fs", extra="stores", source=source)
    wrapper = load_library("fsspec.implementations.arrow", extra="stores", source=source)
    scheme, _, rest = address.partition("://")
    known = {"gcs": "gs", "s3a": "s3", "az": "abfs", "adl": "abfs"}.get(scheme.lower(), scheme.lower())
    system, path = _ask(source, lambda: systems.FileSystem.from_uri(f"{known}://{rest}"))
    return wrapper.ArrowFSWrapper(system), path


def _version(size: int, told: Mapping[str, Any]) -> str:
    changed = next((str(told[key]) for key in _CHANGED if told.get(key)), "")
    tag = next((str(told[key]) for key in _TAGS if told.get(key)), "")
    if not changed and not tag:
        return ""
    return f"{size}-{changed}-{zlib.crc32(tag.encode()) & 0xFFFF:04x}"


def _ask(source: str, action: Callable[[], T]) -> T:
    """Return what a store answers; of its library's words, which may hold a signature, only the kind is told."""
    kind = ""
    try:
        return action()
    except (CurtilageError, MemoryError, KeyboardInterrupt):
        raise
    except ImportError as error:
        raise NotInstalledError(source=source, library=error.name or "fsspec", extra="stores") from None
    except FileNotFoundError:
        kind = "gone"
    except PermissionError:
        kind = "refused"
    except Exception as error:  # noqa: BLE001 - each store has errors of its own
        kind = "refused" if any(word in type(error).__name__ for word in _REFUSED) else type(error).__name__
    if kind == "refused":
        what, then = "this account may not read it", "Ask its owner, or sign in with the store's own tools."
        raise NoRightsError(source=source, what=what, next_step=then)
    if kind == "gone":
        raise NoAnswerError(source=source, what="it is not there", next_step="Look where it went.")
    raise NoAnswerError(
        source=source, what=f"the store did not answer ({kind})", next_step="Try again later."
    )
