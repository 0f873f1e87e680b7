"""A small good city in memory, for tests to change one thing of, and inventories made by hypothesis."""

from datetime import date
from textwrap import dedent

from hypothesis import strategies as st

from curtilage.foundation.finding import Spot
from curtilage.foundation.periods import Period
from curtilage.inventory import nouns
from curtilage.inventory.clause import parse_clause
from curtilage.inventory.load import load_documents
from curtilage.inventory.shapes import CHANNEL_KINDS, PARTITIONS, PRACTICE_KINDS, RECIPIENT_KINDS
from curtilage.inventory.vocabulary import load_vocabulary

FIELD = "housing.rental.intake.household.country_of_birth"

FILES = {
    "curtilage.toml": """\
        name = "Smalltown"
        zone = "America/Chicago"
        languages = ["en", "es"]
        """,
    "inventory/city.yml": """\
        packs: [us]
        officers:
          - {id: privacy, role: privacy officer, name: A. Example}
          - {id: counsel, role: city counsel, name: B. Example}
        seats:
          - {id: seat-law, expertise: law}
        """,
    "inventory/authorities.yml": """\
        authorities:
          - id: usc-8-1612
            citation: 8 USC 1612
            jurisdiction: US
            force: mandatory
            effective: 1996-08-22
            reviewer: counsel
        """,
    "inventory/departments/housing.yml": """\
        id: housing
        title: Housing
        programs:
          - id: rental
            title: Help with rent
            authority: usc-8-1612
            owner: privacy
            purposes:
              - {id: eligibility, text: Decide who may have help}
            collections:
              - id: intake
                forms: [forms/intake.html]
                tables: [housing_db.applicants]
                fields:
                - field: household.country_of_birth
                  question: {en: "Country of birth", es: "País de nacimiento"}
                  category: country_of_birth
                  purpose: eligibility
                  authority: usc-8-1612          # an id in authorities.yml, or none
                  necessity: required            # required | optional | verbal | prohibited
                  decision: "which federal fund pays"   # what changes with the answer
                  stored_in: [housing_db.applicants.birth_country]
                  series: hsg-014
        """,
    "inventory/systems.yml": """\
        systems:
          - id: housing_db
            title: Case files
            host: city
            location: [US-IL]
            key_holder: city
            encryption: {in_transit: true, at_rest: true, fields: [applicants.ssn]}
        """,
    "inventory/vendors.yml": """\
        vendors:
          - id: mailer
            title: Mailing house
            contracts:
              - {id: m-1, title: Mailing, effective: 2015-01-01, expires: 2020-01-01, clauses: [ownership]}
        """,
    "inventory/series/housing.yml": """\
        series:
          - id: hsg-014
            title: Applications
            minimum: Retain 6 years after case closed, then destroy.
            city_maximum: 6 years
            disposition: destroy
            authorised_by: [records officer]
        """,
    "inventory/practices.yml": """\
        practices:
          - id: report
            title: Yearly report
            kind: statutory-report
            fields: [housing.rental.intake.household.country_of_birth, full_name]
            route: via state
            public: true
        """,
    "inventory/channels.yml": """\
        channels:
          - {id: mail, kind: email, end_to_end: false, highest: none}
        """,
}


def documents(**changed):
    """Return the files of the small city as bytes; ``changed`` by path with ``/`` and ``.`` as ``__``."""
    return {path: dedent(text).encode() for path, text in FILES.items()} | changed


def with_files(files):
    """Return the small city with some files replaced, added, or (with None) taken away."""
    merged = documents() | {path: text if text is None else text.encode() for path, text in files.items()}
    return {path: content for path, content in merged.items() if content is not None}


def changed(path, old, new):
    """Return the small city with one text of one file replaced."""
    text = documents()[path].decode()
    assert old in text
    return documents() | {path: text.replace(old, new).encode()}


def load(files=None):
    return load_documents(documents() if files is None else files)


def write_city(folder, files=None):
    for path, content in (documents() if files is None else files).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


# --- any inventory ------------------------------------------------------------------------------

_FORBIDDEN = st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\ufeff")
texts = st.text(_FORBIDDEN, max_size=24).map(str.strip)
some_text = texts.filter(bool)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,6}", fullmatch=True)
days = st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1))
flags = st.none() | st.booleans()
tags = st.lists(st.sampled_from(["en", "es", "no", "zh-Hant", "ht"]), unique=True, max_size=3).map(tuple)
words = st.lists(some_text, max_size=3).map(tuple)
codes = st.lists(st.sampled_from(["US", "US-WA", "NO", "CA-BC"]), max_size=2).map(tuple)
periods = st.none() | st.builds(Period, *[st.integers(0, 99)] * 3)
clauses = st.sampled_from(
    ["", "Retain 6 years, destroy.", "Retain permanently.", "As the clerk sees fit: maybe"]
)
categories = st.sampled_from(["", "none", *load_vocabulary()])


def language_texts():
    return st.dictionaries(st.sampled_from(["en", "es", "no", "vi"]), some_text, max_size=3).map(
        lambda found: tuple(found.items())
    )


def spot(path, locator):
    return Spot(path, 0, locator)


def in_order(first, second):
    return first is None or second is None or first <= second


@st.composite
def inventories(draw):
    """Any inventory that files can declare: every reference leads somewhere, or is empty."""
    at = "inventory/{}.yml".format

    def unique(most=2):
        return draw(st.lists(ids, max_size=most, unique=True))

    def pick(known, *words):
        return draw(st.sampled_from(["", *words, *known]))

    def some(known):
        return tuple(draw(st.lists(st.sampled_from(list(known)), max_size=2))) if known else ()

    def ordered(cls, first, second, **values):
        begin, end = draw(days), draw(days)
        dates = {first: begin, second: end} if in_order(begin, end) else {first: end, second: begin}
        return cls(**values, **dates)

    officer_ids, seat_ids, authority_ids = unique(), unique(), unique()
    vendor_ids, system_ids, series_ids = unique(), unique(), unique()
    officers = tuple(
        nouns.Officer(each, draw(some_text), draw(texts), draw(texts), spot(at("city"), each))
        for each in officer_ids
    )
    seats = tuple(
        ordered(
            nouns.Seat,
            "since",
            "until",
            id=each,
            expertise=draw(st.sampled_from(nouns.Expertise)),
            holder=draw(texts),
            spot=spot(at("city"), each),
        )
        for each in seat_ids
    )
    authorities = tuple(
        ordered(
            nouns.Authority,
            "effective",
            "expires",
            id=each,
            citation=draw(some_text),
            jurisdiction=draw(some_text),
            force=draw(st.sampled_from(nouns.Force)),
            reviewer=pick(officer_ids),
            reviewed=draw(days),
            title=draw(texts),
            url=draw(st.sampled_from(["", "https://law.example/8?x=1#a"])),
            spot=spot(at("authorities"), each),
        )
        for each in authority_ids
    )
    vendors = tuple(
        nouns.Vendor(
            each,
            draw(texts),
            draw(texts),
            draw(codes),
            some(vendor_ids),
            tuple(
                ordered(
                    nouns.Contract,
                    "effective",
                    "expires",
                    id=f"{each}.{name}",
                    title=draw(texts),
                    review=draw(days),
                    clauses=draw(words),
                    document=draw(texts),
                    spot=spot(at("vendors"), f"{each}.{name}"),
                )
                for name in unique(1)
            ),
            spot(at("vendors"), each),
        )
        for each in vendor_ids
    )
    systems = tuple(
        nouns.System(
            each,
            draw(texts),
            draw(texts),
            pick(vendor_ids, "city"),
            draw(texts),
            draw(texts),
            some(vendor_ids),
            draw(codes),
            draw(codes),
            draw(st.sampled_from(nouns.KeyHolder)),
            nouns.Encryption(draw(flags), draw(flags), some(["people.ssn", "a b.c"])),
            pick(officer_ids),
            spot(at("systems"), each),
            tuple(
                nouns.Backup(
                    f"{each}.{name}",
                    draw(texts),
                    draw(periods),
                    draw(days),
                    spot(at("systems"), f"{each}.{name}"),
                )
                for name in unique(1)
            ),
        )
        for each in system_ids
    )

    def columns(depth):
        return some([f"{system}.{'.'.join(['people', 'año', 'c d'][:depth])}" for system in system_ids])

    def holding(series_id, place):
        own = f"{series_id}.{place}"
        triggers = st.dictionaries(some_text, some_text, max_size=2).map(
            lambda found: tuple(sorted(found.items()))
        )
        return nouns.Holding(
            own,
            series_id,
            draw(triggers | some_text.map(lambda column: (("", column),))),
            draw(texts),
            draw(words),
            draw(st.none() | st.builds(nouns.Outcome, some_text, words.filter(bool))),
            draw(st.sampled_from(nouns.Copy)),
            draw(periods),
            draw(st.none() | st.sampled_from(nouns.Disposal)),
            draw(words),
            draw(words),
            draw(texts),
            draw(st.sampled_from(["", *PARTITIONS])),
            draw(texts),
            draw(texts),
            some(["notes.about", "a b.c"]),
            spot(at(f"series/{series_id}"), own),
        )

    def series(each):
        text = draw(clauses)
        places = dict.fromkeys(
            some([f"{system}.{within}" for system in system_ids for within in ("people", "in/*.csv", "a.b")])
        )
        return nouns.Series(
            each,
            draw(texts),
            pick(authority_ids, "none"),
            draw(texts),
            draw(texts),
            draw(texts),
            next(iter(columns(2)), ""),
            text,
            parse_clause(text) if text else None,
            draw(periods),
            draw(texts),
            draw(st.none() | st.sampled_from(nouns.Disposition)),
            draw(words),
            spot(at(f"series/{each}"), each),
            tuple(holding(each, place) for place in places),
        )

    def exception():
        return ordered(
            nouns.ApprovedException,
            "approved",
            "expires",
            approved_by=pick([*officer_ids, *seat_ids]),
            reason=draw(some_text),
        )

    def field(above, each, purposes, path):
        return nouns.Field(
            f"{above}.{each}",
            draw(language_texts()),
            draw(categories),
            pick(purposes),
            pick(authority_ids, "none"),
            draw(st.none() | st.sampled_from(nouns.Necessity)),
            draw(texts),
            draw(texts),
            draw(language_texts()),
            some(["forms/a b.html#x", "f.pdf#/Form/ssn_1"]),
            columns(2),
            pick(series_ids),
            exception() if draw(st.booleans()) else None,
            draw(texts),
            spot(path, f"{above}.{each}"),
        )

    def collection(above, each, purposes, path):
        own = f"{above}.{each}"
        fields = tuple(field(own, name, purposes, path) for name in unique())
        return nouns.Collection(
            own, draw(texts), draw(words), columns(1 + 1), draw(tags), fields, spot(path, own)
        )

    def program(above, each, path):
        own, purpose_ids = f"{above}.{each}", unique()
        purposes = tuple(
            nouns.Purpose(name, draw(some_text), draw(texts), pick(authority_ids, "none"), spot(path, name))
            for name in purpose_ids
        )
        collections = tuple(collection(own, name, purpose_ids, path) for name in unique())
        return nouns.Program(
            own,
            draw(texts),
            pick(authority_ids, "none"),
            purposes,
            collections,
            pick(officer_ids),
            spot(path, own),
        )

    def department(each):
        path = at(f"departments/{each}")
        programs = tuple(program(each, name, path) for name in unique())
        return nouns.Department(each, draw(texts), programs, spot(path, each))

    city = nouns.City(
        draw(some_text),
        draw(st.sampled_from(["America/Chicago", "UTC"])),
        draw(tags.filter(bool)),
        draw(words),
        seats,
        officers,
        spot(at("city"), "city"),
        draw(words),
    )
    department_ids = sorted(unique(), key=lambda each: at(f"departments/{each}"))
    departments = tuple(department(each) for each in department_ids)
    fields = [
        found.id
        for each in departments
        for one in each.programs
        for form in one.collections
        for found in form.fields
    ]
    practices = tuple(
        nouns.Practice(
            each,
            draw(texts),
            draw(st.sampled_from(["", *PRACTICE_KINDS])),
            draw(flags),
            some([*fields, "ssn", "address"]),
            draw(texts),
            draw(st.sampled_from(["", *RECIPIENT_KINDS])),
            draw(st.none() | st.sampled_from(nouns.Route)),
            pick(authority_ids, "none"),
            draw(st.none() | st.sampled_from(nouns.Force)),
            draw(texts),
            draw(texts),
            draw(days),
            pick(officer_ids),
            draw(days),
            draw(st.booleans()),
            draw(texts),
            draw(days),
            draw(texts),
            spot(at("practices"), each),
            draw(texts),
            some(["NORTHFIELD PD", "* PD"]),
            some(["stolen-vehicle", "yearly count"]),
        )
        for each in unique()
    )
    channels = tuple(
        nouns.Channel(
            each,
            draw(texts),
            draw(st.sampled_from(["", *CHANNEL_KINDS])),
            draw(flags),
            draw(flags),
            draw(st.sampled_from(nouns.Reveals)),
            pick(vendor_ids),
            spot(at("channels"), each),
        )
        for each in unique()
    )
    ordered_series = tuple(series(each) for each in sorted(series_ids, key=lambda one: at(f"series/{one}")))
    return nouns.Inventory(
        city,
        authorities,
        departments,
        systems,
        vendors,
        ordered_series,
        practices,
        channels,
        tuple(load_vocabulary().values()),
    )


def without_lines(value):
    """Return nouns as nested plain values, without the lines on which they were declared."""
    if isinstance(value, tuple):
        return tuple(without_lines(item) for item in value)
    if hasattr(value, "__dataclass_fields__") and not isinstance(value, Spot):
        return (
            type(value).__name__,
            {
                name: without_lines(getattr(value, name))
                for name in value.__dataclass_fields__
                if name != "spot"
            },
        )
    return value
