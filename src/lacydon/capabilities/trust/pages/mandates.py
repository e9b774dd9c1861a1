"""« Mes mandats »: who may act for me, what they did, and how to stop it; who I act for."""

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
from ..models import Mandate
from ..queries import mandates as known
from ..queries.agents import agent_names
from ..queries.mandate_text import text_kept, text_of
from ..queries.organisations import organisation
from ..queries.themes import THEMES
from ..queries.wall import house
from . import mandate_forms as forms
from .session import session_of

HERE = "mandates"


@needs("mandate.choose")
@require_safe
def mandates(request: HttpRequest) -> HttpResponse:
    """Who may act for me now; who I may act for; what is over, page by page."""
    me = UUID(session_of(request).person)
    page = forms.page_number(request)
    given = [forms.shown(each) for each in known.given_by(me)[: (page + 1) * forms.PAGE + 200]]
    past = [each for each in given if each["over"]]
    context = {
        "now": [each for each in given if not each["over"]],
        "past": past[page * forms.PAGE : (page + 1) * forms.PAGE],
        "more": len(past) > (page + 1) * forms.PAGE,
        "page": page + 1,
        "held": [forms.shown(each) for each in known.received_by(me)[:50]],
    }
    return show(request, "trust/mandates/list.html", context, title=_("Qui peut agir pour moi"), here=HERE)


@needs("mandate.give")
@require_safe
def place(request: HttpRequest) -> HttpResponse:
    """Choose a place of help."""
    words = request.GET.get("lieu", "")[:80]
    found = known.places_of_help(words)
    context = {"words": words, "places": found[:30], "many": len(found) > 30}
    return show(request, "trust/mandates/place.html", context, title=_("Choisir qui m’aide"), here=HERE)


@needs("mandate.give")
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, body: str) -> HttpResponse:
    """The terms; what is sent makes a draft, whose text is then read and accepted."""
    chosen = organisation(body)
    if chosen is None or not chosen.themes:
        raise NotFound(_("Ce lieu n’aide pas sous mandat."))
    helpers = known.helpers_of(body)
    names = agent_names(helpers)
    context: dict[str, Any] = {
        "body": chosen,
        "helpers": [(str(each), names[each]) for each in helpers],
        "typed": {"days": "1", "write": "oui"},
        **forms.choices(chosen.themes),
    }
    title, status = _("Ce que cette personne pourra faire"), 200
    if request.method == "POST":
        try:
            draft = acts.propose(
                actor=session_of(request),
                organisation=body,
                helper=request.POST.get("helper", ""),
                terms=forms.terms_of(request.POST),
            )
            return HttpResponseRedirect(reverse("mandate-read", kwargs={"reference": draft.reference}))
        except Refused as error:
            context |= {"error": error, "typed": forms.typed(request.POST)}
            status = error.status
    return show(request, "trust/mandates/new.html", context, title=title, here=HERE, status=status)


@needs("mandate.give")
@require_http_methods(["GET", "HEAD", "POST"])
def read(request: HttpRequest, reference: str) -> HttpResponse:
    """The exact text; yes makes it hold."""
    actor = session_of(request)
    draft = known.own_draft(reference, person=UUID(actor.person))
    if draft is None:
        if known.given_mandate(reference, person=UUID(actor.person)):  # the back button, after yes
            return HttpResponseRedirect(reverse("mandate", kwargs={"reference": reference}))
        raise NotFound(_("Ce mandat n’attend pas votre accord."))
    if request.method == "POST":
        try:
            name = request.POST.get("name", "")
            acts.accept(actor=actor, reference=reference, seen=request.POST.get("seen", ""), name=name)
        except Refused as error:
            return troubled(request, error.sentence, "mandate-read", reference=reference)
        return done(request, _("C’est fait. Vous pouvez arrêter quand vous voulez."), "mandates")
    return _text_to_accept(request, draft, text_of(draft))


@needs("mandate.give")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """The code on the helper's screen, then the whole text, then yes."""
    actor, code = session_of(request), request.POST.get("code", "")[:40]
    title = _("Le code de la personne qui m’aide")
    error: Refused | None = None
    if request.method == "POST":
        try:
            attempts.spend(what="mandate-code", who=actor.person, most=10, per=timedelta(minutes=15))
            draft = known.draft_by_code(code)
            if draft is not None and request.POST.get("seen"):
                acts.confirm_in_person(
                    actor=actor, code=code, seen=request.POST["seen"], name=request.POST.get("name", "")
                )
                return done(request, _("C’est fait. La personne peut commencer à vous aider."), "mandates")
            if draft is not None:
                with house():  # who would help is named in a draft that is nobody's yet, found by its code
                    paragraphs = text_of(draft)
                return _text_to_accept(request, draft, paragraphs, code=code)
            raise NotFound(_("Ce code n’est pas bon, ou il est trop vieux. Demandez-en un autre."), field="code")
        except Refused as refused:
            error = refused
    context = {"error": error, "code": code}
    status = 422 if error else 200
    return show(request, "trust/mandates/code.html", context, title=title, here=HERE, status=status)


def _text_to_accept(request: HttpRequest, draft: Mandate, paragraphs: list[str], code: str = "") -> HttpResponse:
    context = {"row": draft, "paragraphs": paragraphs, "code": code}
    return show(request, "trust/mandates/accept.html", context, title=_("Lisez, puis dites oui ou non"), here=HERE)


@needs("mandate.see")
@require_safe
def one(request: HttpRequest, reference: str) -> HttpResponse:
    """One mandate: its text, and all that was done under it."""
    mandate = _mine(request, reference)
    page = forms.page_number(request)
    done_under, more = forms.acts_shown(mandate, page=page)
    mine = str(mandate.principal_id) == session_of(request).person
    context = {
        "mandate": forms.shown(mandate),
        "paragraphs": text_kept(mandate) if mandate.text_sealed and mine else text_of(mandate),
        "acts": done_under,
        "number": page + 1,
        "more": more,
        "mine": mine,
    }
    return show(request, "trust/mandates/one.html", context, title=_("Mandat %s") % reference, here=HERE)


@needs("mandate.revoke")
@require_POST
def revoke(request: HttpRequest, reference: str) -> HttpResponse:
    """One click, no reason, at once."""
    try:
        acts.revoke(actor=session_of(request), reference=reference)
    except Refused as error:
        return troubled(request, error.sentence, "mandates")
    return done(request, _("C’est arrêté. Cette personne ne peut plus rien faire pour vous."), "mandates")


@needs("mandate.contest")
@require_POST
def contest(request: HttpRequest, reference: str) -> HttpResponse:
    try:
        acts.contest(actor=session_of(request), reference=reference, words=request.POST.get("words", ""))
    except Refused as error:
        return troubled(request, error.sentence, "mandate", reference=reference)
    return done(request, _("C’est envoyé. L’organisme doit vous répondre."), "mandate", reference=reference)


@needs("mandate.renounce")
@require_POST
def renounce(request: HttpRequest, reference: str) -> HttpResponse:
    """Who acts gives it up, for good."""
    actor = session_of(request)
    to = "helping" if actor.kind == "agent" else "mandates"
    try:
        acts.renounce(actor=actor, reference=reference)
    except Refused as error:
        return troubled(request, error.sentence, to)
    return done(request, _("C’est rendu : vous ne pouvez plus agir avec ce mandat."), to)


@needs("mandate.take")
@require_POST
def take(request: HttpRequest, reference: str) -> HttpResponse:
    """From now on, act for somebody."""
    actor = session_of(request)
    to = "helping" if actor.kind == "agent" else "mandates"
    try:
        held = acts.take(actor=actor, reference=reference)
    except Refused as error:
        return troubled(request, error.sentence, to)
    forms.put_in_hand(request, held.mandate, at=now().isoformat(), principal=held.principal)
    return done(request, _("Vous agissez maintenant pour cette personne, en votre nom."), to)


@needs("mandate.hand-back")
@require_POST
def hand_back(request: HttpRequest) -> HttpResponse:
    """Act for oneself again."""
    actor = session_of(request)
    acts.hand_back(actor=actor)
    if request.session.get("mandate"):
        forms.put_in_hand(request, "", at="")
    return done(
        request, _("Vous agissez de nouveau pour vous-même."), "helping" if actor.kind == "agent" else "mandates"
    )


@needs("mandate.hand-back")
@require_safe
def over(request: HttpRequest) -> HttpResponse:
    """The mandate in hand holds no more: what was sent was not kept, and why."""
    actor = session_of(request)
    context = {"idle": actor.mandate == known.IDLE_MARK, "agent": actor.kind == "agent"}
    return show(request, "trust/mandates/over.html", context, title=_("Ce mandat n’est plus valable"))


@needs("mandate.declare")
@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest, kind: str) -> HttpResponse:
    """A child, a protected person, a company: what is declared, and which document proves it."""
    titles = {
        "enfant": _("Agir pour mon enfant"),
        "protege": _("Agir pour une personne protégée"),
        "entreprise": _("Agir pour une entreprise"),
    }
    if kind not in titles:
        raise NotFound(_("Cette page n’existe pas."))
    context: dict[str, Any] = {"kind": kind, "authorities": known.authorities(), "typed": {"write": "oui"}}
    context |= forms.choices(THEMES)
    status = 200
    if request.method == "POST":
        try:
            _declared(request, kind)
            return done(request, _("C’est envoyé. Un agent va vérifier le document."), "mandates")
        except Refused as error:
            context |= {"error": error, "typed": forms.typed(request.POST)}
            status = error.status
    return show(request, "trust/mandates/declare.html", context, title=titles[kind], here=HERE, status=status)


def _declared(request: HttpRequest, kind: str) -> Mandate:
    form = request.POST
    said = {name: form.get(name, "")[:200] for name in ("me", "name", "paper", "authority")}
    actor, terms = session_of(request), forms.terms_of(form)
    attempts.spend(what="mandate-declare", who=actor.person, most=30, per=timedelta(days=1))
    if kind == "enfant":
        born = forms.day_of(form, "born")
        first = form.get("with_reference", "")[:20]
        return acts.declare_child(actor=actor, terms=terms, born=born, with_reference=first, **said)
    if kind == "protege":
        return acts.declare_guardian(actor=actor, terms=terms, until=forms.day_of(form, "until"), **said)
    return acts.declare_company(actor=actor, terms=terms, siren=form.get("siren", "")[:20], **said)


def _mine(request: HttpRequest, reference: str) -> Mandate:
    found = known.given_mandate(reference, person=UUID(session_of(request).person))
    if found is None:
        raise NotFound(_("Ce mandat n’existe pas."))
    return found
