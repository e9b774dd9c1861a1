"""Documents: with the page or in pieces, looked at, sealed, of this draft only, never too much in memory."""

import base64
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lacydon.capabilities.requests.actions import files
from lacydon.capabilities.requests.models import Attachment, Draft, Request
from tests.capabilities.requests.filling.made import PNG, Filler, field, page, published
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db
FILES = (
    page("vous", field("nom"), field("photo", "file", accept=["png", "pdf"], max_files=2, largest_mb=1)),
    page("eux", field("enfants", "group", fields=[field("prenom"), field("acte", "file", required=False)])),
)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
TUS = {"Tus-Resumable": "1.0.0"}


def png(name: str = "moi.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def stored() -> list[Path]:
    return [each for each in (Path(settings.HOME) / "files").glob("*/*") if each.is_file()]


def begun(client: Client) -> Filler:
    return Filler(client).send(nom="Ada", photo__file=png())


def announced(client: Client, there: Filler, *, size: int, name: str = "acte.pdf", asked: str = "photo"):
    told = ",".join(
        f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in (("field", asked), ("filename", name))
    )
    headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": told}
    return client.post(f"/brouillons/{there.reference}/fichiers", headers=headers)


def sent(client: Client, address: str, offset: int, content: bytes):
    return client.patch(
        address, content, content_type="application/offset+octet-stream", headers=TUS | {"Upload-Offset": str(offset)}
    )


def test_an_agent_opens_a_document_from_the_answer_it_is(client, small_territory):
    published(page("vous", field("nom"), field("photo", "file", accept=["png"])))
    Filler(client).send(nom="Ada", photo__file=png()).send()
    row = Request.objects.get()
    body = people.organisation(row.organisation_id)
    person = people.agent(organisation=body, roles=("requests.agent",))
    desk = people.signed_in(people.visitor(), person, organisation=row.organisation_id)
    answers = read(desk.get(f"/agent/demandes/{row.number}").content.decode()).all("dl", class_="pairs")
    (link,) = [each for part in answers for each in part.all("a") if each.words == "moi.png"]
    assert link.attributes["href"].endswith(f"/pieces/{Attachment.objects.get().pk}")


def test_a_document_goes_with_the_page_and_with_the_request(client, small_territory):
    published(*FILES)
    there = begun(client)
    assert there.heading == "Page eux"
    there.send(**{"enfants-0-prenom": "Lina", "enfants-0-acte-file": SimpleUploadedFile("a.pdf", PDF)})
    assert "moi.png" in there.text and "a.pdf" in there.text
    for each in stored():
        assert PNG[:20] not in each.read_bytes() and b"%PDF" not in each.read_bytes()
    there.send()
    row = Request.objects.get()
    assert {each.field for each in row.attachments.all()} == {"photo", "acte"}
    assert files.content_of(row.attachments.get(field="acte")) == PDF


def test_a_document_is_taken_away_and_another_one_joined(client, small_territory):
    published(*FILES)
    there = begun(client)
    there.open(f"/brouillons/{there.reference}/questions/vous")
    there.send(faire="joindre:photo", photo__file=png("deux.png"))
    assert "moi.png" in there.text and "deux.png" in there.text and not there.page.all("input", type="file")
    first = Attachment.objects.order_by("created_at").first()
    with_file = files.path_of(first)
    there.send(faire=f"oter:{first.pk}")
    assert "moi.png" not in there.text and "deux.png" in there.text and Attachment.objects.count() == 1
    del with_file
    assert there.send().heading == "Page eux"


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("moi.png", b"<html><script>", "Formats acceptés"),
        ("moi.png", b"", "vide"),
        ("moi.png", PNG + b"\0" * 1_000_001, "trop gros"),
        ("moi.png", b"PK\x03\x04" + b"\0" * 100, "Formats acceptés"),
    ],
)
def test_what_is_not_what_is_asked_is_refused_and_the_rest_is_kept(client, small_territory, name, content, sentence):
    published(*FILES)
    there = Filler(client).send(nom="Ada", photo__file=SimpleUploadedFile(name, content), status=422)
    assert sentence in there.troubles[0] and there.form()[1]["nom"] == ["Ada"] and Attachment.objects.count() == 0


def test_the_page_says_it_when_the_whole_is_too_big(client, small_territory):
    published(*FILES)
    answer = client.post(
        "/demarches/essai/commencer?citycode=97001", {"nom": "x"}, headers={"Content-Length": "200000000"}
    )
    assert answer.status_code == 413 and "trop gros" in answer.content.decode()


def test_a_document_in_pieces_goes_on_after_a_cut(client, small_territory, django_capture_on_commit_callbacks):
    published(*FILES)
    there = begun(client)
    answer = announced(client, there, size=len(PDF))
    address = answer["Location"]
    assert answer.status_code == 201
    assert sent(client, address, 0, PDF[:10]).headers["Upload-Offset"] == "10"
    assert client.head(address).headers["Upload-Offset"] == "10"
    for offset, content in ((0, PDF[:10]), (11, PDF[11:]), (5, b"x")):
        wrong = sent(client, address, offset, content)
        assert wrong.status_code == 409 and wrong["Upload-Offset"] == "10"
    assert sent(client, address, 10, PDF).status_code == 422
    assert sent(client, address, "9" * 5000, PDF).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        last = sent(client, address, 10, PDF[10:])
    assert last.json() == {"id": address.rpartition("/")[2], "ready": True, "name": "acte.pdf", "size": len(PDF)}
    row = Attachment.objects.get(media_type="application/pdf")
    assert files.content_of(row) == PDF and files.pieces_of(row) == []
    there.open(f"/brouillons/{there.reference}/questions/vous")
    assert "acte.pdf" in there.text
    got = client.get(f"{address}/contenu")
    assert got.content == PDF and got["Content-Disposition"].startswith("attachment")
    assert client.delete(address).status_code == 204 and Attachment.objects.count() == 1


def test_pieces_are_refused_early_and_by_what_they_make(client, small_territory):
    published(*FILES)
    there = begun(client)
    large = announced(client, there, size=200_000_000)
    assert large.status_code == 422 and "1 Mo" in large.json()["sentence"]
    assert announced(client, there, size=0).status_code == 422
    assert announced(client, there, size=5, asked="nom").status_code == 422
    assert announced(client, there, size=5, asked="__class__").status_code == 422
    bad = b"<html></html>"
    address = announced(client, there, size=len(bad), name="x.pdf")["Location"]
    refused = sent(client, address, 0, bad)
    assert refused.status_code == 422 and "Formats acceptés" in refused.json()["sentence"]
    assert client.head(address).status_code == 404 and Attachment.objects.count() == 1


def test_documents_are_of_one_draft(client, small_territory):
    published(*FILES)
    mine, other = begun(client), begun(people.visitor())
    theirs = Attachment.objects.get(draft=Draft.objects.order_by("created_at").last())
    for path in ("", "/contenu"):
        assert client.get(f"/brouillons/{mine.reference}/fichiers/{theirs.pk}{path}").status_code == 404
    client.delete(f"/brouillons/{mine.reference}/fichiers/{theirs.pk}")
    mine.send(**{"enfants-0-prenom": "Lina", "enfants-0-acte": str(theirs.pk)})
    mine.send()
    assert Request.objects.get().attachments.count() == 1
    assert Attachment.objects.get(pk=theirs.pk).request is None
    del other
