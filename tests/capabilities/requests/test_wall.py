"""Row-level security around requests: with every filter of Python removed, PostgreSQL shows nobody what is not theirs."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from lacydon.capabilities.requests.actions import deadlines, documents, drafts, escalation, messages, reports
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.actions.reading import read_by_secret
from lacydon.capabilities.requests.errors import UnknownRequest
from lacydon.capabilities.requests.models import (
    Appointment,
    AskedDocument,
    Attachment,
    Bulk,
    Callback,
    CannedAnswer,
    Decision,
    Delivery,
    Draft,
    Follower,
    Outcome,
    Payment,
    PaymentAttempt,
    Preferences,
    PushSubscription,
    Report,
    Request,
    RouteSecret,
    SavedView,
    Step,
    Telling,
)
from lacydon.capabilities.requests.queries import numbers, queue, requests
from lacydon.capabilities.requests.queries.drafts import draft
from lacydon.capabilities.requests.queries.forms import published_form
from lacydon.capabilities.requests.queries.reports import public_reports
from lacydon.capabilities.trust.models import Person
from lacydon.capabilities.trust.queries import wall
from lacydon.kernel.access import NOBODY
from lacydon.kernel.clock import now
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing
from tests.capabilities.requests.delivery.conftest import theirs as theirs
from tests.capabilities.requests.filling.made import TWO_STEPS, filled, published
from tests.capabilities.requests.test_reports import reported
from tests.capabilities.trust import people
from tests.capabilities.trust.walls import OURS, as_application

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a wall of PostgreSQL"),
]
OF_A_REQUEST = {
    Request: "pk", Step: "request", AskedDocument: "request", Decision: "request", Attachment: "request",
    Delivery: "request", Callback: "delivery__request", Payment: "request", PaymentAttempt: "payment__request",
    Telling: "step__request",
}  # fmt: skip
"""What hangs on a request, and how."""
OTHERS = (
    Draft,
    Appointment,
    Preferences,
    PushSubscription,
    Follower,
    Report,
    SavedView,
    CannedAnswer,
    Bulk,
    RouteSecret,
)


def life(actor, organisation, mark):
    """A request with a row of everything that may hang on one."""
    row = made.opened(actor=actor, organisation=organisation).request
    moment = now()
    step = row.steps.get()
    note = Step.objects.create(
        request=row, position=2, at=moment, kind="note", by_kind="agent", public=False, organisation_id=organisation
    )
    AskedDocument.objects.create(request=row, asked=step)
    Decision.objects.create(request=row, step=step, outcome=Outcome.ACCEPTED, takes_effect_at=moment)
    Attachment.objects.create(
        request=row, step=step, field="f", wrapped=b"x", name_sealed=b"x", size=1, created_at=moment
    )
    Attachment.objects.create(
        request=row, step=note, field="note", wrapped=b"x", name_sealed=b"x", size=1, created_at=moment
    )
    delivery = Delivery.objects.create(
        request=row, authority=organisation, route=mark, channel="x", state="queued", queued_at=moment,
        give_up_at=moment,
    )  # fmt: skip
    Callback.objects.create(delivery=delivery, message=mark, at=moment)
    payment = Payment.objects.create(
        request=row, organisation_id=organisation, reference=mark, amount=1, asked_at=moment
    )
    PaymentAttempt.objects.create(
        payment=payment, provider="x", external_id=mark, address="https://x.example", started_at=moment,
        open_until=moment,
    )  # fmt: skip
    Telling.objects.create(step=step, means="sms", made_at=moment)
    for shared in (True, False):
        SavedView.objects.create(
            organisation_id=organisation, owner_id=None if shared else made.agent(organisation).person,
            name=mark, filters="", made_at=moment,
        )  # fmt: skip
    CannedAnswer.objects.create(organisation_id=organisation, title=mark, text="x", changed_at=moment)
    Bulk.objects.create(
        organisation_id=organisation, agent_id=made.agent(organisation).person, act="x", numbers=[], begun_at=moment
    )
    if actor.known:
        Draft.objects.create(
            form=row.form, person_id=actor.person, wrapped=b"x", sealed=b"x", created_at=moment, updated_at=moment,
            expires_at=moment + timedelta(days=1),
        )  # fmt: skip
        Preferences.objects.create(person_id=actor.person, changed_at=moment)
        PushSubscription.objects.create(person_id=actor.person, endpoint_hash=mark, sealed=b"x", created_at=moment)
    RouteSecret.objects.create(route=mark, name="key", wrapped=b"x", sealed=b"x", set_at=moment)
    return row


IN_CHARGE = "metropole-rade-bleue"
"""Who answers for the form of the tests at 97001."""


class Two:
    """A resident's request here, another's elsewhere, and one of nobody's here."""

    def __init__(self):
        self.lou, self.dan = made.resident(), made.resident()
        self.here, self.there = made.agent(made.BODY), made.agent(made.OTHER)
        self.mine = life(self.lou, made.BODY, "a")
        self.theirs = life(self.dan, made.OTHER, "b")
        self.secret = made.opened(organisation=made.OTHER)


@pytest.fixture
def two(small_territory):
    return Two()


def enter(actor):
    wall.enter(person=actor.person, principal=actor.principal, organisation=actor.organisation)


def holders(model):
    return set(model.objects.values_list(OF_A_REQUEST[model], flat=True))


def test_nobody_sees_nothing(two):
    with as_application():
        assert {each.__name__: each.objects.count() for each in (*OF_A_REQUEST, *OTHERS)} == dict.fromkeys(
            (each.__name__ for each in (*OF_A_REQUEST, *OTHERS)), 0
        )
    for each in (*OF_A_REQUEST, *OTHERS):
        assert each in (Appointment, Follower, Report) or each.objects.exists(), f"no row of {each.__name__} was made"


def test_a_resident_sees_their_own_and_no_note_of_the_desk(two):
    with as_application():
        enter(two.lou)
        for model in OF_A_REQUEST:
            assert holders(model) == {two.mine.pk}, model
        for model in (Draft, Preferences, PushSubscription):
            assert {str(each.person_id) for each in model.objects.all()} == {two.lou.person}, model
        assert not Step.objects.filter(public=False).exists()
        assert not Attachment.objects.filter(field="note").exists()
        for model in (SavedView, CannedAnswer, Bulk, RouteSecret):
            assert not model.objects.exists(), model


def test_an_agent_sees_what_their_organisation_is_in_charge_of(two):
    with as_application():
        enter(two.here)
        for model in OF_A_REQUEST:
            assert holders(model) == {two.mine.pk}, model
        assert Step.objects.filter(public=False).exists()
        for model in (Draft, Preferences, PushSubscription, RouteSecret):
            assert not model.objects.exists(), model
        for model in (CannedAnswer, Bulk):
            assert {each.organisation_id for each in model.objects.all()} == {made.BODY}, model
        assert SavedView.objects.count() == 1, "the shared one, and none of a colleague"


def test_the_principal_of_the_mandate_in_hand_is_seen(two):
    with as_application():
        wall.enter(person=two.dan.person, principal=two.lou.person)
        assert holders(Request) == {two.mine.pk, two.theirs.pk}
        wall.enter(person=two.dan.person, principal=two.dan.person)
        assert holders(Request) == {two.theirs.pk}


def test_a_secret_opens_its_request_and_no_other(two):
    row = two.secret.request
    with as_application():
        assert read_by_secret(number=row.number, secret=two.secret.secret).answers == {"mots": "Bonjour"}
        assert holders(Request) == {row.pk}
        assert holders(Step) == {row.pk}
        with pytest.raises(UnknownRequest):
            read_by_secret(number=two.mine.number, secret=two.secret.secret)
        messages.send_message(actor=NOBODY, number=row.number, secret=two.secret.secret, words="Bonsoir")
        assert Request.objects.exclude(pk=row.pk).update(urgent=True) == 0
    with pytest.raises(ValueError, match="hash"):
        wall.bring(wall.PUBLIC)


def test_a_secret_brought_in_an_act_that_failed_still_opens(two):
    row = two.secret.request
    said = {"actor": NOBODY, "action": "request.write", "number": row.number, "secret": two.secret.secret}
    with as_application():
        with pytest.raises(UnknownRequest), transaction.atomic():
            wall.bring(numbers.hash_of(two.secret.secret))
            raise UnknownRequest("x")
        with changing(**said) as change:
            change.note("message")


def test_a_resume_link_opens_its_draft_and_no_other(two):
    published()
    held, where = published_form("essai"), drafts.Where("97001")
    with as_application():
        one = drafts.begin(actor=NOBODY, held=held, where=where, answers={}, page="")
        other = drafts.begin(actor=NOBODY, held=held, where=where, answers={}, page="")
        wall._stand(wall.NOBODY)
        assert not Draft.objects.exists()
        found = draft(one.reference, actor=NOBODY)
        assert list(Draft.objects.all()) == [found.row]
        assert Draft.objects.filter(pk=other.row.pk).update(page="x") == 0


def test_what_is_public_is_read_as_such_and_nothing_more(two):
    shown, hidden = reported(actor=two.dan), reported()
    reports.hide_report(actor=two.here, number=hidden.number)
    with as_application():
        assert not Report.objects.exists()
        assert [each.request_id for each in public_reports()] == [shown.pk]
        assert set(Request.objects.values_list("kind", flat=True)) == {"report"}
        assert not Step.objects.filter(public=False).exists()
        for model in (Attachment, Payment, Decision, Delivery, Draft):
            assert not model.objects.exists(), model
        assert Request.objects.update(urgent=True) == 0
        assert Report.objects.update(text="x") == 0
        enter(two.here)
        assert Report.objects.count() == 2


def test_nothing_is_written_on_what_is_not_theirs(two):
    with as_application():
        for actor in (two.lou, two.here):
            enter(actor)
            theirs = two.theirs.pk
            for model, field in OF_A_REQUEST.items():
                rows = model.objects.filter(pk__in=list(model.objects.filter(**{field: theirs}).values("pk")))
                assert rows.count() == 0, model
            assert Request.objects.filter(pk=theirs).update(urgent=True) == 0
            assert Step.objects.filter(request=theirs)._raw_delete("default") == 0
            with pytest.raises(DatabaseError), transaction.atomic():
                Step.objects.create(request_id=theirs, position=9, at=now(), kind="x", by_kind="agent")
            with pytest.raises(DatabaseError), transaction.atomic():
                Request.objects.filter(pk=two.mine.pk).update(organisation=made.OTHER, person=two.dan.person)


def test_every_filter_removed_an_agent_reads_no_request_of_another_body(two, monkeypatch):
    """The mutation: what the code filters by organisation or asks of the policy, it no longer does."""
    monkeypatch.setattr(queue, "chosen", lambda actor, wanted: list(Request.objects.filter(number__in=wanted)))
    monkeypatch.setattr(queue, "rows_of", lambda actor, asked: Request.objects.all())
    monkeypatch.setattr(requests.trust, "can", lambda *a, **k: True)
    agent = people.signed_in(Client(headers=OURS), Person.objects.get(pk=two.here.person), organisation=made.BODY)
    with as_application():
        page = agent.get("/agent/demandes").content.decode()
        assert two.mine.number in page and two.theirs.number not in page
        assert agent.get(f"/agent/demandes/{two.theirs.number}").status_code == 404


@pytest.mark.usefixtures("small_territory")
def test_a_request_lives_from_one_end_to_the_other_as_the_application(theirs, monkeypatch):
    """Filled in and sent, handed over, sent on, asked for a document, late, decided, rated: nothing needed is hidden."""
    people.organisation(made.OTHER)
    published(*TWO_STEPS, silence={"after": "P2M", "means": "accept", "law": "CRPA, article L. 231-1"})
    handing.routes({"authority": IN_CHARGE})
    here, there = made.agent(IN_CHARGE), made.agent(made.OTHER)
    desk = people.signed_in(Client(headers=OURS), Person.objects.get(pk=there.person), organisation=made.OTHER)
    with as_application():
        nobody = Client(headers=OURS)
        receipt = filled(nobody).send()
        number = re.search(r"R-\d{4}-[A-Z0-9]{6}", receipt.text)[0]
        secret = re.search(r"\b\w{4}-\w{4}-\w{4}\b", receipt.text.replace(number, ""))[0]
        assert receipt.open(receipt.address).answer.status_code == 200
        with wall.house():
            assert handing.work() == 1 and len(theirs.kept) == 1
        enter(here)
        escalation.transfer(actor=here, number=number, revision=None, to=made.OTHER, why="C’est chez eux")
        assert not Request.objects.filter(number=number).exists(), "who sent it on sees it no more"
        assert number in desk.get("/agent/demandes").content.decode()
        enter(there)
        asked = documents.ask_document(actor=there, number=number, revision=None, what="Un plan")
        assert desk.get(f"/agent/demandes/{number}").status_code == 200
        followed = nobody.post("/suivi", {"numero": number, "code": secret}, follow=True)
        assert "Un plan" in followed.content.decode()
        given = nobody.post(f"/suivi/{number}/pieces/{asked.pk}", {"words": "Je ne l’ai pas"}, follow=True)
        assert given.status_code == 200 and "Je ne l’ai pas" in given.content.decode()
        moment = now() + timedelta(days=90)
        with monkeypatch.context() as later:
            later.setattr(deadlines, "now", lambda: moment)
            assert deadlines.pass_time() >= 1
        page = nobody.get(f"/suivi/{number}").content.decode()
        assert "Acceptée" in page
        assert nobody.post(f"/suivi/{number}/avis", {"rating": "5"}, follow=True).status_code == 200
        wall._stand(wall.NOBODY)
        assert read_by_secret(number=number, secret=secret).request.rating == 5
