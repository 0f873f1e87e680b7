"""Every code of a problem that makes a city's files, or a file to import, unreadable.

A problem is not a finding: see ``load.py``.
"""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    "inventory.bad-code": "A place or jurisdiction is no ISO 3166 code.",
    "inventory.bad-column": "A column is not written as SYSTEM.TABLE.COLUMN.",
    "inventory.bad-date": "A date is not written as year-month-day, or there is no such day.",
    "inventory.bad-flag": "A yes or no is neither.",
    "inventory.bad-form-field": "A form's field is not written as FILE#NAME.",
    "inventory.bad-id": "An id has a character that ids cannot have.",
    "inventory.bad-language": "A language is no BCP 47 tag.",
    "inventory.bad-length": "A length of time is not written as a number of days, weeks, months or years.",
    "inventory.bad-link": "A link is no web address.",
    "inventory.bad-row": "A row of a CSV file cannot be read.",
    "inventory.control-character": "A text holds an invisible control character.",
    "inventory.dates-reversed": "A later date stands before an earlier one.",
    "inventory.duplicate-id": "The same id is declared twice.",
    "inventory.duplicate-key": "The same key is written twice in one place.",
    "inventory.empty-file": "A file says nothing.",
    "inventory.missing-column": "A CSV file has no column that must be there.",
    "inventory.missing-key": "A key that must be there is missing.",
    "inventory.more": "A file has more problems than are shown.",
    "inventory.no-folder": "There is no inventory folder.",
    "inventory.no-rows": "A CSV file lists nothing.",
    "inventory.no-settings": "There is no curtilage.toml.",
    "inventory.not-editable": "A file is written in a way that a change would damage.",
    "inventory.not-fides": "A file is no fides manifest.",
    "inventory.not-json": "A file is not JSON.",
    "inventory.not-utf8": "A file is not UTF-8 text.",
    "inventory.stray-file": "A file lies where no file of that name is read.",
    "inventory.too-deep": "A file is nested too deep.",
    "inventory.too-large": "A file is too large.",
    "inventory.unknown-authority": "An authority is cited that authorities.yml does not declare.",
    "inventory.unknown-category": "A category is not in the vocabulary.",
    "inventory.unknown-choice": "A value is none of those that can stand here.",
    "inventory.unknown-column": "A CSV file has a column that is not known.",
    "inventory.unknown-connection": "A system is reached by a connection that curtilage.toml does not name.",
    "inventory.unknown-field": "A practice names a field or category that is not declared.",
    "inventory.unknown-key": "A key is not known here.",
    "inventory.unknown-officer": "An officer or seat is named that city.yml does not declare.",
    "inventory.unknown-purpose": "A purpose is named that the program does not declare.",
    "inventory.unknown-series": "A record series is named that no file in series/ declares.",
    "inventory.unknown-system": "A system is named that systems.yml does not declare.",
    "inventory.unknown-vendor": "A vendor is named that vendors.yml does not declare.",
    "inventory.unreadable": "A file cannot be opened.",
    "inventory.wrong-type": "A list, mapping or text stands where another of them must stand.",
    "inventory.yaml": "A file is not YAML.",
    "inventory.yaml-alias": "A YAML anchor or alias is used.",
    "inventory.yaml-tag": "A YAML tag is used.",
}
"""Every code of a problem in the inventory's files, with its meaning."""
