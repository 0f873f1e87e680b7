"""The rules that a good engineer would add to a peer in an afternoon: regular expressions and a few words.

Taken from what the agencies publish about their numbers, with the separators that people type. No check
digits and no grammar, for that is more than an afternoon; no tuning on the measured table.
"""

import re

CENTRES = "EAC|VSC|WAC|CSC|LIN|NSC|SRC|TSC|MSC|NBC|IOE|YSC"
STATUS = (
    "undocumented", "illegal immigrant", "illegal alien", "without papers", "no papers", "deported", "deportation",
    "removal proceedings", "green card", "asylum", "asylee", "refugee", "overstayed", "immigration status",
    "lawful permanent resident", "permanent resident", "naturalized", "noncitizen", "not a citizen", "us citizen",
    "daca", "tps", "ice hold", "work permit", "u visa", "student visa", "visa expired", "humanitarian parole",
    "no legal status", "lawfully present",
    "indocumentado", "indocumentada", "sin papeles", "no tiene papeles", "deportado", "deportada", "tarjeta verde",
    "asilo", "refugiado", "refugiada", "residente permanente", "estatus migratorio", "sin documentos", "ciudadano",
    "ciudadana", "la migra", "permiso de trabajo",
)  # fmt: skip

#: Name, regular expression, how sure (Presidio asks), words that make it surer.
RULES = (
    (
        "MY_A_NUMBER",
        r"\bA[-# ]{0,2}\d{3}[- ]?\d{3}[- ]?\d{2,3}\b",
        0.8,
        ["alien", "uscis", "registration", "a-number"],
    ),
    (
        "MY_A_NUMBER",
        r"(?:USCIS|alien)(?: registration)?(?: (?:no|number))?[ .:#]{1,3}\d{3}-?\d{3}-?\d{3}\b",
        0.8,
        [],
    ),
    ("MY_RECEIPT", rf"\b(?:{CENTRES})[- ]?\d{{2}}[- ]?\d{{3}}[- ]?\d{{5}}\b", 0.9, ["receipt", "uscis"]),
    ("MY_ITIN", r"\b9\d{2}[- ](?:5\d|6[0-5]|7\d|8[0-8]|9[0-2]|9[4-9])[- ]\d{4}\b", 0.9, ["itin", "tax"]),
    ("MY_ITIN", r"(?i:itin)\D{0,15}9\d{2}(?:5\d|6[0-5]|7\d|8[0-8]|9[0-2]|9[4-9])\d{4}\b", 0.8, []),
    ("MY_SEVIS", r"\bN\d{10}\b", 0.8, ["sevis"]),
    ("MY_I94", r"\b\d{9}[A-Z]\d\b", 0.7, ["i-94", "admission"]),
    ("MY_I94", r"(?:I-94|[Aa]dmission)\D{0,15}\d{11}\b", 0.8, []),
    ("MY_MRZ", r"\b[PVIAC][A-Z<][A-Z<]{3}[A-Z0-9<]{25,39}", 0.9, []),
    ("MY_PASSPORT", r"(?i:passport|pasaporte)\D{0,15}[A-Z]\d{8}\b", 0.8, []),
    ("MY_FOREIGN_ID", r"\b[A-Z]{4}\d{6}[HM][A-Z]{5}[0-9A-Z]\d\b", 0.9, ["curp"]),
    ("MY_FOREIGN_ID", r"(?i:matr[ií]cula|c[eé]dula|cpf|cnic|curp|dpi|cui)\b\D{0,20}\d[\d .-]{6,16}", 0.7, []),
    ("MY_SSN_PLACEHOLDER", r"\b(?:000-00-0000|999-99-9999)\b", 0.8, []),
    ("MY_STATUS", r"(?i)\b(?:" + "|".join(map(re.escape, STATUS)) + r")\b", 0.8, []),
)

COMPILED = tuple((name, re.compile(pattern)) for name, pattern, _, _ in RULES)


def find(text):
    """Yield what the rules find: (start, end, name)."""
    for name, pattern in COMPILED:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), name
