"""Taking an appointment, without an account nor a script: what for, where, which day, which hour, who."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel import attempts
from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.clock import now, today
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.clients import accountable, client_address
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import done, show, troubled

from ..actions import appointments as actions
from ..errors import SlotTaken, WrongAnswers
from ..models import Appointment, AppointmentState, CounterPlace, Motive
from ..queries import appointments, slots
from ..queries.bookable import bookable
from ..queries.cards import for_service
from .filling.visiting import forged, guarded, token

WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)
MOST, MOST_TO = 20, 5
"""Bookings an hour from one network, and to one address of mail."""


@open_to_all
@require_safe
def motives(request: HttpRequest) -> HttpResponse:
    """What for; `formulaire` or `service`: only what goes with it, or all when nothing does."""
    form, service = request.GET.get("formulaire", "")[:100], request.GET.get("service", "")[:100]
    every = slots.motives()
    ids = {each.id for each in (bookable(form=form) if form else for_service(service) if service else ())}
    found = [each for each in every if each.id in ids] or every
    title = _("Prendre rendez-vous")
    html = page(
        "requests/appointments/motives.html",
        {"motives": found, "query": _carried(request), "narrowed": len(found) < len(every)},
        address=request.get_full_path(), section="procedures", title=title,
        description=_("Choisissez pourquoi, où et quand : sans compte, confirmé par courriel."),
    )  # fmt: skip
    return HttpResponse(html)


@open_to_all
@require_safe
def places(request: HttpRequest, motive: str) -> HttpResponse:
    """Where, each with its next free day."""
    what = slots.motive(motive)
    found = slots.places(what, citycode=request.GET.get("citycode", ""))
    last = today() + timedelta(days=what.ahead_days)
    listed = [
        (each, next(iter(slots.free(each, what, first=today(), last=last)), None), _town(each.citycode))
        for each in found
    ]
    context = {"motive": what, "listed": listed, "query": _carried(request)}
    html = page(
        "requests/appointments/places.html", context, address=request.get_full_path(), section="procedures",
        title=_("Où venir ? – %s") % said(what.name), description=_("Les lieux qui reçoivent sur rendez-vous."),
    )  # fmt: skip
    return HttpResponse(html)


def _town(citycode: str) -> str:
    try:
        return territory.place_of(citycode).label
    except Refused:
        return ""


@open_to_all
@require_safe
def days(request: HttpRequest, motive: str, place: str) -> HttpResponse:
    """Which day, which hour: a week at a time, `jour` is the first."""
    what = slots.motive(motive)
    where = slots.place(place, motive=what)
    context = _week(request, where, what) | {"motive": what, "place": where, "query": _carried(request)}
    response = show(
        request, "requests/appointments/days.html", context, title=_("Quand venir ? – %s") % said(what.name),
        section="procedures",
    )  # fmt: skip
    response["Cache-Control"] = "no-store"
    return response


def _week(request: HttpRequest, place: CounterPlace, motive: Motive) -> dict[str, Any]:
    """Free hours by day of a week that has some; the weeks before and after."""
    last = today() + timedelta(days=motive.ahead_days)
    asked = _day(request.GET.get("jour", ""))
    first = min(max(asked or today(), today()), last)
    found = slots.free(place, motive, first=first, last=last)
    if asked is None and found:
        first = found[0].day
    by_day: dict[date, list[slots.Slot]] = {}
    for each in found:
        if each.day < first + WEEK:
            by_day.setdefault(each.day, []).append(each)
    later = next((each.day for each in found if each.day >= first + WEEK), None)
    return {
        "by_day": by_day.items(),
        "first": first,
        "later": later,
        "earlier": max(first - WEEK, today()) if asked and first > today() else None,
    }


def _day(told: str) -> date | None:
    try:
        found = date.fromisoformat(told)
    except ValueError:
        return None
    return found if 2000 < found.year < 2100 else None


@csrf_exempt  # nobody is signed in most of the time; who is shows their token, asked for in `forged`
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def booking(request: HttpRequest, motive: str, place: str, moment: str) -> HttpResponse:
    """Who comes; then it is booked, once, whatever the button is pressed."""
    what = slots.motive(motive)
    where = slots.place(place, motive=what)
    starts_at = slots.moment_of(moment)
    actor = request.actor  # type: ignore[attr-defined]
    typed, status, errors, sentence = _typed(request), 200, {}, ""
    if request.method == "POST":
        try:
            if forged(request):
                raise SlotTaken(_("Votre session a changé : vérifiez, puis confirmez de nouveau."))
            _count(request, typed["courriel"])
            row = actions.book(
                actor=actor, place=where, motive=what, starts_at=starts_at, name=typed["nom"], email=typed["courriel"],
                phone=typed["telephone"], booking=UUID(typed["cle"]), request=typed["demande"],
            )  # fmt: skip
            return _to(appointments.link(row))
        except WrongAnswers as refusal:
            errors, status = refusal.facts["errors"], refusal.status
        except Refused as refusal:
            sentence, status = str(refusal.sentence), refusal.status
    context = {
        "motive": what,
        "place": where,
        "starts_at": starts_at,
        "hour": slots.hour_of(starts_at),
        "typed": typed,
        "errors": errors,
        "sentence": sentence,
        "token": token(request),
        "query": _carried(request),
    }
    title = _("Vos coordonnées – %s") % said(what.name)
    return guarded(
        show(request, "requests/appointments/booking.html", context, title=title, section="procedures", status=status)
    )


def _typed(request: HttpRequest) -> dict[str, str]:
    if request.method == "POST":
        typed = {name: request.POST.get(name, "")[:300] for name in ("nom", "courriel", "telephone", "cle", "demande")}
        try:
            UUID(typed["cle"])
        except ValueError:
            typed["cle"] = str(uuid4())
        return typed
    actor = request.actor  # type: ignore[attr-defined]
    own = {"courriel": "email", "telephone": "phone"}
    known = {name: trust.own_contact(actor, kind=kind) if actor.known else "" for name, kind in own.items()}
    return {"nom": "", **known, "cle": str(uuid4()), "demande": request.GET.get("demande", "")[:20]}


def _count(request: HttpRequest, email: str) -> None:
    """Raises TooManyRequests: nobody takes all the places of a day."""
    attempts.spend(what="appointment", who=accountable(client_address(request)), most=MOST, per=HOUR)
    attempts.spend(what="appointment-to", who=email.strip().lower(), most=MOST_TO, per=HOUR)


def _carried(request: HttpRequest) -> str:
    """What goes on from page to page: the request it is about, the commune it was asked in."""
    told = {name: request.GET.get(name, "")[:20] for name in ("demande", "citycode")}
    kept = {name: value for name, value in told.items() if value.replace("-", "").isalnum()}
    return f"?{urlencode(kept)}" if kept else ""


def _to(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return guarded(response)


# By its link


@open_to_all
@require_safe
def one(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """What is booked, the file for a calendar, the ways to move or cancel."""
    row = appointments.appointment_by_secret(number, secret=secret)
    return guarded(
        show(
            request,
            "requests/appointments/one.html",
            _shown(row),
            title=_("Rendez-vous %s") % row.number,
            section="procedures",
        )
    )


@csrf_exempt  # the secret stands in the address, and a sign-in changes nothing
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    row = appointments.appointment_by_secret(number, secret=secret)
    sentence, status = "", 200
    if request.method == "POST":
        try:
            starts_at = slots.moment_of(request.POST.get("heure", ""))
            actions.move(actor=request.actor, number=number, secret=secret, starts_at=starts_at)  # type: ignore[attr-defined]
            return _to(appointments.link(row))
        except Refused as refusal:
            sentence, status = str(refusal.sentence), refusal.status
    context = _shown(row) | _week(request, row.place, row.motive) | {"sentence": sentence}
    title = _("Déplacer le rendez-vous %s") % row.number
    return guarded(
        show(request, "requests/appointments/move.html", context, title=title, section="procedures", status=status)
    )


@csrf_exempt  # as above
@open_to_all
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, number: str, secret: str) -> HttpResponse:
    """GET changes nothing: programs that read mail open every link."""
    row = appointments.appointment_by_secret(number, secret=secret)
    sentence, status = "", 200
    if request.method == "POST":
        try:
            actions.cancel(actor=request.actor, number=number, secret=secret)  # type: ignore[attr-defined]
            return _to(appointments.link(row))
        except Refused as refusal:
            sentence, status = str(refusal.sentence), refusal.status
    context = _shown(row) | {"sentence": sentence}
    title = _("Annuler le rendez-vous %s") % row.number
    return guarded(
        show(request, "requests/appointments/cancel.html", context, title=title, section="procedures", status=status)
    )


@open_to_all
@require_safe
def calendar(request: HttpRequest, number: str, secret: str) -> HttpResponse:  # noqa: ARG001
    row = appointments.appointment_by_secret(number, secret=secret)
    name = f"{row.number}.ics"
    return as_attachment(appointments.calendar(row), media_type="text/calendar; charset=utf-8", name=name)


def _shown(row: Appointment) -> dict[str, Any]:
    return {
        "row": row,
        "who": appointments.comer(row),
        "hour": appointments.when(row),
        "link": appointments.link(row),
        "move": appointments.link(row, "appointment-move"),
        "cancel": appointments.link(row, "appointment-cancel"),
        "calendar": appointments.link(row, "appointment-calendar"),
        "coming": row.state == AppointmentState.BOOKED and row.starts_at > now(),
    }


# Of whoever is signed in


@needs("appointment.see")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    rows = [
        each for each in appointments.appointments_of(request.actor)  # type: ignore[attr-defined]
        if trust.can(request.actor, None, "appointment.see", each)  # type: ignore[attr-defined]
    ]  # fmt: skip
    context = {"listed": [(each, appointments.when(each), appointments.link(each)) for each in rows]}
    return show(request, "requests/appointments/mine.html", context, title=_("Mes rendez-vous"), here="appointments")


# Of who receives


@needs("appointment.handle")
@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Who comes on a day (`jour`) to a place (`lieu`) of the agent's organisation."""
    actor = request.actor  # type: ignore[attr-defined]
    day, place = _day(request.GET.get("jour", "")) or today(), request.GET.get("lieu", "")[:80]
    rows = appointments.of_day(actor.organisation, day=day, place=place)
    names = actions.read_day(actor=actor, rows=rows)
    context = {
        "listed": [(each, appointments.when(each), names[each.pk]) for each in rows],
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "places": appointments.places_of(actor.organisation),
        "place": place,
        "over": day <= today(),
        "now": now(),
    }
    return show(
        request,
        "requests/appointments/agenda.html",
        context,
        title=_("Rendez-vous"),
        section="agent",
        here="appointments",
    )


@needs("appointment.handle")
@require_POST
def note(request: HttpRequest, number: str) -> HttpResponse:
    """`etat`: honoured, missed, booked (a mistake taken back) or cancelled."""
    actor, state = request.actor, request.POST.get("etat", "")  # type: ignore[attr-defined]
    day = _day(request.POST.get("jour", ""))
    try:
        if state == AppointmentState.CANCELLED:
            actions.cancel_by_agent(actor=actor, number=number)
            answer = done(request, _("Le rendez-vous est annulé, la personne est prévenue."), "agent-appointments")
        elif state in AppointmentState.values:
            actions.mark(actor=actor, number=number, state=AppointmentState(state))
            answer = done(request, _("C’est noté."), "agent-appointments")
        else:
            answer = troubled(request, _("Choisissez : venu, ou pas venu."), "agent-appointments")
    except Refused as refusal:
        answer = troubled(request, refusal.sentence, "agent-appointments")
    if day is not None:
        place = request.POST.get("lieu", "")[:80]
        kept = {"jour": day.isoformat()} | ({"lieu": place} if place else {})
        answer["Location"] = f"{reverse('agent-appointments')}?{urlencode(kept)}"
    return answer


BY_LINK = "rendez-vous/suivi/<str:number>/<str:secret>"
urlpatterns = [
    path("rendez-vous", motives, name="appointments"),
    path(BY_LINK, one, name="appointment"),
    path(f"{BY_LINK}/deplacer", move, name="appointment-move"),
    path(f"{BY_LINK}/annuler", cancel, name="appointment-cancel"),
    path(f"{BY_LINK}/agenda.ics", calendar, name="appointment-calendar"),
    path("rendez-vous/<slug:motive>", places, name="appointment-places"),
    path("rendez-vous/<slug:motive>/<slug:place>", days, name="appointment-days"),
    path("rendez-vous/<slug:motive>/<slug:place>/<str:moment>", booking, name="appointment-booking"),
    path("mon-espace/rendez-vous", mine, name="my-appointments"),
    path("agent/rendez-vous", agenda, name="agent-appointments"),
    path("agent/rendez-vous/<str:number>", note, name="agent-appointment"),
]
