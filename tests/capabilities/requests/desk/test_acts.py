"""What agents do: assign, note, join duplicates, send on, reopen, many at once; one at a time, and told to who asked."""

from datetime import timedelta

import pytest

from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.requests.actions import (
    assigning,
    bulk,
    decisions,
    escalation,
    merging,
    notes,
    reopening,
    views,
)
from lacydon.capabilities.requests.actions import messages as post
from lacydon.capabilities.requests.models import Bulk, CannedAnswer, Delivery, Outcome, Request, Route, SavedView, Step
from lacydon.capabilities.requests.queries import canned, desk, filters, queue, workload
from lacydon.capabilities.requests.queries.notes import hidden_notes
from lacydon.capabilities.requests.queries.timeline import timeline
from lacydon.capabilities.trust.models import Entry, RoleGrant
from lacydon.capabilities.trust.public import NotAllowed
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, NotFound
from tests.capabilities.requests import made
from tests.capabilities.trust import people

pytestmark = pytest.mark.django_db


def kinds(number: str, *, public: bool | None = None) -> list[str]:
    rows = Step.objects.filter(request__number=number)
    return list((rows if public is None else rows.filter(public=public)).values_list("kind", flat=True))


def test_who_takes_a_request_looks_after_it_and_its_resident_sees_that_it_goes_on():
    number, agent = made.opened().request.number, made.agent()
    assigning.take(actor=agent, number=number, revision=0)
    row = Request.objects.get()
    assert (str(row.assignee_id), row.state) == (agent.person, "in-progress") and kinds(number) == ["opened", "taken"]
    assert assigning.take(actor=agent, number=number) is None
    colleague = made.agent()
    assigning.take(actor=colleague, number=number)
    assert str(Request.objects.get().assignee_id) == colleague.person
    assert kinds(number, public=True) == ["opened", "taken"]
    assigning.assign(actor=agent, number=number, to="")
    assert Request.objects.get().assignee_id is None
    assert Entry.objects.filter(action="request.assign").count() >= 3


@pytest.mark.parametrize("whom", ["reader", "elsewhere", "resident", "nobody there", "role taken back"])
def test_a_request_is_confided_only_to_a_colleague_who_handles_them(whom):
    number, agent = made.opened().request.number, made.agent()
    gone = made.agent()
    to = {
        "reader": made.agent(roles=("requests.reader",)).person,
        "elsewhere": made.agent(made.OTHER).person,
        "resident": made.resident().person,
        "nobody there": "00000000-0000-4000-8000-000000000000",
        "role taken back": gone.person,
    }[whom]
    if whom == "role taken back":
        RoleGrant.objects.filter(membership__person_id=gone.person).update(until=now())
    with pytest.raises(BadInput):
        assigning.assign(actor=agent, number=number, to=to)
    assert Request.objects.get().assignee_id is None


@pytest.mark.parametrize("act", ["assign", "note", "merge", "transfer", "reopen"])
def test_who_only_reads_and_who_is_elsewhere_do_nothing(act):
    number, other = made.opened().request.number, made.opened().request.number
    people.organisation(made.OTHER)

    def do(actor):
        return {
            "assign": lambda: assigning.take(actor=actor, number=number),
            "note": lambda: notes.add_note(actor=actor, number=number, words="x"),
            "merge": lambda: merging.merge(actor=actor, number=number, into=other),
            "transfer": lambda: escalation.transfer(actor=actor, number=number, revision=0, to=made.OTHER, why="x"),
            "reopen": lambda: reopening.reopen_at_desk(actor=actor, number=number, revision=0, reason="x"),
        }[act]()

    with pytest.raises(NotAllowed):
        do(made.agent(roles=("requests.reader",)))
    with pytest.raises(requests.UnknownRequest):
        do(made.agent(made.OTHER))
    assert kinds(number) == ["opened"]


def test_a_note_is_sealed_and_read_by_who_wrote_it_and_their_colleagues_alone():
    resident = made.resident()
    number, agent = made.opened(actor=resident).request.number, made.agent()
    notes.add_note(actor=agent, number=number, words="rappeler lundi")
    row = Request.objects.get()
    assert b"lundi" not in bytes(Step.objects.last().sealed)
    assert [each.said for each in timeline(row, viewer=agent, agent=True)][-1] == "rappeler lundi"
    assert [each.kind for each in timeline(row, viewer=resident)] == ["opened"]
    people.organisation(made.OTHER)
    escalation.transfer(
        actor=agent, number=number, revision=1, to=made.OTHER, why="La voie est départementale.", note="voir photo"
    )
    row, there = Request.objects.get(), made.agent(made.OTHER)
    hidden = hidden_notes(row, there)
    read = [each.said for each in timeline(row, viewer=there, agent=True) if each.position not in hidden]
    assert "voir photo" in read and "rappeler lundi" not in read and "La voie est départementale." in read


def test_a_request_sent_on_moves_with_its_history_and_leaves_only_the_journal_behind():
    resident = made.resident()
    number, agent = made.opened(actor=resident, words="Un trou").request.number, made.agent()
    assigning.take(actor=agent, number=number)
    people.organisation(made.OTHER)
    escalation.transfer(actor=agent, number=number, revision=1, to=made.OTHER, why="Ce n’est pas nous.")
    with pytest.raises(requests.UnknownRequest):
        requests.read_request(actor=agent, number=number)
    assert queue.page_of(agent, filters.read("vue=toutes")).rows == []
    there = made.agent(made.OTHER)
    assert requests.read_request(actor=there, number=number).answers == {"mots": "Un trou"}
    row = Request.objects.get()
    assert (row.number, row.state, row.assignee_id) == (number, "received", None)
    told = [(each.kind, each.said) for each in timeline(row, viewer=resident)]
    assert told[-1] == ("transferred", "Ce n’est pas nous.") and len(told) == 3
    assert Entry.objects.get(action="request.transfer").organisation == made.BODY


@pytest.mark.parametrize(
    ("silence", "starts_anew"),
    [({"after": "P2M", "means": "reject"}, False), ({"after": "P2M", "means": "accept"}, True)],
)
def test_the_clock_of_a_request_sent_on_is_the_one_of_the_law(silence, starts_anew):
    """CRPA, article L. 114-3."""
    form = made.form(f"delai-{silence['means']}", silence={**silence, "law": "x"})
    number = made.opened(form=form).request.number
    early = Request.objects.get().due_at - timedelta(days=20)
    Request.objects.update(opened_at=now() - timedelta(days=20), due_at=early)
    people.organisation(made.OTHER)
    escalation.transfer(actor=made.agent(), number=number, revision=0, to=made.OTHER, why="x")
    assert (Request.objects.get().due_at > early + timedelta(days=15)) is starts_anew
    assert starts_anew or Request.objects.get().due_at == early


@pytest.mark.parametrize("to", ["", "nowhere", made.BODY])
def test_a_request_goes_only_to_another_authority_there_is(to):
    number = made.opened().request.number
    with pytest.raises(BadInput):
        escalation.transfer(actor=made.agent(), number=number, revision=0, to=to, why="x")
    assert Request.objects.get().organisation_id == made.BODY


def test_a_request_sent_on_leaves_for_the_system_of_the_next_authority_and_no_more_for_the_former_one():
    for at, body in enumerate((made.BODY, made.OTHER)):
        Route.objects.create(id=f"r{at}", position=at, authority=body, channel="x", patience_days=7)
    people.organisation(made.OTHER)
    number = made.opened().request.number
    escalation.transfer(actor=made.agent(), number=number, revision=None, to=made.OTHER, why="x")
    former, next_one = Delivery.objects.get(route="r0"), Delivery.objects.get(route="r1")
    assert former.over_at and next_one.over_at is None


def test_the_maker_of_a_duplicate_is_told_then_told_how_the_other_ends(django_capture_on_commit_callbacks):
    resident, agent = made.resident(), made.agent()
    main = made.opened(words="la première").request.number
    joined = made.opened(actor=resident, words="la seconde").request.number
    earlier = made.opened().request.number
    merging.merge(actor=agent, number=earlier, into=joined)
    merging.merge(actor=agent, number=joined, into=main.lower().replace("-", " "), revision=None, words="Merci")
    row = Request.objects.get(number=joined)
    assert (row.state, row.outcome, row.merged_into.number) == ("closed", Outcome.DUPLICATE, main)
    assert Request.objects.get(number=earlier).merged_into.number == main
    assert kinds(joined, public=True) == ["opened", "merged"] and kinds(main, public=True) == ["opened"]
    assert merging.tell_who_follows() == 0
    revision = Request.objects.get(number=main).revision
    decisions.decide(actor=agent, number=main, revision=revision, outcome="accepted", reason="")
    assert merging.tell_who_follows() == 2 and merging.tell_who_follows() == 0
    assert Step.objects.get(request=row, kind="followed").facts == {"outcome": "accepted"}
    with pytest.raises(BadInput, match="jointe à une troisième"):
        merging.merge(actor=agent, number=made.opened().request.number, into=joined)


def test_two_requests_of_different_authorities_are_never_joined():
    mine, theirs = made.opened().request.number, made.opened(organisation=made.OTHER).request.number
    for number, into in ((mine, theirs), (theirs, mine)):
        with pytest.raises(requests.UnknownRequest):
            merging.merge(actor=made.agent(), number=number, into=into)
    with pytest.raises(BadInput):
        merging.merge(actor=made.agent(), number=mine, into=mine)
    assert not Request.objects.filter(state="closed").exists()


def test_a_duplicate_that_is_none_stands_alone_again():
    agent = made.agent()
    main, joined = made.opened().request.number, made.opened().request.number
    merging.merge(actor=agent, number=joined, into=main)
    reopening.reopen_at_desk(actor=agent, number=joined, revision=1, reason="Ce n’est pas la même rue.")
    row = Request.objects.get(number=joined)
    assert (row.state, row.merged_into, row.outcome) == ("in-progress", None, "")
    assert timeline(row, viewer=agent)[-1].said == "Ce n’est pas la même rue."


def test_what_a_resident_gave_up_stays_theirs():
    resident = made.resident()
    number = made.opened(actor=resident).request.number
    decisions.withdraw(actor=resident, number=number)
    with pytest.raises(requests.NotNow):
        reopening.reopen_at_desk(actor=made.agent(), number=number, revision=1, reason="x")


def test_many_requests_are_dealt_with_one_by_one_and_what_cannot_be_is_told():
    agent, colleague = made.agent(), made.agent()
    first, second = made.opened().request.number, made.opened().request.number
    closed, elsewhere = made.opened().request.number, made.opened(organisation=made.OTHER).request.number
    decisions.decide(actor=agent, number=closed, revision=0, outcome="accepted", reason="")
    made_of = [second, first, closed, elsewhere, "R-0000-AAAAAA", first]
    lot = bulk.begin(actor=agent, act="assign", numbers=made_of, arguments={"to": colleague.person})
    assert lot.numbers == [second, first, closed]
    done = bulk.carry_on(bulk=lot.pk)
    assert done.ended_at and done.at == 3 and [number for number, _said in done.refused] == [closed]
    mine = Request.objects.filter(assignee_id=colleague.person).values_list("number", flat=True)
    assert set(mine) == {first, second}
    assert bulk.carry_on(bulk=lot.pk).at == 3 and kinds(first).count("assigned") == 1


def test_a_lot_stopped_in_the_middle_goes_on_where_it_was(monkeypatch):
    agent = made.agent()
    answer = CannedAnswer.objects.create(organisation_id=made.BODY, title="Reçu", text="{numero}", changed_at=now())
    numbers = [made.opened().request.number for _each in range(3)]
    lot = bulk.begin(actor=agent, act="answer", numbers=numbers, arguments={"answer": str(answer.pk)})
    sent, real = [], bulk.send_message

    def dies_after_one(**told):
        if sent:
            raise KeyboardInterrupt
        sent.append(told["number"])
        return real(**told)

    monkeypatch.setattr(bulk, "send_message", dies_after_one)
    with pytest.raises(KeyboardInterrupt):
        bulk.carry_on(bulk=lot.pk)
    monkeypatch.setattr(bulk, "send_message", real)
    assert Bulk.objects.get().at == 1
    bulk.carry_on_forgotten()
    assert Bulk.objects.get().at == 1
    Bulk.objects.update(begun_at=now() - timedelta(hours=2))
    bulk.carry_on_forgotten()
    assert [kinds(number).count("message") for number in numbers] == [1, 1, 1]
    row = Request.objects.get(number=numbers[2])
    assert timeline(row, viewer=agent)[-1].said == numbers[2]


def test_a_lot_stops_mattering_when_the_role_is_taken_back():
    agent, number = made.agent(), made.opened().request.number
    lot = bulk.begin(actor=agent, act="assign", numbers=[number], arguments={"to": agent.person})
    RoleGrant.objects.filter(membership__person_id=agent.person).update(until=now())
    done = bulk.carry_on(bulk=lot.pk)
    assert len(done.refused) == 1 and Request.objects.get().assignee_id is None
    with pytest.raises(NotFound):
        bulk.bulk_of(made.agent(), lot.pk)


def test_answers_ready_are_filled_and_know_their_places():
    manager, agent = made.agent(roles=("requests.manager",)), made.agent()
    with pytest.raises(NotAllowed):
        views.save_answer(actor=agent, title="x", text="y")
    with pytest.raises(BadInput, match="prenom"):
        views.save_answer(actor=manager, title="Bonjour", text="{prenom}")
    kept = views.save_answer(
        actor=manager, title="Bonjour", text="{numero} : {demarche}, {organisme} ({autre})".replace(" ({autre})", "")
    )
    assert [each.title for each in desk.answers(agent)] == ["Bonjour"] and desk.answers(made.agent(made.OTHER)) == []
    row = made.opened().request
    assert canned.filled(kept.text, request=row, actor=agent) == f"{row.number} : Essai, {made.BODY}"
    with pytest.raises(NotFound):
        views.remove_answer(actor=made.agent(made.OTHER, roles=("requests.manager",)), answer=kept.pk)
    views.remove_answer(actor=manager, answer=kept.pk)
    assert not CannedAnswer.objects.exists()


def test_views_are_ones_own_unless_shared_by_who_manages_the_desk():
    agent, colleague, manager = made.agent(), made.agent(), made.agent(roles=("requests.manager",))
    own = views.save_view(actor=agent, name="Retards", query="vue=retard&source=web&n=1")
    views.save_view(actor=agent, name="Retards", query="vue=retard")
    with pytest.raises(NotAllowed):
        views.save_view(actor=agent, name="Tous", query="", shared=True)
    views.save_view(actor=manager, name="Tous", query="vue=toutes", shared=True)
    assert [(each.name, each.filters) for each in desk.views(agent)] == [
        ("Retards", "vue=retard"),
        ("Tous", "vue=toutes"),
    ]
    assert [each.name for each in desk.views(colleague)] == ["Tous"] and desk.views(made.agent(made.OTHER)) == []
    with pytest.raises(NotFound):
        views.remove_view(actor=colleague, view=own.pk)
    shared = SavedView.objects.get(owner=None)
    with pytest.raises(NotAllowed):
        views.remove_view(actor=agent, view=shared.pk)
    views.remove_view(actor=manager, view=shared.pk)
    views.remove_view(actor=agent, view=own.pk)
    assert not SavedView.objects.exists()


def test_the_board_counts_the_organisation_alone():
    agent, moment = made.agent(), now()
    late, _open, done = (made.opened().request for _each in range(3))
    made.opened(organisation=made.OTHER)
    Request.objects.filter(pk=late.pk).update(due_at=moment - timedelta(days=1), assignee_id=agent.person)
    Request.objects.filter(pk=done.pk).update(opened_at=moment - timedelta(days=4))
    decisions.decide(actor=agent, number=done.number, revision=0, outcome="accepted", reason="")
    found = workload.board(agent)
    assert (found.whole.open, found.whole.late, found.whole.closed) == (2, 1, 1)
    assert found.whole.days == pytest.approx(4, abs=0.1)
    assert [(each.id, each.open, each.late) for each in found.agents if each.id == agent.person] == [
        (agent.person, 1, 1)
    ]
    assert sum(week.arrived for week in found.weeks) == 3 and sum(week.closed for week in found.weeks) == 1
    assert len(found.weeks) == 12


def test_a_message_on_a_request_read_before_somebody_else_wrote_is_refused():
    number, one, two = made.opened().request.number, made.agent(), made.agent()
    assigning.take(actor=one, number=number, revision=0)
    with pytest.raises(requests.ChangedMeanwhile):
        post.send_message(actor=two, number=number, words="Bonjour", revision=0)
    assert kinds(number) == ["opened", "taken"]
