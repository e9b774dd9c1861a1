"""What a commune tells of itself: what it tried, a draft then published; what it is, to be compared with others."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust.public import NotAllowed
from lacydon.kernel.access import Actor, needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, troubled

from ...actions.editing import edit as make
from ...actions.editing import restore as bring_back
from ...actions.writing import Wanted
from ...queries.chart import Chart
from ...queries.kits.communes import own_commune
from ...queries.learning.words import VERDICTS
from ...queries.nouns import SHAPES, Experience, Profile
from ...queries.writing import past
from ...queries.writing.fields import field_of
from ...queries.writing.names import name_of
from ...queries.writing.rights import steers
from ...queries.writing.typed import Path, Tree, blank_row
from ...queries.writing.words import IN_ADDRESSES
from ..tabs import maybe
from .edit import Writing
from .form import Section
from .frame import actor_of, opened, shown, whole

HERE = "agenda-telling"
DRAFT, PUBLISHED = "internal", "public"


class Telling(Writing):
    """The form of what a commune tells: the button that is pressed says who will read it."""

    back = HERE

    @property
    def saving(self) -> tuple[str, ...]:  # type: ignore[override]
        return ("enregistrer", "brouillon", "publier") if self.of == "experience" else ("enregistrer",)

    @property
    def said(self) -> str:  # type: ignore[override]
        if self.of == "profile":
            return _("La commune dit ce qu’elle est.")
        return (
            _("Retour d’expérience publié.")
            if self.visibility == PUBLISHED
            else _("Brouillon d’un retour d’expérience.")
        )

    @property
    def visibility(self) -> str:
        if self.verb in ("brouillon", "publier"):
            return PUBLISHED if self.verb == "publier" else DRAFT
        return self.object.visibility if self.object else DRAFT

    def _posted(self) -> Tree:
        tree = super()._posted()
        if self.of == "experience":
            tree["visibility"] = self.visibility
        return tree

    def _id(self, tree: Tree) -> str:
        """A commune has one profile, under its code."""
        return self.names.id_of("commune", tree["commune"]) or "" if self.of == "profile" else super()._id(tree)

    def _fixed(self) -> frozenset[Path]:
        return frozenset() if steers(self.actor, self.now) else frozenset((("commune",),))

    def _fresh(self) -> Tree:
        """What is known of the commune is filled in: it is to be made right, not to be looked for."""
        tree, code = super()._fresh(), own_commune(self.actor)
        if self.of != "experience":
            return tree
        if code:
            here = territory.commune(code)
            profile = self.now.get(Profile, code)
            tree["worked"], tree["failed"] = ([blank_row(field_of(self.of, name))] for name in ("worked", "failed"))
            tree["commune"] = self.names.label("commune", code)
            tree["context"]["population"] = str(here.population)
            if profile and profile.staff:
                tree["context"]["staff"] = f"{profile.staff.agents:f}".replace(".", ",")
        tree["licence"] = "etalab-2.0"
        tree["kit"] = self.names.label("kit", kit) if (kit := self.request.GET.get("kit", "")[:80]) else ""
        return tree

    def _more(self) -> dict[str, Any]:
        if self.of != "experience":
            return {
                "back_to": _("Retours d’expérience"),
                "intro": _("Ces quelques chiffres disent aux autres communes si la vôtre leur ressemble."),
            }
        standing = self.object.visibility if self.object else DRAFT
        return {
            "draft": standing == DRAFT,
            "back_to": _("Retours d’expérience"),
            "intro": _("Racontez comme à une collègue d’une autre commune. Un brouillon n’est lu que dans la vôtre."),
        }

    def _shown_sections(self, sections: list[Section]) -> list[Section]:
        """Who reads it is said by the buttons."""
        if self.of == "experience":
            for each in sections:
                each.nodes = [node for node in each.nodes if node.name != "visibility"]
        return sections


@needs("experience.write")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What one's commune told, and what it has not published yet; of the steward, everything."""
    now, actor = past.fresh(), actor_of(request)
    steering, code = steers(actor, now), own_commune(actor)
    mine = [each for each in now.all(Experience) if steering or each.commune == code]
    profile = now.get(Profile, code) if code else None
    gone = [(state, each) for state, each in past.removed("experience") if steering or each.commune == code]  # type: ignore[attr-defined]
    context = {
        "drafts": [_row(each) for each in mine if each.visibility == DRAFT],
        "published": [_row(each) for each in mine if each.visibility == PUBLISHED],
        "steering": steering, "code": code, "commune": territory.commune(code) if code else None, "profile": profile,
        "gone": [{"id": each.id, "name": name_of(each), "to": state.number - 1} for state, each in gone],
    }  # fmt: skip
    return shown(request, "telling", context, title=_("Les retours d’expérience"), here=HERE)


@needs("experience.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, kind: str) -> HttpResponse:
    """Tell something new."""
    now, actor = past.fresh(), actor_of(request)
    _check_place(actor, now)
    return Telling(request, now, IN_ADDRESSES[kind], kind, None).answer()


@needs("experience.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Change what was told."""
    now, of = past.fresh(), IN_ADDRESSES[kind]
    return Telling(request, now, of, kind, opened(now, of, id, actor_of(request))).answer()


@needs("experience.write")
@require_POST
def remove(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Take it out; its history stays."""
    of, now, actor = IN_ADDRESSES[kind], past.fresh(), actor_of(request)
    each = opened(now, of, id, actor)
    try:
        gone = Wanted(kind=of, id=id, object=None, number=whole(request.POST.get("vu")))
        make(actor=actor, wanted=[gone], reason=request.POST.get("raison", ""))
    except Refused as refusal:
        return troubled(request, refusal.sentence, "agenda-writing-edit", kind=kind, id=id)
    return done(request, _("« %s » est retiré. Vous pouvez le rétablir, plus bas.") % name_of(each), HERE)


@needs("experience.write")
@require_POST
def restore(request: HttpRequest, kind: str, id: str) -> HttpResponse:
    """Make it again what it was."""
    of, form = IN_ADDRESSES[kind], request.POST
    try:
        bring_back(actor=actor_of(request), kind=of, id=id, number=whole(form.get("etat")), seen=whole(form.get("vu")))
    except Refused as refusal:
        return troubled(request, refusal.sentence, HERE)
    if past.fresh().get(SHAPES[of], id) is None:
        return done(request, _("Rien n’a changé : c’était déjà ainsi."), HERE)
    return done(request, _("C’est rétabli."), "agenda-writing-edit", kind=kind, id=id)


def _check_place(actor: Actor, now: Chart) -> None:
    if not steers(actor, now) and not own_commune(actor):
        raise NotAllowed(_("Un retour d’expérience est celui d’une commune : votre organisme n’en est pas une."))


def _row(each: Experience) -> dict[str, Any]:
    return {
        "each": each,
        "address": reverse("agenda-writing-edit", kwargs={"kind": "experiences", "id": each.id}),
        "public": maybe("agenda-experience", id=each.id) if each.visibility == PUBLISHED else "",
        "commune": territory.commune(each.commune).name,
        "verdict": VERDICTS[each.verdict],
    }


def _addresses(word: str, name: str) -> list[URLPattern]:
    """Those that `writing.edit` has for any kind, opened to the agents of communes; they are found before it."""
    here, of = f"agents/agenda/{word}", {"kind": word}
    return [
        path(f"{here}/nouveau", new, of, name=f"{name}-new"),
        path(f"{here}/<str:id>", edit, of, name=f"{name}-edit"),
        path(f"{here}/<str:id>/retirer", remove, of, name=f"{name}-remove"),
        path(f"{here}/<str:id>/retablir", restore, of, name=f"{name}-restore"),
    ]


urlpatterns = [
    path("agents/agenda/experiences", desk, name=HERE),
    *_addresses("experiences", HERE),
    *_addresses("profils", "agenda-profile"),
]
