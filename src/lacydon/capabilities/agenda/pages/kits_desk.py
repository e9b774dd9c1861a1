"""Where a commune's agents export a kit, adopt one, say how far they are, and put it back."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel import french
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shown import done, show, troubled
from lacydon.kernel.ui.templatetags.ui import at, of

from ..actions import kits as acts
from ..models import Applied, KitVersion
from ..queries.chart import fresh
from ..queries.kits import exporting
from ..queries.kits.communes import commune_of
from ..queries.kits.fragment import LARGEST, MOST
from ..queries.kits.fragment import read as read_fragment
from ..queries.kits.preview import CLASH, preview, standing, version_of
from ..queries.kits.putting_back import going_on, moved_since
from ..queries.kits.told import PARTS, STAGES, contents
from ..queries.nouns import Adoption, Kit
from .kits import origin_of

HERE = "kits"
LIVED = ("interesse", "etude", "vote", "deploiement", "abandonne")
"""Stages an agent says; « en service » is said by adopting."""


@needs("kit.adopt")
@require_http_methods(["GET", "HEAD"])
def desk(request: HttpRequest) -> HttpResponse:
    """Every kit, and where one's commune is with it."""
    code = commune_of(_actor(request))
    mine = {each.kit: each for each in fresh("adoption").all(Adoption) if each.commune == code}
    held = fresh("kit").all(Kit)
    found = [(each, mine.get(each.id), STAGES[mine[each.id].now.stage] if each.id in mine else None) for each in held]
    ours = set(KitVersion.objects.filter(commune=code).values_list("kit", flat=True))
    context = {"kits": found, "ours": ours, "commune": territory.commune(code).name}
    return show(request, "agenda/kits/desk.html", context, title=_("Kits"), section="agent", here=HERE)


@needs("kit.adopt")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, id: str) -> HttpResponse:
    """Where one's commune is with a kit: say it, adopt, put back."""
    actor = _actor(request)
    code = commune_of(actor)
    kit = fresh("kit").one(Kit, id)
    if request.method == "POST":
        try:
            said_here = {
                name: {"fr": text} for name in ("adaptations", "obstacles", "feedback")
                if (text := request.POST.get(name, "").strip()[:4000])
            }  # fmt: skip
            stage = request.POST.get("etape", "")
            if stage not in STAGES:
                raise BadInput(_("Choisissez une étape."))
            acts.follow(actor=actor, kit=id, stage=stage, reason=request.POST.get("raison", "")[:1000],
                        day=_day(request), said=said_here)  # fmt: skip
            return done(request, _("C’est noté, et montré sur la page du kit."), "agenda-kit-desk", id=id)
        except Refused as refusal:
            return troubled(request, refusal.sentence, "agenda-kit-desk", id=id)
    applied = standing(id, code)
    mine = next((each for each in fresh("adoption").all(Adoption) if each.kit == id and each.commune == code), None)
    try:
        last = version_of(id)
    except Refused:
        last = None
    stages = [(name, word) for name, word in STAGES.items() if name in LIVED or (mine and mine.now.stage == name)]
    context = {
        "kit": kit, "applied": applied, "last": last, "mine": mine, "stages": stages, "today": today(),
        "stage": STAGES[mine.now.stage] if mine else None,
        "newer": bool(applied and last and last.number > applied.version.number),
        "own": bool(last and last.commune == code), "origin": origin_of(last.commune) if last else "",
        "answering": _answering(applied, code),
    }  # fmt: skip
    title = said(kit.title.stored())
    return show(request, "agenda/kits/desk_one.html", context, title=title, section="agent", here=HERE)


@needs("kit.adopt")
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, id: str) -> HttpResponse:
    """The difference, item by item, then the adoption: all at once."""
    actor = _actor(request)
    code = commune_of(actor)
    kit, version = fresh("kit").one(Kit, id), version_of(id)
    refusal, status = None, 200
    posted = request.method == "POST"
    if posted:
        try:
            acts.adopt(
                actor=actor, version=version, taken=request.POST.getlist("prendre"), day=_day(request),
                seen=request.POST.get("vu", ""), reason=request.POST.get("raison", "")[:1000],
            )  # fmt: skip
            return done(request, _("Adopté : c’est en service dans votre commune."), "agenda-kit-desk", id=id)
        except Refused as refused:
            refusal, status = refused, refused.status
    found = preview(version, code)
    commune = territory.commune(code).name
    taken = set(request.POST.getlist("prendre")) if posted else {each.key for each in found.items if each.taken}
    context: dict[str, Any] = {
        "kit": kit, "version": version, "found": found, "refusal": refusal, "today": today(), "commune": commune,
        "rows": [(each, PARTS[each.part], each.key in taken) for each in found.items],
        "clashes": sum(each.state == CLASH for each in found.items), "can": any(each.takeable for each in found.items),
        "documents": found.fragment.documents,
    }  # fmt: skip
    title = _("Adopter « %(kit)s » %(there)s") % {"kit": said(kit.title.stored()), "there": at(commune)}
    return show(request, "agenda/kits/adopt.html", context, title=title, section="agent", here=HERE, status=status)


@needs("kit.adopt")
@require_http_methods(["GET", "HEAD", "POST"])
def put_back(request: HttpRequest, id: str) -> HttpResponse:
    """What goes, what moved since, then everything as it was."""
    actor = _actor(request)
    code = commune_of(actor)
    kit, applied = fresh("kit").one(Kit, id), standing(id, code)
    if applied is None:
        return troubled(request, _("Ce kit n’est pas en service ici."), "agenda-kit-desk", id=id)
    refusal, status = None, 200
    if request.method == "POST":
        try:
            stage = request.POST.get("etape", "abandonne")
            if request.POST.get("vu") != str(applied.pk):
                raise BadInput(_("Une autre adoption a eu lieu entre-temps : relisez cette page."))
            acts.put_back(
                actor=actor, applied=applied, reason=request.POST.get("raison", "")[:1000],
                stage=stage if stage in LIVED else "abandonne", keep=request.POST.getlist("garder"),
            )  # fmt: skip
            return done(request, _("Retiré : tout est comme avant l’adoption."), "agenda-kit-desk", id=id)
        except Refused as refused:
            refusal, status = refused, refused.status
    context = {
        "kit": kit, "applied": applied, "moved": moved_since(applied), "going_on": going_on(applied),
        "items": [(each, PARTS[each["part"]]) for each in applied.items], "refusal": refusal,
        "stages": [(name, STAGES[name]) for name in LIVED], "reason": request.POST.get("raison", ""),
    }  # fmt: skip
    title = _("Retirer « %s »") % said(kit.title.stored())
    return show(request, "agenda/kits/put_back.html", context, title=title, section="agent", here=HERE, status=status)


@needs("kit.export")
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponse:
    """Choose what travels, look at the files it makes, export."""
    actor = _actor(request)
    code = commune_of(actor)
    commune = territory.commune(code)
    form, refusal, status, looked = request.POST, None, 200, None
    old = fresh("kit").get(Kit, form.get("kit") or request.GET.get("kit", ""))
    keys = form.getlist("prendre")
    if request.method == "POST":
        try:
            documents = _documents(request) or _kept_documents(old)
            looked = exporting.made(code, keys, documents)
            if form.get("faire") == "exporter":
                made = acts.export(actor=actor, kit=_kit(request, old), files=looked.files)
                sentence = _("La version %d du kit est faite : toute commune peut l’adopter.") % made.number
                return done(request, sentence, "agenda-kit-desk", id=made.kit)
        except Refused as refused:
            refusal, status = refused, refused.status
    held = set(keys)
    context: dict[str, Any] = {
        "offered": [(each, PARTS[each.part], each.key in held) for each in exporting.offered(code)], "old": old,
        "values": {"titre": form.get("titre", said(old.title.stored()) if old else ""),
                   "description": form.get("description", said(old.description.stored()) if old else "")},
        "refusal": refusal, "looked": looked, "commune": commune.name, "holds": (),
    }  # fmt: skip
    if looked is not None:
        context["holds"] = contents(read_fragment(looked.files))
    title = _("Exporter un kit %s") % of(commune.name)
    return show(request, "agenda/kits/export.html", context, title=title, section="agent", here=HERE, status=status)


def _answering(applied: Applied | None, citycode: str) -> list[tuple[Any, str]]:
    """The services that an adoption put in service here, with the address where residents find each."""
    if applied is None:
        return []
    here = {each["here"] for each in applied.items if each["part"] in ("services", "local")}
    found = [each for each in services.services() if each.id in here]
    return [(each.title, f"{reverse('service', args=[each.id])}?citycode={citycode}") for each in found]


def _kit(request: HttpRequest, old: Kit | None) -> Kit:
    title, description = (request.POST.get(name, "").strip() for name in ("titre", "description"))
    if not title or not description:
        raise BadInput(_("Donnez un titre et une description : c’est ce que liront les autres communes."))
    if old is not None:
        told = old.model_dump(mode="json", exclude_defaults=True)
    else:
        told = {"id": french.slug(title)[:60].strip("-")}
    told |= {"title": {"fr": title[:200]}, "description": {"fr": description[:4000]}}
    try:
        return Kit.model_validate(told)
    except ValueError as error:
        raise BadInput(_("Donnez au kit un titre fait de mots.")) from error


def _documents(request: HttpRequest) -> dict[str, str]:
    """The texts that were sent. Raises BadInput for what is no text."""
    found = {}
    for each in request.FILES.getlist("documents")[:MOST]:
        stem, _dot, ending = (each.name or "").rpartition(".")
        try:
            if ending.lower() not in ("md", "txt") or (each.size or 0) > LARGEST:
                raise ValueError(ending)
            found[f"{french.slug(stem) or 'document'}.{ending.lower()}"] = each.read().decode("utf-8-sig")
        except ValueError as error:
            raise BadInput(
                _("« %s » : un document d’un kit est un texte (.md ou .txt) de 200 Ko au plus.")
                % (each.name or "")[:80]
            ) from error
    return found


def _kept_documents(old: Kit | None) -> dict[str, str]:
    if old is None:
        return {}
    files = version_of(old.id).files
    return {name.removeprefix("documents/"): text for name, text in files.items() if name.startswith("documents/")}


def _day(request: HttpRequest) -> date:
    try:
        return date.fromisoformat(request.POST.get("jour", "") or today().isoformat())
    except ValueError as error:
        raise BadInput(_("Donnez un jour qui existe."), field="jour") from error


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("agents/agenda/kits", desk, name="agenda-kits-desk"),
    path("agents/agenda/kits/exporter", export, name="agenda-kit-export"),
    path("agents/agenda/kits/<slug:id>", one, name="agenda-kit-desk"),
    path("agents/agenda/kits/<slug:id>/adopter", adopt, name="agenda-kit-adopt"),
    path("agents/agenda/kits/<slug:id>/retirer", put_back, name="agenda-kit-put-back"),
]
