"""Sent once, whatever is clicked twice, tampered with or lost; then proven by its receipt."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import localtime

from lacydon.capabilities.requests.actions import submitting
from lacydon.capabilities.requests.models import FormVersion, Request
from lacydon.capabilities.requests.queries.forms import SNAPSHOT
from lacydon.capabilities.trust.models import Organisation
from lacydon.kernel.snapshots import moved
from lacydon.kernel.ui.templatetags.ui import moment
from tests.capabilities.requests.filling.made import Filler, field, filled, page, published
from tests.capabilities.trust import people
from tests.pdfa import faults

pytestmark = pytest.mark.django_db


def test_sent_twice_is_one_request_and_one_receipt(client, small_territory, mailed):
    published()
    there = filled(client)
    action, sent = there.form()
    first = client.post(action, sent, follow=True).content.decode()
    again = client.post(action, sent, follow=True).content.decode()
    number = Request.objects.get().number
    assert number in first and number in again
    assert "Votre demande est envoyée" in there.open(f"/brouillons/{there.reference}/questions/vous").heading
    assert len(mailed()) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time on SQLite: nothing to race with")
def test_two_clicks_at_once_make_one_request(transactional_db, client, small_territory):
    published()
    there = filled(client)
    action, sent = there.form()
    answers, start = [], threading.Barrier(2)

    def click():
        start.wait()
        try:
            answers.append(people.visitor().post(action, sent).headers["Location"])
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _each in range(2)]
    for each in clicks:
        each.start()
    for each in clicks:
        each.join()
    assert len(set(answers)) == 1 and len(answers) == 2 and answers[0].endswith("/recu")
    assert Request.objects.count() == 1


def test_what_was_not_read_again_is_not_sent(client, small_territory):
    published()
    there = filled(client)
    action, sent = there.form()
    for empreinte in ("", "0" * 32):
        assert client.post(action, sent | {"empreinte": empreinte}).status_code == 409
    other = Filler(client, f"/brouillons/{there.reference}/questions/vous").send(nom="Grace")
    assert client.post(action, sent).status_code == 409
    assert Request.objects.count() == 0
    other.open(f"/brouillons/{there.reference}/verifier").send()
    assert Request.objects.count() == 1


def test_a_form_not_filled_in_is_not_sent(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada")
    there.open(f"/brouillons/{there.reference}/verifier")
    assert "Il reste quelque chose" in there.text and "empreinte" not in there.text
    answer = client.post(f"/brouillons/{there.reference}/envoyer", {"empreinte": "x"})
    assert answer.status_code == 409 and Request.objects.count() == 0


def test_nothing_is_sent_where_nobody_is_competent(client, small_territory):
    published()
    there = filled(client)
    Organisation.objects.filter(pk="metropole-rade-bleue").update(active=False)
    action, sent = there.form()
    answer = client.post(action, sent)
    assert answer.status_code == 409 and "Personne ne reçoit" in answer.content.decode()


def test_the_secret_is_shown_to_who_has_no_account_and_the_mail_says_how_to_follow(client, small_territory, mailed):
    published()
    there = filled(client).send()
    (letter,) = mailed()
    words = letter.get_body(("plain",)).get_content()
    number = Request.objects.get().number
    secret = there.page.all("b", class_="mono")[1].words
    assert there.page.one("div", class_="ticket").one("p", class_="note warn").words.startswith("Notez ce code")
    assert letter["To"] == "ada@exemple.fr" and f"/suivi?numero={number}&code={secret}" in words
    assert "Mon bac" not in words


def test_the_secret_is_shown_at_the_address_of_the_draft_until_the_moment_that_the_page_says(
    client, small_territory, monkeypatch
):
    published()
    there = filled(client).send()
    secret = there.page.all("b", class_="mono")[1].words
    until = Request.objects.get().opened_at + timedelta(days=1)
    assert f"jusqu’au {moment(localtime(until))}".replace("\u00a0", " ") in there.page.one(
        "div", class_="ticket"
    ).words.replace("\u00a0", " ")
    assert secret in client.get(f"/brouillons/{there.reference}/recu").content.decode()
    monkeypatch.setattr("lacydon.capabilities.requests.queries.drafts.now", lambda: until + timedelta(minutes=1))
    assert client.get(f"/brouillons/{there.reference}/recu").status_code == 404


def test_a_receipt_is_a_tagged_archive_that_can_be_verified(client, small_territory, tmp_path):
    published(promised="P10D")
    there = filled(client).send()
    pdf = client.get(f"/brouillons/{there.reference}/recepisse.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert faults(pdf.content) == []
    row = Request.objects.get()
    code = there.page.one("p", class_="kept").words.partition(" : ")[2].partition(".")[0]
    assert code.startswith(row.number)
    there.open(f"/verifier/{code.lower()}")
    assert "authentique" in there.text and row.number in there.text
    assert "Ada" not in there.text and "Mon bac" not in there.text
    there.open(f"/verifier?code={code}")
    assert "Ce récépissé est authentique" in there.text
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert "Aucun document de ce site" in there.open(f"/verifier/{wrong}", status=404).text


def test_a_request_of_somebody_signed_in_is_theirs(client, small_territory):
    published()
    person = people.resident()
    there = filled(people.signed_in(client, person)).send()
    row = Request.objects.get()
    assert str(row.person_id) == str(person.id) and "Code secret" not in there.text
    assert people.visitor().get(f"/brouillons/{there.reference}/recu").status_code == 302
    stranger = people.signed_in(people.visitor(), people.resident())
    assert stranger.get(f"/brouillons/{there.reference}/recu").status_code == 404
    assert stranger.get(f"/brouillons/{there.reference}/recepisse.pdf").status_code == 404


def test_the_point_that_is_given_decides_who_answers(client, small_territory):
    published(page("lieu", field("ou", "place")))
    there = Filler(client, "/demarches/essai/commencer?citycode=97001")
    there.send(ou="Chez moi", ou__lon="5.2", ou__lat="43.1", ou__known="Chez moi")
    assert "Le Galet" in there.text
    there.send()
    assert Request.objects.get().organisation_id == "commune-97002"
    assert Request.objects.get().citycode == "97002"


def test_a_point_in_an_arrondissement_is_a_request_of_the_commune(client, small_territory):
    published(page("lieu", field("ou", "place")))
    there = Filler(client, "/demarches/essai/commencer?citycode=98001")
    there.send(ou="Ici", ou__lon="5.22", ou__lat="43.21", ou__known="Ici").send()
    assert "Port-Clair 2e arrondissement" in there.text or Request.objects.exists()
    assert Request.objects.get().citycode == "98001"


def test_what_stops_in_the_middle_leaves_the_draft_and_no_request(client, small_territory, monkeypatch, mailed):
    published()
    there = filled(client)
    action, sent = there.form()
    client.raise_request_exception = False
    with monkeypatch.context() as broken:
        broken.setattr(submitting, "_leave_a_trace", lambda _found: 1 / 0)
        assert client.post(action, sent).status_code == 500
    assert Request.objects.count() == 0 and mailed() == []
    there.open(f"/brouillons/{there.reference}").send()
    assert Request.objects.count() == 1


def test_a_procedure_for_people_who_are_known_is_neither_begun_nor_sent_by_nobody(client, small_territory):
    published(who="signed-in")
    answer = client.get("/demarches/essai/commencer?citycode=97001")
    assert answer.status_code == 302 and "/connexion?" in answer["Location"]
    published()
    there = filled(client)
    action, sent = there.form()
    known = dict(FormVersion.objects.latest("pk").content) | {"who": "signed-in"}
    FormVersion.objects.filter(state="published").update(content=known, digest="e" * 64)
    moved(SNAPSHOT)
    assert "/connexion?" in client.post(action, sent)["Location"]
    assert not Request.objects.exists()


def test_a_procedure_that_wants_a_proven_identity_refuses_a_local_account(client, small_territory):
    published(who="civil-identity")
    people.signed_in(client, people.resident(), assurance=0)
    assert client.get("/demarches/essai/commencer?citycode=97001").status_code in (302, 403)
    proven = people.signed_in(people.visitor(), people.resident(), assurance=1)
    assert proven.get("/demarches/essai/commencer?citycode=97001").status_code == 200
