# ruff: noqa: E501  (a table: one column a line)
"""The columns of an observed passage: those of the archive and of the open dataset, the same."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.data.public import Column

STORED: Mapping[str, str] = {
    "jour": "DATE",
    "ligne_id": "VARCHAR",
    "ligne": "VARCHAR",
    "sens": "INTEGER",
    "course_id": "VARCHAR",
    "destination": "VARCHAR",
    "arret_id": "VARCHAR",
    "lieu_id": "VARCHAR",
    "arret": "VARCHAR",
    "code_insee": "VARCHAR",
    "rang": "INTEGER",
    "terminus": "BOOLEAN",
    "prevu": "TIMESTAMPTZ",
    "arrive": "TIMESTAMPTZ",
    "observe": "TIMESTAMPTZ",
    "ecart_s": "INTEGER",
    "heure": "INTEGER",
    "precedente": "VARCHAR",
    "intervalle_prevu_s": "INTEGER",
    "intervalle_s": "INTEGER",
    "source": "VARCHAR",
    "horaire": "VARCHAR",
}
"""Their types in DuckDB."""
_SAID = {
    "jour": (_l("Jour de service"), "date", "", _l("Celui de l’horaire : un départ à 25 h 10 est du jour d’avant.")),
    "ligne_id": (_l("Identifiant de la ligne"), "text", "", _l("route_id du GTFS, avec le préfixe du réseau.")),
    "ligne": (_l("Ligne"), "text", "", _l("Son numéro, comme les voyageurs le lisent.")),
    "sens": (_l("Sens"), "integer", "", _l("direction_id du GTFS ; −1 quand le réseau n’en donne pas.")),
    "course_id": (_l("Identifiant de la course"), "text", "", _l("trip_id du GTFS, avec le préfixe du réseau ; « hors-horaire:… » quand le véhicule vu ne répond à aucune course de l’horaire.")),
    "destination": (_l("Destination"), "text", "", _l("Celle de l’horaire.")),
    "arret_id": (_l("Identifiant du quai"), "text", "", _l("stop_id du GTFS, avec le préfixe du réseau.")),
    "lieu_id": (_l("Identifiant de l’arrêt"), "text", "", _l("Les quais d’un même nom, ensemble.")),
    "arret": (_l("Arrêt"), "text", "", _l("Son nom.")),
    "code_insee": (_l("Code INSEE"), "text", "citycode", _l("Commune où est l’arrêt.")),
    "rang": (_l("Rang"), "integer", "", _l("Place de l’arrêt dans la course, à partir de 0 ; −1 pour un passage hors de l’horaire.")),
    "terminus": (_l("Terminus"), "boolean", "", _l("Dernier arrêt : l’heure est alors celle de l’arrivée.")),
    "prevu": (_l("Heure prévue"), "datetime", "", _l("Départ de l’horaire en vigueur ce jour-là (arrivée au terminus) ; hors de l’horaire, celui que la source donne, s’il y en a un.")),
    "arrive": (_l("Vu la première fois"), "datetime", "", _l("Premier moment où le véhicule a été vu à l’arrêt.")),
    "observe": (_l("Heure observée"), "datetime", "", _l("Dernier moment où le véhicule a été vu à l’arrêt (le premier, au terminus).")),
    "ecart_s": (_l("Écart"), "integer", "", _l("Observée moins prévue, en secondes : négatif en avance.")),
    "heure": (_l("Heure"), "integer", "", _l("Heure locale du passage prévu, de 0 à 23.")),
    "precedente": (_l("Course précédente"), "text", "", _l("Celle qui part juste avant à l’horaire, même ligne, même sens, même quai.")),
    "intervalle_prevu_s": (_l("Intervalle prévu"), "integer", "", _l("Secondes entre les deux départs prévus.")),
    "intervalle_s": (_l("Intervalle observé"), "integer", "", _l("Secondes entre les deux départs observés ; vide quand l’un n’a pas été vu.")),
    "source": (_l("Source"), "text", "", _l("Qui a vu le véhicule.")),
    "horaire": (_l("Version de l’horaire"), "text", "", _l("Début de l’empreinte (SHA-256) de l’horaire en vigueur ; vide pour un passage hors de l’horaire.")),
}  # fmt: skip


def columns() -> tuple[Column, ...]:
    """As the harbour publishes them."""
    return tuple(
        Column(name=name, label=str(label), type=type, kind=kind, description=str(told))  # type: ignore[arg-type]
        for name, (label, type, kind, told) in _SAID.items()
    )


COLUMNS = tuple(STORED)
