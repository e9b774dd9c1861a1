"""The one cookie of the platform: this host's alone, over TLS alone, out of reach of scripts and of other sites."""

import json
import subprocess
import sys

import pytest

from tests.product import environment

ASKED = "COOKIE_NAME COOKIE_SECURE COOKIE_HTTPONLY COOKIE_SAMESITE COOKIE_DOMAIN COOKIE_PATH".split()


def settings_of_cookies(home, **given: str) -> dict[str, object]:
    """Those a product has with these settings; they are read once, when it starts."""
    code = (
        "import json; from django.conf import settings\n"
        f"print(json.dumps({{name: getattr(settings, 'SESSION_' + name) for name in {ASKED}}}\n"
        "    | {'csrf': settings.CSRF_USE_SESSIONS, 'middleware': settings.MIDDLEWARE}))"
    )
    variables = environment(home=home, **given) | {"DJANGO_SETTINGS_MODULE": "lacydon.config.settings"}
    told = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def test_over_https_it_belongs_to_this_host_alone(tmp_path):
    told = settings_of_cookies(tmp_path, PUBLIC_URL="https://services.example")
    assert str(told["COOKIE_NAME"]).startswith("__Host-")
    assert (told["COOKIE_SECURE"], told["COOKIE_HTTPONLY"], told["COOKIE_SAMESITE"]) == (True, True, "Lax")
    assert (told["COOKIE_DOMAIN"], told["COOKIE_PATH"]) == (None, "/"), "what __Host- asks for (RFC 6265bis)"


def test_the_token_of_forms_needs_no_cookie_of_its_own(tmp_path):
    told = settings_of_cookies(tmp_path)
    assert told["csrf"] is True
    assert "django.middleware.csrf.CsrfViewMiddleware" in told["middleware"]


@pytest.mark.django_db
@pytest.mark.urls("tests.kernel.middleware.personal")
def test_scripts_and_other_sites_do_not_get_it(client):
    (cookie,) = client.get("/write", secure=True).cookies.values()
    assert cookie["httponly"] is True and cookie["samesite"] == "Lax"
    assert cookie["path"] == "/" and cookie["domain"] == ""
    assert len(cookie.key + cookie.value) < 100
