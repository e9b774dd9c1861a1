"""A visitor who is in, as residents come in: by a link of an e-mail, read where the product writes its mail."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any

from playwright.sync_api import BrowserContext
from playwright.sync_api import Page as Tab

from tests.browser import Browser
from tests.journeys.pages import Page
from tests.product import Product

NEW = (
    Page("space", "/mon-espace"),
    Page("identities", "/mon-espace/identites"),
    Page("security-new", "/mon-espace/securite"),
    Page("strengthen-without", "/connexion/renforcer"),
    Page("authenticator", "/mon-espace/securite/application"),
    Page("passkey", "/mon-espace/securite/cles/nouvelle"),
    Page("add-email", "/mon-espace/securite/courriel"),
    Page("contacts", "/mon-espace/coordonnees"),
    Page("contact-email", "/mon-espace/coordonnees/courriel"),
    Page("contact-cancel", "/mon-espace/coordonnees/courriel/annuler"),
    Page("contact-phone", "/mon-espace/coordonnees/telephone"),
    Page("contact-postal", "/mon-espace/coordonnees/adresse"),
)
"""Pages of somebody who has just come for the first time."""
PROTECTED = (
    Page("security", "/mon-espace/securite"),
    Page("strengthen", "/connexion/renforcer"),
    Page("passphrase", "/mon-espace/securite/phrase"),
    Page("passphrase-remove", "/mon-espace/securite/phrase/retirer"),
    Page("authenticator-remove", "/mon-espace/securite/application/retirer"),
    Page("recovery", "/mon-espace/securite/secours"),
)
"""Pages of somebody with a second factor, just shown."""
ON_THE_WAY = ("email-sent", "email-link", "second-factor")
"""Pages of who is not in yet, visited by name in test_pages_signed_in."""
LIKE_ANOTHER = {
    "security-session-end": "security",
    "security-passkey-remove": "security-authenticator-remove",
    "security-email-confirm": "contact-email-cancel",
    "contact-email-confirm": "contact-email-cancel",
    "demonstration-letter": "link-spent",
}
"""Pages made as another one that is visited (the same template), or that only lead to it."""


def message(product: Product, *, to: str) -> str:
    """The plain words of the last message the product wrote to an address."""
    paths = sorted((product.home / "mail").glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in paths:
        found = message_from_bytes(path.read_bytes(), policy=policy.default)
        if found["To"] == to:
            return str(found.get_body(("plain",)).get_content())  # type: ignore[union-attr]
    raise AssertionError(f"no message to {to}")


def link(product: Product, *, to: str) -> str:
    """The link in the last message to an address."""
    (found,) = re.findall(r"https?://\S+", message(product, to=to))
    return str(found)


def code(product: Product, *, to: str) -> str:
    """The six digits in the last message to an address."""
    (found,) = re.findall(r"\b\d{6}\b", message(product, to=to))
    return str(found)


def enter(tab: Tab, product: Product, *, email: str) -> None:
    """Ask for a link, open it, press its button."""
    tab.goto("/connexion/courriel")
    tab.locator("#email").fill(email)
    tab.get_by_role("button", name="Envoyer le lien").click()
    tab.wait_for_url("**/connexion/courriel/envoye")
    tab.goto(link(product, to=email))
    tab.get_by_role("button", name="Entrer dans mon espace").click()
    tab.wait_for_url("**/mon-espace")


@contextmanager
def visitor(browser: Browser, product: Product, *, email: str, **options: Any) -> Iterator[BrowserContext]:
    """A browser signed in as who reads this mailbox; its pages are watched like all others."""
    with browser.context(**options) as context:
        tab = context.new_page()
        enter(tab, product, email=email)
        tab.close()
        yield context
