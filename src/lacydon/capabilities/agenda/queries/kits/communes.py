"""For which commune an agent exports and adopts."""

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor

COMMUNE = "commune"


def commune_of(actor: Actor) -> str:
    """The INSEE code of the commune the actor works for. Raises NotAllowed for who works elsewhere."""
    body = trust.organisation(actor.organisation) if actor.organisation else None
    code = body.id.rpartition("-")[2] if body is not None and body.kind == COMMUNE else ""
    if code not in {each.code for each in territory.communes()}:
        raise trust.NotAllowed(_("Un kit s’exporte et s’adopte pour une commune : la vôtre n’en est pas une."))
    return code
