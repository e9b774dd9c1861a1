"""Every address, and what is at none: guarded by the same headers, deaf to forged hosts, leading nowhere else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import transaction
from django.test import Client
from django.urls import get_resolver

from lacydon.kernel.middleware.headers import HEADERS
from tests.config.routes import routes
from tests.loaded import small

METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "DELETE", "TRACE", "PROPFIND")
FORBIDDEN = ("Server", "X-Powered-By", "X-AspNet-Version")


@pytest.fixture
def loaded(db, capsys):
    """The small territory."""
    small()
    capsys.readouterr()


@pytest.fixture
def quiet(client, loaded):
    """A client that is shown the page of a failure instead of its traceback."""
    client.raise_request_exception = False
    return client


@contextmanager
def undone() -> Iterator[None]:
    """What one request changes is not there for the next: a load of the territory costs more than what is looked at."""
    inside = transaction.atomic()
    inside._from_testcase = True  # type: ignore[attr-defined]  # what commits on its own (kernel.attempts) may, as in any test
    with inside:
        yield
        transaction.set_rollback(True)


def shares(of: tuple[str, ...] | list[str], *, at_once: int = 16) -> list[list[str]]:
    """So many at once, on the same territory."""
    return [list(of[at : at + at_once]) for at in range(0, len(of), at_once)]


def unguarded(response) -> list[str]:
    """What an answer lacks, one word each."""
    wrong = [name for name in HEADERS if name not in response]
    policy = dict(rule.partition(" ")[::2] for rule in response["Content-Security-Policy"].split("; "))
    for directive in ("default-src", "object-src", "base-uri", "frame-ancestors"):
        if policy.get(directive) != "'none'":
            wrong.append(directive)
    if re.search(
        r"unsafe|\*|https?:|data:(?!;|$)", response["Content-Security-Policy"].replace("img-src 'self' data:", "")
    ):
        wrong.append("a loose policy")
    if response["X-Content-Type-Options"] != "nosniff" or response["X-Frame-Options"] != "DENY":
        wrong.append("sniffing or framing")
    if "max-age=31536000; includeSubDomains" not in response.get("Strict-Transport-Security", ""):
        wrong.append("HSTS")
    if response.cookies:
        wrong.append("a cookie before sign-in")
    wrong += [name for name in FORBIDDEN if name in response]
    body = b"" if response.streaming else response.content
    if body and response["Content-Type"].startswith("text/") and "charset=utf-8" not in response["Content-Type"]:
        wrong.append(f"no charset: {response['Content-Type']}")
    return wrong


def test_the_walk_sees_the_product():
    found = routes()
    assert {"/", "/en/", "/lieu", "/healthz", "/api/v1/services", "/catalogue"} <= set(found)
    assert len(found) > 30


def test_no_two_addresses_have_the_same_name():
    """`{% url %}` would lead to the last one, in silence."""

    def names(resolver):
        for each in resolver.url_patterns:
            if hasattr(each, "url_patterns"):
                yield from ((f"{each.namespace or ''}:{name}", route) for name, route in names(each))
            elif each.name:
                yield each.name, str(each.pattern)

    seen: dict[str, str] = {}
    twice = [f"{name}: {seen[name]} and {route}" for name, route in names(get_resolver())
             if seen.setdefault(name, route) != route]  # fmt: skip
    assert [each for each in twice if not each.startswith((":catalogue", "catalogue", ":api-v1", "api-v1"))] == []


@pytest.mark.parametrize("addresses", shares(routes()), ids=lambda share: share[0])
def test_every_route_is_guarded_whatever_the_method(quiet, addresses):
    wrong = []
    for address in addresses:
        with undone():
            for method in METHODS:
                response = quiet.generic(method, address, secure=True)
                said = unguarded(response)
                if response.status_code >= 500 or (method in ("TRACE", "PROPFIND") and response.status_code != 405):
                    said.append(str(response.status_code))
                wrong += [f"{method} {address}: {each}" for each in said]
        quiet.cookies.clear()
    assert wrong == []


@pytest.mark.parametrize(
    "address", ["/nulle-part", "/en/nowhere", "/api/v1/nowhere", "/static/nowhere.js", "/a%00b", "/%2e%2e/etc"]
)
def test_what_is_nowhere_is_guarded(quiet, address):
    response = quiet.get(address, secure=True)
    assert response.status_code in (400, 404)
    assert unguarded(response) == []


@pytest.mark.parametrize("suffix", [".css", ".js", ".svg"])
def test_static_files_are_guarded(quiet, suffix):
    names = [name for finder in finders.get_finders() for name, _storage in finder.list([]) if name.endswith(suffix)]
    assert names
    response = quiet.get(f"/static/{names[0]}", secure=True)
    response.close()
    assert response.status_code == 200
    assert unguarded(response) == []


def test_no_folder_is_listed(quiet):
    for folder in ("/static/", "/static", "/.git/config", "/.env", "/secret-key", "/keys/"):
        assert quiet.get(folder, secure=True).status_code == 404


@pytest.mark.parametrize("address", ["/", "/api/v1/communes"])
def test_a_failure_is_guarded_and_says_nothing_of_the_inside(quiet, address, monkeypatch):
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret inside")

    for view in ("lacydon.kernel.ui.shell.page", "lacydon.capabilities.territory.queries.places.communes"):
        monkeypatch.setattr(view, fail, raising=False)
    monkeypatch.setattr("lacydon.kernel.middleware.input.refuse_unreadable", fail)
    response = quiet.get(address, secure=True)
    assert response.status_code == 500
    assert unguarded(response) == []
    assert b"secret inside" not in response.content and b"Traceback" not in response.content


HOSTS = (
    "evil.example", "localhost.evil.example", "evil.example:80", "localhost:80@evil.example", "localhost\tevil.example",
    "localhost/../evil.example", "localhost#evil.example", "[::1].evil.example", "127.0.0.1.evil.example", "localhost,evil.example",
    "localhost evil.example", "", "localhost:80:90", "evil.example\\localhost", "%6cocalhost", "local\u0127ost",
)  # fmt: skip


TELLING = (
    "/", "/plan-du-site", "/sitemap.xml", "/robots.txt", "/api/v1/docs", "/catalogue", "/lieu?lieu=Olivette",
)  # fmt: skip
"""Pages that write the address of the site."""


def test_a_forged_host_is_refused(loaded, settings):
    settings.ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
    for host in HOSTS:
        visitor = Client(raise_request_exception=False)
        for address in TELLING:
            response = visitor.get(address, headers={"Host": host})
            told = str(response.headers) + (response.content.decode() if not response.streaming else "")
            assert response.status_code in (400, 404), f"{address} {host!r}"
            assert "evil.example" not in told, f"{address} {host!r}"


@pytest.mark.parametrize(
    "name", ["X-Forwarded-Host", "X-Host", "X-Original-Url", "X-Rewrite-Url", "Forwarded", "X-Forwarded-Server"]
)
def test_headers_of_proxies_nobody_set_up_are_not_read(quiet, name):
    value = "host=evil.example" if name == "Forwarded" else "evil.example"
    for address in ("/", "/sitemap.xml", "/robots.txt", "/catalogue", "/lieu?lieu=Olivette"):
        response = quiet.get(address, headers={name: value})
        assert "evil.example" not in str(response.headers) + response.content.decode()


ELSEWHERE = (
    "https://evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example", "\\\\evil.example",
    "/\\/evil.example", "\\/evil.example", "http:evil.example", "https:/evil.example", "https:///evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "/\t/evil.example", "\t//evil.example", "/\n/evil.example", "/\r/evil.example", " //evil.example", "//evil.example/%2e%2e",
    "//evil.example@localhost", "//localhost@evil.example", "https://localhost.evil.example", "/%09/evil.example",
    "/%5cevil.example", "/.//evil.example", "//%65vil.example", "/;//evil.example", "?//evil.example", "#//evil.example",
    "//evil\u3002example", "//\u2025evil.example", "/\u2044evil.example", "\u2028//evil.example", "///\\evil.example", "/\x00/evil.example",
    "//[::1]", "//0x7f.1", "https://evil.example/lieu", "evil.example", "./evil.example", "../evil.example", "/..//evil.example",
)  # fmt: skip


def leads(location: str) -> str:
    """The host a browser would go to: it takes \\ for / and drops tabs and line ends (WHATWG URL)."""
    cleaned = re.sub(r"[\t\r\n]", "", location).strip().replace("\\", "/")
    parts = urlsplit(cleaned)
    if parts.scheme and parts.scheme not in ("http", "https"):
        return parts.scheme
    return "evil" if re.match(r"/{2,}|https?:", cleaned) and "testserver" not in parts.netloc else ""


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_choosing_a_place_leads_nowhere_else(quiet, prefix):
    for onward in ELSEWHERE:
        response = quiet.get(f"{prefix}/lieu?lieu=Olivette&suite={quote(onward)}")
        assert response.status_code in (200, 302, 400, 422), repr(onward)
        if response.status_code == 302:
            assert leads(response["Location"]) == "", (onward, response["Location"])
        links = re.findall(r'(?:href|action|value)="([^"]*)"', response.content.decode())
        assert [link for link in links if leads(link)] == [], repr(onward)
        quiet.cookies.clear()


def test_the_list_of_addresses_is_long_enough():
    assert len(ELSEWHERE) >= 40 and leads("/\\evil.example") and not leads("/commune/97001")


def test_the_next_page_of_our_own_is_kept(quiet):
    assert (
        quiet.get("/lieu?lieu=Olivette&suite=/services/nid-de-poule")["Location"]
        == "/services/nid-de-poule?citycode=97001"
    )
