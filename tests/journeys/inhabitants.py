"""People with something of everything in a running product: run in its environment, prints who they are and their pages.

`python -m tests.journeys.inhabitants` → {"resident": {"cookie": …, "pages": {name: path}}, "agent": {…}}
"""

import json
import os
import secrets
import subprocess
import sys
from itertools import count
from typing import Any

from tests.journeys.carriers import transport_pages
from tests.journeys.counter import appointment_pages, bill_page
from tests.journeys.publishers import DATASET, TOWN, publishing_pages
from tests.product import ROOT, Product

VISITED = (
    "space", "consents", "consent-give", "consent-answer", "proofs", "proof-remove", "accesses", "own-acts", "access-contest",
    "data", "data-erase", "sign-in-again", "mandates", "mandate-place", "mandate-new", "mandate-code", "mandate-declare", "mandate", "agent",
    "agent-organisation", "agent-team", "agent-leave", "agent-contests", "agent-contest", "agent-contracts",
    "agent-contract-propose", "agent-consent-ask", "checks", "helping", "help-prepare", "help-counter", "help-one",
    "my-requests", "my-request", "notifications", "draft-page", "draft-summary", "desk-queue", "desk-request", "desk-board",
    "desk-views", "desk-answers", "deliveries", "forms", "form-edit", "form-versions", "report", "my-appointments", "appointment", "appointment-move", "appointment-cancel",
    "appointment-booking", "payment", "agent-appointments", "agent-payments",
    "data-desk", "data-new", "data-publish", "data-describe", "data-versions", "data-recipe", "data-contracts",
    "data-contract-give", "data-hooks", "harvests", "harvest-new", "reuses-review",
    "data-columns", "data-preview", "data-arrival-report", "personal-data", "data-contract", "harvest", "harvest-edit",
    "harvest-remove", "data-check", "data-view", "data-views", "data-view-keep", "data-view-embedding", "data-embedded",
    "follow-confirm", "follow-stop",
    "agenda-writing", "agenda-writing-edit", "agenda-writing-exchange", "agenda-writing-freeze", "agenda-writing-new",
    "agenda-writing-plan", "indicators-desk", "agenda-money-desk", "agenda-kits-desk", "agenda-kit-desk",
    "agenda-kit-adopt", "agenda-kit-export", "agenda-screen", "agenda-leading", "agenda-screen-links",
    "mobility-feeds", "mobility-feed", "mobility-feed-new", "mobility-feed-edit", "mobility-grouping",
    "mobility-sources-desk", "disruptions-desk", "disruption-new", "disruption-edit",
    "agenda-following", "agenda-following-one", "agenda-telling", "agenda-telling-new", "agenda-profile-edit",
)  # fmt: skip
"""Names of the addresses whose pages are visited below: test_pages_of_trust holds this list to them."""
VISITED_WITH_MANDATES = ("mandate-read", "mandate-stop-ask", "mandate-stop", "mandate-over")
"""Those that test_mandates visits."""
NO_PAGE = (
    "agenda-writing-export", "agenda-writing-remove", "agenda-writing-restore", "agenda-kit-files", "indicator-accept",
    "indicator-measure", "indicators-measure", "agenda-screen-link-end", "agenda-telling-remove",
    "agenda-telling-restore", "agenda-profile-remove", "agenda-profile-restore",
    "data-view-remove", "sign-in-begin", "sign-in-return", "sign-out", "space-identity-unlink", "access-proof", "consent-withdraw",
    "consent-receipt", "proof-give", "proof-download", "data-export", "data-export-take", "register-json", "agent-role",
    "agent-contract-decide", "mandate-revoke", "mandate-contest", "mandate-take", "mandate-renounce", "mandate-hand-back",
    "help-confirm", "help-witness", "check", "deliveries-replay", "delivery-check", "delivery-keep", "delivery-replay",
    "desk-act", "desk-attachment", "desk-bulk", "desk-export", "draft", "draft-adopt", "draft-file", "draft-receipt-pdf",
    "draft-send", "draft-upload", "draft-uploads", "figures-csv", "followed-file", "form-faults", "my-request-decision",
    "my-request-document", "my-request-file", "my-request-message", "my-request-rate", "my-request-reopen",
    "my-request-withdraw", "notifications-subscribe", "notifications-unsubscribe", "report-follow", "report-photo",
    "reports-geojson", "followed-decision", "followed-document", "followed-message", "followed-rate", "followed-reopen",
    "followed-withdraw", "appointment-calendar", "agent-appointment", "my-payment", "payment-return", "payment-receipt",
    "agent-payment", "desk-digest", "plan", "procedure-spot",
    "data-check-copy", "data-check-json", "data-contract-end", "data-contract-odrl", "data-drop", "data-read-again",
    "data-recompute", "data-restore", "data-send-address", "data-key", "harvest-visit", "harvest-withdraw", "reuse-decide",
    "data-arrival-copy", "data-arrival-json", "data-hook", "data-send", "data-ask", "data-request", "data-reuses",
    "alert-stop-mine", "isochrones-json", "stop-departures", "stop-poster-pdf", "agenda-report-pdf", "disruption-act", "mobility-feed-send",
    "mobility-feed-return", "mobility-feed-withdraw", "mobility-feed-fetch", "mobility-grouping-decide",
)  # fmt: skip
"""Addresses that do something and lead on, or give a file; `check` is made as `help-one` is."""
READ_STRICTLY = (
    "form-version", "form-preview", "draft-link", "draft-place", "draft-discard", "draft-receipt", "desk-bulk-one",
    "delivery-answer", "verify", "verify-receipt", "followed", "followed-notifications", "request-rate", "request-stop",
    "payment-start", "alert-confirm", "alert-manage", "alert-stop", "disruption", "stop-board", "agenda-act",
    "agenda-history", "agenda-lever", "agenda-plans", "agenda-writing-bulk", "agenda-kit-put-back", "agenda-screen-shared",
    "agenda-telling-edit", "agenda-profile-new",
)  # fmt: skip
"""Pages that tests/markup.py reads, in tests/capabilities, and no browser yet but by hand."""
HOUSE = "metropole-aix-marseille-provence"
ADOPTING = "commune-13028"
"""It looks at a kit of another commune."""
STAFF = (
    "trust.asker", "trust.helper", "trust.manager", "trust.protection", "trust.verifier",
    "requests.agent", "requests.manager", "requests.editor", "data.publisher", "data.steward",
)  # fmt: skip


def inhabitants(product: Product) -> dict[str, Any]:
    """Make them in this product."""
    variables = {
        **product.environment,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
    }
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.inhabitants"],
        env=variables, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    found: dict[str, Any] = json.loads(made.stdout.splitlines()[-1])
    return found


def _make() -> dict[str, Any]:
    from django.conf import settings

    from lacydon.capabilities.trust.actions import mandates
    from lacydon.capabilities.trust.models import ConsentRequest, Contest, Entry, Membership, Organisation, Proof
    from tests.capabilities.trust import lives, people
    from tests.capabilities.trust.helping import Help, named_agent
    from tests.capabilities.trust.lives import contact, everything

    # The numbers of another run on the same product are taken.
    people._numbers = count(secrets.randbelow(10**9))
    lives._numbers = count(secrets.randbelow(10**7))
    town = Organisation.objects.get(pk=TOWN)
    resident = everything(town)
    boss = people.agent(organisation=town, roles=STAFF)
    named_agent(boss, organisation=TOWN, given="Inès", family="Roux")
    steward = people.agent(organisation=Organisation.objects.get(pk=HOUSE), roles=("agenda.steward",))
    named_agent(steward, organisation=HOUSE, given="Léa", family="Colin")
    adopter = people.agent(organisation=Organisation.objects.get(pk=ADOPTING), roles=("agenda.replicator",))
    named_agent(adopter, organisation=ADOPTING, given="Jo", family="Blanc")
    carrier = people.agent(
        organisation=Organisation.objects.get(pk=HOUSE), roles=("mobility.steward", "mobility.operator")
    )
    named_agent(carrier, organisation=HOUSE, given="Samir", family="Attal")
    help_ = Help()
    named_agent(help_.zoe, organisation="maison", given="Zoé", family="Martin")
    held = help_.confirmed(themes=["logement", "famille"])
    with mandates.acting(actor=help_.in_hand(held), action="proof.give", named="proof:1", purpose="logement"):
        pass
    draft = help_.drafted()
    contact(help_.resident, "06 12 34 56 78", kind="phone")
    contest = Contest.objects.get(person=resident)
    looked = Entry.objects.filter(subject=resident, action="proof.use").first()
    mine = Proof.objects.filter(person=resident).first()
    asked = ConsentRequest.objects.get(person=resident)
    member = Membership.objects.filter(organisation=town).exclude(person=boss).first()
    assert looked and mine and member

    request, begun = _requests(resident)

    def cookie(person: Any, organisation: str = "") -> str:
        client = people.signed_in(people.visitor(), person, organisation=organisation)
        return str(client.cookies[settings.SESSION_COOKIE_NAME].value)

    return {
        "resident": {
            "cookie": cookie(resident),
            "pages": {
                "space-full": "/mon-espace",
                "consents": "/mon-espace/accords",
                "consent-give": f"/mon-espace/accords/nouveau?organisme={TOWN}",
                "consent-with-whom": "/mon-espace/accords/nouveau",
                "consent-answer": f"/mon-espace/accords/demandes/{asked.pk}",
                "proofs": "/mon-espace/justificatifs",
                "proof-remove": f"/mon-espace/justificatifs/{mine.pk}/supprimer",
                "accesses": "/mon-espace/acces",
                "own-acts": "/mon-espace/acces/les-miens",
                "access-contest": f"/mon-espace/acces/{looked.pk}/contester",
                "data": "/mon-espace/mes-donnees",
                "data-erase": "/mon-espace/mes-donnees/effacer",
                "sign-in-again": "/connexion/encore",
                "my-requests": "/mon-espace/demandes",
                "my-request": f"/mon-espace/demandes/{request}",
                "notifications": "/mon-espace/notifications",
                "draft-page": f"/brouillons/{begun}/questions/probleme",
                "draft-summary": f"/brouillons/{begun}/verifier",
                "report": f"/signalements/{request}",
                "payment": bill_page(people.actor(resident), organisation=TOWN),
                **appointment_pages(people.actor(resident)),
            },
        },
        "principal": {
            "cookie": cookie(help_.resident),
            "pages": {
                "mandates": "/mon-espace/mandats",
                "mandate-place": "/mon-espace/mandats/nouveau",
                "mandate-new": "/mon-espace/mandats/nouveau/maison",
                "mandate-code": "/mon-espace/mandats/code",
                "mandate-declare": "/mon-espace/mandats/declarer/enfant",
                "mandate": f"/mon-espace/mandats/{held.reference}",
            },
        },
        "staff": {
            "cookie": cookie(boss, TOWN),
            "pages": {
                "agent": "/agent",
                "agent-organisation": "/agent/organisme",
                "agent-team": "/agent/equipe",
                "agent-leave": f"/agent/equipe/{member.pk}/retirer",
                "agent-contests": "/agent/contestations",
                "agent-contest": f"/agent/contestations/{contest.pk}",
                "agent-contracts": "/agent/partages",
                "agent-consent-ask": "/agent/accords/demander",
                "agent-contract-propose": "/agent/partages/proposer?organisme=commune-13001",
                "checks": "/agent/mandats-a-verifier",
                "desk-queue": "/agent/demandes",
                "desk-request": f"/agent/demandes/{request}",
                "desk-board": "/agent/tableau",
                "desk-views": "/agent/demandes/vues",
                "desk-answers": "/agent/demandes/reponses",
                "deliveries": "/agent/livraisons",
                "agent-appointments": "/agent/rendez-vous",
                "agent-payments": "/agent/paiements",
                "forms": "/agent/formulaires",
                "form-edit": "/agent/formulaires/corbeille-de-rue",
                "form-versions": "/agent/formulaires/corbeille-de-rue/versions",
            },
        },
        "publisher": {
            "cookie": cookie(boss, TOWN),
            "pages": {
                "data-desk": "/agent/donnees",
                "data-new": "/agent/donnees/nouveau",
                "data-publish": f"/agent/donnees/{DATASET}",
                "data-describe": f"/agent/donnees/{DATASET}/decrire",
                "data-versions": f"/agent/donnees/{DATASET}/versions",
                "data-recipe": f"/donnees/{DATASET}/recette",
                "data-contracts": "/agent/donnees-partagees",
                "data-contract-give": "/agent/donnees-partagees/donner",
                "data-hooks": "/agent/appels",
                "harvests": "/agent/moissons",
                "harvest-new": "/agent/moissons/ajouter",
                "reuses-review": "/agent/reutilisations",
                **publishing_pages(people.actor(boss, organisation=TOWN)),
            },
        },
        "writer": {
            "cookie": cookie(steward, HOUSE),
            "pages": {
                "agenda-writing": "/agents/agenda",
                "agenda-writing-edit": "/agents/agenda/actions/portail-des-services",
                "agenda-writing-new": "/agents/agenda/axes/nouveau",
                "agenda-writing-plan": "/agents/agenda/plan",
                "agenda-writing-freeze": "/agents/agenda/figer?acte=exemple-revision-2024",
                "agenda-writing-exchange": "/agents/agenda/echanger",
                "indicators-desk": "/agent/agenda/indicateurs",
                "agenda-money-desk": "/agents/agenda/argent",
                "agenda-screen": "/agents/agenda/tableau-de-bord",
                "agenda-leading": "/agents/agenda/mes-projets",
                "agenda-screen-links": "/agents/agenda/partages",
                "agenda-following": "/agents/agenda/suites",
                "agenda-following-one": "/agents/agenda/suites/capteurs-de-bruit-bilan/dire-les-mesures",
                "agenda-following-done": "/agents/agenda/suites/portail-a-mi-parcours/relire-les-fiches",
                "agenda-evaluation-edit": "/agents/agenda/evaluations/portail-a-mi-parcours",
            },
        },
        "replicator": {
            "cookie": cookie(adopter, ADOPTING),
            "pages": {
                "agenda-kits-desk": "/agents/agenda/kits",
                "agenda-kit-desk": "/agents/agenda/kits/velo-cargo",
                "agenda-kit-adopt": "/agents/agenda/kits/velo-cargo/adopter",
                "agenda-kit-export": "/agents/agenda/kits/exporter",
                "agenda-telling": "/agents/agenda/experiences",
                "agenda-telling-new": "/agents/agenda/experiences/nouveau?kit=velo-cargo",
                "agenda-profile-edit": f"/agents/agenda/profils/{ADOPTING.rpartition('-')[2]}",
            },
        },
        "carrier": {
            "cookie": cookie(carrier, HOUSE),
            "pages": transport_pages(people.actor(carrier, organisation=HOUSE)),
        },
        "helper": {
            "cookie": cookie(help_.zoe, "maison"),
            "pages": {
                "helping": "/agent/aide",
                "help-prepare": "/agent/aide/preparer",
                "help-counter": "/agent/aide/guichet",
                "help-one": f"/agent/aide/{draft.reference}",
            },
        },
    }


def _requests(resident: Any) -> tuple[str, str]:
    """A report the resident made, and a draft of theirs: its number, and how the address of the draft names it."""
    from uuid import uuid4

    from lacydon.capabilities.requests.actions import drafts
    from lacydon.capabilities.requests.actions.opening import Where, open_request
    from lacydon.capabilities.requests.models import FormVersion
    from lacydon.capabilities.requests.queries.drafts import Where as There
    from lacydon.capabilities.requests.queries.forms import published_form
    from tests.capabilities.trust import people

    place = {"label": "Cours Foch, Aubagne", "lon": 5.5706, "lat": 43.2925}
    version = FormVersion.objects.get(form="corbeille-de-rue", state="published")
    opened = open_request(
        actor=people.actor(resident), form=version, answers={"lieu": place, "etat": "pleine", "precisions": "Devant le 3."},
        where=Where(citycode="13005", lon=place["lon"], lat=place["lat"]), organisation=TOWN, submission=uuid4(),
    )  # fmt: skip
    begun = drafts.begin(
        actor=people.actor(resident), held=published_form("lampadaire-en-panne"), where=There("13005", "Aubagne"),
        answers={}, page="probleme",
    )  # fmt: skip
    return opened.request.number, begun.reference


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    print(json.dumps(_make()))
