"""Look one level into what people pack forms and extracts with: ``.zip`` and ``.gz``.

Nothing is written anywhere: members are unpacked in memory, one after the other, within the same
budget as every archive. An archive within an archive is not looked into.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import Final

from curtilage.connectors.ports import Document, LimitReachedError, UnreadableError
from curtilage.connectors.reading.zipped import Archive, looks_zipped
from curtilage.connectors.walk import is_passed_over
from curtilage.foundation.place import PassedOver

_GZIP: Final = b"\x1f\x8b\x08"


def is_packed(document: Document) -> bool:
    """Return whether ``document`` is a zip archive or a gzip file by its name and by its content."""
    if document.suffix == "zip":
        return looks_zipped(document)
    return document.suffix == "gz" and document.content.startswith(_GZIP)


def unpack(document: Document) -> Iterator[Document | PassedOver]:
    """Give what is packed in ``document``, by name; called ``ARCHIVE!NAME``.

    Raises:
        LimitReachedError: It unpacks to more than it may.
        UnreadableError: It is damaged or locked with a password.
    """
    if document.suffix == "gz":
        yield _unzip_one(document)
        return
    archive = Archive(document)
    for name in sorted(archive.names):
        if name.endswith("/"):
            continue
        source = f"{document.source}!{name}"
        reason = is_passed_over(name)
        content = b"" if reason else archive.read(name)
        if reason or not content:
            yield PassedOver(source, reason or "empty")
        elif len(content) > document.limits.file_bytes:
            yield PassedOver(
                source, "too-large", f"It is larger than {document.limits.file_bytes // 2**20} MiB."
            )
        else:
            yield Document(source, content, document.limits)


def _unzip_one(document: Document) -> Document:
    most = document.limits.file_bytes
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(document.content)) as packed:
            content = packed.read(most + 1)
    except (EOFError, OSError, zlib.error) as error:
        raise UnreadableError(source=document.source, what="It is damaged, or its end is missing") from error
    if len(content) > most:
        raise LimitReachedError(source=document.source, what=f"It unpacks to more than {most:,} bytes")
    return Document(document.source[: -len(".gz")], content, document.limits)
