"""The place a page was asked for, however it was said: typed, chosen, or measured by the browser."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import BadInput, OutsideTerritory, Refused


@dataclass(frozen=True, slots=True)
class Where:
    """One of `place` and `choice` is set, or neither; `typed` is shown again in the field.

    `trouble`: why there is no place, in a sentence; `outside`: the place is known and is not ours.
    """

    place: territory.Place | None = None
    choice: territory.PlaceChoice | None = None
    typed: str = ""
    trouble: str = ""
    outside: bool = False

    @property
    def citycode(self) -> str:
        """INSEE code of the commune, or of the arrondissement when it is known."""
        if self.place is None:
            return ""
        return self.place.arrondissement.code if self.place.arrondissement else self.place.commune.code


def where(asked: Mapping[str, str]) -> Where:
    """Read `lieu` (text), `citycode` with `connu` (the text it stands for), or `lon` and `lat`.

    A code is believed as long as the text beside it is still the one it came with: who types another place in the
    field of a page without JavaScript is understood.
    """
    typed = " ".join(asked.get("lieu", "").split())
    code = asked.get("citycode", "").strip()
    try:
        if code and typed in ("", asked.get("connu", typed)):
            place = territory.place_of(code)
            return Where(place=place, typed=typed or place.label)
        if not typed and (asked.get("lon") or asked.get("lat")):
            place = territory.place_at(lon=_degrees(asked, "lon"), lat=_degrees(asked, "lat"))
            return Where(place=place, typed=place.label)
        if typed:
            found = territory.find_place(typed)
            if isinstance(found, territory.Place):
                return Where(place=found, typed=typed if found.how == "address" else found.label)
            return Where(choice=found, typed=typed)
    except OutsideTerritory as refusal:
        return Where(typed=typed, trouble=refusal.sentence, outside=True)
    except Refused as refusal:
        return Where(typed=typed[:200], trouble=refusal.sentence)
    return Where()


def _degrees(asked: Mapping[str, str], name: str) -> float:
    try:
        value = float(asked.get(name, "").replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise BadInput(_("« %s » doit être un nombre de degrés.") % name, field=name)
    return value
