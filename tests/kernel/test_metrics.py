"""The figures operators read, in one process and in several."""

import subprocess
import sys
from collections import Counter

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from lacydon.kernel import health, metrics
from lacydon.kernel.access import open_to_all


@open_to_all
def page(request: HttpRequest, id: str) -> HttpResponse:
    return HttpResponse("ok")


urlpatterns = [path("measured/<id>", page), *health.urlpatterns]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def figures(text: str) -> Counter[tuple[str, str]]:
    """The sum of the samples of each name and route."""
    counted: Counter[tuple[str, str]] = Counter()
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            if not sample.name.endswith("_bucket"):
                counted[sample.name, sample.labels.get("route") or sample.labels.get("index", "")] += sample.value
    return counted


def test_requests_are_counted_by_route(client):
    for number in range(3):
        client.get(f"/measured/{number}")
    response = client.get("/metrics")
    assert response["Content-Type"].startswith("application/openmetrics-text")
    counted = figures(response.content.decode())
    assert counted["lacydon_http_requests_total", "/measured/<id>"] == 3
    assert counted["lacydon_http_request_seconds_count", "/measured/<id>"] == 3
    assert ("lacydon_http_requests_total", "/measured/1") not in counted


def test_unknown_addresses_are_one_route(client):
    client.get("/a")
    client.get("/b")
    counted = figures(client.get("/metrics").content.decode())
    assert counted["lacydon_http_requests_total", "unmatched"] >= 2


def test_searches_are_timed(client):
    with metrics.search_timed("services"):
        pass
    assert figures(client.get("/metrics").content.decode())["lacydon_search_seconds_count", "services"] >= 1


WORKER = """
from lacydon.kernel import metrics
metrics.request_answered(method="GET", route="/x", status=200, seconds=0.001)
metrics.request_answered(method="BREW", route="/x", status=200, seconds=0.001)
print(metrics.exposition().decode())
"""


def test_the_workers_are_added_up(tmp_path):
    texts = [
        subprocess.run(
            [sys.executable, "-c", WORKER],
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PATH": ""},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for _ in range(2)
    ]
    families = {family.name: family for family in text_string_to_metric_families(texts[-1].strip() + "\n")}
    samples = {sample.labels["method"]: sample.value for sample in families["lacydon_http_requests"].samples}
    assert samples == {"GET": 2.0, "other": 2.0}
