"""Checking a file in the browser and through the API; the schemas at hand."""

import csv
import io
import json
import os
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lacydon.capabilities.data.actions.checking import KEPT, home, sweep
from lacydon.capabilities.data.queries import shelf
from lacydon.config.command_line import main

from .test_reading import workbook
from .test_validation import FAULTY, GOOD, SCHEMA

pytestmark = pytest.mark.django_db
PAGE = "/donnees/verifier"


@pytest.fixture(autouse=True)
def shelved(settings, tmp_path):
    settings.HOME = tmp_path
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "parcs.json").write_text(
        json.dumps({"title": "Parcs et plages", "version": "1.2.0", "fields": SCHEMA})
    )
    (tmp_path / "schemas" / "broken.json").write_text("{")
    return tmp_path


def sent(client, content, *, name="parcs.csv", schema="parcs"):
    content = content.encode() if isinstance(content, str) else content
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content), "schema": schema})


def text_of(response) -> str:
    return re.sub(r"[\s\xa0\u202f]+", " ", re.sub("<[^>]+>", " ", response.content.decode()))


def test_a_clerk_is_told_what_to_mend(client):
    assert "Parcs et plages (1.2.0)" in text_of(client.get(PAGE))
    report = client.get(sent(client, FAULTY).url)
    told = text_of(report)
    for expected in ("n’est pas conforme au schéma : 6 erreurs", "colonne C « jour »", "« 31/01/2026 »",
                     "une date de la forme 2026-01-31", "Pour corriger", "« parc », « plage »"):  # fmt: skip
        assert expected in told
    address = report.request["PATH_INFO"]
    every = text_of(client.get(f"{address}?faute=1"))
    assert "Toutes les erreurs" in every and "Ligne" in every
    copy = client.get(f"{address}/copie")
    assert "attachment" in copy["Content-Disposition"] and "parcs-annote.csv" in copy["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(copy.content.decode("utf-8-sig"))))
    assert rows[0][-1] == "REMARQUES" and "31/01/2026" in rows[1][-1]
    machine = json.loads(client.get(f"{address}/rapport.json").content)
    assert machine["valid"] is False and machine["tasks"][0]["place"] == "parcs.csv"
    good = text_of(client.get(sent(client, GOOD).url))
    assert "est conforme au schéma" in good and "copie annotée" not in good


def test_a_workbook_is_given_back_as_a_workbook(client):
    rows = [["id", "nom", "jour", "genre"], ["x", "=1+1", "", "parc"]]
    address = sent(client, workbook(rows), name="Parcs 2026.xlsx").url
    copy = client.get(f"{address}/copie")
    assert copy.content[:2] == b"PK" and ".xlsx" in copy["Content-Disposition"]
    again = text_of(client.get(sent(client, copy.content, name="b.xlsx").url))
    assert "cette colonne n’est pas dans le schéma" in again


@pytest.mark.parametrize(
    ("content", "schema", "sentence"),
    [(b"", "parcs", "vide"), ("a,b\n1,2\n", "ailleurs", "Aucun schéma"), (b"\x89PNG\r\n\x1a\n\0\0", "parcs", "pas du texte")],
)  # fmt: skip
def test_what_cannot_be_checked_is_said_on_the_form(client, content, schema, sentence):
    answer = sent(client, content, schema=schema)
    assert answer.status_code in (404, 422, 400) and sentence in text_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode() and not list(home().glob("*"))
    assert "Choisissez un fichier" in text_of(client.post(PAGE, {"schema": "parcs"}))


def test_nothing_is_kept_longer_than_an_hour(client):
    address = sent(client, FAULTY).url
    (folder,) = home().iterdir()
    assert folder.stat().st_mode & 0o077 == 0 and not (folder / "sent").exists()
    old = time.time() - KEPT - 1
    os.utime(folder, (old, old))
    gone = client.get(address)
    assert gone.status_code == 404 and "une heure" in text_of(gone)
    assert client.get(f"{address}/copie").status_code == 404
    assert sweep() == 1 and not folder.exists()
    assert client.get(f"{PAGE}/..%2F..").status_code == 404


def test_the_api(client):
    listed = client.get("/api/v1/data/schemas").json()["schemas"]
    assert [(each["id"], each["title"], each["version"]) for each in listed] == [("parcs", "Parcs et plages", "1.2.0")]
    for schema in ("parcs", json.dumps({"fields": SCHEMA})):
        asked = {"file": SimpleUploadedFile("p.csv", FAULTY.encode()), "schema": schema}
        report = client.post("/api/v1/data/validate", asked).json()
        assert report["valid"] is False and report["stats"]["errors"] == 6
        assert {"type", "rowNumber", "fieldName", "message", "expected", "mend"} <= set(report["tasks"][0]["errors"][0])
    asked = {"file": SimpleUploadedFile("p.csv", b""), "schema": "parcs"}
    answer = client.post("/api/v1/data/validate", asked)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json"
    asked = {"file": SimpleUploadedFile("p.csv", b"a\n"), "schema": "none"}
    assert client.post("/api/v1/data/validate", asked).status_code == 404


def test_a_script_of_elsewhere_checks_a_file_without_a_token():
    script = Client(enforce_csrf_checks=True)
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://mairie.example"}):
        asked = {"file": SimpleUploadedFile("p.csv", FAULTY.encode()), "schema": "parcs"}
        answer = script.post("/api/v1/data/validate", asked, headers=headers)
        assert answer.status_code == 200 and answer.json()["valid"] is False, headers
        assert not answer.cookies


@pytest.fixture
def national():
    """A catalogue as schema.data.gouv.fr has it; `served` is what it answers."""
    served: dict[str, object] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            found = served.get(self.path)
            self.send_response(200 if found is not None else 404)
            self.end_headers()
            self.wfile.write(found if isinstance(found, bytes) else json.dumps(found).encode())

        def log_message(self, *about):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_port}"
    described = [
        {"name": "scdl/deliberations", "title": "Délibérations", "schema_type": "tableschema",
         "schema_url": f"{url}/d.json", "versions": [{"version_name": "v2.1.0", "schema_url": f"{url}/d.json"}]},
        {"name": "x/../../etc", "title": "Ailleurs", "schema_type": "tableschema", "schema_url": f"{url}/e.json"},
        {"name": "etalab/carte", "schema_type": "jsonschema", "schema_url": f"{url}/j.json"},
        {"name": "a/no", "schema_type": "tableschema", "schema_url": f"{url}/none.json"}, "rubbish",
    ]  # fmt: skip
    served |= {
        "/schemas.json": {"version": 1, "schemas": described},
        "/d.json": {"fields": SCHEMA},
        "/e.json": {"fields": SCHEMA},
    }
    yield served, f"{url}/schemas.json"
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_national_catalogue_is_fetched_and_kept(national, shelved, capsys):
    served, url = national
    assert main(["data", "schemas", "update", "--url", url]) == 1
    assert "a/no" in capsys.readouterr().err
    assert [(each.id, each.version) for each in shelf.shelved()] == [
        ("parcs", "1.2.0"), ("x-etc", ""), ("scdl-deliberations", "2.1.0"),
    ]  # fmt: skip
    assert len(shelf.shelved_schema("scdl-deliberations")[1].fields) == 4
    assert main(["data", "schemas"]) == 0 and "scdl-deliberations\t2.1.0" in capsys.readouterr().out
    served["/d.json"] = b"<html>"  # what cannot be had any more stays
    assert main(["data", "schemas", "update", "--url", url]) == 1
    assert len(shelf.shelved_schema("scdl-deliberations")[1].fields) == 4
    served["/schemas.json"] = {"nothing": 1}
    assert main(["data", "schemas", "update", "--url", url]) == 2
    assert len(shelf.shelved()) == 3
    (shelved / "good.csv").write_text(GOOD)
    assert main(["data", "validate", str(shelved / "good.csv"), "--schema", "parcs"]) == 0
