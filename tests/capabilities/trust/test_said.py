"""What pages of trust say to whom: to a helper of the person they help; and only what applies."""

import io
import re
import zipfile

import pytest

from lacydon.capabilities.trust.actions.contacts import change_contact
from tests.capabilities.trust import lives
from tests.capabilities.trust.helping import Help
from tests.capabilities.trust.people import actor, organisation, resident, signed_in
from tests.markup import read

pytestmark = pytest.mark.django_db
PROOFS = "/mon-espace/justificatifs"
PHONE = "/mon-espace/coordonnees/telephone"


def page(client, path):
    return read(client.get(path).content.decode().replace("\xa0", " "))


def test_a_helper_reads_whose_documents_these_are(client):
    helped = Help()
    assert page(signed_in(client, helped.resident), PROOFS).one("h1").words == "Mes justificatifs"
    mandate = helped.given()
    helper = signed_in(client, helped.zoe, organisation="maison")
    helper.post(f"/mandats/{mandate.reference}/prendre")
    shown = page(helper, PROOFS)
    assert shown.one("h1").words == "Justificatifs de la personne que vous aidez"
    assert "votre compte" not in shown.one("main").words


def test_erasing_is_proposed_where_there_is_something(client):
    person = resident()
    assert "Laissez vide" not in page(signed_in(client, person), PHONE).one("main").words
    change_contact(actor=actor(person), kind="phone", typed="04 91 00 00 00")
    assert "Laissez vide pour l’effacer" in page(client, PHONE).one("main").words


def test_the_copy_for_people_has_no_date_nor_hash_of_machines(client):
    full = lives.everything(organisation("commune-97001"))
    packed = signed_in(client, full).post("/mon-espace/mes-donnees/copie").content
    with zipfile.ZipFile(io.BytesIO(packed)) as held:
        told = held.read("mes-donnees.html").decode()
        assert re.search(r"\d{4}-\d\d-\d\dT\d\d:", held.read("mes-donnees.json").decode())
    assert re.search(r"\d{4} à \d{1,2} h \d\d", told.replace("\xa0", " "))
    assert not re.search(r"\d{4}-\d\d-\d\dT\d\d:|[0-9a-f]{32}", told)


def test_the_register_says_how_long_a_link_lasts(client):
    assert "un lien de connexion dix minutes" in page(client, "/registre/accounts").one("main").words
