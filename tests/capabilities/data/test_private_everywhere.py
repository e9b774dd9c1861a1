"""A private dataset is nowhere: each address of the harbour is tried by nobody and by an agent of another organisation.

Neither its rows, nor its title, nor the names of its columns may come back, in any language or form.
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from lacydon.capabilities.data.actions.publication import describe_dataset
from lacydon.capabilities.data.models import SavedView
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now
from tests.capabilities.trust import people

from .harbour import organisation, published

ID = "registre-interne"
ROWS = "SELECT 'Mot-Confidentiel' AS colonne_cachee, '13055' AS citycode, 5.38 AS lon, 43.29 AS lat"
TOLD = ("Mot-Confidentiel", "colonne_cachee", "Titre-Tenu-Secret", "Description-Tenue-Secrète")
FILLED = {"slug:id": ID, "int:number": "1", "int:row": "1", "int:rid": "1", "str:feature": "1", "slug:kind": "table",
          "int:z": "0", "int:x": "0", "int:y": "0", "slug:format": "json", "str:rid": ID, "slug:view_id": "vue-privee",
          "slug:organisation": "ville", "str:name": "package_show"}  # fmt: skip
SQL, OLD_SQL = quote(f'SELECT * FROM "{ID}"'), quote(f'SELECT * FROM "{ID}@1"')
LISTS = (
    "/donnees?q=Titre-Tenu-Secret", "/donnees?q=registre", "/recherche?q=registre+interne", "/donnees/nouveautes.atom",
    "/api/explore/v2.1/catalog/datasets?limit=100", "/api/explore/v2.1/catalog/exports/json",
    "/api/3/action/package_list", "/api/3/action/package_search?q=registre", f"/api/3/action/package_show?id={ID}",
    f"/api/3/action/datastore_search?resource_id={ID}", "/api/3/action/organization_show?id=ville&include_datasets=true",
    f"/api/3/action/datastore_search_sql?sql={SQL}",
    f"/api/v1/data/sql?q={SQL}", f"/donnees/sql?q={OLD_SQL}",
    f"/donnees/sql?jeu={ID}", "/api/ogc/collections", "/donnees/organismes/ville.ttl", "/donnees.jsonld",
    f"/donnees/reutilisations/proposer?jeu={ID}", f"/donnees/{ID}?version=1", f"/donnees/{ID}/table?version=1",
    "/sitemap.xml",
)  # fmt: skip


@pytest.fixture
def hidden(db: None) -> None:
    published(ID, ROWS, title={"fr": "Titre-Tenu-Secret"}, description={"fr": "Description-Tenue-Secrète"})
    describe_dataset(id=ID, actor=MACHINE, fields={"access": "private"})
    SavedView.objects.create(
        id="vue-privee", dataset_id=ID, title="Vue", kind="table", asked={}, version=None, made_at=now()
    )


def addresses() -> Iterator[str]:
    for path in _walk(get_resolver(), "/"):
        about = re.match(r"/(donnees|api|integre)(/|\.|$)", path)
        if about and "<" in path:
            filled = re.sub(r"<([\w:]+)>", lambda found: FILLED.get(found[1], ""), path)
            yield filled.replace("export.json", "export.csv")
        elif about and not path.startswith("/api/v1/"):
            yield path
    yield from LISTS


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLPattern):
            if isinstance(each.pattern, RoutePattern):
                yield prefix + str(each.pattern)
        else:
            yield from _walk(each, prefix + str(each.pattern))


def _everything(client: Client) -> dict[str, list[str]]:
    told = {}
    for address in sorted(set(addresses())):
        answer = client.get(address)
        body = answer.getvalue() if answer.streaming else answer.content
        text = body.decode("utf-8", "replace")
        asked = quote(address, safe="/?=&") + address  # what was asked for may be said again
        if found := [word for word in TOLD if word in text and word not in asked]:
            told[address] = [str(answer.status_code), *found]
    return told


def test_nobody_finds_a_word_of_it(hidden: None, client: Client) -> None:
    assert len(set(addresses())) > 60
    assert _everything(client) == {}


def test_nor_does_an_agent_of_another_organisation(hidden: None) -> None:
    clerk = people.agent(organisation=organisation("voisine"), roles=("data.publisher", "data.steward", "data.reader"))
    assert _everything(people.signed_in(people.visitor(), clerk, organisation="voisine")) == {}


def test_its_own_agent_does(hidden: None) -> None:
    clerk = people.agent(organisation=organisation(), roles=("data.reader",))
    seen = _everything(people.signed_in(people.visitor(), clerk, organisation="ville"))
    assert f"/donnees/{ID}" in seen and f"/api/explore/v2.1/catalog/datasets/{ID}/records" in seen
