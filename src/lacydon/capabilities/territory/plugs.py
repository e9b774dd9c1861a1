"""What the territory offers to the whole house."""

from django.utils.translation import gettext as _

from lacydon.kernel.plugs import folder_readers, readiness

from .loader import TerritoryReader
from .queries.chart import chart

folder_readers.plug("territory")(TerritoryReader)


@readiness.plug("territory")
def territory_is_loaded() -> str | None:
    return None if chart().communes else _("Aucun territoire n’est chargé : lancez « lacydon load DOSSIER ».")
