"""The invented persons of the demonstration. Agents belong to the authorities of whatever territory is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from lacydon.capabilities.territory.public import authorities, communes
from lacydon.kernel.texts import said

COMMUNES: Final = 3
"""How many communes have agents: the most populous. Kits go between the last one and the next."""
ESTABLISHMENT: Final = "00019"
"""Ends the invented SIRET of an authority."""


@dataclass(frozen=True, slots=True)
class Person:
    """`about` tells the visitor who it is; `claims` is all that is known of them; acr and amr, how they sign in."""

    id: str
    name: str
    about: str
    claims: Mapping[str, Any]
    acr: str = "eidas1"
    amr: tuple[str, ...] = ("pwd",)
    roles: tuple[str, ...] = ()
    """What they hold in their organisation from the start, so that a demonstration can begin."""


def _resident(id: str, about: str, given: str, family: str, born: str, gender: str, place: str, country: str) -> Person:
    names = given.split()
    claims = {
        "given_name": given,
        "given_name_array": names,
        "family_name": family,
        "birthdate": born,
        "gender": gender,
        "birthplace": place,
        "birthcountry": country,
        "email": f"{id}@exemple.invalid",
    }
    return Person(id, f"{names[0]} {family}", about, claims)


RESIDENTS: Final = (
    _resident(
        "angelique", gettext_noop("née en 1962"), "Angélique Marie", "Durand", "1962-08-24", "female", "75107", "99100"
    ),
    _resident(
        "amadou",
        gettext_noop("né à l’étranger en 1962, jour et mois inconnus"),
        "Amadou",
        "Traoré",
        "1962-00-00",
        "male",
        "",
        "99335",
    ),
    _resident("leila", gettext_noop("née en 1991"), "Leïla", "Benali", "1991-03-09", "female", "69383", "99100"),
    _resident(
        "paul",
        gettext_noop("né en 1941, aidé par ses proches"),
        "Paul",
        "Roche",
        "1941-11-30",
        "male",
        "2A004",
        "99100",
    ),
)
AGENTS: Final = (("camille", "Camille", "Martin"), ("dominique", "Dominique", "Petit"), ("sacha", "Sacha", "Moreau"))
REPLICATORS: Final = (("Lina", "Giraud"), ("Hugo", "Marchetti"))
STRONG: Final = ("pwd", "totp", "mfa")


def residents() -> tuple[Person, ...]:
    return RESIDENTS


def agents() -> tuple[Person, ...]:
    """Agents of the most populous communes and of the metropolis; none before a territory is loaded."""
    try:
        towns = sorted(communes(), key=lambda each: -each.population)[: COMMUNES + 1]
        bodies = [each for each in authorities() if each.kind == "metropole" and each.siren][:1]
    except DatabaseError:
        return ()
    found = [
        _agent(
            f"{id}-{town.siren}",
            given,
            family,
            where=town.name,
            siren=town.siren,
            unit=_("État civil"),
            roles=("trust.manager", "trust.helper", "trust.protection", "requests.manager"),
        )
        for (id, given, family), town in zip(AGENTS, towns, strict=False)
        if town.siren
    ]
    found += [
        _agent(
            f"projects-{town.siren}",
            given,
            family,
            where=town.name,
            siren=town.siren,
            unit=_("Projets numériques : les kits"),
            roles=("agenda.replicator", "agenda.writer"),
        )
        for (given, family), town in zip(REPLICATORS, towns[-len(REPLICATORS) :], strict=False)
        if town.siren
    ]
    if found:
        town = towns[0]
        found += [
            _agent(f"{id}-{town.siren}", given, family, where=town.name, siren=town.siren, unit=unit, roles=roles)
            for id, given, family, unit, roles in (
                ("helper", "Nadia", "Fabre", _("Espace numérique : aide aux démarches"), ("trust.helper",)),
                ("desk", "Inès", "Roux", _("Accueil : traitement des demandes"), ("requests.agent",)),
                ("data", "Zoé", "Lambert", _("Données de la commune"), ("data.publisher",)),
            )
        ]
        weak = _("Accueil, sans seconde preuve à la connexion")
        found.append(
            _agent(f"weak-{town.siren}", "Loïc", "Garnier", where=town.name, siren=town.siren, unit=weak, strong=False)
        )
    for body in bodies:
        found += [
            _agent(f"{id}-{body.siren}", given, family, where=said(body.name), siren=body.siren, unit=unit, roles=roles)
            for id, given, family, unit, roles in _of_the_metropolis()
        ]
    return tuple(found)


def _of_the_metropolis() -> tuple[tuple[str, str, str, str, tuple[str, ...]], ...]:
    """(identifier, given name, family name, unit, roles)"""
    requests = ("trust.manager", "requests.manager", "requests.agent", "requests.editor")
    return (
        ("metropole", "Claude", "Blanc", _("Relation aux usagers"), requests),
        ("desk", "Yanis", "Colin", _("Propreté : traitement des demandes"), ("requests.agent",)),
        ("data", "Samir", "Haddad", _("Équipe données"), ("data.publisher", "data.steward")),
        ("decides", "Salomé", "Ferrand", _("Vice-présidence au numérique : le tableau de bord"), ("agenda.decider",)),
        ("agenda", "Maud", "Vidal", _("Agenda numérique : tout le plan, les votes, l’argent"), ("agenda.steward",)),
        ("projects", "Karim", "Saïdi", _("Agenda numérique : conduite de projets"), ("agenda.writer",)),
        ("dpo", "Hélène", "Faure", _("Protection des données"), ("trust.protection",)),
    )


def _agent(
    id: str,
    given: str,
    family: str,
    *,
    where: str,
    siren: str,
    unit: str,
    strong: bool = True,
    roles: tuple[str, ...] = (),
) -> Person:
    claims = {
        "given_name": given,
        "usual_name": family,
        "email": f"{id}@exemple.invalid",
        "uid": id,
        "siret": f"{siren}{ESTABLISHMENT}",
        "siren": siren,
        "organizational_unit": unit,
        "idp_id": "demonstration",
    }
    level = ("eidas1-mfa", STRONG) if strong else ("eidas1", ("pwd",))
    return Person(id, f"{given} {family}", f"{where}, {unit}", claims, acr=level[0], amr=level[1], roles=roles)
