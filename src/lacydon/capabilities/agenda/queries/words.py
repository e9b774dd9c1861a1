"""What the journal says of the agenda, and why it is written."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.personal import PUBLIC_TASK, Purpose

AGENDA = "agenda"
ACTIONS: Mapping[str, Any] = {
    "agenda.measure": _l("a mesuré un indicateur"),
    "agenda.write": _l("a changé l’agenda numérique"),
    "agenda.annex": _l("a joint un document annexé à un vote"),
    "agenda.accept-columns": _l("a accepté les nouvelles colonnes d’un indicateur"),
    "agenda.doubt": _l("a marqué périmé un indicateur"),
    "agenda.freeze": _l("a figé une version de l’agenda numérique"),
    "kit.adopt": _l("a adopté un kit pour sa commune"),
    "kit.export": _l("a exporté un kit de sa commune"),
    "kit.put-back": _l("a retiré un kit de sa commune"),
    "agenda.share": _l("a partagé par un lien le tableau de bord de l’agenda"),
    "agenda.unshare": _l("a repris un lien vers le tableau de bord de l’agenda"),
}
"""As the end of a sentence whose subject is who acted."""
PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        AGENDA,
        _l("suivre l’agenda numérique"),
        PUBLIC_TASK,
        _l("article L. 5217-2 du code général des collectivités territoriales"),
    ),
)
