"""Ordinary personal data: telephone numbers against phonenumbers, accounts and vehicles against their check digits."""

from functools import cache

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.detection.values import rules
from curtilage.detection.values.reference import Finder

#: Exchanges that end in 11 are services (911), never a subscriber's; phonenumbers takes them for valid.
SERVICES = range(211, 1000, 100)


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(rules.load())


def found(finder: Finder, text: str, *carried: str) -> set[str]:
    book = finder.rules.rules
    return {book[hit.rule].category for hit in finder.find(text.encode(), frozenset(carried))}


def is_valid(number: int) -> bool:
    parsed = phonenumbers.PhoneNumber(country_code=1, national_number=number)
    return phonenumbers.is_valid_number(parsed)


@cache
def is_in_service(area: int) -> bool:
    exchanges = range(200, 1000, 2)
    return any(is_valid(area * 10_000_000 + exchange * 10_000 + 1234) for exchange in exchanges)


def written(number: int, form: str) -> str:
    area, exchange, line = f"{number:010}"[:3], f"{number:010}"[3:6], f"{number:010}"[6:]
    return form.format(area=area, exchange=exchange, line=line)


FORMS = (
    "{area}-{exchange}-{line}",
    "({area}) {exchange}-{line}",
    "{area}.{exchange}.{line}",
    "{area} {exchange} {line}",
    "1-{area}-{exchange}-{line}",
    "+1 {area} {exchange} {line}",
    "+1{area}{exchange}{line}",
    "{area}-{exchange}-{line} x12",
)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("area", range(200, 1000, 7))
def test_a_number_that_phonenumbers_takes_for_valid_is_found_in_every_form(finder, area, form):
    number = area * 10_000_000 + 2_345_678
    if is_valid(number):
        assert found(finder, "Call her: " + written(number, form)) == {"phone"}


def test_every_area_in_service_is_known_and_no_other(finder):
    numbers = {
        area: written(area * 10_000_000 + 5_550_132, "{area}-{exchange}-{line}") for area in range(200, 1000)
    }
    known = {area for area, text in numbers.items() if found(finder, text) == {"phone"}}
    assert known == {area for area in numbers if is_in_service(area)}


@given(st.integers(2_000_000_000, 9_999_999_999))
def test_a_valid_number_is_found_unless_its_exchange_is_a_service(finder, number):
    exchange = number // 10_000 % 1000
    # The library lets exchanges below 200 pass for some areas; the numbering plan has none.
    if is_valid(number) and exchange >= 200 and exchange not in SERVICES:
        assert "phone" in found(finder, written(number, "{area}-{exchange}-{line}"))


@given(st.integers(0, 9_999_999_999))
def test_without_a_word_beside_it_no_area_is_taken_that_is_not_in_service(finder, number):
    if not is_in_service(number // 10_000_000):
        assert found(finder, written(number, "{area}-{exchange}-{line}")) == set()


@given(st.integers(0, 9_999_999_999))
def test_ten_digits_alone_are_no_telephone_number(finder, number):
    assert "phone" not in found(finder, f"{number:010}")


@pytest.mark.parametrize(
    "country", ["GB", "MX", "GT", "SV", "HN", "DO", "HT", "VN", "CN", "PH", "BR", "CO", "FR", "IN", "NG"]
)
def test_an_example_number_of_a_country_is_found_with_its_code(finder, country):
    number = phonenumbers.example_number(country)
    for form in (phonenumbers.PhoneNumberFormat.INTERNATIONAL, phonenumbers.PhoneNumberFormat.E164):
        assert found(finder, "sister: " + phonenumbers.format_number(number, form)) == {"phone"}


#: 127 is the device itself and 255 a mask: neither tells anything of anybody.
LOOPBACK, LAST_OCTET = 127, 255


def luhn(digits: str) -> str:
    total = sum(sum(divmod(int(one) * (2 - place % 2), 10)) for place, one in enumerate(reversed(digits)))
    return digits + str(-total % 10)


@given(st.integers(0, 10**11 - 1))
def test_a_card_is_found_by_prefix_and_check_digit_and_not_with_a_wrong_one(finder, number):
    card = luhn(f"4539{number:011}")
    wrong = card[:-1] + str((int(card[-1]) + 1) % 10)
    assert found(finder, " ".join(card[at : at + 4] for at in range(0, 16, 4))) == {"financial_account"}
    assert "financial_account" not in found(finder, " ".join(wrong[at : at + 4] for at in range(0, 16, 4)))


def with_check_digits(country: str, account: str) -> str:
    digits = "".join(str(int(one, 36)) for one in account + country + "00")
    return f"{country}{98 - int(digits) % 97:02}{account}"


@given(st.integers(0, 10**14 - 1))
def test_an_account_number_of_any_digits_is_found_by_its_check(finder, number):
    iban = with_check_digits("GB", f"TEST{number:014}")
    assert found(finder, iban) == {"financial_account"}
    assert found(finder, " ".join(iban[at : at + 4] for at in range(0, 22, 4))) == {"financial_account"}


@given(st.integers(0, 2**32 - 1))
def test_an_address_of_the_internet_is_found_unless_it_is_called_a_version(finder, number):
    text = ".".join(str(number >> shift & 255) for shift in (24, 16, 8, 0))
    if 10 <= number >> 24 < LAST_OCTET and number >> 24 != LOOPBACK:
        assert found(finder, f"from {text}") == {"ip_or_device"}
        assert found(finder, f"version {text}") == set()


LETTERS = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", [*range(1, 9), *range(1, 6), 7, 9, *range(2, 10)], strict=True))
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


@given(
    st.text("ABCDEFGHJKLMNPRSTUVWXYZ0123456789", min_size=8, max_size=8),
    st.sampled_from("ABCDEFGHJKLMNPRSTVWXY123456789"),
    st.integers(100_000, 999_999),
)
def test_the_check_digit_of_a_vehicle_is_that_of_the_regulation(finder, front, plant, serial):
    body = f"{front}0{plant}B{serial}"
    total = sum((LETTERS.get(one) or int(one)) * weight for one, weight in zip(body, WEIGHTS, strict=True))
    right = "0123456789X"[total % 11]
    text = f"{body[:8]}{right}{body[9:]}"
    wrong = f"{body[:8]}{'0' if right != '0' else '1'}{body[9:]}"
    assert "vehicle_plate" in found(finder, text)
    assert "vehicle_plate" not in found(finder, wrong)


@pytest.mark.parametrize(
    "text",
    [
        "03/14/1984", "1984-03-14", "March 14, 1984", "14 de marzo de 1984", "1984年3月14日", "14.3.1984",
        "hearing on 03/14/1984", "expires 03/14/2028", "visit 14 mars 2020", "from 1984 to 1990",
    ],
)  # fmt: skip
def test_a_bare_date_is_no_date_of_birth(finder, text):
    assert "date_of_birth" not in found(finder, text)


@pytest.mark.parametrize(
    "text",
    [
        "Order 415-555-0132", "Tracking 1Z999AA10123456784", "$4,155,550,132.00", "Section 12.4.1.2",
        "Windows 10.0.19045.1", "12:30:45", "Mr. Coffee maker", "Visa card accepted", "Martin Luther King Boulevard",
        "10 minute drive", "5 people on the road", "St. Mary Hospital", "docket no. 21-4471", "2 x 4 lumber",
        "call 911", "room 1204", "3.5 mg, 4.25 mg", "Main Street closed", "Form I-9 copy", "page 12 of 45",
        "The park opens in May", "Grace Church", "Grant Program", "Lincoln Park", "Jackson County",
        "Will Call window", "April Showers", "Austin, Texas skyline", "Hispanic Heritage Month", "halal market",
    ],
)  # fmt: skip
def test_ordinary_things_of_a_city_are_nobodys_data(finder, text):
    assert found(finder, text) == set()


@pytest.mark.parametrize(
    ("column", "cell", "category"),
    [
        ("phone_words", "4155550132", "phone"),
        ("birth_words", "1984-03-14 00:00:00", "date_of_birth"),
        ("birth_words", "14/03/1984", "date_of_birth"),
        ("account_words", "4471920038", "financial_account"),
        ("plate_words", "8ABC123", "vehicle_plate"),
        ("birth_country_column", "Honduras", "country_of_birth"),
        ("address_words", "88 stone ridge run", "address"),
    ],
)
def test_a_columns_name_speaks_for_its_cells(finder, column, cell, category):
    assert found(finder, cell) == set()
    assert found(finder, cell, column) == {category}
