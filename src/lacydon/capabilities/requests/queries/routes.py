"""Which way a request goes, and with which settings."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import ValidationError

from lacydon.capabilities.services import public as services
from lacydon.kernel import rows, sealing
from lacydon.kernel.errors import NotFound, Refused, Unavailable

from ..models import FormVersion, Request, Route, RouteSecret, RouteState
from ..ports import Channel, Health, channels


class RouteBroken(Unavailable):
    """The route cannot be used as it is written: what waits leaves once it is mended."""

    code = "route-broken"


def route_for(request: Request) -> Route | None:
    """The way to the authority in charge; None when it works in the platform's own queue."""
    return route_to(request.organisation_id, service=request.service_id, skill=request.skill)


def route_to(organisation: str, *, service: str, skill: str) -> Route | None:
    """The way by which requests for a service go to an authority; None when it works in the platform's own queue.

    One that names the service goes before one that names the skill, which goes before one for all.
    """
    if rows.read(Route, authority=organisation) is None:  # of nearly all: told by the shortest way
        return None
    found: list[tuple[int, int, Route]] = []
    for route in Route.objects.filter(authority=organisation):
        if route.services and service not in route.services:
            continue
        if route.skills and skill not in route.skills:
            continue
        found.append((-2 * bool(route.services) - bool(route.skills), route.position, route))
    return min(found, key=lambda each: each[:2])[2] if found else None


def skill_of(form: FormVersion) -> str:
    """What an agent must know to handle what a form asks: said by the form, else the sector of its service."""
    skills = form.content.get("skills") or []
    if skills:
        return str(skills[0])
    try:
        return str(services.service(form.service_id).sector)
    except services.UnknownService:
        return ""


def route(id: str) -> Route:
    """Raises NotFound."""
    row = Route.objects.filter(pk=id).first()
    if row is None:
        raise NotFound(_("La destination « %s » n’est plus dans deliveries.yaml.") % id[:80])
    return row


def opened(row: Route) -> tuple[Channel, Any]:
    """The channel of a route, and its settings with their secrets. Raises RouteBroken, in a sentence without them."""
    channel = channels.get(row.channel)
    if channel is None:
        raise RouteBroken(_("Aucun connecteur ne s’appelle « %s ».") % row.channel)
    try:
        return channel, channel.shape.model_validate(row.settings | secrets_of(row, names=channel.secrets))
    except ValidationError as error:
        wrong = sorted({".".join(map(str, each["loc"])) for each in error.errors(include_input=False)})
        raise RouteBroken(_("Les réglages de la destination ne conviennent pas : %s.") % ", ".join(wrong)) from None


def secrets_of(row: Route, *, names: frozenset[str]) -> dict[str, str]:
    """The secrets that were set for a route; those of the environment come first."""
    told = from_environment()
    found = {name: told[f"{row.pk}.{name}"] for name in names if f"{row.pk}.{name}" in told}
    for held in RouteSecret.objects.filter(route=row.pk, name__in=names - set(found)):
        try:
            key = sealing.unwrap(bytes(held.wrapped), place=wrapped_place(held))
            found[held.name] = sealing.unseal(bytes(held.sealed), key=key, place=sealed_place(held)).decode()
        except sealing.Unsealable:
            sentence = _("Le secret « %s » de cette destination ne s’ouvre plus : donnez-le à nouveau.")
            raise RouteBroken(sentence % held.name) from None
    return found


def from_environment() -> Mapping[str, str]:
    """route.name → value, of LACYDON_ROUTE_SECRETS."""
    pairs = (each.partition("=") for each in settings.ROUTE_SECRETS.split())
    return {name: value for name, equals, value in pairs if equals}


def wrapped_place(held: RouteSecret) -> str:
    return f"requests_routesecret:{held.pk}:wrapped"


def sealed_place(held: RouteSecret) -> str:
    return f"requests_routesecret:{held.route}/{held.name}:sealed"


def health_of(row: Route) -> Health:
    """Whether a route can be used now, asked over the network."""
    try:
        channel, its = opened(row)
        return channel.check(its)
    except Refused as refusal:
        return Health(ok=False, sentence=str(refusal.sentence))


def route_healths(channel: str) -> Iterator[tuple[str, bool, str]]:
    """(route, whether it works, why) for each route of a channel: what `lacydon connectors` shows."""
    for row in Route.objects.filter(channel=channel):
        health = health_of(row)
        yield row.pk, health.ok, health.sentence


def states() -> Mapping[str, RouteState]:
    return {each.route: each for each in RouteState.objects.all()}
