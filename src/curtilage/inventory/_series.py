"""The keys of a record series and of the places that hold it, and what other shapes share; see ``shapes.py``."""

from __future__ import annotations

from typing import Final

from curtilage.inventory import nouns
from curtilage.inventory._kinds import Choice, Identifier, Text, Word, Words
from curtilage.inventory._pointers import Column, Columns, Pointer, Triggers, Where
from curtilage.inventory._shape import Branch, Key, Shape
from curtilage.inventory._times import Length

NONE_GIVEN: Final = "none"
"""What a file writes as ``authority`` to say that there is none, and as ``category`` of a field that fits
none (a case number): said on purpose."""

PARTITIONS: Final = ("day", "month", "year")


def id_key(help_text: str, *, dotted: bool = False, name: str = "id") -> Key:
    """Return the key of a noun's own id."""
    return Key(name, Identifier(dotted=dotted), help_text, required=True, attribute="id")


TITLE: Final = Key("title", Text(), "name that people use")
AUTHORITY_KEY: Final = Key(
    "authority",
    Pointer(kinds=("authority",), words=(NONE_GIVEN,)),
    "law or decision that asks for it; `none` says that there is none",
)

OUTCOME: Final = Shape(
    "outcome",
    nouns.Outcome,
    (
        Key("column", Text(), "column that says how the matter ended", required=True),
        Key("is", Words(), "its values in this series", required=True, attribute="among"),
    ),
    has_id=False,
)

SHARED: Final = Shape(
    "shared_where",
    nouns.Outcome,
    (
        Key("column", Text(), "column that says whether a record may be shared", required=True),
        Key("is", Words(), "its values where it may", required=True, attribute="among"),
    ),
    has_id=False,
)

HOLDING: Final = Shape(
    "holding",
    nouns.Holding,
    (
        Key("in", Where(), "SYSTEM.TABLE, or SYSTEM.PATH of files", required=True, attribute="id"),
        Key(
            "trigger",
            Triggers(),
            "column with the day that starts the time; of several events, {event: column}",
            attribute="triggers",
        ),
        Key("subject", Text(), "column that says whom a record is about"),
        Key("key", Words(), "columns that identify a record; the primary key when left out"),
        Key("copy", Choice(nouns.Copy, nouns.Copy.RECORD), "the record itself, or a duplicate to work with"),
        Key("keep", Length(), "how long a duplicate is kept; as long as the record when left out"),
        Key("dispose", Choice(nouns.Disposal), "how records go"),
        Key("clear", Words(), "columns set to null, with dispose: clear"),
        Key("group_by", Words(), "columns to count by, with dispose: aggregate"),
        Key("count_into", Text(), "table that gets the counts, with dispose: aggregate"),
        Key("partition", Word(PARTITIONS), "length of a partition, with dispose: drop-partition"),
        Key("to", Text(), "folder or .zip of the archives, with dispose: transfer-then-delete"),
        Key("key_name", Text(), "name of the key, with dispose: destroy-key"),
        Key("depends", Columns(shape="TABLE.COLUMN"), "columns that point here without a foreign key"),
    ),
    (
        Branch(
            "outcome",
            OUTCOME,
            "which rows belong to the series; all when left out",
            single=True,
            default=None,
        ),
        Branch(
            "shared_where",
            SHARED,
            "which rows may be shared where nothing compels it, where people could say no",
            single=True,
            default=None,
        ),
    ),
    joined=True,
)

SERIES: Final = Shape(
    "series",
    nouns.Series,
    (
        id_key("short name", dotted=True),
        TITLE,
        AUTHORITY_KEY,
        Key("schedule", Text(), "retention schedule"),
        Key("item", Text(), "item number in it"),
        Key("trigger", Text(), "event that starts the time"),
        Key("trigger_column", Column(), "column that holds that event's date"),
        Key("minimum", Text(), "the clause as the schedule writes it", attribute="minimum_text"),
        Key("city_maximum", Length(), "the city's own limit"),
        Key("longer_reason", Text(), "why the limit is longer than the minimum"),
        Key("disposition", Choice(nouns.Disposition), "what happens then"),
        Key("authorised_by", Words(), "roles that sign a destruction"),
    ),
    (Branch("held_in", HOLDING, "where its records lie, and how they go"),),
)
