"""Nothing is lost, nothing is made twice: the outbox, its tries, its dead letters."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.requests.actions import delivery as acts
from lacydon.capabilities.requests.actions.following import note_status
from lacydon.capabilities.requests.actions.moving import changing
from lacydon.capabilities.requests.models import Delivery, Outcome, Request
from lacydon.capabilities.requests.ports import ChannelClosed, ParcelRefused, Receipt, Status
from lacydon.capabilities.requests.queries.personal import export
from lacydon.capabilities.requests.queries.sealed import key_of, unseal
from lacydon.capabilities.requests.queries.timeline import timeline
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import metrics
from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Refused
from tests.capabilities.requests import made
from tests.capabilities.requests.delivery import handing

pytestmark = pytest.mark.django_db


def refuse() -> None:
    raise ParcelRefused("Le champ SIZE manque.")


def steps(row: Delivery) -> list[str]:
    return list(row.request.steps.values_list("kind", flat=True))


def test_a_request_is_in_the_outbox_with_its_opening_or_not_at_all(theirs):
    row = handing.queued(words="Le bac est cassé")
    assert (row.state, row.channel, row.attempts) == ("queued", "theirs", 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        made.opened()
        raise ZeroDivisionError
    assert (Request.objects.count(), Delivery.objects.count()) == (1, 1)


def test_the_same_submission_twice_is_handed_over_once(theirs):
    key = uuid4()
    for _time in range(2):
        made.opened(submission=key)
    assert Delivery.objects.count() == 1


def test_an_authority_without_a_route_works_here(theirs):
    made.opened(organisation=made.OTHER)
    assert not Delivery.objects.exists()
    assert Request.objects.get().state == "received"


def test_it_is_handed_over_and_the_timeline_says_so(theirs, time):
    resident = made.resident()
    row = handing.queued(actor=resident, words="Le bac est cassé")
    assert handing.work() == 1
    [parcel] = theirs.tried
    assert (parcel.number, parcel.description, parcel.tried_at) == (row.request.number, "Le bac est cassé", None)
    assert parcel.words == (("Vos mots", "Le bac est cassé"),) and parcel.contact is None
    row.refresh_from_db()
    assert (row.state, row.reference, row.attempts, row.next_at) == ("accepted", "T-1", 1, None)
    assert steps(row) == ["opened", "sent", "acknowledged"]
    assert row.request.steps.get(kind="acknowledged").facts == {"authority": made.BODY, "reference": "T-1"}
    assert Request.objects.get().state == "sent"
    assert Entry.objects.filter(action="request.deliver", subject=resident.person).count() == 1
    assert handing.work() == 0


def test_nothing_of_what_was_answered_lies_in_the_outbox(theirs):
    handing.queued(words="canari")
    theirs.behave = handing.away
    handing.work()
    assert "canari" not in str(Delivery.objects.values())


def test_the_resident_reads_to_whom_it_went_and_under_which_number(theirs):
    resident = made.resident()
    row = handing.queued(actor=resident)
    handing.work()
    lines = {each.kind: each for each in timeline(row.request, viewer=resident)}
    assert lines["acknowledged"].detail.endswith("accusé de réception n° T-1")
    note_status(
        delivery=row.pk,
        told=Status(state="in-progress", words="Mardi.", expected_at=datetime(2026, 3, 20, 12, tzinfo=UTC)),
    )
    news = timeline(Request.objects.get(), viewer=resident)[-1]
    assert (news.detail, news.said) == ("Prise en charge, prévue le 20 mars 2026", "Mardi.")
    assert news.by.startswith("par ")
    at_the_end = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)
    note_status(delivery=row.pk, told=Status(state="in-progress", words="Jamais.", expected_at=at_the_end))
    news = timeline(Request.objects.get(), viewer=resident)[-1]
    assert (news.detail, news.said) == ("Prise en charge", "Jamais."), "the page is still readable"


def test_a_copy_of_ones_data_says_to_whom_it_went(theirs):
    resident = made.resident()
    handing.queued(actor=resident)
    handing.work()
    [told] = export(resident.person)["Demandes"]
    assert [(each["Autorité"], each["Numéro chez elle"]) for each in told["Transmise à"]] == [(made.BODY, "T-1")]


def test_what_was_only_sent_is_not_said_to_be_received(theirs):
    theirs.receipt = Receipt(state="sent")
    row = handing.queued()
    handing.work()
    row.refresh_from_db()
    assert (row.state, row.accepted_at, steps(row)) == ("sent", None, ["opened", "sent"])


def test_the_resident_is_told_where_to_finish_it_and_nobody_else(theirs):
    address = "https://demarche.example/commencer?prefill_token=abc"
    theirs.receipt = Receipt(state="sent", reference="12", leads_to=address)
    row = handing.queued()
    handing.work()
    step = row.request.steps.get(kind="finish-there")
    assert unseal(step.sealed, key=key_of(row.request), holder=step, field="sealed") == {"address": address}
    assert "prefill_token" not in str(Delivery.objects.values()) + str(step.facts)


def test_a_system_that_is_down_for_a_day_loses_nothing_and_gets_it_once(theirs, time):
    row = handing.queued()
    theirs.behave = handing.away
    until = time.moment + timedelta(days=1)
    while time.moment < until:
        handing.work()
        time.next()
    row.refresh_from_db()
    assert row.state == "failed" and row.last_error == "Le serveur ne répond pas."
    assert 24 <= len(theirs.tried) <= 45, "an hour between tries at most, never much less"
    told = metrics.exposition().decode()
    assert 'lacydon_deliveries{state="failed"} 1.0' in told and "lacydon_deliveries_late 1.0" in told
    theirs.behave = lambda: None
    time.later(minutes=75)
    handing.work()
    row.refresh_from_db()
    assert (row.state, len(theirs.kept), steps(row)) == ("accepted", 1, ["opened", "sent", "acknowledged"])
    assert Entry.objects.filter(action="request.deliver").count() == 1


def test_the_first_tries_follow_quickly(theirs, time):
    handing.queued()
    theirs.behave = handing.away
    began = time.moment
    for _try in range(5):
        handing.work()
        time.next()
    assert timedelta(minutes=20) < time.moment - began < timedelta(minutes=40), "1, 2, 4, 8, 16 minutes, more or less"


class TestInterrupted:
    def test_the_next_try_knows_that_it_may_be_there(self, theirs, time):
        row = handing.queued()
        theirs.lose = handing.away
        handing.work()
        began = time.moment
        time.later(minutes=3)
        handing.work()
        assert [parcel.tried_at for parcel in theirs.tried] == [None, began]
        assert len({parcel.idempotency_key for parcel in theirs.tried}) == 1
        row.refresh_from_db()
        assert row.doubt_since == began

    def test_a_process_that_dies_after_sending_leaves_a_try_that_began(self, theirs, time):
        def dies() -> None:
            raise KeyboardInterrupt

        row = handing.queued()
        theirs.lose = dies
        with pytest.raises(KeyboardInterrupt):
            handing.work()
        theirs.lose = lambda: None
        assert handing.work() == 0, "another worker may still be at it"
        acts.attempt(delivery=str(row.pk), turn=1)  # the job that the dead worker left is given to another at once
        row.refresh_from_db()
        assert (row.state, theirs.tried[-1].tried_at is not None, len(theirs.kept)) == ("accepted", True, 1)

    def test_a_job_that_is_lost_is_found_again(self, theirs, time):
        row = handing.queued()
        acts.take_due(most=10)
        assert acts.take_due(most=10) == []
        time.later(minutes=6)
        assert handing.work() == 1
        row.refresh_from_db()
        assert row.state == "accepted"

    def test_only_the_latest_turn_may_send(self, theirs, time):
        row = handing.queued()
        [(id, old)] = acts.take_due(most=10)
        time.later(minutes=6)
        [(_id, new)] = acts.take_due(most=10)
        acts.attempt(delivery=id, turn=old)
        assert theirs.tried == []
        acts.attempt(delivery=id, turn=new)
        acts.attempt(delivery=id, turn=new)
        assert len(theirs.tried) == 1
        row.refresh_from_db()
        assert row.state == "accepted"

    def test_the_same_receipt_twice_is_noted_once(self, theirs):
        row = handing.queued()
        for _time in range(2):
            acts.handed(delivery=str(row.pk), receipt=Receipt(state="accepted", reference="9"), follow=True)
        assert steps(row) == ["opened", "sent", "acknowledged"]
        assert Request.objects.get().revision == 1


def test_a_connector_that_breaks_is_tried_again(theirs, time):
    def broken() -> None:
        raise RuntimeError("secret=abc")

    row = handing.queued()
    theirs.behave = broken
    handing.work()
    row.refresh_from_db()
    assert row.state == "failed" and "secret" not in row.last_error


def test_a_route_with_wrong_settings_waits_until_they_are_mended(theirs, time):
    handing.routes({"settings": {"url": 3}})
    row = handing.queued()
    handing.work()
    row.refresh_from_db()
    assert row.state == "failed" and "url" in row.last_error
    handing.routes({})
    time.later(minutes=2)
    handing.work()
    assert len(theirs.kept) == 1


def test_a_request_withdrawn_before_it_left_does_not_leave(theirs):
    row = handing.queued()
    with changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
        change.close(Outcome.WITHDRAWN)
    handing.work()
    row.refresh_from_db()
    assert (row.state, theirs.tried) == ("kept", [])


class TestDeadLetters:
    def test_what_nobody_takes_for_days_is_shown_and_not_before(self, theirs, time):
        row = handing.queued()
        theirs.behave = handing.away
        almost = time.moment + timedelta(days=6, hours=22)
        while time.moment < almost:
            handing.work()
            time.later(hours=8)
        row.refresh_from_db()
        assert row.state == "failed"
        handing.work()
        time.next()
        handing.work()
        row.refresh_from_db()
        assert (row.state, row.next_at) == ("dead", None)
        assert [each.number for each in requests.every_dead_letter()] == [row.request.number]
        assert Request.objects.get().state == "received", "nobody is told that it was sent"

    def test_what_is_refused_for_good_is_shown_at_once(self, theirs):
        row = handing.queued()
        theirs.behave = refuse
        handing.work()
        [letter] = requests.every_dead_letter()
        assert (letter.why, letter.attempts) == ("Le champ SIZE manque.", 1)
        assert steps(row) == ["opened"]

    def test_it_is_replayed_with_all_its_days(self, theirs, time):
        row = handing.queued()
        theirs.behave = refuse
        handing.work()
        theirs.behave = handing.away
        time.later(days=30)
        manager = made.agent(roles=("requests.manager",))
        acts.replay(actor=manager, delivery=row.pk)
        handing.work()
        row.refresh_from_db()
        assert row.state == "failed" and row.give_up_at > time.moment + timedelta(days=6)
        theirs.behave = lambda: None
        time.later(minutes=5)
        handing.work()
        assert steps(row) == ["opened", "replayed", "sent", "acknowledged"]
        assert not row.request.steps.get(kind="replayed").public
        with pytest.raises(requests.NotNow):
            acts.replay(actor=manager, delivery=row.pk)

    def test_it_is_given_back_to_the_agents_here(self, theirs):
        row = handing.queued()
        theirs.behave = refuse
        handing.work()
        acts.keep_here(actor=made.agent(roles=("requests.manager",)), delivery=row.pk)
        row.refresh_from_db()
        assert (row.state, requests.every_dead_letter()) == ("kept", [])
        assert Request.objects.get().state == "received"

    @pytest.mark.parametrize(("body", "role"), [(made.BODY, "requests.agent"), (made.OTHER, "requests.manager")])
    def test_only_a_manager_of_that_authority_decides(self, theirs, body, role):
        row = handing.queued()
        theirs.behave = refuse
        handing.work()
        for act in (acts.replay, acts.keep_here):
            with pytest.raises(Refused) as refusal:
                act(actor=made.agent(body, roles=(role,)), delivery=row.pk)
            assert refusal.value.status in (403, 404)
        row.refresh_from_db()
        assert row.state == "dead"

    def test_a_route_taken_away_leaves_a_dead_letter(self, theirs):
        row = handing.queued()
        handing.routes()
        handing.work()
        row.refresh_from_db()
        assert row.state == "dead" and "deliveries.yaml" in row.last_error


class TestClosed:
    def test_a_system_that_wants_no_more_gets_no_more(self, theirs):
        def close() -> None:
            raise ChannelClosed("410")

        first, second = handing.queued(), handing.queued()
        theirs.behave = close
        handing.work()
        theirs.behave = lambda: None
        made.opened()
        for row in (first, second):
            row.refresh_from_db()
            assert row.state == "dead"
        assert (Delivery.objects.count(), len(theirs.tried)) == (2, 1)
        requests.open_route_again(route="route-0")
        assert handing.queued().state == "queued"


class TestWays:
    def test_the_most_precise_way_is_taken(self, theirs):
        handing.routes(
            {"id": "all"},
            {"id": "skill", "skills": ["voirie"]},
            {"id": "service", "services": ["trou"]},
            {"id": "elsewhere", "authority": made.OTHER, "services": ["trou"]},
        )
        assert handing.queued(form=made.form("autre")).route == "all"
        assert handing.queued(form=made.form("bac", skills=["voirie"])).route == "skill"
        assert handing.queued(form=made.form("trou", skills=["voirie"])).route == "service"

    def test_a_request_that_moves_to_another_authority_is_handed_there(self, theirs):
        handing.routes({"id": "here"}, {"id": "there", "authority": made.OTHER})
        row = handing.queued()
        handing.work()
        made.opened(organisation=made.OTHER)
        with changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
            change.request.organisation_id = made.OTHER
            moved = acts.queue_delivery(request=change.request)
            assert acts.queue_delivery(request=change.request) == moved
        row.refresh_from_db()
        assert row.over_at is not None and row.pull_at is None and moved.route == "there"

    def test_one_that_was_waiting_does_not_leave_for_the_former_authority(self, theirs):
        row = handing.queued()
        made.opened(organisation=made.OTHER)
        with changing(actor=MACHINE, action="request.follow", number=row.request.number) as change:
            change.request.organisation_id = made.OTHER
            assert acts.queue_delivery(request=change.request) is None
        handing.work()
        assert [parcel.number for parcel in theirs.tried] == []
        row.refresh_from_db()
        assert row.state == "kept"

    def test_a_request_opened_again_is_handed_over_again(self, theirs, time):
        row = handing.queued()
        handing.work()
        acts._end(row, state="accepted")
        time.later(days=3)
        again = acts.queue_delivery(request=row.request)
        handing.work()
        assert again.pk != row.pk and [parcel.round for parcel in theirs.tried] == [1, 2]
        assert theirs.tried[1].mark == f"{row.request.number}/2"
