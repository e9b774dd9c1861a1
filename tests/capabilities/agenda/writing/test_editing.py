"""Agents write the agenda in a browser: what their organisation leads, with a reason, one change after the other."""

import lxml.html
import pytest

from lacydon.capabilities.agenda.loader import AgendaReader
from lacydon.capabilities.agenda.models import Frozen, State
from lacydon.capabilities.agenda.public import chart, freeze
from lacydon.capabilities.agenda.queries.nouns import Action, Axis
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel.access import MACHINE
from tests.capabilities.agenda.writing.plan import METROPOLE, TOWN, action, agent_of, filled, put, small_plan
from tests.markup import read

pytestmark = pytest.mark.django_db
HERE = "/agents/agenda/actions/portail"


@pytest.fixture(autouse=True)
def plan(small_territory):
    small_plan()


@pytest.fixture
def steward():
    return agent_of(METROPOLE, "agenda.steward")


@pytest.fixture
def writer():
    return agent_of(TOWN, "agenda.writer")


def page(client, address=HERE, *, status=200):
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:3000]
    read(answer.content.decode())
    return lxml.html.fromstring(answer.content.decode())


def post(client, address, said, *, status=302, **more):
    answer = client.post(address, {**said, **more})
    assert answer.status_code == status, answer.content.decode()[:6000]
    if status != 302:
        read(answer.content.decode())
    return answer.content.decode()


def portail() -> Action:
    return chart().one(Action, "portail")


def test_an_untouched_form_changes_nothing(steward):
    said = filled(page(steward))
    post(steward, HERE, said, faire="enregistrer", _reason="Relu")
    assert State.objects.get(kind="action", object="portail", last=True).number == 1


def test_a_change_is_kept_with_its_reason_and_in_the_journal(steward):
    said = filled(page(steward))
    said |= {
        "status": "en-pause", "health": "orange", "health_reason.fr": "Le marché est infructueux", "confidence": "40",
        "milestones.0.forecast": "2026-09-30", "faire": "enregistrer", "_reason": "Comité du 3 mars", "_act": "vote",
    }  # fmt: skip
    post(steward, HERE, said)
    now = portail()
    assert (now.status, now.health, now.confidence) == ("en-pause", "orange", 40)
    assert (now.milestones[0].id, str(now.milestones[0].forecast)) == ("ouverture", "2026-09-30")
    assert now.description.en == "An action."  # what the form does not show is not lost
    state = State.objects.get(kind="action", object="portail", last=True)
    entry = Entry.objects.get(pk=state.entry)
    assert (state.reason, state.act, entry.object) == ("Comité du 3 mars", "vote", "action:portail")
    assert entry.actor_id is not None
    assert "Comité du 3 mars" in steward.get(HERE).content.decode()


def test_faults_are_told_beside_their_fields_and_nothing_is_lost(steward):
    said = filled(page(steward))
    said |= {
        "title.fr": "", "confidence": "cent", "milestones.0.baseline": "31/02/2026", "owner": "Nulle part",
        "problem.fr": "Un autre problème", "faire": "enregistrer", "_reason": "",
    }  # fmt: skip
    html = post(steward, HERE, said, status=422)
    tree = lxml.html.fromstring(html)
    for anchor in ("title-fr", "confidence", "milestones-0-baseline", "owner", "_reason"):
        assert tree.xpath(f"//div[@class='summary']//a[@href='#{anchor}']"), anchor
        assert tree.get_element_by_id(anchor).get("aria-invalid") == "true", anchor
    assert "Un autre problème" in html
    assert "31/02/2026" in html
    assert portail().title.fr == "Titre de portail"


def test_what_is_not_coherent_is_told_beside_its_field(steward):
    said = filled(page(steward)) | {"axes.0.weight": "60", "faire": "enregistrer", "_reason": "Partage"}
    html = post(steward, HERE, said, status=422)
    assert lxml.html.fromstring(html).xpath("//div[@class='summary']//a[@href='#axes']")
    assert "100" in html


def test_rows_come_and_go_without_script_and_without_writing(steward):
    said = filled(page(steward)) | {"faire": "ajouter:milestones"}
    html = post(steward, HERE, said, status=200)
    said = filled(lxml.html.fromstring(html))
    assert "milestones.1.title.fr" in said
    said |= {"milestones.1.title.fr": "Généralisation", "milestones.1.baseline": "2027-01-01"}
    said |= {"faire": "enregistrer", "_reason": "Un jalon de plus"}
    post(steward, HERE, said)
    assert [each.id for each in portail().milestones] == ["ouverture", "generalisation"]
    said = filled(page(steward)) | {"faire": "retirer:milestones.0"}
    html = post(steward, HERE, said, status=200)
    assert filled(lxml.html.fromstring(html))["milestones.0.title.fr"] == ["Généralisation"]
    assert len(portail().milestones) == 2


def test_a_writer_writes_what_their_organisation_leads_and_no_more(writer, steward):
    desk = writer.get("/agents/agenda").content.decode()
    assert "Titre de ecoles" in desk
    assert "Titre de portail" not in desk
    assert writer.get(HERE).status_code == 403
    said = filled(page(writer, "/agents/agenda/actions/ecoles")) | {"faire": "enregistrer", "_reason": "Rentrée"}
    post(writer, "/agents/agenda/actions/ecoles", said | {"priority": "1"})
    assert chart().one(Action, "ecoles").priority == 1
    said = filled(page(writer, "/agents/agenda/actions/ecoles")) | {"faire": "enregistrer", "_reason": "À vous"}
    post(writer, "/agents/agenda/actions/ecoles", said | {"owner": METROPOLE}, status=403)
    assert writer.get("/agents/agenda/axes/services").status_code == 403
    assert writer.post("/agents/agenda/figer", {"act": "vote", "faire": "figer"}).status_code == 403
    assert "Titre de portail" in steward.get("/agents/agenda").content.decode()


def test_the_steward_of_another_organisation_writes_its_own_actions_only():
    other = agent_of(TOWN, "agenda.steward")
    assert other.get("/agents/agenda/actions/ecoles").status_code == 200
    assert other.get(HERE).status_code == 403
    assert other.get("/agents/agenda/axes/services").status_code == 403
    assert other.post("/agents/agenda/figer", {"act": "vote", "faire": "figer"}).status_code == 403
    assert not Frozen.objects.exists()


def test_two_people_see_both_and_choose(steward):
    mine = filled(page(steward))
    put(("action", action(status="en-pause", priority=1)))
    mine |= {"status": "realisee", "service": "Direction du numérique", "faire": "enregistrer", "_reason": "Fini"}
    html = post(steward, HERE, mine, status=409)
    tree = lxml.html.fromstring(html)
    assert tree.xpath("//input[@name='choix.service'][@value='miennes'][@checked]")  # only I changed it
    assert tree.xpath("//input[@name='choix.priority'][@value='leurs'][@checked]")  # only they did
    assert not tree.xpath("//input[@name='choix.status'][@checked]")
    said = filled(tree) | {"faire": "reunir"}
    html = post(steward, HERE, said, status=409)
    assert "Choisissez pour chaque point" in html
    post(steward, HERE, said | {"choix.status": "miennes"})
    now = portail()
    assert (now.status, now.priority, now.service) == ("realisee", 1, "Direction du numérique")


def test_removed_then_back(steward):
    post(steward, f"{HERE}/retirer", {"vu": 1, "raison": "Doublon"})
    assert chart().get(Action, "portail") is None
    html = steward.get("/agents/agenda").content.decode()
    assert "Doublon" in html
    post(steward, f"{HERE}/retablir", {"etat": 1, "vu": 0})
    assert portail().status == "en-cours"
    assert State.objects.get(kind="action", object="portail", last=True).number == 3


def test_what_others_name_stays(steward):
    put(("action", action("ecoles", code="A2", owner=TOWN, dependencies=[{"action": "portail"}])))
    post(steward, f"{HERE}/retirer", {"vu": 1, "raison": "Doublon"})
    assert portail() is not None
    assert "A2 · Titre de ecoles" in steward.get(HERE).content.decode()


def test_back_to_an_earlier_state(steward):
    put(("action", action(status="abandonnee")))
    post(steward, f"{HERE}/retablir", {"etat": 1, "vu": 2})
    assert portail().status == "en-cours"


def test_a_new_action_and_a_new_axis(writer, steward):
    said = filled(page(writer, "/agents/agenda/actions/nouveau"))
    said |= {
        "title.fr": "Des écoles connectées", "code": "A3", "axes.0.axis": "Titre de services", "problem.fr": "Un fil.",
        "description.fr": "La fibre.", "communes.n": "1", "communes.0.citycode": "Olivette", "communes.0.role": "pilote",
        "faire": "enregistrer", "_reason": "Demande du maire",
    }  # fmt: skip
    post(writer, "/agents/agenda/actions/nouveau", said)
    made = chart().one(Action, "des-ecoles-connectees")
    assert (made.owner, made.status, made.communes[0].citycode) == (TOWN, "idee", "97001")
    assert "Métropole de la Rade bleue" not in writer.get("/agents/agenda").content.decode()
    said = filled(page(steward, "/agents/agenda/axes/nouveau"))
    said |= {"title.fr": "Territoire", "order": "2", "ambition.fr": "Relier", "sdg": "9.c\n11", "faire": "enregistrer"}
    post(steward, "/agents/agenda/axes/nouveau", said | {"_reason": "Nouvel axe", "_id": "territoire"})
    assert chart().one(Axis, "territoire").sdg == ("9.c", "11")


def test_what_was_voted_moves_by_another_act_only(writer, steward):
    put(("action", action("ecoles", code="A2", owner=TOWN)))
    freeze(agenda="numerique", act="vote", actor=MACHINE)
    address = "/agents/agenda/actions/ecoles"
    shown = page(writer, address)
    assert shown.get_element_by_id("milestones-0-baseline").get("readonly") is not None
    said = filled(shown) | {"faire": "enregistrer", "_reason": "Retard", "milestones.0.baseline": "2026-12-31"}
    html = post(writer, address, said, status=409)
    assert lxml.html.fromstring(html).xpath("//div[@class='summary']//a[@href='#milestones-0-baseline']")
    post(
        writer, address, filled(shown) | {"faire": "enregistrer", "_reason": "Retard", "milestones.n": "0"}, status=409
    )
    said = filled(page(steward, address)) | {"faire": "enregistrer", "_reason": "Vote", "planned.end": "2028-01-01"}
    post(steward, address, said, status=409)
    post(steward, address, said | {"_act": "vote"})
    assert str(chart().one(Action, "ecoles").planned.end) == "2028-01-01"


def test_many_at_once_after_a_look(steward):
    said = {"action": ["portail", "ecoles"], "_health": "rouge", "_end": "2028-06-30", "_reason": "Gel des crédits"}
    html = post(steward, "/agents/agenda/lot", said | {"faire": "regarder"}, status=200)
    assert "En difficulté" in html
    assert portail().health == "vert"
    said |= {name: value for name, value in filled(lxml.html.fromstring(html)).items() if name.startswith("vu.")}
    post(steward, "/agents/agenda/lot", said | {"faire": "confirmer"})
    for each in ("portail", "ecoles"):
        found = chart().one(Action, each)
        assert (found.health, str(found.revised[-1].end), found.revised[-1].reason) == (
            "rouge", "2028-06-30", "Gel des crédits",
        )  # fmt: skip
    post(steward, "/agents/agenda/lot", said | {"faire": "confirmer", "_health": "vert"}, status=409)
    assert portail().health == "rouge"


def test_a_vote_freezes_what_was_shown(steward):
    made = {"number": "2/26/CM", "date": "2026-03-26", "title": "Révision", "body": "Conseil", "faire": "ecrire"}
    html = post(steward, "/agents/agenda/figer", made | {"date": "hier"}, status=422)
    assert lxml.html.fromstring(html).get_element_by_id("date").get("aria-invalid") == "true"
    post(steward, "/agents/agenda/figer", made)
    address = "/agents/agenda/figer?acte=2-26-cm"
    shown = page(steward, address)
    content = shown.xpath("//input[@name='empreinte']/@value")[0]
    assert content in shown.text_content()
    put(("action", action(priority=1)))
    said = {"act": "2-26-cm", "empreinte": content, "faire": "figer"}
    post(steward, "/agents/agenda/figer", said)
    assert not Frozen.objects.exists()  # it is not what was shown any more
    content = page(steward, address).xpath("//input[@name='empreinte']/@value")[0]
    post(steward, "/agents/agenda/figer", said | {"empreinte": content})
    assert Frozen.objects.get().content == content == chart().content
    assert content in page(steward, "/agents/agenda/figer").text_content()


def test_what_agents_wrote_outlives_a_load_of_the_folder_that_says_nothing_new(steward):
    folder, said = AgendaReader(), {("action", "portail"): action(), ("action", "ecole"): action("ecole", code="E")}
    folder.load(said)
    folder.load(said | {("action", "portail"): action(priority=4)})
    post(steward, HERE, filled(page(steward)) | {"faire": "enregistrer", "_reason": "Comité", "status": "en-pause"})
    post(steward, "/agents/agenda/actions/ecole/retirer", {"vu": 1, "raison": "Doublon"})
    folder.load(said | {("action", "portail"): action(priority=4)})
    assert (portail().status, portail().priority) == ("en-pause", 4)
    assert chart().get(Action, "ecole") is None
    folder.load(said | {("action", "portail"): action(priority=2)})
    assert (portail().status, portail().priority) == ("en-cours", 2)
