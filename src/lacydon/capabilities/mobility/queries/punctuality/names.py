"""How the open datasets are called."""

SOURCES = "disponibilite-du-temps-reel"
"""How each source answered, hour by hour."""


def dataset_of(month: str) -> str:
    """The passages observed in a month: `passages-observes-2026-11`."""
    return f"passages-observes-{month}"
