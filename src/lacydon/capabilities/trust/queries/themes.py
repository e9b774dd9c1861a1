"""What a mandate may cover: ten themes, those that FranceConnect knows as `rep_scope` values of Aidants Connect.

A capability says the themes of what it looks after on its objects (`themes`, see queries/policy.py), with these ids.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lacydon.kernel.errors import BadInput


@dataclass(frozen=True, slots=True)
class Theme:
    """A theme: our id, its title, what it holds in a sentence, FranceConnect's value."""

    id: str
    title: Any
    meaning: Any
    rep_scope: str


THEMES: Mapping[str, Theme] = {
    each.id: each
    for each in (
        Theme(
            "papiers",
            gettext_lazy("Papiers, citoyenneté, élections"),
            gettext_lazy("Carte d’identité, passeport, état civil, listes électorales."),
            "Papier-Citoyenneté-Elections",
        ),
        Theme(
            "famille",
            gettext_lazy("Famille, école"),
            gettext_lazy("Crèche, école, cantine, allocations familiales."),
            "Famille-Scolarité",
        ),
        Theme(
            "social",
            gettext_lazy("Santé, aides sociales"),
            gettext_lazy("Assurance maladie, handicap, RSA, aide à domicile."),
            "Social-Santé",
        ),
        Theme(
            "travail",
            gettext_lazy("Travail, formation"),
            gettext_lazy("Recherche d’emploi, chômage, retraite, formation."),
            "Travail-Formation",
        ),
        Theme(
            "logement",
            gettext_lazy("Logement"),
            gettext_lazy("Logement social, aide au logement, eau, déchets, travaux."),
            "Logement",
        ),
        Theme(
            "transports",
            gettext_lazy("Transports"),
            gettext_lazy("Carte de transport, permis de conduire, carte grise, stationnement."),
            "Transports-Mobilité",
        ),
        Theme(
            "argent",
            gettext_lazy("Argent, impôts, achats"),
            gettext_lazy("Impôts, factures, banque, litige avec un magasin."),
            "Argent-Impots-Consommation",
        ),
        Theme(
            "justice",
            gettext_lazy("Justice"),
            gettext_lazy("Plainte, aide juridictionnelle, casier judiciaire, amende."),
            "Justice",
        ),
        Theme(
            "etranger",
            gettext_lazy("Étrangers, Europe"),
            gettext_lazy("Titre de séjour, naturalisation, voyage, vie à l’étranger."),
            "Etranger-Europe",
        ),
        Theme(
            "loisirs",
            gettext_lazy("Loisirs, sport, culture"),
            gettext_lazy("Bibliothèque, piscine, associations, vacances."),
            "Loisirs-Sport-Culture",
        ),
    )
}


def known_themes(ids: Iterable[str], *, within: Iterable[str] | None = None) -> list[str]:
    """The themes asked for, in our order. Raises BadInput: none, an unknown one, or one outside `within`."""
    asked = set(ids)
    if not asked:
        raise BadInput(_("Choisissez au moins un sujet."), field="themes")
    if not asked <= THEMES.keys():
        raise BadInput(_("Ce sujet n’existe pas."), field="themes")
    if within is not None and not asked <= set(within):
        beyond = ", ".join(str(THEMES[id].title) for id in THEMES if id in asked - set(within))
        raise BadInput(_("Ce lieu ne peut pas aider sur : %s.") % beyond, field="themes")
    return [id for id in THEMES if id in asked]


def of_rep_scope(values: Iterable[str]) -> frozenset[str]:
    """Our themes for FranceConnect's values; what we do not know is left out."""
    known = {theme.rep_scope: theme.id for theme in THEMES.values()}
    return frozenset(known[value] for value in values if value in known)
