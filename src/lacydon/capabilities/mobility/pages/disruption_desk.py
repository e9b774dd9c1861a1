"""Where operators write disruptions: theirs, one form, a preview, and what may be done with each."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_http_methods, require_POST

from lacydon.kernel.access import Actor, needs
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import disruptions as acts
from ..errors import ChangedMeanwhile
from ..queries.disruptions import desk as asked
from ..queries.disruptions.patterns import PATTERNS
from ..queries.disruptions.views import DisruptionView
from ..queries.disruptions.words import CAUSES, EFFECTS, SEVERITIES
from .disruption_form import Typed, preview
from .disruptions import card_of, style

HERE = "disruptions"
WHATS: Mapping[str, Any] = {
    "drafted": _l("Préparée"),
    "published": _l("Publiée"),
    "changed": _l("Changée"),
    "ended": _l("Terminée"),
    "withdrawn": _l("Retirée"),
    "undone": _l("Changement annulé"),
}


@needs("disruption.write")
@require_http_methods(["GET", "HEAD"])
def desk(request: HttpRequest) -> HttpResponse:
    """All that one's organisation wrote."""
    when = now()
    found = asked.desk(_actor(request), when)
    groups = [
        (_("En préparation"), found.drafts, "drafts"),
        (_("Publication programmée"), found.foreseen, "foreseen"),
        (_("Montrées aux voyageurs"), found.shown, "shown"),
        (_("Terminées ou retirées"), found.over, "over"),
    ]
    context = {
        "groups": [(title, [card_of(each, when) for each in views], kind) for title, views, kind in groups if views]
    }
    title = _("Perturbations")
    return show(
        request, "mobility/disruptions/desk.html", context, title=title, section="agent", here=HERE, head=style()
    )


@needs("disruption.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Write one."""
    return _form(request, None)


@needs("disruption.write")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, id: int) -> HttpResponse:
    """Change one."""
    return _form(request, asked.mine(_actor(request), id))


@needs("disruption.write")
@require_POST
def act(request: HttpRequest, id: int) -> HttpResponse:
    """Of one button of its page: publish, end, withdraw, undo, copy, throw away."""
    actor, form = _actor(request), request.POST
    given = form.get("revision", "")
    revision = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
    verb = form.get("faire", "")
    try:
        if verb == "copier":
            made = acts.duplicate(actor=actor, id=id)
            return done(request, _("Voici une copie, sans ses dates : complétez-la."), "disruption-edit", id=made.pk)
        if verb == "jeter":
            acts.discard(actor=actor, id=id, revision=revision)
            return done(request, _("Le brouillon est jeté."), "disruptions-desk")
        if verb == "publier":
            acts.publish_now(actor=actor, id=id, revision=revision)
            return done(request, _("Publiée : les voyageurs la voient."), "disruption-edit", id=id)
        if verb == "terminer":
            acts.end_now(actor=actor, id=id, revision=revision)
            return done(request, _("Terminée : elle reste dans l’historique."), "disruption-edit", id=id)
        if verb == "retirer":
            acts.withdraw(actor=actor, id=id, revision=revision)
            return done(request, _("Retirée : plus personne ne la voit dans les listes."), "disruption-edit", id=id)
        acts.undo(actor=actor, id=id, revision=revision)
        return done(request, _("Le dernier changement est annulé."), "disruption-edit", id=id)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "disruption-edit", id=id)


def _form(request: HttpRequest, view: DisruptionView | None) -> HttpResponse:
    actor, verb = _actor(request), request.POST.get("faire", "")
    typed = Typed.posted(request.POST) if request.method == "POST" else Typed.of(view) if view else Typed.fresh()
    shown, refusal, status = None, None, 200
    if request.method == "POST":
        if verb == "modele":
            typed.fill()
        elif verb == "periode":
            typed.rows = min(typed.rows + 1, 40)
        elif verb in ("apercu", "publier", "brouillon"):
            content = typed.content()
            if verb == "brouillon":
                typed.wrong = [each for each in typed.wrong if each[0].startswith(("begin_", "end_", "shown"))
                               and typed.values.get(each[0])]  # fmt: skip
            if typed.wrong:
                status = 422
            elif verb == "apercu":
                shown = card_of(preview(content, view.id if view else 0), now())
            else:
                try:
                    return _kept(request, actor, view, content, publish=verb == "publier")
                except ChangedMeanwhile as changed:
                    refusal, status = changed, changed.status
                except Refused as refused:
                    typed.wrong, status = [(refused.field or "title_fr", str(refused.sentence))], refused.status
        typed.search()
    context: dict[str, Any] = {
        "typed": typed,
        "values": typed.values,
        "faults": typed.faults,
        "view": view,
        "card": card_of(view, now()) if view else None,
        "revision": request.POST.get("revision") or (view.revision if view else 0),
        "preview": shown,
        "refusal": refusal,
        "causes": CAUSES.items(),
        "effects": EFFECTS.items(),
        "severities": SEVERITIES.items(),
        "patterns": [(name, each[0]) for name, each in PATTERNS.items()],
        "changes": [(WHATS.get(each.what, each.what), each.at) for each in asked.changes(view.id)] if view else (),
        "is_draft": view is None or view.state == "draft",
        "is_shown": view is not None and view.state == "published" and not view.over(),
    }
    title = _("Annoncer une perturbation") if view is None else _("Changer une perturbation")
    return show(
        request,
        "mobility/disruptions/form.html",
        context,
        title=title,
        section="agent",
        here=HERE,
        status=status,
        head=style(),
    )


def _kept(
    request: HttpRequest, actor: Actor, view: DisruptionView | None, content: acts.Content, *, publish: bool
) -> HttpResponse:
    if view is None:
        made = acts.write(actor=actor, content=content, published=publish)
    else:
        given = request.POST.get("revision", "")
        revision = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0
        made = acts.change(
            actor=actor, id=view.id, revision=revision, content=content,
            published=publish or view.state == "published",
        )  # fmt: skip
    if not publish and made.state == "draft":
        return done(request, _("Le brouillon est gardé. Personne ne le voit encore."), "disruption-edit", id=made.pk)
    if made.shown_from and made.shown_from > now():
        return done(request, _("C’est programmé : elle sera montrée à l’heure dite."), "disruption-edit", id=made.pk)
    return done(request, _("C’est publié : les voyageurs la voient."), "disruption-edit", id=made.pk)


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


urlpatterns = [
    path("agents/transports/perturbations", desk, name="disruptions-desk"),
    path("agents/transports/perturbations/nouvelle", new, name="disruption-new"),
    path("agents/transports/perturbations/<int:id>", edit, name="disruption-edit"),
    path("agents/transports/perturbations/<int:id>/faire", act, name="disruption-act"),
]
