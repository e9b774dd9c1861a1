"""A commune tells what it tried: a draft that it alone reads, then a page for all; and how many agents it has."""

import lxml.html
import pytest

from lacydon.capabilities.agenda.public import chart
from lacydon.capabilities.agenda.queries.nouns import Experience, Profile
from tests.capabilities.agenda.writing.plan import METROPOLE, TOWN, agent_of, filled, put, small_plan, thing
from tests.markup import read

pytestmark = pytest.mark.django_db
NEW = "/agents/agenda/experiences/nouveau"
ONE = "/agents/agenda/experiences/cantine-en-ligne"
PUBLIC = "/agenda/experiences/cantine-en-ligne"


@pytest.fixture(autouse=True)
def plan(small_territory, settings):
    settings.SNAPSHOT_SECONDS = 0
    small_plan()
    put(
        ("profile", thing("profile", "97001", commune="97001", area=20)),
        ("kit", thing("kit", "velos", description={"fr": "Des vélos."})),
    )


@pytest.fixture
def agent():
    return agent_of(TOWN, "agenda.replicator")


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    read(answer.content.decode())
    return lxml.html.fromstring(answer.content.decode())


def row(client, address, said, *names):
    """The form with a row more of each list."""
    for name in names:
        answer = client.post(address, said | {"faire": f"ajouter:{name}"})
        assert answer.status_code == 200
        said = filled(lxml.html.fromstring(answer.content.decode()))
    return said


def told(agent, verb="brouillon"):
    form = page(agent, f"{NEW}?kit=velos")
    said = filled(form)
    assert said["commune"] == ["Olivette"] and said["context.population"] != [""]
    assert form.xpath("//p[@id='failed-aide' or contains(., 'ce qui aide le plus')]")
    said = row(agent, NEW, said, "worked")  # one of each is there already
    said |= {
        "title.fr": "Cantine en ligne", "worked.0.fr": "Ne rien redemander.", "failed.0.fr": "Un seul payeur.",
        "cost.capex": "45000", "cost.days": "95", "verdict": "a-reprendre", "services": "pret-de-velos",
        "actions": ["A2 · Titre de ecoles"], "action": "A1 · Titre de portail", "kit": "Titre de velos", "faire": verb,
    }  # fmt: skip
    answer = agent.post(NEW, said)
    assert answer.status_code == 302, answer.content.decode()[:5000]
    assert answer["Location"] == ONE


def test_a_draft_is_read_by_its_commune_only_then_by_all(agent, client):
    told(agent)
    made = chart().one(Experience, "cantine-en-ligne")
    assert (made.commune, made.visibility, made.kit, made.services) == (
        "97001",
        "internal",
        "velos",
        ("pret-de-velos",),
    )
    assert made.actions == ("ecoles",)
    assert client.get(PUBLIC).status_code == 404
    for address in ("/agenda/experiences", "/agenda/kits/velos", "/agenda/actions/portail"):
        assert "Cantine en ligne" not in client.get(address).content.decode(), address
    assert "Cantine en ligne" in page(agent, "/agents/agenda/experiences").text_content()
    other = agent_of("commune-97003", "agenda.writer")
    assert "Cantine en ligne" not in page(other, "/agents/agenda/experiences").text_content()
    assert other.get(ONE).status_code == 403

    said = filled(page(agent, ONE)) | {"faire": "publier"}
    assert agent.post(ONE, said).status_code == 302
    public = client.get(PUBLIC).content.decode()
    for words in ("Ne rien redemander.", "Un seul payeur.", "/agenda/kits/velos", "/agenda/actions/ecoles",
                  "/services/pret-de-velos"):  # fmt: skip
        assert words in public, words
    assert PUBLIC in client.get("/agenda/kits/velos").content.decode()
    agent.post(ONE, filled(page(agent, ONE)) | {"faire": "brouillon"})
    assert client.get(PUBLIC).status_code == 404


def test_it_is_told_for_ones_own_commune_only(agent):
    said = filled(page(agent, NEW)) | {"title.fr": "Chez les autres", "faire": "publier", "commune": "Salines-sur-Rade"}
    assert agent.post(NEW, said).status_code in (403, 422)
    assert chart().get(Experience, "chez-les-autres") is None
    assert agent_of(METROPOLE, "agenda.writer").get(NEW).status_code == 403
    assert agent_of(METROPOLE, "agenda.steward").get(NEW).status_code == 200


def test_what_went_comes_back(agent):
    told(agent)
    number = chart().numbers["experience", "cantine-en-ligne"]
    assert agent.post(f"{ONE}/retirer", {"vu": number, "raison": "Double"}).status_code == 302
    assert chart().get(Experience, "cantine-en-ligne") is None
    assert "Rétablir" in page(agent, "/agents/agenda/experiences").text_content()
    agent.post(f"{ONE}/retablir", {"vu": 0, "etat": number})
    assert chart().get(Experience, "cantine-en-ligne") is not None


def test_a_commune_says_its_agents_and_is_compared_by_them(agent, client):
    put(("profile", thing("profile", "97003", commune="97003", area=10,
                          staff={"agents": 240, "year": 2024, "source": "Rapport social unique", "example": True})))  # fmt: skip
    alike = "/agenda/experiences/communes-semblables?commune=97001"
    before = client.get(alike).content.decode()
    assert "on ne sait pas combien d’agents a votre commune" in before
    address = "/agents/agenda/profils/97001"
    said = filled(page(agent, address)) | {
        "staff.agents": "120", "staff.year": "2025", "staff.source": "Bilan social", "faire": "enregistrer",
    }  # fmt: skip
    assert agent.post(address, said).status_code == 302
    assert chart().one(Profile, "97001").staff.agents == 120
    after = client.get(alike).content.decode()
    assert "2 fois plus" in after and "Rapport social unique, 2024" in after and "exemple inventé" in after
    assert "Bilan social, 2025" in after
    assert agent.get("/agents/agenda/profils/97003").status_code == 403
