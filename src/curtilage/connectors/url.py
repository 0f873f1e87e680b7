"""Database addresses: taken apart once, here, and never shown with who signs in.

::

    postgresql://user:password@host:5432/city
    mysql://…   mariadb://…
    sqlite:///relative/or//absolute/path.db   or just the path of a SQLite file
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from curtilage.foundation.errors import UsageError
from curtilage.foundation.guarded import Guarded

#: Spelling of a scheme, and the one name that drivers are known by.
SCHEMES: Final[Mapping[str, str]] = {
    "postgresql": "postgresql",
    "postgres": "postgresql",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
}
#: What may follow the question mark. Anything else could undo read-only or carry a secret.
_OPTIONS: Final[Mapping[str, frozenset[str]]] = {
    "postgresql": frozenset({"host", "sslmode", "sslrootcert", "sslcert", "sslkey", "passfile", "service"}),
    "mysql": frozenset({"unix_socket", "ssl_ca", "ssl_cert", "ssl_key"}),
    "sqlite": frozenset(),
}


class BadUrlError(UsageError):
    """A database address that cannot be taken apart; the message never repeats it."""

    code = "usage.bad-database-url"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"A database address cannot be read: {what}. Nothing was connected. Write it as "
            "postgresql://user:password@host:5432/database, and percent-encode @ : / # ? [ ] in a password."
        )


@dataclass(frozen=True, slots=True, repr=False)
class DatabaseUrl:
    """One address, its parts unquoted.

    Attributes:
        driver: ``postgresql``, ``mysql`` or ``sqlite``.
        source: The address as it may be shown: without user, password and query.
        host: Empty is the driver's default.
        port: None is the driver's default.
        database: Name of the database, or path of the file; may be empty.
        user: Who signs in; empty is the driver's default.
        password: Empty is none given.
        options: The query, only keys that a driver knows.
    """

    driver: str
    source: str
    host: str = ""
    port: int | None = None
    database: str = ""
    user: Guarded = field(default_factory=lambda: Guarded(""))
    password: Guarded = field(default_factory=lambda: Guarded(""))
    options: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        """Tell the address as it may be shown."""
        return f"<DatabaseUrl {self.source}>"


def parse_url(target: str) -> DatabaseUrl:
    """Take a database's address apart.

    Raises:
        BadUrlError: It is no address of a database that Curtilage reads. The message repeats no part
            of it but the scheme.

    >>> parse_url("postgresql://ana:s3cret@db.example:5432/housing?sslmode=require")
    <DatabaseUrl postgresql://db.example:5432/housing>
    """
    scheme, mark, rest = target.partition("://")
    if not mark:
        return DatabaseUrl("sqlite", target, database=target)
    driver = _driver(scheme)
    if driver not in _OPTIONS:
        raise BadUrlError(what="it does not begin with postgresql://, mysql://, mariadb:// or sqlite://")
    if driver == "sqlite":
        path = rest.partition("?")[0].removeprefix("/")
        return DatabaseUrl("sqlite", f"sqlite:///{path}", database=unquote(path))
    return _parse_server(driver, f"{scheme.partition('+')[0].lower()}://{rest}")


def redact_url(target: str) -> str:
    """Return ``target`` as it may be shown: an address without user, password and query.

    >>> redact_url("mysql://ana:s3cret@db/housing")
    'mysql://db/housing'
    >>> redact_url("mysql://ana:s3/cret@db/housing")
    'mysql://(not readable)'
    >>> redact_url("https://city.example/card"), redact_url("https://ana:s3cret@city.example/card")
    ('https://city.example/card', 'https://(not readable)')
    """
    scheme, mark, rest = target.partition("://")
    if scheme.lower() in {"http", "https"} and not set("@?#;") & set(rest):
        return target
    try:
        return parse_url(target).source
    except BadUrlError:
        return f"{scheme.partition('+')[0]}{mark}(not readable)"


def has_password(target: str) -> bool:
    """Return whether an address of a database holds a password.

    Raises:
        BadUrlError: The address cannot be read.
    """
    return len(parse_url(target).password) > 0


def _driver(scheme: str) -> str:
    """Return the driver of a scheme, ``mysql+pymysql`` and the like included; empty for none."""
    return SCHEMES.get(scheme.partition("+")[0].lower(), "")


def _parse_server(driver: str, target: str) -> DatabaseUrl:
    parts = _split(target)
    # A mark that was not percent-encoded moves a piece of the password into another part.
    if "@" in parts.path + parts.query or parts.fragment:
        raise BadUrlError(what="a mark in the user or password is not percent-encoded")
    try:
        port = parts.port
    except ValueError:
        raise BadUrlError(what="the port is no number") from None
    host, database = parts.hostname or "", unquote(parts.path.lstrip("/"))
    shown = f"[{host}]" if ":" in host else host
    shown += f":{port}" if port else ""
    return DatabaseUrl(
        driver,
        f"{parts.scheme}://{shown}/{database}".rstrip("/"),
        host=unquote(host),
        port=port,
        database=database,
        user=Guarded(unquote(parts.username or "")),
        password=Guarded(unquote(parts.password or "")),
        options=_options(driver, parts.query),
    )


def _split(target: str) -> SplitResult:
    try:
        return urlsplit(target)
    except ValueError:
        # The library's own words repeat what stands between brackets, which may be part of a password.
        raise BadUrlError(what="a bracket in it belongs to no IPv6 address") from None


def _options(driver: str, query: str) -> dict[str, str]:
    options = dict(parse_qsl(query, keep_blank_values=True))
    if set(options) - _OPTIONS[driver]:
        known = ", ".join(sorted(_OPTIONS[driver]))
        raise BadUrlError(what=f"after the question mark only these may stand: {known}")
    return options


#: Where files lie that are no files of this machine: object stores, the web, archives.
STORES: Final = frozenset(
    "file s3 s3a gs gcs az abfs abfss adl http https memory zip ftp sftp hdfs webhdfs".split()
)


class BadStoreUrlError(UsageError):
    """An address of files that cannot be taken; the message never repeats it."""

    code = "usage.bad-store-url"

    def __init__(self, *, what: str) -> None:
        self.what = what
        super().__init__(
            f"An address of files cannot be taken: {what}. Nothing was looked at. Leave user and password "
            "out; they are taken from where the store's own tools keep them (environment, configuration)."
        )


def is_store(target: str) -> bool:
    """Return whether ``target`` is an address of files: ``s3://…``, ``https://…``, ``zip://…::s3://…``.

    >>> is_store("s3://city/exports/"), is_store("postgresql://db/city"), is_store("exports/a.csv")
    (True, False, False)
    """
    scheme, mark, _ = target.partition("://")
    return bool(mark) and scheme.lower() in STORES


def show_store(target: str) -> str:
    """Return an address of files as it may be shown: without user, password, query and fragment.

    Raises:
        BadStoreUrlError: It names a user or a password.

    >>> show_store("https://files.example/list.csv?X-Amz-Signature=abc")
    'https://files.example/list.csv'
    """
    return "::".join(map(_show_link, target.split("::")))


def _show_link(target: str) -> str:
    scheme, mark, rest = target.partition("://")
    rest = rest.partition("?")[0].partition("#")[0]
    # An @ in a bucket's path is a part of a name; before the first slash it parts a user from a host.
    host = rest.partition("/")[0]
    if "@" in host and scheme.lower() not in {"abfs", "abfss"}:
        raise BadStoreUrlError(what="it names a user or a password")
    return f"{scheme.lower()}{mark}{rest}" if mark else target
