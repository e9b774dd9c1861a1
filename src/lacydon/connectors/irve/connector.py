"""Charging points: **fetch** the table of the static schema and that of the dynamic one, **parse** both, pure.

Sources: https://schema.data.gouv.fr/etalab/schema-irve-statique/ and /schema-irve-dynamique/ (arrêté of 4 May 2021,
modified in 2023). Points are gathered by station; a point of which nothing is said is neither free nor taken.
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

PLUGS: Final = {
    "prise_type_ef": "EF",
    "prise_type_2": "Type 2",
    "prise_type_combo_ccs": "Combo CCS",
    "prise_type_chademo": "CHAdeMO",
    "prise_type_autre": "autre",
}
WORKING, BROKEN = "en_service", "hors_service"
FREE, TAKEN = "libre", frozenset({"occupe", "reserve"})


class Irve:
    """The kind of source. Addresses: the static table, then the dynamic one. Option `insee`: beginnings of codes."""

    kind = "irve"
    title = _l("Bornes de recharge (schémas IRVE)")

    def __init__(self) -> None:
        self._known: dict[str, list[Row]] = {}

    def ask(self, question: Question) -> SaidStations:
        """Raises NotWhatWasAsked."""
        if not question.urls:
            raise NotWhatWasAsked(_("Cette source n’a pas d’adresse."))
        if question.refresh or question.source not in self._known:
            rows = table.rows_of(question.get(question.address(question.urls[0])).content)
            self._known[question.source] = chosen(rows, question.options)
        states = [table.rows_of(question.get(question.address(url)).content) for url in question.urls[1:2]]
        return parse(self._known[question.source], states[0] if states else None)

    def subjects(self, _options: Mapping[str, Any], /) -> tuple[str, ...]:
        return ("whole",)


def chosen(rows: Sequence[Row], options: Mapping[str, Any]) -> list[Row]:
    """The rows of the communes that the options name. Raises NotWhatWasAsked when it is another table."""
    if rows and not {"id_pdc_itinerance", "id_station_itinerance"} & set(rows[0]):
        raise NotWhatWasAsked(_("Cette table n’est pas au schéma IRVE : il y manque « id_pdc_itinerance »."))
    told = options.get("insee")
    begins = tuple(str(each) for each in told) if isinstance(told, list) else ()
    if not begins:
        return list(rows)
    return [row for row in rows if table.word(row, ("code_insee_commune",)).startswith(begins)]


def parse(rows: Sequence[Row], states: Sequence[Row] | None) -> SaidStations:
    """Stations of points; `states`: rows of the dynamic schema (None: nothing is said of now)."""
    said = SaidStations(kind="charging")
    now = {table.word(row, ("id_pdc_itinerance",)): row for row in states or ()}
    stations: dict[str, list[Row]] = {}
    for row in rows:
        station = table.word(row, ("id_station_itinerance",)) or table.word(row, ("id_pdc_itinerance",))
        if station:
            stations.setdefault(station, []).append(row)
    nowhere = 0
    known = set()
    for id, points in stations.items():
        place = table.place_of(
            points[0], lon=("consolidated_longitude", "longitude"), lat=("consolidated_latitude", "latitude"),
            pair=("coordonneesxy", "geo_point_2d", "geometry"),
        )  # fmt: skip
        known |= {table.word(row, ("id_pdc_itinerance",)) for row in points}
        if place is None:
            nowhere += 1
            continue
        said.stations.append(_station(id, points, now if states is not None else None, place))
    said.said_at = max((table.moment_of(row.get("horodatage")) for row in states or ()), default=0)
    if nowhere:
        sentence = _("Stations sans position, ou à une position impossible.")
        said.remarks.append(Remark(code="nowhere", sentence=sentence, count=nowhere))
    strangers = [id for id in now if id not in known]
    if strangers and known:
        sentence = _("Points de charge dont l’état est dit, mais pas la place.")
        said.remarks.append(
            Remark(code="unknown-station", sentence=sentence, count=len(strangers), examples=strangers[:5])
        )
    return said


def _station(id: str, points: Sequence[Row], now: Mapping[str, Row] | None, place: tuple[float, float]) -> Station:
    first = points[0]
    ids = list(dict.fromkeys(table.word(row, ("id_pdc_itinerance",)) for row in points))
    powers = [each for row in points if (each := table.decimal(row, ("puissance_nominale",))) is not None]
    told = [now[each] for each in ids if each in now] if now is not None else []
    working = [row for row in told if table.word(row, ("etat_pdc",)) == WORKING]
    sure = [row for row in working if table.word(row, ("occupation_pdc",)) in (FREE, *TAKEN)]
    dates = [table.moment_of(row.get("horodatage")) for row in told]
    return Station(
        id=id,
        name=table.word(first, ("nom_station", "nom_enseigne")) or id,
        lon=place[0],
        lat=place[1],
        kind="charging",
        capacity=len(ids),
        free=sum(table.word(row, ("occupation_pdc",)) == FREE for row in sure) if sure else None,
        broken=sum(table.word(row, ("etat_pdc",)) == BROKEN for row in told) if told else None,
        said_at=min(filter(None, dates), default=0),
        address=table.word(first, ("adresse_station",)),
        citycode=table.word(first, ("code_insee_commune", "consolidated_code_insee_commune")),
        operator=table.word(first, ("nom_enseigne", "nom_operateur")),
        wheelchair_words=table.word(first, ("accessibilite_pmr",)),
        power=max(_kilowatts(each) for each in powers) if powers else None,
        plugs=tuple(name for column, name in PLUGS.items() if any(table.truth(row, (column,)) for row in points)),
        payment=_payment(first),
        hours=table.word(first, ("horaires",)),
        height=None,
    )


def _kilowatts(power: float) -> float:
    """Some write watts."""
    return power / 1000 if power > 1000 else power


def _payment(row: Row) -> str:
    if table.truth(row, ("gratuit",)):
        return "free"
    if table.truth(row, ("paiement_cb",)):
        return "card"
    return "other" if table.truth(row, ("paiement_acte",)) or table.truth(row, ("paiement_autre",)) else ""


def check() -> Check:
    """Each source that uses it."""
    return check_of(live_healths(Irve.kind), nothing=_("Aucune source de bornes de recharge n’est interrogée."))


live_connectors.plug(Irve())
