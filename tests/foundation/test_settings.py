import dataclasses
import textwrap
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.connectors.ports import Limits
from curtilage.foundation.errors import DeclarationError
from curtilage.foundation.guarded import Guarded
from curtilage.foundation.settings import (
    CitySettings,
    LimitSettings,
    SurveySettings,
    parse_settings,
    read_settings,
)

CITY = 'name = "Rivermark"\nzone = "America/Chicago"\n'


def parse(text="", environment=None, folder=Path("nowhere")):
    return parse_settings(textwrap.dedent(text), folder, environment=environment or {})


def problems(text, environment=None):
    settings, found = parse(text, environment)
    assert settings is None
    return [f"{problem.line} {problem.code} {problem.what} {problem.instead}" for problem in found]


def test_two_keys_are_enough():
    settings, found = parse(CITY)

    assert found == ()
    assert settings.city == CitySettings("Rivermark", "America/Chicago", ("en",))
    assert (settings.survey, settings.limits, settings.connections) == (SurveySettings(), LimitSettings(), ())


def test_a_folder_is_read_with_the_environment_of_the_process(tmp_path, monkeypatch):
    (tmp_path / "curtilage.toml").write_text(CITY + "[limits]\nseconds = 5\n", encoding="utf-8")
    monkeypatch.setenv("CURTILAGE_CITY_LANGUAGES", "es, zh-Hant")
    settings = read_settings(tmp_path)

    assert settings.limits.seconds == 5.0
    assert settings.city.languages == ("es", "zh-Hant")


def test_a_missing_file_says_how_to_begin(tmp_path):
    with pytest.raises(DeclarationError, match="curtilage init DIR") as stop:
        read_settings(tmp_path)

    assert [problem.code for problem in stop.value.problems] == ["settings.missing"]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "curtilage.toml").write_bytes(b"\xff\xfe")

    with pytest.raises(DeclarationError, match="not UTF-8"):
        read_settings(tmp_path)


def test_all_problems_are_told_at_once_with_their_lines(tmp_path):
    text = """\
        name = ""
        zone = "America/Chicagoo"
        languagess = ["en"]

        [limits]
        secondss = 5
        depth = true
        nodes = 0
        [survy]
        """
    (tmp_path / "curtilage.toml").write_text(textwrap.dedent(text), encoding="utf-8")
    with pytest.raises(DeclarationError) as stop:
        read_settings(tmp_path, environment={})

    assert [(problem.line, problem.code) for problem in stop.value.problems] == [
        (1, "settings.wrong-value"),
        (2, "settings.wrong-value"),
        (3, "settings.unknown-key"),
        (6, "settings.unknown-key"),
        (7, "settings.wrong-value"),
        (8, "settings.wrong-value"),
        (9, "settings.unknown-key"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('zone = "UTC"', '0 settings.missing-key The setting name is missing. Write: name = "Rivermark"'),
        (CITY + "zon = 1", "3 settings.unknown-key There is no setting zon. Did you mean zone?"),
        (CITY + "[limits]\nsecond = 1", "4 settings.unknown-key There is no setting limits.second. Did you mean seconds?"),
        (CITY + "[survey]\nqqq = 1", "4 settings.unknown-key There is no setting survey.qqq. Known here: engine, jobs, pace, sample, values."),
        (CITY + "[survey]\nvalues = 1", "4 settings.wrong-value The setting survey.values is neither true nor false. Write: survey.values = true"),
        (CITY + "[survey]\njobs = -1", "4 settings.wrong-value The setting survey.jobs is no whole number from 0 up to 4096. Default: 0."),
        (CITY + "[limits]\nseconds = inf", "4 settings.wrong-value The setting limits.seconds is no number from 1 up to 86400. Default: 30.0."),
        (CITY + f"[limits]\nmemory_bytes = {10**30}", "4 settings.wrong-value The setting limits.memory_bytes is no whole number from 1 up to 9007199254740991. Default: 2147483648."),
        (CITY + "limits = 3", "3 settings.wrong-value limits is no table. Write: [limits]"),
        (CITY + "languages = []", '3 settings.wrong-value The setting languages is no list of language tags. Write: languages = ["en", "es"]'),
        (CITY + "[connections]\ndb = 3", '4 settings.wrong-value The connection db is no text. Write: db = "env:…"'),
        (CITY + "name = 'again'", "3 settings.not-toml A heading or a key stands here for a second time. Join the two."),
        (CITY + "[survey]\n[survey]", "4 settings.not-toml A heading or a key stands here for a second time. Join the two."),
        (CITY + "[connections]\ndb = env:DB", '4 settings.not-toml A text stands without quotation marks. Write it as: key = "text"'),
        (CITY + 'x = "', "3 settings.not-toml It is no TOML. Check quotes and brackets."),
    ],
)  # fmt: skip
def test_a_problem_says_what_to_write_instead(text, expected):
    assert expected in problems(text)


@pytest.mark.parametrize("zone", ["../etc/passwd", "/etc/localtime", "America", "", "Mars/Olympus"])
def test_a_zone_must_be_one_that_the_machine_knows(zone):
    assert "settings.wrong-value" in problems(f'name = "R"\nzone = "{zone}"')[0]


def test_a_variable_takes_the_place_of_a_key_and_an_empty_one_does_not():
    text = CITY + "[limits]\ndepth = 9\nnodes = 7\n"
    settings, _ = parse(text, {"CURTILAGE_LIMITS_DEPTH": "3", "CURTILAGE_LIMITS_NODES": ""})

    assert (settings.limits.depth, settings.limits.nodes) == (3, 7)


def test_a_variable_that_is_no_setting_is_told_with_the_nearest():
    found = problems(CITY, {"CURTILAGE_LIMITS_SECOND": "3", "CURTILAGE_LIMITS_DEPTH": "deep"})

    assert "The setting limits.depth is no whole number from 1 up." in found[0]
    assert "Did you mean CURTILAGE_LIMITS_SECONDS?" in found[1]


def test_variables_of_command_options_are_none_of_our_business():
    settings, _ = parse(CITY, {"CURTILAGE_SURVEY_FORMAT": "json", "CURTILAGE_SURVEY_JOBS": "2"})

    assert settings.survey.jobs == 2


def test_an_address_comes_from_the_file_a_variable_or_another_file(tmp_path):
    (tmp_path / "secret").write_text("postgresql://u:canary-1@db/x\n", encoding="utf-8")
    text = (
        CITY
        + '[connections]\na = "env:A_URL"\nb = "file:secret"\nc = "sqlite:data/c.db"\n"d-e" = "exports"\n'
    )
    settings, _ = parse(text, {"A_URL": "mysql://u:canary-2@db/x"}, tmp_path)

    assert [each.address.unsafe_reveal() for each in settings.connections] == [
        "mysql://u:canary-2@db/x",
        "postgresql://u:canary-1@db/x",
        "sqlite:data/c.db",
        "exports",
    ]
    assert "canary" not in repr(settings)


def test_an_empty_secret_is_no_address():
    text = CITY + '[connections]\na = "env:A_URL"\nb = "file:gone"\nc = "env:"\n'
    settings, _ = parse(text, {"A_URL": "  "})

    assert [each.address for each in settings.connections] == [None, None, None]
    assert settings.connections[0].missing == "The variable A_URL is not set. Set it to the address."
    assert (
        settings.connections[1].missing
        == "The file gone cannot be read or is empty. Write the address into it."
    )


def test_a_variable_takes_the_place_of_an_address():
    text = CITY + '[connections]\nhousing_db = "env:GONE"\n'
    settings, _ = parse(text, {"CURTILAGE_CONNECTIONS_HOUSING_DB": "sqlite:here.db"})

    assert settings.connections[0].address == Guarded("sqlite:here.db")


def test_a_password_in_the_settings_is_refused_and_not_repeated():
    found = problems(CITY + '[connections]\nhousing = "postgresql://u:canary-7391@db/x"\n')

    assert "4 settings.secret-in-file The connection housing holds a password." in found[0]
    assert 'Write: housing = "env:HOUSING_URL", or "file:PATH".' in found[0]
    assert "canary" not in found[0]


def test_the_limits_are_those_of_the_readers():
    assert dataclasses.asdict(LimitSettings()) == dataclasses.asdict(Limits())


KEYS = st.sampled_from(
    ["name", "zone", "languages", "survey", "limits", "connections", "jobs", "seconds", "a.b", "x"]
)
VALUES = st.sampled_from(
    [
        '"UTC"',
        '""',
        "3",
        "-1",
        "true",
        "1.5",
        "[]",
        '["en"]',
        "[1]",
        "{}",
        "{jobs = 1}",
        "2017-02-22",
        "nan",
        "inf",
    ]
)
LINES = st.one_of(
    st.builds("{} = {}".format, KEYS, VALUES),
    st.sampled_from(["[limits]", "[survey]", "[connections]", "[x]", "{"]),
)


@given(st.lists(LINES, max_size=8).map("\n".join) | st.text(max_size=60), st.dictionaries(
    st.sampled_from(["CURTILAGE_CITY_NAME", "CURTILAGE_CITY_ZONE", "CURTILAGE_LIMITS_SECONDS", "CURTILAGE_CITY_LANGUAGES"]),
    st.sampled_from(["", "UTC", "5", "en,es", "nan", "\u0000"]),
))  # fmt: skip
def test_any_text_gives_settings_or_problems_and_never_both(text, environment):
    settings, found = parse(text, environment)

    assert (settings is None) == bool(found)
    assert all(problem.what.endswith(".") and problem.code.startswith("settings.") for problem in found)


@pytest.mark.parametrize(("variable", "values"), [("true", True), ("FALSE", False), ("", True)])
def test_a_switch_may_be_set_by_a_variable(variable, values):
    settings, problems = parse(CITY, {"CURTILAGE_SURVEY_VALUES": variable})

    assert (problems, settings.survey.values) == ((), values)


def test_a_switch_that_is_neither_is_told():
    _, problems = parse(CITY, {"CURTILAGE_SURVEY_VALUES": "maybe"})

    assert [problem.code for problem in problems] == ["settings.wrong-value"]
