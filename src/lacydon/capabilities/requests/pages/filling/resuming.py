"""Coming back to a draft: its link, its place, taking it into one's space, erasing it."""

from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel import attempts, forms, site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.forms import Field
from lacydon.kernel.forms.cleaning import Unfit, clean
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shown import show

from ...actions import drafts as writing
from ...queries.drafts import Where
from . import letters
from .places import answering
from .visiting import actor_of, draft_of, forged, go_back, guarded, to, token

METHODS = ["GET", "HEAD", "POST"]
NOT_CONDITIONS = ("citycode", "csrfmiddlewaretoken", "lieu", "connu")
HOUR = timedelta(hours=1)
EMAIL = Field(id="courriel", type="email", label={"fr": ""})


@open_to_all
@require_safe
def resume(request: HttpRequest, draft: str) -> HttpResponse:
    """Where the draft was left; its receipt once it was sent."""
    found, _news = draft_of(request, draft)
    return go_back(found)


@csrf_exempt  # the secret is in the address, and nothing is told of anybody
@open_to_all
@require_http_methods(METHODS)
def link(request: HttpRequest, draft: str) -> HttpResponse:
    """« Finir plus tard »: the address to keep, sent by e-mail to whoever asks for it and agrees."""
    found, _news = draft_of(request, draft)
    if found.sent:
        return to("draft-receipt", draft)
    if not found.anonymous:
        return to("draft", draft)
    address = site.address() + reverse("draft", kwargs={"draft": draft})
    errors, typed, posted = {}, request.POST.get("courriel", ""), False
    if request.method == "POST":
        try:
            email = clean(EMAIL, typed)
        except Unfit:
            email = None
        if not email:
            errors["courriel"] = forms.sentence(EMAIL, "wrong" if typed else "required")
        if request.POST.get("accord") != "yes":
            errors["accord"] = _("Cochez cette case pour recevoir le lien.")
        if not errors:
            attempts.spend(what="draft-link", who=accountable(client_address(request)), most=20, per=HOUR)
            attempts.spend(what="draft-link-to", who=str(email), most=3, per=HOUR)
            letters.resume_link(found, to=str(email))
            posted = True
    context = {
        "form": found.held.form, "address": address, "reference": draft, "errors": errors, "typed": typed,
        "posted": posted, "token": token(request),
        "adopt": reverse("draft-adopt", kwargs={"draft": draft}),
    }  # fmt: skip
    answer = show(
        request, "requests/filling/link.html", context, title=_("Finir plus tard"), status=422 if errors else 200,
        section="procedures",
    )  # fmt: skip
    return guarded(answer)


@csrf_exempt  # `forged` asks for the token
@open_to_all
@require_http_methods(METHODS)
def discard(request: HttpRequest, draft: str) -> HttpResponse:
    """Erase a draft, asked twice."""
    found, _news = draft_of(request, draft)
    if found.sent:
        return to("draft-receipt", draft)
    start = reverse("procedure", kwargs={"form": found.held.form.id})
    if request.method == "POST" and not forged(request):
        writing.discard(found)
        return HttpResponseRedirect(start)
    context = {"form": found.held.form, "reference": draft, "token": token(request)}
    return guarded(
        show(request, "requests/filling/discard.html", context, title=_("Effacer ce brouillon ?"), section="procedures")
    )


@csrf_exempt  # `forged` asks for the token
@open_to_all
@require_http_methods(METHODS)
def adopt(request: HttpRequest, draft: str) -> HttpResponse:
    """Somebody who has signed in takes what they typed before into a draft of theirs."""
    actor = actor_of(request)
    here = reverse("draft-adopt", kwargs={"draft": draft})
    if not actor.known:
        return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'suite': here})}")
    found, _news = draft_of(request, draft)
    if not found.anonymous or found.sent:
        return to("draft", draft)
    if request.method == "POST" and not forged(request):
        kept = writing.adopt(found, actor=actor)
        return to("draft", kept.reference)
    context = {"form": found.held.form, "action": here, "token": token(request)}
    return guarded(
        show(request, "requests/filling/adopt.html", context, title=_("Reprendre vos réponses"), section="procedures")
    )


@csrf_exempt  # `forged` asks for the token
@open_to_all
@require_http_methods(METHODS)
def place(request: HttpRequest, draft: str) -> HttpResponse:
    """Another place for the request: found as before starting, kept with one button."""
    found, _news = draft_of(request, draft)
    if found.sent:
        return to("draft-receipt", draft)
    told = request.POST if request.method == "POST" else request.GET
    asked = told.get("citycode", "")
    conditions = {name: str(value) for name, value in told.items() if name not in NOT_CONDITIONS}
    here = answering(found.held, Where(asked, conditions=conditions)) if asked else None
    if request.method == "POST" and here is not None and here.ready and not forged(request):
        writing.save(found, where=here.where)
        return to("draft-summary", draft)
    context = {
        "form": found.held.form, "here": here, "place": here.place if here else None, "where": found.where,
        "action": request.path, "next": request.path, "citycode": asked, "token": token(request),
        "kept": [("citycode", asked), *conditions.items()], "reference": draft,
    }  # fmt: skip
    title = _("Où est-ce ? – %s") % said(found.held.form.title)
    return guarded(show(request, "requests/filling/place.html", context, title=title, section="procedures"))
