"""MariaDB, a real one: what is told of it, to whom, and that nothing in it can be changed."""

import logging

import pymysql
import pytest

from curtilage.cli.assembly import connect
from curtilage.connectors.ports import NoAnswerError, NoRightsError, SignInRefusedError

pytestmark = pytest.mark.mariadb

CANARY = "CANARY-91cd-resident"
CITY = f"""
CREATE DATABASE city
CREATE DATABASE county
CREATE TABLE city.applicants (
    id int PRIMARY KEY AUTO_INCREMENT, ssn varchar(40) DEFAULT '{CANARY}' COMMENT 'Social Security number',
    status enum('citizen', 'lpr') NOT NULL, housing varchar(9) CHECK (housing IN ('own', 'rent')),
    upper_ssn varchar(40) AS (upper(ssn)) STORED, secret_note text INVISIBLE
) COMMENT = 'People who asked for housing'
CREATE VIEW city.recent AS SELECT id, ssn FROM city.applicants
CREATE TABLE county.jail_roster (booking text)
INSERT INTO city.applicants (ssn, status) VALUES ('{CANARY}', 'lpr')
CREATE USER reader@localhost IDENTIFIED BY 'reader-secret'
GRANT SELECT ON city.* TO reader@localhost
CREATE USER lookout@localhost IDENTIFIED BY 'lookout-secret'
GRANT REFERENCES ON city.* TO lookout@localhost
CREATE USER stranger@localhost IDENTIFIED BY 'stranger-secret'
"""


@pytest.fixture(scope="module")
def city(mariadb_server):
    connection = pymysql.connect(unix_socket=str(mariadb_server.socket), user="root")
    statement = ""
    with connection.cursor() as cursor:
        for line in CITY.strip().split("\n"):
            if statement and not line.startswith((" ", ")")):
                cursor.execute(statement)
                statement = ""
            statement += line
        cursor.execute(statement)
    connection.commit()
    connection.close()
    return mariadb_server


@pytest.fixture
def opened(city):
    database = connect(city.url("reader", "reader-secret", "city"))
    yield database
    database.close()


@pytest.fixture
def places(opened):
    return {place.locator: place for place in opened.shape()}


def test_comments_are_the_text_and_the_tables_comment_the_context(places):
    ssn = places["applicants.ssn"]
    assert (ssn.text, ssn.context) == ("Social Security number", "People who asked for housing")
    assert ssn.type == "varchar(40)"


@pytest.mark.parametrize(
    ("column", "options"), [("status", ("citizen", "lpr")), ("housing", ("own", "rent"))]
)
def test_enumerations_and_checks_give_the_options(places, column, options):
    assert places[f"applicants.{column}"].options == options


def test_facts_tell_required_computed_hidden_and_views(places):
    assert places["applicants.status"].facts == ("required",)
    assert places["applicants.upper_ssn"].facts == ("computed",)
    assert places["applicants.secret_note"].facts == ("hidden",)
    assert "view" in places["recent.ssn"].facts


def test_the_right_of_reference_shows_every_column_and_no_row(city):
    database = connect(city.url("lookout", "lookout-secret", "city"))
    assert {"applicants.ssn", "recent.ssn"} <= {place.locator for place in database.shape()}
    with pytest.raises(pymysql.Error, match="denied"):
        database._connection.cursor().execute("SELECT ssn FROM applicants")
    database.close()


def test_another_database_is_not_told_where_one_is_named(places):
    assert not [locator for locator in places if "jail_roster" in locator]


def test_all_databases_are_told_with_their_names_where_none_is_named(city):
    database = connect(city.url())
    found = {place.locator for place in database.shape()}
    database.close()
    assert {"city.applicants.ssn", "county.jail_roster.booking"} <= found
    assert not [locator for locator in found if locator.startswith(("mysql.", "information_schema."))]


def test_tables_and_views_are_listed_with_the_servers_estimates(opened):
    kinds = {table.name: table.kind for table in opened.list_tables()}
    assert kinds == {"applicants": "table", "recent": "view"}


def test_nothing_can_be_written_over_the_connection_even_by_the_administrator(city):
    database = connect(city.url(database="city"))
    with pytest.raises(pymysql.Error, match="READ ONLY"):
        database._connection.cursor().execute("DELETE FROM applicants")
    database.close()


def test_a_wrong_password_is_told_without_repeating_it(city):
    with pytest.raises(SignInRefusedError, match="refused this user or password") as refused:
        connect(city.url("reader", "wrong-secret", "city"))
    assert "wrong-secret" not in str(refused.value)
    assert "reader" not in str(refused.value)


def test_an_account_without_rights_on_the_database_is_told_so(city):
    with pytest.raises(NoRightsError, match="no right on that database"):
        connect(city.url("stranger", "stranger-secret", "city"))


def test_an_account_that_is_shown_nothing_is_told_so_instead_of_an_empty_answer(city):
    database = connect(city.url("stranger", "stranger-secret"))
    with pytest.raises(NoRightsError, match="no right on any table"):
        list(database.shape())
    with pytest.raises(NoRightsError, match="Nothing was changed"):
        database.list_tables()
    database.close()


def test_a_database_that_is_not_there_is_told(city):
    with pytest.raises(SignInRefusedError, match="no such database"):
        connect(city.url(database="atlantis"))


def test_a_server_that_does_not_run_is_told(tmp_path):
    with pytest.raises(NoAnswerError, match="did not answer"):
        connect(f"mysql://ana:s3cret@/city?unix_socket={tmp_path}/none")


def test_no_row_reaches_a_place_an_error_or_a_log(opened, caplog):
    caplog.set_level(logging.DEBUG)
    seen = repr([*opened.shape(), *opened.list_tables()])
    assert "applicants" in seen
    assert CANARY not in seen + caplog.text
