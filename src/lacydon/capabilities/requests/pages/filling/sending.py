"""« Vérifiez vos réponses », then sent once, then the receipt: on a page, as a file, by e-mail."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from lacydon.kernel import forms, site
from lacydon.kernel.access import SignInNeeded, open_to_all
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shown import show

from ...actions import submitting
from ...actions.reading import read_own, read_request
from ...actions.submitting import Sent, fingerprint
from ...errors import ChangedMeanwhile, NobodyCompetent, WrongAnswers
from ...models import Report
from ...queries import fees, receipts
from ...queries.answers import computed_in_words, in_words
from ...queries.attachments import of_draft, of_request
from ...queries.drafts import Opened, Where, draft, where_of
from ...queries.recipients import Handing, handing
from ...queries.reports import nearby
from . import letters
from .fields import field_named
from .places import Answering, answering
from .visiting import actor_of, draft_of, forged, guarded, pages_of, to, token


@open_to_all
@require_safe
def summary(request: HttpRequest, draft: str) -> HttpResponse:
    """All the answers, each with the way to change it, and the button that sends."""
    found, news = draft_of(request, draft)
    if found.sent:
        return to("draft-receipt", draft)
    return _summary(request, found, sentence=news)


@csrf_exempt  # who is signed in is asked for their token in `forged`; an anonymous draft has its secret in the address
@open_to_all
@require_POST
def send(request: HttpRequest, draft: str) -> HttpResponse:
    """Send, once: a double click, the back button, an answer that was lost all lead to the same receipt."""
    actor = actor_of(request)
    if forged(request):
        sentence = _("Votre session a changé depuis que cette page est ouverte : relisez, puis envoyez.")
        return _again(request, draft, sentence, 403)
    try:
        submitting.submit(
            actor=actor, reference=draft, seen=request.POST.get("empreinte", ""),
            letter=lambda sent: letters.receipt(request, sent),
        )  # fmt: skip
    except SignInNeeded:
        onward = reverse("draft-summary", kwargs={"draft": draft})
        return guarded(_to_sign_in(onward))
    except (ChangedMeanwhile, WrongAnswers, NobodyCompetent) as refusal:
        return _again(request, draft, str(refusal.sentence), refusal.status)
    return to("draft-receipt", draft)


def _to_sign_in(onward: str) -> HttpResponse:
    return HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'suite': onward})}")


def _again(request: HttpRequest, reference: str, sentence: str, status: int) -> HttpResponse:
    found, news = draft_of(request, reference)
    if found.sent:
        return to("draft-receipt", reference)
    return _summary(request, found, sentence=news or sentence, status=status)


def _near(form: forms.Form, where: Where) -> list[tuple[Report, int]]:
    """What is already reported around this point: perhaps the same, which can be followed instead."""
    if form.kind != "report" or where.lon is None or where.lat is None:
        return []
    return [(row, round(metres)) for row, metres in nearby(lon=where.lon, lat=where.lat, categories=[form.id])]


def _handing(found: Opened, here: Answering, answers: forms.Answers) -> Handing | None:
    """What becomes of the answers, once it is known who gets them."""
    if here.competent is None or not here.ready:
        return None
    return handing(found.held, answers, organisation=here.competent.organisation)


def _summary(request: HttpRequest, found: Opened, *, sentence: str = "", status: int = 200) -> HttpResponse:
    form = found.held.form
    checked = forms.validate(form, found.answers)
    files = {each.id: each.name for each in of_draft(found.row)} if form.files else {}
    trouble = ""
    try:
        where = where_of(found)
    except Refused as refusal:
        where, trouble = found.where, str(refusal.sentence)
    here = answering(found.held, where, surely=False)
    pages = pages_of(found.held, found.answers)
    errors = [(form.page_of(name), field_named(form, name), error) for name, error in checked.errors.items()]
    context = {
        "form": form,
        "reference": found.reference,
        "sections": in_words(form, found.answers, files=files),
        "computed": computed_in_words(form, found.answers),
        "here": here,
        "handing": _handing(found, here, checked.answers),
        "where": where,
        "fixed": len(form.communes) == 1 or where is not found.where,
        "trouble": trouble or here.trouble,
        "errors": [
            (each.id, said(asked.label) if asked else "", error) for each, asked, error in errors if each is not None
        ],
        "ready": not checked.errors and here.ready and not trouble,
        "sentence": sentence,
        "near": _near(form, where),
        "seen": fingerprint(found),
        "token": token(request),
        "last": pages[-1].id if pages else "",
        "total": len(pages) + 1,
    }
    title = _("Vérifiez vos réponses – %s") % said(form.title)
    answer = show(request, "requests/filling/summary.html", context, title=title, status=status, section="procedures")
    return guarded(answer)


# After it was sent


@open_to_all
@require_safe
def receipt(request: HttpRequest, draft: str) -> HttpResponse:
    """The number, how to follow, what happens next. For a day, at the address of the draft it was made of."""
    sent = _sent(request, draft)
    if sent is None:
        return to("draft", draft)
    row = sent.request
    told = receipts.receipt(row)
    context = {
        "r": told,
        "secret": sent.secret if sent.anonymous else "",
        "until": row.opened_at + submitting.SENT_KEPT,
        "pdf": reverse("draft-receipt-pdf", kwargs={"draft": draft}),
        "follow": follow(sent),
        "email": _file(request, sent).contact.get("email", ""),
        "report": row.kind == "report",
        "to_pay": fees.to_pay(row),
    }
    told_so = _("Votre signalement est envoyé – %s") if row.kind == "report" else _("Votre demande est envoyée – %s")
    title = told_so % row.number
    return guarded(show(request, "requests/receipt/receipt.html", context, title=title, section="procedures"))


@open_to_all
@require_safe
def receipt_pdf(request: HttpRequest, draft: str) -> HttpResponse:
    """The same as a file to keep, with what was answered."""
    sent = _sent(request, draft)
    if sent is None:
        return to("draft", draft)
    return _pdf(request, sent)


def _pdf(request: HttpRequest, sent: Sent) -> HttpResponse:
    files = {each.id: each.name for each in of_request(sent.request)}
    told = receipts.receipt(sent.request, answers=_file(request, sent).answers, files=files)
    address = site.address() + reverse("verify", kwargs={"code": told.code})
    content = receipts.as_pdf(told, address=address)
    name = _("recepisse-%s.pdf") % sent.request.number
    return as_attachment(content, media_type="application/pdf", name=name)


def follow(sent: Sent) -> str:
    """Where a request is followed."""
    if sent.anonymous:
        return "/suivi"
    return f"/mon-espace/demandes/{sent.request.number}"


def _sent(request: HttpRequest, reference: str) -> Sent | None:
    found = draft(reference, actor=actor_of(request))
    return submitting.already(found) if found.sent else None


def _file(request: HttpRequest, sent: Sent) -> Any:
    if sent.anonymous:
        return read_own(sent.request)
    return read_request(actor=actor_of(request), number=sent.request.number)
