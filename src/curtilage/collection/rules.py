"""What the collection checks look for; the public page of each rule is made from these values."""

from __future__ import annotations

from typing import Final

from curtilage.foundation.finding import Rule, Severity

_ARTICLE: Final = "sunlight-2017"

UNDECLARED_TELLING: Final = Rule(
    code="collection.undeclared-telling-column",
    safeguard=1,
    severity=Severity.HIGH,
    title="A telling column is held that nobody declared",
    why="It states or singles out where somebody comes from, and no purpose, authority or end covers it.",
    remedy="Find out who fills it. Declare it with its purpose and authority, or stop and remove it.",
    source=f"{_ARTICLE}, collect only with a compelling reason",
)
UNDECLARED: Final = Rule(
    code="collection.undeclared-column",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A column of residents' data is held that nobody declared",
    why="What is not declared is not reviewed, not deleted on time and not told to residents.",
    remedy="Declare it in the department's file, or stop and remove it.",
    source=f"{_ARTICLE}, inventory",
)
UNDECLARED_REST: Final = Rule(
    code="collection.undeclared-technical-columns",
    safeguard=1,
    severity=Severity.LOW,
    title="Columns of a declared table are not declared",
    why="Nothing sensitive was recognised in their names; their content may still tell.",
    remedy="Read the list once; declare those that hold residents' data.",
    source=f"{_ARTICLE}, inventory",
)
VANISHED: Final = Rule(
    code="collection.vanished-column",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A declared column is not there",
    why="The inventory no longer tells the truth: the data is gone, renamed, or moved where nobody looks.",
    remedy="Find where it went, then correct stored_in.",
    source=f"{_ARTICLE}, inventory",
)
UNDECLARED_TELLING_QUESTION: Final = Rule(
    code="collection.undeclared-telling-question",
    safeguard=1,
    severity=Severity.HIGH,
    title="A form asks something telling that nobody declared",
    why="It asks what states or singles out, and no purpose or authority was ever written down for it.",
    remedy="Take it off the form, or declare it with the purpose and the authority that need it.",
    source=f"{_ARTICLE}, no template questions",
)
UNDECLARED_QUESTION: Final = Rule(
    code="collection.undeclared-question",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A form asks something that nobody declared",
    why="A question without a declared purpose is a template question: asked because it was always asked.",
    remedy="Declare the question with purpose and authority, or take it off the form.",
    source=f"{_ARTICLE}, no template questions",
)
VANISHED_QUESTION: Final = Rule(
    code="collection.vanished-question",
    safeguard=1,
    severity=Severity.LOW,
    title="A declared question is not on its form",
    why="Either the form changed without review or the inventory points at the wrong place.",
    remedy="Correct asked_in, or remove the field if it is no longer asked.",
    source=f"{_ARTICLE}, inventory",
)
UNREAD_FORM: Final = Rule(
    code="collection.form-not-seen",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A declared form could not be looked at",
    why="A form that nobody can read cannot be vouched for.",
    remedy="Correct the path in the collection's forms, or make the file readable and survey again.",
    source=f"{_ARTICLE}, inventory",
)
MISDECLARED: Final = Rule(
    code="collection.tells-more-than-declared",
    safeguard=1,
    severity=Severity.HIGH,
    title="A field tells more than its declared category",
    why="Safeguards follow the declared category; a milder name for a telling field takes them away.",
    remedy="Correct the category, or change the question or column so that it holds only what is declared.",
    source=f"{_ARTICLE}, anything that reveals by proxy",
)
NO_CATEGORY: Final = Rule(
    code="collection.no-category",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A field is not classified",
    why="Safeguards follow the category; without one the field is treated as if it told everything.",
    remedy="Write its category from the vocabulary, or 'category: none'.",
    source=f"{_ARTICLE}, inventory",
)
NO_PURPOSE: Final = Rule(
    code="collection.no-purpose",
    safeguard=1,
    severity=Severity.HIGH,
    title="A field has no purpose",
    why="Nobody has said what the answer is for.",
    remedy="Name one of the program's purposes, or stop asking.",
    source=f"{_ARTICLE}, map each question to the purpose of the program",
)
HOLLOW_PURPOSE: Final = Rule(
    code="collection.hollow-purpose",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A purpose says nothing",
    why="It says that data is wanted, not what is decided or delivered with it.",
    remedy="Write what the program decides or delivers with the answers.",
    source=f"{_ARTICLE}, not because it might be useful",
)
NO_AUTHORITY: Final = Rule(
    code="collection.no-authority",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A field cites no authority",
    why="A city may ask what law or a decision of its own lets it ask; nothing is cited here.",
    remedy="Cite the authority, or write 'authority: none' and have counsel approve or end the question.",
    source=f"{_ARTICLE}, mission-related reason",
)
NO_NECESSITY: Final = Rule(
    code="collection.no-necessity",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A field does not say whether it must be answered",
    why="Residents cannot leave out what nobody marked as optional.",
    remedy="Write necessity: required, optional, verbal or prohibited.",
    source=f"{_ARTICLE}, question by question",
)
NO_DECISION: Final = Rule(
    code="collection.no-decision",
    safeguard=1,
    severity=Severity.LOW,
    title="Nothing is said to change with the answer",
    why="If no decision changes with the answer, the answer is not needed.",
    remedy="Write what changes with the answer, or stop asking.",
    source=f"{_ARTICLE}, compelling reason",
)
NO_MANDATE: Final = Rule(
    code="collection.telling-without-mandate",
    safeguard=1,
    severity=Severity.HIGH,
    title="A telling field rests on no mandate",
    why="What states or singles out may be held only where law obliges, or counsel has approved it for a time.",
    remedy="Cite a mandatory authority in force, have counsel approve an exception of at most a year, or stop.",
    source="crs-24-74-104",
)
PROHIBITED_HELD: Final = Rule(
    code="collection.prohibited-but-held",
    safeguard=1,
    severity=Severity.HIGH,
    title="A prohibited field is asked or held",
    why="The city has said that it does not hold this, and it does.",
    remedy="Take the question off the form; plan the removal of what is held under its record series.",
    source=f"{_ARTICLE}, public claims are computed from evidence",
)
VERBAL_WRITTEN: Final = Rule(
    code="collection.verbal-but-written",
    safeguard=2,
    severity=Severity.HIGH,
    title="An answer to be given aloud is written down",
    why="Asked aloud means that there is no record to demand, leak or lose; here there is one.",
    remedy="Take the question off the form and stop filling the column; keep the outcome alone.",
    source=f"{_ARTICLE}, consider going verbal",
)
TOO_PRECISE: Final = Rule(
    code="collection.more-precise-than-needed",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="The answer is more precise than the decision needs",
    why="Each digit beyond need makes a resident easier to single out.",
    remedy="Ask the coarser question.",
    source=f"{_ARTICLE}, collect only what is needed",
)
NO_WHY: Final = Rule(
    code="collection.no-why-we-ask",
    safeguard=7,
    severity=Severity.LOW,
    title="A sensitive question does not say why it is asked",
    why="A resident who does not know why will guess, or go away.",
    remedy="Write why_we_ask in the languages of the form.",
    source=f"{_ARTICLE}, tell residents",
)
NO_TRANSLATION: Final = Rule(
    code="collection.missing-translation",
    safeguard=7,
    severity=Severity.LOW,
    title="A question or its reason is missing in a language of the form",
    why="Who cannot read the reason cannot use the choice.",
    remedy="Have it translated by a person, and reviewed by another.",
    source=f"{_ARTICLE}, tell residents",
)
UNFAIR: Final = Rule(
    code="collection.unfair-wording",
    safeguard=1,
    severity=Severity.LOW,
    title="A question is not put fairly",
    why="Residents answer the pressure instead of the question.",
    remedy="Put the question plainly.",
    source=f"{_ARTICLE}, question by question",
)
COPIED: Final = Rule(
    code="collection.copied-question",
    safeguard=1,
    severity=Severity.LOW,
    title="Several programs ask the same telling question for the same words of reason",
    why="The same words in several programs are a template, not a purpose of each.",
    remedy="Let each program say what it decides with the answer, or stop asking.",
    source=f"{_ARTICLE}, no template questions",
)
REUSED: Final = Rule(
    code="collection.reused-for-another-purpose",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="One column serves programs with different purposes",
    why="A resident told one program for one reason.",
    remedy="Give each program its own authority for the reuse, or separate the data.",
    source=f"{_ARTICLE}, map each question to the purpose of the program",
)
TOGETHER: Final = Rule(
    code="collection.combination",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="Fields tell together what none tells alone",
    why="Alone or in combination is how law defines what identifies somebody.",
    remedy="Leave one of them out, make one coarser, or keep them apart.",
    source="nyc-23-1201, alone or in combination",
)
UNDECLARED_CONTENT: Final = Rule(
    code="collection.undeclared-content",
    safeguard=1,
    severity=Severity.HIGH,
    title="A column holds more telling things than its field declares",
    why="A column is what is written into it, whatever it is called.",
    remedy="Declare what is held, with its purpose and authority; or stop writing it there, and plan its removal.",
    source=f"{_ARTICLE}, collect only what is needed",
)
ODD_CELLS: Final = Rule(
    code="collection.odd-telling-cells",
    safeguard=1,
    severity=Severity.MEDIUM,
    title="A few cells hold something telling where nobody expects it",
    why="What was typed into the wrong column is found by a search all the same, and no schedule deletes it.",
    remedy="Have the department look at these cells and correct them; give staff a place, or say that there is none.",
    source=f"{_ARTICLE}, collect only what is needed",
)
ODD_NUMBERS: Final = Rule(
    code="collection.odd-identifiers",
    safeguard=1,
    severity=Severity.LOW,
    title="Cells hold identifiers that the column is not declared for",
    why="A number that opens accounts lies where its protection does not reach.",
    remedy="Have the department look at these cells and correct them, or declare the column for what it holds.",
    source=f"{_ARTICLE}, collect only what is needed",
)
NOT_THERE: Final = Rule(
    code="collection.declared-content-not-there",
    safeguard=1,
    severity=Severity.LOW,
    title="A column holds none of what its field declares",
    why="A declaration that does not fit what is held protects nothing, and hides what is held instead.",
    remedy="Correct the declaration; or drop the column, if nobody fills it any longer.",
    source=f"{_ARTICLE}, map each question to the purpose of the program",
)

RULES: Final = tuple(value for value in globals().values() if isinstance(value, Rule))
