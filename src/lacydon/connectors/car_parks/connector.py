"""Car parks: **fetch** a table of them, and another of their free places if it is apart; **parse** both, pure.

No standard holds: columns are looked for under the names of the national schema of stationnement
(https://schema.data.gouv.fr/etalab/schema-stationnement/) and those of portals; the option `columns` names others.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.mobility.public import (
    NotWhatWasAsked,
    Question,
    Remark,
    Row,
    SaidStations,
    Station,
    live_connectors,
    live_healths,
)
from lacydon.capabilities.mobility.public import rows as table
from lacydon.connectors import Check, check_of

COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "id": ("id", "identifiant", "id_parking", "idparking", "idpark", "code", "recordid"),
    "name": ("nom", "name", "libelle", "nom_parking", "nom_du_parking", "title"),
    "free": ("places_disponibles", "nb_places_disponibles", "placesdisponibles", "nb_places_libres", "places_libres",
             "disponible", "dispo", "jdispo", "libre", "free", "available", "availablespaces", "nombre_places_libres"),
    "capacity": ("nb_places", "places_totales", "capacite", "capacite_totale", "nombre_places", "max", "total",
                 "capacity", "jmax", "nb_places_total", "placestotales"),
    "lon": ("xlong", "lon", "lng", "longitude", "x_long"),
    "lat": ("ylat", "lat", "latitude", "y_lat"),
    "pair": ("coordonneesxy", "geo_point_2d", "geolocalisation", "coordonnees", "position", "geometry", "geo_shape"),
    "when": ("horodatage", "last_update", "lastupdate", "date_maj", "maj", "mise_a_jour", "timestamp", "updated_at",
             "datetime", "heure", "jdtmaj"),
    "state": ("etat", "statut", "status", "ouvert", "etat_descriptif", "open"),
    "address": ("adresse", "address", "adresse_parking"),
    "citycode": ("insee", "code_insee", "code_insee_commune", "com_insee"),
    "disabled": ("nb_pmr", "places_pmr", "nb_places_pmr", "pmr"),
    "relay": ("nb_pr", "p_r", "relais"),
    "height": ("hauteur_max", "hauteur", "height"),
    "operator": ("exploitant", "gestionnaire", "operateur", "proprietaire"),
    "url": ("url", "site", "site_web"),
    "kind": ("type", "type_ouvrage", "type_parking", "usage"),
    "hours": ("horaires", "info", "horaires_ouverture"),
}  # fmt: skip
SHUT: Final = frozenset({"ferme", "fermé", "closed", "0", "false", "non", "f", "fermee", "hors service", "close"})
OPEN: Final = frozenset({"ouvert", "open", "1", "true", "oui", "o", "libre", "normal", "en service", "complet", "full"})


class CarParks:
    """The kind of source. Addresses: the car parks, then their free places where they are apart."""

    kind = "car_parks"
    title = _l("Parkings (table ouverte : CSV, JSON, GeoJSON)")

    def __init__(self) -> None:
        self._known: dict[str, list[Row]] = {}

    def ask(self, question: Question) -> SaidStations:
        """Raises NotWhatWasAsked."""
        if not question.urls:
            raise NotWhatWasAsked(_("Cette source n’a pas d’adresse."))
        told = question.options.get("columns")
        columns = columns_of(told if isinstance(told, Mapping) else {})
        apart = len(question.urls) > 1
        if not apart:
            return parse(self._rows(question, question.urls[0]), [], columns=columns)
        if question.refresh or question.source not in self._known:
            self._known[question.source] = self._rows(question, question.urls[0])
        return parse(self._known[question.source], self._rows(question, question.urls[1]), columns=columns)

    def subjects(self, _options: Mapping[str, Any], /) -> tuple[str, ...]:
        return ("whole",)

    def _rows(self, question: Question, url: str) -> list[Row]:
        return table.rows_of(question.get(question.address(url)).content)


def columns_of(told: Mapping[str, Any]) -> dict[str, Sequence[str]]:
    """The names of columns, those that the source's options give first."""
    return {
        name: ((str(told[name]), *names) if isinstance(told.get(name), str) else names)
        for name, names in COLUMNS.items()
    }


def parse(rows: Sequence[Row], states: Sequence[Row], *, columns: Mapping[str, Sequence[str]]) -> SaidStations:
    """Car parks; `states`: rows that say what is free, joined by identifier."""
    said = SaidStations(kind="car-park")
    by_id = {key: row for row in states if (key := table.word(row, columns["id"]))}
    nowhere = impossible = 0
    seen = set()
    for row in rows:
        id = table.word(row, columns["id"]) or table.word(row, columns["name"])
        place = table.place_of(row, lon=columns["lon"], lat=columns["lat"], pair=columns["pair"])
        if not id or place is None:
            nowhere += 1
            continue
        if id in seen:
            continue
        seen.add(id)
        now = {**row, **{name: value for name, value in by_id.get(id, {}).items() if value not in (None, "")}}
        free, capacity = table.whole(now, columns["free"]), table.whole(now, columns["capacity"])
        if free is not None and capacity and free > capacity:
            impossible += 1
            free = capacity
        said.stations.append(_station(id, now, place, free=free, capacity=capacity, columns=columns))
    dates = [each.said_at for each in said.stations if each.said_at]
    said.said_at = max(dates, default=0)
    for code, sentence, count in (
        ("nowhere", _("Parkings sans identifiant, ou sans position."), nowhere),
        ("impossible", _("Parkings qui disent plus de places libres que de places."), impossible),
        ("unknown-station", _("Parkings dont l’état est dit, mais ni le nom ni la place."), len(set(by_id) - seen)),
    ):
        if count:
            said.remarks.append(Remark(code=code, sentence=sentence, count=count))
    return said


def _station(
    id: str,
    row: Row,
    place: tuple[float, float],
    *,
    free: int | None,
    capacity: int | None,
    columns: Mapping[str, Sequence[str]],
) -> Station:
    state = table.word(row, columns["state"]).lower()
    kind = table.word(row, columns["kind"]).lower()
    relay = (table.whole(row, columns["relay"]) or 0) > 0 or "relais" in kind or "p+r" in kind
    name = table.word(row, columns["name"]) or id
    return Station(
        id=id,
        name=name,
        lon=place[0],
        lat=place[1],
        kind="car-park",
        capacity=capacity,
        free=free,
        open=False if state in SHUT else (True if state in OPEN else None),
        said_at=table.moment_of(table.cell(row, columns["when"])),
        address=table.word(row, columns["address"]),
        citycode=table.word(row, columns["citycode"]),
        operator=table.word(row, columns["operator"]),
        wheelchair=table.whole(row, columns["disabled"]),
        park_and_ride=relay or name.lower().startswith(("p+r", "parking relais")),
        height=_metres(table.decimal(row, columns["height"])),
        hours=table.word(row, columns["hours"]),
        url=table.word(row, columns["url"]),
    )


def _metres(height: float | None) -> float | None:
    """The schema says centimetres, most write metres."""
    if height is None or height <= 0:
        return None
    return height / 100 if height > 20 else height


def check() -> Check:
    """Each source that uses it."""
    return check_of(live_healths(CarParks.kind), nothing=_("Aucune source de parkings n’est interrogée."))


live_connectors.plug(CarParks())
