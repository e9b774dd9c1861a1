"""From a sample of a column's values to what it is: the first shape that all of them have."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..columns import ColumnType
from .inspection import Guess, slug_of
from .shapes import ADDRESS_LABEL, LAT_LABEL, LON_LABEL, SHAPES, Shape, is_missing, pair_of

ENOUGH = 0.9
"""Share of the values from which a shape is worth telling, though not all have it."""
KEYED = frozenset({"siren", "siret", "iban"})
"""Some keys are always miscopied: nine in ten right ones are enough to know what the column is."""
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
    shape, share, misfits = _best(counted, plain)
    if shape is None:
        return _with(made, kind="address" if ADDRESS_LABEL.search(plain) else "")
    if shape.type == "text":
        return _with(made, kind=shape.kind, share=share, misfits=misfits if shape.kind in KEYED else ())
    if share < 1.0:
        return _with(made, share=share, nearly=shape.type, misfits=misfits)
    shape = _turned(shape, distinct, plain)
    return _with(made, type=shape.type, kind=shape.kind, format=shape.format)


def _best(values: Mapping[str, int], label: str) -> tuple[Shape | None, float, tuple[str, ...]]:
    """The first shape that all values have; else the one most have, when they are many."""
    best: Shape | None = None
    share = 0.0
    misfits: tuple[str, ...] = ()
    total = sum(values.values())
    for shape in SHAPES:
        if shape.label is not None and not shape.label.search(label):
            continue
        wrong: list[str] = []
        missed = 0
        for value, times in values.items():
            if not shape.fits(value):
                wrong.append(value)
                missed += times
                if missed > total * (1 - ENOUGH):
                    break
        else:
            part, some = 1 - missed / total, tuple(each[:80] for each in wrong[:SHOWN])
            if not wrong or (shape.kind in KEYED and total >= 5):
                return shape, round(part, 4), some
            if part > share:
                best, share, misfits = shape, part, some
    return best, round(share, 4), misfits


def _turned(shape: Shape, values: Sequence[str], label: str) -> Shape:
    """Of a pair, which comes first: as the label says, else as in France (latitude 41–52, longitude −6–10)."""
    if shape.type != "point":
        return shape
    pairs = [pair for value in values if (pair := pair_of(value)) is not None]
    first = [pair[0] for pair in pairs]
    wanted = "lat,lon"
    if (
        "lon_lat" in label
        or "lonlat" in label
        or "xy" in label
        or (all(-6 <= each <= 10 for each in first) and all(41 <= pair[1] <= 52 for pair in pairs))
    ):
        wanted = "lon,lat"
    if wanted == "lon,lat" or shape.format == "lon,lat":
        return next(each for each in SHAPES if each.format == "lon,lat")
    return shape


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
