"""Signing in with row-level security up: what is read before anybody is known is found, and nothing else."""

import re

import pyotp
import pytest
from django.db import connection
from django.test import Client

from lacydon.capabilities.trust.ports import identity_providers
from tests.capabilities.trust import people
from tests.capabilities.trust.providers import SayingProvider
from tests.capabilities.trust.walls import NOTHING, OURS, as_application, seen

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="a wall of PostgreSQL"),
]


def test_signing_in_and_out_as_the_application(small_territory):
    """Each way in, the second factor, the change of a way in: what is read before anybody is known is found."""
    people.organisation("mairie", siren="219799999")
    residents, agents = SayingProvider(), SayingProvider("pro", kind="agent")
    agents.says |= {"claims": {"siret": "21979999900010", "given_name": "Inès", "family_name": "Roux"}, "assurance": 2}
    with as_application(), identity_providers.only(residents, agents):
        lou, ines = Client(headers=OURS), Client(headers=OURS)
        for browser, provider in ((lou, residents), (ines, agents)):
            for _time in range(2):
                browser.post(f"/connexion/{provider.id}/depart")
                back = browser.get(f"/connexion/{provider.id}/retour", {"state": "abc"})
                assert back.status_code == 302
        assert back["Location"] == "/agent"
        assert ines.get("/agent").status_code == 200
        page = lou.get("/mon-espace/securite/application").content.decode()
        secret = re.findall(r"<code>([A-Z2-7 ]+)</code>", page)[0].replace(" ", "")
        assert lou.post("/mon-espace/securite/application", {"code": pyotp.TOTP(secret).now()}).status_code == 302
        shown = lou.get("/mon-espace/securite").content.decode()
        assert "Enregistrée le" in shown and "Cet appareil" in shown
        assert lou.get("/mon-espace/acces").status_code == 200
        assert "fournisseur" not in lou.post("/deconnexion").content.decode()
        assert lou.get("/mon-espace").status_code == 302
        assert seen() == NOTHING | {"CivilIdentity": 1}, "the name of an agent, under a key that is not seen"
