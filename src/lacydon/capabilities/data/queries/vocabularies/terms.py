"""Themes, frequencies, access rights, and categories of high value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from lacydon.kernel.texts import Localised

AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
HIGH_VALUE: Final = "http://data.europa.eu/bna/"
HVD_REGULATION: Final = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
"""Commission Implementing Regulation (EU) 2023/138, which lists high-value datasets."""
THEME_SCHEME: Final = f"{AUTHORITY}data-theme"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term: its code here, its address for machines, its names for people, the icon it is shown with."""

    code: str
    uri: str
    label: Localised
    icon: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frequency(Term):
    """`days`: how long a version may stay the last one before it is late; None when nothing is promised."""

    days: float | None = None


def _themes(*rows: tuple[str, str, str, str]) -> Mapping[str, Term]:
    return {
        code: Term(code=code, uri=f"{THEME_SCHEME}/{code}", label={"fr": fr, "en": en}, icon=icon)
        for code, fr, en, icon in rows
    }


THEMES: Final[Mapping[str, Term]] = _themes(
    ("AGRI", "Agriculture, pêche et alimentation", "Agriculture, fisheries, forestry and food", "flower"),
    ("ECON", "Économie et finances", "Economy and finance", "euro"),
    ("EDUC", "Éducation, culture et sport", "Education, culture and sport", "school"),
    ("ENER", "Énergie", "Energy", "crane"),
    ("ENVI", "Environnement", "Environment", "tree"),
    ("GOVE", "Gouvernement et secteur public", "Government and public sector", "commune"),
    ("HEAL", "Santé", "Health", "heart"),
    ("INTR", "Questions internationales", "International issues", "globe"),
    ("JUST", "Justice et sécurité publique", "Justice, legal system and public safety", "scale"),
    ("REGI", "Régions et villes", "Regions and cities", "home"),
    ("SOCI", "Population et société", "Population and society", "family"),
    ("TECH", "Science et technologie", "Science and technology", "chart"),
    ("TRAN", "Transports", "Transport", "bus"),
)
"""The thirteen of data-theme, in the order of their codes."""


def _frequencies(*rows: tuple[str, str, str, float | None]) -> Mapping[str, Frequency]:
    return {
        code: Frequency(code=code, uri=f"{AUTHORITY}frequency/{code}", label={"fr": fr, "en": en}, days=days)
        for code, fr, en, days in rows
    }


FREQUENCIES: Final[Mapping[str, Frequency]] = _frequencies(
    ("UPDATE_CONT", "en continu", "continuously", 1),
    ("HOURLY", "toutes les heures", "hourly", 1),
    ("DAILY", "tous les jours", "daily", 1),
    ("WEEKLY_2", "deux fois par semaine", "twice a week", 4),
    ("WEEKLY", "toutes les semaines", "weekly", 7),
    ("BIWEEKLY", "toutes les deux semaines", "every two weeks", 14),
    ("MONTHLY_2", "deux fois par mois", "twice a month", 16),
    ("MONTHLY", "tous les mois", "monthly", 31),
    ("BIMONTHLY", "tous les deux mois", "every two months", 62),
    ("QUARTERLY", "tous les trois mois", "quarterly", 92),
    ("ANNUAL_3", "trois fois par an", "three times a year", 122),
    ("ANNUAL_2", "deux fois par an", "twice a year", 184),
    ("ANNUAL", "tous les ans", "annually", 366),
    ("BIENNIAL", "tous les deux ans", "every two years", 731),
    ("TRIENNIAL", "tous les trois ans", "every three years", 1096),
    ("IRREG", "de façon irrégulière", "irregularly", None),
    ("AS_NEEDED", "quand c’est nécessaire", "as needed", None),
    ("NOT_PLANNED", "sans mise à jour prévue", "no update planned", None),
    ("NEVER", "jamais", "never", None),
    ("UNKNOWN", "inconnue", "unknown", None),
)

ACCESS_RIGHTS: Final[Mapping[str, Term]] = {
    code: Term(code=code, uri=f"{AUTHORITY}access-right/{name}", label={"fr": fr, "en": en})
    for code, name, fr, en in (
        ("public", "PUBLIC", "Ouvert à tous", "Open to all"),
        ("restricted", "RESTRICTED", "Sur demande", "On request"),
        ("private", "NON_PUBLIC", "Interne", "Internal"),
    )
}
"""By the access of a dataset (models.Access)."""

HVD: Final[Mapping[str, Term]] = {
    code: Term(code=code, uri=f"{HIGH_VALUE}{name}", label={"fr": fr, "en": en})
    for code, name, fr, en in (
        ("geospatial", "c_ac64a52d", "Géospatial", "Geospatial"),
        ("earth-observation", "c_dd313021", "Observation de la Terre et environnement",
         "Earth observation and environment"),
        ("meteorological", "c_164e0bf5", "Météorologie", "Meteorological"),
        ("statistics", "c_e1da4e07", "Statistiques", "Statistics"),
        ("companies", "c_a9135398", "Entreprises et propriété d’entreprises", "Companies and company ownership"),
        ("mobility", "c_b79e35eb", "Mobilité", "Mobility"),
    )
}  # fmt: skip
"""The six categories of high-value datasets of Regulation 2023/138."""

AVAILABLE: Final = Term(
    code="AVAILABLE",
    uri=f"{AUTHORITY}planned-availability/AVAILABLE",
    label={"fr": "disponible", "en": "available"},
)
