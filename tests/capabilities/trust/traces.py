"""A life left in a database and erased from it, by the pages, in a process of its own (see test_no_trace.py)."""

import json
import sys

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lacydon.capabilities.trust.models import Identity, Person, PersonKey
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, organisation, resident, signed_in

CANARIES = (
    "CANARI-NOM", "canari@courriel.example", "0612345678-CANARI", "CANARI-RUE", "CANARI-DOCUMENT", "CANARI-FICHIER",
    "CANARI-QUESTION",
)  # fmt: skip


def seed() -> None:
    """Leave something in every personal field that a person can fill; tell its pseudonym and its wrapped key."""
    town = organisation("commune-97001")
    person = resident()
    lives.civil(person, family_name="CANARI-NOM")
    lives.contact(person, "canari@courriel.example")
    lives.contact(person, "0612345678-CANARI", kind="phone")
    lives.contact(person, "CANARI-RUE", kind="postal")
    client = signed_in(Client(SERVER_NAME="localhost", headers={"Sec-Fetch-Site": "same-origin"}), person)
    document = SimpleUploadedFile(
        "CANARI-FICHIER.pdf", b"%PDF-1.4\n% CANARI-DOCUMENT\n" + b"x" * 3_000_000 + b"\n%%EOF"
    )
    assert (
        client.post("/mon-espace/justificatifs/deposer", {"kind": "income-tax", "document": document}).status_code
        == 302
    )
    given = {"purpose": "income-based-rate", "categories": ["proof:income-tax"], "days": "31"}
    assert client.post(f"/mon-espace/accords/nouveau?organisme={town.id}", given).status_code == 302
    from lacydon.capabilities.trust.actions.reading import use_proof

    clerk = lives.reader(town)
    use_proof(actor=clerk, person=str(person.id), kind="income-tax", purpose="income-based-rate")
    (entry,) = person.accesses.filter(action="proof.use")
    asked = client.post(f"/mon-espace/acces/{entry.pk}/contester", {"text": "CANARI-QUESTION"})
    assert asked.status_code == 302
    for path in ("/mon-espace/acces", "/mon-espace/accords", "/mon-espace/justificatifs"):
        assert client.get(path).status_code == 200
    assert client.post("/mon-espace/mes-donnees/copie").status_code == 200
    told = {
        "person": str(person.id),
        "wrapped": bytes(PersonKey.objects.get(person=person).wrapped or b"").hex(),
        "subject": Identity.objects.get(person=person).subject_hash,
    }
    sys.stdout.write(json.dumps(told))


def erase(person: str) -> None:
    """By the page, as its owner does."""
    found = Person.objects.get(pk=person)
    assert actor(found).person == person
    client = signed_in(Client(SERVER_NAME="localhost", headers={"Sec-Fetch-Site": "same-origin"}), found)
    assert client.post("/mon-espace/mes-donnees/effacer", {"word": "EFFACER"}).status_code == 200
