"""Messages between a resident and the authority in charge, both ways, with files."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.errors import BadInput

from ..errors import NotNow
from ..models import Request, RequestState, Step
from ..queries import numbers
from .enclosing import Sent, enclose, looked_at
from .moving import changing

LONGEST = 4_000
"""Characters of what people write in one act."""


def send_message(
    *,
    actor: Actor,
    number: str,
    words: str,
    attachments: Sequence[Sent] = (),
    secret: str | None = None,
    revision: int | None = None,
) -> Step:
    """A message of the resident (by secret too) to the authority, or of an agent to the resident.

    A closed request takes messages as well: what they change is another act's. Raises BadInput, UploadRefused,
    UnknownRequest, ChangedMeanwhile, what the policy refuses.
    """
    said = written(words, field="words", required=not attachments)
    checked = looked_at(attachments)
    with changing(
        actor=actor, action=side(actor, number=number, secret=secret), number=number, secret=secret, revision=revision,
        about=_("Message sur la demande %s") % number,
    ) as change:  # fmt: skip
        if change.request.merged_into_id:
            raise NotNow(_("Cette demande a été jointe à une autre : écrivez sur celle-là."))
        step = change.note("message", words={"words": said}, facts={"files": len(checked)} if checked else None)
        enclose(step, checked, field="message")
        if change.request.state == RequestState.SENT and step.by_kind == "agent":
            change.move(RequestState.IN_PROGRESS)
    return step


def side(actor: Actor, *, number: str, secret: str | None) -> str:
    """The action a write is: of the resident whose request it is (or who acts for them), or of the authority."""
    if secret is not None or actor.mandate or actor.kind != "agent":
        return "request.write"
    own = Request.objects.filter(number=numbers.tidy_number(number), person_id=actor.principal)
    return "request.write" if own.exists() else "request.handle"


def written(words: str, *, field: str, required: bool = True, longest: int = LONGEST) -> str:
    """What somebody wrote, tidied: no control signs, no blank ends. Raises BadInput when it is missing or too long."""
    text = words.replace("\r\n", "\n").replace("\r", "\n")
    said = "".join(sign for sign in text if sign.isprintable() or sign == "\n").strip()
    if required and not said:
        raise BadInput(_("Écrivez quelques mots."), field=field)
    if len(said) > longest:
        raise BadInput(_("Écrivez moins long : %d caractères au plus.") % longest, field=field)
    return said
