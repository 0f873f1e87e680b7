"""The tree agrees with the RFC's eight leaves, with its plain definition, and with nothing that was changed."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curtilage.ledger import tree

#: The eight leaves that the authors of RFC 6962 test with, and the roots of their first 0 to 8.
LEAVES = [
    bytes.fromhex(each)
    for each in [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
]
ROOTS = [
    bytes.fromhex(each)
    for each in [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
]
#: 1-based leaf, size, proof.
INCLUSIONS = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (3, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (
        2,
        5,
        [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]
CONSISTENCIES = [
    (1, 1, []),
    (
        1,
        8,
        [
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ],
    ),
    (
        6,
        8,
        [
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ],
    ),
    (
        2,
        5,
        [
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        ],
    ),
]


class Memory:
    """The hashes of a tree, kept as a store keeps them."""

    def __init__(self, leaves):
        self.levels = {0: []}
        self.append(leaves)

    def append(self, leaves):
        before = len(self.levels[0])
        self.levels[0] += leaves
        for level, index, each in tree.complete_tiles(self, before, len(self.levels[0])):
            kept = self.levels.setdefault(level, [])
            assert len(kept) == index
            kept.append(each)

    def __call__(self, level, start, count):
        return self.levels.get(level, [])[start : start + count]


def root_as_defined(leaves):
    """The definition of RFC 6962, section 2.1, word by word, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    left, right = root_as_defined(leaves[:middle]), root_as_defined(leaves[middle:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def number(count):
    return [tree.hash_leaf(b"%d" % each) for each in range(count)]


EIGHT = Memory([tree.hash_leaf(each) for each in LEAVES])
LARGE_LEAVES = number(70_000)
LARGE = Memory(LARGE_LEAVES)  # more than 256 * 256: three levels of tiles


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_eight_leaves_are_those_of_the_authors(size):
    assert tree.find_root(EIGHT, size) == ROOTS[size]


@pytest.mark.parametrize(("leaf", "size", "proof"), INCLUSIONS)
def test_inclusion_proofs_of_the_eight_leaves_are_those_of_the_authors(leaf, size, proof):
    made = tree.prove_inclusion(EIGHT, leaf - 1, size)

    assert [each.hex() for each in made] == proof
    tree.verify_inclusion(tree.hash_leaf(LEAVES[leaf - 1]), leaf - 1, size, made, ROOTS[size])


@pytest.mark.parametrize(("old", "new", "proof"), CONSISTENCIES)
def test_consistency_proofs_of_the_eight_leaves_are_those_of_the_authors(old, new, proof):
    made = tree.prove_consistency(EIGHT, old, new)

    assert [each.hex() for each in made] == proof
    tree.verify_consistency(old, new, made, ROOTS[old], ROOTS[new])


@given(st.integers(0, 700))
def test_a_root_is_that_of_the_definition(size):
    leaves = LARGE_LEAVES[:size]
    edge = tree.CompactRange()
    for each in leaves:
        edge.append(each)

    found = {tree.find_root(LARGE, size), edge.find_root(), tree.root_of(leaves)}

    assert found == {root_as_defined(leaves)}


@given(st.lists(st.integers(0, 600), max_size=6))
def test_a_tree_that_grows_in_steps_is_the_tree_that_was_made_at_once(steps):
    grown = Memory([])
    for step in steps:
        size = len(grown.levels[0])
        grown.append(LARGE_LEAVES[size : size + step])

    assert grown.levels == Memory(LARGE_LEAVES[: sum(steps)]).levels


@given(st.data())
def test_every_leaf_is_proved_in_every_tree(data):
    size = data.draw(st.integers(1, len(LARGE_LEAVES)))
    index = data.draw(st.integers(0, size - 1))
    proof = tree.prove_inclusion(LARGE, index, size)

    tree.verify_inclusion(LARGE_LEAVES[index], index, size, proof, tree.find_root(LARGE, size))


@given(st.data())
def test_a_proof_of_inclusion_holds_for_nothing_else(data):
    size = data.draw(st.integers(2, 3000))
    index = data.draw(st.integers(0, size - 1))
    root, proof = tree.find_root(LARGE, size), list(tree.prove_inclusion(LARGE, index, size))
    changed = data.draw(st.sampled_from(["leaf", "index", "size", "hash", "short", "long", "root"]))
    leaf, at, of = LARGE_LEAVES[index], index, size
    if changed == "leaf":
        leaf = LARGE_LEAVES[index + 1]
    elif changed == "index":
        at = data.draw(st.integers(0, size - 1).filter(lambda each: each != index))
    elif changed == "size":
        # Another size may ask for the very same hashes; but its root is another one.
        of = data.draw(st.integers(index + 1, 6000).filter(lambda each: each != size))
        root = tree.find_root(LARGE, of)
    elif changed == "hash":
        place = data.draw(st.integers(0, len(proof) - 1))
        proof[place] = bytes([proof[place][0] ^ 1]) + proof[place][1:]
    elif changed == "short":
        proof.pop()
    elif changed == "long":
        proof.append(root)
    else:
        root = tree.find_root(LARGE, size + 1)

    with pytest.raises(tree.ProofMismatchError):
        tree.verify_inclusion(leaf, at, of, proof, root)


@given(st.data())
def test_every_tree_continues_every_smaller_one(data):
    new = data.draw(st.integers(1, len(LARGE_LEAVES)))
    old = data.draw(st.integers(1, new))
    proof = tree.prove_consistency(LARGE, old, new)

    tree.verify_consistency(old, new, proof, tree.find_root(LARGE, old), tree.find_root(LARGE, new))


@given(st.data())
def test_a_tree_with_another_past_does_not_continue_the_old_one(data):
    new = data.draw(st.integers(2, 1200))
    old = data.draw(st.integers(1, new))
    at = data.draw(st.integers(0, old - 1))
    other = LARGE_LEAVES[:new]
    other[at] = tree.hash_leaf(b"rewritten")
    fork = Memory(other)
    proof = tree.prove_consistency(fork, old, new)

    with pytest.raises(tree.ProofMismatchError):
        tree.verify_consistency(old, new, proof, tree.find_root(LARGE, old), tree.find_root(fork, new))


@given(st.data())
def test_a_proof_of_consistency_holds_for_nothing_else(data):
    new = data.draw(st.integers(3, 3000))
    old = data.draw(st.integers(1, new - 1))
    proof = list(tree.prove_consistency(LARGE, old, new))
    roots = [tree.find_root(LARGE, old), tree.find_root(LARGE, new)]
    changed = data.draw(st.sampled_from(["hash", "short", "long", "old", "new"]))
    if changed == "hash":
        place = data.draw(st.integers(0, len(proof) - 1))
        proof[place] = tree.hash_leaf(proof[place])
    elif changed == "short":
        proof.pop()
    elif changed == "long":
        proof.append(roots[0])
    else:
        roots[changed == "new"] = tree.hash_leaf(b"another root")

    with pytest.raises(tree.ProofMismatchError):
        tree.verify_consistency(old, new, proof, *roots)


@pytest.mark.parametrize("size", [1, 2, 3, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])
def test_the_edge_that_is_read_goes_on_like_the_tree(size):
    edge = tree.CompactRange(LARGE, size)
    for each in LARGE_LEAVES[size : size + 3]:
        edge.append(each)

    assert edge.find_root() == tree.find_root(LARGE, min(size + 3, 70_000))


def test_an_empty_hash_that_equals_an_empty_hash_proves_nothing():
    with pytest.raises(tree.ProofMismatchError, match="32 bytes"):
        tree.verify_inclusion(b"", 0, 1, [], b"")
    with pytest.raises(tree.ProofMismatchError, match="32 bytes"):
        tree.verify_consistency(1, 1, [], b"", b"")


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 1), (1, 1), (5, 3)])
def test_a_leaf_that_cannot_be_is_in_no_tree(index, size):
    with pytest.raises(tree.ProofMismatchError):
        tree.verify_inclusion(ROOTS[1], index, size, [], ROOTS[1])
    with pytest.raises(ValueError, match="no leaf"):
        tree.prove_inclusion(EIGHT, index, size)


@pytest.mark.parametrize(("old", "new"), [(0, 0), (0, 3), (4, 3), (-1, 3)])
def test_a_tree_continues_no_empty_and_no_larger_one(old, new):
    with pytest.raises(tree.ProofMismatchError):
        tree.verify_consistency(old, new, [ROOTS[1]], ROOTS[1], ROOTS[3])


def test_two_trees_of_one_size_are_a_fork():
    with pytest.raises(tree.ProofMismatchError, match="two different trees"):
        tree.verify_consistency(3, 3, [], ROOTS[3], ROOTS[4])


def test_hashes_that_are_missing_are_told_and_not_made_up():
    with pytest.raises(tree.MissingHashesError, match="level 0"):
        tree.find_root(EIGHT, 9)


def test_the_edge_completes_the_same_hashes_as_the_store_keeps():
    edge = tree.CompactRange()
    done = [each for leaf in LARGE_LEAVES for each in edge.append(leaf)]

    kept = {level: hashes for level, hashes in LARGE.levels.items() if level}
    assert {level: [each for at, _, each in done if at == level] for level in kept} == kept
    assert [index for level, index, _ in done if level == 1] == list(range(len(kept[1])))


def test_a_proof_in_a_large_tree_reads_a_few_hundred_hashes():
    asked = []

    def count(level, start, number):
        asked.append(number)
        return LARGE(level, start, number)

    tree.prove_inclusion(count, 12_345, 70_000)

    assert sum(asked) < 3 * 256


@given(st.lists(st.integers(0, 700), max_size=6))
def test_leaves_that_come_together_make_the_tree_of_those_that_come_one_by_one(sizes):
    leaves = [tree.hash_leaf(b"%d" % number) for number in range(sum(sizes))]
    single, joined = tree.CompactRange(), tree.CompactRange()
    one_by_one = [done for leaf in leaves for done in single.append(leaf)]
    together, taken = [], 0
    for size in sizes:
        together += joined.extend(leaves[taken : taken + size])
        taken += size

    assert (together, joined.size, joined.find_root()) == (one_by_one, single.size, single.find_root())
