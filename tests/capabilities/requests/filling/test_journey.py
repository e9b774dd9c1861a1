"""From the list of procedures to the receipt, as a browser without JavaScript goes."""

import pytest

from lacydon.capabilities.requests.models import Draft, Request, Step
from lacydon.capabilities.requests.pages.filling import questions
from tests.capabilities.requests.filling.made import Filler, filled, published

pytestmark = pytest.mark.django_db


def test_a_procedure_is_found_and_says_what_it_takes(get):
    published(duration="PT8M", promised="P10D", documents=[{"fr": "Votre bail"}])
    assert "Un essai" in get("/demarches").text
    assert "Un essai" in get("/demarches", q="BAC dechets").text
    assert "Aucune démarche" in get("/demarches", q="crèche").text
    assert "Un essai" in get("/demarches", q="ma poubelle est cassee").text
    told = get("/demarches/essai").text
    for words in ("Environ 8 minutes", "En 10 jours", "Votre bail", "Où est-ce\u202f?", "chiffrées"):
        assert words in told
    here = get("/demarches/essai", citycode="97001")
    assert "Métropole de la Rade bleue" in here.text
    assert any(each.attributes["href"].endswith("/commencer?citycode=97001") for each in here.all("a"))


def test_three_posts_make_a_request_of_somebody_without_an_account(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada", courriel="ada@exemple.fr")
    assert there.heading == "Page besoin" and "Page 2 sur 3" in there.text
    there.send(mots="Mon bac est cassé", urgent="no")
    assert there.heading == "Vérifiez vos réponses" and "Mon bac est cassé" in there.text
    there.send()
    assert there.heading == "Votre demande est envoyée" and there.posts == 3
    row = Request.objects.get()
    assert row.number in there.text and row.organisation_id == "metropole-rade-bleue" and row.citycode == "97001"
    assert not client.cookies
    assert f"{row.number}, auprès de Métropole" in there.send().text, "followed without typing the number and the code"
    assert bytes(Draft.objects.get().sealed) == b""
    assert Step.objects.get().facts["to"] == "metropole-rade-bleue"


def test_wrong_answers_are_said_beside_the_field_and_above(client, small_territory):
    published()
    there = Filler(client).send(nom="", courriel="ada", status=422)
    assert there.heading == "Page vous" and len(there.troubles) == 2
    summary = there.page.one("div", class_="summary")
    assert [each.attributes["href"] for each in summary.all("a")] == ["#nom", "#courriel"]
    wrong = there.page.one("input", id="courriel")
    assert wrong.attributes["value"] == "ada" and "courriel-trouble" in wrong.attributes["aria-describedby"]
    assert there.send(nom="Ada", courriel="").heading == "Page besoin"


def test_a_question_that_an_answer_brings_is_asked_on_the_same_page(client, small_territory):
    published()
    there = Filler(client).send(nom="Ada")
    assert "pourquoi" not in there.form()[1]
    there.send(mots="Vite", urgent="yes")
    assert there.heading == "Page besoin" and "pourquoi" in there.form()[1] and there.troubles == []
    assert there.send(pourquoi="", status=422).troubles == ["Remplissez ce champ."]
    assert there.send(pourquoi="Il pleut").heading == "Vérifiez vos réponses"


def test_an_answer_is_changed_from_the_summary(client, small_territory):
    published()
    there = filled(client)
    there.open(f"/brouillons/{there.reference}/questions/vous?retour=verifier").send(nom="Grace")
    assert there.heading == "Vérifiez vos réponses" and "Grace" in there.text and "Ada" not in there.text


def test_the_sheet_of_a_service_leads_to_its_procedure(get):
    published(communes=["97001", "97003"], duration="PT4M")
    sheet = get("/services/bac-casse-ou-vole", citycode="97001")
    (button,) = [each for each in sheet.all("a") if "Faire la démarche en ligne" in each.text]
    assert button.attributes["href"] == "/demarches/essai?citycode=97001" and "Environ 4 minutes." in sheet.text
    assert "Faire la démarche en ligne" not in get("/services/bac-casse-ou-vole", citycode="97002").text
    assert "Faire la démarche en ligne" not in get("/services/travaux-dans-un-college").text


def test_the_first_page_is_made_once_for_all_and_holds_nothing_another_typed(client, small_territory, monkeypatch):
    published()
    start = "/demarches/essai/commencer?citycode=97001"
    first = client.get(start).content
    monkeypatch.setattr(questions, "_show", None)
    assert client.get(start).content == first, "made again"
    monkeypatch.undo()
    assert b"typed" in client.get("/demarches/essai/commencer?citycode=typed&citycode=97001").content
    assert client.get(start).content == first


def test_the_first_page_of_a_new_version_is_seen_at_once(client, small_territory):
    for title in ("Avant", "Ensuite"):
        published(title={"fr": title, "en": title})
        assert title in client.get("/demarches/essai/commencer?citycode=97001").content.decode()
