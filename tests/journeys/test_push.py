"""A browser asks to be told, and its worker shows what the platform tells it.

Chromium would ask a service of its maker for an address, which no test reaches: the page is given one. All the rest is
the browser's own: the worker is registered and running, receives the message, and shows the notification.
"""

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect

from tests.browser import Browser
from tests.journeys import signed_in
from tests.product import Product

pytestmark = pytest.mark.browser
GIVEN = """
  (() => {
    if (!("serviceWorker" in navigator)) return;
    const register = ServiceWorkerContainer.prototype.register;
    let worker;
    ServiceWorkerContainer.prototype.register = async function (...told) {
      worker = await register.apply(this, told);
      return worker;
    };
    PushManager.prototype.subscribe = async function (options) {
      if (!worker.active) throw new Error("no active worker");  // as Chromium says before it asks its service
      if (!options.userVisibleOnly || options.applicationServerKey.length !== 65) throw new Error("wrong options");
      return %s;
    };
  })();
"""
TOLD = {
    "title": "Lacydon",
    "body": "Votre demande avance. Demande R-2026-7KQ4M2.",
    "url": "/suivi",
    "tag": "R-2026-7KQ4M2",
}
SHOWN = """
    async () => {
      const worker = await navigator.serviceWorker.getRegistration("/static/requests/");
      for (let tries = 0; tries < 50; tries += 1) {
        const shown = await worker.getNotifications();
        if (shown.length) return shown.map(({ title, body, tag, data }) => ({ title, body, tag, url: data.url }));
        await new Promise((again) => setTimeout(again, 50));
      }
      return [];
    }
"""


def text_of(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def test_a_browser_asks_to_be_told_and_shows_what_it_is_told(there: Browser, named: Product):
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    keys = {
        "p256dh": text_of(point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)),
        "auth": text_of(bytes(16)),
    }
    given = {"endpoint": "https://push.example/abc", "keys": keys}
    with signed_in.visitor(there, named, email="pousse@exemple.fr") as context:
        context.grant_permissions(["notifications"])
        context.add_init_script(GIVEN % json.dumps(given))
        tab = context.new_page()
        registrations: list[str] = []
        devtools = context.new_cdp_session(tab)
        devtools.on(
            "ServiceWorker.workerRegistrationUpdated",
            lambda told: registrations.extend(each["registrationId"] for each in told["registrations"]),
        )
        devtools.send("ServiceWorker.enable")
        tab.goto("/mon-espace/notifications")
        tab.get_by_role("button", name="Prévenir sur cet appareil").click()
        expect(tab.get_by_role("button", name="Ne plus prévenir")).to_be_visible()

        devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": there.url, "registrationId": registrations[-1], "data": json.dumps(TOLD)},
        )
        assert tab.evaluate(SHOWN) == [TOLD]
