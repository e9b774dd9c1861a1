"""The CSV of the national address base, read line by line. Pure: no database, no network.

Format: https://adresse.data.gouv.fr/donnees-nationales, "Format CSV": semicolons, UTF-8, a header.
"""

import csv
import gzip
import math
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import IO, Final, cast

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.territory.public import AddressRow
from lacydon.kernel.folder import Fault, FaultyFolder
from lacydon.kernel.search.words import fold

REQUIRED: Final = ("id", "numero", "rep", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat")
OPTIONAL: Final = ("nom_ancienne_commune", "x", "y")
MOST_FAULTS: Final = 50
STEP: Final = 20_000
FAR_DEGREES: Final = 0.5
"""An address farther than this (about 50 km) from the centre of its commune is a mistake."""
CITYCODE: Final = re.compile(r"\d[\dAB]\d{3}")
POSTCODE: Final = re.compile(r"\d{5}|")
UNREADABLE: Final = "\ufffd"

Progress = Callable[[int, float], None]
"""Told now and then: lines read, and the share of the file (0 to 1)."""


class BanCsv:
    """A file of addresses. Iterating gives the rows; `faults` then holds what is wrong, `skipped` how many lines are.

    Unless `skip_faults`, no row is given any more after the first fault, and FaultyFolder (the first 50 faults) is
    raised at the end of the file. A wrong header raises at once. `centres` (INSEE code → lon, lat) tells far mistakes.
    """

    def __init__(
        self,
        path: Path,
        *,
        centres: Mapping[str, tuple[float, float]],
        skip_faults: bool = False,
        progress: Progress | None = None,
    ) -> None:
        self.path = path
        self.faults: list[Fault] = []
        self.skipped = 0
        self.lines = 0
        self._centres = centres
        self._skip = skip_faults
        self._progress = progress

    def __iter__(self) -> Iterator[AddressRow]:
        with self.path.open("rb") as raw, ExitStack() as stack:
            opened: IO[bytes] = raw
            if self.path.suffix == ".gz":
                opened = cast(IO[bytes], stack.enter_context(gzip.open(raw)))
            try:
                yield from self._rows(opened, raw)
            except (EOFError, OSError, zlib.error) as error:
                self._fault(line=self.lines, found=str(error), expected=_("un fichier complet"))
        if self.faults and not self._skip:
            raise FaultyFolder(self._told())
        if self._progress:
            self._progress(self.lines, 1.0)

    def told_faults(self) -> list[Fault]:
        """The faults to show: 50 at most, and how many more."""
        return self._told()

    def _rows(self, opened: IO[bytes], raw: IO[bytes]) -> Iterator[AddressRow]:
        size = max(self.path.stat().st_size, 1)
        text = (line.decode("utf-8-sig" if at == 0 else "utf-8", "replace") for at, line in enumerate(opened))
        reader = csv.reader(text, delimiter=";")
        try:
            header = next(reader, [])
            columns = self._columns(header)
            width, before = len(header), reader.line_num
            for cells in reader:
                self.lines = reader.line_num
                if self._progress and self.lines % STEP == 0:
                    self._progress(self.lines, min(raw.tell() / size, 1.0))
                row: AddressRow | tuple[str, str]
                if len(cells) == width and reader.line_num == before + 1:
                    row = _row(cells, columns, self._centres)
                elif not cells:
                    before = reader.line_num
                    continue
                elif reader.line_num != before + 1:
                    row = _("une valeur sur plusieurs lignes"), _("une adresse par ligne")
                else:
                    row = _("%d colonnes") % len(cells), _("%d colonnes") % width
                if not isinstance(row, AddressRow):
                    self._fault(line=before + 1, found=row[0], expected=row[1])
                elif self._skip or not self.faults:
                    yield row
                before = reader.line_num
        except csv.Error as error:
            self._fault(line=reader.line_num, found=str(error), expected=_("du CSV à points-virgules"))

    def _columns(self, header: list[str]) -> dict[str, int]:
        missing = [name for name in REQUIRED if name not in header]
        twice = sorted({name for name in header if header.count(name) > 1})
        if missing or twice:
            found = ";".join(header)[:120] or _("un fichier vide")
            expected = _("les colonnes %s, une fois chacune") % ", ".join(missing or twice)
            raise FaultyFolder([Fault(file=self.path.name, line=1, found=found, expected=expected)])
        return {name: header.index(name) for name in (*REQUIRED, *OPTIONAL) if name in header}

    def _fault(self, *, line: int, found: str, expected: str) -> None:
        self.skipped += 1
        if self.skipped <= MOST_FAULTS:
            self.faults.append(Fault(file=self.path.name, line=line, found=found, expected=expected))

    def _told(self) -> list[Fault]:
        more = self.skipped - len(self.faults)
        if more <= 0:
            return list(self.faults)
        last = ngettext("… et %(more)d autre faute", "… et %(more)d autres fautes", more) % {"more": more}
        return [*self.faults, Fault(file=self.path.name, line=self.lines, found=last, expected=_("aucune"))]


def _row(
    cells: list[str], at: Mapping[str, int], centres: Mapping[str, tuple[float, float]]
) -> AddressRow | tuple[str, str]:
    """A checked row, or what was found and what was expected."""
    key, street, citycode = cells[at["id"]], cells[at["nom_voie"]].strip(), cells[at["code_insee"]]
    if UNREADABLE in street or UNREADABLE in cells[at["nom_commune"]]:
        return _("des octets illisibles"), _("un texte en UTF-8")
    if not key or len(key) > 60:
        return _shown("id", key), _("une clé de 60 signes au plus")
    if not street or len(street) > 200 or "\x00" in street:
        return _shown("nom_voie", street), _("un nom de voie de 200 signes au plus")
    if not CITYCODE.fullmatch(citycode):
        return _shown("code_insee", citycode), _("un code INSEE de 5 signes")
    postcode = cells[at["code_postal"]]
    if not POSTCODE.fullmatch(postcode):
        return _shown("code_postal", postcode), _("5 chiffres")
    written = cells[at["numero"]]
    if written and not (written.isascii() and written.isdigit() and len(written) <= 6):
        return _shown("numero", written), _("un nombre")
    suffix = fold(cells[at["rep"]]) if cells[at["rep"]] else ""
    if len(suffix) > 20:
        return _shown("rep", suffix), _("20 signes au plus")
    lon, lat = _number(cells[at["lon"]]), _number(cells[at["lat"]])
    if lon is None or not -180 <= lon <= 180:
        return _shown("lon", cells[at["lon"]]), _("une longitude en degrés")
    if lat is None or not -90 <= lat <= 90:
        return _shown("lat", cells[at["lat"]]), _("une latitude en degrés")
    centre = centres.get(citycode)
    if centre and (abs(centre[0] - lon) > FAR_DEGREES or abs(centre[1] - lat) > FAR_DEGREES):
        return f"lon {lon}, lat {lat}", _("un point de la commune, vers lon %(lon)s, lat %(lat)s") % {
            "lon": centre[0],
            "lat": centre[1],
        }
    projected: list[float | None] = []
    for name in ("x", "y"):
        value = cells[at[name]] if name in at else ""
        metres = _number(value) if value else None
        if value and metres is None:
            return _shown(name, value), _("des mètres")
        projected.append(metres)
    return AddressRow(
        street_ban_id=_street_key(key, citycode=citycode, street=street),
        ban_id=key,
        number=int(written) if written else None,
        suffix=suffix,
        street=street,
        postcode=postcode,
        citycode=citycode,
        city=cells[at["nom_commune"]].strip()[:200],
        old_city=cells[at["nom_ancienne_commune"]].strip()[:200] if "nom_ancienne_commune" in at else "",
        lon=lon,
        lat=lat,
        x=projected[0],
        y=projected[1],
    )


def _street_key(key: str, *, citycode: str, street: str) -> str:
    """`13005_0420_00012_bis` → `13005_0420`; an id of another form gives a key made of the name."""
    parts = key.split("_")
    if len(parts) >= 3 and parts[0] == citycode:
        return f"{parts[0]}_{parts[1]}"[:40]
    return f"{citycode}_{fold(street)}"[:40]


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _shown(name: str, value: str) -> str:
    return _("%(name)s « %(value)s »") % {"name": name, "value": value[:60]}
