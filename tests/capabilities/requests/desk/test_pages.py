"""The desk as its pages: the queue, a request beside its acts, many at once, exports; for the right agents only."""

import csv
import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from lacydon.capabilities.requests.actions import assigning, bulk, exporting, files, views
from lacydon.capabilities.requests.actions.messages import send_message
from lacydon.capabilities.requests.models import Attachment, Bulk, CannedAnswer, Request, SavedView, Step
from lacydon.capabilities.requests.queries.sealed import new_key, seal
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.clock import now
from tests.capabilities.requests import made
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db


def agent(organisation: str = made.BODY, roles: tuple[str, ...] = ("requests.agent",)):
    """A browser in which an agent of an organisation is signed in; `person` is theirs."""
    body = people.organisation(organisation)
    person = people.agent(organisation=body, roles=roles)
    client = people.signed_in(people.visitor(), person, organisation=organisation)
    client.person = str(person.id)
    return client


def page(client, address, status=200, **posted):
    """A page, read strictly."""
    response = client.post(address, posted) if posted else client.get(address)
    assert response.status_code == status, response.content.decode()[:3000]
    return read(response.content.decode())


def links(shown) -> list[str]:
    return [each.attributes.get("href", "") for each in shown.all("a")]


def kept(number: str, name: str = "photo.jpg", content: bytes = b"une photo") -> Attachment:
    row = Attachment(request=Request.objects.get(number=number), field="x", media_type="image/jpeg", size=len(content),
                     created_at=now(), checked_at=now())  # fmt: skip
    row.name_sealed = seal(name, key=new_key(row), holder=row, field="name_sealed")
    row.save()
    files.keep(row, content)
    return row


def test_the_queue_shows_the_requests_of_the_organisation_and_the_way_to_each():
    mine, other = made.opened().request, made.opened(organisation=made.OTHER).request
    there = agent()
    shown = page(there, "/agent/demandes")
    text = shown.text
    assert mine.number in text and other.number not in text and "À traiter" in text
    assert any(link.startswith(f"/agent/demandes/{mine.number}") for link in links(shown))
    assert other.number in page(agent(made.OTHER), "/agent/demandes?vue=toutes").text


def test_the_queue_says_what_the_resident_did_until_somebody_looks_after_it():
    resident = made.resident()
    number, there = made.opened(actor=resident).request.number, agent()
    send_message(actor=resident, number=number, words="Et alors ?")
    assert "nouveau message" in page(there, "/agent/demandes").text
    assert there.post(f"/agent/demandes/{number}/note", {"words": "Vu"}).status_code == 302
    assert "nouveau message" not in page(there, "/agent/demandes").text


def test_an_empty_queue_teaches():
    assert "dès que les habitants les déposent" in page(agent(), "/agent/demandes").text
    assert "Rien n’est en retard" in page(agent(), "/agent/demandes?vue=retard").text
    assert "Retirez un filtre" in page(agent(), "/agent/demandes?source=web").text


def test_the_queue_asks_as_many_questions_for_ten_requests_as_for_five_hundred():
    there = agent()
    for _each in range(10):
        made.opened()
    Request.objects.update(assignee_id=there.person)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert there.get("/agent/demandes").status_code == 200
        return len(queries)

    asked()
    few = asked()
    held = Request.objects.first()
    names = [field.attname for field in Request._meta.concrete_fields if not field.generated]
    more = []
    for number in range(490):
        row = Request(**{name: getattr(held, name) for name in names})
        row.pk, row.submission_key, row.number = None, None, f"R-2024-{number:06}"
        row.pk, row.submission_key = Attachment().id, Attachment().id
        more.append(row)
    Request.objects.bulk_create(more)
    assert asked() == few <= 23


def test_opening_a_request_is_a_line_of_its_residents_journal():
    resident = made.resident()
    number = made.opened(actor=resident, words="Mon bac est cassé").request.number
    there = agent()
    assert "Mon bac est cassé" in page(there, f"/agent/demandes/{number}").text
    entry = Entry.objects.get(action="request.read")
    assert (str(entry.actor), str(entry.subject)) == (there.person, resident.person)
    page(agent(made.OTHER), f"/agent/demandes/{number}", status=404)
    assert Entry.objects.filter(action="request.read").count() == 1


def test_a_file_is_given_to_keep_and_noted_and_not_given_elsewhere():
    resident = made.resident()
    number, other = made.opened(actor=resident).request.number, made.opened().request.number
    row = kept(number)
    there = agent()
    response = there.get(f"/agent/demandes/{number}/pieces/{row.pk}")
    assert response.content == b"une photo" and "attachment" in response["Content-Disposition"]
    assert str(Entry.objects.get(action="request.attachment").subject) == resident.person
    assert there.get(f"/agent/demandes/{other}/pieces/{row.pk}").status_code == 404
    assert agent(made.OTHER).get(f"/agent/demandes/{number}/pieces/{row.pk}").status_code == 404
    assert Entry.objects.filter(action="request.attachment").count() == 1


def test_an_act_is_done_and_the_page_says_so():
    number, there = made.opened().request.number, agent()
    response = there.post(f"/agent/demandes/{number}/prendre", {"revision": "0", "de": "vue=toutes"})
    assert response.status_code == 302 and response["Location"] == f"/agent/demandes/{number}?de=vue%3Dtoutes"
    assert "vous suivez cette demande" in page(there, response["Location"]).text
    assert str(Request.objects.get().assignee_id) == there.person


def test_what_changed_meanwhile_is_shown_and_what_was_typed_is_kept():
    number, there, colleague = made.opened().request.number, agent(), made.agent()
    assigning.take(actor=colleague, number=number)
    told = {"revision": "0", "seen": "1", "words": "Nous passons demain."}
    shown = page(there, f"/agent/demandes/{number}/message", status=409, **told)
    assert "Quelqu’un d’autre a modifié" in shown.text and "Prise en charge" in shown.text
    assert "Nous passons demain." in shown.text
    assert Step.objects.count() == 2
    again = there.post(f"/agent/demandes/{number}/message", told | {"revision": "1"})
    assert again.status_code == 302 and Step.objects.last().kind == "message"


def test_a_field_that_is_wrong_says_so_beside_itself():
    number, there = made.opened().request.number, agent()
    shown = page(there, f"/agent/demandes/{number}/decision", 422, revision="0", outcome="refused", reason="")
    assert "Un refus, même en partie, se motive" in shown.text
    assert "Donnez un jour" in page(there, f"/agent/demandes/{number}/document", 422, revision="0", what="CNI",
                                    until="demain").text  # fmt: skip
    assert there.post(f"/agent/demandes/{number}/n-importe", {}).status_code == 404


def test_an_answer_ready_is_put_in_the_message_without_javascript():
    number, there = made.opened().request.number, agent()
    answer = CannedAnswer.objects.create(
        organisation_id=made.BODY, title="Reçu", text="Votre demande {numero} est là.", changed_at=now()
    )
    shown = page(there, f"/agent/demandes/{number}/message", insert="1", answer=str(answer.pk), words="Bonjour,")
    assert f"Votre demande {number} est là." in shown.text and "Bonjour," in shown.text
    assert Step.objects.count() == 1


def test_who_reads_only_sees_no_act():
    number = made.opened().request.number
    reader = agent(roles=("requests.reader",))
    assert "votre rôle ne permet pas" in page(reader, f"/agent/demandes/{number}").text
    assert "Exporter" not in page(reader, "/agent/demandes").text
    assert reader.post(f"/agent/demandes/{number}/prendre", {}).status_code == 403
    assert reader.post("/agent/demandes/export", {"form": "csv"}).status_code == 403


def test_a_wrong_number_of_a_duplicate_is_said_beside_it_and_six_signs_are_enough():
    one, two = made.opened().request.number, made.opened().request.number
    other = made.opened(organisation=made.OTHER).request.number
    there = agent()
    for wrong in ("R-2026-ZZZZZZ", other, "%"):
        shown = page(there, f"/agent/demandes/{two}/joindre", status=422, into=wrong, words="Déjà signalé")
        assert shown.one("textarea", id="merge-words").text.strip() == "Déjà signalé"
        assert "Aucune demande de ce numéro" in shown.one("span", id="joindre-into-wrong").words
    assert there.post(f"/agent/demandes/{two}/joindre", {"revision": "0", "into": one[-6:].lower()}).status_code == 302
    assert Request.objects.get(number=two).merged_into.number == one


def test_a_request_sent_on_leaves_the_queue():
    number, there = made.opened().request.number, agent()
    people.organisation(made.OTHER)
    response = there.post(
        f"/agent/demandes/{number}/transmettre", {"revision": "0", "to": made.OTHER, "why": "Ce n’est pas nous."}
    )
    assert response.status_code == 302
    assert number not in page(there, "/agent/demandes?vue=toutes").text
    page(there, f"/agent/demandes/{number}", status=404)


def test_many_at_once_ask_first_then_tell():
    one, two = made.opened().request.number, made.opened().request.number
    there = agent()
    asked = page(there, "/agent/demandes/lot", act="assign", numero=[one, two])
    assert "2 demandes" in asked.text and Request.objects.filter(assignee=None).count() == 2
    done = there.post(
        "/agent/demandes/lot", {"act": "assign", "numero": [one, two], "confirm": "1", "to": there.person}
    )
    assert "2 sur 2" in page(there, done["Location"]).text
    assert Request.objects.filter(assignee_id=there.person).count() == 2
    assert there.post("/agent/demandes/lot", {"act": "assign"}).status_code == 302
    assert "Choisissez une réponse" in page(there, "/agent/demandes/lot", 422, act="answer", numero=[one],
                                            confirm="1", answer="9").text  # fmt: skip


def test_more_than_two_hundred_are_done_in_the_background(monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    there = agent()
    for _each in range(2):
        made.opened()
    with django_capture_on_commit_callbacks(execute=True):
        done = there.post("/agent/demandes/lot", {"act": "assign", "tout": "1", "confirm": "1", "to": there.person})
    shown = page(there, done["Location"])
    assert "0 sur 2" in shown.text and "cela continue" in shown.text
    assert there.get(done["Location"]).status_code == 200 and agent().get(done["Location"]).status_code == 404
    (job,) = DBTaskResult.objects.filter(task_path__endswith=".carry_on_bulk")
    bulk.carry_on(**job.args_kwargs["kwargs"])
    assert "2 sur 2" in page(there, done["Location"]).text and Bulk.objects.get().ended_at


def lines(response) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_what_is_exported_is_what_is_filtered_and_the_journal_knows(monkeypatch):
    bad = made.form("formule", title={"fr": '=HYPERLINK("http://x")'})
    mine = made.opened(form=bad).request.number
    made.opened()
    made.opened(organisation=made.OTHER)
    Request.objects.filter(number=mine).update(source="open311", skill="@SUM(A1)")
    there = agent()
    (row,) = lines(there.post("/agent/demandes/export", {"form": "csv", "de": "source=open311"}))
    assert row["Numéro"] == mine
    assert row["Démarche"].startswith("'=") and row["Compétence"] == "'@SUM(A1)"
    assert len(lines(there.post("/agent/demandes/export", {"form": "csv", "de": "vue=toutes"}))) == 2
    assert Entry.objects.filter(action="request.export").count() == 2
    sheet = b"".join(there.post("/agent/demandes/export", {"form": "xlsx", "numero": mine}).streaming_content)
    book = zipfile.ZipFile(io.BytesIO(sheet))
    cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert mine in cells and "<f>" not in cells and cells.count("<row") == 2
    assert there.post("/agent/demandes/export", {"form": "exe"}).status_code == 302


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@x", "\t=1", "\r=1", "\n=1"])
def test_no_cell_is_a_formula(text):
    assert exporting.cell(text) == f"'{text}" and exporting.cell("R-2026") == "R-2026" and exporting.cell(None) == ""


def test_a_view_is_kept_and_found_again_and_removed():
    there = agent()
    assert "En retard" in page(there, "/agent/demandes/vues?de=vue%3Dretard").text
    there.post("/agent/demandes/vues", {"de": "vue=retard", "name": "Mes retards"})
    assert "Mes retards" in page(there, "/agent/demandes").text
    assert "Mes retards" not in page(agent(), "/agent/demandes").text
    assert "quelques mots" in page(there, "/agent/demandes/vues", 422, de="vue=retard", name=" ").text
    view = SavedView.objects.get()
    assert agent().post("/agent/demandes/vues", {"retirer": str(view.pk)}).status_code == 302
    assert SavedView.objects.exists()
    there.post("/agent/demandes/vues", {"retirer": str(view.pk)})
    assert not SavedView.objects.exists()


def test_who_manages_writes_the_answers_others_use():
    manager = agent(roles=("requests.manager",))
    manager.post("/agent/demandes/reponses", {"title": "Reçu", "text": "Bonjour {numero}"})
    shown = page(agent(), "/agent/demandes/reponses").text
    assert "Bonjour {numero}" in shown and "Écrire une réponse" not in shown
    answer = CannedAnswer.objects.get()
    assert "Modifier une réponse" in page(manager, f"/agent/demandes/reponses?modifier={answer.pk}").text
    manager.post("/agent/demandes/reponses", {"id": str(answer.pk), "title": "Reçu", "text": "Bien reçu"})
    assert CannedAnswer.objects.get().text == "Bien reçu"
    assert "n’est pas un champ connu" in page(manager, "/agent/demandes/reponses", 422, title="x", text="{zut}").text
    manager.post("/agent/demandes/reponses", {"retirer": str(answer.pk)})
    assert not CannedAnswer.objects.exists()


def test_the_board_says_how_the_work_goes_and_names_agents_to_who_manages():
    row = made.opened().request
    there = agent()
    Request.objects.filter(pk=row.pk).update(assignee_id=there.person)
    shown = page(there, "/agent/tableau").text
    assert "Par service" in shown and "Par agent" not in shown and "La file grandit" in shown
    Request.objects.filter(pk=row.pk).update(state="closed", outcome="accepted", closed_at=now())
    shown = page(there, "/agent/tableau").text
    assert "moins d’un jour" in shown and "autant de closes que d’arrivées" in shown
    assert "Par agent" in page(agent(roles=("requests.manager",)), "/agent/tableau").text


def test_the_agents_menu_leads_to_the_desk_with_the_role_only():
    assert "/agent/demandes" in links(page(agent(), "/agent"))
    assert "/agent/demandes" not in links(page(agent(roles=("trust.helper",)), "/agent"))


def test_a_shared_view_leads_to_its_filters():
    manager = made.agent(roles=("requests.manager",))
    views.save_view(actor=manager, name="À personne", query="agent=personne", shared=True)
    assert "?agent=personne" in links(page(agent(), "/agent/demandes"))
