"""Which words of a phrase to look for first: two that texts seldom have one behind the other.

Nothing that is found depends on this, only how fast: a phrase can stand in a cell only where its
anchor does, and nearly no cell has the anchor of a phrase that it does not say.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Final

from curtilage.detection.phrases import GAP, REACH
from curtilage.detection.values.rules import NUMBER

#: Words of which a text has one in thirty, and more, in the languages of the phrases.
EVERYWHERE: Final = frozenset(
    """
    a and as at be by for from he her his i in is it my of on or she that the this to was we with you
    a al con de del el en es la las lo los no por que se su un una y
    ao as com da das de do dos e em na nas no nos o os para por que se um uma
    au aux d dans de des du en est et il je l la le les ne pas pour qu que sur un une
    a ak ap epi gen ki la li m mwen nan nou ou pa pou se si yo yon
    ang at ay ka ko mga na ng ni sa si
    da cua co khong la o toi va
    我 的 了 是 在 有 不 他 她
    """.split()
)
#: Words that notes of any kind have.
COMMON: Final = frozenset(
    """
    application approved applied approval asked attached benefit benefits caller cash caseworker client clinic
    closed contact denied document documents explained fee file filed follow granted group handed household
    interview issued landlord lawyer leave legal letter lives low license moved needed notice office paperwork passed
    pending permit plan prefers program provided ready referred renewal renew renewed report reported requested
    resident residents returned reviewed room scheduled services side signed spoke staff started stated submitted
    supervisor talk told training trans translation transfer transferred under verified wants white work worker working wrote
    a about after again all also am an and any are as asked at back be because been before being box but by
    call called can card case check city client closed code come comes could copy date day days did do does
    done due each end family first for form free from full gave get gets given go goes had has have he help
    her here hers him his home house how i if in info into is it its just last left letter like live lives
    made mail make may me men message met more mother month months mr mrs ms my name need needs new next no
    none not now number of off office on one open or other our out over owner paid parent parents pay per
    person phone please put received rent reports request said same saw says school see sent service she
    should since so some son state states status still street take tenant text than that the their them then
    there they this time to today told two under unit until up us use used uses using via visit was way we
    week went were what when where whether which while who will with without work works would year years
    you your
    al ano anos antes ano aqui asi cada caso casa cita como con cual cuando de del desde dia dias dice dijo
    donde dos el ella ellas ellos en era es esa ese eso esta estan este esto fecha fue ha hace han hasta hay
    hijo hija la las le les llamar lo los madre mas me mes mi mis muy nada ni no nombre nos nueva nuevo
    numero nunca o otra otro padre para pero persona por porque que quien se ser si sin sobre solo son su
    sus tambien te tiene tienen todo trabaja tu un una uno y ya yo
    ao aos as com da das do dos e ela ele em esta eu foi mae mais meu minha na nao nas no nos num o os ou
    pai pela pelo por que quem se sem ser seu sua tem um uma
    a au aux avec ce ces c d dans de des du elle elles en est et il ils j je l la le les leur ma mais mon
    n ne ni nous on ont ou par pas plus pour qu que qui s sa sans se ses son sont sur un une vous y
    a ak an ap epi gen ki la li m mwen nan nou ou pa pou se si sou te yo yon
    ang ako at ay hindi ito ka kay ko lang may mga na ng ni niya nila pa sa si siya wala
    ba ban bo cho co con cua da den di do duoc em gia ho khong la lam ma me mot nam ngay nguoi nha o ong
    so toi tu va ve voi
    他 她 我 你 们 的 了 是 在 有 不 没 人 这 那 和 就 都 说 来 去 上 下 年 月 日 为 与 及 电 话
    """.split()
)
_SHORT: Final = 3
#: Words stand together so much more often than chance would have it.
_TOGETHER: Final = 20
#: And words that only begin so are so much more frequent.
_BEGINS: Final = 5


def pick_anchor(sequence: Sequence[str]) -> tuple[str, ...]:
    """Return the elements of a phrase that a cell without the phrase is least likely to have.

    Args:
        sequence: Words, beginnings of words with ``*``, numbers, gaps; at least one that is no gap.

    Returns:
        One element, or two words, one right behind the other.

    >>> pick_anchor(("he", "does", "not", "have", "papers"))
    ('have', 'papers')
    >>> pick_anchor(("permanent", "resident*", "of", "the", "us"))
    ('permanent',)
    """
    alone = [(element,) for element in sequence if element != GAP]
    pairs = [pair for pair in itertools.pairwise(sequence) if all(map(_is_word, pair))]
    return min((*pairs, *alone), key=lambda anchor: (share_of(anchor), -sum(map(len, anchor))))


def words_before(sequence: Sequence[str], anchor: Sequence[str]) -> int:
    """Return how many words a phrase may have before the last element of its anchor.

    >>> words_before(("no", " .. ", "green", "card"), ("green", "card"))
    5
    """
    places = range(len(sequence) - len(anchor) + 1)
    place = next(place for place in places if tuple(sequence[place : place + len(anchor)]) == tuple(anchor))
    return count_words(sequence[: place + len(anchor) - 1])


def count_words(sequence: Sequence[str]) -> int:
    """Return how many words of a text a phrase may take, those that a gap passes over among them."""
    return sum(REACH if element == GAP else 1 for element in sequence)


def _is_word(element: str) -> bool:
    return element not in (GAP, NUMBER) and not element.endswith("*")


def share_of(anchor: Sequence[str]) -> float:
    """Return how many of the words of a text are this one, or two of them these two, very roughly (0 to 1)."""
    first, *second = map(_share, anchor)
    return first * second[0] * _TOGETHER if second else first


def _share(element: str) -> float:
    letters = element.rstrip("*")
    if element == NUMBER or letters in EVERYWHERE:
        return 0.03
    if letters in COMMON or letters.isdigit():
        return 0.002
    share = 0.0003 if len(letters) <= _SHORT else 0.00003
    return share * (_BEGINS if element.endswith("*") else 1)
