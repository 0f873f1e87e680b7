"""Databases to delete from: the same questions to each, and a disposer for it."""

import secrets
import sqlite3
from datetime import date

from curtilage.connectors.disposal.conditions import Compare, OneOf, all_of
from curtilage.connectors.disposal.hashing import Hasher
from curtilage.connectors.disposal.nouns import Target
from curtilage.connectors.drivers.dispose_mysql import MysqlDisposer
from curtilage.connectors.drivers.dispose_postgresql import PostgresDisposer
from curtilage.connectors.drivers.dispose_sqlite import SqliteDisposer
from curtilage.connectors.url import parse_url

HASHER = Hasher(b"k" * 32)
DUE = all_of(OneOf("outcome", ("denied",)), Compare("closed_on", "<", date(2016, 1, 1)))

APPLICATIONS = """
    CREATE TABLE applications (
        id integer PRIMARY KEY, person varchar(40), closed_on date, outcome varchar(20), ssn varchar(40), note varchar(200)
    )
"""
NOTES = """
    CREATE TABLE notes (
        id integer PRIMARY KEY, application_id integer, words varchar(200),
        FOREIGN KEY (application_id) REFERENCES applications (id)
    )
"""


def due(*, table="applications", condition=DUE, **more):
    return Target("housing", table, condition, **more)


class World:
    """A database; subclasses say how to reach it."""

    mark = "%s"
    disposer = None

    def run(self, sql, *values):
        raise NotImplementedError

    def one(self, sql, *values):
        return self.run(sql, *values)[0][0]

    def fill(self, *, rows=20, notes=0):
        """Make applications 1 to ``rows``: the odd ones denied, closed in 2015; the even ones approved."""
        self.run(APPLICATIONS)
        marks = ", ".join([self.mark] * 6)
        for number in range(1, rows + 1):
            values = [number, f"person-{number}", date(2015, 1 + number % 12, 1).isoformat()]
            values += ["denied" if number % 2 else "approved", f"CANARY-{number:05}-", "x" * 30]
            self.run(f"INSERT INTO applications VALUES ({marks})", *values)
        if notes:
            self.run(NOTES)
            for number in range(1, notes + 1):
                self.run(f"INSERT INTO notes VALUES ({number}, {number}, 'NOTE-{number}')")

    def ids(self, table="applications"):
        return [row[0] for row in self.run(f"SELECT id FROM {table} ORDER BY id")]

    def open(self, **options):
        """Return a disposer; it is closed with the world."""
        made = self.disposer(parse_url(self.address), system="housing", hasher=HASHER, **options)
        self.opened.append(made)
        return made

    def close(self):
        for made in self.opened:
            made.close()
        self.connection.close()


class SqliteWorld(World):
    name, mark, disposer = "sqlite", "?", SqliteDisposer

    def __init__(self, path):
        self.path, self.address, self.opened = path, str(path), []
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.execute("PRAGMA journal_mode = WAL")

    def run(self, sql, *values):
        return self.connection.execute(sql, values).fetchall()


class PostgresWorld(World):
    name, disposer = "postgresql", PostgresDisposer

    def __init__(self, server):
        import psycopg

        name = f"housing_{secrets.token_hex(6)}"
        self.server, self.opened = server, []
        with psycopg.connect(server.url(database="postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        self.address = server.url(database=name)
        self.connection = psycopg.connect(self.address, autocommit=True)

    def run(self, sql, *values):
        cursor = self.connection.execute(sql, values or None)
        return cursor.fetchall() if cursor.description else []


class MariaWorld(World):
    name, disposer = "mariadb", MysqlDisposer

    def __init__(self, server):
        import pymysql

        name = f"housing_{secrets.token_hex(6)}"
        self.server, self.opened = server, []
        connect = {"unix_socket": str(server.socket), "user": server.administrator, "autocommit": True}
        self.connection = pymysql.connect(**connect)
        self.run(f"CREATE DATABASE {name}")
        self.connection.select_db(name)
        self.address = server.url(database=name)

    def run(self, sql, *values):
        with self.connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return list(cursor.fetchall())


class Free:
    """A guard that lets everything go but what it was told."""

    def __init__(self, stays=None, table="applications", permit=None):
        self.stays, self.table, self.permitted, self._permit = stays, table, [], permit

    def spare(self, table):
        return self.stays if table == self.table else None

    def foresee(self, keys):
        self.foreseen = keys

    def permit(self, batch):
        if self._permit:
            self._permit(batch)
        self.permitted.append(batch)


def take_all(disposer, target, act, *, limit=4, guard=None, item="line-1"):
    """Do batches until nothing is left that may go; return them."""
    disposer.check(target, act)
    disposer.claim(item)
    done = []
    while (batch := disposer.do_batch(item, target, act, limit=limit, guard=guard or Free())).rows:
        done.append(batch)
    return done
