"""A good inventory loads as it was meant, with the line of each noun."""

from datetime import date

from curtilage.foundation.finding import Spot
from curtilage.foundation.periods import Period
from curtilage.inventory.clause import Clause, NeedsPerson
from curtilage.inventory.load import find_file, load_inventory
from curtilage.inventory.nouns import Encryption, KeyHolder, Necessity, Reveals
from tests.inventory.smalltown import FIELD, changed, load, with_files, write_city


def field_of(inventory):
    return inventory.list_fields()[0]


def test_the_field_of_the_design_loads_as_it_stands(tmp_path):
    field = field_of(load_inventory(write_city(tmp_path)))
    assert field.id == FIELD
    assert field.question == (("en", "Country of birth"), ("es", "País de nacimiento"))
    assert (field.purpose, field.authority, field.necessity) == (
        "eligibility",
        "usc-8-1612",
        Necessity.REQUIRED,
    )
    assert field.stored_in == ("housing_db.applicants.birth_country",)
    assert Spot("inventory/departments/housing.yml", 15, FIELD) == field.spot


def test_ids_of_programs_and_collections_carry_what_is_above_them():
    inventory = load()
    assert [program.id for program in inventory.list_programs()] == ["housing.rental"]
    assert [collection.id for collection in inventory.list_collections()] == ["housing.rental.intake"]
    assert [contract.id for contract in inventory.vendors[0].contracts] == ["mailer.m-1"]
    assert [purpose.id for purpose in inventory.list_programs()[0].purposes] == ["eligibility"]


def test_what_is_not_said_is_empty_and_never_a_yes():
    files = with_files({"inventory/systems.yml": "systems:\n  - id: housing_db\n"})
    system = load(files).systems[0]
    assert KeyHolder.UNKNOWN is system.key_holder
    assert Encryption(in_transit=None, at_rest=None, fields=()) == system.encryption
    assert (
        Reveals.NONE
        is load(with_files({"inventory/channels.yml": "channels: [{id: a}]"})).channels[0].highest
    )


def test_a_field_with_nothing_decided_loads():
    files = changed("inventory/departments/housing.yml", "necessity: required ", "necessity: ")
    assert field_of(load(files)).necessity is None


def test_none_is_said_and_empty_is_not():
    said = changed("inventory/departments/housing.yml", "authority: usc-8-1612   ", "authority: none")
    silent = changed("inventory/departments/housing.yml", "authority: usc-8-1612   ", "authority: ")
    assert (field_of(load(said)).authority, field_of(load(silent)).authority) == ("none", "")


def test_what_fits_no_category_may_say_so():
    files = changed("inventory/departments/housing.yml", "category: country_of_birth", "category: none")
    assert field_of(load(files)).category == "none"


def test_norway_is_a_country_and_norwegian_a_language():
    systems = with_files({"inventory/systems.yml": "systems: [{id: housing_db, location: [NO]}]"})
    assert load(systems).systems[0].location == ("NO",)
    files = changed("inventory/departments/housing.yml", ', es: "País', ', no: "País')
    assert [tag for tag, _ in field_of(load(files)).question] == ["en", "no"]


def test_a_title_that_looks_like_a_number_or_a_date_stays_text():
    files = with_files({"inventory/vendors.yml": "vendors: [{id: 2017, title: 2017-02-22, parent: yes}]"})
    vendor = load(files).vendors[0]
    assert (vendor.id, vendor.title, vendor.parent) == ("2017", "2017-02-22", "yes")


def test_one_value_needs_no_brackets():
    files = changed("inventory/systems.yml", "location: [US-IL]", "location: US-IL")
    assert load(files).systems[0].location == ("US-IL",)


def test_a_clause_is_read_and_one_that_cannot_be_is_for_a_person():
    unread = changed("inventory/series/housing.yml", "Retain 6 years after case closed", "Keep as seems wise")
    assert isinstance(load().series[0].minimum, Clause)
    assert isinstance(load(unread).series[0].minimum, NeedsPerson)


def test_a_series_without_a_clause_has_no_minimum():
    files = with_files({"inventory/series/housing.yml": "series: [{id: hsg-014, city_maximum: 2 weeks}]"})
    series = load(files).series[0]
    assert (None, Period(days=14)) == (series.minimum, series.city_maximum)


def test_dates_are_days_in_the_citys_zone():
    assert date(1996, 8, 22) == load().authorities[0].effective
    assert load().city.zone == "America/Chicago"


def test_a_list_key_with_nothing_behind_it_is_an_empty_list():
    assert load(with_files({"inventory/practices.yml": "practices:\n"})).practices == ()


def test_files_that_are_not_there_declare_nothing():
    gone = {f"inventory/{name}.yml": None for name in ("practices", "channels", "vendors", "city")}
    gone["inventory/authorities.yml"] = (
        "authorities: [{id: usc-8-1612, citation: c, jurisdiction: US, force: mandatory}]"
    )
    gone["inventory/departments/housing.yml"] = None
    inventory = load(with_files(gone))
    assert (inventory.practices, inventory.city.seats, inventory.city.name) == ((), (), "Smalltown")


def test_the_file_of_a_path_is_known():
    assert find_file("inventory/series/police.yml").shape.name == "series"
    assert find_file("inventory/series/a/b.yml") is None
    assert find_file("departments/housing.yml") is None


def test_series_of_several_files_are_one_list():
    inventory = load(with_files({"inventory/series/police.yml": "series:\n  - {id: pol-1}\n"}))
    assert [series.id for series in inventory.series] == ["hsg-014", "pol-1"]
