"""What changes in the agenda, as Atom (RFC 4287): all of it, or one object (`?objet=action:portail`)."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.http import require_safe

from lacydon.kernel import site
from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said

from ..errors import UnknownObject
from ..queries.chart import Chart
from ..queries.indicators.movements import Movement, from_to, movements
from ..queries.nouns import Indicator
from ..queries.plan.history import Step, Writing, history, step_titles, who_words, writings
from ..queries.plan.moments import moment
from ..queries.plan.words import KINDS

PAGE, MOST = "/agenda/changements", 40


@open_to_all
@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """Each entry is a writing (all that was changed at once, for one reason), or a state of the object asked for."""
    wanted = request.GET.get("objet", "")[:100]
    kind, colon, id_ = wanted.partition(":")
    with override("fr"):
        among = moment().chart
        if not wanted:
            written = [_writing(each) for each in writings(among=among, limit=MOST)]
            moves = [_move(each, among) for each in movements((one.id for one in among.all(Indicator)), limit=MOST)]
            last = sorted((*written, *moves), key=lambda each: each["at"], reverse=True)[:MOST]
            return _answered(_("L’agenda numérique : ce qui change"), "", last)
        if not colon:
            raise UnknownObject(_("Écrivez l’objet comme action:portail."))
        steps = history(kind, id_, among=among)[:MOST]
        title = f"{KINDS[kind]} : {said(steps[0].title)}"
        return _answered(title, wanted, map(_step, steps))


def _writing(each: Writing) -> dict[str, Any]:
    count = each.count
    titles = step_titles(each.steps)
    words = ngettext("%d changement", "%d changements", count) % count
    return {
        "title": f"{words} : {titles}" if count <= 3 else words,
        "description": "\n".join(filter(None, (_why(each), titles))),
        "at": each.at,
        "doer": each.doer,
        "page": PAGE,
        "id": f"{each.at.timestamp():.6f}",
    }


def _move(each: Movement, among: Chart) -> dict[str, Any]:
    one = among.one(Indicator, each.indicator)
    return {
        "title": f"{said(one.title)} : {from_to(each, one)}",
        "description": f"{each.dataset}@{each.version}" if each.dataset else each.figure,
        "at": each.at,
        "doer": each.doer,
        "page": f"/agenda/indicateurs/{each.indicator}",
        "id": f"{each.at.timestamp():.6f}",
    }


def _step(each: Step) -> dict[str, Any]:
    verbs = {"created": _("Ajout"), "removed": _("Retrait"), "changed": _("Changement")}
    lines = [f"{one.what} : {one.before or '–'} → {one.after or '–'}" for one in each.differences]
    return {
        "title": f"{verbs[each.verb]} : {said(each.title)}",
        "description": "\n".join(filter(None, (_why(each), *lines))),
        "at": each.at,
        "doer": each.doer,
        "page": f"/agenda/historique/{each.kind}/{each.id}",
        "id": str(each.number),
    }


def _why(each: Writing | Step) -> str:
    return " – ".join(filter(None, (each.reason, each.act.number if each.act else "")))


def _answered(title: str, wanted: str, entries: Any) -> HttpResponse:
    base = site.address()
    address = f"{base}{PAGE}.atom" + (f"?{urlencode({'objet': wanted})}" if wanted else "")
    made = Atom1Feed(
        title=_plain(title), link=f"{base}{PAGE}", description=None, language="fr", feed_url=address, feed_guid=address
    )
    for each in entries:
        made.add_item(
            title=_plain(each["title"]),
            link=f"{base}{each['page']}",
            description=_plain(each["description"]),
            unique_id=f"{base}{each['page']}#{each['id']}",
            pubdate=each["at"],
            updateddate=each["at"],
            author_name=_plain(who_words(each["doer"]) or _("La plateforme")),
        )
    return HttpResponse(made.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _plain(text: str) -> str:
    """Without the signs that XML has no way to write."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n")


urlpatterns = [path("agenda/changements.atom", feed, name="agenda-changes-atom")]
