"""Types and kinds of columns, in words for people."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

TYPE_WORDS: Mapping[str, Any] = {
    "text": _("texte"),
    "integer": _("nombre entier"),
    "number": _("nombre"),
    "boolean": _("oui ou non"),
    "date": _("date"),
    "datetime": _("date et heure"),
    "time": _("heure"),
    "point": _("point sur la carte"),
    "shape": _("forme sur la carte"),
    "json": _("JSON"),
}
KIND_WORDS: Mapping[str, Any] = {
    "citycode": _("code INSEE de commune"),
    "postcode": _("code postal"),
    "departement": _("département"),
    "siren": _("SIREN"),
    "siret": _("SIRET"),
    "iban": _("IBAN"),
    "email": _("adresse électronique"),
    "phone": _("téléphone"),
    "url": _("adresse web"),
    "uuid": _("identifiant UUID"),
    "year": _("année"),
    "latitude": _("latitude"),
    "longitude": _("longitude"),
    "address": _("adresse postale"),
    "person-name": _("nom de personne"),
}
