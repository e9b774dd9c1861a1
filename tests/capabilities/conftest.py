"""A small invented territory, loaded as an operator loads the real one."""

from pathlib import Path

import pytest

from lacydon.config.commands.folder import load

SMALL = Path(__file__).parents[1] / "territory"


@pytest.fixture
def small_territory(db, capsys):
    """Four communes, two départements, an arrondissement or two, and their few services."""
    assert load(SMALL) == 0, capsys.readouterr().out
    capsys.readouterr()
    return SMALL
