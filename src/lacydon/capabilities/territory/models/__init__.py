"""Tables of the territory."""

from .addresses import AddressFile, HouseNumber, Street
from .communes import Arrondissement, Commune, Territory
from .competences import Authority, AuthorityKind, Fact, Rule, Theme
from .contours import Contour

__all__ = [
    "AddressFile",
    "Arrondissement",
    "Authority",
    "AuthorityKind",
    "Commune",
    "Contour",
    "Fact",
    "HouseNumber",
    "Rule",
    "Street",
    "Territory",
    "Theme",
]
