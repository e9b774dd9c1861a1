"""What the territory offers to the whole house."""

from django.utils.translation import gettext as _

from lacydon.kernel.personal import PersonalData
from lacydon.kernel.plugs import folder_readers, personal_data, readiness

from .loader import TerritoryReader
from .queries.chart import chart

folder_readers.plug("territory")(TerritoryReader)


@readiness.plug("territory")
def territory_is_loaded() -> str | None:
    return None if chart().communes else _("Aucun territoire n’est chargé : lancez « lacydon load DOSSIER ».")


NOT_PERSONAL = {
    "territory.Commune.postal_codes": "the codes of a commune, not of somebody",
    "territory.Arrondissement.postal_code": "the code of a place",
}


@personal_data.plug("territory")
def personal() -> PersonalData:
    """Public authorities and the address base: nobody in them."""
    return PersonalData(not_personal=NOT_PERSONAL)
