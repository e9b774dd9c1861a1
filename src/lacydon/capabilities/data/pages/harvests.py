"""Where harvested data come from: for all, how fresh each source is; for agents, what to mend, and new sources."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import Actor, needs, open_to_all
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import sources as acts
from ..models import Source
from ..ports import catalogues
from ..queries import harvests

HOURS = (1, 6, 24, 24 * 7, 24 * 30)


@open_to_all
@require_safe
def public_sources(request: HttpRequest) -> HttpResponse:
    """The catalogues data are taken from, and how fresh each is."""
    title = _("D’où viennent les données moissonnées")
    description = _("Les catalogues que cette plateforme relit, et quand elle les a relus pour la dernière fois.")
    context = {"sources": harvests.sources(active=True), "title": title}
    address = request.get_full_path()
    html = page(
        "data/harvests/public.html", context, address=address, title=title, description=description, section="data"
    )
    return HttpResponse(html)


@needs("harvest.see")
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """The sources of an organisation, those that fail first."""
    found = harvests.sources(organisation=_actor(request).organisation)
    order = ("failing", "late", "new", "good", "stopped")
    found.sort(key=lambda each: (not each.waiting, order.index(each.state)))
    context = {"sources": found}
    return show(request, "data/harvests/list.html", context, title=_("Moissons"), section="agent", here="harvests")


@needs("harvest.see")
@require_safe
def source(request: HttpRequest, source: str) -> HttpResponse:
    """One source: how it is, what waits for a yes, what to mend, its last visits."""
    row = acts.own_source(actor=_actor(request), id=source)
    waiting = harvests.waiting_of(source)
    context = {
        "source": harvests.source_health(row),
        "waiting": waiting,
        "faults": harvests.faults_of(source),
        "nameless": harvests.nameless_faults_of(source),
        "uncopied": harvests.uncopied_of(source),
        "visits": harvests.harvests_of(source),
    }
    return show(request, "data/harvests/source.html", context, title=row.title, section="agent", here="harvests")


@needs("harvest.run")
@require_http_methods(["GET", "HEAD", "POST"])
def new_source(request: HttpRequest) -> HttpResponse:
    """Write down a catalogue; it is tried before it is kept."""
    return _edited(request, None)


@needs("harvest.run")
@require_http_methods(["GET", "HEAD", "POST"])
def edit_source(request: HttpRequest, source: str) -> HttpResponse:
    return _edited(request, acts.own_source(actor=_actor(request), id=source))


@needs("harvest.run")
@require_POST
def visit(request: HttpRequest, source: str) -> HttpResponse:
    """Visit it at a worker's next beat."""
    try:
        acts.harvest_soon(actor=_actor(request), source=source)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "harvests")
    return done(
        request, _("La visite commence dans un instant. Rechargez la page pour la suivre."), "harvest", source=source
    )


@needs("harvest.run")
@require_POST
def withdraw(request: HttpRequest, source: str) -> HttpResponse:
    """Say yes to the withdrawals that wait."""
    told = request.POST.get("combien", "")
    try:
        count = acts.accept_removals(
            actor=_actor(request), source=source, seen=int(told) if told.isascii() and told.isdecimal() else -1
        )
    except Refused as refusal:
        return troubled(request, refusal.sentence, "harvest", source=source)
    sentence = ngettext("%d jeu de données est retiré.", "%d jeux de données sont retirés.", count) % count
    return done(request, sentence, "harvest", source=source)


@needs("harvest.run")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, source: str) -> HttpResponse:
    """Delete a source, once it is said what becomes of its datasets."""
    row = acts.own_source(actor=_actor(request), id=source)
    refusal, chosen = None, request.POST.get("jeux", "")
    if request.method == "POST":
        told = request.POST.get("combien", "")
        try:
            if chosen not in ("retirer", "garder"):
                raise BadInput(_("Choisissez ce que deviennent ses jeux de données."), field="jeux")
            count = acts.remove_source(
                actor=_actor(request), source=source, withdraw=chosen == "retirer",
                seen=int(told) if told.isascii() and told.isdecimal() and len(told) < 9 else -1,
            )  # fmt: skip
        except Refused as trouble:
            refusal = trouble
        else:
            return done(request, _removed(count, withdrawn=chosen == "retirer"), "harvests")
    context = {"source": harvests.source_health(row), "refusal": refusal, "chosen": chosen}
    title = _("Supprimer la source « %s »") % row.title
    return show(
        request, "data/harvests/remove.html", context, title=title, section="agent", here="harvests",
        status=refusal.status if refusal else 200,
    )  # fmt: skip


def _removed(count: int, *, withdrawn: bool) -> str:
    if withdrawn:
        told = ngettext("%d jeu de données est retiré.", "%d jeux de données sont retirés.", count) % count
    else:
        told = ngettext("%d jeu de données reste.", "%d jeux de données restent.", count) % count
    return f"{_('La source est supprimée.')} {told}" if count else _("La source est supprimée.")


def _edited(request: HttpRequest, row: Source | None) -> HttpResponse:
    """The form: « essayer » shows what is found, « enregistrer » keeps it, tried or not."""
    typed = _typed(request.POST) if request.method == "POST" else _held(row)
    trial, errors, trouble = None, {}, ""
    if request.method == "POST":
        try:
            fields = _fields(typed, row)
            if request.POST.get("faire") == "enregistrer":
                made = acts.save_source(actor=_actor(request), **fields)
                return done(
                    request, _("Source enregistrée : sa visite commence dans un instant."), "harvest", source=made.pk
                )
            trial = acts.try_source(
                actor=_actor(request), kind=fields["kind"], url=fields["url"], options=fields["options"]
            )
        except BadInput as refusal:
            errors = {refusal.field or "url": refusal.sentence}
        except Refused as refusal:
            trouble = refusal.sentence
    context = {
        "source": row,
        "typed": typed,
        "kinds": catalogues.all(),
        "hours": sorted({*HOURS, row.every_hours}) if row else HOURS,
        "trial": trial,
        "errors": errors,
        "trouble": trouble,
    }
    title = _("Modifier la source « %s »") % row.title if row else _("Ajouter une source à moissonner")
    status = 422 if errors else 200
    return show(
        request, "data/harvests/edit.html", context, title=title, section="agent", here="harvests", status=status
    )


def _typed(posted: Mapping[str, Any]) -> dict[str, str]:
    names = ("title", "kind", "url", "options", "every_hours", "with_rows", "active")
    return {name: str(posted.get(name, ""))[:4_000].strip() for name in names}


def _held(row: Source | None) -> dict[str, str]:
    if row is None:
        return {
            "title": "",
            "kind": "",
            "url": "",
            "options": "",
            "every_hours": "24",
            "with_rows": "",
            "active": "yes",
        }
    return {
        "title": row.title,
        "kind": row.kind,
        "url": row.url,
        "options": "\n".join(f"{name} = {value}" for name, value in row.options.items()),
        "every_hours": str(row.every_hours),
        "with_rows": "yes" if row.with_rows else "",
        "active": "yes" if row.active else "",
    }


def _fields(typed: Mapping[str, str], row: Source | None) -> dict[str, Any]:
    """What was typed, as the action takes it. Raises BadInput."""
    kind = catalogues.get(typed["kind"])
    if kind is None:
        raise BadInput(_("Choisissez le genre du catalogue."), field="kind")
    options: dict[str, str] = {}
    for line in typed["options"].splitlines():
        name, equals, value = (part.strip() for part in line.partition("="))
        if not line.strip():
            continue
        if not equals or name not in kind.options:
            raise BadInput(
                _("« %(line)s » : une option s’écrit « nom = valeur ». Celles de ce catalogue : %(known)s.")
                % {"line": line[:80], "known": ", ".join(kind.options) or _("aucune")},
                field="options",
            )
        options[name] = value
    hours = typed["every_hours"]
    return {
        "id": row.pk if row else acts.free_source_id(slugify(typed["title"])),
        "title": typed["title"],
        "kind": kind.id,
        "url": typed["url"],
        "options": options,
        "every_hours": int(hours) if hours.isascii() and hours.isdecimal() and len(hours) < 6 else 0,
        "with_rows": typed["with_rows"] == "yes",
        "active": typed["active"] == "yes",
    }


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("donnees/sources", public_sources, name="data-sources"),
    path("agent/moissons", sources, name="harvests"),
    path("agent/moissons/ajouter", new_source, name="harvest-new"),
    path("agent/moissons/<slug:source>", source, name="harvest"),
    path("agent/moissons/<slug:source>/modifier", edit_source, name="harvest-edit"),
    path("agent/moissons/<slug:source>/visiter", visit, name="harvest-visit"),
    path("agent/moissons/<slug:source>/retirer", withdraw, name="harvest-withdraw"),
    path("agent/moissons/<slug:source>/supprimer", remove, name="harvest-remove"),
]
