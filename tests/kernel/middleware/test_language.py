"""The language of an answer: that of the address for pages; for data, what is asked, then what is preferred."""

import pytest
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import get_language

from lacydon.kernel.access import open_to_all


@open_to_all
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{get_language()} {request.LANGUAGE_CODE}")


urlpatterns = [
    path("api/v1/data", page),
    path("catalogue", page),
    *i18n_patterns(path("page", page), prefix_default_language=False),
]
pytestmark = pytest.mark.urls(__name__)


@pytest.mark.parametrize(
    ("address", "prefers", "language"),
    [
        ("/api/v1/data", "", "fr"),
        ("/api/v1/data", "en-GB,en;q=0.8", "en"),
        ("/api/v1/data", "de", "fr"),
        ("/api/v1/data?lang=en", "fr", "en"),
        ("/api/v1/data?lang=fr", "en", "fr"),
        ("/api/v1/data?lang=klingon", "en", "en"),
        ("/api/v1/data?lang=", "", "fr"),
        ("/catalogue", "en", "en"),
        ("/page", "en", "fr"),
        ("/en/page", "fr", "en"),
        ("/page?lang=en", "en", "fr"),
    ],
)
def test_the_language(client, address, prefers, language):
    response = client.get(address, headers={"Accept-Language": prefers})
    assert response.content.decode() == f"{language} {language}"
    assert response["Content-Language"] == language


def test_a_cache_is_told_that_data_depends_on_the_reader(client):
    assert "Accept-Language" in client.get("/api/v1/data")["Vary"]
