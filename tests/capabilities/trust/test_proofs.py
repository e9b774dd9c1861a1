"""Supporting documents: given once, sealed, never shown by the browser, handed over by consent, removed at will."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from lacydon.capabilities.trust.actions import consents
from lacydon.capabilities.trust.actions.proofs import give_proof
from lacydon.capabilities.trust.actions.reading import use_proof
from lacydon.capabilities.trust.errors import NoConsent, NotAllowed
from lacydon.capabilities.trust.models import Entry, Proof
from lacydon.capabilities.trust.queries import proofs
from lacydon.kernel.errors import BadInput, NotFound
from tests.capabilities.trust import lives
from tests.capabilities.trust.people import actor, agent, organisation, resident, signed_in
from tests.markup import read

pytestmark = pytest.mark.django_db
CANARY = b"%PDF-1.4\n% canari-de-la-facture\n%%EOF\n"


@pytest.fixture
def person():
    return resident()


@pytest.fixture
def town():
    return organisation("commune-97001", name={"fr": "Ville d’Olivette"})


def upload(client, content=CANARY, *, name="facture.pdf", kind="residence"):
    document = SimpleUploadedFile(name, content, content_type="text/html")
    return client.post("/mon-espace/justificatifs/deposer", {"kind": kind, "document": document})


def raw() -> bytes:
    """Every byte the table of proofs holds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed, name_sealed, media_type, kind FROM trust_proof")
        return b"".join(bytes(cell) if not isinstance(cell, str) else cell.encode() for row in cursor for cell in row)


class TestGiving:
    def test_it_is_kept_sealed_with_its_name(self, client, person):
        assert upload(signed_in(client, person)).status_code == 302
        assert b"canari" not in raw() and b"facture" not in raw()
        shown = read(client.get("/mon-espace/justificatifs").content.decode()).one("main").words
        assert "facture.pdf" in shown and "Justificatif de domicile" in shown
        assert Entry.objects.filter(subject=person, action="proof.give", object="proof:residence").exists()

    def test_it_is_of_no_use_in_another_row(self, client, person):
        upload(signed_in(client, person))
        upload(client, lives.PDF)
        first, second = Proof.objects.order_by("given_at")
        Proof.objects.filter(pk=second.pk).update(sealed=first.sealed)
        client.raise_request_exception = False
        assert client.get(f"/mon-espace/justificatifs/{second.pk}").status_code == 500

    @pytest.mark.parametrize(
        ("content", "name"),
        [
            (b"", "vide.pdf"),
            (b"<script>alert(1)</script>", "page.pdf"),
            (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image.png"),
            (b"MZ\x90\0" + b"\0" * 100, "facture.pdf"),
            (b"PK\3\4" + b"\0" * 100, "facture.pdf"),
            (b"\0" * (proofs.LARGEST + 1), "grand.pdf"),
            (b"%PDF-1.4\n" + b"\0" * proofs.LARGEST, "grand.pdf"),
        ],
        ids=["empty", "html", "svg", "program", "zip", "large", "large pdf"],
    )
    def test_what_is_no_document_is_refused(self, client, person, content, name):
        response = upload(signed_in(client, person), content, name=name)
        assert response.status_code == 422
        shown = read(response.content.decode())
        assert shown.one("p", role="alert").words
        assert shown.one("input", type="file").attributes["aria-invalid"] == "true"
        assert not Proof.objects.exists()

    @pytest.mark.parametrize("kind", ["", "soul", "../etc"])
    def test_a_kind_is_known(self, client, person, kind):
        assert upload(signed_in(client, person), kind=kind).status_code == 404 or not Proof.objects.exists()

    def test_nothing_chosen_is_said(self, client, person):
        response = signed_in(client, person).post("/mon-espace/justificatifs/deposer", {"kind": "caf"})
        assert response.status_code == 422

    @pytest.mark.parametrize(
        ("name", "kept"),
        [
            ("../../etc/passwd.pdf", "passwd.pdf"),
            ("C:\\docs\\avis.html", "avis.pdf"),
            ('a"b<c>.pdf', "abc.pdf"),
            (".pdf", "pdf.pdf"),
            ("é" * 300, "é" * 100 + ".pdf"),
        ],
    )
    def test_a_name_leads_nowhere(self, person, name, kept):
        made = give_proof(actor=actor(person), kind="caf", name=name, content=lives.PDF)
        assert proofs.name_of(made) == kept

    def test_a_person_keeps_fifty_megabytes_at_most(self, person):
        made = lives.proof(person)
        Proof.objects.filter(pk=made.pk).update(size=proofs.LARGEST_SUM)
        with pytest.raises(BadInput):
            lives.proof(person)


class TestTaking:
    def test_it_is_saved_never_shown(self, client, person):
        upload(signed_in(client, person), name="facture <b>.pdf")
        response = client.get(f"/mon-espace/justificatifs/{Proof.objects.get().pk}")
        assert response.content == CANARY
        assert response["Content-Disposition"].startswith('attachment; filename="facture b.pdf"')
        assert response["Content-Type"] == "application/pdf"
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].endswith("sandbox")
        assert response["Cache-Control"] == "private, no-store"
        assert Entry.objects.filter(action="proof.download").count() == 1

    def test_nobody_else_takes_it_nor_removes_it(self, client, person, town):
        made = lives.proof(person)
        for who, where in ((resident(), ""), (agent(organisation=town, roles=("trust.protection",)), town.id)):
            signed_in(client, who, organisation=where)
            assert client.get(f"/mon-espace/justificatifs/{made.pk}").status_code == 404
            assert client.post(f"/mon-espace/justificatifs/{made.pk}/supprimer").status_code == 404
        assert Proof.objects.filter(pk=made.pk).exists()

    def test_removed_it_is_gone(self, client, person):
        made = lives.proof(person)
        signed_in(client, person)
        assert "supprimé aussitôt" in client.get(f"/mon-espace/justificatifs/{made.pk}/supprimer").content.decode()
        client.post(f"/mon-espace/justificatifs/{made.pk}/supprimer")
        assert not Proof.objects.exists()
        assert client.get(f"/mon-espace/justificatifs/{made.pk}").status_code == 404

    def test_past_its_time_it_is_no_more(self, client, person):
        made = lives.proof(person)
        Proof.objects.update(kept_until=made.given_at)
        assert signed_in(client, person).get(f"/mon-espace/justificatifs/{made.pk}").status_code == 404
        assert "Aucun justificatif" in client.get("/mon-espace/justificatifs").content.decode()


class TestOnce:
    """« Dites-le-nous une fois »: given once, reused for each purpose that was agreed to."""

    def test_one_document_serves_two_purposes_each_with_its_own_yes(self, person, town):
        lives.proof(person, content=CANARY)
        clerk = lives.reader(town)
        purposes = ("income-based-rate", "housing-request")
        for purpose in purposes:
            asked = {"actor": clerk, "person": str(person.id), "purpose": purpose}
            with pytest.raises(NoConsent):
                use_proof(kind="income-tax", **asked)
            made = consents.ask_consent(categories=["proof:income-tax"], **asked)
            consents.answer_request(actor=actor(person), request=str(made.pk), agreed=True)
            assert use_proof(kind="income-tax", **asked).content == CANARY
        used = Entry.objects.filter(subject=person, action="proof.use").order_by("at")
        assert [(row.purpose, row.organisation) for row in used] == [(purpose, town.id) for purpose in purposes]

    def test_the_newest_serves(self, person, town):
        lives.proof(person)
        Proof.objects.update(given_at=Proof.objects.get().given_at - timedelta(days=9))
        lives.proof(person, content=CANARY)
        actors = {"recipient": town.id, "purpose": "income-based-rate", "categories": ["proof:income-tax"]}
        consents.give_consent(actor=actor(person), days=9, **actors)
        asked = {"person": str(person.id), "kind": "income-tax", "purpose": "income-based-rate"}
        assert use_proof(actor=lives.reader(town), **asked).content == CANARY

    def test_agreed_without_a_document_there_is_none(self, person, town):
        actors = {"recipient": town.id, "purpose": "income-based-rate", "categories": ["proof:income-tax"]}
        consents.give_consent(actor=actor(person), days=9, **actors)
        asked = {"person": str(person.id), "kind": "income-tax", "purpose": "income-based-rate"}
        with pytest.raises(NotFound):
            use_proof(actor=lives.reader(town), **asked)
        assert not Entry.objects.filter(action="proof.use").exists()


class TestUnderAMandate:
    def test_a_helper_gives_within_the_themes_and_it_is_shown(self, client, person, town):
        helper = agent(organisation=town, roles=("trust.helper",))
        held = lives.mandate(person, helper, organisation=town, scope=("argent",))
        signed_in(client, helper, organisation=town.id, mandate=str(held.pk))
        assert upload(client, kind="income-tax").status_code == 302
        assert upload(client, kind="identity").status_code == 403
        made = Proof.objects.get()
        assert (made.person, made.given_by, made.mandate) == (person, helper, held)
        assert client.post(f"/mon-espace/justificatifs/{made.pk}/supprimer").status_code == 403
        shown = read(signed_in(client, person).get("/mon-espace/justificatifs").content.decode()).one("main").words
        assert f"par Agent {str(helper.id)[:8]} pour vous" in shown.replace("\u00a0", " ")
        entry = Entry.objects.get(action="proof.give")
        assert (entry.subject, entry.actor, entry.mandate) == (person, helper, str(held.pk))

    def test_outside_of_the_themes_there_is_nothing_to_see(self, client, person, town):
        helper = agent(organisation=town, roles=("trust.helper",))
        held = lives.mandate(person, helper, organisation=town, scope=("social",))
        made = lives.proof(person)
        signed_in(client, helper, organisation=town.id, mandate=str(held.pk))
        assert client.get(f"/mon-espace/justificatifs/{made.pk}").status_code == 404
        assert "avis.pdf" not in client.get("/mon-espace/justificatifs").content.decode()
        with pytest.raises(NotAllowed):
            acting = lives.under(actor(helper, organisation=town.id), held)
            give_proof(actor=acting, kind="income-tax", name="a.pdf", content=lives.PDF)
