"""Disruptions for machines: JSON, an Atom feed of each line, stop and commune, each message in CAP 1.2."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.utils.xmlutils import SimplerXMLGenerator
from django.views.decorators.http import require_safe
from ninja import Router

from lacydon.kernel import site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.clock import now
from lacydon.kernel.texts import said

from ..queries import disruptions as asked
from ..queries.disruptions import DisruptionView
from ..queries.disruptions.cap import cap
from ..queries.disruptions.sentences import when_words

PAGE = "/transports/perturbations"
CAP = "application/cap+xml"
router = Router()


@router.get("/disruptions", summary="What disturbs transport, now and later", url_name="disruptions")
@open_to_all
def disruptions(request: HttpRequest, line: str = "", stop: str = "", citycode: str = "") -> list[dict[str, Any]]:
    """`line`: id of a line; `stop`: id of a place; `citycode`: INSEE code. Texts in both languages."""
    return [out(each) for each in _asked(line=line, stop=stop, citycode=citycode)]


@router.get("/disruptions/{id}", summary="One disruption, over or not", url_name="disruption")
@open_to_all
def disruption(request: HttpRequest, id: int) -> dict[str, Any]:
    return out(asked.disruption(id))


def out(view: DisruptionView) -> dict[str, Any]:
    """A disruption as JSON: words of GTFS-RT, moments in UTC."""
    when = now()
    return {
        "id": view.id,
        "url": f"{site.address()}{PAGE}/{view.id}",
        "title": dict(view.title),
        "text": dict(view.text),
        "cause": str(view.cause),
        "effect": str(view.effect),
        "severity": str(view.severity),
        "planned": view.planned,
        "state": "withdrawn" if view.state == "withdrawn" else "over" if view.over(when)
        else "running" if view.running(when) else "coming",
        "periods": [{"begin": each.begin, "end": each.end} for each in view.periods],
        "lines": [{"id": each.ref, "name": each.name} for each in view.routes],
        "stops": [{"id": each.ref, "name": each.name} for each in view.places],
        "quays": [each.ref for each in view.stops],
        "networks": [{"id": each.ref, "name": each.name} for each in view.agencies],
        "communes": [{"citycode": each.ref, "name": each.name} for each in view.communes],
        "trips": [each.ref for each in view.trips],
        "moreAt": view.url,
        "roadworks": {"title": view.roadworks, "url": view.roadworks_url} if view.roadworks_url else None,
        "sources": list(view.sources),
        "publishedAt": view.published_at,
        "changedAt": view.changed_at,
        "revision": view.revision,
    }  # fmt: skip


@open_to_all
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Atom (RFC 4287): all, or those of `ligne`, `arret`, `commune`. Each entry leads to its page and to its CAP."""
    narrowed = {name: request.GET.get(name, "")[:200] for name in ("ligne", "arret", "commune")}
    query = urlencode({name: value for name, value in narrowed.items() if value})
    found = _asked(line=narrowed["ligne"], stop=narrowed["arret"], citycode=narrowed["commune"])
    base = site.address()
    address = f"{base}{PAGE}.atom" + (f"?{query}" if query else "")
    with override("fr"):
        made = _WithCap(
            title=_("Perturbations des transports"), link=f"{base}{PAGE}" + (f"?{query}" if query else ""),
            description=None, language="fr", feed_url=address, feed_guid=address,
        )  # fmt: skip
        for each in sorted(found, key=lambda view: view.changed_at, reverse=True):
            link = f"{base}{PAGE}/{each.id}"
            lines = ", ".join(about.name or about.ref for about in each.routes[:20])
            made.add_item(
                title=_plain(said(each.title)),
                link=link,
                description=_plain("\n".join(filter(None, (lines, when_words(each), said(each.text))))),
                unique_id=link,
                pubdate=each.published_at,
                updateddate=each.changed_at,
                author_name=_plain(", ".join(each.sources)) or _("Le réseau"),
                cap=f"{link}.cap",
            )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


@open_to_all
@require_safe
def one_cap(_request: HttpRequest, id: int) -> HttpResponse:
    """One disruption in CAP 1.2."""
    return HttpResponse(cap(asked.disruption(id)), content_type=f"{CAP}; charset=utf-8")


class _WithCap(Atom1Feed):
    """An Atom feed whose entries lead to their message in CAP."""

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        super().add_item_elements(handler, item)
        handler.addQuickElement("link", "", {"rel": "alternate", "type": CAP, "href": item["cap"]})


def _asked(*, line: str, stop: str, citycode: str) -> Iterable[DisruptionView]:
    found = asked.current()
    for given, narrowed in ((line, asked.on_line), (stop, asked.on_place), (citycode, asked.in_commune)):
        if given:
            kept = {each.id for each in narrowed(given)}
            found = tuple(each for each in found if each.id in kept)
    return found


def _plain(text: str) -> str:
    """Without the signs that XML has no way to write."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


urlpatterns = [
    path("transports/perturbations.atom", feed, name="disruptions-feed"),
    path("transports/perturbations/<int:id>.cap", one_cap, name="disruption-cap"),
]
