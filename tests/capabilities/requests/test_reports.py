"""The public map of reports: what is there for everybody, and what never is; following; what is near."""

import re

import pytest
from django.urls import reverse

from lacydon.capabilities.requests.actions import reports as actions
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.actions.opening import Where
from lacydon.capabilities.requests.models import Outcome
from lacydon.capabilities.requests.queries import reports
from lacydon.kernel.access import MACHINE
from tests.capabilities.requests import made
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db


def street_form():
    fields = [
        {"id": "lieu", "type": "place", "label": {"fr": "Où ?", "en": "Where?"}},
        {"id": "precisions", "type": "longtext", "required": False, "label": {"fr": "Autre ?", "en": "Else?"}},
        {"id": "email", "type": "email", "required": False, "label": {"fr": "Courriel", "en": "E-mail"}},
    ]
    return made.form(
        "trou", service="bac-casse-ou-vole", title={"fr": "Un trou", "en": "A hole"}, kind="report",
        pages=[{"id": "une", "title": {"fr": "Le problème", "en": "The problem"}, "fields": fields}],
    )  # fmt: skip


def reported(words="Devant l’école", *, lon=5.10, lat=43.10, actor=None, **fields):
    from uuid import uuid4

    from lacydon.capabilities.requests.actions.opening import open_request
    from lacydon.kernel.access import NOBODY

    people.organisation(made.BODY)
    answers = {
        "lieu": {"label": "3 rue des Lilas", "lon": lon, "lat": lat},
        "precisions": words,
        "email": "a@example.org",
    }
    return open_request(
        actor=actor or NOBODY, form=street_form(), answers=answers, where=Where(citycode="97001", lon=lon, lat=lat),
        organisation=made.BODY, submission=uuid4(), **fields,
    ).request  # fmt: skip


@pytest.fixture
def page(client, small_territory):
    def ask(address, **parameters):
        answer = client.get(address, parameters)
        assert answer.status_code == 200, answer.content.decode()
        return answer.content.decode()

    return ask


def test_the_map_shows_what_and_where_and_never_by_whom(page):
    row = reported("Appelez Mme Durand au 06 11 22 33 44")
    html = page("/signalements")
    read(html)
    assert row.number in html and "3 rue des Lilas" in html
    assert "Durand" not in html and "22 33" not in html and "example.org" not in html
    assert row.number in page(f"/signalements/{row.number}")
    feature = page("/signalements.geojson")
    assert row.number in feature and "Lilas" not in feature


def test_the_list_is_kept_to_a_commune_a_state_and_a_category(page):
    open_one, closed = reported(), reported()
    with changing(actor=MACHINE, action="request.deliver", number=closed.number) as change:
        change.close(Outcome.SOLVED)
    assert closed.number in page("/signalements")
    assert closed.number not in page("/signalements", etat="open")
    assert open_one.number not in page("/signalements", etat="closed")
    assert open_one.number not in page("/signalements", citycode="97002")
    assert open_one.number in page("/signalements", citycode="97001")
    assert open_one.number not in page("/signalements", categorie="autre")


def test_in_a_commune_reports_stand_on_the_plan_of_its_streets(page):
    near, far = reported(lon=5.10, lat=43.10), reported(lon=5.1004, lat=43.1002)
    shown = read(page("/signalements", citycode="97001"))
    plan = shown.one("div", class_="streets")
    assert {each.attributes["href"].rpartition("/")[2] for each in plan.all("a", class_="dot c1")} == {
        near.number,
        far.number,
    }
    [image] = plan.all("img")
    assert re.fullmatch(r"/plan/3/5\.10\d+,43\.10\d+\.svg", image.attributes["src"]), "around all of them, with streets"
    moves = {each.words[1:].strip(): each.attributes["href"] for each in plan.all("a", class_="move")}
    assert set(moves) == {"Vers l’ouest", "Vers le nord", "Vers le sud", "Vers l’est", "Plus près", "Plus loin"}
    closer = page(moves["Plus près"].partition("#")[0])
    assert "/plan/4/5.10" in closer and "97001" in moves["Plus près"]
    away = read(page("/signalements", citycode="97001", vue="4/5.2000,43.1000"))
    assert "2 signalements de la liste sont hors de ce plan." in away.one("div", class_="streets").words
    assert not away.all("a", class_="dot c1") and near.number in str([each.attributes for each in away.all("a")])
    assert "/plan/1/5.1000,43.1000.svg" in page("/signalements", citycode="97001", etat="closed", vue="<x>")
    assert "/plan/" not in page("/signalements"), "the territory is seen whole"
    assert "/plan/3/5.10000,43.10000.svg" in page(f"/signalements/{near.number}")


def test_a_long_list_has_pages_and_every_report_is_on_one(page):
    numbers = {reported().number for _each in range(25)}
    first, second = page("/signalements"), page("/signalements", page="2")
    assert {each for each in numbers if each in first} | {each for each in numbers if each in second} == numbers
    assert sum(each in first for each in numbers) == 20


@pytest.mark.parametrize("what", ["hidden", "duplicate", "withdrawn"])
def test_what_is_not_public_is_nowhere(page, client, what):
    row = reported()
    if what == "hidden":
        actions.hide_report(actor=made.agent(), number=row.number)
    else:
        with changing(actor=MACHINE, action="request.deliver", number=row.number) as change:
            change.close(Outcome(what))
    assert row.number not in page("/signalements") + page("/signalements.geojson")
    if what == "hidden":
        assert client.get(f"/signalements/{row.number}").status_code == 404


def test_what_is_near_is_found_with_its_distance_and_what_is_far_is_not():
    near, far = reported(lat=43.1003), reported(lat=43.2)
    found = reports.nearby(lon=5.10, lat=43.10, categories=["trou"])
    assert [row.request.number for row, _metres in found] == [near.number] and far.number
    assert 30 < found[0][1] < 37
    assert reports.nearby(lon=5.10, lat=43.10, categories=["autre"]) == []


def test_following_is_for_who_is_signed_in_and_once(client, small_territory):
    row = reported()
    person = people.resident()
    people.signed_in(client, person)
    for _twice in range(2):
        client.post(reverse("report-follow", kwargs={"number": row.number}))
    row.report.refresh_from_db()
    assert row.report.followers_count == 1
    assert "Ne plus suivre" in client.get(f"/signalements/{row.number}").content.decode()
    client.post(reverse("report-follow", kwargs={"number": row.number}), {"arreter": "1"})
    row.report.refresh_from_db()
    assert row.report.followers_count == 0


def test_each_kind_of_report_can_be_chosen(page):
    street_form()
    html = page("/signaler", citycode="97001")
    read(html)
    assert "/demarches/trou?citycode=97001" in html


def test_the_photo_is_a_page_nobody_finds_before_an_agent_showed_it(client, small_territory):
    row = reported()
    assert client.get(f"/signalements/{row.number}/photo").status_code == 404


def test_who_follows_is_written_to_once_of_what_everybody_may_know(monkeypatch):
    from lacydon.capabilities.requests.actions import telling
    from tests.capabilities.trust.helping import verified_contact

    row, person = reported("Appelez Mme Durand"), people.resident()
    verified_contact(person, "suit@example.org")
    actions.follow(actor=people.actor(person), number=row.number)
    with changing(actor=made.agent(), action="request.handle", number=row.number) as change:
        change.note("taken")
        change.note("message", words="secret")
    sent = []
    monkeypatch.setattr(actions, "post", lambda message, **_kept: sent.append(message))
    for _twice in range(2):
        telling.tell(row.pk, later=lambda *_told: None)
    (message,) = sent
    assert message.to == "suit@example.org" and "Pris en charge" in message.paragraphs[0]
    assert "secret" not in str(message) and "Durand" not in str(message)
