"""CKAN's action API: what its clients ask, in the shapes they read."""

import json
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.models import Dataset, Distribution
from lacydon.capabilities.data.queries.ckan.packages import rows_of
from lacydon.kernel.access import MACHINE

from .harbour import described, published

pytestmark = pytest.mark.django_db


@pytest.fixture
def harbour() -> str:
    """Two public datasets and a private one; the identifier of the resource of the first."""
    published(keywords=["marché", "commerce"], themes=["ECON"])
    described(
        "eau", of="metropole", title={"fr": "Qualité de l’eau"}, themes=["ENVI"], keywords=["eau"], licence="odbl"
    )
    Distribution.objects.create(
        dataset=Dataset.objects.get(pk="eau"), title="Relevés", access_url="https://example.org/eau.pdf", format="PDF"
    )
    described("secret", access="private")
    describe_dataset(id="eau", actor=MACHINE, fields={"rights": "x"})
    return rows_of("marches")


def asked(name: str, /, *, status: int = 200, post: Any = None, **said: Any) -> Any:
    """The result of an action, or its error."""
    client = Client()
    url = f"/api/3/action/{name}"
    got = (
        client.post(url, json.dumps(post), content_type="application/json")
        if post is not None
        else client.get(url, said)
    )
    assert got.status_code == status, got.content
    told = got.json()
    if status != 200:
        return told["error"]
    assert told["success"] is True
    assert told["help"].endswith(f"help_show?name={name}")
    return told["result"]


@pytest.mark.usefixtures("harbour")
def test_the_catalogue() -> None:
    assert asked("package_list") == ["eau", "marches"]
    assert asked("package_list", limit=1, offset=1) == ["marches"]
    found = asked("package_show", id="marches")
    assert (found["name"], found["title"], found["license_id"], found["isopen"]) == (
        "marches",
        "Marchés forains",
        "lov2",
        True,
    )
    assert [each["name"] for each in found["tags"]] == ["marche", "commerce"]
    assert found["groups"][0]["name"] == "econ"
    assert [each["format"] for each in found["resources"]] == ["CSV", "JSON", "XLSX", "Parquet", "GeoJSON"]
    assert asked("package_show", id=found["id"]) == found
    resource = found["resources"][0]
    assert resource["datastore_active"] is True
    assert asked("resource_show", id=resource["id"]) == resource
    assert asked("package_show", id="eau")["resources"][0]["url"] == "https://example.org/eau.pdf"
    assert asked("organization_list") == ["metropole", "ville"]
    assert asked("organization_show", id="ville", include_datasets="true")["packages"][0]["name"] == "marches"
    assert asked("group_list", all_fields="true")[0]["package_count"] == 1
    assert asked("tag_list") == ["commerce", "eau", "marche"]
    assert "odbl" in [each["id"] for each in asked("license_list")]
    assert asked("status_show")["ckan_version"].startswith("2.")
    assert "limit" in asked("help_show", name="datastore_search")


@pytest.mark.usefixtures("harbour")
@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, ["eau", "marches"]),
        ({"q": "*:*"}, ["eau", "marches"]),
        ({"q": "MARCHE forains"}, ["marches"]),
        ({"q": '"qualité de l’eau" OR forains', "sort": "name desc"}, ["marches", "eau"]),
        ({"q": "title:eau -forains"}, ["eau"]),
        ({"fq": "organization:metropole"}, ["eau"]),
        ({"fq": "+res_format:(CSV OR XLSX) +license_id:lov2"}, ["marches"]),
        ({"fq_list": ["tags:commerce", "groups:econ"]}, ["marches"]),
        ({"fq": "-tags:commerce"}, ["eau"]),
        ({"fq": "NOT (tags:commerce OR tags:eau)"}, []),
        ({"fq": "name:mar*"}, ["marches"]),
        ({"fq": "metadata_modified:[2001-01-01T00:00:00Z TO *]"}, ["eau", "marches"]),
        ({"fq": "metadata_modified:[* TO 2001-01-01T00:00:00Z]"}, []),
        ({"q": "secret"}, []),
    ],
)
def test_a_search_in_solr_s_words(said: dict[str, Any], names: list[str]) -> None:
    found = asked("package_search", **{"sort": "name asc", **said})
    assert ([each["name"] for each in found["results"]], found["count"]) == (names, len(names))


@pytest.mark.usefixtures("harbour")
def test_a_search_by_pages_with_facets() -> None:
    found = asked(
        "package_search", post={"rows": 1, "start": 1, "sort": "name asc", "facet.field": ["organization", "tags"]}
    )
    assert (found["count"], [each["name"] for each in found["results"]]) == (2, ["marches"])
    assert found["facets"]["organization"] == {"metropole": 1, "ville": 1}
    assert found["search_facets"]["organization"]["items"][1] == {"name": "ville", "display_name": "Ville", "count": 1}
    assert asked("package_search", **{"facet.field": '["tags"]', "facet.limit": 1})["facets"] == {
        "tags": {"commerce": 1}
    }
    for wrong in ({"q": "(a"}, {"q": "a)"}, {"fq": "metadata_modified:[a TO b]"}, {"sort": "prix asc"}, {"rows": "x"}):
        assert asked("package_search", status=409, **wrong)["__type"] == "Validation Error"


def test_rows(harbour: str) -> None:
    found = asked("datastore_search", resource_id=harbour, limit=2)
    assert found["fields"][:3] == [
        {"id": "_id", "type": "int"},
        {"id": "citycode", "type": "text"},
        {"id": "nom", "type": "text"},
    ]
    assert (found["total"], found["limit"], found["offset"], len(found["records"])) == (4, 2, 0, 2)
    assert found["records"][0]["_id"] == 1
    assert found["records"][0]["ouvert_le"] == "2024-03-02"
    assert found["records"][0]["geometry"] == "POINT (5.3865 43.2951)"
    assert found["_links"]["next"] == f"/api/3/action/datastore_search?resource_id={harbour}&limit=2&offset=2"
    assert asked("datastore_search", resource_id="marches", limit=0, include_total="false")["records"] == []


@pytest.mark.parametrize(
    ("said", "records"),
    [
        ({"filters": {"citycode": "13055"}, "fields": ["etals"]}, [[120], [80]]),
        (
            {"filters": {"citycode": ["13005", "13056"], "etals": [None, 60]}, "fields": "nom"},
            [["Marché d'Aubagne"], ["Marché de l'Île"]],
        ),
        ({"filters": {"etals": "80"}, "fields": "_id,nom"}, [[2, "Marché du Prado"]]),
        ({"filters": {"etals": "beaucoup"}}, []),
        ({"filters": {"ouvert_le": "2024-01-15"}, "fields": ["note"]}, [[3.25]]),
        ({"q": "marche ILE", "fields": "etals"}, [[None]]),
        ({"q": {"nom": "prado"}, "fields": "etals"}, [[80]]),
        ({"sort": "etals desc", "fields": "etals"}, [[120], [80], [60], [None]]),
        ({"sort": '"citycode" desc, etals asc', "fields": "etals"}, [[None], [80], [120], [60]]),
        ({"distinct": True, "fields": ["citycode"], "sort": "citycode"}, [["13005"], ["13055"], ["13056"]]),
        ({"offset": 3, "limit": 5, "fields": "_id"}, [[4]]),
    ],
)
def test_rows_that_are_asked_for(harbour: str, said: dict[str, Any], records: list[Any]) -> None:
    found = asked("datastore_search", post={"resource_id": harbour, "records_format": "lists", **said})
    assert found["records"] == records
    assert found["total"] == (4 if "offset" in said else len(records))


def test_rows_as_text_and_in_sql(harbour: str) -> None:
    assert (
        asked("datastore_search", resource_id=harbour, fields="citycode,etals", limit=1, records_format="csv")[
            "records"
        ]
        == "13055,120\n"
    )
    sql = f"""SELECT m.citycode, SUM(etals)::int AS "n" FROM "{harbour}" m WHERE nom ILIKE 'marché%' GROUP BY 1 ORDER BY 2 DESC NULLS LAST LIMIT 1"""
    found = asked("datastore_search_sql", sql=sql)
    assert (found["fields"], found["records"]) == (
        [{"id": "citycode", "type": "text"}, {"id": "n", "type": "int8"}],
        [{"citycode": "13055", "n": 200}],
    )
    info = asked("datastore_info", id=harbour)
    assert (info["meta"]["count"], info["fields"][1]["info"]["label"]) == (4, "Nom")


def test_what_goes_wrong_is_said_as_ckan_does(harbour: str) -> None:
    for name, said in (("package_show", {"id": "secret"}), ("package_show", {"id": "x"}), ("resource_show", {"id": "x"}),
                       ("datastore_search", {"resource_id": rows_of("secret")}), ("datastore_search_sql", {"sql": 'SELECT 1 FROM "secret"'})):  # fmt: skip
        assert asked(name, status=404, **said)["__type"] == "Not Found Error"
    for name, said in (("package_show", {}), ("datastore_search", {"resource_id": harbour, "filters": "{"}),
                       ("datastore_search", {"resource_id": harbour, "filters": '{"x": 1}'}), ("datastore_search", {"resource_id": harbour, "limit": "-1"}),
                       ("datastore_search", {"resource_id": harbour, "sort": "nom; drop"}), ("datastore_search_sql", {"sql": "DROP TABLE x"})):  # fmt: skip
        assert asked(name, status=409, **said)["__type"] == "Validation Error"
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "restricted"})
    assert asked("datastore_search", status=403, resource_id=harbour)["__type"] == "Authorization Error"
    assert asked("package_list") == ["eau", "marches"]
    client = Client()
    assert client.get("/api/3/action/package_delete").status_code == 400
    assert client.post("/api/3/action/package_list", "{", content_type="application/json").status_code == 400
    assert client.post("/api/3/action/package_list", {"limit": "1"}).json()["result"] == ["eau"]


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(["package_search", "datastore_search", "package_show", "tag_list", "datastore_search_sql"]),
    st.dictionaries(
        st.sampled_from(["q", "fq", "sort", "rows", "start", "filters", "fields", "limit", "offset", "distinct", "id", "sql", "facet.field", "records_format"]),
        st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["nom", "name desc", "(", "a:b", "[* TO *]", '{"nom": []}'])),
                     lambda each: st.one_of(st.lists(each, max_size=2), st.dictionaries(st.sampled_from(["nom", "etals", "_id", "x"]), each, max_size=2)), max_leaves=4),
        max_size=4,
    ),
)  # fmt: skip
def test_noise_is_answered_or_refused(name: str, said: dict[str, Any]) -> None:
    if not Dataset.objects.filter(pk="marches").exists():
        published()
    got = Client().post(
        f"/api/3/action/{name}", json.dumps({"resource_id": "marches", **said}), content_type="application/json"
    )
    assert got.status_code in (200, 403, 404, 409), got.content
