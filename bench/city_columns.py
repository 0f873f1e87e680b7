"""The columns of the made-up city's widest table: 36 of text, 8 typed.

The table joins what several departments hold: a contact list, a licence desk, a cashier, a benefits
office with its case notes, a scanner, a message queue. Each column has names that real tables use (the
first is that of the table; the others are for the measurement of columns), the categories that are right
for the column as a whole, what fills it, and what strays into it.
"""

from __future__ import annotations

import base64
import random
import string
from collections.abc import Callable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from bench import city_kinds as kinds
from bench.city_dice import Dice, check, fixed, join
from bench.city_kinds import NUMBER, STATUS
from bench.city_words import CITIES, DOMAINS, FAMILY, GIVEN, STREETS, SUFFIXES

Dense = pa.Array | str | None
"""The kind of each filled cell of a column: one name for all, numbers of kinds by row (null: none), or none."""


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        names: The table's name for it, then other names that real tables use.
        make: Its cells and their kinds.
        right: Categories of which one is right for the whole column; none for a harmless one.
        also: Categories that may be said of it or of its cells and count neither for nor against.
        odd: Texts that stray into it, as templates; those beginning with "@" are a kind of sentence.
        words: Whether it holds sentences (its cells are made by ``city_rows``).
        unscored: Whether its cells are left out of the score of cells.
    """

    names: tuple[str, ...]
    make: Callable[[Dice], tuple[pa.Array, Dense]]
    right: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    odd: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    unscored: bool = False


LOWER = str.maketrans("áéíóúñ", "aeioun")
GIVEN_LOWER = tuple(name.lower().translate(LOWER) for name in GIVEN)
FAMILY_LOWER = tuple(name.lower().translate(LOWER) for name in FAMILY)
DAYS = tuple(f"{m:02}/{d:02}/{y}" for y in range(1930, 2017) for m in range(1, 13) for d in range(1, 29))
DAYS_ISO = tuple(f"{y}-{m:02}-{d:02}" for y in range(1930, 2017) for m in range(1, 13) for d in range(1, 29))
NUMBERS = tuple(str(number) for number in range(1, 10_000))
BIRTHPLACES = ("CA",) * 30 + tuple(
    "TX NY NV AZ WA MX MX MX MX GT GT SV SV HN HN PH PH CN CN VN VN HT IN UA KR BR".split()
)
AID = ("1H", "10", "30", "34", "38", "3N", "M1", "M3", "P5", "7A")
USER_AGENTS = ("web/2.1", "kiosk/1.4", "mobile/5.0", "batch", "phone-desk/3")
PLAIN_BYTES = (
    "applicant {given} {family}, file complete", "ssn {ssn} verified by phone", "alien number {a_number}",
    "client has no papers, keep apart", "call {phone} after five", "paid in full on {day}", "see {case} for details",
)  # fmt: skip


def _phones(dice: Dice) -> pa.Array:
    line = fixed([*dice.columns("555")[:3], *dice.columns("-01"), *dice.columns("99")])
    area = dice.pick(kinds.AREAS)
    plain = join(area, "-", line)
    bracket = join("(", area, ") ", line)
    bare = join(area, dice.text("55501"), dice.text("99"))
    dots = join(area, ".", dice.text("555.0199"))
    world = join("+1 ", area, " ", dice.text("555 0199"))
    return dice.mix((46, plain), (28, bracket), (12, bare), (7, dots), (7, world))[0]


def _emails(dice: Dice) -> pa.Array:
    given, family, where = dice.pick(GIVEN_LOWER), dice.pick(FAMILY_LOWER), dice.pick(DOMAINS)
    dotted = join(given, ".", family, "@", where)
    number = join(pc.utf8_slice_codeunits(given, 0, 1), family, dice.text("99"), "@", where)
    return dice.mix((6, dotted), (4, number))[0]


def _streets(dice: Dice) -> pa.Array:
    line = join(dice.pick(NUMBERS), " ", dice.pick(STREETS), " ", dice.pick(SUFFIXES))
    flat = join(line, dice.pick((" Apt ", " #", ", Unit ")), dice.pick(NUMBERS[:60]))
    return dice.mix((7, line), (3, flat))[0]


def _contacts(dice: Dice) -> tuple[pa.Array, Dense]:
    array, which = dice.mix((6, _phones(dice)), (4, _emails(dice)))
    of = pa.array([NUMBER["phone"], NUMBER["email"]], pa.int16()).take(which)
    return _with_nulls(dice, array, of, 0.45)


def _ssns(dice: Dice) -> tuple[pa.Array, Dense]:
    area = pa.array([f"{n:03}" for n in range(1, 900) if n != 666])
    group = dice.pick(tuple(f"{n:02}" for n in range(1, 100)))
    serial = dice.pick(tuple(f"{n:04}" for n in range(1, 10_000)))
    real = join(area.take(dice.below(len(area))), "-", group, "-", serial)
    groups = tuple(f"{n}" for n in (*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)))
    taxed = join("9", dice.text("99-"), dice.pick(groups), "-", serial)
    none = dice.pick(("000-00-0000", "999-99-9999", "000-00-0000", "888-88-8888"))
    array, which = dice.mix((960, real), (25, taxed), (15, none))
    of = pa.array([NUMBER["ssn"], NUMBER["itin"], NUMBER["ssn_placeholder"]], pa.int16()).take(which)
    return _with_nulls(dice, array, of, 0.8)


def _vins(dice: Dice) -> tuple[pa.Array, Dense]:
    columns = dice.columns("VVVVVVVV0VV999999")
    head = pa.array(["1FT", "1HG", "2T1", "3VW", "JTD", "5YJ", "KMH"]).take(dice.below(7))
    raw = head.buffers()[2].to_pybytes()
    columns[:3] = [raw[place::3][: dice.rows] for place in range(3)]
    weigh = [
        {char: value * weight for char, value in kinds.VIN_VALUES.items()} for weight in kinds.VIN_WEIGHTS
    ]
    columns[8] = check(columns, weigh, 11, "0123456789X")
    return dice.sparse(fixed(columns), 0.3), "vin"


def _cards(dice: Dice) -> tuple[pa.Array, Dense]:
    digits = dice.columns("4242429999999990")
    twice = {str(n): (2 * n - 9 * (n > 4)) for n in range(10)}
    once = {str(n): n for n in range(10)}
    weigh = [twice if place % 2 == 0 else once for place in range(16)]
    digits[15] = check(digits, weigh, 10, "0987654321")
    spaced = [
        *digits[:4],
        *dice.columns(" "),
        *digits[4:8],
        *dice.columns(" "),
        *digits[8:12],
        *dice.columns(" "),
        *digits[12:],
    ]
    array = dice.mix((8, fixed(digits)), (2, fixed(spaced)))[0]
    return dice.sparse(array, 0.2), "card"


def _accounts(dice: Dice) -> tuple[pa.Array, Dense]:
    digits = dice.columns("021999990")
    weigh = [{str(n): n * weight for n in range(10)} for weight in (3, 7, 1, 3, 7, 1, 3, 7, 0)]
    digits[8] = check(digits, weigh, 10, "0987654321")
    routing, account = fixed(digits), dice.text("8999999999")
    forms = (60, account), (25, join(routing, " ", account)), (15, join(routing, "/", account))
    return dice.sparse(dice.mix(*forms)[0], 0.35), "account"


def _ips(dice: Dice) -> tuple[pa.Array, Dense]:
    nets = ("192.0.2.", "198.51.100.", "203.0.113.", "10.20.30.", "10.1.7.")
    return dice.sparse(join(dice.pick(nets), dice.pick(NUMBERS[:254])), 0.6), "ip"


def _coordinates(dice: Dice) -> tuple[pa.Array, Dense]:
    return dice.sparse(
        join("3", dice.text("8.99999"), ", -1", dice.pick(("19", "20", "21")), ".", dice.text("99999")), 0.5
    ), "latlon"


def _licences(dice: Dice) -> tuple[pa.Array, Dense]:
    return dice.sparse(dice.text("A9999999"), 0.6), "dl"


def _plates(dice: Dice) -> tuple[pa.Array, Dense]:
    array = dice.mix((7, dice.text("8AAA999")), (2, dice.text("AAA-9999")), (1, dice.text("AAA 9999")))[0]
    return dice.sparse(array, 0.5), "plate"


def _references(dice: Dice) -> tuple[pa.Array, Dense]:
    parts = {
        "order9": (30, dice.text("899999999")),
        "order_dashed": (18, dice.text("PO-9999-99999")),
        "tracking_ups": (12, dice.text("1ZAAA9999999999999")),
        "tracking_usps": (8, dice.text("9400199999999999999999")),
        "uuid": (8, dice.text("ffffffff-ffff-4fff-8fff-ffffffffffff")),
        "sha": (6, dice.text("fffffffffffffff")),
        "stamp": (8, dice.text("202301011299")),
        "part": (10, dice.text("AA-999-99")),
    }
    array, which = dice.mix(*parts.values())
    of = pa.array([NUMBER[name] for name in parts], pa.int16()).take(which)
    return _with_nulls(dice, array, of, 0.7)


def _payloads(dice: Dice) -> tuple[pa.Array, Dense]:
    text = join(
        '{"id": ', dice.text("89999999"), ', "via": "', dice.pick(USER_AGENTS), '", "took": ', dice.pick(NUMBERS),
        ', "ok": ', dice.pick(("true", "true", "false")), "}",
    )  # fmt: skip
    return dice.sparse(text, 0.5), None


def _plain_in_base64(dice: Dice) -> tuple[pa.Array, Dense]:
    pool = tuple(
        base64.b64encode(render(text, dice.single())[0].encode()).decode() for text in PLAIN_BYTES * 40
    )
    return dice.sparse(dice.pick(pool), 0.25), None


def _with_nulls(dice: Dice, array: pa.Array, of: pa.Array, share: float) -> tuple[pa.Array, pa.Array]:
    keep = dice.share(share)
    return pc.if_else(keep, array, pa.scalar(None, pa.string())), pc.if_else(
        keep, of, pa.scalar(None, pa.int16())
    )


def _of(pool: tuple[str, ...] | list[str], share: float = 1.0) -> Callable[[Dice], tuple[pa.Array, Dense]]:
    def make(dice: Dice) -> tuple[pa.Array, Dense]:
        array = dice.pick(pool)
        return (array if share == 1 else dice.sparse(array, share)), None

    return make


def _text(pattern: str, kind: Dense = None, share: float = 1.0) -> Callable[[Dice], tuple[pa.Array, Dense]]:
    return lambda dice: (dice.sparse(dice.text(pattern), share), kind)


def _plain(
    make: Callable[[Dice], pa.Array], kind: str, share: float
) -> Callable[[Dice], tuple[pa.Array, Dense]]:
    return lambda dice: (dice.sparse(make(dice), share), kind)


def _sentences(_: Dice) -> tuple[pa.Array, Dense]:
    raise AssertionError("sentences are made by city_rows")


#: A column of sentences is told where it is called so, or where something that is in it is said of it.
TOLD = ("free_text", *dict.fromkeys(category for kind in kinds.KINDS for category in kind.right))
NAME = ("full_name", "given_name", "family_name")
TEXT = (
    Column(("resident_id", "person_key", "client_no", "cust_id", "rec"), _text("R-0099999999")),
    Column(("full_name", "client_name", "nombre_completo", "applicant", "tenant_name"),
           lambda dice: (join(dice.pick(GIVEN), " ", dice.pick(FAMILY)), None), NAME,
           odd=("{family}, {given} {a_number}", "{given} {family} (undocumented)", "{given} {family} (no papers)", "{given} (sin papeles)")),
    Column(("given_name", "first_name", "nombre", "fname", "f_nm"), _of(GIVEN), NAME),
    Column(("family_name", "last_name", "apellido", "lname", "surname"), _of(FAMILY), NAME),
    Column(("phone", "tel_no", "telefono", "cell_phone", "ph_nbr"), _plain(_phones, "phone", 0.92), ("phone",),
           odd=("{a_number}", "{a_number}", "{a_number}", "{email}", "SSN {ssn}", "{tracking_phone}", "{tracking_ups}", "{sevis}")),
    Column(("alt_contact", "contact2", "otro_contacto", "emergency_contact_info", "cntct_alt"), _contacts, ("phone", "email"),
           odd=("{receipt}", "{a_number}", "{ip}", "{tracking_ups}")),
    Column(("email", "e_mail", "correo", "email_address", "eml"), _plain(_emails, "email", 0.75), ("email",),
           odd=("tel {phone}", "cell {phone}", "{a_number}", "no email {a_number}")),
    Column(("address_line", "street_address", "direccion", "addr1", "mailing_addr"), _plain(_streets, "address", 0.97), ("address",),
           odd=("{a_number}", "call {phone}", "DOB {dob}", "no address, undocumented")),
    Column(("city", "town", "ciudad", "municipality", "cty"), _of([name.replace("_", " ") for name in CITIES]), ("address",), ("address",)),
    Column(("zip", "zip_code", "codigo_postal", "postal_code", "zip5"), _text("94999"), ("address",), ("address",)),
    Column(("date_of_birth", "dob", "fecha_nacimiento", "birth_date", "bdate"),
           lambda dice: (dice.sparse(dice.mix((9, dice.pick(DAYS)), (1, dice.pick(DAYS_ISO)))[0], 0.95), "dob"), ("date_of_birth",),
           odd=("{a_number}", "{ssn}", "unknown, {country} passport {passport}")),
    Column(("ssn", "social_security_no", "seguro_social", "soc_sec_nbr", "ss_num"), _ssns, ("ssn",), ("itin", "no_ssn_reason"),
           odd=("{itin}", "{a_number}", "ph {phone}", "applied for, {receipt}")),
    Column(("dl_number", "drivers_license_no", "licencia", "driver_lic", "dln"), _licences, ("drivers_license",), ("state_id",),
           odd=("PASSPORT {passport}", "matricula consular {matricula}", "CURP {curp}", "{mrz_td1}", "consular ID {matricula}", "{a_number}")),
    Column(("plate", "license_plate", "placa", "veh_plate", "tag_no"), _plates, ("vehicle_plate",), odd=("{vin}", "{a_number}")),
    Column(("vin", "vehicle_vin", "num_vin", "vehicle_id_no", "vin17"), _vins, ("vehicle_plate",), odd=("owner {phone}",)),
    Column(("card_number", "cc_no", "tarjeta", "pan", "payment_card"), _cards, ("financial_account",), odd=("{iban}", "{ssn}")),
    Column(("bank_account", "acct_no", "cuenta_bancaria", "routing_account", "ach"), _accounts, ("financial_account",), odd=("{iban}", "{itin}")),
    Column(("last_ip", "ip_address", "direccion_ip", "client_ip", "src_ip"), _ips, ("ip_or_device",)),
    Column(("lat_lon", "coordinates", "coordenadas", "geo_point", "xy"), _coordinates, ("geolocation",)),
    Column(("gender", "sex", "sexo", "gender_cd", "sx"), _of(("F", "F", "F", "F", "M", "M", "M", "M", "X", "U")), ("sex", "gender_identity")),
    Column(("language", "preferred_language", "idioma", "lang_cd", "spoken_lang"),
           _of(("en",) * 10 + tuple("es es es es zh vi ht tl fr pt".split())), ("language", "interpreter_need"), ("language", "interpreter_need")),
    Column(("race_code", "race", "raza", "race_eth", "ethn"), _of(("W", "H", "H", "B", "A", "N", "P", "M", "U")), ("race", "ethnicity")),
    Column(("citizenship_code", "ctz_status", "ciudadania", "citizen_cd", "cit"), _of(("C",) * 16 + ("LPR", "LPR", "N", "U")), STATUS, STATUS),
    Column(("birthplace_code", "country_of_birth", "lugar_nacimiento", "birth_state", "pob"), _of(BIRTHPLACES),
           ("country_of_birth", "place_of_birth"), (*STATUS, "country_of_birth", "place_of_birth")),
    Column(("case_status", "status", "estatus_caso", "stat_cd", "state_of_case"), _of("OPEN OPEN CLOSED PENDING CLOSED DENIED APPROVED".split()),
           odd=("DEPORTED", "UNDOCUMENTED", "LPR PENDING")),
    Column(("aid_code", "benefit_program", "programa", "aid_cd", "pgm"), _of(AID, 0.4), ("public_benefits",), ("public_benefits", "immigration_status")),
    Column(("case_notes", "notes", "worker_comments", "narrative", "memo"), _sentences, TOLD, words=("en",)),
    Column(("notas", "comments", "observaciones", "contact_log", "addl_info"), _sentences, TOLD, words=("es", "zh", "vi", "ht", "tl", "fr", "pt")),
    Column(("remarks", "remark", "comentario", "misc", "note2"), _sentences, TOLD, words=("remarks",),
           odd=("@status_en", "@status_en", "@status_es", "@trap_en", "@trap_en", "@trap_es", "{a_number}", "ph {phone}", "ITIN {itin}")),
    Column(("ocr_text", "scan_text", "texto_escaneado", "page_text", "extracted"), _sentences, TOLD, words=("scans",)),
    Column(("reference", "ref_no", "referencia", "external_ref", "xref"), _references,
           odd=("{receipt}", "{receipt}", "{receipt_spaced}", "{a_number}", "{sevis}", "I-94 {i94_new}", "SSN {ssn}", "ITIN {itin}", "{phone}")),
    Column(("order_no", "work_order", "num_orden", "po_number", "wo_id"), _text("899999999", "order9", 0.6),
           odd=("{receipt}", "{a_number}", "{tracking_usps}")),
    Column(("doc_hash", "checksum", "suma_control", "etag", "md5"), _text("f" * 32, "sha", 0.5)),
    Column(("ssn_sealed", "ssn_enc", "nss_cifrado", "token", "sealed_id"), _text("b" * 42 + "q=", None, 0.4), (), ("ssn",)),
    Column(("note_sealed", "note_enc", "nota_cifrada", "secret_note", "blob64"), _plain_in_base64, (), ("free_text", "ssn"), unscored=True),
    Column(("payload", "event_json", "datos", "raw_msg", "body"), _payloads, (), ("free_text",),
           odd=('{{"alien_no": "{a_number}"}}', '{{"ssn": "{ssn}", "ok": true}}', '{{"email": "{email}"}}', '{{"dob": "{dob}"}}')),
)  # fmt: skip


def typed(dice_of: Callable[[str], Dice], first: int) -> dict[str, pa.Array]:
    """Return the eight typed columns: whole numbers, days, moments, amounts, yes or no."""
    rows = dice_of("").rows
    days = dice_of("opened").below(6000)
    return {
        "row_id": pa.array(range(first, first + rows), pa.int64()),
        "opened": pc.add(days, pa.scalar(13_000, pa.uint64())).cast(pa.int32()).cast(pa.date32()),
        "updated_at": pc.add(dice_of("updated").below(10**9), 1_100_000_000)
        .cast(pa.int64())
        .cast(pa.timestamp("s")),
        "balance": pc.divide(dice_of("balance").below(1_000_000).cast(pa.float64()), 100.0),
        "score": pc.divide(dice_of("score").below(1000).cast(pa.float32()), pa.scalar(1000, pa.float32())),
        "household_size": dice_of("household").below(9).cast(pa.int16()),
        "visits": dice_of("visits").below(400).cast(pa.int32()),
        "is_active": dice_of("active").share(0.7),
    }


def render(template: str, dice: random.Random) -> tuple[str, list[int]]:
    """Fill a template's slots; return the text and the numbers of the kinds that it then holds."""
    found = []
    text = []
    for piece in _pieces(template):
        if not piece.startswith("\0"):
            text.append(piece)
        elif (number := NUMBER.get(piece[1:])) is not None:
            found.append(number)
            text.append(kinds.KINDS[number].make(dice))
        else:
            text.append(_FILL[piece[1:]](dice))
    return "".join(text), found


_SEEN: dict[str, tuple[str, ...]] = {}


def _pieces(template: str) -> tuple[str, ...]:
    if template not in _SEEN:
        pieces: list[str] = []
        for literal, slot, _, _ in string.Formatter().parse(template):
            pieces += [literal] * bool(literal) + ([f"\0{slot}"] if slot else [])
        _SEEN[template] = tuple(pieces)
    return _SEEN[template]


_FILL: dict[str, kinds.Maker] = {
    "given": lambda d: d.choice(GIVEN),
    "family": lambda d: d.choice(FAMILY),
    "full": lambda d: f"{d.choice(GIVEN)} {d.choice(FAMILY)}",
    "day": lambda d: f"{d.randint(1, 12)}/{d.randint(1, 28)}/{d.randint(2010, 2026)}",
    "year": lambda d: str(d.randint(1985, 2025)),
    "streetname": lambda d: d.choice(STREETS),
    "city": kinds.city,
    "CITY": lambda d: kinds.city(d).upper(),
    "country": lambda d: d.choice(
        "Guatemala Honduras Mexico Haiti Venezuela Ecuador Ukraine Afghanistan Syria Cuba".split()
    ),
    "amount": lambda d: f"{d.randint(1, 2400):,}.{d.randint(0, 99):02}",
    "case": lambda d: f"{d.randint(10, 26)}-{d.randint(0, 99999):05}",
    "num1": lambda d: str(d.randint(1, 9)),
    "num2": lambda d: str(d.randint(10, 99)),
    "num3": lambda d: str(d.randint(100, 999)),
    "num5": lambda d: kinds.digits(d, 5),
    "num6": lambda d: kinds.digits(d, 6),
}
