"""Where the command-line door puts the rooms together: the one place that chooses drivers.

Everything here imports inside functions, so that a command loads only what it uses.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from curtilage.connectors.content.files import ContentReader
    from curtilage.connectors.content.ports import Content, ContentLimits
    from curtilage.connectors.disposal.hashing import Hasher
    from curtilage.connectors.disposal.ports import Archive, Disposer
    from curtilage.connectors.ports import Database, Limits, Reader
    from curtilage.connectors.retrieval.ports import Retriever
    from curtilage.connectors.walk import Found
    from curtilage.foundation.place import PassedOver, Place
    from curtilage.survey.task import Tools


#: Module under ``connectors.drivers`` and class of each reader; one line each, sorted.
READERS: Final = (
    "classes:ClassReader",
    "docassemble:DocassembleReader",
    "drupal:DrupalReader",
    "fhir:FhirReader",
    "fhir:FhirScriptReader",
    "fsh:FshReader",
    "formio:JsonFormReader",
    "gettext:GettextReader",
    "graphql:GraphQlReader",
    "html:HtmlReader",
    "i18n:JsonLocalesReader",
    "i18n:YamlLocalesReader",
    "i18n_code:PhpLocalesReader",
    "i18n_code:ScriptLocalesReader",
    "i18n_lines:LineLocalesReader",
    "i18n_xml:XmlLocalesReader",
    "json_schema:JsonSchemaReader",
    "liquibase:LiquibaseReader",
    "lookml:LookMlReader",
    "markdown:MarkdownReader",
    "openapi:OpenApiReader",
    "parquet:ParquetReader",
    "pdf:PdfReader",
    "prisma:PrismaReader",
    "properties:PropertiesReader",
    "protobuf:ProtobufReader",
    "python_models:PythonReader",
    "ruby:RubyReader",
    "salesforce:SalesforceReader",
    "sql:SqlReader",
    "statistics:StatisticsReader",
    "table_schema:TableSchemaReader",
    "tables:CsvReader",
    "tables:WorkbookReader",
    "typescript:TypeScriptReader",
    "word:WordReader",
    "xforms:XFormsReader",
    "xlsform:XlsFormReader",
    "xml_form:XmlFormReader",
    "xml_schema:XmlSchemaReader",
    "yaml_form:YamlFormReader",
    # one line each, so that two people who add one do not meet
)

#: Driver of a database's URL (``connectors.url.SCHEMES``), its module and class.
DATABASES: Final = {
    "mysql": "mysql:MysqlDatabase",
    "postgresql": "postgresql:PostgresDatabase",
    "sqlite": "sqlite:SqliteDatabase",
}

#: The same of what reads the content of a database.
CONTENT: Final = {
    "mysql": "content_mysql:MysqlContent",
    "postgresql": "content_postgresql:PostgresContent",
    "sqlite": "content_sqlite:SqliteContent",
}

#: The same of what takes rows out of a database.
DISPOSERS: Final = {
    "mysql": "dispose_mysql:MysqlDisposer",
    "postgresql": "dispose_postgresql:PostgresDisposer",
    "sqlite": "dispose_sqlite:SqliteDisposer",
}

#: The same of what reads some people's fields out of a database, for a release.
RETRIEVERS: Final = {
    "mysql": "retrieve_mysql:MysqlRetriever",
    "postgresql": "retrieve_postgresql:PostgresRetriever",
    "sqlite": "retrieve_sqlite:SqliteRetriever",
}

#: Module under ``connectors.drivers`` and class of each reader of the content of files; sorted.
CONTENT_READERS: Final = (
    "content_arrow:ArrowContentReader",
    "content_csv:CsvContentReader",
    "content_image:ImageContentReader",
    "content_json:JsonContentReader",
    "content_mail:MailContentReader",
    "content_parquet:ParquetContentReader",
    "content_pdf:PdfContentReader",
    "content_text:TextContentReader",
    "content_word:WordContentReader",
    "content_workbook:WorkbookContentReader",
    # one line each, so that two people who add one do not meet
)


def readers() -> tuple[Reader, ...]:
    """Return every reader of forms, schemas and code, in no particular order.

    Also called in worker processes, by name.
    """
    return tuple(_make(entry) for entry in READERS)


def _make(entry: str) -> Any:
    module, _, name = entry.partition(":")
    return getattr(importlib.import_module(f"curtilage.connectors.drivers.{module}"), name)()


def content_readers() -> tuple[ContentReader, ...]:
    """Return every reader of the content of files, in no particular order; also called in worker processes."""
    return tuple(_make(entry) for entry in CONTENT_READERS)


def tools() -> Tools:
    """Return what a worker of a survey works with.

    Called in each worker process, by name.
    """
    from curtilage.detection.classifier import Classifier
    from curtilage.survey.task import Tools

    return Tools(readers=readers(), classifier=Classifier(), open_database=open_database)


def open_database(address: str, limits: Limits) -> Sequence[Place]:
    """Return the columns of a database, read only and without a value.

    Args:
        address: Its URL, or the path of an SQLite file.
        limits: The bounds to keep.

    Raises:
        BadUrlError: The address cannot be read.
        SourceError: It did not answer, did not let the account in, or its driver is not installed.
    """
    database = connect(address, seconds=limits.seconds)
    try:
        return tuple(database.shape())
    finally:
        database.close()


def connect(address: str, *, seconds: float = 30.0) -> Database:
    """Return an open database, read only; the caller closes it.

    Args:
        address: Its URL, or the path of an SQLite file.
        seconds: Wall time for each question.

    Raises:
        BadUrlError: The address cannot be read.
        SourceError: It did not answer, did not let the account in, or its driver is not installed.
    """
    from curtilage.connectors.url import parse_url

    url = parse_url(address)
    module, _, name = DATABASES[url.driver].partition(":")
    driver = getattr(importlib.import_module(f"curtilage.connectors.drivers.{module}"), name)
    opened: Database = driver(url, seconds=seconds)
    return opened


def open_content(address: str, source: str, limits: ContentLimits, *, moment: str = "") -> Content:
    """Return the open content of a file or database, read only; the caller closes it.

    Args:
        address: A database's URL, a file's path, or the address of a file in a store (``s3://…``).
        source: How a file is called in results; empty for its address as it may be shown.
        limits: The bounds and the pace to keep.
        moment: As in :func:`open_database_content`.

    Raises:
        BadStoreUrlError: It names a user or a password.
        BadUrlError: The address cannot be read.
        SourceError: It cannot be opened, or a library is missing. A file that nobody reads has no
            table and says why in ``told()``.
    """
    from curtilage.connectors.content.archive import open_stored
    from curtilage.connectors.content.files import local_file, read_head
    from curtilage.connectors.recognise import SQLITE
    from curtilage.connectors.url import is_store
    from curtilage.connectors.walk import is_address

    if is_store(address):
        from curtilage.connectors.drivers.stores import open_store

        return open_stored(open_store(address, source), limits, content_readers())
    if is_address(address):
        return open_database_content(address, limits, moment=moment)
    stored = local_file(address, source)
    if read_head(stored, len(SQLITE)) == SQLITE:
        return open_database_content(address, limits, source=source)
    return open_stored(stored, limits, content_readers())


def list_files(address: str) -> Iterator[Found | PassedOver]:
    """Give the files below an address of a store, ``s3://bucket/exports/``.

    Raises:
        BadStoreUrlError: It names a user or a password.
        SourceError: The store does not answer, does not let the account in, or its library is missing.
    """
    from curtilage.connectors.drivers.stores import list_store

    yield from list_store(address)


def open_database_content(
    address: str, limits: ContentLimits, *, moment: str = "", source: str = ""
) -> Content:
    """Return the open content of a database, read only; the caller closes it.

    Args:
        address: Its URL, or the path of an SQLite file.
        limits: The bounds to keep.
        moment: What another one that is open calls its ``moment``, to see what that one sees; empty
            for the present.
        source: How an SQLite file is called in results; empty for its address as it may be shown.

    Raises:
        BadUrlError: The address cannot be read.
        SourceError: It did not answer, did not let the account in, or its driver is not installed.
    """
    from dataclasses import replace

    from curtilage.connectors.url import parse_url

    url = parse_url(address)
    url = replace(url, source=source) if source else url
    module, _, name = CONTENT[url.driver].partition(":")
    driver = getattr(importlib.import_module(f"curtilage.connectors.drivers.{module}"), name)
    opened: Content = driver(url, limits, moment=moment)
    return opened


def open_disposer(
    address: str,
    *,
    system: str,
    hasher: Hasher,
    archives: Mapping[str, Archive] | None = None,
    folder: Path = Path(),
) -> Disposer:
    """Return an open system from which can be deleted; the caller closes it. Only a carrying out deletes.

    Args:
        address: A database's URL, the path of an SQLite file, of another file or of a folder, or the ``pkcs11:``
            address of a token.
        system: Id of the system in the inventory.
        hasher: Computes keyed hashes.
        archives: Who takes over what is transferred, by name.
        folder: What a path is relative to.

    Raises:
        BadUrlError: The address cannot be read.
        SourceError: It did not answer, did not let the account in, or its driver is not installed.
    """
    if address.startswith("pkcs11:"):
        return _open_token(address, system, hasher, folder)
    from curtilage.connectors.sqlite import is_sqlite_file
    from curtilage.connectors.url import is_store, parse_url
    from curtilage.connectors.walk import file_of, is_address
    from curtilage.foundation.errors import UsageError

    is_sqlite, address = address.lower().startswith("sqlite:"), file_of(address)
    if is_store(address):
        raise UsageError(
            f"{system} lies in an object store, from which nothing can be deleted here. Nothing was deleted. "
            "Set a lifecycle rule in the store itself, and name it in the system's backups."
        )
    path = folder / address
    if not (is_address(address) or is_sqlite or is_sqlite_file(path)):
        from curtilage.connectors.drivers.dispose_files import FileDisposer

        return FileDisposer(path, system, hasher, archives=archives)
    url = parse_url(address if is_address(address) else str(path))
    module, _, name = DISPOSERS[url.driver].partition(":")
    driver = getattr(importlib.import_module(f"curtilage.connectors.drivers.{module}"), name)
    opened: Disposer = driver(url, system=system, hasher=hasher, archives=archives)
    return opened


def _open_token(address: str, system: str, hasher: Hasher, folder: Path) -> Disposer:
    from curtilage.cli.keeping import find_pin
    from curtilage.connectors.drivers.dispose_token import TokenDisposer
    from curtilage.encryption.tokens import parse_token_uri
    from curtilage.encryption.vault import Vault

    token = parse_token_uri(address, whole=True)
    return TokenDisposer(Vault(token, find_pin(token.pin_source, folder)), system, hasher)


def open_retriever(address: str, *, system: str, folder: Path = Path()) -> Retriever:
    """Return an open system from which can be read for a release; the caller closes it. Only a release reads.

    Args:
        address: A database's URL, or the path of an SQLite file, of another file or of a folder.
        system: Id of the system in the inventory.
        folder: What a path is relative to.

    Raises:
        BadUrlError: The address cannot be read.
        UsageError: It lies in an object store.
        SourceError: It did not answer, did not let the account in, or its driver is not installed.
    """
    from curtilage.connectors.sqlite import is_sqlite_file
    from curtilage.connectors.url import is_store, parse_url
    from curtilage.connectors.walk import file_of, is_address
    from curtilage.foundation.errors import UsageError

    is_sqlite, address = address.lower().startswith("sqlite:"), file_of(address)
    if is_store(address):
        raise UsageError(
            f"{system} lies in an object store, from which nothing is read for a release. Nothing left. "
            "Copy the file that the order names into a folder of the city, and declare that."
        )
    path = folder / address
    if not (is_address(address) or is_sqlite or is_sqlite_file(path)):
        from curtilage.connectors.drivers.retrieve_files import FileRetriever

        return FileRetriever(path, system=system)
    url = parse_url(address if is_address(address) else str(path))
    module, _, name = RETRIEVERS[url.driver].partition(":")
    driver = getattr(importlib.import_module(f"curtilage.connectors.drivers.{module}"), name)
    opened: Retriever = driver(url, system=system)
    return opened


def open_archives(folder: Path, names: Iterable[str]) -> Mapping[str, Archive]:
    """Return the archives that declarations name in ``to:``, by that name.

    Args:
        folder: What their paths are relative to.
        names: Folders; one that ends in ``.zip`` gets ZIP files in a folder without it. Empty ones are left out.
    """
    from curtilage.connectors.drivers.archive_folder import FolderArchive

    return {name: FolderArchive(folder / name) for name in names if name}
