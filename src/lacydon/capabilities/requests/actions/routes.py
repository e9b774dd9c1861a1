"""Routes: loaded from the folder, given their secrets, opened again once the other side wants requests again."""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel import sealing
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput
from lacydon.kernel.tables import make_equal

from ..models import Route, RouteSecret, RouteState
from ..ports import channels
from ..queries import routes

LONGEST_WHY = 400


def load_routes(rows: Iterable[Route]) -> dict[str, int]:
    """Make the table equal to the folder; how many changed. Secrets stay with the name of their route."""
    return {"routes": make_equal(Route, rows)}


@transaction.atomic
def set_secret(*, route: str, name: str, value: str) -> None:
    """Keep a secret of a route, sealed; an empty value takes it away. Raises NotFound, BadInput."""
    row = routes.route(route)
    channel = channels.get(row.channel)
    names = channel.secrets if channel else frozenset()
    if name not in names:
        known = ", ".join(sorted(names)) or _("aucun")
        raise BadInput(
            _("Cette destination n’a pas de secret « %(name)s » ; elle a : %(known)s.")
            % {"name": name[:40], "known": known}
        )
    RouteSecret.objects.filter(route=route, name=name).delete()
    if not value:
        return
    key = sealing.new_key()
    held = RouteSecret(route=route, name=name, wrapped=b"", set_at=now())
    held.sealed = sealing.seal(value.encode(), key=key, place=routes.sealed_place(held))
    held.save()
    held.wrapped = sealing.wrap(key, place=routes.wrapped_place(held))
    held.save(update_fields=["wrapped"])


def worked(route: str) -> None:
    """The other side answered as it should."""
    moment = now()
    RouteState.objects.update_or_create(
        pk=route, defaults={"worked_at": moment, "failing_since": None, "why": "", "stopped_at": None}
    )


def failed(route: str, why: str, *, stopped: bool = False) -> None:
    """It did not; with `stopped`, it wants nothing more until somebody says otherwise."""
    moment = now()
    state, _made = RouteState.objects.get_or_create(pk=route)
    state.failed_at, state.why = moment, why[:LONGEST_WHY]
    state.failing_since = state.failing_since or moment
    if stopped:
        state.stopped_at = state.stopped_at or moment
    state.save()


def open_again(*, route: str) -> None:
    """The other side wants requests again."""
    RouteState.objects.filter(pk=route).update(stopped_at=None)
