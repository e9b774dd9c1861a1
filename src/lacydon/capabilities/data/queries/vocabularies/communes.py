"""The INSEE codes there are, for a check of tables: of the whole country, not of a territory alone."""

from functools import cache
from pathlib import Path

from ..engine import literal

FILE = Path(__file__).with_name("communes.txt")


@cache
def listed() -> dict[str, str]:
    """By the two first signs: a text whose sign at the place of the three others is 1 when the code exists."""
    found = {}
    for line in FILE.read_text("ascii").splitlines():
        if line.startswith("#"):
            continue
        first, *ranges = line.split()
        signs = bytearray(b"0" * 1_000)
        for low, _dash, high in (each.partition("-") for each in ranges):
            for number in range(int(low), int(high or low) + 1):
                signs[number] = ord("1")
        found[first] = signs.decode().rstrip("0")
    return found


def is_listed(cell: str) -> str:
    """Whether a text is the code of a commune, as SQL; NULL for NULL."""
    known = " ".join(f"WHEN {literal(first)} THEN {literal(signs)}" for first, signs in listed().items())
    place = f"try_cast(substr({cell}, 3) AS INTEGER) + 1"
    written = f"regexp_full_match({cell}, '[0-9][0-9AB][0-9]{{3}}')"
    return f"({written} AND coalesce(substr(CASE left({cell}, 2) {known} END, {place}, 1), '') = '1')"
