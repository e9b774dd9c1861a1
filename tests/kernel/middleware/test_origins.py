"""Another site cannot have a visitor change anything here; our own pages and machines with a token can."""

import pytest
from django.conf import settings as product
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from lacydon.kernel.access import open_to_all
from lacydon.kernel.middleware import origins

done: list[str] = []


@open_to_all
def change(request: HttpRequest) -> HttpResponse:
    done.append(request.method or "")
    return HttpResponse("changed")


urlpatterns = [path("change", change), path("api/v1/change", change)]
pytestmark = pytest.mark.urls(__name__)
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

OURS = {
    "a form of ours": {"Sec-Fetch-Site": "same-origin", "Origin": "http://testserver"},
    "a page reloaded": {"Sec-Fetch-Site": "none"},
    "an older browser": {"Origin": "http://testserver"},
    "an older browser, port told": {"Origin": "http://testserver:80"},
    "a machine with a token": {"Authorization": "Bearer abc"},
    "a machine with a proof": {"Authorization": "DPoP abc"},
}
OTHERS = {
    "another site": {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"},
    "a neighbouring name": {"Sec-Fetch-Site": "same-site", "Origin": "http://other.testserver"},
    "another site that claims our origin": {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    "another site with a token": {"Sec-Fetch-Site": "cross-site", "Authorization": "Bearer abc"},
    "an odd word": {"Sec-Fetch-Site": "same-origin, cross-site"},
    "an empty word": {"Sec-Fetch-Site": ""},
    "another origin": {"Origin": "https://evil.example"},
    "a sandboxed frame": {"Origin": "null"},
    "an empty origin": {"Origin": ""},
    "another scheme": {"Origin": "https://testserver"},
    "another port": {"Origin": "http://testserver:8080"},
    "a longer name": {"Origin": "http://testserver.evil.example"},
    "a name before ours": {"Origin": "http://testserver@evil.example"},
    "our name as a user": {"Origin": "http://evil.example@testserver"},
    "no origin at all": {"Origin": "http://[::1"},
    "a file": {"Origin": "file://"},
    "another origin with a token": {"Origin": "https://evil.example", "Authorization": "Bearer abc"},
    "nothing said": {},
    "a page of ours by its referrer only": {"Referer": "http://testserver/form"},
    "a password the browser keeps": {"Authorization": "Basic YTpi"},
    "an empty token": {"Authorization": "Bearer "},
}


@pytest.fixture(autouse=True)
def nothing_done():
    done.clear()


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("headers", OURS.values(), ids=OURS)
def test_our_own_may(method, headers):
    assert Client(headers=headers).generic(method, "/change").content == b"changed"


@pytest.mark.parametrize("method", UNSAFE)
@pytest.mark.parametrize("headers", OTHERS.values(), ids=OTHERS)
def test_others_may_not(method, headers):
    told = Client(headers=headers).generic(method, "/change")
    assert told.status_code == 403 and done == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("headers", OTHERS.values(), ids=OTHERS)
def test_everybody_may_read(method, headers):
    assert Client(headers=headers).generic(method, "/change").status_code == 200


def test_machines_are_told_why():
    told = Client().post("/api/v1/change", data=b"{}", content_type="application/json")
    assert told.status_code == 403
    assert told.json()["code"] == "cross-origin" and "autre site" in told.json()["detail"]


def test_behind_a_proxy_the_public_address_is_ours(settings):
    settings.PUBLIC_URL = "https://services.example"
    assert Client(headers={"Origin": "https://services.example"}).post("/change").status_code == 200
    assert Client(headers={"Origin": "http://services.example"}).post("/change").status_code == 403
    assert Client(headers={"Origin": "https://services.example.evil"}).post("/change").status_code == 403


def test_a_forged_host_gains_nothing(settings):
    told = Client(headers={"Origin": "http://evil.example", "Host": "evil.example"}).post("/change")
    assert told.status_code == 400 and done == []


def test_only_addresses_of_machines_are_exempt_and_the_wall_stands_in_the_product():
    assert origins.EXEMPT == (
        "/open311/v2/requests.", "/livraisons/retour/", "/paiements/notification/",
        "/donnees/suivi/fin/", "/en/donnees/suivi/fin/", "/api/3/action/", "/api/action/", "/api/v1/data/sql",
        "/api/v1/data/validate",
    )  # fmt: skip
    assert "lacydon.kernel.middleware.origins.OriginsMiddleware" in product.MIDDLEWARE
