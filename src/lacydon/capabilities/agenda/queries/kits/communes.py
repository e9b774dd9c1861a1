"""For which commune an agent exports and adopts."""

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor

COMMUNE = "commune"


def name_of_commune(code: str) -> str:
    """Its name; its code when it left the territory."""
    return next((each.name for each in territory.communes() if each.code == code), code)


def own_commune(actor: Actor) -> str:
    """The INSEE code of the commune the actor works for; empty for who works elsewhere."""
    body = trust.organisation(actor.organisation) if actor.organisation else None
    code = body.id.rpartition("-")[2] if body is not None and body.kind == COMMUNE else ""
    return code if code in {each.code for each in territory.communes()} else ""


def commune_of(actor: Actor) -> str:
    """The same. Raises NotAllowed for who works elsewhere."""
    code = own_commune(actor)
    if not code:
        raise trust.NotAllowed(_("Un kit s’exporte et s’adopte pour une commune : la vôtre n’en est pas une."))
    return code
