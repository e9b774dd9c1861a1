"""What the tests share: the small territory, the running product, the browser."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import Client
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from lacydon.capabilities.trust.queries import wall
from tests import browser as browsers
from tests import migrated
from tests import product as products
from tests.identity_provider import panva

# jsonschema takes it for the format "iri", which nobody here checks: its grammars are five seconds of each process.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

hypothesis_settings.register_profile("house", deadline=None)  # no test judges times: the machine may be busy
hypothesis_settings.load_profile("house")

DATABASE = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "product"}


OF_ITS_OWN = {id(products), id(products.database_of), id(products.running)}
"""What a module uses that makes databases of its own."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, only what reaches the database is run: the rest was seen on SQLite and does not change."""
    if connection.vendor != "postgresql":
        return
    kept, left = [], []
    for each in items:
        reaches = (
            any(each.get_closest_marker(name) for name in ("django_db", "server"))
            or DATABASE & set(getattr(each, "fixturenames", ()))
            or OF_ITS_OWN & set(map(id, vars(getattr(each, "module", products)).values()))
        )
        (kept if reaches else left).append(each)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> Iterator[None]:
    """What pytest-django asks for before it makes the database: it is migrated once for all processes."""
    with migrated.once():
        yield


@pytest.fixture(autouse=True)
def in_french() -> Iterator[None]:
    """What a test left active in its thread (a command, a request in English) is not the next one's."""
    with translation.override("fr"):
        yield


@pytest.fixture(autouse=True, scope="session")
def house_between_requests() -> Iterator[None]:
    """What a test itself reads and writes is not walled, as in a command. It only tells when the user of the database
    is a plain one: a request leaves its connection to nobody (trust's second wall), and so it would be left to the test.
    """

    def back(**_kwargs: Any) -> None:
        if connection.vendor != "postgresql" or connection.connection is None or connection.needs_rollback:
            return
        if not getattr(connection, "lacydon_as_application", False):  # tests/capabilities/trust/walls.py
            wall._stand(wall.HOUSE)

    request_finished.connect(back, dispatch_uid="tests.house")
    yield
    request_finished.disconnect(dispatch_uid="tests.house")


@pytest.fixture(scope="session")
def territory_folder() -> Path:
    """A small invented territory, valid; copy it before you change it."""
    return Path(__file__).parent / "territory"


@pytest.fixture
def client() -> Client:
    """Django's client as a browser on a page of ours: it says so, or nothing could be changed (middleware.origins)."""
    return Client(headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[products.Product]:
    """The whole product, with the real territory, behind its real server: one for each process of tests."""
    home = tmp_path_factory.mktemp("product")
    with products.database_of(f"product_{worker_id}") as database, products.running(home=home, **database) as running:
        yield running


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[panva.Panva]:
    """A real provider of identities, shaped as FranceConnect and as ProConnect; see `Panva.register` and `Visitor`."""
    with panva.running() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    # Playwright keeps an event loop in this thread, where Django would then refuse the database.
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with browsers.chromium() as running:
        yield running
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def browser(chromium: Any, product: products.Product) -> Iterator[browsers.Browser]:
    """A browser on the product; the test fails when a page spoke to another host or made an error."""
    opened = browsers.Browser(chromium=chromium, url=product.url)
    yield opened
    assert not opened.faults


@pytest.fixture(scope="session", autouse=True)
def emptied_tables() -> Iterator[None]:
    """A test that commits is cleaned up by emptying the tables, which the journal's own triggers refuse, rightly."""
    flush = BaseDatabaseOperations.execute_sql_flush

    def without_triggers(self: Any, statements: list[str]) -> None:
        with self.connection.cursor() as cursor:
            if self.connection.vendor == "postgresql":
                cursor.execute("SET session_replication_role = replica")
                flush(self, statements)
                cursor.execute("SET session_replication_role = DEFAULT")
                return
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            for name, _made in triggers:
                cursor.execute(f'DROP TRIGGER "{name}"')
            flush(self, statements)
            for _name, made in triggers:
                cursor.execute(made)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseDatabaseOperations, "execute_sql_flush", without_triggers)
        yield
