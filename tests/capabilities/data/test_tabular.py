"""Rows as api-tabular gives them."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.models import Dataset
from lacydon.capabilities.data.queries.ckan.packages import rows_of

from .harbour import published

pytestmark = pytest.mark.django_db
HERE = f"/api/resources/{rows_of('marches')}"


def got(query: str = "", *, status: int = 200, path: str = "/data/") -> Any:
    response = Client().get(f"{HERE}{path}?{query}")
    assert response.status_code == status, response.content
    return response.json()


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("citycode__exact=13055", [1, 2]),
        ("citycode__differs=13055", [3, 4]),
        ("etals__isnull", [4]),
        ("etals__isnotnull", [1, 2, 3]),
        ("nom__contains=PRADO", [2]),
        ("nom__notcontains=marché de", [2, 3]),
        ("citycode__in=13005,13056", [3, 4]),
        ("citycode__notin=13005,13056", [1, 2]),
        ("etals__less=80&etals__strictly_greater=60", [2]),
        ("ouvert_le__greater=2024-01-15", [1, 2]),
        ("etals__sort=asc", [3, 2, 1, 4]),
        ("citycode__sort=desc&etals__sort=asc", [4, 2, 1, 3]),
        ("page=2&page_size=3", [4]),
    ],
)
def test_rows(query: str, rows: list[int]) -> None:
    published()
    found = got(query)
    assert [each["__id"] for each in found["data"]] == rows
    assert found["meta"]["total"] == (4 if "page" in query else len(rows))


def test_pages_aggregates_files_and_profile() -> None:
    published()
    page = got("page_size=2&columns=nom,geometry&etals__sort=desc")
    assert page["data"][0] == {"__id": 1, "nom": "Marché de la Plaine", "geometry": "POINT (5.3865 43.2951)"}
    assert page["links"]["next"].endswith("/data/?columns=nom%2Cgeometry&etals__sort=desc&page=2&page_size=2")
    assert (page["links"]["prev"], page["meta"]) == (None, {"page": 1, "page_size": 2, "total": 4})
    groups = got("citycode__groupby&etals__sum&nom__count")
    assert groups["data"][1] == {"citycode": "13055", "etals__sum": 200, "nom__count": 2}
    assert groups["meta"]["total"] == 3
    assert got("etals__max&note__avg")["data"] == [{"etals__max": 120, "note__avg": 3.25}]
    assert got(path="/profile/")["profile"]["columns"]["etals"]["python_type"] == "int"
    assert got(path="/")["links"][1]["href"].endswith(f"{HERE}/data/")
    text = b"".join(Client().get(f"{HERE}/data/csv/?columns=citycode,etals&etals__less=80"))
    assert text.decode().split() == ["__id,citycode,etals", "2,13055,80", "3,13005,60"]
    assert json.loads(b"".join(Client().get(f"{HERE}/data/json/")))[3]["etals"] is None


def test_what_is_wrong_is_400() -> None:
    published()
    for query in (
        "couleur=1",
        "couleur__exact=1",
        "nom__sum",
        "nom__near=1",
        "etals__sort=up",
        "page=0",
        "page_size=51",
        "geometry__exact=1",
    ):
        assert got(query, status=400)["detail"]
    assert Client().get("/api/resources/rien/data/").status_code == 404


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.tuples(
            st.sampled_from(["nom", "etals", "geometry", "x"]),
            st.sampled_from(["exact", "in", "sort", "groupby", "sum", "count", "less", "contains", "isnull", "x"]),
        ).map("__".join),
        st.text(max_size=8),
        max_size=4,
    )
)
def test_noise_is_answered_or_refused(said: dict[str, str]) -> None:
    if not Dataset.objects.filter(pk="marches").exists():
        published()
    assert Client().get(f"{HERE}/data/", said).status_code in (200, 400)
