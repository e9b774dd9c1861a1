"""Programs that people have already, against the running product: CKAN's own client, GDAL (hence QGIS)."""

import warnings

import ckanapi
import pyogrio
import pytest

from tests.product import Product

pytestmark = pytest.mark.server
DATASET = "bornes-de-recharge"


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
