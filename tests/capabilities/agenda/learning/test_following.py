"""What evaluations ask is answered and followed up by who answers for it; they are reminded once before and once after."""

from datetime import date, timedelta
from email import message_from_bytes, policy

import lxml.html
import pytest

from lacydon.capabilities.agenda.jobs.following import tell_what_is_due
from lacydon.capabilities.agenda.models import Reminder, State
from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.nouns import Evaluation
from lacydon.capabilities.trust.models import ContactKind, ContactPoint, Entry, Organisation
from lacydon.capabilities.trust.queries.contacts import contact_place
from lacydon.capabilities.trust.queries.keys import seal_for
from lacydon.kernel.clock import now, today
from tests.capabilities.agenda.writing.plan import METROPOLE, TOWN, agent_of, filled, put, small_plan, thing
from tests.capabilities.trust import people
from tests.markup import read

pytestmark = pytest.mark.django_db
HERE = "/agents/agenda/suites"
ONE = f"{HERE}/bilan/relire"
SOON = today() + timedelta(days=10)


def evaluation(**said):
    told = {
        "agenda": "numerique", "actions": ["ecoles"], "kind": "finale", "questions": [{"fr": "Pourquoi ?"}],
        "evaluator": "Labo", "independent": True, "method": {"fr": "Entretiens."}, "published": date(2020, 1, 1),
        "recommendations": [
            {"id": "relire", "text": {"fr": "Relire chaque fiche"}, "answer_by": SOON},
            {"id": "ouvrir", "text": {"fr": "Ouvrir le samedi"}},
        ],
    }  # fmt: skip
    return thing("evaluation", "bilan", **(told | said))


@pytest.fixture(autouse=True)
def plan(small_territory, settings):
    settings.SNAPSHOT_SECONDS = 0
    small_plan()
    put(("evaluation", evaluation()))


@pytest.fixture
def steward():
    return agent_of(METROPOLE, "agenda.steward")


@pytest.fixture
def writer():
    return agent_of(TOWN, "agenda.writer")


def seen(client, address, *, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    read(answer.content.decode())
    return lxml.html.fromstring(answer.content.decode())


def typed(page, verb):
    """What the form with this button would send."""
    form = page.xpath(f"//form[.//button[@value='{verb}']]")[0]
    said = {"faire": verb}
    for each in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        if each.tag == "select":
            said[each.get("name")] = (each.xpath("./option[@selected]/@value") or each.xpath("./option/@value"))[0]
        elif each.tag == "textarea":
            said[each.get("name")] = (each.text or "").strip()
        elif each.get("type") != "radio" or each.get("checked") is not None:
            said[each.get("name")] = each.get("value") or ""
    return said


def recommendation(id="relire"):
    return next(each for each in chart().one(Evaluation, "bilan").recommendations if each.id == id)


def test_who_leads_the_action_answers_in_two_presses_then_says_it_is_done(writer, client):
    desk = seen(writer, HERE)
    (link,) = desk.xpath("//a[@class='btn'][contains(., 'Relire chaque fiche')]/@href")
    said = typed(seen(writer, link), "repondre")
    assert said["organisme"] == TOWN
    due = (today() + timedelta(days=30)).isoformat()
    answered = writer.post(
        link, said | {"reponse": "partielle", "pourquoi": "Une sur deux d’abord.", "pour_le": due, "service": "Accueil"}
    )
    assert answered.status_code == 302 and answered["Location"] == HERE
    given = recommendation().answer
    assert (given.answer, given.owner, given.service, given.answered) == ("partielle", TOWN, "Accueil", today())
    state = State.objects.get(kind="evaluation", object="bilan", last=True)
    assert "Relire chaque fiche" in state.reason and Entry.objects.get(pk=state.entry).actor_id is not None
    assert "Une sur deux d’abord." in client.get("/agenda/evaluations/bilan").content.decode()

    said = typed(seen(writer, link), "fait")
    refused = writer.post(link, said)
    assert refused.status_code == 422
    assert lxml.html.fromstring(refused.content.decode()).get_element_by_id("preuve").get("aria-invalid") == "true"
    said = typed(seen(writer, link), "fait") | {"preuve": "https://ville.example/fiches"}
    assert writer.post(link, said).status_code == 302
    assert (recommendation().answer.done, recommendation().answer.evidence) == (today(), "https://ville.example/fiches")
    public = client.get("/agenda/evaluations/bilan").content.decode()
    assert 'href="https://ville.example/fiches"' in public
    writer.post(link, typed(seen(writer, link), "rouvrir"))
    assert recommendation().answer.done is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"reponse": "", "pourquoi": "Oui."}, "reponse"),
        ({"reponse": "acceptee", "pourquoi": ""}, "pourquoi"),
        ({"reponse": "acceptee", "pourquoi": "Oui.", "pour_le": ""}, "pour_le"),
        ({"reponse": "acceptee", "pourquoi": "Oui.", "pour_le": "demain"}, "pour_le"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(writer, said, field):
    answer = writer.post(ONE, typed(seen(writer, ONE), "repondre") | said)
    assert answer.status_code == 422
    page = lxml.html.fromstring(answer.content.decode())
    assert page.xpath(f"//div[@class='summary']//a[@href='#{field}']")
    assert recommendation().answer is None


def test_a_refusal_needs_no_date_and_closes_it(writer):
    said = typed(seen(writer, ONE), "repondre") | {"reponse": "refusee", "pourquoi": "Déjà fait ailleurs."}
    assert writer.post(ONE, said | {"pour_le": "2030-01-01"}).status_code == 302
    assert recommendation().answer.due is None
    assert "1 recommandation faite ou refusée" in seen(writer, HERE).text_content()


def test_others_neither_see_it_nor_answer_nor_write_the_evaluation(writer, steward):
    other = agent_of("commune-97002", "agenda.writer")
    assert "Relire chaque fiche" not in seen(other, HERE).text_content()
    assert other.get(ONE).status_code == 403
    assert writer.get("/agents/agenda/evaluations/bilan").status_code == 403
    assert "Relire chaque fiche" in seen(steward, HERE).text_content()


def test_two_answers_at_once_are_not_lost(writer, steward):
    said = typed(seen(writer, ONE), "repondre") | {"reponse": "refusee", "pourquoi": "Non."}
    put(("evaluation", evaluation(method={"fr": "Entretiens et comptages."})))
    answer = writer.post(ONE, said)
    assert answer.status_code == 409 and "Non." in answer.content.decode()
    assert recommendation().answer is None


def test_the_steward_writes_an_evaluation_and_its_findings_wait_for_the_day_it_is_published(steward, client):
    page = seen(steward, "/agents/agenda/evaluations/nouveau")
    said = filled(page) | {"faire": "ajouter:questions"}
    said = filled(lxml.html.fromstring(steward.post("/agents/agenda/evaluations/nouveau", said).content.decode()))
    for verb in ("findings", "recommendations"):
        page = steward.post("/agents/agenda/evaluations/nouveau", said | {"faire": f"ajouter:{verb}"}).content.decode()
        said = filled(lxml.html.fromstring(page))
    said |= {
        "title.fr": "Le guichet", "kind": "ex-post", "questions.0.fr": "Qui vient encore ?", "evaluator": "Labo",
        "method.fr": "Comptages.", "findings.0.fr": "Une personne sur dix.", "due": "2030-01-01",
        "recommendations.0.text.fr": "Garder un guichet", "faire": "enregistrer", "_reason": "Commandée",
    }  # fmt: skip
    answer = steward.post("/agents/agenda/evaluations/nouveau", said)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    made = chart().one(Evaluation, "le-guichet")
    assert made.recommendations[0].id == "garder-un-guichet"
    for address in ("/agenda/evaluations/le-guichet", "/api/v1/agenda/evaluations/le-guichet", "/agenda/changements"):
        told = client.get(address)
        assert "Une personne sur dix." not in told.content.decode(), address
    assert "Qui vient encore" in client.get("/agenda/evaluations/le-guichet").content.decode()
    said = filled(seen(steward, "/agents/agenda/evaluations/le-guichet"))
    steward.post(
        "/agents/agenda/evaluations/le-guichet",
        said | {"published": "2026-01-05", "faire": "enregistrer", "_reason": "Rendue"},
    )
    assert "Une personne sur dix." in client.get("/agenda/evaluations/le-guichet").content.decode()


# Reminders


def told_at(email, role, organisation):
    person = people.agent(organisation=Organisation.objects.get(pk=organisation), roles=(role,))
    sealed = seal_for(person.pk, email, place=contact_place(person=person.pk, kind=ContactKind.EMAIL))
    ContactPoint.objects.create(
        person=person, kind=ContactKind.EMAIL, sealed=sealed, verified_at=now(), changed_at=now()
    )


@pytest.fixture
def morning(settings, tmp_path, django_capture_on_commit_callbacks):
    settings.HOME, settings.PUBLIC_URL = tmp_path, "https://lacydon.example"
    known = set()

    def letters():
        with django_capture_on_commit_callbacks(execute=True):
            tell_what_is_due.call()
        new = [each for each in sorted((tmp_path / "mail").glob("*.eml")) if each.name not in known]
        known.update(each.name for each in new)
        found = [message_from_bytes(each.read_bytes(), policy=policy.default) for each in new]
        return {each["To"]: each.get_body(("plain",)).get_content() for each in found}

    return letters


def test_who_answers_for_it_is_told_once_before_and_once_after(morning):
    assert morning() == {}
    told_at("porteur@ville.example", "agenda.writer", TOWN)
    told_at("pilote@metropole.example", "agenda.steward", METROPOLE)
    first = morning()
    assert "Relire chaque fiche" in first["porteur@ville.example"]
    assert "dans 10 jours" in first["porteur@ville.example"]
    assert "https://lacydon.example/agents/agenda/suites" in first["porteur@ville.example"]
    assert "Ouvrir le samedi" in first["pilote@metropole.example"]  # what is late is the steward's too
    assert "Relire chaque fiche" not in first["pilote@metropole.example"]
    assert morning() == {}
    answered = {"answer": "acceptee", "reason": {"fr": "Oui."}, "due": today() - timedelta(days=1)}
    put(("evaluation", evaluation(recommendations=[{"id": "relire", "text": {"fr": "Relire"}, "answer": answered}])))
    late = morning()
    assert set(late) == {"porteur@ville.example", "pilote@metropole.example"}
    assert "en retard d’un jour" in late["porteur@ville.example"]
    assert morning() == {}


def test_an_evaluation_that_was_promised_is_told_to_the_house(morning):
    told_at("pilote@metropole.example", "agenda.steward", METROPOLE)
    put(("evaluation", evaluation(published=None, recommendations=[], due=today() + timedelta(days=3))))
    assert "évaluation promise, dans 3 jours" in morning()["pilote@metropole.example"]
    assert Reminder.objects.get().moment == "avant"
