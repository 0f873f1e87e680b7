"""What is planted in the made-up city: each kind with the categories that are right for it, and its maker.

Truth is a kind, not a category, because careful people differ: a visa class tells of a visa and of a
status, either is right. ``right`` lists the categories of which one must be said; ``also`` may be said
besides and is not counted against anybody. A kind with nothing right is a trap: it only looks like one.

Numbers are made up. Where a range is reserved for examples it is used: telephone 555-01xx, e-mail and
hosts of RFC 2606, addresses of RFC 5737 and RFC 3849. The makers compute check digits themselves, apart
from the program's own, so that one mistake cannot hide in both.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bench.city_words import CITIES, DOMAINS, FAMILY, GIVEN, STREETS, SUFFIXES

Maker = Callable[[random.Random], str]

STATUS = ("immigration_status", "citizenship", "nationality", "visa")
#: What a document of a foreigner tells besides its number.
DOCUMENT = (
    *STATUS, "passport", "consular_or_foreign_id", "other_government_id", "date_of_birth", "sex", "full_name", "given_name",
    "family_name", "alien_number", "country_of_birth", "place_of_birth", "state_id", "drivers_license", "gender_identity",
)  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """A kind of planted cell.

    Attributes:
        name: Slot in the sentences of ``city_words``.
        right: Categories of which one must be said; none for a trap.
        also: Categories that may be said besides.
        make: A value by chance; None for what is a whole sentence.
    """

    name: str
    right: tuple[str, ...]
    also: tuple[str, ...] = ()
    make: Maker | None = None

    @property
    def trap(self) -> bool:
        """Whether it only looks like something."""
        return not self.right


# ---- chance


def digits(dice: random.Random, count: int, first: str = string.digits) -> str:
    """Return ``count`` digits, the first out of ``first``."""
    return dice.choice(first) + "".join(dice.choices(string.digits, k=count - 1))


def letters(dice: random.Random, count: int, of: str = string.ascii_uppercase) -> str:
    """Return ``count`` letters."""
    return "".join(dice.choices(of, k=count))


def birthday(dice: random.Random) -> date:
    """Return a day between 1930 and 2016."""
    return date(1930, 1, 1) + timedelta(days=dice.randrange(31_400))


def mixed(*makers: Maker) -> Maker:
    """Return a maker that takes one of several by chance."""
    return lambda dice: dice.choice(makers)(dice)


# ---- check digits


def luhn(number: str) -> str:
    """Return the number with its Luhn digit."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        twice = int(digit) * (2 - place % 2)
        total += twice - 9 * (twice > 9)
    return number + str(-total % 10)


def weighted(number: str, weights: tuple[int, ...]) -> int:
    """Return the weighted sum of digits."""
    return sum(int(digit) * weight for digit, weight in zip(number, weights, strict=True))


def mrz_digit(text: str) -> str:
    """Return the check digit of a field of a machine-readable zone (ICAO 9303)."""
    values = {"<": 0} | {char: place for place, char in enumerate(string.digits + string.ascii_uppercase)}
    return str(sum(values[char] * (7, 3, 1)[place % 3] for place, char in enumerate(text)) % 10)


_VERHOEFF_D = [[(a + b) % 5 if a < 5 and b < 5 else 5 + (a + b) % 5 if a < 5 else 5 + (a - b) % 5 if b < 5 else (a - b) % 5
                for b in range(10)] for a in range(10)]  # fmt: skip
_VERHOEFF_P = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def verhoeff(number: str) -> str:
    """Return the number with its Verhoeff digit."""
    state = 0
    for place, char in enumerate(reversed(number), start=1):
        digit = int(char)
        for _ in range(place % 8):
            digit = _VERHOEFF_P[digit]
        state = _VERHOEFF_D[state][digit]
    return number + str(next(d for d in range(10) if _VERHOEFF_D[state][d] == 0))


# ---- identifiers of the United States


def a_number(dice: random.Random) -> str:
    number = digits(dice, 9, "0012")
    return dice.choice((f"A{number}", f"A-{number[:3]}-{number[3:6]}-{number[6:]}", f"A{digits(dice, 8)}", f"A#{number}", f"a{number}"))  # fmt: skip


def a_number_spaced(dice: random.Random) -> str:
    number, gap = digits(dice, 9, "0012"), dice.choice((" ", "\u00a0", "-", "\u2013"))
    return f"{dice.choice(('A', 'A ', ''))}{number[:3]}{gap}{number[3:6]}{gap}{number[6:]}"


def a_number_slip(dice: random.Random) -> str:
    number = list(f"{digits(dice, 9, '0')[:-1]}1")
    number[0], number[-1] = "O", dice.choice("lI1")
    return "A" + "".join(number)


def a_number_printed(dice: random.Random) -> str:
    number = digits(dice, 9, "012")
    return f"{number[:3]}-{number[3:6]}-{number[6:]}"


_CENTRES = ("EAC", "WAC", "LIN", "SRC", "MSC", "NBC", "IOE", "YSC", "VSC", "CSC", "NSC", "TSC")


def _receipt(dice: random.Random) -> tuple[str, str, str, str]:
    return dice.choice(_CENTRES), f"{dice.randint(10, 24):02}", f"{dice.randint(1, 260):03}", digits(dice, 5)


def receipt(dice: random.Random) -> str:
    return "".join(_receipt(dice))


def receipt_spaced(dice: random.Random) -> str:
    return dice.choice(" -").join(_receipt(dice))


def ssn(dice: random.Random) -> str:
    area, gap = dice.choice((dice.randint(1, 665), dice.randint(667, 899))), dice.choice("--- ")
    return f"{area:03}{gap}{dice.randint(1, 99):02}{gap}{dice.randint(1, 9999):04}"


def ssn_plain(dice: random.Random) -> str:
    return f"{dice.randint(100, 665):03}{dice.randint(1, 99):02}{dice.randint(1, 9999):04}"


_ITIN_GROUPS = (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100))


def itin(dice: random.Random) -> str:
    gap = dice.choice("--- ")
    return f"9{digits(dice, 2)}{gap}{dice.choice(_ITIN_GROUPS)}{gap}{digits(dice, 4)}"


def itin_plain(dice: random.Random) -> str:
    return f"9{digits(dice, 2)}{dice.choice(_ITIN_GROUPS)}{digits(dice, 4)}"


def ssn_placeholder(dice: random.Random) -> str:
    return dice.choice(("000-00-0000", "999-99-9999", "000000000", "888-88-8888", "111-11-1111"))


def i94_new(dice: random.Random) -> str:
    return digits(dice, 9, "123456789") + letters(dice, 1) + digits(dice, 1)


def drivers_license(dice: random.Random) -> str:
    return dice.choice((f"{letters(dice, 1)}{digits(dice, 7)}", f"{letters(dice, 1)}{digits(dice, 3)}-{digits(dice, 4)}-{digits(dice, 4)}"))  # fmt: skip


def plate(dice: random.Random) -> str:
    return dice.choice((f"{digits(dice, 1)}{letters(dice, 3)}{digits(dice, 3)}", f"{letters(dice, 3)}-{digits(dice, 4)}", f"{letters(dice, 3)} {digits(dice, 4)}"))  # fmt: skip


VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
VIN_VALUES = {char: int(digit) for char, digit in zip(VIN_LETTERS + string.digits, "12345678123457923456789" + string.digits, strict=True)}  # fmt: skip
VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin(dice: random.Random) -> str:
    chars = list(dice.choice(("1FT", "1HG", "2T1", "3VW", "JTD", "5YJ", "KMH")) + letters(dice, 8, VIN_LETTERS + string.digits) + digits(dice, 6))  # fmt: skip
    chars[9] = dice.choice("ABCDEFGHJKLMNPRSTVWXY123456789")
    rest = sum(VIN_VALUES[char] * weight for char, weight in zip(chars, VIN_WEIGHTS, strict=True)) % 11
    chars[8] = "0123456789X"[rest]
    return "".join(chars)


def aamva(dice: random.Random) -> str:
    day = birthday(dice)
    return (
        f"@\nANSI 636014040002DL00410278ZC03190024DLDAQ{letters(dice, 1)}{digits(dice, 7)}\n"
        f"DCS{dice.choice(FAMILY).upper()}\nDACMARIA\nDBB{day:%m%d%Y}\nDAJCA\nDDAN\nDDD1\n"
    )


# ---- documents of other countries


def _mrz_name(dice: random.Random) -> str:
    return _ascii(f"{dice.choice(FAMILY)}<<{dice.choice(GIVEN)}").upper()


def mrz_td3(dice: random.Random, kind: str = "P<") -> str:
    country = dice.choice(
        ("MEX", "GTM", "HND", "SLV", "HTI", "PHL", "CHN", "VNM", "UKR", "AFG", "BRA", "ECU")
    )
    number = letters(dice, 1) + digits(dice, 8)
    born, ends = birthday(dice), date(2026, 1, 1) + timedelta(days=dice.randrange(3600))
    first, second = number + mrz_digit(number), f"{born:%y%m%d}" + mrz_digit(f"{born:%y%m%d}")
    third, rest = f"{ends:%y%m%d}" + mrz_digit(f"{ends:%y%m%d}"), "<" * 14
    line = f"{first}{country}{second}{dice.choice('MF')}{third}{rest}"
    if kind == "V<":
        return f"{kind}{country}{_mrz_name(dice)}".ljust(44, "<") + "\n" + f"{line[:28]}".ljust(44, "<")
    line += "0" + mrz_digit(first + second + third + rest + "0")
    return f"{kind}{country}{_mrz_name(dice)}".ljust(44, "<") + "\n" + line


def mrz_visa(dice: random.Random) -> str:
    return mrz_td3(dice, "V<")


def mrz_td1(dice: random.Random) -> str:
    born, ends = birthday(dice), date(2026, 1, 1) + timedelta(days=dice.randrange(3600))
    number = digits(dice, 9)
    first = (dice.choice(("C1USA", "IPUSA", "I<MEX")) + number + mrz_digit(number)).ljust(30, "<")
    second = f"{born:%y%m%d}{mrz_digit(f'{born:%y%m%d}')}{dice.choice('MF')}{ends:%y%m%d}{mrz_digit(f'{ends:%y%m%d}')}"
    second = (second + dice.choice(("MEX", "GTM", "SLV", "HND"))).ljust(29, "<")
    second += mrz_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    return "\n".join((first, second, _mrz_name(dice).ljust(30, "<")[:30]))


_CURP_STATES = "AS BC BS CC CH CL CM CS DF DG GR GT HG JC MC MN MS NE NL NT OC PL QR QT SL SP SR TC TL TS VZ YN ZS".split()
_CONSONANTS = "BCDFGHJKLMNPQRSTVWXYZ"


def curp(dice: random.Random) -> str:
    born = birthday(dice)
    head = letters(dice, 1, _CONSONANTS) + letters(dice, 1, "AEIOU") + letters(dice, 2, _CONSONANTS)
    text = f"{head}{born:%y%m%d}{dice.choice('HM')}{dice.choice(_CURP_STATES)}{letters(dice, 3, _CONSONANTS)}"
    text += dice.choice("0123") if born.year < 2000 else dice.choice("AB")
    alphabet = "0123456789ABCDEFGHIJKLMNÑOPQRSTUVWXYZ"
    total = sum(alphabet.index(char) * (18 - place) for place, char in enumerate(text))
    return text + str(-total % 10)


def clave_elector(dice: random.Random) -> str:
    return f"{letters(dice, 6, _CONSONANTS)}{birthday(dice):%y%m%d}{dice.randint(1, 32):02}{dice.choice('HM')}{digits(dice, 3)}"


def rfc(dice: random.Random) -> str:
    head = letters(dice, 1, _CONSONANTS) + letters(dice, 1, "AEIOU") + letters(dice, 2, _CONSONANTS)
    text = f"{head}{birthday(dice):%y%m%d}{letters(dice, 1)}{digits(dice, 1)}"
    alphabet = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
    total = sum(alphabet.index(char) * (13 - place) for place, char in enumerate(text))
    return text + "0123456789A"[-total % 11]


def cui_gt(dice: random.Random) -> str:
    while True:
        serial = digits(dice, 8, "123")
        check = weighted(serial, (2, 3, 4, 5, 6, 7, 8, 9)) % 11
        if check < 10:
            place = f"{dice.randint(1, 22):02}{dice.randint(1, 8):02}"
            return dice.choice((f"{serial}{check}{place}", f"{serial[:4]} {serial[4:]}{check} {place}"))


def dui_sv(dice: random.Random) -> str:
    number = digits(dice, 8, "0")
    return f"{number}-{-weighted(number, (9, 8, 7, 6, 5, 4, 3, 2)) % 10}"


def cedula_do(dice: random.Random) -> str:
    number = luhn(digits(dice, 10, "04"))
    return dice.choice((number, f"{number[:3]}-{number[3:10]}-{number[10:]}"))


def cpf(dice: random.Random) -> str:
    number = digits(dice, 9)
    for length in (10, 11):
        rest = weighted(number, tuple(range(length, 1, -1))) * 10 % 11 % 10
        number += str(rest)
    return dice.choice((number, f"{number[:3]}.{number[3:6]}.{number[6:9]}-{number[9:]}"))


def rut(dice: random.Random) -> str:
    number = digits(dice, 8, "12")
    check = "0123456789K"[-weighted(number[::-1], (2, 3, 4, 5, 6, 7, 2, 3)) % 11]
    return f"{number[:2]}.{number[2:5]}.{number[5:]}-{check}"


def ric_cn(dice: random.Random) -> str:
    place = dice.choice(("110105", "310101", "440106", "350102", "330203"))
    number = f"{place}{birthday(dice):%Y%m%d}{digits(dice, 3)}"
    return (
        number + "10X98765432"[weighted(number, (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)) % 11]
    )


def aadhaar(dice: random.Random) -> str:
    number = verhoeff(digits(dice, 11, "23456789"))
    return f"{number[:4]} {number[4:8]} {number[8:]}"


def cccd(dice: random.Random) -> str:
    return f"0{dice.choice(('01', '31', '48', '79', '92'))}{dice.choice('0123')}{dice.randint(0, 99):02}{digits(dice, 6)}"


def cnic(dice: random.Random) -> str:
    return f"{digits(dice, 5, '123456')}-{digits(dice, 7)}-{digits(dice, 1, '123456789')}"


def philsys(dice: random.Random) -> str:
    return f"{digits(dice, 4)}-{digits(dice, 7)}-{digits(dice, 1)}"


# ---- ordinary


#: Area codes in use, for some programs know them all.
AREAS = "201 202 206 209 212 213 214 305 310 312 323 347 408 415 503 510 559 602 617 646 702 713 718 773 786 818 832 909 916 951".split()


def phone(dice: random.Random) -> str:
    area, line = dice.choice(AREAS), f"01{digits(dice, 2)}"
    return dice.choice((f"({area}) 555-{line}", f"{area}-555-{line}", f"{area}.555.{line}", f"+1 {area} 555 {line}", f"{area}555{line}", f"1-{area}-555-{line}", f"({area})555-{line}"))  # fmt: skip


def email(dice: random.Random) -> str:
    given, family = (_ascii(dice.choice(pool)) for pool in (GIVEN, FAMILY))
    return dice.choice((f"{given}.{family}", f"{given[0]}{family}{digits(dice, 2)}", f"{family}_{given}")).lower() + "@" + dice.choice(DOMAINS)  # fmt: skip


def _ascii(text: str) -> str:
    return text.translate(str.maketrans("áéíóúñ", "aeioun"))


def street_line(dice: random.Random) -> str:
    unit = dice.choice(
        ("", "", "", f" Apt {dice.randint(1, 40)}", f" #{dice.randint(1, 40)}", f", Unit {letters(dice, 1)}")
    )
    side = dice.choice(("", "", "", "N ", "E ", "SW "))
    return f"{dice.randint(1, 9999)} {side}{dice.choice(STREETS)} {dice.choice(SUFFIXES)}{unit}"


def address(dice: random.Random) -> str:
    return dice.choice((street_line(dice), f"{street_line(dice)}, {city(dice)} CA {digits(dice, 5, '9')}"))


def city(dice: random.Random) -> str:
    return dice.choice(CITIES).replace("_", " ")


def card(dice: random.Random) -> str:
    return luhn(dice.choice(("424242", "400005", "555555", "510510", "601111", "222300")) + digits(dice, 9))


def card_spaced(dice: random.Random) -> str:
    number, gap = card(dice), dice.choice(" -")
    return gap.join(number[at : at + 4] for at in range(0, 16, 4))


def routing(dice: random.Random) -> str:
    number = f"{dice.choice(('01', '02', '06', '07', '09', '11', '12', '31', '32'))}{digits(dice, 6)}"
    return number + str(-weighted(number, (3, 7, 1, 3, 7, 1, 3, 7)) % 10)


def iban(dice: random.Random) -> str:
    bank, country = f"{digits(dice, 18)}", "DE"
    check = 98 - int(f"{bank}{int(country[0], 36)}{int(country[1], 36)}00") % 97
    text = f"{country}{check:02}{bank}"
    return dice.choice((text, " ".join(text[at : at + 4] for at in range(0, 22, 4))))


def ip(dice: random.Random) -> str:
    net = dice.choice(("192.0.2", "198.51.100", "203.0.113", "10.20.30"))
    return dice.choice((f"{net}.{dice.randint(1, 254)}",) * 7 + (f"2001:db8:{dice.randrange(4096):x}::{dice.randrange(1, 4096):x}",))  # fmt: skip


def latlon(dice: random.Random) -> str:
    return f"{dice.uniform(33, 41):.5f}, {dice.uniform(-122, -75):.5f}"


def text_day(form: str) -> Maker:
    """Return a maker of birthdays written so."""
    return lambda dice: birthday(dice).strftime(form)


def tracking_phone(dice: random.Random) -> str:
    return f"{dice.choice(AREAS)}-555-01{digits(dice, 2)}-{digits(dice, 4)}-{digits(dice, 2)}"


def isbn(dice: random.Random) -> str:
    number = "978" + digits(dice, 9)
    check = -weighted(number, (1, 3) * 6) % 10
    return f"978-{number[3]}-{number[4:8]}-{number[8:]}-{check}"


def hexadecimal(*lengths: int) -> Maker:
    """Return a maker of hexadecimal groups joined by dashes."""
    return lambda dice: "-".join(f"{dice.getrandbits(4 * n):0{n}x}" for n in lengths)


_FOREIGN = ("consular_or_foreign_id", "other_government_id")

KINDS: tuple[Kind, ...] = (
    Kind("a_number", ("alien_number",), STATUS, a_number),
    Kind("a_number_spaced", ("alien_number",), STATUS, a_number_spaced),
    Kind("a_number_slip", ("alien_number",), STATUS, a_number_slip),
    Kind("a_number_bare", ("alien_number",), STATUS, lambda d: digits(d, 9, "0012")),
    Kind("a_number_printed", ("alien_number",), DOCUMENT, a_number_printed),
    Kind("receipt", ("uscis_receipt",), STATUS, receipt),
    Kind("receipt_spaced", ("uscis_receipt",), STATUS, receipt_spaced),
    Kind("i94_new", ("i94",), STATUS, i94_new),
    Kind("i94_old", ("i94",), STATUS, lambda d: digits(d, 11, "123456789")),
    Kind("sevis", ("sevis",), STATUS, lambda d: "N00" + digits(d, 8)),
    Kind("ead_code", STATUS, (*DOCUMENT, "employment"), lambda d: d.choice(("C08", "C09", "A05", "A12", "C33", "C19", "A03"))),
    Kind("visa_class", STATUS, (), lambda d: d.choice(("H-1B", "F-1", "J-1", "H-2A", "L-1", "B-2"))),
    Kind("natz", (*STATUS, "consular_or_foreign_id", "other_government_id"), DOCUMENT, lambda d: digits(d, 8, "23")),
    Kind("ssn", ("ssn",), ("state_id",), ssn),
    Kind("ssn_plain", ("ssn",), (), ssn_plain),
    Kind("ssn_placeholder", ("no_ssn_reason", "ssn"), (), ssn_placeholder),
    Kind("itin", ("itin",), ("no_ssn_reason",), itin),
    Kind("itin_plain", ("itin",), ("no_ssn_reason",), itin_plain),
    Kind("dl", ("drivers_license",), ("state_id",), drivers_license),
    Kind("plate", ("vehicle_plate",), (), plate),
    Kind("vin", ("vehicle_plate",), (), vin),
    Kind("aamva", ("drivers_license", "immigration_status", "state_id"), DOCUMENT, aamva),
    Kind("aid_restricted", ("public_benefits", "immigration_status"), STATUS, lambda d: d.choice(("58", "5F", "48", "C1", "D1"))),
    Kind("passport", ("passport",), DOCUMENT, lambda d: letters(d, 1) + digits(d, 8)),
    Kind("mrz_td3", ("passport", "nationality", "consular_or_foreign_id"), DOCUMENT, mrz_td3),
    Kind("mrz_td1", ("passport", "nationality", "consular_or_foreign_id", "alien_number", "immigration_status"), DOCUMENT, mrz_td1),
    Kind("mrz_visa", ("visa", "passport", "nationality"), DOCUMENT, mrz_visa),
    Kind("curp", _FOREIGN, DOCUMENT, curp),
    Kind("clave_elector", _FOREIGN, DOCUMENT, clave_elector),
    Kind("rfc", _FOREIGN, DOCUMENT, rfc),
    Kind("matricula", _FOREIGN, DOCUMENT, lambda d: digits(d, 8)),
    Kind("cui_gt", _FOREIGN, DOCUMENT, cui_gt),
    Kind("dui_sv", _FOREIGN, DOCUMENT, dui_sv),
    Kind("cedula_do", _FOREIGN, DOCUMENT, cedula_do),
    Kind("cpf", _FOREIGN, DOCUMENT, cpf),
    Kind("rut", _FOREIGN, DOCUMENT, rut),
    Kind("ric_cn", _FOREIGN, DOCUMENT, ric_cn),
    Kind("aadhaar", _FOREIGN, DOCUMENT, aadhaar),
    Kind("cccd", _FOREIGN, DOCUMENT, cccd),
    Kind("cnic", _FOREIGN, DOCUMENT, cnic),
    Kind("philsys", _FOREIGN, DOCUMENT, philsys),
    Kind("phone", ("phone",), (), phone),
    Kind("email", ("email",), (), email),
    Kind("address", ("address",), ("geolocation",), address),
    Kind("dob", ("date_of_birth",), ("age",), mixed(text_day("%m/%d/%Y"), text_day("%m-%d-%Y"), text_day("%B %d, %Y"))),
    Kind("dob_iso", ("date_of_birth",), ("age",), mixed(text_day("%Y-%m-%d"), text_day("%Y年%m月%d日"))),
    Kind("dob_dmy", ("date_of_birth",), ("age",), text_day("%d/%m/%Y")),
    Kind("card", ("financial_account",), (), card),
    Kind("card_spaced", ("financial_account",), (), card_spaced),
    Kind("routing", ("financial_account",), (), routing),
    Kind("account", ("financial_account",), (), lambda d: digits(d, d.choice((8, 10, 12)), "123456789")),
    Kind("iban", ("financial_account",), (), iban),
    Kind("ip", ("ip_or_device",), (), ip),
    Kind("latlon", ("geolocation",), ("address",), latlon),
    *(Kind(f"status_{lang}", STATUS, (
        *STATUS, "country_of_birth", "place_of_birth", "criminal_history", "public_benefits", "victim_status", "alien_number",
        "no_ssn_reason", "employment", "household", "ethnicity", "passport")) for lang in ("en", "es", "zh", "vi", "ht", "tl", "fr", "pt")),
    # Traps: shapes.
    Kind("order9", (), (), lambda d: digits(d, 9, "123456789")),
    Kind("tracking_ups", (), (), lambda d: f"1Z{letters(d, 3)}{digits(d, 3)}{digits(d, 10)}"),
    Kind("tracking_usps", (), (), lambda d: "9400 1" + " ".join(digits(d, n) for n in (3, 4, 4, 4, 2))),
    Kind("tracking_phone", (), (), tracking_phone),
    Kind("num8", (), (), lambda d: digits(d, 8)),
    Kind("num4", (), (), lambda d: digits(d, 4)),
    Kind("part", (), (), lambda d: d.choice((f"A{digits(d, 4)}-{digits(d, 3)}", f"{letters(d, 2)}-{digits(d, 3)}-{digits(d, 2)}", f"N{digits(d, 6)}"))),
    Kind("parcel", (), (), lambda d: "-".join(digits(d, 3) for _ in range(3))),
    Kind("version", (), (), lambda d: f"v{d.randint(1, 12)}.{d.randint(0, 20)}.{d.randint(0, 9)}-{d.randint(1, 99)}"),
    Kind("isbn", (), (), isbn),
    Kind("serial", (), (), lambda d: f"{letters(d, 2)}{digits(d, 2)}{letters(d, 1)}{digits(d, 5)}"),
    Kind("sha", (), (), hexadecimal(40)),
    Kind("uuid", (), (), hexadecimal(8, 4, 4, 4, 12)),
    Kind("order_dashed", (), (), lambda d: f"PO-{digits(d, 4)}-{digits(d, 5)}"),
    Kind("stamp", (), (), lambda d: f"{d.randint(2012, 2025)}{d.randint(1, 12):02}{d.randint(1, 28):02}{d.randrange(24):02}{d.randrange(60):02}"),
    # Traps: words.
    *(Kind(f"trap_{lang}", ()) for lang in ("en", "es", "zh", "vi", "ht", "tl", "fr", "pt")),
)  # fmt: skip

NUMBER = {kind.name: number for number, kind in enumerate(KINDS)}
