"""EcoIndex, from its published method: a mark out of 100 for what a page asks of a device, a network and a server.

Source of the method and of the tables (positions of the pages of the HTTP Archive): https://www.ecoindex.fr/comment-ca-marche/
"""

from collections.abc import Sequence
from itertools import pairwise

NODES = (0, 47, 75, 159, 233, 298, 358, 417, 476, 537, 603, 674, 753, 843, 949, 1076, 1237, 1459, 1801, 2479, 594601)
REQUESTS = (0, 2, 15, 25, 34, 42, 49, 56, 63, 70, 78, 86, 95, 105, 117, 130, 147, 170, 205, 281, 3920)
KILOBYTES = (
    *(0, 1.37, 144.7, 319.53, 479.46, 631.97, 783.38, 937.91, 1098.62, 1265.47, 1448.32),
    *(1648.27, 1876.08, 2142.06, 2465.37, 2866.31, 3401.59, 4155.73, 5400.08, 8037.54, 223212.26),
)
GRADES = ((80, "A"), (70, "B"), (55, "C"), (40, "D"), (25, "E"), (10, "F"))


def score(*, nodes: int, requests: int, kilobytes: float) -> int:
    """`nodes`: elements of the page but those inside drawings; `kilobytes` of 1000 bytes, as transferred."""
    places = 3 * place(NODES, nodes) + 2 * place(REQUESTS, requests) + place(KILOBYTES, kilobytes)
    return round(100 - 5 * places / 6)


def grade(score: float) -> str:
    return next((letter for above, letter in GRADES if score > above), "G")


def place(table: Sequence[float], value: float) -> float:
    """Where a value stands among the pages of the world: 0 (the lightest) to 20 (beyond all)."""
    for step, (low, high) in enumerate(pairwise(table)):
        if value < high:
            return step + (value - low) / (high - low)
    return float(len(table) - 1)
