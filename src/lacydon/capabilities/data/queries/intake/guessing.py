"""From a sample of a column's values to what it is: the first shape that all of them have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from ..columns import ColumnType
from .inspection import Guess, slug_of
from .shapes import ADDRESS_LABEL, LAT_LABEL, LON_LABEL, SHAPES, Shape, is_missing, pair_of

ENOUGH = 0.9
"""Share of the values from which a shape is worth telling, though not all have it."""
KEYED = frozenset({"siren", "siret", "iban"})
"""Some keys are always miscopied: nine in ten right ones are enough to know what the column is."""
LEAST = 3
"""Values among which one may be wrong, when the label names what the others are."""
SHOWN = 3
NATIVE: dict[str, ColumnType] = {
    "integer": "integer", "number": "number", "boolean": "boolean", "date": "date", "datetime": "datetime",
    "time": "time", "point": "point", "shape": "shape", "json": "json",
}  # fmt: skip


def guess(position: int, label: str, name: str, values: Sequence[str | None], *, native: str = "") -> Guess:
    """What a column is. `native`: the type its file says, which is believed."""
    written = [value.strip() for value in values if value is not None]
    blank = [value for value in written if value]
    present = [value for value in blank if not is_missing(value)]
    empty = 1 - len(present) / len(values) if values else 1.0
    counted = Counter(present)
    distinct = list(counted)
    examples = tuple(each[:80] for each in distinct[:SHOWN])
    plain = slug_of(label)
    made = Guess(position=position, label=label, name=name, type="text", examples=examples, empty=round(empty, 3))
    if native in NATIVE:
        return _with(made, type=NATIVE[native], kind=_kind_of_number(plain, native, present))
    if not distinct:
        return made
    shape, share, misfits, whole = _best(counted, plain)
    if shape is None:
        return _with(made, kind="address" if ADDRESS_LABEL.search(plain) else "")
    if shape.type == "text":
        return _with(made, kind=shape.kind, share=share, misfits=misfits)
    if not whole:
        return _with(made, kind=shape.kind, share=share, nearly=shape.type, misfits=misfits)
    shape = _turned(shape, distinct, plain)
    return _with(made, type=shape.type, kind=shape.kind, format=shape.format, share=share, misfits=misfits)


def _best(values: Mapping[str, int], label: str) -> tuple[Shape | None, float, tuple[str, ...], bool]:
    """The first shape that all values have; else the one most have, when they are many. Whether all are of its type.

    What the label names too (« code INSEE », « latitude ») stays what it is though a few values are not.
    """
    best: Shape | None = None
    near: tuple[Shape, float, tuple[str, ...]] | None = None
    share = 0.0
    misfits: tuple[str, ...] = ()
    total = sum(values.values())
    for shape in SHAPES:
        if shape.label is not None and not shape.label.search(label):
            continue
        named = bool(shape.kind) and (shape.label is not None or shape.kind in label)
        tolerated = _tolerated(shape, total, named=named)
        wrong: list[str] = []
        missed = 0
        for value, times in values.items():
            if not shape.fits(value):
                wrong.append(value)
                missed += times
                if missed > tolerated:
                    break
        else:
            part, some = 1 - missed / total, tuple(each[:80] for each in wrong[:SHOWN])
            if not wrong and near is not None and not shape.kind and near[0].type in ("text", shape.type):
                return near[0], round(near[1], 4), near[2], True
            if not wrong or (shape.kind in KEYED and (named or total >= 5)):
                return shape, round(part, 4), some, True
            if named and near is None:
                near = shape, part, some
            if part > share:
                best, share, misfits = shape, part, some
    return best, round(share, 4), misfits, False


def _tolerated(shape: Shape, total: int, *, named: bool) -> float:
    """How many values may be of another shape."""
    if named and shape.kind in KEYED:
        return total / 2
    few = total * (1 - ENOUGH)
    return max(1.0, few) if named and total >= LEAST else few


def _turned(shape: Shape, values: Sequence[str], label: str) -> Shape:
    """Of a pair, which comes first: as the label says, else as in France (latitude 41–52, longitude −6–10)."""
    if shape.type != "point":
        return shape
    pairs = [pair for value in values if (pair := pair_of(value)) is not None]
    wanted = "lat,lon"
    if (
        "lon_lat" in label
        or "lonlat" in label
        or "xy" in label
        or (all(is_in_france(pair[1], pair[0]) for pair in pairs))
    ):
        wanted = "lon,lat"
    if wanted == "lon,lat" or shape.format == "lon,lat":
        return next(each for each in SHAPES if each.format == "lon,lat")
    return shape


def swapped(columns: Sequence[Guess], rows: Sequence[Sequence[str | None]]) -> list[str]:
    """A remark when « latitude » holds longitudes of France and the other way round: nobody sees it before the map."""
    lat, lon = ([each for each in columns if each.kind == kind] for kind in ("latitude", "longitude"))
    if len(lat) != 1 or len(lon) != 1:
        return []
    pairs = [pair for row in rows if (pair := _degrees(row[lat[0].position - 1], row[lon[0].position - 1]))]
    turned = [pair for pair in pairs if is_in_france(pair[1], pair[0])]
    if not pairs or len(turned) < ENOUGH * len(pairs):
        return []
    said = {"lat": lat[0].label, "lon": lon[0].label}
    sentence = _(
        "« %(lat)s » et « %(lon)s » semblent échangées : en France, la latitude va de 41 à 52 et la longitude de -6 à "
        "10. Échangez ce que sont ces deux colonnes, et la carte sera juste."
    )
    return [sentence % said]


def _degrees(lat: str | None, lon: str | None) -> tuple[float, float] | None:
    try:
        return float((lat or "").replace(",", ".")), float((lon or "").replace(",", "."))
    except ValueError:
        return None


def is_in_france(lat: float, lon: float) -> bool:
    """European France, widely."""
    return 41 <= lat <= 52 and -6 <= lon <= 10


def _kind_of_number(label: str, native: str, values: Sequence[str]) -> str:
    if native not in ("number", "integer"):
        return ""
    try:
        most = max((abs(float(value)) for value in values), default=0.0)
    except ValueError:
        return ""
    if LAT_LABEL.search(label) and most <= 90 and native == "number":
        return "latitude"
    return "longitude" if LON_LABEL.search(label) and most <= 180 and native == "number" else ""


def _with(made: Guess, **fields: object) -> Guess:
    return replace(made, **fields)  # type: ignore[arg-type]
