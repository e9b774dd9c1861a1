"""The process that reads a layer with GDAL: JSON on its input says what, JSON on its output what was found."""

import json
import sys

import duckdb


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def named(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def main() -> None:
    asked = json.load(sys.stdin)
    base = duckdb.connect(
        ":memory:",
        config={
            "threads": 2,
            "memory_limit": "512MB",
            "temp_directory": asked["folder"] + "/spill-layer",
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "allow_unsigned_extensions": False,
            "python_enable_replacements": False,
        },
    )
    loading = f"LOAD {quoted(asked['extension'])}"
    opening = f"SET allowed_directories = [{quoted(asked['folder'] + '/')}]"
    base.execute(loading)
    base.execute(opening)
    base.execute("SET enable_external_access = false")
    base.execute("SET lock_configuration = true")
    file = quoted(asked["file"])
    layers = base.execute(f"SELECT layers FROM ST_Read_Meta({file})").fetchall()[0][0]  # noqa: S608
    layer = next((each for each in layers if each["name"] == asked["layer"]), None) or layers[0]
    read = f"ST_Read({file}, layer = {quoted(layer['name'])}, allowed_drivers = [{quoted(asked['driver'])}])"
    described = base.execute(f"DESCRIBE SELECT * FROM {read}").fetchall()  # noqa: S608
    geometry = next((name for name, kind, *_rest in described if str(kind).startswith("GEOMETRY")), "")
    columns = [name for name, *_rest in described if name not in ("OGC_FID", "fid") and name != geometry]
    crs, taken = "", ""
    shown = ", ".join(named(each) for each in columns)
    if geometry:
        field = layer["geometry_fields"][0] if layer["geometry_fields"] else {}
        said = field.get("crs") or {}
        crs = f"{said['auth_name']}:{said['auth_code']}" if said.get("auth_code") else said.get("wkt") or "?"
        taken = crs if crs != "?" else assumed(base, read, geometry)
        place = f"ST_Force2D({named(geometry)}::GEOMETRY)"
        if taken not in ("EPSG:4326", "OGC:CRS84"):
            place = f"ST_Transform({place}, {quoted(taken)}, 'EPSG:4326', always_xy := true)"
        shown += (", " if shown else "") + f"ST_AsWKB({place})::BLOB AS {named(geometry)}"
    else:
        shown = shown or "*"
    base.execute(f"COPY (SELECT {shown} FROM {read}) TO {quoted(asked['target'])} (FORMAT parquet)")  # noqa: S608
    point = layer["geometry_fields"][0]["type"] if geometry and layer["geometry_fields"] else ""
    json.dump(
        {
            "layer": layer["name"],
            "layers": [each["name"] for each in layers],
            "geometry": geometry,
            "kind": "point" if point in ("Point", "3D Point") else "shape",
            "crs": crs if len(crs) < 40 else "WKT",
            "taken": taken if len(taken) < 40 else "WKT",
        },
        sys.stdout,
    )


def assumed(base: duckdb.DuckDBPyConnection, read: str, geometry: str) -> str:
    """What coordinates without a system are: degrees, else Lambert-93, in which France draws its maps."""
    far = base.execute(f"SELECT max(abs(ST_XMax({named(geometry)}::GEOMETRY))) FROM {read}").fetchall()[0][0]  # noqa: S608
    return "EPSG:4326" if far is None or far <= 180 else "EPSG:2154"


main()
