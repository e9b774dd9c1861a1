"""Public figures: right, of the months that are over, the same once published, and nothing small is told or found."""

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from lacydon.capabilities.requests.actions.figures import publish_figures
from lacydon.capabilities.requests.models import Outcome, Request
from lacydon.capabilities.requests.queries.figures import OTHERS, figures, period
from lacydon.kernel import plugs
from lacydon.kernel.clock import LOCAL, today
from tests.capabilities.requests import made
from tests.capabilities.trust import people

pytestmark = pytest.mark.django_db
BIN, ROAD, SCHOOL = "bac-casse-ou-vole", "signaler-un-nid-de-poule", "cantine-ecole"
HERE, THERE = "97001", "97002"


def day(number: int) -> datetime:
    """Noon, so many days before the first day that is not counted."""
    _since, until = period(today())
    return datetime.combine(until - timedelta(days=number), time(12), tzinfo=LOCAL)


@pytest.fixture
def opened() -> Iterator[Any]:
    """Requests, as they lie in the table: opened so many days before the end of what is counted."""
    form, body, rows = made.form(), people.organisation(made.BODY), []

    def some(number: int, service: str = BIN, citycode: str = HERE, *, at: int = 40, **fields: Any) -> None:
        if "closed_at" in fields:
            fields = {"state": "closed", "outcome": Outcome.SOLVED} | fields
        for _each in range(number):
            row = Request(
                number=f"R-{uuid4().hex[:12]}", kind="request", form=form, service_id=service, citycode=citycode,
                organisation=body, secret_hash="", opened_at=day(at), changed_at=day(at), submission_key=uuid4(),
                sealed=b"", **{"state": "received"} | fields,
            )  # fmt: skip
            rows.append(row)
        Request.objects.bulk_create(rows)
        rows.clear()

    yield some


def lines() -> dict[tuple[str, str, str], Any]:
    """What is published, by service, commune and month; months other than « all » left out."""
    held = figures()
    assert held is not None
    return {tuple(key): line for key, line in held.lines.items()}


def test_only_months_that_are_over_are_counted_and_none_before_a_year(opened: Any):
    opened(7)
    opened(20, at=0)
    opened(30, at=400)
    assert publish_figures()
    assert lines()["", "", ""].opened == 7
    assert [(each.opened) for each in figures().months()] == [7]


def test_what_is_published_does_not_change_under_who_compares(opened: Any):
    opened(6)
    assert publish_figures()
    opened(1)
    assert not publish_figures()
    assert lines()["", "", ""].opened == 6


def test_delays_are_those_of_answers(opened: Any):
    for days in range(1, 11):
        opened(1, at=40, closed_at=day(40 - days))
    opened(5, at=40, closed_at=day(39), outcome=Outcome.DUPLICATE)
    opened(5, at=40, closed_at=day(39), outcome=Outcome.WITHDRAWN)
    publish_figures()
    line = lines()["", "", ""]
    assert (line.answered, line.median_days, line.ninth_days) == (10, 5, 9)


def test_nine_out_of_ten_is_not_told_of_few_since_it_would_be_one_of_them(opened: Any):
    opened(9, closed_at=day(30))
    publish_figures()
    line = lines()["", "", ""]
    assert (line.answered, line.median_days, line.ninth_days) == (9, 10, None)


def test_an_answer_that_was_never_given_is_late(opened: Any):
    opened(6, due_at=day(20), closed_at=day(21))
    opened(1, due_at=day(20), closed_at=day(19))
    opened(1, due_at=day(20), closed_at=day(20), outcome=Outcome.TACIT_REFUSED)
    opened(2, due_at=day(20))
    opened(9, due_at=day(-3))
    opened(9, due_at=day(20), state="waiting", waiting_since=day(30))
    publish_figures()
    line = lines()["", "", ""]
    assert (line.due, line.on_time) == (10, 60)


def test_satisfaction_is_told_of_enough_marks(opened: Any):
    opened(4, closed_at=day(30), rating=5, rated_at=day(29))
    opened(3, closed_at=day(30), rating=4, rated_at=day(29))
    opened(4, ROAD, closed_at=day(30), rating=1, rated_at=day(29))
    opened(20, ROAD, closed_at=day(30))
    publish_figures()
    told = lines()
    assert (told["", "", ""].rated, told["", "", ""].satisfaction) == (11, "3.3")
    assert told[ROAD, "", ""].answered == 24
    # The four marks of the road are hidden, and so are those of the bins: the whole would give them away.
    assert told[ROAD, "", ""].satisfaction is None and told[BIN, "", ""].satisfaction is None


def test_a_small_cell_is_not_found_by_subtraction(opened: Any):
    for service in (BIN, ROAD, SCHOOL):
        for citycode, number in ((HERE, 20), (THERE, 10)):
            opened(3 if (service, citycode) == (BIN, THERE) else number, service, citycode)
    publish_figures()
    told = lines()
    cells = {key[:2]: line.opened for key, line in told.items() if key[0] and key[1] and not key[2]}
    assert told[BIN, "", ""].opened == told["", THERE, ""].opened == 23
    # Both totals are told: one more in its row is hidden, one in its column, and where these two cross.
    assert BIN not in {service for service, _citycode in cells}
    assert sorted(cells.values()) == [10, 20]


def test_small_services_are_told_together(opened: Any):
    opened(12, BIN)
    opened(3, ROAD)
    opened(2, SCHOOL)
    publish_figures()
    assert {line.service: line.opened for line in figures().services()} == {BIN: 12, OTHERS: 5}


def test_nothing_is_told_of_fewer_than_five(opened: Any, get: Any):
    opened(4)
    publish_figures()
    assert lines() == {}
    assert "Moins de 5 demandes" in get("/chiffres").words


class TestPage:
    def test_before_the_first_publication(self, get: Any):
        assert "Pas encore de chiffres" in get("/chiffres").words

    def test_numbers_bars_and_their_table(self, get: Any, opened: Any):
        opened(8, at=40, closed_at=day(38))
        opened(6, ROAD, THERE, at=80)
        publish_figures()
        page = get("/chiffres")
        assert page.one("dl").all("dd")[0].words == "14"
        drawing = page.one("svg", class_="bars")
        assert drawing.one("title").words == "Demandes reçues, mois par mois"
        assert len(drawing.all("rect")) == 2
        rows = page.one("details").one("tbody").all("tr")
        assert [row.all("td")[0].words for row in rows] == ["6", "8"]

    def test_a_service_somewhere(self, get: Any, opened: Any):
        opened(8)
        opened(9, BIN, THERE)
        opened(7, ROAD)
        opened(7, ROAD, THERE)
        publish_figures()
        page = get("/chiffres", service=BIN, citycode=THERE)
        assert page.one("dl").all("dd")[0].words == "9"
        assert page.all("h2")[0].words == "Remplacer ou réparer un bac à déchets au Galet"
        assert "Olivette" in get("/chiffres", service=BIN).words

    @pytest.mark.parametrize("asked", [{"service": "rien"}, {"citycode": "00000"}])
    def test_what_does_not_exist(self, get: Any, asked: dict[str, str]):
        get("/chiffres", status=404, **asked)


def test_open_data_say_the_same_as_csv_and_json(client: Any, small_territory: Any, opened: Any):
    opened(8, closed_at=day(38), rating=4, rated_at=day(37))
    opened(6, ROAD, THERE)
    publish_figures()
    answer = client.get("/chiffres.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    told = client.get("/api/v1/figures").json()
    assert told["threshold"] == 5
    assert [(row["service"], row["citycode"], row["month"], row["opened"]) for row in rows] == [
        (line["service"], line["citycode"], line["month"], str(line["opened"])) for line in told["lines"]
    ]
    assert {row["commune"] for row in rows} == {"", "Olivette", "Le Galet"}
    only = client.get("/api/v1/figures?citycode=97002").json()["lines"]
    assert only and {line["citycode"] for line in only} == {THERE}


def test_indicators_for_the_agenda(opened: Any):
    opened(8, closed_at=day(38), rating=4, rated_at=day(37))
    publish_figures()
    told = {each.id: each for each in plugs.indicators["requests"]()}
    assert told["requests.opened"].by_commune == {HERE: Decimal(8)}
    assert told["requests.satisfaction"].value == Decimal("4.0")
    assert told["requests.on-time"].value is None
