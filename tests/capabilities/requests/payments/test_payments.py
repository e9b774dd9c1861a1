"""Paid exactly once: what is due is worked out here, what was paid is what the provider says when it is asked."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lacydon.capabilities.requests.actions import payments, retention
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.errors import UnknownRequest
from lacydon.capabilities.requests.models import Payment, PaymentAttempt, Step
from lacydon.capabilities.requests.ports import payment_providers
from lacydon.capabilities.requests.queries import fees
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict, Refused, Unavailable
from tests.capabilities.requests import made
from tests.capabilities.trust import people
from tests.pdfa import faults

from .paying import Provider, due, opened

pytestmark = pytest.mark.django_db


@pytest.fixture
def provider():
    with payment_providers.only(made_provider := Provider()):
        yield made_provider


def start(payment):
    return payments.start(payment, return_url="https://ici/retour", notify_url="", payer="lou@exemple.fr")


def kinds(payment):
    steps = Step.objects.filter(request=payment.request_id, kind__startswith="payment-").order_by("position")
    return [each.kind.removeprefix("payment-") for each in steps]


def spoken(text):
    return text.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(
    ("quotient", "repas", "amount"),
    [
        ("0", "10", "5.00"),
        ("300", "10", "5.00"),
        ("300.01", "10", "21.00"),
        ("850", "16", "33.60"),
        ("9000", "1", "4.20"),
    ],
)
def test_the_bracket_makes_the_price(quotient, repas, amount):
    payment = due(quotient=quotient, repas=repas)
    assert payment.amount == Decimal(amount) and payment.state == "asked"
    assert kinds(payment) == ["asked"]


@pytest.mark.parametrize("answers", [{"repas": "0"}, {"quotient": None}])
def test_nothing_is_asked_when_nothing_is_due_or_known(answers):
    opened(**answers)
    assert not Payment.objects.exists()


def test_why_it_costs_that_is_said_line_by_line():
    payment = due()
    price, total = fees.why(payment.request)
    assert (spoken(price.amount), price.label) == ("2,10 €", "Prix d’un repas")
    assert spoken(price.rule) == "La question quotient (850) : tranche de plus de 300 à 900"
    assert spoken(price.reduced) == "Tarif plein : 4,20 € ; réduction : 2,10 €"
    assert (
        spoken(total.rule) == "Prix d’un repas (2,10 €) × La question repas (16)" and spoken(total.amount) == "33,60 €"
    )


def test_paid_once_whoever_tells_it_and_how_often(provider):
    payment = due()
    assert start(payment).startswith("https://banque.example/") and provider.orders[0].amount == Decimal("33.60")
    id = provider.says(payment, facts={"authorisation": "112233"})
    for _each in range(3):
        assert payments.settle_notified(provider="faux", external_id=id)
    payments.ask_again(attempts=[payment.attempts.get().pk])
    payment.refresh_from_db()
    assert (payment.state, payment.receipt["authorisation"]) == ("paid", "112233") and payment.paid_at
    assert kinds(payment) == ["asked", "paid"] and provider.asked == 1
    step = Step.objects.get(request=payment.request_id, kind="payment-paid")
    assert step.by_kind == "machine" and step.public
    with pytest.raises(Conflict):
        start(payment)


def test_a_second_tab_leads_to_the_same_operation(provider):
    payment = due()
    assert start(payment) == start(payment)
    assert len(provider.orders) == 1


def test_an_operation_that_nobody_may_enter_any_more_makes_place(provider):
    payment = due()
    first = start(payment)
    PaymentAttempt.objects.update(open_until=now() - timedelta(seconds=1))
    assert start(payment) != first
    assert [each.state for each in payment.attempts.order_by("pk")] == ["abandoned", "started"]


def test_refused_or_abandoned_one_may_try_again(provider):
    payment = due()
    for state in ("refused", "abandoned"):
        start(payment)
        provider.says(payment, state)
        payments.settle(payment.attempts.get(state="started"))
        payment.refresh_from_db()
        assert payment.state == state and payment.payable
    start(payment)
    provider.says(payment)
    payments.settle(payment.attempts.get(state="started"))
    payment.refresh_from_db()
    assert payment.state == "paid" and kinds(payment) == ["asked", "refused", "abandoned", "paid"]


@pytest.mark.parametrize("wrong", [{"amount": Decimal("0.01")}, {"amount": None}, {"reference": "AUTRE"}])
def test_another_amount_or_reference_counts_for_nothing(provider, wrong):
    payment = due()
    start(payment)
    provider.says(payment, **wrong)
    assert payments.settle(payment.attempts.get()) == "mismatch"
    payment.refresh_from_db()
    assert payment.state == "asked" and payment.paid_at is None
    assert not Step.objects.get(kind="payment-mismatch").public


def test_what_nobody_told_is_asked_again(provider):
    payment = due()
    start(payment)
    assert payments.take_due(most=10) == []
    PaymentAttempt.objects.update(started_at=now() - timedelta(minutes=6))
    taken = payments.take_due(most=10)
    assert len(taken) == 1 and payments.take_due(most=10) == []
    attempt = payment.attempts.get()
    provider.results[attempt.external_id] = Unavailable("silence")
    payments.ask_again(attempts=taken)
    attempt.refresh_from_db()
    assert attempt.state == "started"
    provider.says(payment)
    payments.ask_again(attempts=taken)
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_given_up_after_an_hour_but_money_that_comes_later_counts(provider):
    payment = due()
    start(payment)
    PaymentAttempt.objects.update(open_until=now() - timedelta(minutes=61))
    payments.ask_again(attempts=[payment.attempts.get().pk])
    payment.refresh_from_db()
    assert payment.state == "abandoned"
    assert payments.settle_notified(provider="faux", external_id=provider.says(payment))
    payment.refresh_from_db()
    assert payment.state == "paid"


def test_money_that_is_not_owed_any_more_is_seen(provider):
    payment = due()
    start(payment)
    payments.waive(actor=made.agent(), number=payment.request.number, reason="Famille accueillie en urgence")
    payments.settle_notified(provider="faux", external_id=provider.says(payment))
    payment.refresh_from_db()
    assert payment.state == "waived" and payment.paid_at is None
    assert kinds(payment) == ["asked", "waived", "not-owed"]


def test_an_agent_waives_or_notes_a_refund_with_a_reason(provider):
    payment = due(actor=made.resident())
    number = payment.request.number
    with pytest.raises(BadInput):
        payments.waive(actor=made.agent(), number=number, reason=" ")
    with pytest.raises(Conflict):
        payments.mark_refunded(actor=made.agent(), number=number, reason="Trop payé")
    for wrong in (made.agent("commune-97002"), made.resident()):
        with pytest.raises(UnknownRequest):
            payments.waive(actor=wrong, number=number, reason="Je préfère")
    with pytest.raises(Refused):
        payments.waive(actor=made.agent(roles=("requests.reader",)), number=number, reason="Je préfère")
    start(payment)
    provider.says(payment)
    payments.settle(payment.attempts.get())
    payments.mark_refunded(actor=made.agent(), number=number, reason="Trop payé")
    payment.refresh_from_db()
    assert payment.state == "refunded" and kinds(payment) == ["asked", "paid", "refunded"]


def test_nobody_serves_this_organisation():
    payment = due()
    with payment_providers.only(), pytest.raises(Unavailable):
        start(payment)


def test_an_unknown_operation_is_not_asked_about(provider):
    assert not payments.settle_notified(provider="faux", external_id="operation-inconnue")
    assert provider.asked == 0


def test_an_erased_request_keeps_its_figures_and_no_reason():
    person = made.resident()
    payment = due(actor=person)
    with changing(actor=made.agent(), action="request.decide", number=payment.request.number) as change:
        change.close("accepted")
    retention.erase(person.person)
    payment.refresh_from_db()
    payment.request.refresh_from_db()
    assert fees.why(payment.request) == [] and payment.amount == Decimal("33.60")


# Pages


def link(payment):
    return f"/payer/{payment.reference}/{fees.code_of(payment)}"


def test_from_the_bill_to_the_receipt(provider, client):
    payment = due()
    page = spoken(client.get(link(payment)).content.decode())
    assert "À payer : 33,60 €" in page and "tranche de plus de 300 à 900" in page and "réduction : 2,10 €" in page
    assert client.post(f"{link(payment)}/commencer", {"courriel": "non"}).status_code == 422
    leaving = client.post(f"{link(payment)}/commencer", {"courriel": "lou@exemple.fr", "montant": "0.01"})
    assert b"https://banque.example/operation-" in leaving.content and provider.orders[0].amount == Decimal("33.60")
    assert provider.orders[0].return_url.endswith(f"{link(payment)}/retour")
    assert provider.orders[0].notify_url.endswith("/paiements/notification/faux")
    assert client.get(f"{link(payment)}/recu.pdf").status_code == 302
    provider.says(payment)
    for _each in range(2):
        assert client.get(f"{link(payment)}/retour")["Location"] == link(payment)
    assert "c’est payé" in client.get(link(payment)).content.decode()
    assert faults(client.get(f"{link(payment)}/recu.pdf").content) == []
    assert kinds(payment) == ["asked", "paid"]


def test_the_machine_of_the_provider_is_heard_without_a_cookie(provider, client):
    payment = due()
    start(payment)
    id = provider.says(payment)
    from django.test import Client

    machine = Client()
    for _each in range(2):
        assert machine.post("/paiements/notification/faux", {"idop": id}).status_code == 200
    assert machine.post("/paiements/notification/faux", {"idop": "'; DROP"}).status_code == 200
    assert kinds(payment) == ["asked", "paid"]


@pytest.mark.parametrize("end", ["", "/retour", "/recu.pdf"])
def test_the_address_of_a_payment_is_a_secret(client, end):
    payment = due()
    assert client.get(f"/payer/{payment.reference}/AAAA-BBBB-CCCC{end}").status_code == 404
    assert client.get(f"/payer/AUTRE/{fees.code_of(payment)}{end}").status_code == 404


def test_whose_request_it_is_comes_from_their_space(client):
    person = people.resident()
    payment = due(actor=people.actor(person))
    people.signed_in(client, person)
    assert client.get(f"/payer/{payment.request.number}")["Location"] == link(payment)
    people.signed_in(client, people.resident())
    assert client.get(f"/payer/{payment.request.number}").status_code == 404


def test_the_payments_of_an_organisation(client):
    payment = due()
    agent = people.agent(organisation=people.organisation(made.BODY), roles=("requests.agent",))
    people.signed_in(client, agent, organisation=made.BODY)
    page = spoken(client.get("/agent/paiements?etat=asked&page=x").content.decode())
    assert "33,60 €" in page and payment.reference in page
    client.post(f"/agent/paiements/{payment.request.number}", {"geste": "dispenser", "reason": "Aide sociale"})
    payment.refresh_from_db()
    assert payment.state == "waived"
    assert payment.reference not in client.get("/agent/paiements?etat=asked").content.decode()


def test_whoever_follows_a_request_is_shown_the_way_to_pay(client):
    person = people.resident()
    payment = due(actor=people.actor(person))
    people.signed_in(client, person)
    followed = f"/mon-espace/demandes/{payment.request.number}"
    assert link(payment) in client.get(followed).content.decode()
    payments.waive(actor=made.agent(), number=payment.request.number, reason="Aide sociale")
    page = client.get(followed).content.decode()
    assert link(payment) not in page and "Rien à payer" in page
