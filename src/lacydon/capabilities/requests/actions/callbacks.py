"""What another system tells by itself about a request that it was handed: proven twice, read strictly, noted once."""

import json
from collections.abc import Mapping
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from pydantic import AwareDatetime, BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import webhooks
from lacydon.kernel.errors import BadInput, NotFound

from ..models import Delivery
from ..ports import Status
from ..queries import returns, routes
from .following import note_status

UPDATED = "request.updated"
LARGEST = 64_000
"""Bytes of a message."""


class Told(BaseModel):
    """`data` of a `request.updated`; what is not known here is left aside, so that the other side may say more."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    state: Literal["received", "in-progress", "waiting", "closed"]
    outcome: Literal["", "solved", "unsolved", "accepted", "partly", "refused", "withdrawn", "duplicate"] = ""
    message: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)] = ""
    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    at: AwareDatetime | None = None
    expected_at: AwareDatetime | None = None

    @model_validator(mode="after")
    def _ends_somehow(self) -> "Told":
        if (self.state == "closed") != bool(self.outcome):
            raise ValueError("outcome goes with the state closed, and only with it")
        return self

    def status(self) -> Status:
        return Status(
            state=self.state,
            outcome=self.outcome,
            words=self.message,
            reference=self.reference,
            at=self.at,
            expected_at=self.expected_at,
        )


@trust.in_house
def receive(*, delivery: UUID, token: str, headers: Mapping[str, str], body: bytes) -> bool:
    """A message of the other side's machines; whether it was new.

    Raises NotFound for a wrong token as for no delivery, webhooks.WrongSignature, BadInput, NotNow.
    """
    row = Delivery.objects.filter(pk=delivery).first()
    if not returns.opens(token, of=delivery, purpose=returns.MACHINE) or row is None:
        raise NotFound(_("Cette transmission n’existe pas."))
    _channel, settings = routes.opened(routes.route(row.route))
    message = webhooks.proven_id(body, headers=headers, secret=getattr(settings, "secret", ""))
    try:
        told = json.loads(body)
        if not isinstance(told, dict) or told.get("type") != UPDATED:
            raise BadInput(_("Ce message n’est pas un « request.updated »."), field="type")
        status = Told.model_validate(told.get("data")).status()
    except ValidationError as error:
        where = ".".join(str(step) for step in error.errors(include_input=False)[0]["loc"])
        raise BadInput(_("« data » n’est pas de la forme attendue : %s.") % (where or "data"), field="data") from None
    except (ValueError, RecursionError):
        raise BadInput(_("Ce message n’est pas du JSON.")) from None
    return note_status(delivery=row.pk, told=status, message=message)
