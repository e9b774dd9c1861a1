"""The INSEE codes there are, for a check of tables: of the whole country, not of a territory alone."""

from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("communes.txt")
CORSICA = {"2A": "96", "2B": "99"}
"""Numbers that no code begins with, for the two that are not numbers."""
WRITTEN = "(0[1-9]|[1-8][0-9]|9[0-578]|2[AB])[0-9]{3}"


@cache
def listed() -> str:
    """A sign for each number of five digits: 1 when it is a code."""
    signs = bytearray(b"0" * 100_000)
    for line in FILE.read_text("ascii").splitlines():
        if line.startswith("#"):
            continue
        first, *ranges = line.split()
        start = int(CORSICA.get(first, first)) * 1_000
        for low, _dash, high in (each.partition("-") for each in ranges):
            for number in range(start + int(low), start + int(high or low) + 1):
                signs[number] = ord("1")
    return signs.decode()


def is_listed(cell: str) -> str:
    """Whether a text is the code of a commune, as SQL; no for NULL."""
    number = cell
    for first, other in CORSICA.items():
        number = f"replace({number}, '{first}', '{other}')"
    place = f"CAST({number} AS INTEGER)"
    return f"(CASE WHEN regexp_full_match({cell}, '{WRITTEN}') THEN get_bit('{listed()}'::BIT, {place}) ELSE 0 END = 1)"
