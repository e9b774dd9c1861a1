"""The place that was asked for, however it was said: typed, chosen, or measured by the browser."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput, OutsideTerritory, Refused

from .places import Place, PlaceChoice, find_place, place_at, place_of


@dataclass(frozen=True, slots=True)
class Asked:
    """One of `place` and `choice` is set, or neither; `typed` is shown again in the field.

    `trouble`: why there is no place, in a sentence; `outside`: the place is known and is not ours.
    """

    place: Place | None = None
    choice: PlaceChoice | None = None
    typed: str = ""
    trouble: str = ""
    outside: bool = False

    @property
    def citycode(self) -> str:
        """INSEE code of the commune, or of the arrondissement when it is known."""
        if self.place is None:
            return ""
        return self.place.arrondissement.code if self.place.arrondissement else self.place.commune.code


def asked_place(asked: Mapping[str, str]) -> Asked:
    """Read `lieu` (text), `citycode` with `connu` (the text it stands for), or `lon` and `lat`.

    A code is believed as long as the text beside it is still the one it came with: who types another place in the
    field of a page without JavaScript is understood.
    """
    typed = " ".join(asked.get("lieu", "").split())
    code = asked.get("citycode", "").strip()
    try:
        if code and typed in ("", asked.get("connu", typed)):
            place = place_of(code)
            return Asked(place=place, typed=typed or place.label)
        if not typed and (asked.get("lon") or asked.get("lat")):
            place = place_at(lon=_degrees(asked, "lon"), lat=_degrees(asked, "lat"))
            return Asked(place=place, typed=place.label)
        if typed:
            found = find_place(typed)
            if isinstance(found, Place):
                return Asked(place=found, typed=typed if found.how == "address" else found.label)
            return Asked(choice=found, typed=typed)
    except OutsideTerritory as refusal:
        return Asked(typed=typed, trouble=refusal.sentence, outside=True)
    except Refused as refusal:
        return Asked(typed=typed[:200], trouble=refusal.sentence)
    return Asked()


def _degrees(asked: Mapping[str, str], name: str) -> float:
    try:
        value = float(asked.get(name, "").replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadInput(_("« %s » doit être un nombre de degrés.") % name, field=name)
    return value
