"""The API is a promise: a change of it is meant, or breaks this test."""

import json
from pathlib import Path

import pytest

SNAPSHOT = Path(__file__).with_name("openapi.json")


def test_the_document_is_the_one_promised(client):
    document = json.loads(client.get("/api/v1/openapi.json").content)
    assert document == json.loads(SNAPSHOT.read_text()), (
        "The API has changed. When that is meant: tools/openapi_snapshot, and a line in CHANGELOG.md."
    )


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/services",
        "/api/v1/services/{id}",
        "/api/v1/competences/resolve",
        "/api/v1/addresses",
        "/api/v1/reverse",
        "/api/v1/communes",
        "/api/v1/communes/{code}",
    ],
)
def test_what_the_platform_promises_is_there(path):
    assert path in json.loads(SNAPSHOT.read_text())["paths"]
