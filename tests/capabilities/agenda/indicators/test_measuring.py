"""Indicators follow their data: a new version moves them and the journal says so; what cannot be computed is stale."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils.timezone import now

from lacydon.capabilities.agenda.models import Reading
from lacydon.capabilities.agenda.public import (
    IndicatorMoved,
    NotCoherent,
    Wanted,
    chart,
    gauge,
    gauges,
    measure,
    readings,
    write,
)
from lacydon.capabilities.agenda.queries.indicators.computing import proof
from lacydon.capabilities.agenda.queries.nouns import SHAPES, Indicator
from lacydon.capabilities.data.actions.publication import withdraw_dataset
from lacydon.capabilities.data.models import Dataset
from lacydon.capabilities.trust.models import Entry
from lacydon.kernel import cards, plugs
from lacydon.kernel.access import MACHINE
from lacydon.kernel.events import heard
from tests.capabilities.data.harbour import published

pytestmark = pytest.mark.django_db
PLACES = 'SELECT sum(places) AS value, count(*) AS n FROM "parkings"'


@pytest.fixture(autouse=True)
def always_fresh(settings):
    settings.SNAPSHOT_SECONDS = 0


def rows(*places: int, code: str = "13055", kind: str = "INTEGER") -> str:
    return " UNION ALL ".join(f"SELECT '{code}' AS code_insee, {each}::{kind} AS places" for each in places)


def defined(query: str = PLACES, **said: object) -> Indicator:
    """An indicator of the agenda, measured."""
    source = {"dataset": "parkings", "query": query} | said.pop("source", {})  # type: ignore[operator]
    return _defined({"source": source} | said)


def _defined(said: dict[str, object]) -> Indicator:
    base = {
        "id": "velos", "title": {"fr": "Places de vélo"}, "definition": {"fr": "…"}, "kind": "resultat",
        "unit": {"fr": "places"}, "frequency": "annee",
    }  # fmt: skip
    each = SHAPES["indicator"].model_validate(base | said)
    write(wanted=[Wanted(kind="indicator", id=each.id, object=each)], actor=MACHINE, reason="essai")
    measure(indicators=[each.id])
    return chart().one(Indicator, each.id)


def told(action: str) -> list[str]:
    return list(
        Entry.objects.filter(action=action, object="indicator:velos").order_by("at").values_list("basis", flat=True)
    )


def test_a_new_version_moves_the_indicator_and_the_journal_says_so(django_capture_on_commit_callbacks):
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    one = defined()
    assert (gauge(one).value, gauge(one).grey) == (Decimal(150), False)
    published("parkings", rows(10, 20, 30, 40, 60), point=None)
    with heard(IndicatorMoved) as moved, django_capture_on_commit_callbacks(execute=True):
        measure(dataset="parkings")
    assert [(each.before, each.after) for each in moved] == [(Decimal(150), Decimal(160))]
    assert gauge(one).value == 160
    assert told("agenda.measure") == ["parkings@1 : – → 150", "parkings@2 : 150 → 160"]
    first, second = Reading.objects.order_by("number")
    assert '"parkings@1"' in first.query and '"parkings@2"' in second.query
    # Each reading is proven by its own version, whatever came since.
    assert proof(first).same and proof(second).same
    Reading.objects.filter(pk=first.pk).update(value=151)
    first.refresh_from_db()
    assert (proof(first).same, proof(first).value) == (False, Decimal(150))


def test_the_same_rows_are_not_asked_again():
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    defined()
    measure()
    measure()
    assert Reading.objects.count() == 1
    assert len(told("agenda.measure")) == 1


def test_few_observations_are_never_told_nor_given_away():
    published(
        "parkings",
        " UNION ALL ".join([rows(*[1] * 9, code="13001"), rows(*[2] * 6, code="13005"), rows(7, code="13055")]),
        point=None,
    )
    query = (
        'SELECT code_insee AS cell, sum(places) AS value, count(*) AS n FROM "parkings" GROUP BY ROLLUP (code_insee)'
    )
    one = defined(query)
    found = gauge(one).reading
    # The commune of one row is hidden, and the next smallest with it: no subtraction gives it.
    assert (found.value, found.cells) == (Decimal(28), {"13001": "9", "13005": None, "13055": None})
    assert found.suppressed == 2
    published("parkings", rows(1, 2, 3), point=None)
    measure()
    assert gauge(one).reading.value is None


def test_a_dataset_withdrawn_makes_it_stale_and_keeps_its_value():
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    one = defined()
    withdraw_dataset(id="parkings", actor=MACHINE, reason="essai")
    Dataset.objects.filter(pk="parkings").update(access="private")
    measure(dataset="parkings")
    found = gauge(one)
    assert (found.value, found.grey, found.stale, found.why) == (Decimal(150), True, "dataset-vanished", "parkings")
    assert told("agenda.doubt") == ["dataset-vanished parkings"]
    measure()
    assert len(told("agenda.doubt")) == 1


def test_a_schema_that_changed_is_named_and_never_silently_computed():
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    one = defined()
    published("parkings", rows(10, 20, 30, 40, 90, kind="DOUBLE"), point=None)
    measure()
    found = gauge(one)
    assert (found.value, found.stale) == (Decimal(150), "schema-changed")
    assert found.why == "parkings.places (integer → number)"
    # A new definition says what is wanted of the new columns.
    one = defined(PLACES.replace("sum(places)", "sum(places)::BIGINT"))
    assert (gauge(one).value, gauge(one).grey) == (Decimal(190), False)


def test_a_column_that_is_not_read_may_change():
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    one = defined()
    published("parkings", f"SELECT code_insee || '' AS commune, places FROM ({rows(10, 20, 30, 40, 51)})", point=None)
    measure()
    assert (gauge(one).value, gauge(one).grey) == (Decimal(151), False)


def test_a_series_is_read_day_by_day_and_corrected_without_being_lost():
    def weeks(*counted: int) -> str:
        return " UNION ALL ".join(
            f"SELECT DATE '2025-01-06' + {7 * n} AS semaine, {each} AS places, '13055' AS code_insee"
            for n, each in enumerate(counted)
        )

    query = 'SELECT semaine AS date, sum(places) AS value FROM "parkings" GROUP BY semaine'
    published("parkings", weeks(1, 2, 3), point=None)
    one = defined(query, source={"min_cell": 0, "quality": "estime"})
    assert [(each.date, each.value) for each in readings("velos")] == [
        (date(2025, 1, 6), 1), (date(2025, 1, 13), 2), (date(2025, 1, 20), 3),
    ]  # fmt: skip
    before = now()
    published("parkings", weeks(1, 5, 3, 4), point=None)
    measure()
    assert [each.value for each in readings("velos")] == [1, 5, 3, 4]
    assert [each.value for each in readings("velos", at=before)] == [1, 2, 3]
    assert (gauge(one).value, gauge(one, at=before).value) == (4, 3)
    assert gauge(one).estimate
    assert Reading.objects.count() == 5


def test_what_was_not_measured_for_too_long_is_grey():
    published("parkings", "SELECT DATE '2020-01-01' AS jour, 3 AS places", point=None)
    one = defined('SELECT jour AS date, places AS value FROM "parkings"', source={"min_cell": 0})
    assert (gauge(one).stale, gauge(one).grey, gauge(one).reached) == ("late", True, None)


def test_a_figure_of_the_platform_is_read_and_missed_when_it_goes():
    def offered(value: int, days: int = 0):
        at = now() - timedelta(days=400 - days)
        return lambda: [cards.Indicator("essai.delai", "Délai", "jours", Decimal(value), {"13055": None}, at)]

    with plugs.indicators.temporarily("essai", offered(12)):
        one = _defined({"source": {"figure": "essai.delai"}, "frequency": "annee"})
        assert (gauge(one).value, gauge(one).reading.figure) == (Decimal(12), "essai.delai")
        assert (gauge(one).reading.cells, gauge(one).reading.suppressed) == ({"13055": None}, 1)
    with plugs.indicators.temporarily("essai", offered(12, days=20)):
        measure()
        assert Reading.objects.count() == 1
    with plugs.indicators.temporarily("essai", offered(9, days=21)):
        measure()
    assert (gauge(one).value, gauge(one).trend) == (Decimal(9), -1)
    measure()
    assert (gauge(one).value, gauge(one).stale, gauge(one).why) == (Decimal(9), "figure-vanished", "essai.delai")


WRONG = {
    "moves with the day": PLACES + " WHERE now() > now()",
    "of another dataset": PLACES.replace("parkings", "autres"),
    "not a question": "DELETE FROM parkings",
}


@pytest.mark.parametrize("query", WRONG.values(), ids=WRONG.keys())
def test_a_question_that_proves_nothing_is_refused(query):
    with pytest.raises(NotCoherent):
        defined(query)


UNUSABLE = {
    "no value": 'SELECT count(*) AS n FROM "parkings"',
    "no count": 'SELECT sum(places) AS value FROM "parkings"',
    "two wholes": 'SELECT places AS value, 9 AS n FROM "parkings"',
    "a column of nothing": PLACES.replace("AS n", "AS n, 1 AS autre"),
    "an unknown column": PLACES.replace("places", "plces"),
}


@pytest.mark.parametrize("query", UNUSABLE.values(), ids=UNUSABLE.keys())
def test_what_a_question_finds_must_be_a_value(query):
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    one = defined(query)
    assert (gauge(one).stale, gauge(one).reading) == ("question-refused", None)
    assert gauge(one).why


def test_all_of_them_are_read_in_one_query(django_assert_num_queries):
    published("parkings", rows(10, 20, 30, 40, 50), point=None)
    defined()
    wanted = chart().all(Indicator)
    with django_assert_num_queries(1):
        assert gauges(wanted)["velos"].value == 150
    with django_assert_num_queries(1):
        assert gauges(wanted, at=now())["velos"].value == 150
