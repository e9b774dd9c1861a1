"""The queue: the organisation's own requests only, filtered, in order, a page at a time, at a cost that does not grow."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from urllib.parse import parse_qsl
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from lacydon.capabilities.requests.models import Request
from lacydon.capabilities.requests.queries import filters, queue
from lacydon.kernel.clock import now
from tests.capabilities.requests import made

pytestmark = pytest.mark.django_db


def some(count: int, *, year: int = 2025, **fields) -> list[Request]:
    """Requests straight into the table, alike: what counts here is how they are found."""
    held = Request.objects.first() or made.opened().request
    Request.objects.filter(pk=held.pk).update(**fields)
    held.refresh_from_db()
    kept = [field.attname for field in Request._meta.concrete_fields if not field.generated]
    rows = []
    for number in range(count - 1):
        row = Request(**{name: getattr(held, name) for name in kept})
        row.pk, row.number = uuid4(), f"R-{year}-{number:06}"
        row.submission_key = uuid4()
        rows.append(row)
    return [held, *Request.objects.bulk_create(rows)]


def numbers(actor, query="", at=None) -> list[str]:
    return [row.number for row in queue.page_of(actor, filters.read(query), at=at).rows]


def test_an_agent_sees_the_requests_of_their_organisation_and_no_others():
    mine, other = made.opened().request, made.opened(organisation=made.OTHER).request
    agent = made.agent()
    for shown in filters.SHOWN:
        assert other.number not in numbers(agent, f"vue={shown}")
    assert numbers(agent, "vue=toutes") == [mine.number]
    assert numbers(agent, f"vue=toutes&numero={other.number}") == []
    assert [row.number for row in queue.chosen(agent, [mine.number, other.number])] == [mine.number]
    assert queue.neighbours(agent, filters.read("vue=toutes"), other) in ((mine.number, ""), ("", mine.number))


def test_without_an_organisation_there_is_no_queue():
    made.opened()
    nobody = made.resident()
    assert numbers(nobody, "vue=toutes") == [] and queue.chosen(nobody, [Request.objects.get().number]) == []


def test_what_is_late_comes_first_and_what_has_no_delay_last():
    moment = now()
    late, soon, free = (made.opened().request.number for _each in range(3))
    Request.objects.filter(number=late).update(due_at=moment - timedelta(days=1))
    Request.objects.filter(number=soon).update(due_at=moment + timedelta(days=3))
    agent = made.agent()
    assert numbers(agent) == [late, soon, free]
    assert numbers(agent, "vue=retard") == [late]
    assert numbers(agent, "vue=bientot") == [soon]
    Request.objects.filter(number=late).update(state="waiting", waiting_since=moment)
    assert numbers(agent, "vue=retard") == [] and numbers(agent, "vue=attente") == [late]
    assert late not in numbers(agent)


def test_each_filter_leaves_what_it_says():
    agent = made.agent()
    one, two = made.opened().request, made.opened().request
    Request.objects.filter(pk=one.pk).update(
        assignee_id=agent.person, skill="voirie", citycode="97002", source="open311", state="in-progress",
        service_id="autre", number="R-2024-ABC234",
    )  # fmt: skip
    for query in (
        "agent=moi", f"agent={agent.person}", "competence=voirie", "commune=97002", "source=open311",
        "etat=in-progress", "service=autre", "numero=r+2024+abc234", "numero=ABC234", "numero=BC2",
    ):  # fmt: skip
        assert numbers(agent, query) == ["R-2024-ABC234"], query
    assert numbers(agent, "agent=personne") == [two.number]
    assert numbers(agent, "agent=n%27importe&etat=jamais&tri=hasard&vue=nulle-part") == numbers(agent)


@pytest.mark.parametrize("query", ["", "vue=toutes", "vue=toutes&tri=anciennes", "tri=recentes", "source=web"])
def test_pages_follow_each_other_without_a_gap_nor_a_repeat_and_back(query, monkeypatch):
    monkeypatch.setattr(queue, "PAGE", 7)
    monkeypatch.setattr(queue, "REACH", 10)
    everything = {row.number for row in some(30, due_at=now())}
    agent, asked = made.agent(), filters.read(query)
    seen, at, pages = [], None, []
    while True:
        page = queue.page_of(agent, asked, at=at)
        pages.append([row.number for row in page.rows])
        seen += pages[-1]
        at = page.next or page.further
        if at is None:
            break
    assert len(seen) == 30 and set(seen) == everything
    back = queue.page_of(agent, asked, at=page.previous)
    assert [row.number for row in back.rows] == seen[-len(pages[-1]) - 7 : -len(pages[-1])]


def test_a_filter_that_no_index_serves_says_where_it_stopped_and_goes_on(monkeypatch):
    monkeypatch.setattr(queue, "REACH", 10)
    rows = some(25, due_at=now())
    last = Request.objects.order_by("wanted_at", "id").last()
    Request.objects.filter(pk=last.pk).update(source="open311")
    agent, asked = made.agent(), filters.read("source=open311")
    page, looks = queue.page_of(agent, asked), 1
    while not page.rows:
        assert page.further and looks < 5
        page, looks = queue.page_of(agent, asked, at=page.further), looks + 1
    assert [row.pk for row in page.rows] == [last.pk] and looks == 3 and len(rows) == 25


def test_neighbours_are_those_of_the_queue_the_request_was_opened_from():
    rows = [made.opened().request for _each in range(3)]
    for days, row in enumerate(rows):
        Request.objects.filter(pk=row.pk).update(due_at=now() + timedelta(days=days))
    agent, middle = made.agent(), Request.objects.get(pk=rows[1].pk)
    assert queue.neighbours(agent, filters.read(""), middle) == (rows[0].number, rows[2].number)


def test_a_page_asks_as_many_questions_of_ten_requests_as_of_five_hundred():
    agent = made.agent()
    some(10, due_at=now())

    def asked(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            queue.page_of(agent, filters.read(query))
        return len(queries)

    queries = ("", "source=web", "vue=toutes", "agent=moi")
    few = [asked(query) for query in queries]
    some(491, year=2024)
    assert Request.objects.count() == 500
    assert [asked(query) for query in queries] == few and max(few) <= 4


AT_THE_ENDS = [
    f"apres={urlsafe_b64encode(f'{moment}|{UUID(int=7)}'.encode()).decode().rstrip('=')}"
    for moment in ("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00")
]
"""Moments that no other zone has."""


@pytest.mark.parametrize(
    "text", ["apres=%%%", "apres=AAAA", "avant=", "apres=MjAyNnx4", *AT_THE_ENDS, "vue=&etat=&numero=%00"]
)
def test_an_address_that_means_nothing_is_the_first_page(text):
    assert filters.cursor(dict(parse_qsl(text))) is None
    assert filters.read(text).shown == filters.TODO


def test_filters_are_said_again_as_they_were_read():
    query = "vue=retard&service=a&agent=moi&numero=R-2026&tri=recentes"
    assert str(filters.read(query)) == query and filters.read(str(filters.read(query))) == filters.read(query)
    assert set(filters.NAMES.values()) == set(filters.Filters.__dataclass_fields__)
