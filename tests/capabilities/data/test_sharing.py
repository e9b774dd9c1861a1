"""Rows that are not open, shared by a contract: given, cut down to it, read and noted, revoked."""

from datetime import timedelta

import pytest
from django.db import connection

from lacydon.capabilities.data.actions import contracts as acts
from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.actions.recipes import write_recipe
from lacydon.capabilities.data.errors import NoAccess, UnknownColumn, UnknownDataset, UnknownVersion
from lacydon.capabilities.data.models import Arrival, Contract, Dataset, Hook, Reading, Subscription, Version
from lacydon.capabilities.data.queries import contracts, datasets, lake
from lacydon.capabilities.data.queries.logical import Question, col
from lacydon.capabilities.trust.errors import NotAllowed
from lacydon.capabilities.trust.models import Entry
from lacydon.capabilities.trust.queries import wall
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput, NotFound
from tests.capabilities.trust import people
from tests.capabilities.trust.people import signed_in, visitor
from tests.capabilities.trust.walls import as_application
from tests.markup import read

from .harbour import described, published

pytestmark = pytest.mark.django_db
UNTIL = timedelta(days=30)


def words(answer):
    """What a page says, read strictly."""
    return read(answer.content.decode()).words


@pytest.fixture
def steward():
    return people.agent(organisation=people.organisation("ville"), roles=("data.steward",))


@pytest.fixture
def reader():
    return people.agent(organisation=people.organisation("metropole", kind="metropole"), roles=("data.reader",))


@pytest.fixture
def markets():
    published(access="private")


@pytest.fixture
def contract(markets, steward, reader):
    return given(people.actor(steward, organisation="ville"))


def given(actor, **changes):
    said = {
        "id": "marches", "to": "metropole", "purpose": "Étudier les marchés forains", "fields": ("nom", "etals"),
        "rows": 'citycode = "13055"', "until": today() + UNTIL,
    }  # fmt: skip
    return acts.give_contract(actor=actor, **(said | changes))


def of(person, organisation):
    return people.actor(person, organisation=organisation)


def test_only_what_the_contract_names_is_read(contract, reader):
    table = table_of("marches", actor=of(reader, "metropole"))
    assert [each.name for each in table.columns] == ["nom", "etals"]
    assert lake.answer(table, Question()).rows == [("Marché de la Plaine", 120), ("Marché du Prado", 80)]
    assert lake.count(table) == 2
    with pytest.raises(UnknownColumn):
        table.column("citycode")
    assert lake.answer(table, Question(columns=(col("nom"),), order_by=(col("etals"),))).rows[0] == ("Marché du Prado",)
    assert table.place is None and table.hidden == ("_row",)


@pytest.mark.parametrize(
    "rows",
    [
        "within_distance(geometry, geom'POINT(5.3865 43.2951)', 500m)",
        "in_bbox(geometry, 43.29, 5.38, 43.30, 5.40)",
        "intersects(geometry, geom'POLYGON((5.3 43.29,5.4 43.29,5.4 43.3,5.3 43.3,5.3 43.29))')",
    ],
)
def test_rows_lent_by_their_place_are_the_same_in_sql_and_by_the_api(markets, steward, reader, rows):
    given(of(steward, "ville"), rows=rows)
    client = signed_in(visitor(), reader, organisation="metropole")
    asked = client.get("/api/v1/data/sql", {"q": "SELECT nom, etals FROM marches"}).json()
    assert asked["rows"] == [["Marché de la Plaine", 120]]
    found = client.get("/api/explore/v2.1/catalog/datasets/marches/records").json()
    assert found["results"] == [{"nom": "Marché de la Plaine", "etals": 120}]
    forbidden = client.get("/api/v1/data/sql", {"q": "SELECT nom, st_area(st_point(1, 2)) FROM marches"})
    assert forbidden.status_code == 422, "nobody's SQL reaches what its condition needs"


def test_each_reading_is_in_the_journal(contract, reader):
    actor = of(reader, "metropole")
    table_of("marches", actor=actor)
    table_of("marches", actor=actor)
    entries = list(Entry.objects.filter(action="dataset.read").order_by("id"))
    assert [(each.object, each.organisation, each.purpose, each.basis) for each in entries] == [
        ("dataset:marches@1", "metropole", "Étudier les marchés forains", f"data-contract:{contract.pk}")
    ] * 2
    assert [each.entry for each in contracts.readings(contract)] == [each.pk for each in reversed(entries)]


@pytest.mark.parametrize("who", ["nobody", "without-a-role", "another", "revoked", "over", "coming"])
def test_nobody_else_reads(contract, reader, who):
    actor = of(reader, "metropole")
    if who == "nobody":
        actor = MACHINE
    elif who == "without-a-role":
        actor = of(people.agent(organisation=people.organisation("metropole")), "metropole")
    elif who == "another":
        actor = of(people.agent(organisation=people.organisation("autre"), roles=("data.reader",)), "autre")
    elif who == "revoked":
        acts.revoke_contract(
            actor=of(people.agent(organisation=people.organisation("ville"), roles=("data.steward",)), "ville"),
            contract=contract,
        )
    elif who == "over":
        Contract.objects.update(starts_on=today() - 2 * UNTIL, until=today() - timedelta(days=1))
    elif who == "coming":
        Contract.objects.update(starts_on=today() + timedelta(days=1))
    with pytest.raises((UnknownDataset, NoAccess)):
        table_of("marches", actor=actor)
    assert not Entry.objects.filter(action="dataset.read").exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to": "ville"}, "to"), ({"to": "inconnue"}, "to"), ({"purpose": "voir"}, "purpose"), ({"fields": ()}, "fields"),
        ({"fields": ("nom", "_row")}, "fields"), ({"until": today() + timedelta(days=400)}, "until"),
        ({"until": today() - timedelta(days=1)}, "until"), ({"rows": "inconnue = 1"}, "rows"),
    ],
)  # fmt: skip
def test_a_contract_says_everything(markets, steward, reader, changes, field):
    with pytest.raises(BadInput) as refused:
        given(of(steward, "ville"), **changes)
    assert refused.value.field == field


def test_only_the_steward_of_its_organisation_gives(markets, reader):
    with pytest.raises((NotAllowed, UnknownDataset)):
        given(of(reader, "metropole"))
    publisher = people.agent(organisation=people.organisation("ville"), roles=("data.publisher",))
    with pytest.raises(NotAllowed):
        given(of(publisher, "ville"))


def test_what_is_open_needs_no_contract(markets, steward, reader):
    describe_dataset(id="marches", actor=MACHINE, fields={"access": "public"})
    with pytest.raises(BadInput, match="ouvert à tous"):
        given(of(steward, "ville"))


def test_a_contract_is_readable_by_machines(contract):
    told = contracts.odrl(contract)
    (permission,) = told["permission"]
    assert (told["@type"], permission["action"]) == ("Agreement", "read")
    assert permission["target"]["refinement"][0]["rightOperand"] == ["nom", "etals"]
    assert {each["leftOperand"] for each in permission["constraint"]} == {"purpose", "dateTime"}
    assert permission["assignee"]["uid"].endswith("/metropole")


def test_a_steward_gives_tries_and_ends_a_contract_in_the_browser(markets, steward, reader):
    client = signed_in(visitor(), steward, organisation="ville")
    assert "marches" in client.get("/agent/donnees-partagees/donner").content.decode()
    address = "/agent/donnees-partagees/donner?jeu=marches"
    form = {
        "to": "metropole", "purpose": "Étudier les marchés forains", "fields": ["nom", "etals"],
        "rows": 'citycode = "13055"', "until": (today() + UNTIL).isoformat(), "csrfmiddlewaretoken": token(client, address),
    }  # fmt: skip
    tried = client.post(address, form | {"faire": "essayer"})
    assert "2 lignes seraient partagées" in words(tried) and not Contract.objects.exists()
    wrong = client.post(address, form | {"faire": "donner", "rows": "inconnue = 1"})
    assert wrong.status_code == 422 and 'id="refusal"' in wrong.content.decode()
    made = client.post(address, form | {"faire": "donner"})
    one = made["Location"]
    table_of("marches", actor=of(reader, "metropole"))
    shown = client.get(one)
    assert "1 lecture" in words(shown) and "Agent " in words(shown)
    assert client.get(f"{one}/odrl")["Content-Type"] == "application/ld+json"
    theirs = signed_in(visitor(), reader, organisation="metropole")
    assert "Marchés forains" in words(theirs.get("/agent/donnees-partagees"))
    assert theirs.get(one).status_code == 200
    stranger = people.agent(organisation=people.organisation("autre"), roles=("data.steward",))
    assert signed_in(visitor(), stranger, organisation="autre").get(one).status_code == 404
    client.post(f"{one}/fin", {"csrfmiddlewaretoken": token(client, one)})
    with pytest.raises(UnknownDataset):
        table_of("marches", actor=of(reader, "metropole"))


def token(client, address):
    return client.get(address).content.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]


def test_a_stranger_may_not_end_it(contract):
    stranger = people.agent(organisation=people.organisation("autre"), roles=("data.steward",))
    with pytest.raises(NotFound):
        acts.revoke_contract(actor=of(stranger, "autre"), contract=contract)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a wall of PostgreSQL")
def test_behind_the_wall_each_sees_their_own(contract, steward, reader):
    published("ouverts")
    for model, fields in (
        (
            Arrival,
            {"id": contract.pk, "way": "api", "name": "x", "bytes": 1, "content": "", "received_at": contract.given_at},
        ),
        (Hook, {"url": "https://x.example", "wrapped": b"", "secret": b"", "made_at": contract.given_at}),
    ):
        model.objects.create(dataset_id="marches", organisation_id="ville", **fields)
    Subscription.objects.create(
        dataset_id="ouverts", address_hash="x", wrapped=b"", address=b"", secret_hash="x", asked_at=contract.given_at
    )
    table_of("marches", actor=of(reader, "metropole"))
    all_of_them = (Dataset, Version, Contract, Reading, Arrival, Hook, Subscription)

    def seen(**who):
        wall.enter(**who) if who else wall._stand(wall.NOBODY)
        return tuple(model.objects.count() for model in all_of_them)

    with as_application():
        assert seen() == (1, 1, 0, 0, 0, 0, 0)
        assert seen(person=str(steward.pk), organisation="ville") == (2, 2, 1, 1, 1, 1, 0)
        assert seen(person=str(reader.pk), organisation="metropole") == (2, 2, 1, 1, 0, 0, 0)
        assert Dataset.objects.update(rights="x") == 0, "what is shared is not written"
        assert seen(person=str(reader.pk), organisation="autre") == (1, 1, 0, 0, 0, 0, 0)
        wall.enter(person=str(reader.pk), organisation="metropole")
        table = table_of("marches", actor=of(reader, "metropole"))
        assert [each.name for each in table.columns] == ["nom", "etals"]


def test_the_wall_lets_everybody_know_what_is_shown(markets):
    assert datasets.shown_to_all().get("marches") is None
    with pytest.raises((UnknownDataset, UnknownVersion)):
        datasets.dataset("marches")


EXPLORE = "/api/explore/v2.1/catalog/datasets/marches"


def test_the_apis_and_the_exports_give_what_the_contract_lends_and_no_more(contract, reader, steward):
    theirs = signed_in(visitor(), reader, organisation="metropole")
    told = theirs.get(f"{EXPLORE}/records?order_by=etals").json()
    assert [list(each) for each in told["results"]] == [["nom", "etals"]] * 2 and told["total_count"] == 2
    assert theirs.get(f'{EXPLORE}/records?where=citycode="13005"').status_code == 400
    lines = b"".join(theirs.get(f"{EXPLORE}/exports/csv").streaming_content).decode("utf-8-sig").splitlines()
    assert lines[0].split(";") == ["nom", "etals"] and len(lines) == 3
    whole = b"".join(theirs.get(f"{EXPLORE}/exports/parquet").streaming_content)
    assert whole[:4] == b"PAR1" and b"Aubagne" not in whole and b"citycode" not in whole
    sql = theirs.get("/api/v1/data/sql", {"q": 'SELECT * FROM "marches"'})
    assert sql.status_code == 200 and "Aubagne" not in sql.content.decode() and "Plaine" in sql.content.decode()
    page = words(theirs.get("/donnees/marches"))
    assert "Plaine" in page and "Aubagne" not in page
    assert Entry.objects.filter(action="dataset.read").count() >= 5
    assert visitor().get(f"{EXPLORE}/records").status_code == 404
    own = signed_in(visitor(), steward, organisation="ville").get(f"{EXPLORE}/records").json()
    assert own["total_count"] == 4


def test_the_page_of_what_is_lent_tells_its_columns_and_rows_alone(contract, reader, steward):
    shown = words(signed_in(visitor(), reader, organisation="metropole").get("/donnees/marches"))
    assert "Marché de la Plaine" in shown and "2 lignes, 2 colonnes." in shown
    assert not [each for each in ("citycode", "ouvert_le", "4 lignes") if each in shown]
    theirs = words(signed_in(visitor(), steward, organisation="ville").get("/donnees/marches"))
    assert "ouvert_le" in theirs and "4 lignes" in theirs
    origin = words(signed_in(visitor(), reader, organisation="metropole").get("/donnees/marches/origine"))
    assert "Lignes" not in origin


def test_what_is_lent_is_not_made_into_another_dataset(contract):
    described("copie", of="metropole", access="private")
    maker = people.agent(organisation=people.organisation("metropole"), roles=("data.publisher",))
    with pytest.raises(NoAccess):
        write_recipe(dataset="copie", sql='SELECT * FROM "marches"', actor=of(maker, "metropole"))
