"""Two agents at the same moment, in two threads, on the real database: one writes, the other is told."""

import threading

import pytest
from django.db import connection

from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.requests.actions import assigning, merging
from lacydon.capabilities.requests.models import Request, Step
from lacydon.kernel.errors import Refused
from tests.capabilities.requests import made

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer at a time on SQLite: nothing to race with"),
]


def at_once(*acts) -> list[object]:
    """Each in its thread, all begun together; what came of each."""
    together, found = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int) -> None:
        together.wait()
        try:
            found[place] = acts[place]()
        except Refused as refusal:
            found[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return found


def test_of_two_agents_who_take_a_request_they_both_read_one_has_it():
    number = made.opened().request.number
    one, two = made.agent(), made.agent()
    told = at_once(
        lambda: assigning.take(actor=one, number=number, revision=0),
        lambda: assigning.take(actor=two, number=number, revision=0),
    )
    assert sorted(isinstance(each, requests.ChangedMeanwhile) for each in told) == [False, True]
    winner = (one, two)[[isinstance(each, requests.ChangedMeanwhile) for each in told].index(False)]
    row = Request.objects.get()
    assert (str(row.assignee_id), row.revision) == (winner.person, 1)
    assert Step.objects.filter(kind="taken").count() == 1


def test_two_agents_who_join_two_requests_each_to_the_other_wait_for_no_one_and_one_is_left_open():
    first, second = made.opened().request.number, made.opened().request.number
    one, two = made.agent(), made.agent()
    told = at_once(
        lambda: merging.merge(actor=one, number=first, into=second),
        lambda: merging.merge(actor=two, number=second, into=first),
    )
    assert sorted(isinstance(each, Refused) for each in told) == [False, True]
    assert sorted(Request.objects.values_list("state", flat=True)) == ["closed", "received"]
