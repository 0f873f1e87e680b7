"""Database addresses: taken apart, and never shown with who signs in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.cli.assembly import DATABASES, connect
from curtilage.connectors.ports import NotInstalledError
from curtilage.connectors.url import SCHEMES, BadUrlError, parse_url, redact_url

SECRET = st.text(alphabet="abcXYZ0123456789@:/#?&%=+[] ;'\"é", min_size=6, max_size=20).map(
    lambda text: f"s3cr3t{text}"
)


def test_the_parts_are_unquoted():
    url = parse_url("postgres://ana:p%40ss@db.example:6432/housing?sslmode=require")
    assert (url.driver, url.host, url.port, url.database) == ("postgresql", "db.example", 6432, "housing")
    assert url.password.unsafe_reveal() == "p@ss"
    assert url.options == {"sslmode": "require"}


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("postgresql://ana:pw@db/housing?sslmode=require", "postgresql://db/housing"),
        ("mysql+pymysql://ana@[::1]:3307/x", "mysql://[::1]:3307/x"),
        ("sqlite:///data/city.db", "sqlite:///data/city.db"),
        ("data/city.db", "data/city.db"),
        ("https://city.example/card", "https://city.example/card"),
        ("https://city.example/card?token=s3cret", "https://(not readable)"),
    ],
)
def test_a_source_is_the_address_without_who_signs_in(written, shown):
    assert redact_url(written) == shown


@given(user=SECRET, password=SECRET)
def test_neither_user_nor_password_is_ever_shown_however_badly_they_are_written(user, password):
    target = f"postgresql://{user}:{password}@db.example:5432/housing"
    try:
        url = parse_url(target)
    except BadUrlError as error:
        shown = str(error) + repr(error) + redact_url(target)
    else:
        shown = repr(url) + url.source + redact_url(target)
    assert "s3cr3t" not in shown


@pytest.mark.parametrize("password", ["s3[cret", "[s3cret]", "s3]cret"])
def test_a_bracket_in_a_password_is_refused_without_repeating_it(password):
    target = f"postgresql://ana:{password}@db/housing"
    with pytest.raises(BadUrlError) as told:
        parse_url(target)
    assert "s3" not in str(told.value) + redact_url(target)


@pytest.mark.parametrize(
    "query", ["options=-c%20default_transaction_read_only%3Doff", "password=x", "init_command=DROP"]
)
def test_an_option_that_could_undo_read_only_is_refused(query):
    with pytest.raises(BadUrlError, match="only these may stand"):
        parse_url(f"postgresql://db/housing?{query}")


def test_a_scheme_of_another_database_is_refused():
    with pytest.raises(BadUrlError, match="does not begin with"):
        parse_url("mongodb://db/housing")


def test_every_scheme_has_a_driver():
    assert set(SCHEMES.values()) == set(DATABASES)


@pytest.mark.parametrize(("scheme", "library"), [("postgresql", "psycopg"), ("mysql", "pymysql")])
def test_a_driver_that_is_not_installed_names_its_remedy(monkeypatch, scheme, library):
    monkeypatch.setitem(__import__("sys").modules, library, None)
    with pytest.raises(NotInstalledError, match=r"pip install 'curtilage\[databases\]'"):
        connect(f"{scheme}://ana:pw@db/housing")
