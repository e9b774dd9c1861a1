"""What is learnt is shown to all: evaluations with what became of them, experiences, the communes that resemble mine."""

from datetime import date

import pytest

from lacydon.capabilities.agenda.public import Wanted, chart, write
from lacydon.capabilities.agenda.queries.learning.followup import follow_up
from lacydon.capabilities.agenda.queries.learning.likeness import alike
from lacydon.capabilities.agenda.queries.nouns import SHAPES
from lacydon.capabilities.territory.public import commune, communes
from lacydon.kernel.access import MACHINE

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def _objects():
    def made(kind, /, **said):
        return kind, SHAPES[kind].model_validate({"title": {"fr": "Un titre"}, **said})

    answers = {
        "unanswered": None,
        "late": {"answer": "acceptee", "reason": {"fr": "Oui."}, "due": date(2026, 5, 1)},
        "to-do": {"answer": "partielle", "reason": {"fr": "En partie."}, "due": date(2026, 12, 1)},
        "done": {"answer": "acceptee", "reason": {"fr": "Oui."}, "due": date(2026, 5, 1), "done": date(2026, 4, 1)},
        "refused": {"answer": "refusee", "reason": {"fr": "Non, trop cher."}},
    }
    asked = [{"id": id, "text": {"fr": f"Demande {id}"}, "answer": each} for id, each in answers.items()]
    evaluation = {
        "agenda": "numerique",
        "kind": "finale",
        "questions": [{"fr": "Pourquoi ?"}],
        "evaluator": "Labo",
        "independent": True,
    }
    yield made("act", id="vote", number="1/19/CM", date=date(2019, 12, 19), body="Conseil")
    yield made(
        "agenda", id="numerique", description={"fr": "…"}, vision={"fr": "…"}, siren="200054807", period={},
        adopted_by="vote",
    )  # fmt: skip
    yield made(
        "evaluation", id="bilan", method={"fr": "Entretiens."}, published=date(2026, 1, 1), recommendations=asked,
        **evaluation,
    )  # fmt: skip
    yield made("evaluation", id="dedans", method={"fr": "…"}, visibility="internal", published=DAY, **evaluation)
    yield made(
        "experience", id="parking", commune="97003", verdict="a-eviter", failed=[{"fr": "Les capteurs tombent."}],
    )  # fmt: skip
    for code, area in (("97001", 20), ("97003", 10), ("98001", 100)):
        yield made("profile", id=code, commune=code, area=area)


@pytest.fixture
def learnt(small_territory, settings):
    settings.SNAPSHOT_SECONDS = 0
    write(
        wanted=[Wanted(kind=kind, id=each.id, object=each) for kind, each in _objects()], actor=MACHINE, reason="essai"
    )


def test_where_each_recommendation_stands(learnt):
    follow = follow_up(chart(), today=DAY)
    assert {each.asked.id: each.state for each in follow.asked} == {
        state: state for state in ("unanswered", "late", "to-do", "done", "refused")
    }
    assert [each.asked.id for each in follow.late] == ["unanswered", "late"]
    assert follow_up(chart(), today=date(2026, 2, 1)).of("bilan")[0].state == "awaited"
    assert not follow_up(chart(), today=date(2025, 12, 31)).asked


def test_the_pages_say_it_and_keep_inside_what_is_internal(learnt, client):
    one = client.get("/agenda/evaluations/bilan").content.decode()
    assert "Non, trop cher." in one and "Entretiens." in one
    assert "/agenda/evaluations/bilan#late" in client.get("/agenda/evaluations").content.decode()
    assert client.get("/agenda/evaluations/dedans").status_code == 404


def test_an_experience_is_found_by_what_it_says(learnt, client):
    assert "/agenda/experiences/parking" in client.get("/agenda/experiences?q=capteurs&avis=a-eviter").content.decode()
    assert "/experiences/parking" not in client.get("/agenda/experiences?avis=a-reprendre").content.decode()
    assert "Les capteurs tombent." in client.get("/agenda/experiences/parking").content.decode()


def test_communes_are_near_by_ratio_and_it_is_said_why(learnt, client):
    near = alike(chart(), mine=commune("97001"), among=communes())
    assert [each.commune.code for each in near] == ["97003", "98001", "97002"]
    assert near[0].reasons[0].words == "3,9 fois moins"
    page = client.get("/agenda/experiences/communes-semblables?commune=97001").content.decode()
    assert "3,9 fois moins" in page and "/agenda/experiences/parking" in page
    assert client.get("/agenda/experiences/communes-semblables?commune=97001&agents=x").status_code == 422
