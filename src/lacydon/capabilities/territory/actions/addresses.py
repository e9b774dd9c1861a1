"""Importing addresses: rows are streamed into the tables in one transaction; what a file speaks of is replaced."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db import connection, transaction

from lacydon.capabilities.territory.models import (
    AddressFile,
    Arrondissement,
    Commune,
    HouseNumber,
    Street,
    Territory,
)
from lacydon.capabilities.territory.queries.streets import SNAPSHOT, cell_of
from lacydon.kernel import clock
from lacydon.kernel.snapshots import moved

BATCH = 10_000


class AddressRow(NamedTuple):
    """One address of the BAN, already checked. `number` None: a place without numbers. WGS 84; Lambert-93 metres."""

    street_ban_id: str
    ban_id: str
    number: int | None
    suffix: str
    street: str
    postcode: str
    citycode: str
    city: str
    old_city: str
    lon: float
    lat: float
    x: float | None
    y: float | None


@dataclass(frozen=True, slots=True)
class AddressesImported:
    """What an import did. `outside`: rows of other territories; `duplicates`: numbers given twice, kept once."""

    streets: int = 0
    numbers: int = 0
    outside: int = 0
    duplicates: int = 0
    places: tuple[str, ...] = ()
    unchanged: bool = False


@dataclass(slots=True)
class _Street:
    """A street being streamed: sums to make its centre from."""

    id: int
    row: AddressRow
    commune: str
    numbers: int = 0
    points: int = 0
    lon: float = 0.0
    lat: float = 0.0
    x: float = 0.0
    y: float = 0.0
    projected: int = 0
    postcodes: Counter[str] = field(default_factory=Counter)

    def add(self, row: AddressRow) -> None:
        self.points += 1
        self.numbers += row.number is not None
        self.lon += row.lon
        self.lat += row.lat
        self.postcodes[row.postcode] += 1
        if row.x is not None and row.y is not None:
            self.projected += 1
            self.x += row.x
            self.y += row.y

    def made(self) -> Street:
        whole = self.projected == self.points
        return Street(
            id=self.id,
            ban_id=self.row.street_ban_id,
            name=self.row.street,
            commune_id=self.commune,
            citycode=self.row.citycode,
            city=self.row.city,
            old_city=self.row.old_city,
            postcode=max(self.postcodes, key=lambda code: (self.postcodes[code], code)),
            locality=self.numbers == 0,
            numbers=self.numbers,
            lon=round(self.lon / self.points, 6),
            lat=round(self.lat / self.points, 6),
            x=round(self.x / self.points, 2) if whole else None,
            y=round(self.y / self.points, 2) if whole else None,
        )


@transaction.atomic
def import_addresses(*, rows: Iterable[AddressRow], name: str, content: str) -> AddressesImported:
    """Replace the addresses of every commune that `rows` speak of; the other communes keep theirs.

    `content` is a digest of the file: importing it again, as long as nothing else was imported over it, changes nothing
    and does not read `rows`. Rows of communes outside the territory are counted and left out. What `rows` raises while
    it is read undoes everything.
    """
    Territory.objects.select_for_update().first()  # one import at a time
    owners = dict(Commune.objects.values_list("code", "code"))
    owners |= dict(Arrondissement.objects.values_list("code", "commune_id"))
    digest = hashlib.sha256(f"{content} {sorted(owners)}".encode()).hexdigest()
    before = AddressFile.objects.filter(digest=digest).first()
    if before is not None:
        return AddressesImported(
            streets=before.streets, numbers=before.numbers, places=tuple(before.places), unchanged=True
        )
    stream = _Stream(owners)
    for row in rows:
        stream.take(row)
    done = stream.close()
    for other in AddressFile.objects.all():
        if not stream.places.isdisjoint(other.places):
            other.delete()
    AddressFile.objects.create(
        digest=digest,
        name=name[:300],
        places=sorted(stream.places),
        streets=done.streets,
        numbers=done.numbers,
        loaded_at=clock.now(),
    )
    moved(SNAPSHOT)
    return done


class _Stream:
    """Rows on their way to the tables: streets are kept until the end, house numbers leave by batches."""

    def __init__(self, owners: dict[str, str]) -> None:
        self._owners = owners
        self._streets: dict[tuple[str, str], _Street] = {}
        self._next = (Street.objects.order_by("-id").values_list("id", flat=True).first() or 0) + 1
        self._batch: list[Sequence[Any]] = []
        self._sent = 0
        self._outside = 0
        self.places: set[str] = set()
        columns = ("street_id", "number", "suffix", "ban_id", "postcode", "lon", "lat", "x", "y", "cell")
        table = connection.ops.quote_name(HouseNumber._meta.db_table)
        names = ", ".join(map(connection.ops.quote_name, columns))
        marks = ", ".join(["%s"] * len(columns))
        self._insert = f"INSERT INTO {table} ({names}) VALUES ({marks}) ON CONFLICT DO NOTHING"  # noqa: S608

    def take(self, row: AddressRow) -> None:
        if row.citycode not in self._owners:
            self._outside += 1
            return
        if row.citycode not in self.places:
            self.places.add(row.citycode)
            Street.objects.filter(citycode=row.citycode).delete()
        key = (row.citycode, row.street_ban_id)
        street = self._streets.get(key)
        if street is None:
            street = _Street(id=self._next, row=row, commune=self._owners[row.citycode])
            self._streets[key] = street
            self._next += 1
        street.add(row)
        if row.number is not None:
            self._batch.append(
                (
                    street.id,
                    row.number,
                    row.suffix,
                    row.ban_id,
                    row.postcode,
                    row.lon,
                    row.lat,
                    row.x,
                    row.y,
                    cell_of(row.lon, row.lat),
                )
            )
            if len(self._batch) >= BATCH:
                self._flush()

    def close(self) -> AddressesImported:
        self._flush()
        Street.objects.bulk_create([street.made() for street in self._streets.values()], batch_size=2000)
        kept = HouseNumber.objects.filter(street__citycode__in=self.places).count() if self.places else 0
        return AddressesImported(
            streets=len(self._streets),
            numbers=kept,
            outside=self._outside,
            duplicates=self._sent - kept,
            places=tuple(sorted(self.places)),
        )

    def _flush(self) -> None:
        """The same statement on SQLite and PostgreSQL; the foreign keys are checked at the end of the transaction."""
        if self._batch:
            with connection.cursor() as cursor:
                cursor.executemany(self._insert, self._batch)
            self._sent += len(self._batch)
            self._batch.clear()
