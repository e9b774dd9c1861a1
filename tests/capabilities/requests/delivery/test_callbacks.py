"""The addresses that other systems and town halls are given: each a secret of one delivery, and no more than that."""

import base64
import json

import pytest
from django.urls import reverse

from lacydon.capabilities.requests.actions.routes import set_secret
from lacydon.capabilities.requests.models import Delivery, Request, Step
from lacydon.capabilities.requests.queries import returns
from lacydon.capabilities.trust.models import Entry
from lacydon.connectors import FOLDER
from lacydon.kernel import webhooks
from tests.capabilities.requests.delivery import handing
from tests.capabilities.trust.people import visitor
from tests.markup import read

pytestmark = pytest.mark.django_db
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()
UPDATE = (FOLDER / "webhook" / "samples" / "update.json").read_bytes()


@pytest.fixture
def row(theirs, settings) -> Delivery:
    settings.PUBLIC_URL = "https://lacydon.example"
    settings.SECURE_SITE = False
    set_secret(route="route-0", name="secret", value=SECRET)
    found = handing.queued(words="canari")
    handing.work()
    found.refresh_from_db()
    return found


def post(client, row, body=UPDATE, *, id="m1", secret=SECRET, token=None, **headers):
    """As the other side's machine does: no browser's headers, a Bearer token, a signature."""
    back = returns.ways_back(row)
    signed = webhooks.signed_headers(body, id=id, secret=secret) | {"Authorization": f"Bearer {token or back.token}"}
    given = {name: value for name, value in (signed | headers).items() if value is not None}
    return client.post(
        back.address.removeprefix("https://lacydon.example"), body, content_type="application/json", headers=given
    )


@pytest.fixture
def machine():
    """No browser: it says nothing of where it comes from."""
    from django.test import Client

    return Client(enforce_csrf_checks=True)


class TestMachines:
    def test_signed_news_is_noted_and_the_same_twice_is_answered_alike(self, machine, row):
        answers = [post(machine, row) for _time in range(3)]
        assert [(answer.status_code, answer.json()) for answer in answers] == [
            (200, {"noted": True}),
            (200, {"noted": False}),
            (200, {"noted": False}),
        ]
        request = Request.objects.get()
        assert (request.state, request.outcome) == ("closed", "solved")
        assert request.steps.filter(kind="status").count() == 1
        row.refresh_from_db()
        assert row.reference == "DS-2026-118"

    @pytest.mark.parametrize(
        ("how", "status"),
        [
            ({"token": "0" * 32}, 404),
            ({"token": "é"}, 404),
            ({"Authorization": None}, 404),
            ({"Authorization": "Basic x"}, 404),
            ({"secret": "whsec_" + base64.b64encode(b"z" * 32).decode()}, 403),
            ({"webhook-signature": "v1,x"}, 403),
            ({"webhook-timestamp": "1"}, 403),
            ({"webhook-id": None}, 403),
            ({"body": b"{"}, 422),
            ({"body": b"[]"}, 422),
            ({"body": b'{"type": "request.submitted", "data": {}}'}, 422),
            ({"body": b'{"type": "request.updated"}'}, 422),
            ({"body": b'{"type": "request.updated", "data": {"state": "closed"}}'}, 422),
            ({"body": b'{"type": "request.updated", "data": {"state": "received", "outcome": "solved"}}'}, 422),
            ({"body": b'{"type": "request.updated", "data": {"state": "lost"}}'}, 422),
            ({"body": b" " * 70_000}, 413),
        ],
        ids=str,
    )
    def test_anything_else_is_refused_in_a_sentence_and_changes_nothing(self, machine, row, how, status):
        before = Step.objects.count()
        answer = post(machine, row, **how)
        assert answer.status_code == status, answer.content
        assert answer["Content-Type"].startswith("application/problem+json") and answer.json()["detail"]
        assert Step.objects.count() == before and Request.objects.get().state == "sent"

    def test_what_is_not_known_is_left_aside(self, machine, row):
        body = json.dumps(
            {"type": "request.updated", "more": 1, "data": {"state": "in-progress", "colour": "blue"}}
        ).encode()
        assert post(machine, row, body).json() == {"noted": True}

    def test_the_token_of_one_delivery_opens_no_other(self, machine, row):
        other = handing.queued()
        assert post(machine, row, token=returns.ways_back(other).token).status_code == 404

    def test_only_by_post(self, machine, row):
        assert machine.get(reverse("delivery-callback", kwargs={"id": row.pk})).status_code == 405


class TestTownHall:
    def page_of(self, row):
        return returns.ways_back(row).page.removeprefix("https://lacydon.example")

    def test_it_sees_what_it_is_about_and_nothing_personal(self, row, client):
        answer = client.get(self.page_of(row))
        page = read(answer.content.decode())
        assert row.request.number in page.text and "canari" not in page.text
        assert answer["Referrer-Policy"] == "no-referrer" and "no-store" in answer["Cache-Control"]

    def test_a_mail_system_that_opens_links_changes_nothing(self, row, client):
        client.get(self.page_of(row))
        assert Request.objects.get().revision == 1

    def test_it_says_what_becomes_of_it_without_an_account(self, row):
        for chosen, state in (("recu", "sent"), ("en-cours", "in-progress"), ("fait", "closed")):
            answer = visitor().post(
                self.page_of(row), {"etat": chosen, "message": f"Voici : {chosen}", "reference": "D-7"}
            )
            assert answer.status_code == 200 and "Merci" in answer.content.decode()
            assert Request.objects.get().state == state
        row.refresh_from_db()
        assert row.reference == "D-7" and Request.objects.get().outcome == "solved"

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({}, "Choisissez une réponse"),
            ({"etat": "rien"}, "Choisissez une réponse"),
            ({"etat": "impossible", "message": "  "}, "Dites pourquoi"),
            ({"etat": "recu", "message": "x" * 2_001}, "trop long"),
        ],
    )
    def test_what_is_missing_is_said_beside_it_and_what_was_typed_stays(self, row, typed, said):
        answer = visitor().post(self.page_of(row), typed | {"reference": "D-7"})
        page = answer.content.decode()
        assert answer.status_code == 422 and said in page and 'value="D-7"' in page
        assert Request.objects.get().revision == 1

    @pytest.mark.parametrize("token", ["0" * 32, "x", returns.MACHINE])
    def test_another_address_opens_nothing(self, row, client, token):
        assert client.get(reverse("delivery-answer", kwargs={"id": row.pk, "token": token})).status_code == 404
        assert (
            visitor()
            .post(reverse("delivery-answer", kwargs={"id": row.pk, "token": token}), {"etat": "fait"})
            .status_code
            == 404
        )

    def test_the_secret_of_machines_is_not_that_of_people(self, row, client):
        token = returns.ways_back(row).token
        assert client.get(reverse("delivery-answer", kwargs={"id": row.pk, "token": token})).status_code == 404


class TestFiles:
    @pytest.fixture
    def file(self, row):
        from lacydon.capabilities.requests.actions import files
        from lacydon.capabilities.requests.models import Attachment
        from lacydon.capabilities.requests.queries.sealed import new_key, seal
        from lacydon.kernel.clock import now

        first = row.request.steps.first()
        held = Attachment(
            request=row.request,
            step=first,
            field="photo",
            media_type="image/jpeg",
            size=4,
            sha256="0" * 64,
            created_at=now(),
            checked_at=now(),
        )
        key = new_key(held)
        held.name_sealed = seal("bac.jpeg", key=key, holder=held, field="name_sealed")
        held.save()
        files.keep(held, b"jpeg")
        return held

    def test_the_other_side_fetches_it_and_the_journal_knows(self, row, file, client):
        before = Entry.objects.filter(action="request.deliver").count()
        address = returns.file_address(row, attachment=file.pk).removeprefix("https://lacydon.example")
        answer = client.get(address)
        assert (answer.content, answer["Content-Type"]) == (b"jpeg", "image/jpeg")
        assert "bac.jpeg" in answer["Content-Disposition"] and answer["Cache-Control"] == "private, no-store"
        assert Entry.objects.filter(action="request.deliver").count() == before + 1

    def test_it_goes_with_the_request_by_its_address(self, row, file, theirs, time):
        row.state, row.next_at, row.handed_at = "queued", time.moment, None
        row.save()
        handing.work()
        [sent] = theirs.tried[-1].files
        assert (sent.name, sent.load(), sent.media_type) == ("bac.jpeg", b"jpeg", "image/jpeg")
        assert sent.address == returns.file_address(row, attachment=file.pk)

    def test_neither_another_address_nor_another_time_nor_another_authority(self, row, file, client, time):
        good = returns.file_address(row, attachment=file.pk).removeprefix("https://lacydon.example")
        assert client.get(good[:-1] + ("0" if good[-1] != "0" else "1")).status_code == 404
        other = handing.queued()
        assert (
            client.get(
                returns.file_address(other, attachment=file.pk).removeprefix("https://lacydon.example")
            ).status_code
            == 404
        )
        time.later(days=1)
        assert client.get(good).status_code == 200
        time.later(days=3_000)
        assert client.get(good).status_code == 404
