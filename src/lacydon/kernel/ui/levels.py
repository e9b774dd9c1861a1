"""The levels of authority, in a word each, as the residents say them."""

from django.utils.translation import gettext_lazy as _

LEVELS = {
    "commune": _("Mairie"),
    "metropole": _("Métropole"),
    "departement": _("Département"),
    "region": _("Région"),
    "etat": _("État"),
    "operator": _("Opérateur"),
}
