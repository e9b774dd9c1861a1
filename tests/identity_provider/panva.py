"""The real provider of the tests: panva's oidc-provider, on the Node that a wheel brings. `python -m
tests.identity_provider.panva` installs it beforehand (./test does), once, outside the repository."""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

import httpx

from tests import node

HERE = Path(__file__).parent


def installed() -> Path:
    """The folder that holds the provider's node_modules."""
    return node.installed(HERE)


@dataclass(frozen=True)
class Registered:
    """A client of one shape ("franceconnect" or "proconnect") of the provider."""

    shape: str
    issuer: str
    host: str
    client_id: str
    client_secret: str
    redirect_uri: str
    logout_uri: str

    def settings(self) -> dict[str, str]:
        """What the settings of the connector of that shape are to be, without their prefix."""
        return {"URL": self.issuer, "CLIENT_ID": self.client_id, "CLIENT_SECRET": self.client_secret}


@dataclass(frozen=True)
class Panva:
    """The provider, running."""

    url: str

    @property
    def host(self) -> str:
        """host:port, for LACYDON_IDENTITY_HOSTS."""
        return urlsplit(self.url).netloc

    def register(self, shape: str, *, site: str, **more: Any) -> Registered:
        """Register a site (`http://127.0.0.1:8000`) at one shape of the provider, with its usual addresses."""
        issuer = f"{self.url}/{shape}/api/v2"
        back, out = f"{site}/connexion/{shape}/retour", f"{site}/deconnexion/retour"
        asked = {"redirect_uris": [back], "post_logout_redirect_uris": [out]} | more
        answer = httpx.post(f"{issuer}/reg", json=asked, timeout=20)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        return Registered(shape, issuer, self.host, told["client_id"], told.get("client_secret", ""), back, out)


class Visitor:
    """A visitor's browser, as far as a provider needs one: cookies, redirections, one form."""

    def __init__(self) -> None:
        self.http = httpx.Client(timeout=20)

    def __enter__(self) -> "Visitor":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def walk(self, answer: httpx.Response, *, until: str) -> httpx.Response | str:
        """Follow redirections as far as a page, or as an address that begins with `until`, which is not visited."""
        for _hop in range(10):
            if answer.status_code not in (302, 303):
                return answer
            target = urljoin(str(answer.url), answer.headers["location"])
            if target.startswith(until):
                return target
            answer = self.http.get(target)
        raise AssertionError("redirected without end")

    def sign_in(self, url: str, *, account: str, back: str, **form: str) -> dict[str, str]:
        """Go where the site sends us, say who we are; the parameters of the address we come back to."""
        page = self.walk(self.http.get(url), until=back)
        if not isinstance(page, str):
            assert page.status_code == 200, f"{page.status_code} {page.text}"
            page = self.walk(self.http.post(str(page.url), data={"account": account} | form), until=back)
        assert isinstance(page, str), page.text
        return dict(parse_qsl(urlsplit(page).query))

    def sign_out(self, url: str, *, back: str) -> dict[str, str]:
        """Go where the site sends us to leave the provider too, and confirm."""
        page = self.walk(self.http.get(url), until=back)
        if not isinstance(page, str):
            hidden = dict(re.findall(r'name="(\w+)" value="(\w+)"', page.text))
            action = re.search(r'action="([^"]+)"', page.text)
            assert action, page.text
            page = self.walk(self.http.post(action[1], data=hidden | {"logout": "yes"}), until=back)
        assert isinstance(page, str), page.text
        return dict(parse_qsl(urlsplit(page).query))


@contextmanager
def running(*, environment: Mapping[str, str] = os.environ) -> Iterator[Panva]:
    """The provider on a free port of this machine, until the end of the block; it stops also if we are killed."""
    folder = installed()
    with tempfile.TemporaryFile() as log:
        command = [node.COMMAND, HERE / "provider.mjs", folder]
        provider = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=dict(environment), text=True
        )
        assert provider.stdin and provider.stdout
        try:
            told = provider.stdout.readline()
            while told and not told.startswith('{"port"'):  # panva writes its own notices first
                told = provider.stdout.readline()
            if not told:
                log.seek(0)
                raise AssertionError(f"the provider does not start: {log.read().decode()[-3000:]}")
            yield Panva(url=f"http://127.0.0.1:{json.loads(told)['port']}")
        finally:
            provider.stdin.close()
            provider.terminate()
            provider.wait(timeout=20)
            provider.stdout.close()


if __name__ == "__main__":
    installed()
