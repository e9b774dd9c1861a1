"""A small invented territory, loaded as an operator loads the real one."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests import loaded
from tests.markup import read


@pytest.fixture
def small_territory(db, capsys) -> Path:
    """Four communes, two départements, an arrondissement or two, and their few services."""
    folder = loaded.small()
    capsys.readouterr()
    return folder


@pytest.fixture
def get(client, small_territory):
    """A page, read strictly; with the status it must have."""

    def ask(path, *, status=200, **parameters):
        response = client.get(f"{path}?{urlencode(parameters)}" if parameters else path)
        assert response.status_code == status, response.content.decode()
        return read(response.content.decode())

    return ask
