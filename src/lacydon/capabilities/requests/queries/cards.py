"""What the sheet of a service shows of its online procedures."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.cards import Card
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.templatetags.ui import duration

from .forms import forms_of_service


def card(service: Any, citycode: str = "") -> Card | None:
    """The procedure of a service that can be done online at this place; None when there is none."""
    code = _commune(citycode)
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


def _commune(citycode: str) -> str | None:
    """The commune of a code, which may be that of an arrondissement."""
    try:
        return territory.place_of(citycode).commune.code if citycode else None
    except Refused:
        return citycode
