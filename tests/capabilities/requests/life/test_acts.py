"""The acts of a request's life: what each changes, who may not, what the resident reads of it."""

from datetime import timedelta

import pytest

from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.requests.actions import decisions, documents, messages, satisfaction
from lacydon.capabilities.requests.actions.enclosing import Sent
from lacydon.capabilities.requests.actions.files import content_of
from lacydon.capabilities.requests.models import AskedState, Attachment, Decision, Outcome, Request, RequestState
from lacydon.capabilities.requests.queries.satisfaction import rating_token
from lacydon.capabilities.requests.queries.sealed import key_of, unseal
from lacydon.capabilities.trust.models import Entry
from lacydon.capabilities.trust.public import NotAllowed
from lacydon.kernel import clock
from lacydon.kernel.access import NOBODY
from lacydon.kernel.errors import BadInput, Refused
from tests.capabilities.requests import made

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SCAN = Sent("scan.pdf", PDF)


def now(number: str) -> Request:
    return Request.objects.get(number=number)


def words_of(step):
    return unseal(step.sealed, key=key_of(step.request), holder=step, field="sealed")


def kinds(number: str) -> list[str]:
    return list(now(number).steps.values_list("kind", flat=True))


def test_a_message_goes_both_ways_with_a_file_that_is_sealed():
    resident, agent = made.resident(), made.agent()
    number = made.opened(actor=resident).request.number
    asked = messages.send_message(actor=agent, number=number, words="Quel étage ?\x00")
    told = messages.send_message(actor=resident, number=number, words="Le 3e", attachments=[SCAN])
    assert (asked.by_kind, told.by_kind) == ("agent", "resident")
    assert words_of(asked) == {"words": "Quel étage ?"}
    kept = Attachment.objects.get(step=told)
    assert content_of(kept) == PDF
    assert b"scan" not in bytes(kept.name_sealed)
    assert {e.action for e in Entry.objects.all()} >= {"request.handle", "request.write"}


def test_who_has_no_account_writes_by_secret_and_nobody_else_does():
    opened = made.opened()
    number = opened.request.number
    assert (
        messages.send_message(actor=NOBODY, number=number, words="Alors ?", secret=opened.secret).by_kind == "resident"
    )
    with pytest.raises(requests.UnknownRequest):
        messages.send_message(actor=NOBODY, number=number, words="Alors ?", secret="XXXX-XXXX-XXXX")
    with pytest.raises(requests.UnknownRequest):
        messages.send_message(actor=made.resident(), number=number, words="Alors ?")


def test_an_empty_message_and_one_too_long_say_which_field():
    resident = made.resident()
    number = made.opened(actor=resident).request.number
    for words in ("  \n ", "a" * 4001):
        with pytest.raises(BadInput) as refused:
            messages.send_message(actor=resident, number=number, words=words)
        assert refused.value.field == "words"


def test_a_document_asked_for_stops_the_clock_until_it_is_given_then_judged():
    resident, agent = made.resident(), made.agent()
    number = made.opened(actor=resident, form=made.form("delai", promised="P10D")).request.number
    until = clock.today() + timedelta(days=8)
    row = documents.ask_document(
        actor=agent, number=number, revision=0, what="Livret de famille", why="Filiation", until=until
    )
    held = now(number)
    assert (held.state, held.waiting_since is None, row.until) == (RequestState.WAITING, False, until)
    assert words_of(row.asked) == {"what": "Livret de famille", "why": "Filiation"}
    documents.give_document(actor=resident, number=number, document=row.pk, attachments=[SCAN])
    held = now(number)
    assert (held.state, held.waiting_since) == (RequestState.IN_PROGRESS, None)
    again = documents.refuse_document(
        actor=agent, number=number, revision=held.revision, document=row.pk, why="Illisible"
    )
    assert now(number).state == RequestState.WAITING
    documents.give_document(actor=resident, number=number, document=str(again.pk), words="Je l’ai perdu")
    documents.accept_document(actor=agent, number=number, revision=None, document=again.pk)
    row.refresh_from_db()
    again.refresh_from_db()
    assert (row.state, again.state) == (AskedState.REFUSED, AskedState.ACCEPTED)
    assert kinds(number) == [
        "opened", "document-asked", "document-given", "document-refused", "document-asked", "document-given",
        "document-accepted",
    ]  # fmt: skip


def test_with_two_documents_asked_the_clock_stands_still_until_the_last():
    resident, agent = made.resident(), made.agent()
    number = made.opened(actor=resident).request.number
    one = documents.ask_document(actor=agent, number=number, revision=None, what="Une")
    two = documents.ask_document(actor=agent, number=number, revision=None, what="Deux")
    documents.give_document(actor=resident, number=number, document=one.pk, attachments=[SCAN])
    assert now(number).state == RequestState.WAITING
    documents.cancel_document(actor=agent, number=number, revision=None, document=two.pk)
    assert now(number).state == RequestState.IN_PROGRESS


def test_a_document_is_given_to_the_request_it_was_asked_for_and_no_other():
    resident, agent = made.resident(), made.agent()
    mine, other = (made.opened(actor=resident).request.number for _turn in range(2))
    row = documents.ask_document(actor=agent, number=other, revision=None, what="Une")
    for wrong in (row.pk, "pas-un-numéro", "00000000-0000-4000-8000-000000000000"):
        with pytest.raises(Refused):
            documents.give_document(actor=resident, number=mine, document=wrong, words="voici")


@pytest.mark.parametrize("outcome", ["accepted", "partly", "refused"])
def test_a_decision_closes_with_its_reason_and_the_means_of_appeal_when_it_is_unfavourable(outcome):
    resident, agent = made.resident(), made.agent()
    number = made.opened(actor=resident).request.number
    decision = decisions.decide(actor=agent, number=number, revision=0, outcome=outcome, reason="Art. 3 du règlement")
    assert (now(number).state, now(number).outcome) == (RequestState.CLOSED, outcome)
    words = words_of(decision.step)
    assert words["reason"] == "Art. 3 du règlement"
    assert ("deux mois" in words.get("appeal", "")) == (outcome != "accepted")


@pytest.mark.parametrize("outcome", ["partly", "refused"])
def test_a_refusal_without_a_reason_is_not_one(outcome):
    number = made.opened().request.number
    with pytest.raises(BadInput) as refused:
        decisions.decide(actor=made.agent(), number=number, revision=0, outcome=outcome, reason=" ")
    assert refused.value.field == "reason"
    assert now(number).state == RequestState.RECEIVED


def test_the_form_says_its_own_means_of_appeal():
    number = made.opened(form=made.form("recours", appeal={"fr": "Devant la commission."})).request.number
    decision = decisions.decide(actor=made.agent(), number=number, revision=0, outcome="refused", reason="Non")
    assert words_of(decision.step)["appeal"] == "Devant la commission."


def test_a_decision_ends_what_was_asked_for():
    number = made.opened().request.number
    agent = made.agent()
    row = documents.ask_document(actor=agent, number=number, revision=None, what="Une")
    decisions.decide(actor=agent, number=number, revision=None, outcome="accepted", reason="")
    row.refresh_from_db()
    assert row.state == AskedState.CANCELLED
    assert now(number).waiting_since is None


def test_a_report_is_closed_as_solved_or_says_why_it_is_not():
    agent = made.agent()
    number = made.opened(form=made.form("bac", kind="report")).request.number
    decisions.take_in_charge(actor=agent, number=number, revision=0)
    assert str(now(number).assignee_id) == agent.person
    with pytest.raises(BadInput):
        decisions.close_report(actor=agent, number=number, revision=1, solved=False)
    decision = decisions.close_report(actor=agent, number=number, revision=1, solved=True, attachments=[SCAN])
    assert now(number).outcome == Outcome.SOLVED
    assert Attachment.objects.get(step=decision.step).field == "proof"


def test_nobody_but_an_agent_in_charge_decides_takes_or_asks():
    resident = made.resident()
    number = made.opened(actor=resident).request.number
    for actor, refusal in (
        (resident, NotAllowed), (made.resident(), requests.UnknownRequest), (made.agent(made.OTHER), requests.UnknownRequest),
        (made.agent(roles=("requests.reader",)), NotAllowed),
    ):  # fmt: skip
        with pytest.raises(refusal):
            decisions.decide(actor=actor, number=number, revision=0, outcome="accepted", reason="")
        with pytest.raises(refusal):
            documents.ask_document(actor=actor, number=number, revision=0, what="Une")
        with pytest.raises(refusal):
            decisions.take_in_charge(actor=actor, number=number)
    assert kinds(number) == ["opened"]


def test_withdrawn_by_its_maker_it_is_over():
    opened = made.opened()
    decisions.withdraw(actor=NOBODY, number=opened.request.number, secret=opened.secret, reason="Réglé")
    assert now(opened.request.number).outcome == Outcome.WITHDRAWN
    with pytest.raises(requests.NotNow):
        decisions.decide(actor=made.agent(), number=opened.request.number, revision=None, outcome="accepted", reason="")
    with pytest.raises(requests.NotNow):
        satisfaction.reopen(actor=NOBODY, number=opened.request.number, secret=opened.secret, reason="Non")
    assert not Decision.objects.exists()


def test_rated_once_for_each_closing_signed_in_or_by_link():
    resident, agent = made.resident(), made.agent()
    number = made.opened(actor=resident, form=made.form("bac", kind="report")).request.number
    with pytest.raises(requests.NotNow):
        satisfaction.rate(actor=resident, number=number, rating=5)
    decisions.close_report(actor=agent, number=number, revision=None, solved=True)
    token = rating_token(now(number))
    for wrong in (0, 6, -1):
        with pytest.raises(BadInput):
            satisfaction.rate(actor=resident, number=number, rating=wrong)
    step = satisfaction.rate_by_link(number=number, token=token, rating=2, comment="Encore cassé")
    assert (now(number).rating, step.by_kind, words_of(step)) == (2, "resident", {"words": "Encore cassé"})
    with pytest.raises(requests.NotNow):
        satisfaction.rate(actor=resident, number=number, rating=5)
    satisfaction.reopen(actor=resident, number=number, reason="Le bac est encore cassé")
    assert (now(number).state, now(number).rating) == (RequestState.IN_PROGRESS, None)
    decisions.close_report(actor=agent, number=number, revision=None, solved=True)
    for wrong in (token, "é", ""):
        with pytest.raises(requests.UnknownRequest):
            satisfaction.rate_by_link(number=number, token=wrong, rating=1)
    satisfaction.rate(actor=resident, number=number, rating=5)
    assert now(number).rating == 5
