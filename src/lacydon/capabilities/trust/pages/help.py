"""« J’aide »: a helper's mandates now, preparing one with somebody, a colleague's paper, documents to check."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel import attempts
from lacydon.kernel.access import needs
from lacydon.kernel.clock import now
from lacydon.kernel.errors import NotFound, Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import mandates as acts
from ..actions.mandates.codes import screen_code
from ..models import Mandate
from ..queries import mandates as known
from ..queries.agents import agent_names
from ..queries.mandate_text import text_of
from ..queries.names import principal_name
from ..queries.organisations import organisation
from ..queries.roles import HELPER
from . import mandate_forms as forms
from .session import session_of

HERE, SECTION = "help", "agent"


@needs("mandate.choose")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Who I help now, what waits for an answer, papers of colleagues."""
    actor = session_of(request)
    usable = known.usable_by(UUID(actor.person), organisation=actor.organisation, helper=HELPER in actor.roles)
    rows = usable.filter(kind="help").select_related("organisation").order_by("ends_at")
    helper = HELPER in actor.roles
    body = actor.organisation if helper else ""
    drafts = known.drafts_of(body, kinds=("help",), evidence=("presence", "code", "paper"))
    waiting = [
        each
        for each in drafts[:100]
        if each.evidence == "paper" or (each.created_by_id == UUID(actor.person) and _is_fresh(each))
    ]
    context = {
        "mandates": [{**forms.shown(each), "called": principal_name(each)} for each in rows[:100]],
        "waiting": [{**forms.shown(each), "own": str(each.created_by_id) == actor.person} for each in waiting],
        "helper": helper,
    }
    return show(request, "trust/help/desk.html", context, title=_("J’aide"), section=SECTION, here=HERE)


@needs("mandate.prepare")
@require_http_methods(["GET", "HEAD", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Write a mandate with the resident beside me."""
    actor = session_of(request)
    body = organisation(actor.organisation)
    others = [each for each in known.helpers_of(actor.organisation) if str(each) != actor.person]
    names = agent_names(others)
    context: dict[str, Any] = {
        "colleagues": [(str(each), names[each]) for each in others],
        "typed": {"days": "1", "write": "oui", "evidence": "presence"},
        **forms.choices(body.themes if body else ()),
    }
    status = 200
    if request.method == "POST":
        form = request.POST
        try:
            if form.get("evidence") == "code":  # a message leaves each time
                sought = "".join(form.get("contact", "")[:200].lower().split())
                attempts.spend(what="mandate-code-sent", who=sought, most=5, per=timedelta(hours=1))
            draft = acts.prepare(
                actor=actor,
                terms=forms.terms_of(form),
                evidence=form.get("evidence", ""),
                helpers=form.getlist("helper"),
                **{name: form.get(name, "")[:200] for name in ("contact", "name", "paper")},
            )
            return HttpResponseRedirect(reverse("help-one", kwargs={"reference": draft.reference}))
        except Refused as error:
            context |= {"error": error, "typed": forms.typed(form), "chosen": form.getlist("helper")}
            status = error.status
    title = _("Préparer un mandat")
    return show(request, "trust/help/prepare.html", context, title=title, section=SECTION, here=HERE, status=status)


@needs("mandate.prepare")
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """A draft or a mandate of my body: what to say, the code, the text to print on one sheet."""
    return _one(request, _ours(request, reference))


@needs("mandate.prepare")
@require_POST
def confirm(request: HttpRequest, reference: str) -> HttpResponse:
    """The code that the resident received and chose to say."""
    mandate = _ours(request, reference)
    try:
        acts.confirm_by_code(
            actor=session_of(request),
            reference=reference,
            code=request.POST.get("code", "")[:20],
            name=request.POST.get("name", "")[:80],
        )
    except Refused as error:
        return _one(request, mandate, error=error)
    return done(request, _("Le mandat commence. Prenez-le en main pour agir."), "helping")


@needs("mandate.witness")
@require_POST
def witness(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        acts.witness(actor=session_of(request), reference=reference)
    except Refused as error:
        return troubled(request, error.sentence, "help-one", reference=reference)
    return done(request, _("Vous avez vérifié le papier : le mandat commence."), "helping")


@needs("mandate.stop-at-counter")
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """Somebody says stop, at the counter or by letter."""
    context: dict[str, Any] = {"typed": {}}
    status = 200
    if request.method == "POST":
        try:
            acts.stop_at_counter(
                actor=session_of(request),
                reference=request.POST.get("reference", "")[:20],
                paper=request.POST.get("paper", "")[:200],
            )
            return done(request, _("Le mandat est arrêté."), "help-counter")
        except Refused as error:
            context, status = {"error": error, "typed": forms.typed(request.POST)}, error.status
    title = _("Arrêter un mandat au guichet")
    return show(request, "trust/help/counter.html", context, title=title, section=SECTION, here=HERE, status=status)


@needs("mandate.verify")
@require_safe
def checks(request: HttpRequest) -> HttpResponse:
    """Documents that wait for a check, the oldest first."""
    actor = session_of(request)
    rows = known.drafts_of(actor.organisation, kinds=("parent", "guardian", "company"), evidence=("judgement",))
    context = {"drafts": [forms.shown(each) for each in rows[:100]]}
    return show(
        request, "trust/help/checks.html", context, title=_("Mandats à vérifier"), section=SECTION, here="checks"
    )


@needs("mandate.verify")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, reference: str) -> HttpResponse:
    """One declaration beside the document. That it was looked at is in the journal."""
    actor = session_of(request)
    if request.method == "POST":
        decide = acts.verify if request.POST.get("decision") == "oui" else acts.refuse
        try:
            decide(actor=actor, reference=reference)
        except Refused as error:
            return troubled(request, error.sentence, "checks")
        return done(request, _("C’est noté."), "checks")
    evidence = acts.evidence_for(actor=actor, reference=reference)
    mandate = _ours(request, reference)
    context = {"mandate": forms.shown(mandate), "evidence": evidence, "paragraphs": text_of(mandate)}
    title = _("Vérifier le mandat %s") % reference
    return show(request, "trust/help/check.html", context, title=title, section=SECTION, here="checks")


def _one(request: HttpRequest, mandate: Mandate, *, error: Refused | None = None) -> HttpResponse:
    actor = session_of(request)
    draft = mandate.confirmed_at is None and mandate.revoked_at is None
    own = str(mandate.created_by_id) == actor.person
    context = {
        "mandate": forms.shown(mandate),
        "paragraphs": text_of(mandate),
        "draft": draft,
        "fresh": _is_fresh(mandate),
        "code": screen_code(mandate) if draft and own and mandate.evidence == "presence" and _is_fresh(mandate) else "",
        "own": own,
        "error": error,
    }
    title = _("Mandat %s") % mandate.reference
    status = error.status if error else 200
    return show(request, "trust/help/one.html", context, title=title, section=SECTION, here=HERE, status=status)


def _is_fresh(mandate: Mandate) -> bool:
    return mandate.code_until is not None and mandate.code_until > now()


def _ours(request: HttpRequest, reference: str) -> Mandate:
    found = known.of_organisation(reference, organisation=session_of(request).organisation)
    if found is None:
        raise NotFound(_("Ce mandat n’existe pas ici."))
    return found
