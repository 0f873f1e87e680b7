"""All rules as one block of tables, which the kernel reads: ``kernel_program.h`` lays out the same.

Nothing is decided here. Shapes become an automaton, phrases a tree of words, checks and relations
rows of numbers. The kernel holds any text against them and needs nothing else.
"""

from __future__ import annotations

import itertools
import struct
from array import array
from collections.abc import Container, Iterable, Sequence
from typing import Final, NamedTuple

from curtilage.detection.values import automaton, folded
from curtilage.detection.values.anchors import count_words
from curtilage.detection.values.fold import fold_table
from curtilage.detection.values.nouns import Group, Relations, Rule, Rules
from curtilage.detection.values.program_checks import NotForTheKernelError, row_of_check
from curtilage.detection.values.rules import NUMBER
from curtilage.detection.values.shape_words import list_words
from curtilage.detection.values.shapes import parse_shape
from curtilage.detection.values.wordtree import (
    FILTER_BITS,
    LETTERS,
    LONGEST_BEGINNING,
    MOST_WORDS,
    PAIRS_BITS,
    WHOLE,
    Layout,
    Spoken,
    WordTree,
    beginning_filter,
    beginnings,
    filter_keys,
    list_anchors,
    mark_words,
    pair_table,
    word_hash,
    word_tables,
)

MAGIC: Final = 0x43555254
VERSION: Final = 9
_RELATIONS: Final = ("near", "sentence", "within", "then", "after")
_BARRED: Final = 8
_BOUNDED, _MUST_FOLLOW = 1, 2
_TAKES: Final = {"": 0, "name": 1, "with_name": 2}
_ASCII: Final = 128
#: Bits for context groups, in words of 32.
GROUP_WORDS: Final = 8


def compile_program(rules: Rules) -> bytes:
    """Return the tables for some rules.

    Raises:
        NotForTheKernelError: A rule cannot be put into them, so only the reference can hold it.
        TooManyShapesError: The shapes make too large an automaton.
    """
    if len(rules.groups) > 32 * GROUP_WORDS:
        raise NotForTheKernelError(f"{len(rules.groups)} context groups; {32 * GROUP_WORDS} fit")
    categories = list_categories(rules)
    shaped = {
        number: [parse_shape(shape, cased=rule.cased) for shape in rule.shapes]
        for number, rule in enumerate(rules.rules)
        if rule.shapes
    }
    automata = automaton.divide(
        (number, (bool(rules.rules[number].asks), rules.rules[number].before), parsed)
        for number, parsed in shaped.items()
    )
    tree, wide = WordTree(), _list_wide(rules.rules)
    for number, rule in enumerate(rules.rules):
        for sequence in rule.phrases:
            if count_words(sequence) > MOST_WORDS:
                raise NotForTheKernelError(f"rule {rule.id}: a phrase of more than {MOST_WORDS} words")
            tree.add(sequence, number, of_group=False)
            tree.anchor(sequence, naming=bool(rule.takes))
    for number, group in enumerate(rules.groups):
        for sequence in group.phrases:
            tree.add(sequence, number, of_group=True)
            if group.id in wide:
                tree.anchor_group(sequence, number)
    spelt = [list_words(itertools.chain(*(shaped[rule] for rule in one.rules))) for one in automata]
    calls = _call_automata(tree, spelt, len(rules.groups))
    particles = tree.add_list(word.decode() for word in folded.PARTICLES)
    stops = [tree.add_list(rule.stop) for rule in rules.rules]
    laid = tree.layout()

    relations, checked = array("I"), array("q")
    ranks, writer = _ranks(rules.rules), _Writer(relations, checked, rules.groups)
    held = {rule: number for number, one in enumerate(automata) for rule in one.rules}
    rows = [
        _rule(rule, (rank, stop, categories.index(rule.category), held.get(number, 0)), writer)
        for number, (rule, rank, stop) in enumerate(zip(rules.rules, ranks, stops, strict=True))
    ]
    classes, width = automaton.classes(automata)
    kinds = bytes(map(automaton.kind_of, range(256)))
    tables, bytes_, accepts, accepted = array("H"), bytearray(), array("I", [0]), array("H")
    shapes = [
        (*_automaton(one, ranks=ranks, tables=tables, bytes_=bytes_, accepts=accepts, accepted=accepted), by)
        for one, by in zip(automata, calls, strict=True)
    ]
    naming = {number for number, rule in enumerate(rules.rules) if rule.takes}
    wordless = sum(
        1 << number for number, group in enumerate(rules.groups) if any(map(_is_wordless, group.phrases))
    )
    phrases = _phrases(laid, naming, wordless)
    head = (
        len(rules.rules), len(rules.groups), len(categories), len(automata), len(accepts) - 1, width,
        particles, len(laid.edges) // 3 - 1, len(phrases.slots) - 1, word_hash(NUMBER.encode(), WHOLE),
        len(phrases.anchors) // 2 - 1,
        len(phrases.paired) // 2 - 1, phrases.wordless,
        any(map(_is_wordless, itertools.chain.from_iterable(rule.phrases for rule in rules.rules))),
    )  # fmt: skip
    parts = (
        array("H", fold_table()), array("I", itertools.chain(*shapes)), tables, bytes_, accepts, accepted,
        classes, kinds, array("Q", automaton.runs(automata)), array("Q", automaton.heads(automata, classes, width)), _after(automata, rules.rules), phrases.filter, phrases.slots,
        pair_table(laid), phrases.says, phrases.spoken, phrases.anchors, phrases.paired, phrases.words, phrases.rest, phrases.starts, phrases.beginnings, phrases.places, phrases.owners, phrases.branches, laid.edges, b"".join(rows), relations, checked,
    )  # fmt: skip
    return _join(head, [bytes(part) for part in parts])


def list_categories(rules: Rules) -> list[str]:
    """Return the categories of all rules, in the order in which the kernel numbers them."""
    return list(dict.fromkeys(rule.category for rule in rules.rules))


def carried_bits(rules: Rules, carried: Iterable[str]) -> bytes:
    """Return a bit for each context group, set for those that a column carries."""
    numbers = {group.id: number for number, group in enumerate(rules.groups)}
    return _bits((numbers[group] for group in carried if group in numbers), GROUP_WORDS)


def _join(head: Sequence[int], tables: Sequence[bytes]) -> bytes:
    layout = struct.Struct(f"=IIQ{len(head)}I{len(tables)}Q")
    at, offsets = layout.size, list[int]()
    for table in tables:
        at += -at % 64
        offsets.append(at)
        at += len(table)
    out = bytearray(layout.pack(MAGIC, VERSION, at, *head, *offsets))
    for offset, table in zip(offsets, tables, strict=True):
        out += bytes(offset - len(out)) + table
    return bytes(out)


def _after(automata: Sequence[automaton.Automaton], rules: Sequence[Rule]) -> array[int]:
    """Return which automata may fit behind each byte: some have only rules that ask for certain signs there.

    The last number is for the beginning of a cell.
    """
    bits = array("Q", bytes(8 * 257))
    for number, one in enumerate(automata):
        signs_before = [rules[rule].before for fits in one.accepts for rule in fits]
        signs = frozenset("".join(signs_before)) if all(signs_before) else None
        for byte in range(257):
            if signs is None or (byte < _ASCII and chr(byte) in signs):
                bits[byte] |= 1 << number
    return bits


def _call_automata(tree: WordTree, spelt: Iterable[frozenset[str]], groups: int) -> list[int]:
    """Let the words that an automaton cannot do without call it; return the number by which they do, 0 for none.

    Such words are anchors as those of a context group are, and have a number behind all groups.
    """
    calls, number = list[int](), groups
    for words in spelt:
        fits = words and 0 < number < 32 * GROUP_WORDS
        for word in sorted(words) if fits else ():
            tree.anchor_group((word,), number)
        calls.append(number if fits else 0)
        number += bool(fits)
    return calls


def _list_wide(rules: Sequence[Rule]) -> set[str]:
    """Return the groups that a whole cell is asked for before anything else.

    What must stand right beside a hit is looked for there instead, unless an identifier needs it.
    """
    wide = set[str]()
    for rule in rules:
        for asked in (rule.asks, rule.bars):
            wide |= {*asked.near, *asked.sentence}
        if rule.shapes:
            wide |= {*rule.asks.within, *rule.asks.then, *rule.asks.after}
    return wide


def _is_wordless(sequence: Sequence[str]) -> bool:
    """Return whether a phrase may stand in a cell without letters."""
    return not any(letter.isalpha() for element in sequence for letter in element)


def _ranks(rules: Sequence[Rule]) -> list[int]:
    order = sorted(range(len(rules)), key=lambda number: (-rules[number].priority, number))
    ranks = [0] * len(rules)
    for rank, number in enumerate(order):
        ranks[number] = rank
    return ranks


def _automaton(
    one: automaton.Automaton,
    *,
    ranks: Sequence[int],
    tables: array[int],
    bytes_: bytearray,
    accepts: array[int],
    accepted: array[int],
) -> tuple[int, ...]:
    """Append an automaton to the tables: a row for each state, the next one by class; return where it lies.

    The rules that a state accepts stand in the order in which they are judged.
    """
    shift, begins, first = max(1, (one.width - 1).bit_length()), len(tables), len(accepts) - 1
    tables.frombytes(bytes(2 * (len(one.ways) << shift)))
    for state, ways in enumerate(one.ways):
        for by, to in ways.items():
            tables[begins + (state << shift) + by] = to
    bytes_ += one.classes
    for fits in one.accepts[one.accepting :]:
        accepted.extend(sorted(fits, key=ranks.__getitem__))
        accepts.append(len(accepted))
    return begins, shift, one.accepting, first


class _Phrases(NamedTuple):
    filter: bytes
    slots: array[int]
    says: array[int]
    spoken: bytes
    anchors: array[int]
    paired: array[int]
    words: bytes
    rest: bytes
    starts: bytes
    beginnings: array[int]
    places: array[int]
    owners: array[int]
    branches: bytes
    wordless: int


def _phrases(laid: Layout, naming: Container[int], wordless: int) -> _Phrases:
    marks = mark_words(laid, naming)
    filtered, slots, rest = word_tables(laid.words)
    known = {0: 0}  # sets of groups, each once
    known.setdefault(wordless, len(known))
    words, at = bytearray(), 1
    for word, mark in zip(laid.words, marks, strict=True):
        if word.kind and len(word.letters) > LONGEST_BEGINNING:
            raise NotForTheKernelError(f"{word.letters.decode()}* has more than {LONGEST_BEGINNING} bytes")
        says = [known.setdefault(bits, len(known)) for bits in (mark.first, mark.anchored)]
        words += word.letters[:LETTERS].ljust(LETTERS, b"\0")
        words += struct.pack(
            "=IIHHIIHH", at, len(word.letters), word.kind, mark.flags, word.of_rules, word.of_groups, *says
        )
        at += len(word.letters[LETTERS:])
    owners, places = array("I"), array("I")
    for place in laid.places:
        places.extend((len(owners), len(place.owners), place.next, place.gap))
        owners.extend(place.owners)
    branches = b"".join(struct.pack("=QII", bits, kinds, 0) for bits, kinds in laid.branches)
    of_words, of_pairs = list_anchors(laid)
    spoken = filter_keys(of_words, FILTER_BITS) + filter_keys(of_pairs, PAIRS_BITS)
    anchors, pairs = _anchors(of_words, known), _anchors(of_pairs, known)
    groups = array("I")
    for bits in known:
        groups.frombytes(_bits_of(bits, GROUP_WORDS))
    return _Phrases(
        filtered, slots, groups, spoken, anchors, pairs, bytes(words), rest, beginning_filter(laid.words, marks), beginnings(laid.words, marks), places, owners, branches, known[wordless]
    )  # fmt: skip


def _anchors(spoken: Spoken, known: dict[int, int]) -> array[int]:
    """Return an open table of anchors: key, flags of rules, the number of a set of groups and so on."""
    size = 1 << max(4, (2 * len(spoken)).bit_length())
    slots = array("I", bytes(8 * size))
    for key, (flags, groups) in spoken.items():
        slot = key & (size - 1)
        while slots[2 * slot + 1]:
            slot = (slot + 1) & (size - 1)
        said = array("H", (flags, known.setdefault(groups, len(known))))
        slots[2 * slot : 2 * slot + 2] = array("I", (key, *array("I", said.tobytes())))
    return slots


class _Writer:
    """Appends rows of relations and checks to their tables."""

    def __init__(self, relations: array[int], checked: array[int], groups: Sequence[Group]) -> None:
        self.relations, self.checked = relations, checked
        self.groups = {group.id: number for number, group in enumerate(groups)}
        self.longest = {group.id: max(map(count_words, group.phrases), default=0) for group in groups}

    def put_relations(self, asked: Relations, added: int) -> int:
        """Write a row for each relation of ``asked``; return how many."""
        written = 0
        for number, name in enumerate(_RELATIONS):
            if wanted := getattr(asked, name):
                numbers = [self.groups[group] for group in wanted]
                self.relations.extend((number + added, max(self.longest[group] for group in wanted)))
                self.relations.frombytes(_bits(numbers, GROUP_WORDS))
                written += 1
        return written


def _rule(rule: Rule, numbers: tuple[int, int, int, int], to: _Writer) -> bytes:
    rank, stop, category, automaton_number = numbers
    kind = 0 if rule.shapes else 1 if rule.phrases else 2
    if kind and (rule.checks or rule.slips >= 0):
        raise NotForTheKernelError(f"rule {rule.id}: only identifiers with shapes have checks or slips")
    relations, checked = len(to.relations), len(to.checked)
    asked = to.put_relations(rule.asks, 0) + to.put_relations(rule.bars, _BARRED)
    for check in rule.checks:
        number, row = row_of_check(rule, check)
        to.checked.extend((number, len(row) + 2, *row))
    bounded = (_MUST_FOLLOW if rule.before else 0) | (_BOUNDED if rule.not_before else 0)
    fields = struct.pack(
        "=IIi10I", kind, _TAKES[rule.takes], rule.slips, rank, relations, asked, checked, len(rule.checks),
        stop, category, automaton_number, not rule.category, bounded,
    )  # fmt: skip
    return fields + _bits(_ascii(rule.before), 4) + _bits(_ascii(rule.not_before), 4)


def _ascii(letters: str) -> bytes:
    return letters.encode("ascii", "ignore")


def _bits(places: Iterable[int], words: int) -> bytes:
    return _bits_of(sum(1 << place for place in set(places)), words)


def _bits_of(bits: int, words: int) -> bytes:
    return array("I", [bits >> 32 * word & 0xFFFFFFFF for word in range(words)]).tobytes()
