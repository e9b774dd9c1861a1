"""The Merkle tree of RFC 6962 (section 2.1) over SHA-256: hashes, roots, proofs and their verification (RFC 9162).

A proof is a list of hashes of ranges of leaves. Which ranges is arithmetic (`inclusion_ranges`, `consistency_ranges`);
where their hashes come from is the caller's affair: a list in memory here, stored tiles in `tiles`.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

EMPTY_ROOT = sha256(b"").digest()
"""The root of a tree without leaves (RFC 6962, 2.1)."""
Range = tuple[int, int]
"""Leaves from the first index to the second one, excluded."""


def leaf_hash(data: bytes) -> bytes:
    """Hash of one leaf: the 0x00 keeps a leaf from passing for a node."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two neighbours."""
    return sha256(b"\x01" + left + right).digest()


def paired(row: Sequence[bytes]) -> list[bytes]:
    """Hashes of the neighbours two by two; one left over is left aside."""
    return [sha256(b"\x01" + left + right).digest() for left, right in zip(row[::2], row[1::2], strict=False)]


def split(width: int) -> int:
    """The largest power of two below `width` (at least 2): how many leaves go to the left."""
    return 1 << (width - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """Root of a tree, from the hashes of its leaves."""
    frontier = Frontier()
    frontier.extend(leaves)
    return frontier.root()


class Frontier:
    """A tree that only grows: `subtrees` are the hashes of its complete subtrees, largest first (at most 63)."""

    def __init__(self) -> None:
        self.size = 0
        self.subtrees: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        """Add the hash of a leaf."""
        subtrees, height = self.subtrees, self.size
        subtrees.append(leaf)
        while height & 1:
            right = subtrees.pop()
            subtrees[-1] = sha256(b"\x01" + subtrees[-1] + right).digest()
            height >>= 1
        self.size += 1

    def extend(self, leaves: Iterable[bytes]) -> None:
        for leaf in leaves:
            self.append(leaf)

    def root(self) -> bytes:
        """The root of what was added so far."""
        return folded(self.subtrees)


def folded(subtrees: Sequence[bytes]) -> bytes:
    """The hash of neighbouring complete subtrees, largest first, each smaller than the one before."""
    if not subtrees:
        return EMPTY_ROOT
    found = subtrees[-1]
    for left in reversed(subtrees[:-1]):
        found = node_hash(left, found)
    return found


def inclusion_ranges(*, index: int, size: int) -> list[Range]:
    """Ranges whose hashes prove that leaf `index` is in the tree of `size` leaves, nearest first (PATH, 2.1.1).

    Raises IndexError when the tree has no such leaf.
    """
    if not 0 <= index < size:
        raise IndexError(f"no leaf {index} in a tree of {size}")
    ranges, start, end = [], 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start = middle
    return ranges[::-1]


def consistency_ranges(*, old: int, size: int) -> list[Range]:
    """Ranges whose hashes prove that the tree of `size` leaves only added to that of `old` (PROOF, 2.1.2).

    Empty when there is nothing to prove (`old` is 0 or `size`). Raises IndexError when `old` is larger.
    """
    if not 0 <= old <= size:
        raise IndexError(f"a tree of {size} has no past of {old}")
    if old in (0, size):
        return []
    ranges, start, end, known = [], 0, size, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            ranges.append((middle, end))
            end = middle
        else:
            ranges.append((start, middle))
            start, known = middle, False
    if not known:
        ranges.append((start, end))
    return ranges[::-1]


def range_hash(leaves: Sequence[bytes], start: int, end: int) -> bytes:
    """Hash of leaves in memory from `start` to `end`, excluded."""
    return root(leaves[start:end])


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Proof that leaf `index` is in the tree of these leaves' hashes. Raises IndexError."""
    return [range_hash(leaves, *each) for each in inclusion_ranges(index=index, size=len(leaves))]


def consistency_proof(leaves: Sequence[bytes], old: int) -> list[bytes]:
    """Proof that the tree of these leaves' hashes only added to its first `old`. Raises IndexError."""
    return [range_hash(leaves, *each) for each in consistency_ranges(old=old, size=len(leaves))]


def verify_inclusion(*, leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether `proof` leads from the hash of leaf `index` to the root of the tree of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size or any(len(each) != 32 for each in (leaf, root, *proof)):
        return False
    here, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(*, old: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether `proof` shows that the tree of `size` only added leaves to that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= size or any(len(each) != 32 for each in (old_root, root, *proof)):
        return False
    if old in (0, size):
        return not proof and old_root == (EMPTY_ROOT if old == 0 else root) and (size > 0 or root == EMPTY_ROOT)
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = path[0]
    for each in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(each, before), node_hash(each, after)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            after = node_hash(after, each)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == root
