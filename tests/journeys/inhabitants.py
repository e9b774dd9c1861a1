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

from tests.product import ROOT, Product

VISITED = (
    "space", "consents", "consent-give", "consent-answer", "proofs", "proof-remove", "accesses", "own-acts", "access-contest",
    "data", "data-erase", "sign-in-again", "mandates", "mandate-place", "mandate-new", "mandate-code", "mandate-declare", "mandate", "agent",
    "agent-organisation", "agent-team", "agent-leave", "agent-contests", "agent-contest", "agent-contracts",
    "agent-contract-propose", "agent-consent-ask", "checks", "helping", "help-prepare", "help-counter", "help-one",
)  # fmt: skip
"""Names of the addresses whose pages are visited below: test_pages_of_trust holds this list to them."""
VISITED_WITH_MANDATES = ("mandate-read", "mandate-stop-ask", "mandate-stop", "mandate-over")
"""Those that test_mandates visits."""
NO_PAGE = (
    "sign-in-begin", "sign-in-return", "sign-out", "space-identity-unlink", "access-proof", "consent-withdraw",
    "consent-receipt", "proof-give", "proof-download", "data-export", "data-export-take", "register-json", "agent-role",
    "agent-contract-decide", "mandate-revoke", "mandate-contest", "mandate-take", "mandate-renounce", "mandate-hand-back",
    "help-confirm", "help-witness", "check",
)  # fmt: skip
"""Addresses that do something and lead on, or give a file; `check` is made as `help-one` is."""
STAFF = ("trust.asker", "trust.helper", "trust.manager", "trust.protection", "trust.verifier")
TOWN = "commune-13005"


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
            },
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


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
    import django

    django.setup()
    print(json.dumps(_make()))
