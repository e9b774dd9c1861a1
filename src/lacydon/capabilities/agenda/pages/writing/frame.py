"""What the pages of who writes share: their look, who asks, what they may open."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.ui.shown import show

from ...errors import UnknownObject
from ...queries.chart import Chart
from ...queries.nouns import SHAPES, Action, Object
from ...queries.writing.rights import check_steers, check_tells, check_writes, place_of
from ...queries.writing.words import IN_ADDRESSES, OF_COMMUNES, STEERED

HERE = "agenda-writing"


def shown(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, title: Any, status: int = 200, here: str = HERE
) -> HttpResponse:
    head = format_html('<link rel="stylesheet" href="{}">', static("agenda/writing.css"))
    return show(
        request, f"agenda/writing/{name}.html", context, title=title, section="agent", here=here, head=head,
        status=status,
    )  # fmt: skip


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def kind_of(word: str) -> str:
    """The kind an address speaks of. Raises UnknownObject for what is not written here."""
    kind = IN_ADDRESSES.get(word, "")
    if kind != "action" and kind not in STEERED:
        raise UnknownObject(_("Cette page n’existe pas."))
    return kind


def opened(now: Chart, kind: str, id: str, actor: Actor) -> Object:
    """An object that this agent may write. Raises UnknownObject, NotAllowed."""
    found = now.get(SHAPES[kind], id)
    if found is None:
        raise UnknownObject(_("Ceci n’est pas, ou n’est plus, dans l’agenda."))
    if isinstance(found, Action):
        check_writes(actor, found.owner, now)
    elif kind in OF_COMMUNES:
        check_tells(actor, place_of(found), now)
    else:
        check_steers(actor, now)
    return found


def whole(text: Any) -> int:
    """A number of a form; 0 for what is none."""
    said = str(text or "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
