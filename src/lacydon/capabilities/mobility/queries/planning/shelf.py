"""Networks on the disk, beside the timetable they are made of: seconds of work that no visitor waits for.

They are written before the timetable is named in force, and by whoever misses one. Arrays are mapped: each process
reads the same pages. What they were made with (our own rules of walking) is in their name: other rules, other files.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
import orjson
import structlog
from numpy.typing import NDArray

from ..timetable import Timetable
from ..timetable.shelf import NAME, folder
from . import network as making
from . import walking
from .network import Network, Paths
from .walking import Access, Walk

PATHS = ("first", "to", "ready", "seconds", "walk")
FREE = (None, True, False)
"""What is known of steps on the way, as a number."""
log = structlog.get_logger("lacydon.mobility.planning")


class WalksKept(Mapping[tuple[int, int], Walk]):
    """Walks in arrays, sorted by the pair of stops: a `Walk` is made when it is asked for."""

    def __init__(self, *, stops: int, pair: NDArray[Any], seconds: NDArray[Any], about: NDArray[Any]) -> None:
        self._stops, self._pair, self._seconds, self._about = stops, pair, seconds, about

    def __getitem__(self, pair: tuple[int, int]) -> Walk:
        wanted = pair[0] * self._stops + pair[1]
        place = int(np.searchsorted(self._pair, wanted))
        if place == len(self._pair) or self._pair[place] != wanted:
            raise KeyError(pair)
        about = int(self._about[place])
        return Walk(int(self._seconds[place]), given=bool(about & 1), step_free=FREE[about >> 1])

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return (divmod(pair, self._stops) for pair in self._pair.tolist())

    def __len__(self) -> int:
        return len(self._pair)


def keep(made: Network) -> None:
    """Write it, whole or not at all. The folder of its timetable has to be there."""
    kept = _place(made.table, made.access)
    if kept.is_dir() or not kept.parent.is_dir():
        return
    writing = kept.with_name(f".{kept.name}-{uuid4().hex}")
    writing.mkdir()
    try:
        for name, array in _arrays(made).items():
            np.save(writing / f"{name}.npy", array, allow_pickle=False)
        nouns = {
            "node_of": [[*key, node] for key, node in made.node_of.items()],
            "nodes_of_stop": list(made.nodes_of_stop.items()),
            "seated": list(made.seated.items()),
        }
        (writing / "nouns.json").write_bytes(orjson.dumps(nouns))
        writing.rename(kept)
    except OSError:  # another process wrote it, or the disk is full: it is made again when it is asked for
        log.warning("planner.network-not-kept", timetable=made.table.content[:NAME])
    finally:
        shutil.rmtree(writing, ignore_errors=True)


def kept(table: Timetable, access: Access) -> Network | None:
    """The network of this timetable as it was kept; None when it was not, or cannot be read."""
    place = _place(table, access)
    if not place.is_dir():
        return None
    try:
        arrays = {path.stem: _mapped(path) for path in place.glob("*.npy")}
        nouns = orjson.loads((place / "nouns.json").read_bytes())
        return Network(
            table=table,
            access=access,
            node_stop=arrays["node_stop"],
            nodes_of_stop={stop: tuple(nodes) for stop, nodes in nouns["nodes_of_stop"]},
            node_of={(stop, kind, number): node for stop, kind, number, node in nouns["node_of"]},
            paths=Paths(*(arrays[f"paths_{name}"] for name in PATHS)),
            back=Paths(*(arrays[f"back_{name}"] for name in PATHS)),
            walks=WalksKept(
                stops=len(table.stops), pair=arrays["walk_pair"], seconds=arrays["walk_seconds"],
                about=arrays["walk_about"],
            ),
            open_stops=arrays["open_stops"],
            seated={trip: tuple(after) for trip, after in nouns["seated"]},
        )  # fmt: skip
    except (OSError, ValueError, KeyError):  # a disk that failed us: made again
        log.warning("planner.network-not-read", timetable=table.content[:NAME])
        shutil.rmtree(place, ignore_errors=True)
        return None


def _arrays(made: Network) -> dict[str, NDArray[Any]]:
    stops = len(made.table.stops)
    walks = sorted((one * stops + other, walk) for (one, other), walk in made.walks.items())
    return {
        "node_stop": made.node_stop,
        "open_stops": made.open_stops,
        **{f"paths_{name}": getattr(made.paths, name) for name in PATHS},
        **{f"back_{name}": getattr(made.back, name) for name in PATHS},
        "walk_pair": np.array([pair for pair, _walk in walks], np.int64),
        "walk_seconds": np.array([walk.seconds for _pair, walk in walks], np.int32),
        "walk_about": np.array([walk.given + 2 * FREE.index(walk.step_free) for _pair, walk in walks], np.int8),
    }


def _mapped(path: Path) -> NDArray[Any]:
    """Pages of the file, ours only once written to: the kernels are compiled for arrays that may be written to."""
    if path.stat().st_size < os.sysconf("SC_PAGE_SIZE"):
        return np.asarray(np.load(path, allow_pickle=False))
    return np.asarray(np.load(path, mmap_mode="c", allow_pickle=False))


def _place(table: Timetable, access: Access) -> Path:
    return folder() / table.content[:NAME] / f"planning-{_rules()}-{int(access)}"


@cache
def _rules() -> str:
    """What networks are made with, in a few digits."""
    sources = b"".join(Path(str(each.__file__)).read_bytes() for each in (walking, making))
    return hashlib.sha256(sources).hexdigest()[:12]
