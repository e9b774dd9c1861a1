"""Whoever is signed in signs out from any page that takes a sign-in (ASVS 5.0, 7.4.4)."""

from lacydon.kernel.access import declared
from tests.capabilities.trust.people import agent, organisation, resident, signed_in, visitor
from tests.config.routes import routes
from tests.config.visitors import ROLES
from tests.markup import read
from tests.product import ROOT

OUT = "/deconnexion"
ITSELF = ("trust/space/nav.html", "trust/agent/nav.html", "trust/out.html", "'sign-out'")
INSIDE = ("accesses", "agent", "consents", "contacts", "desk", "editor", "help", "mandates", "mine", "proofs", "rights", "security", "space")  # fmt: skip
"""Folders of templates whose pages are for who is signed in."""
OUTSIDE = ("contacts/cancel.html", "rights/erased.html", "mine/letter.html")
"""For whoever has the link, for who is gone, and a paper to print."""


def test_signing_out_is_on_every_page_where_somebody_is_signed_in(db):
    town = organisation()
    clerk = signed_in(visitor(), agent(organisation=town, roles=ROLES), organisation=town.id)
    someone = signed_in(visitor(), resident(assurance=2), strong=True)
    seen, without = 0, []
    for path in (each for each in routes() if not each.startswith("/en/")):
        for client in (clerk, someone):
            answer = client.get(path)
            html = answer.headers.get("Content-Type", "").startswith("text/html")
            if answer.status_code != 200 or not html or not declared(answer.resolver_match.func):
                continue
            seen += 1
            page = read(answer.content.decode())
            if not any(each.attributes.get("action") == OUT for each in page.all("form")):
                without.append(path)
    assert without == []
    assert seen > 40


def test_nor_is_it_forgotten_on_pages_about_something_that_must_be_there():
    """Those that the walk above cannot open: their templates say it."""
    pages = [
        each
        for each in (ROOT / "src" / "lacydon" / "capabilities").glob("*/templates/*/*/*.html")
        if each.parent.name in INSIDE and "<h1" in each.read_text("utf-8") and not str(each).endswith(OUTSIDE)
    ]
    without = [each.name for each in pages if not any(name in each.read_text("utf-8") for name in ITSELF)]
    assert without == [] and len(pages) > 40
