"""What an act of transport is, in words that a resident or an agent reads."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.personal import PUBLIC_TASK, Purpose

TRANSPORT = "transport"

ACTIONS: Mapping[str, Any] = {
    "timetable.describe": _l("a décrit un fichier d’horaires"),
    "timetable.receive": _l("a mis en service de nouveaux horaires"),
    "timetable.return": _l("a remis en service d’anciens horaires"),
    "timetable.withdraw": _l("a retiré des horaires"),
    "stops.together": _l("a réuni deux quais sous un même arrêt"),
    "stops.apart": _l("a séparé deux quais en deux arrêts"),
    "stops.undecide": _l("est revenu sur une décision au sujet de deux quais"),
}
"""As the end of a sentence whose subject is who acted."""

PURPOSES: tuple[Purpose, ...] = (
    Purpose(
        TRANSPORT,
        _l("informer sur les transports"),
        PUBLIC_TASK,
        _l("articles L. 1115-1 et suivants du code des transports"),
    ),
)
