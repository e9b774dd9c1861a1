"""The embedded address index: **fetch** a file of the BAN, **parse** it (ban_csv.py), **deliver** through the door.

As an address source it answers when no other does. Towns come from the territory's own folder, so that a commune is
found even when no file was imported.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from lacydon.capabilities.territory.public import (
    AddressesImported,
    AddressFeature,
    AddressType,
    FeatureCollection,
    IndexedNumber,
    address_sources,
    communes,
    house_numbers,
    import_addresses,
    indexed_streets,
    numbers_around,
    place_at,
)
from lacydon.connectors import Check
from lacydon.connectors.address_index.ban_csv import BanCsv, Progress
from lacydon.connectors.address_index.features import feature_of
from lacydon.connectors.address_index.search import Asked, Hit, metres, search
from lacydon.connectors.address_index.streets import Streets
from lacydon.connectors.address_index.towns import Towns
from lacydon.kernel.errors import NotFound
from lacydon.kernel.folder import Fault
from lacydon.kernel.snapshots import Snapshot

FAR_METRES: Final = 250.0
"""A house number farther than this from a point is not its address."""
FAR_STREET_METRES: Final = 1_500.0
CLOSE_DEGREES: Final = 0.0005
"""Where a house number is looked for first: 55 m, as there is one in most streets."""

streets: Snapshot[Streets] = Snapshot("addresses", lambda: Streets(indexed_streets()))
towns: Snapshot[Towns] = Snapshot("territory", lambda: Towns(communes()))


class EmbeddedIndex:
    """The address source that needs no network."""

    id = "embedded"
    rank = 100

    def is_on(self) -> bool:
        return True

    def search(
        self,
        q: str,
        *,
        limit: int,
        autocomplete: bool,
        citycode: str | None = None,
        postcode: str | None = None,
        type: AddressType | None = None,
        lon: float | None = None,
        lat: float | None = None,
    ) -> FeatureCollection:
        held = towns()
        asked = Asked(
            text=q,
            typing=autocomplete,
            types=frozenset({type} if type else ()),
            citycodes=None if citycode is None else self._codes(held, citycode),
            postcode=postcode,
            lon=lon,
            lat=lat,
        )
        hits = search(asked, streets=streets(), towns=held, numbers=house_numbers, limit=limit)
        return _collection([feature_of(hit, towns=held) for hit in hits])

    def reverse(self, lon: float, lat: float, *, limit: int) -> FeatureCollection:
        held, index = towns(), streets()
        near = _nearest(lon, lat, reach=CLOSE_DEGREES)
        if len(near) < limit or near[limit - 1][0] > CLOSE_DEGREES * 111_195.0:
            near = _nearest(lon, lat, reach=None)
        near = near[:limit]
        rows = index.by_id({row.street for _metres, row in near})
        features = [
            feature_of(Hit(_closeness(far), street=rows[row.street], number=row), towns=held, distance=far)
            for far, row in near
            if row.street in rows
        ]
        if not features:
            features = [
                feature_of(Hit(_closeness(far), street=street), towns=held, distance=far)
                for far, street in index.near(lon, lat, limit=limit)
                if far <= FAR_STREET_METRES
            ]
        if not features:
            town = held.by_code[place_at(lon=lon, lat=lat).commune.code]
            far = metres((town.lon, town.lat), (lon, lat))
            features = [feature_of(Hit(_closeness(far), town=town), towns=held, distance=far)]
        return _collection(features)

    @staticmethod
    def _codes(held: Towns, citycode: str) -> frozenset[str]:
        town = held.by_code.get(citycode)
        return town.codes if town else frozenset({citycode})


@dataclass(frozen=True, slots=True)
class FileImported:
    """What the import of a file did; `faults`: the lines left out, when it was told to leave them out."""

    done: AddressesImported
    lines: int
    skipped: int
    faults: tuple[Fault, ...]


def import_file(path: Path, *, skip_faults: bool = False, progress: Progress | None = None) -> FileImported:
    """Import a CSV of the BAN (`.csv` or `.csv.gz`), in one transaction.

    Raises NotFound (no such file, or no territory loaded yet) and FaultyFolder (every fault, up to 50; nothing is
    imported). With `skip_faults`, faulty lines are left out and told.
    """
    if not path.is_file():
        raise NotFound(_("Le fichier %s n’existe pas.") % path)
    centres = _centres()
    if not centres:
        raise NotFound(_("Aucun territoire n’est chargé : commencez par « lacydon load DOSSIER »."))
    rows = BanCsv(path, centres=centres, skip_faults=skip_faults, progress=progress)
    done = import_addresses(rows=rows, name=path.name, content=_digest(path))
    return FileImported(done=done, lines=rows.lines, skipped=rows.skipped, faults=tuple(rows.told_faults()))


def check() -> Check:
    """How many streets are in memory."""
    count = len(streets())
    if not count:
        return Check(ok=False, sentence=_("Aucune adresse importée : seules les communes sont trouvées."))
    return Check(ok=True, sentence=_("%d voies et lieux-dits.") % count)


def _centres() -> Mapping[str, tuple[float, float]]:
    return {town.code: (town.lon, town.lat) for town in towns().all}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _nearest(lon: float, lat: float, *, reach: float | None) -> list[tuple[float, IndexedNumber]]:
    """House numbers near a point and their distance in metres, nearest first."""
    found = [(metres((row.lon, row.lat), (lon, lat)), row) for row in numbers_around(lon=lon, lat=lat, reach=reach)]
    return sorted((each for each in found if each[0] <= FAR_METRES), key=lambda each: (each[0], each[1].ban_id))


def _closeness(metres: float) -> float:
    """A score from a distance, as the BAN does: 1 on the spot, 0 at a kilometre."""
    return max(0.0, 1.0 - metres / 1000.0)


def _collection(features: list[AddressFeature]) -> FeatureCollection:
    return {
        "type": "FeatureCollection",
        "version": "draft",
        "features": features,
        "attribution": "BAN",
        "licence": "ETALAB-2.0",
    }


address_sources.plug(EmbeddedIndex())
