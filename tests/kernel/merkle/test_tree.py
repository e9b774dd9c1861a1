"""The Merkle tree: the reference's vectors, an independent library, a naive reading of the RFC, forged proofs."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from lacydon.kernel.merkle import tree

LEAVES = [bytes.fromhex(each) for each in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
"""The eight leaves of the reference implementation's tests (Certificate Transparency), and the roots it expects."""
ROOTS = """
e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d
fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77
d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7
4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4
76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef
ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c
5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328
""".split()


def hashed(data):
    return [tree.leaf_hash(each) for each in data]


def naive_root(data):
    """RFC 6962, 2.1, word for word."""
    if len(data) < 2:
        return sha256(b"\x00" + data[0]).digest() if data else sha256(b"").digest()
    k = max(2**power for power in range(64) if 2**power < len(data))
    return sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def naive_path(m, data):
    """PATH of RFC 6962, 2.1.1."""
    if len(data) == 1:
        return []
    k = max(2**power for power in range(64) if 2**power < len(data))
    if m < k:
        return [*naive_path(m, data[:k]), naive_root(data[k:])]
    return [*naive_path(m - k, data[k:]), naive_root(data[:k])]


def naive_subproof(m, data, whole):
    """SUBPROOF of RFC 6962, 2.1.2."""
    if m == len(data):
        return [] if whole else [naive_root(data)]
    k = max(2**power for power in range(64) if 2**power < len(data))
    if m <= k:
        return [*naive_subproof(m, data[:k], whole), naive_root(data[k:])]
    return [*naive_subproof(m - k, data[k:], False), naive_root(data[:k])]


@pytest.mark.parametrize("size", range(9))
def test_the_roots_of_the_reference(size):
    assert tree.root(hashed(LEAVES[:size])).hex() == ROOTS[size]


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
        (5, 8, ["bc1a0643", "ca854ea1", "d37ee418"]),
        (2, 3, ["fac54203"]),
        (1, 5, ["6e340b9c", "5f083f0a", "bc1a0643"]),
    ],
)
def test_the_inclusion_proofs_of_the_reference(index, size, proof):
    assert [each.hex()[:8] for each in tree.inclusion_proof(hashed(LEAVES[:size]), index)] == proof


@pytest.mark.parametrize(
    ("old", "size", "proof"),
    [
        (1, 1, []),
        (1, 8, ["96a296d2", "5f083f0a", "6b47aaf2"]),
        (6, 8, ["0ebc5d34", "ca854ea1", "d37ee418"]),
        (2, 5, ["5f083f0a", "bc1a0643"]),
    ],
)
def test_the_consistency_proofs_of_the_reference(old, size, proof):
    assert [each.hex()[:8] for each in tree.consistency_proof(hashed(LEAVES[:size]), old)] == proof


@pytest.mark.parametrize("size", [*range(1, 40), 64, 65, 127, 128, 200])
def test_every_proof_as_the_rfc_words_it(size):
    data = [bytes([number]) for number in range(size)]
    leaves, root = hashed(data), naive_root(data)
    assert tree.root(leaves) == root
    for index in range(size):
        proof = tree.inclusion_proof(leaves, index)
        assert proof == naive_path(index, data)
        assert tree.verify_inclusion(leaf=leaves[index], index=index, size=size, proof=proof, root=root)
    for old in range(1, size + 1):
        proof = tree.consistency_proof(leaves, old)
        assert proof == naive_subproof(old, data, True)
        assert tree.verify_consistency(old=old, size=size, old_root=naive_root(data[:old]), root=root, proof=proof)


@given(st.lists(st.binary(max_size=40), min_size=1, max_size=150), st.data())
def test_another_library_finds_the_same(data, chosen):
    other = InmemoryTree(algorithm="sha256")
    for each in data:
        other.append_entry(each)
    leaves = hashed(data)
    assert tree.root(leaves) == other.get_root()
    index = chosen.draw(st.integers(0, len(data) - 1))
    proof = other.prove_inclusion(index + 1, len(data)).serialize()
    assert [each.hex() for each in tree.inclusion_proof(leaves, index)] == proof["path"][1:]
    assert leaves[index].hex() == proof["path"][0]


@given(st.integers(1, 200), st.data())
def test_a_forged_proof_is_refused(size, chosen):
    leaves = hashed([bytes([number]) for number in range(size)])
    index = chosen.draw(st.integers(0, size - 1))
    proof, root = tree.inclusion_proof(leaves, index), tree.root(leaves)
    right = {"leaf": leaves[index], "index": index, "size": size, "proof": proof, "root": root}
    assert tree.verify_inclusion(**right)
    bit = chosen.draw(st.integers(0, 255))
    wrong = [{"leaf": flipped(leaves[index], bit)}, {"root": flipped(root, bit)}, {"proof": [*proof, root]}]
    wrong += [{"index": other} for other in range(-1, size + 1) if other != index]
    if proof:
        at = chosen.draw(st.integers(0, len(proof) - 1))
        wrong += [{"proof": [*proof[:at], flipped(proof[at], bit), *proof[at + 1 :]]}, {"proof": proof[:-1]}]
        wrong += [{"proof": [*proof[:at], proof[at][:31], *proof[at + 1 :]]}]
    for change in wrong:
        assert not tree.verify_inclusion(**(right | change)), change


@given(st.integers(1, 200), st.data())
def test_a_rewritten_past_is_refused(size, chosen):
    leaves = hashed([bytes([number]) for number in range(size)])
    old = chosen.draw(st.integers(1, size))
    bit, at = chosen.draw(st.integers(0, 255)), chosen.draw(st.integers(0, old - 1))
    rewritten = [*leaves[:at], flipped(leaves[at], bit), *leaves[at + 1 :]]
    assert not tree.verify_consistency(
        old=old,
        size=size,
        old_root=tree.root(leaves[:old]),
        root=tree.root(rewritten),
        proof=tree.consistency_proof(rewritten, old),
    )
    proof = tree.consistency_proof(leaves, old)
    right = {"old": old, "size": size, "old_root": tree.root(leaves[:old]), "root": tree.root(leaves), "proof": proof}
    assert tree.verify_consistency(**right)
    wrong = [{"proof": [*proof, leaves[0]]}, {"old_root": flipped(right["old_root"], bit)}, {"old": size + 1}]
    wrong += [{"root": flipped(right["root"], bit)}, *([{"proof": proof[:-1]}] if proof else [])]
    for change in wrong:
        assert not tree.verify_consistency(**(right | change)), change


def test_from_nothing_and_to_nothing():
    some = tree.root(hashed(LEAVES))
    grown = {"old": 0, "size": 8, "old_root": tree.EMPTY_ROOT, "root": some, "proof": []}
    assert tree.verify_consistency(**grown)
    assert not tree.verify_consistency(**(grown | {"proof": [some]}))
    assert not tree.verify_consistency(**(grown | {"old_root": some}))
    empty = {"old": 0, "size": 0, "old_root": tree.EMPTY_ROOT, "root": tree.EMPTY_ROOT, "proof": []}
    assert tree.verify_consistency(**empty)
    assert not tree.verify_consistency(**(empty | {"root": some}))


def test_what_is_not_there_has_no_proof():
    for index in (-1, 8):
        with pytest.raises(IndexError):
            tree.inclusion_proof(hashed(LEAVES), index)
    for old in (-1, 9):
        with pytest.raises(IndexError):
            tree.consistency_proof(hashed(LEAVES), old)


def flipped(raw, bit):
    return bytes([*raw[: bit // 8], raw[bit // 8] ^ 1 << bit % 8, *raw[bit // 8 + 1 :]])
