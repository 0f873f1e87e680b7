"""A tree of source files like those of cities and of the people who write software for them, seeded."""

from __future__ import annotations

import json
import random
from pathlib import Path

#: What is asked and held: most of it harmless, some of it not, as in real code.
FIELDS = (
    "full_name", "street_address", "phone", "email", "household_size", "monthly_income", "case_no",
    "permit_type", "parcel_id", "status", "created_at", "updated_at", "notes", "quantity", "unit_price",
    "inspection_date", "contact_method", "preferred_language", "date_of_birth", "ssn", "birth_country",
    "citizenship_status", "document_shown", "school_id", "meter_reading", "invoice_total", "is_active",
)  # fmt: skip
WORDS = (
    "the a request is kept until office closes case and fee of permit review when number not return list "
    "value update index item page count total result check open date person block street water record"
).split()


def build(folder: Path, files: int, seed: int = 2017) -> int:
    """Write ``files`` files below ``folder``; return their bytes."""
    dice = random.Random(seed)
    kinds = [kind for kind, share in SHARES.items() for _ in range(share)]
    size = 0
    for number in range(files):
        suffix, write = dice.choice(kinds)
        place = folder / f"app{number % 40:02}" / f"part{number % 7}"
        place.mkdir(parents=True, exist_ok=True)
        content = write(dice).encode()
        (place / f"{dice.choice(WORDS)}_{number}.{suffix}").write_bytes(content)
        size += len(content)
    return size


def prose(dice: random.Random, words: int) -> str:
    return " ".join(dice.choices(WORDS, k=words))


def label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def python_code(dice: random.Random) -> str:
    return "\n\n".join(
        f'def {dice.choice(WORDS)}_{n}(value, *, index=0):\n    """{prose(dice, 12)}."""\n'
        f"    total = sum(value) + index\n    for item in range(total):\n        if item % 3:\n"
        f"            total -= item\n    return {{'{dice.choice(WORDS)}': total}}"
        for n in range(dice.randint(4, 20))
    )  # fmt: skip


def python_model(dice: random.Random) -> str:
    asked = dice.sample(FIELDS, 10)
    fields = "\n".join(f'    {name} = models.CharField("{label(name)}", max_length=80)' for name in asked)
    return (
        f"from django.db import models\n\n\nclass Application(models.Model):\n{fields}\n\n{python_code(dice)}"
    )


def sql(dice: random.Random) -> str:
    tables = []
    for number in range(dice.randint(1, 4)):
        columns = ",\n".join(f"  {name} varchar(80) NOT NULL" for name in dice.sample(FIELDS, 9))
        tables.append(f"CREATE TABLE t{number} (\n  id integer PRIMARY KEY,\n{columns}\n);")
    return "\n".join(tables)


def json_schema(dice: random.Random) -> str:
    asked = {name: {"type": "string", "title": label(name)} for name in dice.sample(FIELDS, 10)}
    return json.dumps({"$schema": "http://json-schema.org/draft-07/schema#", "properties": asked}, indent=1)


def json_data(dice: random.Random) -> str:
    rows = [{word: dice.random() for word in WORDS[:12]} for _ in range(dice.randint(5, 30))]
    return json.dumps(rows, indent=1)


def html(dice: random.Random) -> str:
    asked = "\n".join(
        f'<label for="{name}">{label(name)}</label><input id="{name}" name="{name}">'
        for name in dice.sample(FIELDS, 8)
    )
    return f"<!doctype html><html lang=en><title>Form</title><p>{prose(dice, 150)}</p><form>{asked}</form></html>"


def page(dice: random.Random) -> str:
    return f"<!doctype html><html lang=en><title>Page</title><p>{prose(dice, 400)}</p></html>"


def yaml(dice: random.Random) -> str:
    return "en:\n" + "\n".join(f'  {name}: "{label(name)}"' for name in dice.sample(FIELDS, 12))


def settings(dice: random.Random) -> str:
    return "\n".join(
        f"{word}:\n  enabled: true\n  level: {n}" for n, word in enumerate(dice.sample(WORDS, 12))
    )


def script(dice: random.Random) -> str:
    return "\n".join(
        f"export function {dice.choice(WORDS)}{n}(value) {{ return value.map((x) => x * {n}); }} // {prose(dice, 8)}"
        for n in range(dice.randint(10, 60))
    )


def csv(dice: random.Random) -> str:
    head = dice.sample(FIELDS, 8)
    rows = (",".join(str(dice.randint(0, 999)) for _ in head) for _ in range(dice.randint(20, 200)))
    return "\n".join((",".join(head), *rows))


#: Suffix and writer, and how many of a hundred files are so.
SHARES = {
    ("py", python_code): 30, ("py", python_model): 6, ("js", script): 18, ("ts", script): 8, ("md", lambda d: prose(d, 300)): 8,
    ("sql", sql): 4, ("json", json_schema): 3, ("json", json_data): 5, ("html", html): 4, ("html", page): 4,
    ("yml", yaml): 3, ("yml", settings): 4, ("csv", csv): 3,
}  # fmt: skip
