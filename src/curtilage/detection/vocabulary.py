"""Relate the words of a field to the words that rules use.

A word of a label is what it is, its singular, the class it belongs to and each beginning that rules name.
A name's word may besides be an abbreviation (``ctzn``), be written without vowels (``ethncty``), be broken
off (``nacionalid``), or be several words in one (``placeofbirth``, ``voterid``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from curtilage.detection.lookup import Symbols

_BREAK: Final[Symbols] = ()
"""What the end of a sentence is called: known, and part of no phrase."""


class Vocabulary:
    """Every word that some rule uses, and how words of a field relate to them.

    Effects:
        Remembers what it worked out for single words (never for whole fields), up to a bound.
    """

    _BOUND: Final = 50_000

    def __init__(
        self,
        exact: frozenset[str],
        prefixes: Iterable[str],
        *,
        also: dict[str, tuple[str, ...]],
        short: frozenset[str],
        classes: dict[str, tuple[str, ...]],
    ) -> None:
        self._exact = exact
        self._prefixes = _by_length(prefixes)
        self._also = also
        self._short = short
        self._classes = classes
        self._text: dict[str, Symbols] = {".": _BREAK, "?": _BREAK}
        self._name: dict[str, tuple[Symbols, ...]] = {}
        self._whole: dict[str, Symbols] = {}
        self._bare: dict[str, list[str]] = {}
        self._begun: dict[str, list[str]] = {}

    def text(self, found: Iterable[str]) -> list[Symbols]:
        """Return the symbols of each word of a text."""
        memo = self._text
        out: list[Symbols] = []
        for word in found:
            try:
                out.append(memo[word])
            except KeyError:
                out.append(self._remember(memo, word, self._symbols))
        return out

    def name(self, found: Sequence[str]) -> tuple[list[Symbols], list[int]]:
        """Return the symbols of a name's words, and for each word where its symbols begin."""
        memo = self._name
        out: list[Symbols] = []
        begins: list[int] = []
        for word in found:
            begins.append(len(out))
            try:
                out.extend(memo[word])
            except KeyError:
                out.extend(self._remember(memo, word, self._name_symbols))
        if None in out:
            self._join(out, begins, found)
        return out, begins

    def _join(self, out: list[Symbols], begins: Sequence[int], found: Sequence[str]) -> None:
        """Read an unknown word together with the next, where the rules know both in one."""
        for at, word in enumerate(found[:-1]):
            here, there = begins[at], begins[at + 1]
            if there > here and out[there - 1] is None:
                out[there - 1] = self._joined(word, found[at + 1])

    def _joined(self, before: str, word: str) -> Symbols:
        """Return what an unknown word says together with the next: ``hausNr``, ``staats_angehoerigkeit``."""
        both = before + word
        if both not in self._whole:
            self._remember(self._whole, both, self._symbols)
        return self._whole[both]

    def _remember(self, memo: dict[str, Any], word: str, work: Callable[[str], Any]) -> Any:
        if len(memo) > self._BOUND:
            memo.clear()
            self._text.update({".": _BREAK, "?": _BREAK})
        memo[word] = answer = work(word)
        return answer

    def _symbols(self, word: str) -> Symbols:
        found = [word] if word in self._exact else []
        found += self._classes.get(word, ())
        for length, prefixes in self._prefixes:
            if word[:length] in prefixes:
                found.append(word[:length] + "*")
        if word.endswith("s"):
            found += [one for one in _singular(word) if one in self._exact][:1]
        if len(word) >= _CLEAR:
            for meaning in self._also.get(word, ()):
                found += self._symbols(meaning) or ()
        if not found and ("ae" in word or "oe" in word or "ue" in word):
            return self._symbols(_umlauts(word))
        return tuple(found) or None

    def _name_symbols(self, word: str) -> tuple[Symbols, ...]:
        symbols = self._meanings(word)
        if symbols:
            head = self._before_a_tail(word)
            if head:
                return self._meanings(head), self._meanings(word[len(head) :])
            parts = (
                (self._in_known_words(word) or self._run_together(word)) if self._begins_only(word) else []
            )
            return tuple(self._meanings(part) for part in parts) or (self._with_longer(word, symbols),)
        if word.isdigit():
            return ()
        spelt = self._spelt_out(word)
        if spelt:
            return (spelt,)
        parts = self._run_together(word)
        return tuple(self._meanings(part) for part in parts) if parts else (self._cut_short(word),)

    def _meanings(self, word: str) -> Symbols:
        """Return the symbols of a word and of all that it may be short for."""
        also = self._also.get(word)
        if not also:
            return self._symbols(word)
        found = (one for meaning in (word, *also) for one in self._symbols(meaning) or ())
        return tuple(dict.fromkeys(found)) or None

    def _spelt_out(self, word: str) -> Symbols:
        """Return the symbols of the words that a name without vowels stands for: ``prmry``, ``ethncty``."""
        if len(word) < _BARE or not word.isascii() or _VOWELS & set(word[1:]):
            return None
        if not self._bare:
            for known in self._exact:
                if len(known) > _BARE and known.isascii():
                    self._bare.setdefault(_without_vowels(known), []).append(known)
        meant = self._bare.get(_without_vowels(word), ())
        if len(meant) > _PLAIN:
            return None
        found = (one for known in sorted(meant) for one in self._symbols(known) or ())
        return tuple(dict.fromkeys(found)) or None

    def _with_longer(self, word: str, symbols: tuple[str, ...]) -> Symbols:
        """Add the words that a name breaks off where rules know only how it begins: ``nacionalid``."""
        if word in self._exact or word in self._also or word in self._classes:
            return symbols
        return tuple(dict.fromkeys((*symbols, *(self._cut_short(word) or ()))))

    def _before_a_tail(self, word: str) -> str:
        """Return the known word before ``id``, ``no`` and the like in a word of which rules know the beginning."""
        if word in self._exact or word in self._also or word in self._classes or self._cut_short(word):
            return ""
        heads = (word[:-size] for size in range(2, 7) if word[-size:] in _TAILS)
        return next((head for head in heads if head in self._exact and len(head) >= _CLEAR), "")

    def _cut_short(self, word: str) -> Symbols:
        """Return the symbols of the few words that a name breaks off: ``nacionalid``, ``citizensh``."""
        if len(word) < _BARE or not word.isalpha():
            return None
        if not self._begun:
            for known in self._exact:
                if len(known) > _BARE + 1:
                    self._begun.setdefault(known[:_BARE], []).append(known)
        # Fewer letters are an ending: a plural, or one of another language.
        meant = [
            known
            for known in self._begun.get(word[:_BARE], ())
            if known.startswith(word) and len(known.removesuffix("s")) >= len(word) + 2
        ]
        if len(meant) > _PLAIN:
            return None
        found = (one for known in sorted(meant) for one in self._symbols(known) or ())
        return tuple(dict.fromkeys(found)) or None

    def _begins_only(self, word: str) -> bool:
        """Say whether the rules know only how a long word begins: ``date*`` in ``dateofbirth``."""
        if len(word) <= _LONG or word in self._exact or word in self._also or word in self._classes:
            return False
        longest = max((length for length, prefixes in self._prefixes if word[:length] in prefixes), default=0)
        return len(word) - longest > _STRANGE

    def _in_known_words(self, word: str) -> list[str]:
        """Split a word into the fewest words that rules know in full; empty where that cannot be."""
        best: list[list[str] | None] = [[], *([None] * len(word))]
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 20), end - 1):
                before, part = best[start], word[start:end]
                known = part in self._short if len(part) < 4 else part in self._exact or part in self._also
                if before is not None and known:
                    held = best[end]
                    if held is None or len(before) + 1 < len(held):
                        best[end] = [*before, part]
        return best[-1] or []

    def _run_together(self, word: str) -> list[str]:
        """Split ``placeofbirth`` into known words; empty where that cannot be.

        A few letters that nobody knows are let through beside long words: ``prilanguageread``.
        """
        size = len(word)
        if not 6 <= size <= 48 or not word.isalpha():
            return []
        # For each length: letters not understood (each such run counts two more), what the parts cost, the split.
        best: list[tuple[int, int, tuple[str, ...]] | None] = [(0, 0, ())] + [None] * size
        for end in range(2, size + 1):
            for start in range(max(0, end - 20), end - 1):
                before, part = best[start], word[start:end]
                if before is None:
                    continue
                strange = 0 if self._may_stand(part) else len(part) + 2
                if strange > _STRANGE + 2:
                    continue
                now = (before[0] + strange, before[1] + self._cost(part), (*before[2], part))
                held = best[end]
                if held is None or now[:2] < held[:2]:
                    best[end] = now
        found = best[size]
        if found is None:
            return []
        strange, _, parts = found
        if strange and (strange * 10 > size * 4 or not any(self._is_long(part) for part in parts)):
            return []
        return list(parts)

    def _cost(self, part: str) -> int:
        """Two for each part, and one for each letter behind a beginning: *permanent city*, no *permanentcity*."""
        if part in self._exact or part in self._also or part in self._short:
            return 2
        known = (length for length, prefixes in self._prefixes if length >= 5 and part[:length] in prefixes)
        return 2 + len(part) - max(known, default=len(part))

    def _is_long(self, part: str) -> bool:
        return len(part) >= _LONG and self._may_stand(part)

    def _may_stand(self, part: str) -> bool:
        size = len(part)
        if size < 4:
            return part in self._short
        if part in self._exact or part in self._also:
            return True
        return any(
            length >= 5 and size - length <= 4 and part[:length] in prefixes
            for length, prefixes in self._prefixes
        )


_TAILS: Final = frozenset("id no nr num nbr cd code name nm date dt type status flag ind number".split())
"""What columns end in, after the word that they are of (chosen)."""
_VOWELS: Final = frozenset("aeiou")
_BARE: Final = 5
"""Letters of a word without vowels that is read as one of which they were left out. Chosen: shorter ones
are initials."""
_PLAIN: Final = 6
"""Known words that the letters may stand for; where there are more they say nothing."""
_STRANGE: Final = 4
"""Letters together that may stand unknown in a run-together name. Chosen: abbreviations are shorter."""
_CLEAR: Final = 4
"""Letters of an abbreviation that is one in labels too. Chosen: shorter ones are words, or initials."""
_LONG: Final = 7
"""Letters of the known word that must stand beside them. Chosen: *nation* lies in many words."""


def _by_length(prefixes: Iterable[str]) -> list[tuple[int, frozenset[str]]]:
    lengths: dict[int, set[str]] = {}
    for prefix in prefixes:
        lengths.setdefault(len(prefix), set()).add(prefix)
    return [(length, frozenset(found)) for length, found in sorted(lengths.items())]


def _without_vowels(word: str) -> str:
    """Leave the first letter and the consonants, doubled ones once: ``immigration`` is ``imgrtn``."""
    kept = word[0]
    for letter in word[1:]:
        if letter not in _VOWELS and letter != kept[-1]:
            kept += letter
    return kept


def _umlauts(word: str) -> str:
    """Read ``staatsangehoerigkeit`` as German writes it, its dots folded away as everywhere."""
    return word.replace("ae", "a").replace("oe", "o").replace("ue", "u")


_PLURALS: Final = tuple(f"{letter}es" for letter in "sxzhornldj")


def _singular(word: str) -> tuple[str, ...]:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return ()
    return (
        word[:-1],
        word[:-2] if word.endswith(_PLURALS) else "",
        word[:-3] + "y" if word.endswith("ies") else "",
    )
