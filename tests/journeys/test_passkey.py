"""A passkey, by keyboard alone, with the browser's own virtual authenticator: added, then used to come back."""

import pytest
from playwright.sync_api import Page as Tab
from playwright.sync_api import expect

from tests.browser import Browser
from tests.journeys import signed_in
from tests.journeys.test_keyboard import tab_to
from tests.product import Product

pytestmark = pytest.mark.browser

EMAIL = "cle@exemple.fr"
KEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def press(tab: Tab, selector: str) -> None:
    """Go there with Tab, and press Enter."""
    tab_to(tab, selector)
    tab.keyboard.press("Enter")


def test_a_passkey_by_keyboard(there: Browser, named: Product):
    with there.context() as context:
        tab = context.new_page()
        devtools = context.new_cdp_session(tab)
        devtools.send("WebAuthn.enable")
        key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})["authenticatorId"]

        # In, by the code of the e-mail.
        tab.goto("/connexion")
        press(tab, "a[href^='/connexion/courriel']")
        tab.wait_for_url("**/connexion/courriel*")
        tab_to(tab, "#email")
        tab.keyboard.type(EMAIL)
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/connexion/courriel/envoye")
        tab_to(tab, "#code")
        tab.keyboard.type(signed_in.code(named, to=EMAIL))
        tab.keyboard.press("Enter")
        tab.wait_for_url("**/mon-espace")

        # A key of this device.
        press(tab, ".tabs a[href='/mon-espace/securite']")
        tab.wait_for_url("**/mon-espace/securite")
        press(tab, ".next a")
        tab.wait_for_url("**/cles/nouvelle")
        tab_to(tab, "#name")
        tab.keyboard.type("Ordinateur de la cuisine")
        press(tab, "[data-passkey] button")
        tab.wait_for_url("**/mon-espace/securite")
        expect(tab.get_by_role("status")).to_contain_text("Votre clé d’accès est enregistrée")
        expect(tab.get_by_role("heading", name="Ordinateur de la cuisine")).to_be_visible()
        (held,) = devtools.send("WebAuthn.getCredentials", {"authenticatorId": key})["credentials"]
        assert held["isResidentCredential"] and held["rpId"] == "localhost"

        # Out, and back with the key alone.
        context.clear_cookies()
        tab.goto("/connexion?suite=/mon-espace/securite/secours")
        press(tab, "a[href^='/connexion/cle']")
        tab.wait_for_url("**/connexion/cle*")
        press(tab, "[data-passkey] button")
        tab.wait_for_url("**/mon-espace/securite/secours")
        press(tab, "main form:not([action='/deconnexion']) button")
        expect(tab.locator(".codes li")).to_have_count(10)


def test_a_key_that_does_not_answer_is_said_and_the_rest_stays(there: Browser):
    with there.context() as context:
        tab = context.new_page()
        devtools = context.new_cdp_session(tab)
        devtools.send("WebAuthn.enable")
        devtools.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
        tab.goto("/connexion/cle")
        expect(tab.locator("[data-trouble]")).to_be_hidden()
        press(tab, "[data-passkey] button")
        expect(tab.get_by_role("alert")).to_contain_text("La clé n’a pas répondu")
        expect(tab.locator("[data-passkey] button")).to_be_focused()
        expect(tab.get_by_role("link", name="Pas de clé ici")).to_be_visible()


def test_without_script_the_page_says_so_and_offers_the_other_ways(there: Browser):
    with there.page("/connexion/cle", java_script_enabled=False) as tab:
        expect(tab.get_by_text("Les clés d’accès ont besoin de JavaScript")).to_be_visible()
        expect(tab.locator("[data-passkey] button")).to_be_hidden()
        tab.get_by_role("link", name="Pas de clé ici").click()
        expect(tab.locator("#email")).to_be_visible()
