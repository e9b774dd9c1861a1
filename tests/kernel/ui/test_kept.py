"""A page that is the same for whoever asks alike is made once a minute, and never shared with who has a session."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from lacydon.kernel.snapshots import Snapshot, moved
from lacydon.kernel.ui import kept as keeping
from lacydon.kernel.ui.kept import kept

pytestmark = pytest.mark.django_db
ASKED = RequestFactory()


@pytest.fixture(autouse=True)
def forgotten():
    keeping._forget()


@pytest.fixture
def made():
    """How often a page was made, and its answer."""

    class Made(list):
        answer = staticmethod(lambda: HttpResponse("page", headers={"X-Kind": "kept"}))

        def __call__(self):
            self.append(1)
            return self.answer()

    return Made()


def test_it_is_made_once_for_all_with_its_headers(made):
    first, second = (kept(ASKED.get("/a"), made, of="a") for _time in range(2))
    assert (first.content, first["X-Kind"]) == (second.content, second["X-Kind"]) == (b"page", "kept")
    assert first is not second and len(made) == 1
    assert kept(ASKED.head("/a"), made, of="a").content == b"page" and len(made) == 1


def test_another_page_another_language_another_site_are_others(made, settings):
    settings.PUBLIC_URL = "https://one.example"
    kept(ASKED.get("/a"), made, of="a")
    kept(ASKED.get("/b"), made, of="b")
    with translation.override("en"):
        kept(ASKED.get("/a"), made, of="a")
    settings.PUBLIC_URL = "https://two.example"
    kept(ASKED.get("/a"), made, of="a")
    assert len(made) == 4


def test_who_has_a_session_or_posts_has_their_own(made, settings):
    with_session = ASKED.get("/a")
    with_session.COOKIES[settings.SESSION_COOKIE_NAME] = "x"
    for request in (with_session, ASKED.post("/a"), with_session, ASKED.get("/a")):
        kept(request, made, of="a")
    assert len(made) == 4


@pytest.mark.parametrize("status", [302, 404])
def test_what_is_no_page_is_not_kept(made, status):
    made.answer = lambda: HttpResponse(status=status)
    assert [kept(ASKED.get("/a"), made, of="a").status_code for _time in range(2)] == [status] * 2
    assert len(made) == 2


def test_nor_one_that_sets_a_cookie(made):
    def answer():
        response = HttpResponse("hello")
        response.set_cookie("who", "lou")
        return response

    made.answer = answer
    assert all("who" in kept(ASKED.get("/a"), made, of="a").cookies for _time in range(2)) and len(made) == 2


def test_it_is_made_again_when_what_it_shows_moved(made):
    fleet = Snapshot("fleet of the kept", object)
    fleet()
    kept(ASKED.get("/a"), made, of="a")
    moved("fleet of the kept")
    kept(ASKED.get("/a"), made, of="a")
    assert len(made) == 2


def test_and_after_a_minute(made, monkeypatch):
    moment = 960.0
    monkeypatch.setattr(keeping.time, "monotonic", lambda: moment)
    kept(ASKED.get("/a"), made, of="a")
    moment += 59
    kept(ASKED.get("/a"), made, of="a")
    moment += 61
    kept(ASKED.get("/a"), made, of="a")
    assert len(made) == 2
