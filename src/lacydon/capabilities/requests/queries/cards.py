"""What the sheet of a service shows of its online procedures, and of appointments."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.kernel.cards import Card
from lacydon.kernel.texts import said
from lacydon.kernel.ui.templatetags.ui import duration

from .bookable import Bookable, bookable, commune_of
from .forms import forms_of_service


def card(service: Any, citycode: str = "") -> Card | None:
    """The procedure of a service that can be done online at this place; None when there is none."""
    code = commune_of(citycode)
    forms = [each.form for each in forms_of_service(service.id, citycode=code)]
    if not forms:
        return None
    form = forms[0]
    query = f"?{urlencode({'citycode': citycode})}" if citycode else ""
    label = _("Faire le signalement en ligne") if form.kind == "report" else _("Faire la démarche en ligne")
    takes = _("Environ %s.") % duration(form.duration) if form.duration else ""
    name = said(form.title) if len(forms) > 1 else ""
    return Card(
        label=label, address=reverse("procedure", kwargs={"form": form.id}) + query,
        note=" ".join(each for each in (name, takes) if each), form=form.id,
    )  # fmt: skip


def appointment(service: Any, citycode: str = "") -> Card | None:
    """Taking an appointment for a service, or for one of its forms, where somebody receives at this place."""
    found = for_service(service.id, citycode=citycode)
    if not found:
        return None
    told = {"service": service.id} | ({"citycode": citycode} if citycode else {})
    return Card(
        label=_("Prendre rendez-vous"), address=f"{reverse('appointments')}?{urlencode(told)}",
        note=said(found[0].name) if len(found) == 1 else "",
    )  # fmt: skip


def for_service(service: str, *, citycode: str = "") -> list[Bookable]:
    """What one can come for about a service: named with it, or with one of its forms."""
    found = {each.id: each for each in bookable(service=service, citycode=citycode)}
    for held in forms_of_service(service):
        found |= {each.id: each for each in bookable(form=held.form.id, citycode=citycode)}
    return list(found.values())
