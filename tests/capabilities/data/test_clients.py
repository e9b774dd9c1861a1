"""Programs that people have already, against the running product: the clients of Opendatasoft and CKAN, GDAL (hence
QGIS), DuckDB over HTTP."""

import json
import subprocess
import warnings
from pathlib import Path

import ckanapi
import duckdb
import duckdb_extension_httpfs
import pyogrio
import pytest

from tests import data_clients, node
from tests.product import Product

pytestmark = pytest.mark.server
DATASET = "bornes-de-recharge"


def test_opendatasoft_s_client_reads_the_catalogue_and_the_rows(product: Product) -> None:
    here = Path(data_clients.__file__).parent
    command = [node.COMMAND, here / "opendatasoft.mjs", node.installed(here), product.url, "marches-forains"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert not done.returncode, done.stderr[-1000:]
    told = json.loads(done.stdout)
    total, counts = told["total"], told["counts"]
    assert {"dataset_id": "marches-forains"} in told["catalogue"]
    assert told["dataset"]["dataset_id"] == "marches-forains" and told["exported"] == total
    assert told["next"] == told["second"]
    assert {each["name"] for each in told["facets_of_all"]["facets"]} >= {"publisher", "theme"}
    assert counts["exact"] == counts["same"] and counts["exact"] + counts["not"] == counts["either"] == total
    assert 0 < counts["both"] < counts["exact"]
    assert counts["since"] + counts["before"] == counts["dated"]
    assert counts["search"] and counts["suggest"] and counts["starts"]
    assert counts["refined"] + counts["excluded"] == total > counts["refined"] > 0
    groups = {each["commune"]: each["n"] for each in told["groups"]}
    (facet,) = told["facets"]["facets"]
    assert {each["value"]: each["count"] for each in facet["facets"]} == groups
    assert sum(each["n"] for each in told["lower"]) == sum(groups.values()) == total
    assert (told["unknown"]["kind"], told["secret"]["kind"], told["wrong"]["kind"]) == (
        "NotFoundError", "NotFoundError", "UserError",
    )  # fmt: skip
    assert told["wrong"]["code"] == "ODSQLError"


def test_duckdb_reads_parts_of_the_parquet_over_http(product: Product) -> None:
    (extension,) = Path(duckdb_extension_httpfs.__file__).parent.rglob("httpfs.duckdb_extension")
    address = f"{product.url}/donnees/comptages-velo-2025/export.parquet"
    rows = product.get("/api/explore/v2.1/catalog/datasets/comptages-velo-2025/records?limit=1").json()["total_count"]
    with duckdb.connect() as base:
        base.execute(f"LOAD '{extension}'")
        base.execute("CALL enable_logging('HTTP')")
        found = base.execute("SELECT count(*), count(DISTINCT _row) FROM read_parquet(?)", [address]).fetchone()
        asked = base.execute(
            "SELECT request.type, request.headers['Range'], response.status FROM duckdb_logs_parsed('HTTP')"
        ).fetchall()
    assert found == (rows, rows)
    parts = [(part, status) for kind, part, status in asked if kind == "GET"]
    assert parts and all(part.startswith("bytes=") and status == "PartialContent_206" for part, status in parts)


def test_ckan_s_client_reads_the_catalogue_and_the_rows(product: Product) -> None:
    for get_only in (False, True):
        with ckanapi.RemoteCKAN(product.url, get_only=get_only) as ckan:
            found = ckan.action.package_search(q="recharge", rows=1000)
            assert DATASET in [each["name"] for each in found["results"]]
            package = ckan.action.package_show(id=DATASET)
            resource = next(each for each in package["resources"] if each["datastore_active"])
            rows = ckan.action.datastore_search(resource_id=resource["id"], limit=5)
            assert len(rows["records"]) == 5
            counted = ckan.action.datastore_search_sql(sql=f'SELECT COUNT(*) AS n FROM "{resource["id"]}"')
            assert counted["records"] == [{"n": rows["total"]}]
            with pytest.raises(ckanapi.NotFound):
                ckan.action.package_show(id="rien")
            with pytest.raises(ckanapi.ValidationError):
                ckan.action.datastore_search(resource_id=resource["id"], sort="rien")


def test_gdal_reads_features_by_pages_by_box_and_by_value(product: Product) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GDAL says what it does not use of the description
        source = f"OAPIF:{product.url}/api/ogc"
        layers = {str(name) for name, _kind in pyogrio.list_layers(source)}
        assert DATASET in layers
        total = product.get(f"/api/ogc/collections/{DATASET}/items?limit=1").json()["numberMatched"]
        meta, _index, geometry, _fields = pyogrio.raw.read(source, layer=DATASET)
        assert (len(geometry), meta["geometry_type"]) == (total, "Point")
        west, south, east, north = pyogrio.read_info(source, layer=DATASET, force_total_bounds=True)["total_bounds"]
        assert west < east
        middle = (west + east) / 2
        boxed = pyogrio.raw.read(source, layer=DATASET, bbox=(west, south, middle, north))[2]
        other = pyogrio.raw.read(source, layer=DATASET, bbox=(middle, south, east, north))[2]
        assert 0 < len(boxed) < total
        assert len(boxed) + len(other) >= total - 1
