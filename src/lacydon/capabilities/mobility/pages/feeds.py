"""The desk of timetables: which are in force, what is wrong in them in words, sending a file, going back."""

import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.french import slug
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import feeds as acts
from ..actions.fetching import LARGEST, ask_for
from ..models import Feed
from ..queries import feeds as known
from .front import SHEETS

MOST_VERSIONS = 20
TONES = {"fatal": "late", "error": "late", "warning": "maybe", "info": ""}
HERE = "mobility-feeds"


@needs("timetable.manage")
@require_safe
def feeds(request: HttpRequest) -> HttpResponse:
    """Every feed, those to look at first."""
    return _shown(request, "list", {"feeds": known.feeds_shown()}, title=_("Horaires des transports"))


@needs("timetable.manage")
@require_safe
def feed(request: HttpRequest, id: str) -> HttpResponse:
    """One feed: how it is, its remarks, its versions."""
    return _feed(request, id)


def _feed(request: HttpRequest, id: str, *, refusal: Refused | None = None) -> HttpResponse:
    found = known.feed_shown(id)
    chosen = request.GET.get("version", "")
    looked = next((each for each in found.versions if chosen and each.version.content.startswith(chosen)), None)
    looked = looked or found.current or (found.versions[0] if found.versions else None)
    context = {
        "shown": found,
        "looked": looked,
        "versions": found.versions[:MOST_VERSIONS],
        "tones": TONES,
        "remarks": [(each, TONES[each.severity]) for each in looked.remarks] if looked else [],
        "refusal": refusal,
    }
    return _shown(request, "feed", context, title=found.feed.name, status=refusal.status if refusal else 200)


@needs("timetable.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, id: str = "") -> HttpResponse:
    """What is said of a feed: a new one, or one there is."""
    row = known.feed(id) if id else None
    names = ("name", "prefix", "url", "producer", "licence")
    typed = {name: getattr(row, name, "") for name in names}
    errors: dict[str, Any] = {}
    if request.method == "POST":
        typed = {name: request.POST.get(name, "").strip()[:1000] for name in names}
        try:
            if not typed["name"]:
                raise BadInput(_("Donnez le nom du réseau, tel que les voyageurs le connaissent."), field="name")
            if row is None and Feed.objects.filter(pk=_id_of(typed["name"])).exists():
                raise BadInput(_("Un réseau a déjà ce nom."), field="name")
            made = acts.describe_feed(
                actor=_actor(request), id=row.pk if row else _id_of(typed["name"]), name=typed["name"],
                prefix=typed["prefix"], url=typed["url"], producer=typed["producer"], licence=typed["licence"],
            )  # fmt: skip
            if made.url:
                ask_for(actor=_actor(request), feed=made.pk)
            return done(request, _("C’est noté."), "mobility-feed", id=made.pk)
        except Refused as refusal:
            errors = {refusal.field or "name": refusal.sentence}
    title = _("Modifier « %s »") % row.name if row else _("Ajouter un réseau")
    context = {"feed": row, "typed": typed, "errors": errors}
    return _shown(request, "describe", context, title=title, status=422 if errors else 200)


def _id_of(name: str) -> str:
    return slug(name)[:60]


@needs("timetable.manage")
@require_POST
def send(request: HttpRequest, id: str) -> HttpResponse:
    """A file of a form, put in force."""
    row = known.feed(id)
    sent = request.FILES.get("file")
    try:
        if sent is None or not sent.name:
            raise BadInput(_("Choisissez un fichier."), field="file")
        if (sent.size or 0) > LARGEST:
            raise BadInput(_("Ce fichier est trop gros : 300 Mo au plus."), field="file")
        folder = settings.HOME / "mobility"
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".zip") as file:
            for chunk in sent.chunks():
                file.write(chunk)
            file.flush()
            version = acts.receive_version(
                actor=_actor(request), feed=row.pk, path=Path(file.name), origin=sent.name[:200]
            )
    except Refused as refusal:
        return _feed(request, id, refusal=refusal)
    counts = version.counts
    said = _("En service : %(routes)d lignes, %(stops)d arrêts, %(trips)d courses. Lisez les remarques ci-dessous.")
    return done(
        request, said % {name: counts.get(name, 0) for name in ("routes", "stops", "trips")}, "mobility-feed", id=id
    )


@needs("timetable.manage")
@require_POST
def put_back(request: HttpRequest, id: str) -> HttpResponse:
    """An earlier version, in force again."""
    try:
        acts.return_to_version(actor=_actor(request), feed=id, content=request.POST.get("version", "")[:64])
    except Refused as refusal:
        return troubled(request, refusal.sentence, "mobility-feed", id=id)
    return done(request, _("Les anciens horaires sont de nouveau en service."), "mobility-feed", id=id)


@needs("timetable.manage")
@require_POST
def withdraw(request: HttpRequest, id: str) -> HttpResponse:
    """Not shown any more."""
    try:
        acts.withdraw_feed(actor=_actor(request), feed=id)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "mobility-feed", id=id)
    return done(
        request, _("Ces horaires ne sont plus montrés. Vous pouvez les remettre en service."), "mobility-feed", id=id
    )


@needs("timetable.manage")
@require_POST
def fetch_now(request: HttpRequest, id: str) -> HttpResponse:
    """Ask its address now."""
    ask_for(actor=_actor(request), feed=id)
    return done(request, _("Le fichier est demandé. Rechargez la page dans un instant."), "mobility-feed", id=id)


def _shown(
    request: HttpRequest, template: str, context: dict[str, Any], *, title: Any, status: int = 200
) -> HttpResponse:
    links = "".join(format_html('<link rel="stylesheet" href="{}">', static(each)) for each in SHEETS)
    return show(
        request, f"mobility/desk/{template}.html", context, title=title, section="agent", here=HERE, head=links,
        status=status,
    )  # fmt: skip


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("agents/transports/horaires", feeds, name="mobility-feeds"),
    path("agents/transports/horaires/ajouter", describe, name="mobility-feed-new"),
    path("agents/transports/horaires/<slug:id>", feed, name="mobility-feed"),
    path("agents/transports/horaires/<slug:id>/modifier", describe, name="mobility-feed-edit"),
    path("agents/transports/horaires/<slug:id>/envoyer", send, name="mobility-feed-send"),
    path("agents/transports/horaires/<slug:id>/reprendre", put_back, name="mobility-feed-return"),
    path("agents/transports/horaires/<slug:id>/retirer", withdraw, name="mobility-feed-withdraw"),
    path("agents/transports/horaires/<slug:id>/demander", fetch_now, name="mobility-feed-fetch"),
]
