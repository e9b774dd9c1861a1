"""Every parameter of every operation of the API, given what nobody should send: a 4xx that says why, never a 500."""

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from lacydon.config.api import api
from tests.loaded import small

HOSTILE = {
    "long": "é" * 10_000,
    "control": "a\x00\x07\x1b[31m\x7fb",
    "html": "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "sql": "' OR 1=1; DROP TABLE territory_commune; --",
    "template": "{{7*7}}{% debug %}%(x)s%n${jndi:ldap://x}",
    "path": "../../../../etc/passwd",
    "unicode": "\u202e\u0000\ufeff🏴‍☠️ﷺ\ud7ff",
    "number": "9" * 400,
    "negative": "-1",
    "not-a-number": "NaN",
    "infinite": "1e999",
    "list": "[1,2,3]",
    "empty": "",
    "commune": "99999",
    "date": "2026-02-31",
    "spaces": " \t\u00a0 ",
}
SENSIBLE = {
    "theme": "voirie.entretien",
    "id": "nid-de-poule",
    "code": "97001",
    "q": "rue",
    "lon": "5.0",
    "lat": "43.0",
}


def operations() -> Iterator[tuple[str, list[dict[str, object]]]]:
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, told in methods.items():
            if method == "get":
                yield path, list(told.get("parameters", ()))


def cases() -> Iterator[object]:
    for path, parameters in operations():
        for parameter in parameters:
            yield pytest.param(path, parameters, parameter["name"], id=f"{path}-{parameter['name']}")


def address(path: str, parameters: list[dict[str, object]], given: dict[str, str]) -> str:
    """The path with its required parameters, and what is given."""
    query = {}
    for parameter in parameters:
        name = str(parameter["name"])
        if name not in given and not parameter.get("required"):
            continue
        value = quote(given.get(name, SENSIBLE.get(name, "1")), safe="")
        if parameter["in"] == "path":
            path = path.replace(f"{{{name}}}", value)
        else:
            query[name] = value
    return f"{path}?{'&'.join(f'{name}={value}' for name, value in query.items())}"


@pytest.fixture
def loaded(db, capsys):
    """The small territory."""
    small()
    capsys.readouterr()


def wrong_with(told) -> list[str]:
    """What an answer to a hostile question must not be."""
    wrong = []
    if told.status_code >= 500:
        wrong.append(f"status {told.status_code}")
    elif told.status_code >= 400:
        if told["Content-Type"] != "application/problem+json":
            wrong.append(f"not a problem but {told['Content-Type']}")
        else:
            problem = json.loads(told.content)
            if problem["status"] != told.status_code or len(problem["detail"]) < 10:
                wrong.append(f"says nothing: {problem}")
        if len(told.content) > 4_000:
            wrong.append("gives back all that was sent")
    elif not told["Content-Type"].startswith("application/json"):
        wrong.append(f"not data but {told['Content-Type']}")
    if b"Traceback" in told.content:
        wrong.append("shows the inside")
    return wrong


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(("path", "parameters", "name"), list(cases()))
def test_hostile_values(client, path, parameters, name):
    wrong = {}
    for kind, value in HOSTILE.items():
        told = client.get(address(path, parameters, {name: value}))
        if found := wrong_with(told):
            wrong[kind] = found
    assert wrong == {}


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(("path", "parameters"), [pytest.param(*each, id=each[0]) for each in operations()])
def test_a_parameter_nobody_asked_for(client, path, parameters):
    told = client.get(address(path, parameters, {"id": "1"} if "/disruptions/" in path else {}) + "&couleur=bleu")
    assert 400 <= told.status_code < 500
    problem = json.loads(told.content)
    assert "couleur" in problem["detail"] or told.status_code == 404, problem


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("kind", ["long", "control", "number", "not-a-number", "infinite"])
@pytest.mark.parametrize("name", ["lon", "lat", "limit"])
def test_what_cannot_be_a_number_is_refused(client, name, kind):
    query = {"lon": "5.0", "lat": "43.0"} | {name: HOSTILE[kind]}
    told = client.get("/api/v1/services?" + "&".join(f"{key}={quote(value)}" for key, value in query.items()))
    assert 400 <= told.status_code < 500


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize(
    "path", ["/api/v1/services?", "/api/v1/competences/resolve?theme=voirie.entretien&", "/api/v1/communes?"]
)
def test_a_point_outside_the_territory(client, path):
    told = client.get(f"{path}lon=2.35&lat=48.85")
    assert told.status_code == 404, told.content
    assert told["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_nothing_can_be_written(client, method):
    told = getattr(client, method)("/api/v1/services", data=b"{", content_type="application/json")
    assert told.status_code == 405
    assert told["Content-Type"] == "application/problem+json"
    assert "GET" in told["Allow"]
