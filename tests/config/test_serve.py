"""`lacydon serve` does the background jobs too."""

import time

import pytest

pytestmark = pytest.mark.server


def test_the_server_has_somebody_for_its_background_jobs(product):
    deadline = time.monotonic() + 30
    told = ""
    while "ouvriers vivants 1" not in told and time.monotonic() < deadline:
        told = product.lacydon("jobs").stdout
    assert "ouvriers vivants 1" in told
    assert "Traceback" not in product.log.read_text()
