"""The agent's side: for which organisation I act, what I may do there, and who else."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import desks_of, done, show, troubled

from ..actions import organisations as acts
from ..queries import organisations, policy
from ..queries.agents import agent_names
from .mandate_forms import put_in_hand
from .session import session_of


@needs("agent.see")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What I may do, for whom. An agent without an organisation is told whom to ask."""
    actor = session_of(request)
    if actor.kind != "agent":
        return HttpResponseRedirect(reverse("space"))
    context = {
        "organisation": organisations.organisation(actor.organisation) if actor.organisation else None,
        "roles": [
            (policy.roles()[role], next((desk for desk in desks_of(actor) if role in desk.roles), None))
            for role in sorted(actor.roles)
            if role in policy.roles()
        ],
        "several": len(organisations.memberships(actor.person)) > 1,
    }
    return show(request, "trust/agent/desk.html", context, title=_("Espace agent"), section="agent", here="desk")


@needs("agent.see")
@require_http_methods(["GET", "HEAD", "POST"])
def organisation(request: HttpRequest) -> HttpResponse:
    """For which of my organisations I act now: one at a time."""
    actor = session_of(request)
    held = organisations.memberships(actor.person) if actor.kind == "agent" else []
    if request.method == "POST":
        chosen = next((each for each in held if each.organisation_id == request.POST.get("organisme")), None)
        if chosen is None:
            return troubled(request, _("Vous ne faites pas partie de cet organisme."), "agent-organisation")
        request.session["organisation"] = chosen.organisation_id
        put_in_hand(request, "", at="")
        request.session.cycle_key()
        return done(request, _("C’est noté : vous agissez pour cet organisme."), "agent")
    context = {"held": held, "now": actor.organisation}
    return show(
        request,
        "trust/agent/organisation.html",
        context,
        title=_("Pour qui agissez-vous ?"),
        section="agent",
        here="desk",
    )


@needs("team.see")
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Who belongs to my organisation, with which roles."""
    actor = session_of(request)
    members = organisations.team(actor.organisation)
    names = agent_names([each.person_id for each in members])
    context = {
        "organisation": organisations.organisation(actor.organisation),
        "members": [
            {
                "member": each,
                "name": names[each.person_id],
                "me": str(each.person_id) == actor.person,
                "roles": [policy.roles()[one.role] for one in each.held if one.role in policy.roles()],  # type: ignore[attr-defined]
                "others": [
                    role
                    for role in policy.roles().values()
                    if role.id not in {one.role for one in each.held}  # type: ignore[attr-defined]
                ],
            }
            for each in members
        ],
    }
    return show(request, "trust/agent/team.html", context, title=_("Équipe et rôles"), section="agent", here="team")


@needs("team.change")
@require_POST
def change_role(request: HttpRequest, membership: int) -> HttpResponse:
    """Give or take a role."""
    change = acts.grant_role if request.POST.get("faire") == "donner" else acts.take_role
    try:
        change(actor=session_of(request), membership=membership, role=request.POST.get("role", ""))
    except Refused as error:
        return troubled(request, error.sentence, "agent-team")
    return done(request, _("C’est fait, avec effet immédiat."), "agent-team")


@needs("team.change")
@require_http_methods(["GET", "HEAD", "POST"])
def end_membership(request: HttpRequest, membership: int) -> HttpResponse:
    """An agent leaves: asked once, then done."""
    actor = session_of(request)
    member = next((each for each in organisations.team(actor.organisation) if each.pk == membership), None)
    if member is None or request.method == "POST":
        try:
            acts.end_membership(actor=actor, membership=membership)
        except Refused as error:
            return troubled(request, error.sentence, "agent-team")
        return done(request, _("Cette personne ne fait plus partie de l’organisme."), "agent-team")
    context = {"member": member, "name": agent_names([member.person_id])[member.person_id]}
    return show(request, "trust/agent/leave.html", context, title=_("Retirer un membre"), section="agent", here="team")
