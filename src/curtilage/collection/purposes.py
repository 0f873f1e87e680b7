"""Is this a purpose? "Analytics" and "may be useful" say that data is wanted, not why.

Source:
    sunlight-2017: collect only with a compelling reason tied to the mission; no "template" questions,
    nothing because it "might be useful".
"""

from __future__ import annotations

import re
from typing import Final

#: Wordings that are no purpose, by what is wrong with them. Each pattern must match the whole text.
_HOLLOW: Final = {
    "it names a wish to have data, not what is done with it": (
        r"(for )?(general )?(analytics?|statistics?|statistical|data analysis|reporting|research|insights?)( purposes?)?",
        r"(for )?(future|possible|potential|later) (use|uses|needs?|purposes?)",
        r"(may|might|could|can) be (useful|helpful|needed|of use)( later| in (the )?future)?",
        r"(just )?in case( (it is|we) needed?( it)?)?|nice to have|good to know|to have( it)? on file",
        r"(for )?(our|the) (records?|files?)|record ?keeping|for (information|informational purposes)",
        r"(estad[ií]sticas?|an[aá]lisis|uso futuro|por si acaso|puede ser [uú]til|para (el )?archivo)",
    ),
    "it points at habit": (
        r"(same )?as (on|in) (the )?(last|previous|old|existing|paper|template) form",
        r"(it (is|was) )?(on|in|part of|from) (the|our|a) (template|standard form|old form|previous form)",
        r"(we )?(have )?always (asked|collected|done so|had it).*",
        r"standard|default|legacy|historical|template|boilerplate|customary|as usual|como siempre",
    ),
    "it is a placeholder": (
        r"tbd|tba|todo|n/?a|none|unknown|other|various|misc(ellaneous)?|general|purpose|x+|-+|\?+|\.+",
        r"to be (determined|decided|defined|completed)|fill (this )?in.*",
    ),
    "it repeats that the city runs": (
        (
            r"(for )?(business|administrative|operational|internal|city|government|official|department(al)?) "
            r"(use|purposes?|needs?|operations?|reasons?)( only)?"
        ),
        r"(to )?(improve|enhance) (our )?(services?|customer experience|user experience)",
    ),
}
_COMPILED: Final = tuple(
    (reason, re.compile("|".join(f"(?:{wording})" for wording in wordings), re.IGNORECASE))
    for reason, wordings in _HOLLOW.items()
)


def why_no_purpose(text: str) -> str:
    """Return what is wrong with a purpose's words; empty where they are a purpose.

    >>> why_no_purpose("Analytics")
    'it names a wish to have data, not what is done with it'
    >>> why_no_purpose("decide which household may rent a city apartment")
    ''
    """
    bare = " ".join(text.split()).strip(" .!")
    if len(bare) < 4:
        return "it is a placeholder"
    return next((reason for reason, pattern in _COMPILED if pattern.fullmatch(bare)), "")
