"""« Retrouver l’entreprise »: what the register says comes in the fields, read and changed before anything is sent."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from lacydon.capabilities.requests.models import Draft
from lacydon.capabilities.requests.pages.filling import companies as button
from lacydon.capabilities.requests.ports.companies import (
    Company,
    CompanyAddress,
    UnknownCompany,
    company_registers,
)
from lacydon.capabilities.requests.queries import drafts
from lacydon.capabilities.trust.actions import mandates
from lacydon.kernel.access import NOBODY
from lacydon.kernel.errors import Unavailable
from tests.capabilities.requests.filling.made import Filler, field, page, published
from tests.capabilities.trust import people
from tests.capabilities.trust.helping import terms
from tests.connectors.conftest import addresses  # noqa: F401

pytestmark = pytest.mark.django_db
QUAY = Company(
    siret="73282932000074", siren="732829320", name="LES TABLES DU QUAI", trade_name="LE PETIT QUAI",
    legal_form="société par actions simplifiée (SAS)", activity="56.10A", as_of=date(2026, 11, 28), head_office=True,
    address=CompanyAddress("12 RUE DE LA REPUBLIQUE 97100 OLIVETTE", "97001", 5.1012, 43.1011),
)  # fmt: skip
RADE = replace(QUAY, siret="90000002700012", siren="900000027", name="LES AMIS DE LA RADE", trade_name="")
SOURCE = "Selon le registre d’essai, le 28 novembre 2026."
FORM = page(
    "commerce",
    field("siret", "siret", prefill="company.siret"),
    field("nom", prefill="company.name", max_length=12),
    field("enseigne", prefill="company.trade_name", required=False),
    field("forme", prefill="company.legal_form", required=False),
    field("adresse", "address", prefill="company.address"),
    field("mots", "longtext", required=False),
)
PRESSED = {"faire": "entreprise:siret"}


class Register:
    """A register that knows two companies, or says what it is told to say."""

    id = "essai"
    title = "le registre d’essai"

    def __init__(self) -> None:
        self.known = {each.siret: each for each in (QUAY, RADE)} | {QUAY.siren: QUAY, RADE.siren: RADE}
        self.asked: list[tuple[str, str]] = []
        self.silent = False
        self.named: tuple[Company, ...] = (QUAY, RADE)

    def is_on(self) -> bool:
        return True

    def find(self, number: str) -> Company:
        self.asked.append((number, ""))
        if self.silent:
            raise Unavailable("Le registre ne répond pas.")
        if number not in self.known:
            raise UnknownCompany(f"Le registre d’essai ne connaît pas {number}.")
        return self.known[number]

    def search(self, words: str, *, citycode: str = "", limit: int = 6) -> tuple[Company, ...]:
        self.asked.append((words, citycode))
        if self.silent:
            raise Unavailable("Le registre ne répond pas.")
        return () if citycode == "97001" else self.named[:limit]


@pytest.fixture
def register(small_territory) -> Iterator[Register]:
    published(FORM)
    one = Register()
    with company_registers.only(one):
        yield one


def kept(there: Filler) -> dict:
    return drafts.draft(there.reference, actor=NOBODY).answers


def test_a_siret_with_spaces_fills_the_questions_of_the_page(client, register):
    there = Filler(client)
    assert register.asked == [], "nothing is asked by itself"
    [pressed] = [each for each in there.page.all("button") if each.words == "Retrouver l’entreprise"]
    assert pressed.attributes["value"] == PRESSED["faire"] and pressed.attributes["formaction"].endswith("#siret")
    there.send(siret="732 829 320 00074", mots="Bonjour", **PRESSED)
    sent = there.form()[1]
    assert sent["siret"] == ["732 829 320 00074"] and sent["mots"] == ["Bonjour"]
    assert sent["nom"] == ["LES TABLES D"] and sent["enseigne"] == ["LE PETIT QUAI"]
    assert sent["adresse"] == ["12 RUE DE LA REPUBLIQUE 97100 OLIVETTE"] and sent["adresse-citycode"] == ["97001"]
    assert (sent["adresse-lon"], sent["adresse-lat"]) == (["5.1012"], ["43.1011"])
    assert there.text.count(f"{SOURCE} Vous pouvez corriger.") == 4
    assert "LES TABLES DU QUAI, société par actions simplifiée (SAS), selon le registre d’essai" in there.text
    assert there.heading == "Page commerce" and there.troubles == []
    there.send(nom="Les Tables")
    assert there.heading == "Vérifiez vos réponses"
    answers = drafts.draft(there.reference, actor=NOBODY).answers
    assert (answers["siret"], answers["nom"]) == ("73282932000074", "Les Tables")
    assert (answers["adresse"]["citycode"], answers["adresse"]["lon"]) == ("97001", 5.1012)
    assert Draft.objects.count() == 1, "the page that was pressed and the one that was sent are one draft"
    there.open(f"/brouillons/{there.reference}/questions/commerce")
    assert SOURCE not in there.text, "what was read again and kept is the person's"


def test_a_siren_gives_the_head_office(client, register):
    there = Filler(client).send(siret="732 829 320", **PRESSED)
    assert there.form()[1]["siret"] == ["732 829 320 00074"] and register.asked == [("732829320", "")]


def test_the_address_is_written_as_the_national_base_does(client, register, addresses):  # noqa: F811
    sent = Filler(client).send(siret=QUAY.siret, **PRESSED).form()[1]
    assert sent["adresse"] == ["12 Rue de la République 97100 Olivette"] and sent["adresse-id"] != [""]
    assert sent["adresse-citycode"] == ["97001"] and sent["adresse-known"] == sent["adresse"]


def test_what_was_written_by_hand_is_left_and_told_what_the_register_says(client, register):
    there = Filler(client).send(siret=QUAY.siret, nom="Chez Ada", **PRESSED)
    assert there.form()[1]["nom"] == ["Chez Ada"]
    assert "Selon le registre d’essai, le 28 novembre 2026 : « LES TABLES D »." in plain(there.text)
    there.send(siret=RADE.siret, enseigne="À la rade", **PRESSED)
    sent = there.form()[1]
    assert sent["nom"] == ["Chez Ada"] and sent["enseigne"] == ["À la rade"]
    there.send(nom="", **PRESSED)
    assert there.form()[1]["nom"] == ["LES AMIS DE"]


def test_another_number_takes_the_place_of_what_the_register_said_before(client, register):
    there = Filler(client).send(siret=QUAY.siret, **PRESSED).send(siret=RADE.siret, **PRESSED)
    sent = there.form()[1]
    assert sent["nom"] == ["LES AMIS DE"] and sent["enseigne"] == ["LES AMIS DE LA RADE"]


def test_a_name_gives_companies_to_choose_from(client, register):
    there = Filler(client).send(siret="les tables", **PRESSED)
    assert register.asked == [("les tables", "97001"), ("les tables", "")]
    radios = there.page.all("input", type="radio", name="siret-choice")
    assert [each.attributes["value"] for each in radios] == [QUAY.siret, RADE.siret]
    assert "Laquelle de ces entreprises" in there.text and there.troubles == [
        "Choisissez dans la liste, ou écrivez le numéro."
    ]
    there.send(**{"siret-choice": RADE.siret})
    assert there.heading == "Page commerce", "what comes with a choice is read before going on"
    assert there.form()[1]["siret"] == ["900 000 027 00012"]
    assert there.form()[1]["nom"] == ["LES AMIS DE"]


def test_a_closed_establishment_is_told_and_not_refused(client, register):
    register.known[QUAY.siret] = replace(QUAY, active=False, closed_on=date(2021, 3, 31))
    there = Filler(client).send(siret=QUAY.siret, **PRESSED)
    assert "cet établissement est fermé depuis le 31 mars 2021" in there.text
    assert there.send().heading == "Vérifiez vos réponses"


def test_what_a_company_keeps_from_the_public_is_asked_for(client, register):
    register.known[QUAY.siret] = replace(QUAY, name="", trade_name="", address=None, hidden=True)
    there = Filler(client).send(siret=QUAY.siret, nom="", **PRESSED)
    sent = there.form()[1]
    assert sent["nom"] == [""] and sent["adresse"] == [""]
    assert "à la demande de l’entreprise" in there.text
    there.send(status=422)
    assert len(there.troubles) == 2


def test_a_register_that_is_silent_or_knows_nothing_stops_nobody(client, register):
    register.silent = True
    there = Filler(client).send(siret=QUAY.siret, nom="Ada", adresse="Ici", **PRESSED)
    assert "Impossible de consulter le registre d’essai" in there.text and there.troubles == []
    assert there.send().heading == "Vérifiez vos réponses"
    register.silent, register.named = False, ()
    there = Filler(client).send(siret="90000001900019", **PRESSED)
    assert "ne connaît pas 90000001900019. Vous pouvez aussi continuer sans." in plain(there.text)
    there.send(siret="inconnue", **PRESSED)
    assert "Aucune entreprise ouverte de ce nom dans le registre d’essai" in there.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "Écrivez le SIRET"), ("732 829 320 00075", "n’est pas valable"), ("12", "n’est pas valable")],
)
def test_what_cannot_be_looked_for_is_said_at_once(client, register, typed, said):
    there = Filler(client).send(siret=typed, **PRESSED)
    assert len(there.troubles) == 1 and said in there.troubles[0] and register.asked == []


def test_one_network_cannot_ask_without_end(client, register, monkeypatch):
    monkeypatch.setattr(button, "AN_HOUR", 2)
    there = Filler(client)
    for _turn in range(3):
        there.send(siret=QUAY.siret, **PRESSED)
    assert len(register.asked) == 2 and "Impossible de consulter" in there.text


def test_without_a_register_there_is_no_button_and_the_rest_works(client, small_territory):
    published(FORM)
    with company_registers.only():
        there = Filler(client)
        assert "Retrouver l’entreprise" not in there.text and 'inputmode="numeric"' in there.text
        there.send(siret=QUAY.siret, **PRESSED)
        assert there.troubles == [] and there.form()[1]["nom"] == [""]


def test_forged_buttons_ask_nothing(client, register):
    there = Filler(client)
    for act in ("entreprise:nom", "entreprise:", "entreprise:siret:siret"):
        there.send(siret=QUAY.siret, faire=act)
    assert register.asked == []


def company_in_hand(client):
    """A representative who acts for a company that an authority has checked."""
    town = people.organisation("mairie")
    me = people.resident()
    checker = people.actor(people.agent(organisation=town, roles=("trust.verifier",)), organisation=town.id)
    draft = mandates.declare_company(
        actor=people.actor(me), me="Dan", name="Les Tables", siren="732 829 320", paper="Kbis", authority="mairie",
        terms=terms(themes=["travail"]),
    )  # fmt: skip
    held = mandates.verify(actor=checker, reference=draft.reference)
    return people.signed_in(
        client, me, mandate=str(held.pk), principal=str(held.principal_id), mandate_seen=people.now().isoformat()
    )


def test_a_representative_finds_the_siren_of_their_mandate(client, register):
    there = Filler(company_in_hand(client))
    sent = there.form()[1]
    assert sent["siret"] == ["732 829 320"] and sent["nom"] == ["Les Tables"] and register.asked == []
    assert there.text.count("D’après votre mandat. Vous pouvez corriger.") == 2
    assert "Le SIREN d’après votre mandat" in there.text
    there.send(**PRESSED)
    sent = there.form()[1]
    assert sent["siret"] == ["732 829 320 00074"] and sent["nom"] == ["LES TABLES D"]


def test_nobody_else_is_told_of_that_company(client, register):
    company_in_hand(client)
    other = Filler(people.signed_in(people.visitor(), people.resident()))
    assert other.form()[1]["siret"] == [""] and other.form()[1]["nom"] == [""]


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")
