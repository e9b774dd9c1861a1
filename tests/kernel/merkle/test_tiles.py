"""Tiles: their paths, which ones a tree has, and proofs from them equal to proofs from all the leaves."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lacydon.kernel.merkle import tree
from lacydon.kernel.merkle.tiles import Tile, TiledTree, TileMissing, extended, tile_root, tiles_of

LEAVES = [sha256(number.to_bytes(4, "big")).digest() for number in range(70_000)]


class Store(dict):
    def read(self, places):
        return {place: self[place] for place in places if place in self}

    def grow(self, old, new):
        self.update(extended(old=old, leaves=LEAVES[old:new], read=self.read))


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(0, 0, 5), "tile/0/000.p/5"),
        (Tile(1, 999), "tile/1/999"),
        (Tile(2, 1000, 255), "tile/2/x001/000.p/255"),
        (Tile(63, 0), "tile/63/000"),
    ],
)
def test_paths_of_the_specification(tile, path):
    assert tile.path == path
    assert Tile.parse(path) == tile


@given(st.integers(0, 63), st.integers(0, 10**12), st.integers(1, 256))
def test_every_path_reads_back(level, index, width):
    tile = Tile(level, index, width)
    assert Tile.parse(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    """tile/0/0 tile/00/000 tile/64/000 tile/0/x000/000 tile/0/000.p/0 tile/0/000.p/256 tile/0/000.p/05 tile/0/001/000
    tile/0/x001 tile/-1/000 tile/0/000/ /tile/0/000 tile/0/../000 tile/entries/000 tile/0/٠٠٠ tile/0/000.p/""".split(),
)
def test_other_paths_name_nothing(path):
    assert Tile.parse(path) is None


def test_the_tiles_of_the_specification():
    """Its example: 70,000 leaves are 273 full tiles and one of 112, then one full and one of 17, then one of 1."""
    tiles = list(tiles_of(70_000))
    assert [tile for tile in tiles if tile.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert len(tiles) == 273 + 1 + 2 + 1
    assert list(tiles_of(256)) == [Tile(0, 0), Tile(1, 0, 1)]
    assert list(tiles_of(0)) == []
    assert list(tiles_of(257, old=256)) == [Tile(0, 1, 1)]
    assert list(tiles_of(300, old=299)) == [Tile(0, 1, 44)]


def test_a_full_tile_is_a_tree():
    assert tile_root(LEAVES[:256]) == tree.root(LEAVES[:256])


def test_a_store_that_grew_by_pieces_equals_one_made_at_once():
    at_once, by_pieces = Store(), Store()
    at_once.grow(0, 70_000)
    for old, new in zip((0, 1, 255, 256, 300, 65_535), (1, 255, 256, 300, 65_535, 70_000), strict=True):
        by_pieces.grow(old, new)
    assert by_pieces == at_once
    assert {place: len(hashes) // 32 for place, hashes in at_once.items()} == {
        (tile.level, tile.index): tile.width for tile in tiles_of(70_000)
    }


@pytest.fixture(scope="module")
def large():
    """What 70,000 leaves are stored as: it serves every smaller tree."""
    store = Store()
    store.grow(0, 70_000)
    return store


@settings(max_examples=50, deadline=None)
@given(st.data())
def test_proofs_are_those_of_the_leaves(large, chosen):
    size = chosen.draw(st.one_of(st.integers(1, 1200), st.sampled_from([65_536, 65_537])))
    store = large
    if size <= 1200 and chosen.draw(st.booleans()):
        store = Store()
        store.grow(0, size)
    tiled = TiledTree(size=size, read=store.read)
    leaves = LEAVES[:size]
    assert tiled.root() == tree.root(leaves)
    index, old = chosen.draw(st.integers(0, size - 1)), chosen.draw(st.integers(1, size))
    assert tiled.inclusion_proof(index) == tree.inclusion_proof(leaves, index)
    assert tiled.consistency_proof(old) == tree.consistency_proof(leaves, old)


def test_a_tile_that_is_missing_or_short_is_told():
    store = Store()
    store.grow(0, 600)
    assert TiledTree(size=0, read=store.read).root() == tree.EMPTY_ROOT
    short = Store(store)
    short[0, 2] = short[0, 2][:-32]
    for broken in (Store({place: hashes for place, hashes in store.items() if place != (0, 2)}), short):
        with pytest.raises(TileMissing, match=r"tile/0/002\.p/88"):
            TiledTree(size=600, read=broken.read).inclusion_proof(3)
        with pytest.raises(TileMissing):
            extended(old=600, leaves=LEAVES[600:601], read=broken.read)
    with pytest.raises(IndexError):
        TiledTree(size=600, read=store.read).inclusion_proof(600)
