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

#: Words that notes of any kind have, in the languages of the phrases.
COMMON: Final = frozenset(
    """
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


def pick_anchor(sequence: Sequence[str]) -> tuple[str, ...]:
    """Return the elements of a phrase that a cell without the phrase is least likely to have.

    Args:
        sequence: Words, beginnings of words with ``*``, numbers, gaps; at least one that is no gap.

    Returns:
        Two words, one right behind the other, where there are such; otherwise one element.

    >>> pick_anchor(("he", "does", "not", "have", "papers"))
    ('have', 'papers')
    """
    pairs = [pair for pair in itertools.pairwise(sequence) if all(map(_is_word, pair))]
    if pairs:
        return min(pairs, key=lambda pair: tuple(map(sum, zip(*map(_commonness, pair), strict=True))))
    return (min((element for element in sequence if element != GAP), key=_commonness),)


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


def _commonness(element: str) -> tuple[int, int]:
    if element == NUMBER:
        return 3, 0
    letters = element.rstrip("*")
    common = letters in COMMON or letters.isdigit() or (element.endswith("*") and len(letters) <= _SHORT)
    return (2 if common else 1 if len(letters) <= _SHORT else 0), -len(letters)
