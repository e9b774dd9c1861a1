"""A place, however a resident says it: a commune's name, an address, a postal code, a point."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput, OutsideTerritory, Unavailable
from lacydon.kernel.texts import said

from .addresses import search_addresses
from .chart import ArrondissementView, CommuneView, chart
from .communes import commune, communes_named, communes_of_postal_code

LONGEST = 200
CERTAIN = 0.85
"""Score from which a name or an address is taken without asking."""
ARRONDISSEMENT = re.compile(
    r"(?:marseille\s*)?(\d{1,2})\s*(?:e|er|eme|ème|è|ieme|ième|arrondissement)\b.*|marseille\s+(\d{1,2})", re.I
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where: always a commune; an address adds a point. `how`: citycode | name | address | contour | centre."""

    commune: CommuneView
    label: str
    how: str
    arrondissement: ArrondissementView | None = None
    lon: float | None = None
    lat: float | None = None
    near_boundary_m: float | None = None
    notice: str = ""


@dataclass(frozen=True, slots=True)
class PlaceChoice:
    """Several places are possible, or none: `sentence` says why, the resident chooses among `candidates`."""

    text: str
    sentence: str
    candidates: tuple[Place, ...]


def place_of(citycode: str) -> Place:
    """The place of an INSEE code; raises UnknownCommune."""
    held = chart()
    part = held.arrondissements.get(citycode)
    found = commune(citycode)
    return Place(commune=found, label=part.name if part else found.name, how="citycode", arrondissement=part)


def place_at(*, lon: float, lat: float) -> Place:
    """The place of a point (WGS 84, degrees); raises OutsideTerritory, BadInput."""
    held = chart()
    located = held.locate(lon=lon, lat=lat)
    part = held.arrondissements.get(located.arrondissement or "")
    found = held.communes[located.code]
    notice = ""
    if located.how == "centre":
        notice = _("Commune la plus proche du point : les contours officiels ne sont pas chargés.")
    return Place(
        commune=found,
        label=part.name if part else found.name,
        how=located.how,
        arrondissement=part,
        lon=lon,
        lat=lat,
        near_boundary_m=located.near_boundary_m,
        notice=notice,
    )


def find_place(text: str) -> Place | PlaceChoice:
    """What a resident typed as a place. A postal code never designates a commune: it always gives a choice.

    Raises BadInput when the text is empty or longer than 200 characters, and OutsideTerritory, saying whom to ask, for
    an address that is known and is elsewhere.
    """
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise BadInput(_("Écrivez une commune ou une adresse, en moins de %d caractères.") % LONGEST, field="lieu")
    if re.fullmatch(r"\d{5}", text):
        return _of_postal_code(text)
    if part := _arrondissement(text):
        return Place(commune=commune(part.commune), label=part.name, how="name", arrondissement=part)
    named = communes_named(re.sub(r"^\d{5}\s+|\s+\d{5}$|\s*\(\d{2,5}\)$", "", text))
    if named and named[0][1] >= CERTAIN and (len(named) == 1 or named[0][1] - named[1][1] > 0.05):
        return Place(commune=named[0][0], label=named[0][0].name, how="name")
    return _of_address(text, named=tuple(each for each, _score in named))


def _arrondissement(text: str) -> ArrondissementView | None:
    found = ARRONDISSEMENT.fullmatch(text)
    number = next(filter(None, found.groups()), None) if found else None
    ending = f"{int(number):02d}" if number else "-"
    return next((each for each in chart().arrondissements.values() if each.postal_code.endswith(ending)), None)


def _of_postal_code(text: str) -> PlaceChoice:
    held = chart()
    parts = tuple(each for each in held.arrondissements.values() if each.postal_code == text)
    if parts:
        candidates = tuple(
            Place(commune=held.communes[each.commune], label=each.name, how="name", arrondissement=each)
            for each in parts
        )
    else:
        candidates = tuple(Place(commune=each, label=each.name, how="name") for each in communes_of_postal_code(text))
    if not candidates:
        return PlaceChoice(text, _("Aucune commune du territoire n’a le code postal %s.") % text, ())
    if len(candidates) > 1:
        sentence = _("Le code postal %s est partagé par plusieurs communes. Laquelle ?") % text
    else:
        sentence = _("Un code postal ne suffit pas à désigner une commune. Est-ce bien ici ?")
    return PlaceChoice(text, sentence, candidates)


def _of_address(text: str, *, named: tuple[CommuneView, ...]) -> Place | PlaceChoice:
    try:
        answer = search_addresses(q=text, limit=5)
    except Unavailable as silence:
        return PlaceChoice(
            text, str(silence.sentence), tuple(Place(commune=c, label=c.name, how="name") for c in named)
        )
    notice = str(answer.get("notice", ""))
    if answer.get("outside") and not named:
        territory = chart().territory
        raise OutsideTerritory(f"{notice} {said(territory.outside) if territory else ''}".strip(), field="lieu")
    places = []
    for feature in answer["features"]:
        properties = feature["properties"]
        lon, lat = feature["geometry"]["coordinates"][:2]
        held = chart()
        found = held.communes.get(properties["citycode"])
        part = held.arrondissements.get(properties["citycode"])
        if found is None and part is not None:
            found = held.communes[part.commune]
        if found is None:
            continue
        is_town = properties["type"] == "municipality"
        places.append(
            (
                properties["score"],
                Place(
                    commune=found,
                    label=properties["label"],
                    how="name" if is_town else "address",
                    arrondissement=part,
                    lon=None if is_town else lon,
                    lat=None if is_town else lat,
                    notice=notice,
                ),
            )
        )
    if places and places[0][0] >= CERTAIN and (len(places) == 1 or places[0][0] - places[1][0] > 0.05):
        return places[0][1]
    candidates = tuple(place for _score, place in places)
    known = {place.commune.code for place in candidates}
    candidates += tuple(Place(commune=each, label=each.name, how="name") for each in named if each.code not in known)
    if candidates:
        sentence = _("Plusieurs lieux ressemblent à « %s ». Lequel ?") % text
    else:
        sentence = _("Aucun lieu du territoire ne ressemble à « %s ».") % text
    return PlaceChoice(text, f"{notice} {sentence}".strip(), candidates[:8])
