"""A few rules of our own to guard with, whatever ships."""

from curtilage.collection.guard.text import Guard
from curtilage.detection.values import rules
from curtilage.detection.values.reference import Finder

RULES = rules.read(
    {
        "few.yml": r"""
source: uscis-forms
contexts:
  person: {phrases: {en: [she, he]}}
  bank: {phrases: {en: [account]}}
rules:
  - {id: a_number, title: A-Number, category: alien_number, reveals: direct, shapes: ['A[-# ]?\d{3}[- ]?\d{3}[- ]?\d{3}']}
  - {id: ssn, title: Social Security number, category: ssn, reveals: none, shapes: ['\d{3}[- ]\d{2}[- ]\d{4}'],
     checks: [{out: {at: 0, length: 3, ranges: [[0, 0]]}}]}
  - {id: account, title: account number, category: financial_account, reveals: none, shapes: ['\d{8,12}'], near: [bank]}
  - {id: phone, title: phone number, category: phone, reveals: none, shapes: ['\d{3}-\d{4}']}
  - {id: status, title: immigration status, category: immigration_status, reveals: direct,
     phrases: {en: [undocumented], es: [sin papeles]}, sentence: [person]}
"""
    }
)
FINDER = Finder(RULES)
GUARD = Guard(finder=FINDER)

#: Made-up values that must not come out again, and the kind that each is.
CANARIES = {
    "Alien registration number (A-Number)": "A012345678",
    "Social Security number": "123-45-6789",
    "Financial account": "998877665544",
}
NOTE = f"She called 555-0100: {CANARIES['Alien registration number (A-Number)']}, ssn {CANARIES['Social Security number']}, account {CANARIES['Financial account']}."
