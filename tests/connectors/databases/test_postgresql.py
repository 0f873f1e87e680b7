"""PostgreSQL, a real one: what is told of it, to whom, and that nothing in it can be changed."""

import logging

import psycopg
import pytest

from curtilage.cli.assembly import connect
from curtilage.connectors.ports import NoAnswerError, NoRightsError, SignInRefusedError

pytestmark = pytest.mark.postgresql

CANARY = "CANARY-7f3a-resident"
CITY = f"""
CREATE SCHEMA health;
CREATE TYPE immigration_status AS ENUM ('citizen', 'lpr', 'undocumented');
CREATE DOMAIN sex AS text CHECK (VALUE IN ('f', 'm', 'x'));
CREATE TABLE applicants (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ssn varchar(40) DEFAULT '{CANARY}',
    status immigration_status NOT NULL,
    sex sex,
    housing text CHECK (housing IN ('own', 'rent')),
    full_name text GENERATED ALWAYS AS (ssn || 'x') STORED
);
COMMENT ON TABLE applicants IS 'People who asked for housing';
COMMENT ON COLUMN applicants.ssn IS 'Social Security number';
CREATE TABLE health.visits (id int, country_of_birth text);
CREATE VIEW recent AS SELECT id, ssn FROM applicants;
CREATE MATERIALIZED VIEW totals AS SELECT count(*) AS people FROM applicants;
CREATE TABLE events (at date NOT NULL, note text) PARTITION BY RANGE (at);
CREATE TABLE events_2017 PARTITION OF events FOR VALUES FROM ('2017-01-01') TO ('2018-01-01');
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER county FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE jail_roster (booking text) SERVER county;
INSERT INTO applicants (ssn, status) SELECT '{CANARY}', 'lpr' FROM generate_series(1, 500);
INSERT INTO events VALUES ('2017-02-22', '{CANARY}');
ANALYZE;
CREATE ROLE reader LOGIN PASSWORD 'reader-secret';
CREATE ROLE stranger LOGIN PASSWORD 'stranger-secret';
REVOKE CONNECT ON DATABASE city FROM PUBLIC;
GRANT CONNECT ON DATABASE city TO reader;
"""


@pytest.fixture(scope="module")
def city(postgresql_server):
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", autocommit=True) as connection:
        connection.execute("CREATE DATABASE city")
    with psycopg.connect(host=str(postgresql_server.socket), user="postgres", dbname="city") as connection:
        connection.execute(CITY)
    return postgresql_server


@pytest.fixture
def opened(city):
    database = connect(city.url("reader", "reader-secret", "city"))
    yield database
    database.close()


@pytest.fixture
def places(opened):
    return {place.locator: place for place in opened.shape()}


def test_an_account_that_may_only_connect_is_told_every_column(places):
    assert "applicants.ssn" in places
    assert "health.visits.country_of_birth" in places


def test_comments_are_the_text_and_the_tables_comment_the_context(places):
    ssn = places["applicants.ssn"]
    assert (ssn.text, ssn.context) == ("Social Security number", "People who asked for housing")
    assert ssn.type == "character varying(40)"


@pytest.mark.parametrize(
    ("column", "options"),
    [("status", ("citizen", "lpr", "undocumented")), ("sex", ("f", "m", "x")), ("housing", ("own", "rent"))],
)
def test_enumerations_domains_and_checks_give_the_options(places, column, options):
    assert places[f"applicants.{column}"].options == options


def test_facts_tell_required_computed_views_and_foreign_tables(places):
    assert places["applicants.status"].facts == ("required",)
    assert places["applicants.full_name"].facts == ("computed",)
    assert places["recent.ssn"].facts == ("view",)
    assert places["totals.people"].facts == ("view",)
    assert places["jail_roster.booking"].facts == ("foreign",)


def test_a_partitioned_table_is_told_once_and_the_system_not_at_all(places):
    assert "events.note" in places
    assert not [
        locator for locator in places if locator.startswith(("events_2017", "pg_", "information_schema"))
    ]


def test_row_counts_are_the_servers_own_estimates(opened):
    rows = {table.name: (table.kind, table.rows) for table in opened.list_tables()}
    assert rows["applicants"] == ("table", 500)
    assert rows["events"] == ("table", 1)
    assert rows["recent"] == ("view", None)


def test_nothing_can_be_written_over_the_connection_even_by_the_administrator(city):
    database = connect(city.url(database="city"))
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        database._connection.execute("DELETE FROM public.applicants")
    database.close()


def test_the_server_sees_who_asks_and_stops_long_questions(opened):
    names = ("application_name", "statement_timeout", "lock_timeout", "transaction_read_only")
    shown = [next(opened._ask(f"SELECT current_setting('{name}')"))[0] for name in names]
    assert shown == ["curtilage", "30s", "2s", "on"]


def test_a_question_that_takes_too_long_is_stopped_by_the_server(city):
    database = connect(city.url("reader", "reader-secret", "city"), seconds=0.2)
    with pytest.raises(NoAnswerError, match="in time"):
        list(database._ask("SELECT pg_sleep(5)"))
    database.close()


def test_a_wrong_password_is_told_without_repeating_it(city):
    with pytest.raises(SignInRefusedError, match="refused this user or password") as refused:
        connect(city.url("reader", "wrong-secret", "city"))
    assert "wrong-secret" not in str(refused.value) + repr(refused.value)
    assert "reader" not in str(refused.value)


def test_an_account_that_may_not_connect_is_told_which_right_it_lacks(city):
    with pytest.raises(NoRightsError, match="GRANT CONNECT"):
        connect(city.url("stranger", "stranger-secret", "city"))


def test_a_database_that_is_not_there_is_told(city):
    with pytest.raises(SignInRefusedError, match="no such database"):
        connect(city.url(database="atlantis"))


def test_a_server_that_does_not_run_is_told(tmp_path):
    with pytest.raises(NoAnswerError, match="did not answer"):
        connect(f"postgresql://ana:s3cret@/city?host={tmp_path}")


def test_no_row_reaches_a_place_an_error_or_a_log(city, opened, caplog):
    caplog.set_level(logging.DEBUG)
    seen = repr([*opened.shape(), *opened.list_tables()])
    assert "applicants" in seen
    assert CANARY not in seen + caplog.text
