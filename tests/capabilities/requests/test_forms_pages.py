"""The pages of who writes forms, and the address of the JSON Schema."""

import pytest
from jsonschema import Draft202012Validator

from lacydon.capabilities.requests.actions import forms as acts
from lacydon.capabilities.requests.models import FormVersion
from lacydon.capabilities.requests.queries import forms
from lacydon.config.commands.folder import load
from lacydon.kernel.forms import validate
from tests.capabilities.requests.texts import CHANGED, TEXT, TWO_PAGES, territory_with_a_form
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db
BODY = "metropole"


@pytest.fixture
def folder(tmp_path, territory_folder):
    copy = territory_with_a_form(territory_folder, tmp_path)
    assert load(copy) == 0
    return copy


@pytest.fixture
def editor(client, folder):
    body = people.organisation(BODY, kind="metropole")
    person = people.agent(organisation=body, roles=("requests.editor",))
    client.actor = people.actor(person, organisation=BODY)
    return people.signed_in(client, person, organisation=BODY)


def page(response, status=200):
    assert response.status_code == status, response.content.decode()
    return read(response.content.decode())


def write(editor, text, act="enregistrer", seen="", form="bac", **more):
    return editor.post(f"/agent/formulaires/{form}", {"text": text, "faire": act, "vu": seen, **more})


def test_the_list_names_every_form_its_version_and_its_draft(editor):
    acts.save_draft_version(actor=editor.actor, form="autre", text="id: autre")
    words = page(editor.get("/agent/formulaires")).one("main").words
    assert "autre" in words and "Un bac" in words


def test_the_menu_of_agents_leads_to_the_forms_and_each_role_to_its_own_desk(editor):
    bureau = page(editor.get("/agent"))
    assert bureau.one("nav", aria_label="Espace agent").one("a", href="/agent/formulaires").words == "Formulaires"
    assert bureau.one("ul", class_="deck").one("a", href="/agent/formulaires")
    clerk = people.agent(organisation=people.organisation(BODY), roles=("requests.agent",))
    bureau = page(people.signed_in(people.visitor(), clerk, organisation=BODY).get("/agent"))
    led = {each.attributes["href"] for each in bureau.one("nav", aria_label="Espace agent").all("a")}
    assert {"/agent/demandes", "/agent/rendez-vous"} <= led
    assert not led & {"/agent/formulaires", "/agent/livraisons"}


def test_a_new_form_begins_with_a_few_lines(editor):
    answer = editor.get("/agent/formulaires", {"nouveau": "carte-de-bibliotheque"})
    assert answer["Location"] == "/agent/formulaires/carte-de-bibliotheque"
    assert "id: carte-de-bibliotheque" in page(editor.get(answer["Location"])).one("textarea").text
    refused = page(editor.get("/agent/formulaires", {"nouveau": "Carte !"}), 422)
    assert refused.one("input", name="nouveau").attributes["aria-invalid"] == "true"
    page(editor.get("/agent/formulaires/Carte_x"), 404)


def test_a_text_is_checked_with_each_fault_beside_its_line_and_nothing_typed_is_lost(editor):
    wrong = TEXT.replace("type: choice", "type: <couleur>")
    shown = page(write(editor, wrong, act="verifier"), 422)
    assert shown.one("textarea").text.strip() == wrong.strip()
    (fault,) = shown.one("div", class_="summary").all("li")
    assert "Ligne 9" in fault.words and "type: <couleur>" in fault.one("code").text and "Attendu" in fault.words
    assert FormVersion.objects.count() == 1
    kept = page(write(editor, wrong), 422)
    assert "avec ses fautes" in kept.words
    assert FormVersion.objects.get(state="draft").text == wrong
    back = page(editor.get("/agent/formulaires/bac"))
    assert back.one("textarea").text.strip() == wrong.strip() and "Ligne 9" in back.words


def test_the_live_check_answers_what_the_page_would(editor):
    told = editor.post("/agent/formulaires/bac/fautes", {"text": TEXT.replace("type: choice", "type: couleur")}).json()
    assert told["count"] == 1 and "Ligne 9" in told["html"]
    told = editor.post("/agent/formulaires/bac/fautes", {"text": TEXT}).json()
    assert told["count"] == 0 and "Aucune faute" in told["html"]


def test_a_draft_is_compared_published_and_withdrawn_without_a_script(editor):
    answer = write(editor, CHANGED)
    assert answer["Location"] == "/agent/formulaires/bac/versions/2"
    shown = page(editor.get(answer["Location"]))
    kinds = [each.attributes["class"] for each in shown.one("table").one("tbody").all("tr")]
    assert kinds.count("gone") == kinds.count("new") == 1
    published = editor.post(answer["Location"], {"faire": "publier", "pourquoi": "plus clair"})
    shown = page(editor.get(published["Location"]))
    assert "Publié : le formulaire sert" in shown.words
    assert forms.published_form("bac").form.title["fr"] == "Un bac à changer"
    listed = page(editor.get("/agent/formulaires/bac/versions", {"de": 1, "a": 2}))
    assert "plus clair" in listed.words and "Du dossier du territoire" in listed.words
    assert listed.one("tr", class_="new").one("code").text == 'title: {fr: "Un bac à changer", en: "A bin"}'
    withdrawn = editor.post("/agent/formulaires/bac/versions/2", {"faire": "retirer"})
    assert "plus personne ne le commence" in page(editor.get(withdrawn["Location"])).words
    assert forms.published_forms() == {}


def test_somebody_else_s_draft_is_not_overwritten_without_a_word(editor):
    acts.save_draft_version(actor=editor.actor, form="bac", text=CHANGED)
    shown = page(write(editor, TWO_PAGES), 409)
    assert shown.one("textarea").text.strip() == TWO_PAGES.strip() and "rien n’est perdu" in shown.words
    assert FormVersion.objects.get(state="draft").text == CHANGED
    seen = shown.one("input", name="vu").attributes["value"]
    assert write(editor, TWO_PAGES, seen=seen).status_code == 302
    assert FormVersion.objects.get(state="draft").text == TWO_PAGES


def test_what_may_not_be_published_says_why(editor):
    write(editor, TEXT.replace("type: choice", "type: couleur"))
    shown = page(editor.get("/agent/formulaires/bac/versions/2"))
    assert "Une faute reste à corriger" in shown.words and not shown.all("button", value="publier")
    answer = editor.post("/agent/formulaires/bac/versions/2", {"faire": "publier"})
    assert "a des fautes" in page(editor.get(answer["Location"])).words
    answer = editor.get("/agent/formulaires/bac/versions/2/apercu")
    assert "a des fautes" in page(editor.get(answer["Location"])).words
    page(editor.get("/agent/formulaires/bac/versions/9"), 404)
    page(editor.get("/agent/formulaires/rien/versions"), 404)


def test_the_preview_asks_what_a_resident_is_asked_and_keeps_nothing(editor):
    answer = write(editor, TWO_PAGES, act="voir")
    address = answer["Location"]
    shown = page(editor.get(address))
    assert shown.one("h1").words == "L’état" and "rien n’est enregistré" in shown.words
    wrong = page(editor.post(f"{address}?page=etat", {"faire": "suivre", "casse": "yes", "ou": ""}), 422)
    assert "Remplissez ce champ" in wrong.words and "document" not in wrong.one("div", class_="summary").words
    last = page(editor.post(f"{address}?page=etat", {"faire": "suivre", "casse": "yes", "ou": "ici"}))
    assert last.one("h1").words == "Vous" and "<b>jamais</b>" in last.words
    carried = last.one("input", name="apercu").attributes["value"]
    assert carried == '{"casse": true, "ou": "ici"}'
    over = page(editor.post(f"{address}?page=vous", {"faire": "suivre", "email": "a@exemple.fr", "apercu": carried}))
    assert "passerait maintenant au résumé" in over.words
    stolen = page(editor.post(f"{address}?page=etat", {"faire": "suivre", "casse": "no"}))
    assert stolen.one("h1").words == "Le vol"
    for strange in ("[", "[1]", '{"casse": {"x": 1}, "y": 2}', "[" * 50_000):
        page(editor.post(f"{address}?page=etat", {"faire": "suivre", "casse": "no", "apercu": strange}))


# The API


def test_the_schema_of_a_form_is_published_and_holds_its_answers(client, folder):
    listed = client.get("/api/v1/forms").json()
    assert [each["id"] for each in listed["results"]] == ["bac"]
    answer = client.get(listed["results"][0]["schema"].removeprefix("http://testserver"), {"lang": "en"})
    assert answer["Content-Type"] == "application/schema+json"
    schema = answer.json()
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == "A bin" and schema["$id"].endswith("/api/v1/forms/bac/schema")
    checked = validate(forms.published_form("bac").form, {"etat": "casse"})
    Draft202012Validator(schema).validate(checked.answers)
    assert not Draft202012Validator(schema).is_valid({"etat": "neuf"})
    assert client.get("/api/v1/forms/rien/schema").status_code == 404
    assert client.get("/api/v1/forms", {"service": "carte-identite"}).json()["count"] == 0
