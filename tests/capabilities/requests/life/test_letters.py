"""The letter of a decision: an archive, whose code says what was decided, by whom, and nothing of anybody."""

import pytest

from lacydon.capabilities.requests.actions import decisions
from lacydon.capabilities.requests.models import Decision, Request
from lacydon.capabilities.requests.queries.letters_of_decision import code_of, pdf, verified
from lacydon.capabilities.requests.queries.words import OUTCOMES
from tests.capabilities.requests import made
from tests.markup import read
from tests.pdfa import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def decided():
    number = made.opened(words="Ma vie privée").request.number
    decisions.decide(actor=made.agent(), number=number, revision=0, outcome="refused", reason="Revenu de Mme Roux")
    row = Request.objects.get()
    return row, code_of(row, Decision.objects.get())


def test_a_letter_is_an_archive(decided):
    assert faults(pdf(decided[0], site="https://ville.example")) == []


def test_its_code_is_verified_by_anybody_and_says_the_outcome_and_nothing_of_anybody(decided, client):
    row, code = decided
    assert code.startswith(f"D-{row.number[2:]}-")
    for typed in (code, code.lower(), code.replace("-", "")):
        page = read(client.get(f"/verifier/{typed}").content.decode()).one("main")
        assert "Cette décision est authentique" in page.words
    told = [each.words for each in page.one("dl").all("dd")]
    assert len(told) == 5 and (told[0], told[-1]) == (str(OUTCOMES["refused"]), row.number)
    assert "Roux" not in page.words and "privée" not in page.words
    assert "ne vaut plus" not in page.words


def test_another_code_proves_nothing(decided, client):
    _row, code = decided
    wrong = code[:-1] + ("A" if code[-1] != "A" else "B")
    assert client.get(f"/verifier/{wrong}").status_code == 404
    assert client.get(f"/verifier/R{code[1:]}").status_code == 404
    Decision.objects.update(outcome="accepted")
    assert verified(code) is None


def test_a_decision_that_was_replaced_is_authentic_and_holds_no_more(decided, client):
    row, code = decided
    Request.objects.filter(pk=row.pk).update(state="in-progress", outcome="", closed_at=None)
    page = read(client.get(f"/verifier/{code}").content.decode()).one("main")
    assert "Cette décision est authentique" in page.words and "Elle ne vaut plus" in page.words
