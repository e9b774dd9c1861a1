"""The questions, a page at a time: shown with what is known, saved at each posting, asked again when one is wrong."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import forms
from lacydon.kernel.access import NOBODY, SignInNeeded, open_to_all
from lacydon.kernel.forms import Page
from lacydon.kernel.texts import said
from lacydon.kernel.ui.kept import kept
from lacydon.kernel.ui.shell import filled, framed

from ...actions import attachments
from ...actions import drafts as writing
from ...actions.submitting import admit
from ...queries import drafts
from ...queries.attachments import of_draft
from ...queries.drafts import Opened, Where
from ...queries.forms import published_form
from ...queries.published import Held
from . import companies, pointing, posting, prefilling, scripts
from .fields import Shown, anchor, field_named, fields_html
from .places import asked_where
from .posting import Posted
from .visiting import actor_of, address_of, draft_of, forged, guarded, page_after, pages_of, to, to_page, token

METHODS = ["GET", "HEAD", "POST"]
KEPT_BY = re.compile(r"(citycode=[0-9A-Z]{5})?")
"""Queries in which nobody can have typed anything."""


@dataclass(frozen=True, slots=True)
class Asking:
    """A page being asked: of a draft, or before there is one (`found` is None)."""

    held: Held
    page: Page
    answers: Mapping[str, Any]
    where: Where
    found: Opened | None = None
    news: str = ""


@csrf_exempt  # who is signed in is asked for their token in `forged`; nobody else has a session to abuse
@open_to_all
@require_http_methods(METHODS)
def begin(request: HttpRequest, form: str) -> HttpResponse:
    """The first page, before there is a draft: nothing is kept until it is posted."""
    held = published_form(form)
    admit(held.form, actor_of(request))
    query = request.META.get("QUERY_STRING", "")
    if KEPT_BY.fullmatch(query):
        return kept(request, lambda: _first(request, held), of=(held.version.digest, request.path, query))
    return _first(request, held)


def _first(request: HttpRequest, held: Held) -> HttpResponse:
    where = asked_where(request, held)
    if isinstance(where, HttpResponse):
        return where
    before = writing.drafts.current(held.form.id, actor=actor_of(request))
    if before is not None and request.method != "POST":
        return to("draft", str(before.pk))
    asking = Asking(held, pages_of(held, {})[0], {}, where)
    if request.method == "POST":
        return _answered(request, asking)
    return _show(request, asking, _proposed(asking))


@csrf_exempt  # as above; an anonymous draft has its secret in the address
@open_to_all
@require_http_methods(METHODS)
def question(request: HttpRequest, draft: str, page: str) -> HttpResponse:
    """A page of a draft. Parameter: `retour=verifier` to go back to the summary once it is saved."""
    try:
        found, news = draft_of(request, draft)
    except SignInNeeded:
        return _rescued(request, draft, page)
    if found.sent:
        return to("draft-receipt", draft)
    pages = pages_of(found.held, found.answers)
    here = next((each for each in pages if each.id == page), None)
    if here is None:
        return to_page(found, pages[0])
    asking = Asking(found.held, here, found.answers, found.where, found, news)
    if request.method == "POST":
        return _answered(request, asking)
    return _show(request, asking, _proposed(asking))


def mark_of(page: Page, answers: Mapping[str, Any]) -> str:
    """What was answered to this page when it was shown: another answer since then is seen."""
    mine = {each.id: answers[each.id] for each in page.fields if each.id in answers}
    return hashlib.sha256(json.dumps(mine, sort_keys=True).encode()).hexdigest()[:16] if mine else ""


# What was posted


def _answered(request: HttpRequest, asking: Asking) -> HttpResponse:
    """Save what suits, then go on; or show the page again, with what was typed."""
    told, page = posting.read(request), asking.page
    act = pointing.act_of(request)
    if forged(request):
        sentence = _("Votre session a changé depuis que cette page est ouverte. Vérifiez vos réponses, puis continuez.")
        return _show(request, asking, told, sentence=sentence, status=403)
    if pointing.is_act(act):
        pointing.turn(told, page, act, held=asking.held, where=asking.where)
    posting.find_places(told, page)
    act = companies.look_for(request, told, page, act, citycode=asking.where.citycode)
    posting.change_rows(told, page, act)
    leaving = act in ("garder", "suivre")
    if asking.found is None and pointing.is_act(act) and not request.FILES:
        return _show(request, asking, told, only=told.errors)  # looking at a plan begins no draft
    first = _check(asking, told, lenient=True)
    if asking.found is not None and _meanwhile(request, asking, first.answers):
        sentence = _(
            "Cette page a été enregistrée entre-temps avec d’autres réponses, dans un autre onglet ou par quelqu’un "
            "d’autre. Voici les vôtres : vérifiez, puis continuez."
        )
        return _show(request, asking, told, sentence=sentence, status=409)
    found = _saved(request, asking, told, done=act == "suivre")
    asking = Asking(found.held, page, found.answers, found.where, found)
    if request.FILES or act.startswith(("oter:", "joindre:")) or any(each.type == "file" for each in _all(page)):
        if act.startswith("oter:"):
            attachments.remove(found=found, id=act.partition(":")[2])
        posting.receive_files(request, told, page, found)
        posting.own_files_only(told, page, found)
        prefilling.take_proofs(request, told, page, found)
        found = _saved(request, asking, told, done=act == "suivre")
    checked = _check(asking, told, lenient=act != "suivre")
    errors = told.errors | {name: each for name, each in checked.errors.items() if name not in told.errors}
    if not leaving:
        return _show(request, _asked_of(asking, found), told, only=told.errors)
    if act == "garder" and not told.errors:
        return to("draft-link", found.reference) if found.anonymous else HttpResponseRedirect(reverse("procedures"))
    new = [each for each in first.appeared if not any(name.startswith(each) for name in told.errors)]
    errors = {name: each for name, each in errors.items() if name.partition("-")[0] not in new}
    if errors:
        return _show(request, _asked_of(asking, found), told, only=errors, status=422)
    if new:
        return to_page(found, page, query=_query(request, nouveau=new[0]), fragment=f"q-{new[0]}")
    after = page_after(found.held, found.answers, page)
    if after is None or request.GET.get("retour") == "verifier":
        return to("draft-summary", found.reference)
    return to_page(found, after)


def _all(page: Page) -> list[forms.Field]:
    return [inner for each in page.fields for inner in (each, *each.fields)]


def _asked_of(asking: Asking, found: Opened) -> Asking:
    return Asking(found.held, asking.page, found.answers, found.where, found)


def _check(asking: Asking, told: Posted, *, lenient: bool) -> forms.Checked:
    communes = frozenset(each.code for each in territory.communes())
    return forms.validate_page(
        asking.held.form, asking.page, told.raw, asking.answers, communes=communes, lenient=lenient
    )


def _meanwhile(request: HttpRequest, asking: Asking, kept: Mapping[str, Any]) -> bool:
    """Whether the page was saved otherwise since it was shown; the same answers twice are no conflict."""
    now_there = mark_of(asking.page, asking.answers)
    return request.POST.get("vu", "") != now_there != mark_of(asking.page, kept)


def _saved(request: HttpRequest, asking: Asking, told: Posted, *, done: bool) -> Opened:
    """The draft with what suits of this page; made now when there was none."""
    page = asking.page

    def with_this_page(before: dict[str, Any]) -> dict[str, Any]:
        fresh = Asking(asking.held, page, before, asking.where)
        answers = dict(_check(fresh, told, lenient=True).answers)
        return {id: answer for id, answer in answers.items() if id not in told.errors}

    answers = with_this_page(dict(asking.answers))
    after = page_after(asking.held, answers, page) if done else page
    reached = after.id if after is not None else "~fin"
    if asking.found is None:
        return writing.begin(
            actor=actor_of(request), held=asking.held, where=asking.where, answers=answers, page=reached
        )
    seen = [*dict.fromkeys([*asking.found.facts.get("seen", ()), page.id])]
    return writing.save(asking.found, answers=with_this_page, page=reached, facts={"seen": seen})


def _query(request: HttpRequest, **more: str) -> str:
    back = request.GET.get("retour", "")
    return urlencode(({"retour": back} if back == "verifier" else {}) | more)


def _rescued(request: HttpRequest, reference: str, page: str) -> HttpResponse:
    """The session is over: what was typed waits in a draft of nobody's, then comes into theirs once they are in."""
    if request.method != "POST":
        raise SignInNeeded()
    held = drafts.asked_by(reference)
    here = held.form.page_by_id.get(page) if held else None
    if held is None or here is None:
        raise SignInNeeded()
    told = posting.read(request)
    answers = _check(Asking(held, here, {}, Where("")), told, lenient=True).answers
    kept = writing.begin(actor=NOBODY, held=held, where=Where(""), answers=answers, page=page)
    onward = address_of("draft-adopt", kept.reference)
    return guarded(HttpResponseRedirect(f"{reverse('sign-in')}?{urlencode({'suite': onward})}"))


# What is shown


def _proposed(asking: Asking) -> Posted:
    told = Posted(posting.as_raw(asking.page, asking.answers))
    if asking.found is not None and _has_files(asking.page):
        posting.own_files_only(told, asking.page, asking.found)
    return told


def _show(
    request: HttpRequest,
    asking: Asking,
    told: Posted,
    *,
    only: Mapping[str, str] | None = None,
    sentence: str = "",
    status: int = 200,
) -> HttpResponse:
    held, page, found = asking.held, asking.page, asking.found
    errors = dict(only or {})
    proposals = prefilling.proposals(request, asking.where, page, told.raw, found) if request.method == "GET" else None
    if proposals:
        told.raw |= proposals.raw
    now_known = _check(asking, told, lenient=True).answers if request.method == "POST" else asking.answers
    visible = forms.visible_fields(held.form, page, now_known)
    upload = address_of("draft-uploads", found.reference) if found else ""
    action = _action(request, asking)
    plan = any(each.endswith("-vue") for each in told.raw)
    shown = Shown(
        held=held, raw=told.raw, errors=errors, choices=told.choices, rows=told.rows, uploads=upload,
        files={each.id: each for each in of_draft(found.row)} if found and _has_files(page) else {},
        sources=told.sources | (proposals.sources if proposals else {}), proofs=prefilling.proofs(request, page),
        answers=now_known, where=asking.where, action=action,
    )  # fmt: skip
    pages = pages_of(held, asking.answers)
    position = next((at for at, each in enumerate(pages, 1) if each.id == page.id), 1)
    title = said(page.title)
    progress = _("Page %(number)d sur %(total)d") % {"number": position, "total": len(pages) + 1}
    holes: dict[str, Any] = {
        "progress": progress,
        "total": str(len(pages) + 1),
        "position": str(position),
        "heading": title,
        "intro": said(page.intro) if page.intro else "",
        "news": _news(request, asking),
        "trouble": _trouble(held, errors, sentence),
        "action": action,
        "token": token(request) + _hidden("vu", mark_of(page, asking.answers)),
        "fields": fields_html(shown, page.fields, {each.id for each in visible}),
        "sums": scripts.sums(held, page, now_known),
        "go": _("Enregistrer et continuer"),
        "rules": scripts.rules(held, page),
        "known": scripts.known(held, page, asking.answers),
        **_back(request, asking, pages, position),
        "aside": _aside(found),
    }
    body = filled("requests/filling/page.html", holes)
    name = f"{title} – {progress} – {said(held.form.title)}"
    if errors or sentence:
        name = _("À revoir : %s") % name
    html = framed(
        body,
        address=request.get_full_path(),
        title=name,
        section="procedures",
        head=scripts.head(files=_has_files(page), plan=plan),
    )
    return guarded(HttpResponse(html, status=status))


def _action(request: HttpRequest, asking: Asking) -> str:
    """Where the page is posted: to its draft as soon as there is one, so that no second one is begun."""
    if asking.found is None:
        return request.get_full_path()
    address, query = address_of("draft-page", asking.found.reference, page=asking.page.id), _query(request)
    return f"{address}?{query}" if query else address


def _has_files(page: Page) -> bool:
    return any(each.type == "file" for each in _all(page))


def _hidden(name: str, value: str) -> SafeString:
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


def _news(request: HttpRequest, asking: Asking) -> SafeString:
    sentence = asking.news
    if not sentence and request.GET.get("nouveau") in asking.held.form.by_id:
        sentence = _("Selon votre réponse, nous vous demandons aussi ceci.")
    return filled("requests/filling/news.html", {"sentence": sentence}) if sentence else SafeString("")


def _trouble(held: Held, errors: Mapping[str, str], sentence: str) -> SafeString:
    if not errors and not sentence:
        return SafeString("")
    told = []
    for name, error in errors.items():
        asked = field_named(held.form, name)
        told.append((anchor(asked, name), said(asked.label) if asked else "", error))
    return SafeString(get_template("requests/filling/trouble.html").render({"errors": told, "sentence": sentence}))


def _back(request: HttpRequest, asking: Asking, pages: list[Page], position: int) -> dict[str, str]:
    if request.GET.get("retour") == "verifier" and asking.found:
        address = address_of("draft-summary", asking.found.reference)
        return {"back": address, "back_label": _("Retour au résumé")}
    if position > 1 and asking.found:
        before = pages[position - 2]
        address = address_of("draft-page", asking.found.reference, page=before.id)
        return {"back": address, "back_label": _("Page précédente")}
    start = reverse("procedure", kwargs={"form": asking.held.form.id})
    where = asking.where
    query = urlencode({"citycode": where.citycode} | dict(where.conditions)) if where.citycode else ""
    return {"back": f"{start}?{query}" if query else start, "back_label": said(asking.held.form.title)}


def _aside(found: Opened | None) -> SafeString:
    if found is None:
        return SafeString("")
    name, label = "draft-discard", _("Effacer ce brouillon")
    if found.anonymous:
        name, label = "draft-link", _("Recevoir le lien pour finir plus tard")
    holes = {
        "saved": _("Brouillon enregistré, gardé 30 jours."),
        "link": address_of(name, found.reference),
        "link_label": label,
    }
    return filled("requests/filling/aside.html", holes)
