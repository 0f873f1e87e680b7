"""Tools that the tests hand to real worker processes, by name."""

import ctypes
import os
import time

from curtilage.connectors.ports import LimitReachedError, UnreadableError
from curtilage.detection.nouns import Match, Verdict
from curtilage.foundation.errors import SourceError
from curtilage.foundation.place import Place
from curtilage.inventory.nouns import Reveals
from curtilage.survey.task import Tools

_LEVELS = {"citizenship": Reveals.DIRECT, "birthplace": Reveals.STRONG, "language": Reveals.WEAK}


class LineReader:
    """Reads ``ask NAME`` lines; other words make it behave like what a hostile file does."""

    name = "lines"
    extra = ""

    def weigh(self, document):
        return 0.9 if document.suffix == "ask" else 0.0

    def read(self, document):
        for number, line in enumerate(document.content.decode().splitlines(), 1):
            verb, _, name = line.partition(" ")
            _misbehave(verb, document)
            if verb == "ask":
                yield Place(document.source, f"line:{number}", "question", name, text=f"Your {name}?")


class DoubtfulReader(LineReader):
    """Is surer than the one above of files that it then cannot read."""

    name = "doubtful"

    def weigh(self, document):
        return 0.95 if b"doubtful" in document.head() else 0.0

    def read(self, document):
        raise UnreadableError(source=document.source, what="It only looks like a form")


def _misbehave(verb, document):
    if verb == "sleep":
        time.sleep(3600)
    elif verb == "spin":
        while True:
            pass
    elif verb == "hog":
        held = [bytearray(2**20) for _ in range(100_000)]
        assert held
    elif verb == "exit":
        os._exit(3)
    elif verb == "crash":
        ctypes.string_at(0)
    elif verb == "print":
        print("canary-7391", flush=True)
        os.write(1, b"canary-7391")
        os.write(2, b"canary-7391")
    elif verb == "fail":
        raise KeyError("canary-7391")
    elif verb == "recurse":
        _misbehave(verb, document)
    elif verb == "limit":
        raise LimitReachedError(source=document.source, what="Nested more than 100 deep", line=7)


class Words:
    """Recognises a place by its name alone."""

    def classify(self, place):
        level = _LEVELS.get(place.name)
        if level is None:
            return Verdict()
        return Verdict((Match(place.name, level, 0.875, (f"name:{place.name}",)),), level)


def open_database(address, limits):
    if "silent" in address:
        raise SourceError("The database did not answer. Nothing was read. Try again later.")
    return (
        Place("db", "people.birthplace", "column", "birthplace"),
        Place("db", "people.id", "column", "people.id"),
    )


def tools():
    return Tools((LineReader(), DoubtfulReader()), Words(), open_database)


def broken():
    raise RuntimeError("a rule file is missing")
