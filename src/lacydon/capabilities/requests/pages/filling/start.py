"""Before starting: the procedures that can be done online, and what each takes, asks for and leads to."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.capabilities.services import public as services
from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.french import plain
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ...queries import drafts
from ...queries.bookable import bookable
from ...queries.forms import published_form, published_forms
from ...queries.published import Held
from .places import answering, where_asked
from .visiting import actor_of

LONGEST = 100
"""Characters of a search that are read."""
MEANT = 8
"""Services that are looked at when no procedure is called as what was typed."""


@open_to_all
@require_safe
def procedures(request: HttpRequest) -> HttpResponse:
    """All that can be done online, by family; `q`: words of the title, `secteur`: one family, `citycode`: the place."""
    asked, sector = request.GET.get("q", "")[:LONGEST], request.GET.get("secteur", "")
    citycode = request.GET.get("citycode", "")
    groups: dict[str, tuple[Any, list[tuple[Held, str]]]] = {}
    words = plain(asked).split()
    offered = [(each, service) for each in published_forms().values() if (service := _service(each)) is not None]
    named = [pair for pair in offered if _found(words, *pair)]
    for each, service in named or _meant(asked, offered):
        if sector and service.sector != sector:
            continue
        family = services.sector(service.sector)
        query = f"?{urlencode({'citycode': citycode})}" if citycode else ""
        address = reverse("procedure", kwargs={"form": each.form.id}) + query
        groups.setdefault(family.id, (family, []))[1].append((each, address))
    order = [each.id for each in services.sectors()]
    context = {
        "groups": [groups[id] for id in sorted(groups, key=order.index)],
        "count": sum(len(held) for _family, held in groups.values()),
        "q": asked,
        "sector": services.sector(sector) if sector else None,
        "drafts": drafts.drafts_of(actor_of(request)),
    }
    html = page(
        "requests/filling/procedures.html", context, address=request.get_full_path(), section="procedures",
        title=_("Démarches en ligne"), description=_("Ce que vous pouvez demander ou signaler en ligne, par sujet."),
    )  # fmt: skip
    return _private(HttpResponse(html), bool(context["drafts"]))


@open_to_all
@require_safe
def procedure(request: HttpRequest, form: str) -> HttpResponse:
    """What a procedure takes, before it is begun. Parameters: `citycode`, and what decides who answers there."""
    held = published_form(form)
    actor = actor_of(request)
    here = answering(held, where_asked(request, held))
    begun = drafts.current(held.form.id, actor=actor)
    conditions = dict(here.where.conditions)
    query = urlencode({"citycode": here.where.citycode} | conditions)
    service = _service(held)
    meeting = ""
    if bookable(form=held.form.id, service=held.form.service, citycode=here.where.citycode):
        told = {"formulaire": held.form.id} | ({"citycode": here.where.citycode} if here.where.citycode else {})
        meeting = f"{reverse('appointments')}?{urlencode(told)}"
    context = {
        "form": held.form,
        "service": service,
        "here": here,
        "place": here.place,
        "citycode": here.where.citycode,
        "fixed": len(held.form.communes) == 1,
        "resolution": here.competent.resolution if here.competent else None,
        "action": request.path,
        "kept": [("citycode", here.where.citycode), *conditions.items()],
        "next": request.path,
        "go": f"{reverse('procedure-begin', kwargs={'form': held.form.id})}?{query}",
        "sheet": reverse("service", kwargs={"id": held.form.service}) + (f"?{query}" if here.where.citycode else ""),
        "draft": begun,
        "documents": [*held.form.documents, *(each.label for each in held.form.files if each.required)],
        "maybe": [each.label for each in held.form.files if not each.required],
        "sign_in": held.form.who != "anyone" and not actor.known,
        "sign_in_address": f"{reverse('sign-in')}?{urlencode({'suite': request.get_full_path()})}",
        "meeting": meeting,
        "anonymous": held.form.who == "anyone" and not actor.known,
    }
    html = page(
        "requests/filling/procedure.html", context, address=request.get_full_path(), section="procedures",
        title=said(held.form.title), description=said(held.form.intro) if held.form.intro else said(held.form.title),
    )  # fmt: skip
    return _private(HttpResponse(html), actor.known)


def _service(held: Held) -> services.ServiceView | None:
    try:
        return services.service(held.form.service)
    except Refused:
        return None


def _found(words: list[str], held: Held, service: services.ServiceView) -> bool:
    text = plain(" ".join([*_texts(held.form.title), *_texts(service.title), *service.keywords]))
    return all(each in text for each in words)


def _meant(asked: str, offered: Sequence[tuple[Held, services.ServiceView]]) -> list[tuple[Held, services.ServiceView]]:
    """By the search of services, which understands stems, typos and everyday words."""
    hits = {hit.service.id for hit in services.search_services(q=asked, lang=get_language() or "fr", limit=MEANT).hits}
    return [pair for pair in offered if pair[1].id in hits]


def _texts(text: Mapping[str, str]) -> list[str]:
    return list(text.values())


def _private(response: HttpResponse, private: bool) -> HttpResponse:
    if private:
        response["Cache-Control"] = "private, no-store"
    return response
