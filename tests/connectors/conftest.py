"""The small invented territory, the addresses sample, and an outside system that is a real server on this machine."""

import threading
from collections.abc import Iterator

import pytest

from lacydon.connectors import FOLDER
from lacydon.connectors.address_index.connector import import_file
from lacydon.kernel.http import Timeout, partners
from tests.capabilities.conftest import small_territory  # noqa: F401
from tests.kernel.http.test_client import Server

SAMPLE = FOLDER / "address_index" / "samples" / "adresses.csv"


@pytest.fixture
def addresses(small_territory):  # noqa: F811
    """The sample of addresses, imported."""
    import_file(SAMPLE)
    return SAMPLE


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()
    thread.join()


@pytest.fixture
def partner_server(server, settings, monkeypatch) -> Iterator[Server]:
    """The system of another authority, which the operator named; nobody waits long for it here."""
    monkeypatch.setattr(partners, "PATIENCE", Timeout(connect=0.5, read=0.3, total=0.5))
    partners.hang_up()
    settings.PARTNER_HOSTS = (server.host,)
    yield server
    partners.hang_up()
