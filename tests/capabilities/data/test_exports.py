"""Exports: one question in every form, sent while it is written, then by ETag and ranges."""

import csv
import gzip
import io
import json
import threading
import zipfile
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from django.test import Client

from lacydon.capabilities.data.actions.publication import withdraw_dataset
from lacydon.capabilities.data.api import exports as sending
from lacydon.capabilities.data.errors import TooMuch
from lacydon.capabilities.data.queries import exports, spools
from lacydon.capabilities.data.queries.datasets import path_of
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Unavailable

from .harbour import published

pytestmark = pytest.mark.django_db
ODD = """
    SELECT '=1+1' AS formule, '+33 4 91 00 00 00' AS telephone, '-12,5' AS texte, -3 AS entier, 'a;"b"' AS signes,
        TIMESTAMPTZ '2024-07-01 22:30:00+00' AS quand, 'NaN'::DOUBLE AS rien, TIME '08:30:00' AS heure, true AS oui
    UNION ALL SELECT '@x', NULL, NULL, NULL, NULL, NULL, 2.5, NULL, NULL
"""


def got(client: Client, address: str, status: int = 200, **headers: str) -> tuple[bytes, dict[str, str]]:
    response = client.get(address, headers=headers)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == status, body[:500]
    return body, dict(response.items())


def export(client: Client, tail: str, status: int = 200, **headers: str) -> bytes:
    return got(client, f"/api/explore/v2.1/catalog/datasets/marches/exports/{tail}", status, **headers)[0]


def test_csv_is_for_spreadsheets(client: Client) -> None:
    published(sql=ODD, point=None)
    body = export(client, "csv?use_labels=true&timezone=Europe/Paris")
    assert body.startswith(b"\xef\xbb\xbfFormule;Telephone")
    first = next(csv.reader(io.StringIO(body.decode("utf-8-sig").split("\n", 1)[1]), delimiter=";"))
    # What a spreadsheet would compute is kept from it; numbers, in a text or not, are left alone.
    assert first[:5] == ["'=1+1", "+33 4 91 00 00 00", "-12,5", "-3", 'a;"b"']
    assert first[5] == "2024-07-02T00:30:00+02:00"
    plain = export(client, "csv?delimiter=,&with_bom=false&select=formule,entier&where=entier is null")
    assert plain.replace(b"\r", b"") == b"formule,entier\n'@x,\n"
    assert export(client, "csv?delimiter=%22", status=400)


def test_json_keeps_texts_as_they_are(client: Client) -> None:
    published(sql=ODD, point=None)
    first, second = json.loads(export(client, "json"))
    assert (first["formule"], first["rien"], first["quand"]) == ("=1+1", None, "2024-07-01T22:30:00+00:00")
    assert second["rien"] == 2.5
    lines = export(client, "jsonl?select=entier&order_by=entier desc").splitlines()
    assert [json.loads(each) for each in lines] == [{"entier": -3}, {"entier": None}]
    assert export(client, "ndjson?select=entier&limit=1") == b'{"entier":-3}\n'


def test_places_in_each_form(client: Client) -> None:
    published()
    made = json.loads(export(client, "geojson?select=nom,geometry&where=etals>100"))
    assert made == {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [5.3865, 43.2951]},
                "properties": {"nom": "Marché de la Plaine"},
            }
        ],
    }
    assert json.loads(export(client, "json?select=geometry&limit=1")) == [{"geometry": {"lon": 5.3865, "lat": 43.2951}}]
    assert export(client, "csv?select=geometry&limit=1&with_bom=false").split(None, 1)[1].strip() == b"43.2951, 5.3865"
    assert export(client, "geojson?select=nom", status=400)
    groups = export(client, "csv?select=count(*) as n&group_by=citycode&order_by=n desc, citycode&with_bom=false")
    assert groups.split() == [b"citycode;n", b"13055;2", b"13005;1", b"13056;1"]


def test_a_workbook_has_no_formula(client: Client, tmp_path: Path) -> None:
    published(sql=ODD, point=None)
    body = export(client, "xlsx?use_labels=true")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert "Formule" in sheet


def test_the_whole_dataset_in_parquet_is_the_file_of_its_version(client: Client, tmp_path: Path) -> None:
    made = published()
    address = "/donnees/marches/export.parquet"
    body, headers = got(client, address)
    assert body == path_of(dataset="marches", number=1, content=made.content).read_bytes()
    assert headers["Content-Length"] == str(len(body))
    assert headers["Accept-Ranges"] == "bytes"
    # As an engine reads it over HTTP: the size, the end, then only the parts it wants.
    head = client.head(address)
    for close in head._resource_closers:  # the client of the tests closes what it reads to the end only
        close()
    assert (head.status_code, head["Content-Length"]) == (200, str(len(body)))
    end, told = got(client, address, 206, Range="bytes=-8")
    assert (end, told["Content-Range"]) == (body[-8:], f"bytes {len(body) - 8}-{len(body) - 1}/{len(body)}")
    footer = int.from_bytes(end[:4], "little") + 8
    assert got(client, address, 206, Range=f"bytes={len(body) - footer}-{len(body) - 9}")[0] == body[-footer:-8]
    assert got(client, address, 416, Range=f"bytes={len(body)}-")[1]["Content-Range"] == f"bytes */{len(body)}"
    assert got(client, address, 206, Range="bytes=0-3", **{"If-Range": headers["ETag"]})[0] == b"PAR1"
    assert got(client, address, 200, Range="bytes=0-3", **{"If-Range": '"other"'})[0] == body
    assert got(client, address, 304, **{"If-None-Match": headers["ETag"]})[0] == b""
    part = tmp_path / "part.parquet"
    part.write_bytes(export(client, "parquet?where=etals>70&select=nom"))
    assert duckdb.sql(f"SELECT nom FROM '{part}'").fetchall() == [("Marché de la Plaine",), ("Marché du Prado",)]


def test_what_is_packed_unpacks(client: Client, tmp_path: Path) -> None:
    published()
    plain = export(client, "csv")
    body, headers = got(client, "/donnees/marches/export.csv", **{"Accept-Encoding": "gzip"})
    assert (headers["Content-Encoding"], gzip.decompress(body)) == ("gzip", plain)
    archive, headers = got(client, "/donnees/marches/export.csv?compressed=true", **{"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in headers
    assert 'filename="marches.csv.gz"' in headers["Content-Disposition"]
    assert gzip.decompress(archive) == plain
    body, headers = got(client, "/donnees/marches/export.geojson", **{"Accept-Encoding": "gzip, zstd"})
    assert headers["Content-Encoding"] == "zstd"
    packed = tmp_path / "packed.json.zst"
    packed.write_bytes(body)
    assert duckdb.sql(f"SELECT len(features) FROM read_json('{packed}')").fetchall() == [(4,)]
    start = got(client, "/donnees/marches/export.csv", 206, Range="bytes=0-10")
    assert start[0] == plain[:11]
    inside = got(client, "/donnees/marches/export.csv", 206, Range="bytes=2-20")
    assert inside[0] == plain[2:21]


def test_two_clients_share_what_is_being_written(tmp_path: Path) -> None:
    published()
    going, written = threading.Event(), []

    def write(part: Path) -> None:
        written.append(part)
        with part.open("ab", buffering=0) as opened:
            opened.write(b"first,")
            going.wait(10)
            opened.write(b"second")

    one = spools.spool("shared", write)
    following = spools.following(one)
    assert next(following) == b"first,"
    other = spools.following(spools.spool("shared", write))
    assert next(other) == b"first,"
    going.set()
    assert b"".join(following) == b"".join(other) == b"second"
    assert len(written) == 1
    whole = spools.spool("shared", write)
    assert whole.whole
    assert whole.path.read_bytes() == b"first,second"


def test_what_is_half_written_is_never_taken_for_whole() -> None:
    published()
    (spools.folder() / "killed.part").write_bytes(b"half")  # as a killed process leaves it
    made = spools.spool("killed", lambda part: part.write_bytes(b"whole") and None)
    assert b"".join(spools.following(made)) == b"whole"

    def fail(part: Path) -> None:
        part.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    broken = spools.spool("broken", fail)
    with pytest.raises((OSError, spools.Broken)):
        b"".join(spools.following(broken))
    assert not (spools.folder() / "broken").exists()
    assert not (spools.folder() / "broken.part").exists()


def test_files_leave_room_for_pages(client, settings, monkeypatch: pytest.MonkeyPatch) -> None:
    published()
    monkeypatch.setattr(sending, "_places", sending._Places())  # other tests leave answers unread
    settings.THREADS = 4
    sent = [client.get("/donnees/marches/export.parquet") for _each in range(2)]
    assert [each.status_code for each in sent] == [200, 200]
    assert client.get("/donnees/marches/export.parquet").status_code == 503
    assert client.get("/donnees/marches").status_code == 200
    for each in sent:
        assert b"".join(each.streaming_content).startswith(b"PAR1")
    for _each in range(5):
        assert got(client, "/donnees/marches/export.parquet")[0].startswith(b"PAR1")
    got(client, "/donnees/marches/export.csv?delimiter=ab", status=422)
    got(client, "/donnees/marches/export.parquet", status=416, Range="bytes=99999999-")
    assert got(client, "/donnees/marches/export.parquet", status=206, Range="bytes=0-3")[0] == b"PAR1"


def test_who_holds_on_to_a_file_rather_than_reads_it_is_cut(client, monkeypatch: pytest.MonkeyPatch) -> None:
    published()
    monkeypatch.setattr(sending, "PATIENCE", 0.0)
    monkeypatch.setattr(sending, "SLOWEST", 1 << 60)
    response = client.get("/donnees/marches/export.parquet")
    with pytest.raises(spools.Broken):
        b"".join(response.streaming_content)


@pytest.mark.parametrize("sign", ["²", "é", "\u00a0", "😀", "ab", "\n", '"'])
def test_a_separator_is_a_sign_that_the_engine_knows(client, sign) -> None:
    published()
    got(client, f"/donnees/marches/export.csv?limit=1&delimiter={quote(sign)}", status=422)
    assert got(client, "/donnees/marches/export.csv?limit=1&delimiter=%7C")[0].count(b"|") > 5


def test_files_made_of_what_is_withdrawn_leave_with_it(client, django_capture_on_commit_callbacks) -> None:
    published()
    published("autres")
    before = set(spools.folder().iterdir())
    for each in ("marches", "autres"):
        got(client, f"/donnees/{each}/export.csv?where=etals>1.5")
    made = set(spools.folder().iterdir()) - before
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_dataset(id="marches", actor=MACHINE, reason="erreur")
    assert (len(made), len(made & set(spools.folder().iterdir()))) == (2, 1)
    got(client, "/donnees/autres/export.csv?where=etals>1.5")
    got(client, "/donnees/marches/export.csv?where=etals>1.5", status=404)


def test_old_files_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    published()
    monkeypatch.setattr(spools, "KEPT", 10)
    for name in ("one", "two", "three"):
        made = spools.spool(name, lambda part: part.write_bytes(b"12345678") and None)
        assert b"".join(spools.following(made)) == b"12345678"
    assert not (spools.folder() / "one").exists()
    assert (spools.folder() / "three").exists()
    monkeypatch.setattr(spools, "LEAST_FREE", 1 << 62)
    with pytest.raises(Unavailable):
        spools.spool("four", lambda part: None)


def test_too_many_rows_for_a_sheet_are_refused(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    published()
    monkeypatch.setattr(exports, "MOST_SHEET_ROWS", 3)
    refusal = json.loads(export(client, "xlsx", status=400))
    assert "3 lignes" in refusal["message"]
    assert TooMuch.code == refusal["code"]
    assert export(client, "xlsx?limit=3")
