"""Reading for a release out of each database: those fields, those people, that period, and nothing else."""

from datetime import date

import pytest

from curtilage.connectors.drivers.retrieve_sqlite import SqliteRetriever
from curtilage.connectors.retrieval.nouns import Found, Where
from curtilage.connectors.retrieval.ports import MovingSourceError, UnfitWantedError
from curtilage.connectors.url import parse_url
from curtilage.foundation.errors import CurtilageError
from tests.connectors.retrieval.conftest import wanted

YEAR = {"dated_by": "lent_on", "since": date(2016, 1, 1), "until": date(2016, 12, 31)}


def test_only_the_fields_that_are_named_are_given_out_in_their_order(reader):
    with reader.moment():
        rows = sorted(reader.read(wanted(fields=("title", "id"))))
    assert rows == [("Knots", "2"), ("Maps", "3"), ("Wayfinding", "1")]


def test_a_person_is_matched_letter_by_letter(reader):
    with reader.moment():
        assert list(reader.read(wanted("a-1"))) == [("Bees",)]
        assert reader.count(wanted("A-1 ")).rows == 0


def test_a_number_is_matched_as_a_number(reader):
    with reader.moment():
        assert reader.count(wanted("3", subject="member")).rows == 1


def test_the_period_counts_its_first_and_its_last_day(reader):
    ends = {"dated_by": "lent_on", "since": date(2016, 12, 31), "until": date(2016, 12, 31)}
    with reader.moment():
        assert list(reader.read(wanted("B-7", **ends))) == [("Rivers",)]


def test_what_lies_outside_and_what_has_no_day_is_counted_and_stays(reader):
    with reader.moment():
        assert reader.count(wanted(**YEAR)) == Found(rows=1, people=1, there=1, outside=1, undated=1)
        assert list(reader.read(wanted(**YEAR))) == [("Wayfinding",)]


def test_a_text_that_may_be_two_days_is_none(reader):
    period = {**YEAR, "dated_by": "noted_on"}
    with reader.moment():
        found = reader.count(wanted(**period))
    assert (found.rows, found.outside, found.undated) == (2, 0, 1)


def test_what_may_not_be_shared_and_what_does_not_say_so_stays(reader):
    with reader.moment():
        found = reader.count(wanted(shared=Where("share", ("yes",))))
        rows = list(reader.read(wanted(shared=Where("share", ("yes",)))))
    assert (found.rows, found.unshared, rows) == (1, 2, [("Wayfinding",)])


def test_of_several_people_it_tells_how_many_were_found(reader):
    with reader.moment():
        assert reader.count(wanted("A-1", "B-7", "C-9")) == Found(rows=4, people=2, there=2)


def test_it_tells_where_nobody_else_is_left(reader):
    with reader.moment():
        assert reader.count(wanted("A-1", "B-7")).has_others
        assert not reader.count(wanted("A-1", "a-1", "B-7")).has_others


def test_nothing_and_an_empty_text_are_told_apart(reader):
    with reader.moment():
        assert sorted(reader.read(wanted(fields=("id", "note")))) == [
            ("1", "CANARY-1"),
            ("2", None),
            ("3", "CANARY-3"),
        ]


def test_a_name_that_wants_to_be_a_command_is_a_name(reader, library):
    with reader.moment():
        assert reader.count(wanted("A-1' OR '1'='1", "%", '"; DROP TABLE loans; --')).rows == 0
    assert library.one("SELECT count(*) FROM loans") == 6


@pytest.mark.parametrize("more", [{"table": "lones"}, {"fields": ("tytle",)}, {"subject": "car d"}])
def test_what_is_not_there_is_told_without_a_value(reader, more):
    with pytest.raises(CurtilageError) as caught, reader.moment():
        list(reader.read(wanted("CANARY-PERSON", **more)))
    assert caught.value.code == "retrieval.unfit"
    assert "CANARY" not in str(caught.value)


def test_a_person_of_text_in_a_column_of_numbers_is_a_refusal_without_the_name(library, reader):
    if library.name == "sqlite":  # whose columns hold whatever was put into them
        with reader.moment():
            assert reader.count(wanted("CANARY", subject="member")).rows == 0
        return
    with pytest.raises(UnfitWantedError) as caught, reader.moment():
        reader.count(wanted("CANARY", subject="member"))
    assert "CANARY" not in str(caught.value)


def test_a_view_can_be_read(library, reader):
    library.run("CREATE VIEW lent AS SELECT card, title FROM loans WHERE lent_on IS NOT NULL")
    with reader.moment():
        assert reader.count(wanted(table="lent")).rows == 2


def test_what_is_counted_is_what_is_read_although_others_write(library, reader):
    with reader.moment():
        before = reader.count(wanted()).rows
        library.run("INSERT INTO loans (id, card, title) VALUES (99, 'A-1', 'Later')")
        assert len(list(reader.read(wanted()))) == before == 3
    with reader.moment():
        assert reader.count(wanted()).rows == 4


def test_nothing_can_be_written_through_it(reader):
    from curtilage.connectors.disposal.sql import Sql

    with pytest.raises(CurtilageError), reader.moment(), reader._explained("loans"):
        list(reader._give(Sql("DELETE FROM loans")))


def test_who_stops_early_leaves_nothing_open(reader):
    with reader.moment():
        rows = reader.read(wanted())
        next(rows)
        rows.close()
        assert reader.count(wanted()).rows == 3


def test_columns_are_told_in_their_order(reader):
    assert reader.list_columns("loans")[:4] == ("id", "card", "member", "lent_on")


def test_as_many_people_as_may_be_named_are_found_in_one_question(library, reader):
    people = [str(number) for number in range(1, 499)]
    with reader.moment():
        assert reader.count(wanted(*people, "A-1", "B-7")).rows == 4
        assert reader.count(wanted(*people, subject="member")).rows == 5
        assert len(list(reader.read(wanted(*people, subject="member")))) == 5


def test_an_idle_file_that_somebody_begins_to_write_is_noticed(tmp_path):
    import sqlite3

    path = tmp_path / "idle.db"
    with sqlite3.connect(path) as first:
        first.execute("PRAGMA journal_mode = WAL")
        first.execute("CREATE TABLE loans (card, title)")
        first.execute("INSERT INTO loans VALUES ('A-1', 'Knots')")
    first.close()
    reader = SqliteRetriever(parse_url(str(path)), system="library")
    with pytest.raises(MovingSourceError), reader.moment():  # noqa: PT012 - it changes within the moment
        assert reader.count(wanted()).rows == 1
        with sqlite3.connect(path) as other:
            other.execute("INSERT INTO loans VALUES ('A-1', 'Later')")
        other.close()
    reader.close()
