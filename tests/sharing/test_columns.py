"""Which columns of a log are read, and which days."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from curtilage.sharing.columns import ColumnOfPeopleError, Columns, NoColumnError, choose_columns, read_day

CHICAGO = ZoneInfo("America/Chicago")
PLATES = [
    *(
        "ID",
        "Name",
        "Org Name",
        "Total Networks Searched",
        "Total Devices Searched",
        "Time Frame",
        "License Plate",
    ),
    *("Reason", "Case #", "Filters", "Search Time", "Search Type", "Text Prompt", "Moderation"),
]


def test_a_plate_networks_export_needs_no_word():
    assert choose_columns(PLATES) == Columns("Search Time", "Org Name", "Reason")


def test_the_offence_that_was_chosen_comes_before_the_words_that_were_typed():
    assert choose_columns([*PLATES, "Offense Type"]).purpose == "Offense Type"


def test_a_day_in_a_column_of_its_own_comes_before_a_time():
    assert choose_columns(["Search Time", "Search Date", "Org Name"]).moment == "Search Date"


def test_names_inside_json_are_told_by_what_they_are_of():
    assert choose_columns(["at", "requestingAgency.name", "why"]) == Columns(
        "at", "requestingAgency.name", "why"
    )


def test_a_named_column_counts_whatever_its_case():
    assert choose_columns([*PLATES, "Granted On"], moment="granted on").moment == "Granted On"


@pytest.mark.parametrize("column", ["Name", "License Plate", "Case #", "user.name", "Client IP"])
def test_a_column_of_people_is_no_column_of_bodies(column):
    with pytest.raises(ColumnOfPeopleError):
        choose_columns([*PLATES, "user.name", "Client IP"], recipient=column)


@pytest.mark.parametrize(("columns", "lacks"), [(["a", "Org Name"], "moment"), (["at", "b"], "recipient")])
def test_a_log_that_does_not_tell_when_or_to_whom_is_not_read(columns, lacks):
    with pytest.raises(NoColumnError, match=lacks):
        choose_columns(columns)


def test_a_misspelt_column_is_not_replaced_by_another():
    with pytest.raises(NoColumnError):
        choose_columns(PLATES, recipient="Organisatoin")


def test_a_misspelt_column_of_purposes_is_not_taken_for_none():
    with pytest.raises(NoColumnError, match="purpose"):
        choose_columns(PLATES, purpose="Raeson")


def test_a_log_without_recipients_can_say_so():
    assert choose_columns(["at", "Agency"], recipient="-").recipient == ""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("05/01/2025, 04:59:59 AM UTC", date(2025, 4, 30)),
        ("5/1/2025, 05:00:00 AM UTC", date(2025, 5, 1)),
        ("5/1/2025 12:10 AM", date(2025, 5, 1)),
        ("5/1/2025 23:10", date(2025, 5, 1)),
        ("5/1/2025", date(2025, 5, 1)),
        ("2025-05-01", date(2025, 5, 1)),
        ("2025-05-01T04:59:59Z", date(2025, 4, 30)),
        ("2025-05-01 04:59:59 UTC", date(2025, 4, 30)),
        ("2025-05-01T04:59:59", date(2025, 5, 1)),
        ("2025-04-30T23:59:59-05:00", date(2025, 4, 30)),
        ("1746075599", date(2025, 4, 30)),
        ("1746075600000", date(2025, 5, 1)),
    ],
)
def test_a_moment_is_a_day_in_the_citys_own_time(text, day):
    assert read_day(text, CHICAGO) == day


@pytest.mark.parametrize(
    "text", ["", "soon", "31/12/2025", "2025-02-30", "15:42:15", "99999999999999", "***"]
)
def test_what_is_no_day_is_none(text):
    assert read_day(text, CHICAGO) is None
