"""The door of the territory."""

from .actions.addresses import AddressesImported, AddressRow, import_addresses
from .actions.contours import ContoursImported, import_contours
from .errors import UnknownAuthority, UnknownCommune, UnknownCondition, UnknownTheme, WrongDate
from .ports import (
    ADDRESS_TYPES,
    AddressFeature,
    AddressProperties,
    AddressSource,
    AddressType,
    FeatureCollection,
    NotForThisSource,
    address_sources,
)
from .queries.addresses import reverse_address, search_addresses
from .queries.answers import authority_out, because_out, question_out
from .queries.asked import Asked, asked_place
from .queries.chart import ArrondissementView, AuthorityView, CommuneView, FactView, ThemeView, ValueView
from .queries.communes import (
    commune,
    communes,
    communes_named,
    communes_of_postal_code,
    shapes,
    territory_name,
    version,
)
from .queries.competences import Reason, Resolution, authorities, authority, resolve, theme, themes
from .queries.places import Place, PlaceChoice, find_place, place_at, place_of
from .queries.plans import plan, view_of
from .queries.streets import (
    IndexedNumber,
    IndexedStreet,
    house_numbers,
    indexed_streets,
    numbers_around,
    streets_known,
)

__all__ = [
    "ADDRESS_TYPES",
    "AddressFeature",
    "AddressProperties",
    "AddressRow",
    "AddressSource",
    "AddressType",
    "AddressesImported",
    "ArrondissementView",
    "Asked",
    "AuthorityView",
    "CommuneView",
    "ContoursImported",
    "FactView",
    "FeatureCollection",
    "IndexedNumber",
    "IndexedStreet",
    "NotForThisSource",
    "Place",
    "PlaceChoice",
    "Reason",
    "Resolution",
    "ThemeView",
    "UnknownAuthority",
    "UnknownCommune",
    "UnknownCondition",
    "UnknownTheme",
    "ValueView",
    "WrongDate",
    "address_sources",
    "asked_place",
    "authorities",
    "authority",
    "authority_out",
    "because_out",
    "commune",
    "communes",
    "communes_named",
    "communes_of_postal_code",
    "find_place",
    "house_numbers",
    "import_addresses",
    "import_contours",
    "indexed_streets",
    "numbers_around",
    "place_at",
    "place_of",
    "plan",
    "question_out",
    "resolve",
    "reverse_address",
    "search_addresses",
    "shapes",
    "streets_known",
    "territory_name",
    "theme",
    "themes",
    "version",
    "view_of",
]
