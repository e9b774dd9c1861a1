"""Freezing the agenda at a vote: the act, what will be frozen, then its hash, which anybody can check later."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done

from ...actions.editing import edit
from ...actions.freezing import freeze as make
from ...actions.writing import Wanted
from ...models import Frozen
from ...queries.chart import Chart
from ...queries.nouns import Action, LegalAct
from ...queries.writing import past
from ...queries.writing.fields import fields_of
from ...queries.writing.names import Names, name_of
from ...queries.writing.rights import check_steers, steers
from ...queries.writing.typed import blank, new_id, read_object
from ...queries.writing.words import KINDS
from ..tabs import maybe
from .frame import actor_of, shown

ACT = ("number", "date", "body", "url")


@needs("agenda.steer")
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """Choose or write the act; then confirm what is frozen."""
    now, actor, form = past.fresh(), actor_of(request), request.POST
    typed = {name: form.get(name, "")[:2_000].strip() for name in (*ACT, "title", "act")}
    faults: dict[str, str] = {}
    refusal, status = "", 200
    if request.method == "POST":
        check_steers(actor, now)
        try:
            if form.get("faire") == "figer":
                return _frozen(request, now)
            if typed["act"]:
                return HttpResponseRedirect(f"{reverse('agenda-writing-freeze')}?acte={typed['act']}")
            made, faults = _act(typed, now)
            if made is not None:
                wanted = Wanted(kind="act", id=made.id, object=made, number=0)
                edit(actor=actor, wanted=[wanted], reason=_("Acte du vote qui fige l’agenda"))
                return HttpResponseRedirect(f"{reverse('agenda-writing-freeze')}?acte={made.id}")
            status = 422
        except Refused as refused:
            refusal, status = str(refused.sentence), refused.status
    context = _context(request, now, typed) | {
        "faults": faults, "summary": list(faults.items()), "refusal": refusal, "steering": steers(actor, now),
    }  # fmt: skip
    title = _("Figer l’agenda à un vote")
    return shown(request, "freeze", context, title=title, status=status, here="agenda-writing-plan")


def _frozen(request: HttpRequest, now: Chart) -> HttpResponse:
    """Freeze, unless it is not what was shown any more. Raises Refused."""
    agenda = now.agenda()
    act = request.POST.get("act", "")
    if agenda is None or request.POST.get("empreinte") != now.content:
        return HttpResponseRedirect(f"{reverse('agenda-writing-freeze')}?acte={act}&change=1")
    made = make(agenda=agenda.id, act=act, actor=actor_of(request))
    sentence = _("La version %(n)d est figée. Son empreinte : %(hash)s") % {"n": made.number, "hash": made.content}
    return done(request, sentence, "agenda-writing-freeze")


def _act(typed: dict[str, str], now: Chart) -> tuple[LegalAct | None, dict[str, str]]:
    """The act that is written in the form, or what is wrong with it by field."""
    tree = blank("act") | {name: typed[name] for name in ACT} | {"title": {"fr": typed["title"], "en": ""}}
    id = new_id(typed["number"], (id for kind, id in now.objects if kind == "act"))
    made, faults = read_object("act", id, tree, Names(now))
    known = {each.name for each in fields_of("act")}
    return made if isinstance(made, LegalAct) else None, {
        str(each.path[0]): each.sentence for each in reversed(faults) if each.path and each.path[0] in known
    }


def _context(request: HttpRequest, now: Chart, typed: dict[str, str]) -> dict[str, Any]:
    agenda = now.agenda()
    versions = list(Frozen.objects.order_by("-at", "-number"))
    used = {each.act for each in versions}
    acts = {each.id: each for each in now.all(LegalAct)}
    chosen = acts.get(request.GET.get("acte", ""))
    chosen = chosen if chosen and chosen.id not in used else None
    last = past.last_vote()
    return {
        "agenda": agenda, "typed": typed, "chosen": chosen, "chosen_name": name_of(chosen) if chosen else "",
        "acts": {id: name_of(each) for id, each in acts.items() if id not in used}, "moved": "change" in request.GET,
        "content": now.content, "counts": _counts(now), "since": _since(last.chart, now) if last else None,
        "versions": [
            {
                "number": each.number, "at": each.at, "content": each.content,
                "act": name_of(acts[each.act]) if each.act in acts else each.act, "promises": maybe("agenda-promises"),
            }
            for each in versions
        ],
    }  # fmt: skip


def _counts(now: Chart) -> list[tuple[int, Any]]:
    found = [(len([1 for one, _id in now.objects if one == kind]), words) for kind, words in KINDS.items()]
    return [(count, words[0] if count == 1 else words[1]) for count, words in found if count]


def _since(then: Chart, now: Chart) -> dict[str, int]:
    """How many actions came, went and changed since the last vote."""
    before = {each.id: each for each in then.all(Action)}
    after = {each.id: each for each in now.all(Action)}
    return {
        "came": len(after.keys() - before.keys()),
        "went": len(before.keys() - after.keys()),
        "changed": sum(1 for id in before.keys() & after.keys() if before[id] != after[id]),
    }


urlpatterns = [path("agents/agenda/figer", freeze, name="agenda-writing-freeze")]
