"""The report of a year: what the agenda was on 31 December, to read, to print, to keep; nothing of it kept inside."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pikepdf
import pytest

from lacydon.capabilities.agenda.models import Reading, Standing
from lacydon.capabilities.agenda.public import freeze
from lacydon.capabilities.agenda.queries.learning.report import report
from lacydon.kernel import clock
from lacydon.kernel.access import MACHINE
from lacydon.kernel.ui import kept
from tests.capabilities.agenda.plan.few import action, budget, made, milestone, plan, written
from tests.markup import read
from tests.pdfa import faults

pytestmark = pytest.mark.django_db
PAGE = "/agenda/rapport/2025"


@pytest.fixture(autouse=True)
def at(small_territory, settings, monkeypatch):
    def hold(*when: int) -> None:
        class Held(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:
                return datetime(*when, 12, tzinfo=UTC)

        monkeypatch.setattr(clock, "datetime", Held)

    settings.SNAPSHOT_SECONDS = 0
    kept._forget()
    return hold


def evaluation(**answer: object) -> object:
    asked = {"id": "conseil", "text": {"fr": "Relire les fiches."}, "answer": answer or None}
    return made(
        "evaluation", id="bilan", title={"fr": "Le bilan"}, agenda="numerique", kind="finale", evaluator="Labo",
        independent=True, questions=[{"fr": "Pourquoi ?"}], method={"fr": "Entretiens."}, recommendations=[asked],
        findings=[{"fr": "Les gens s’y retrouvent."}], published=date(2025, 6, 1), example=True,
    )  # fmt: skip


def indicator() -> object:
    return made(
        "indicator", id="velos", title={"fr": "Places de vélo"}, definition={"fr": "…"}, kind="resultat",
        unit={"fr": "places"}, frequency="mois", baseline={"value": 100, "date": date(2019, 1, 1), "source": "Un document"},
        targets=[{"date": date(2025, 12, 31), "value": 300}, {"date": date(2030, 12, 31), "value": 900}],
    )  # fmt: skip


def two_years(at) -> None:
    """2025 as it was written then, and what 2026 changed."""
    at(2025, 3, 1)
    promise = milestone("guichet", date(2025, 9, 30))
    written(*plan(), action(example=True, milestones=[promise]), action("secret", visibility="internal"),
            budget(years=[{"year": 2025, "voted": 600, "engaged": 500, "paid": 400, "as_of": date(2025, 12, 1)}]),
            indicator(), evaluation())  # fmt: skip
    freeze(agenda="numerique", act="vote", actor=MACHINE)
    one = Reading.objects.create(
        indicator="velos", number=1, date=date(2025, 3, 1), value=Decimal(200), computed_at=clock.now(), entry=uuid4()
    )
    Standing.objects.create(indicator="velos", reading=one, checked_at=clock.now())
    at(2026, 2, 1)
    written(
        action(example=True, milestones=[promise | {"actual": date(2026, 1, 31)}]),
        evaluation(answer="refusee", reason={"fr": "Trop cher."}),
    )


def words(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return read(answer.content.decode()).words.replace("\u00a0", " ").replace("\u202f", " ")


def test_a_year_that_is_over_is_told_as_it_was_on_its_last_evening(at, client):
    two_years(at)
    then, now = words(client, PAGE), words(client, "/agenda/rapport/2026")
    assert "connu le 31 décembre 2025 au soir" in then and "L’année n’est pas finie" in now
    assert "Date passée, pas encore tenue" in then and "Tenue en retard" in now
    assert "Sans réponse, en retard" in then and "Trop cher." not in then
    assert "Refusée : Trop cher." in now
    assert "1 000 €" in then and "Crédits de 2025 : 600 € ouverts, 500 € engagés, 400 € payés" in then
    assert "La version 1, figée le 1er mars 2025" in then and "1 action est comme elle fut votée" in then
    assert "1 action a changé" in now
    assert "1 action, encore à usage interne" in then and "secret" not in then
    assert "exemples, inventés" in then and "Exemple inventé pour la démonstration." in then


def test_a_value_of_long_ago_is_said_to_be_and_the_target_is_that_of_the_year(at):
    two_years(at)
    then, now = report(2025).gauges["velos"], report(2026).gauges["velos"]
    assert (then.value, then.stale, then.target.value) == (200, "late", 300)
    assert now.target.value == 900


def test_the_pdf_is_an_archive_that_is_read_aloud_in_the_language_of_the_reader(at, client):
    two_years(at)
    for lang, title in (("fr", "Rapport de l’année 2025"), ("en", "")):
        answer = client.get(("/en" if lang == "en" else "") + PAGE + ".pdf")
        assert answer["Content-Type"] == "application/pdf"
        assert faults(answer.content) == []
        with pikepdf.open(io.BytesIO(answer.content)) as pdf:
            assert str(pdf.Root.Lang) == lang
            assert title in str(pdf.docinfo["/Title"])
            kinds = {str(each.get("/S")) for each in pdf.objects if isinstance(each, pikepdf.Dictionary)}
            assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/Link"} <= kinds
            links = [
                str(note.A.URI)
                for page in pdf.pages
                for note in page.get("/Annots", [])
                if "/URI" in note.get("/A", {})
            ]
            assert any(each.endswith("/agenda/actions/portail?le=2025-12-31") for each in links)
            assert all(each.startswith("http") for each in links)


def test_there_is_a_report_from_the_vote_to_this_year_and_pages_lead_to_it(at, client):
    at(2026, 2, 1)
    assert client.get(PAGE).status_code == 404
    written(*plan(), action(example=True), evaluation())
    assert [client.get(f"/agenda/rapport/{year}").status_code for year in (2018, 2019, 2026, 2027)] == [
        404,
        200,
        200,
        404,
    ]
    assert "reconstitué" in words(client, PAGE)
    for address in ("/agenda", "/agenda/evaluations"):
        assert 'href="/agenda/rapport/2026"' in client.get(address).content.decode()
