"""What was found of a file, what people corrected, and what became of it: plain values that JSON can hold."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput

from ..columns import LONGEST_NAME, Column, ColumnType

KINDS = (
    "citycode", "postcode", "departement", "siren", "siret", "iban", "email", "phone", "url", "uuid", "year",
    "latitude", "longitude", "address", "person-name",
)  # fmt: skip
TYPES: tuple[ColumnType, ...] = get_args(ColumnType)
LONGEST_LABEL = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """One column of the file. `format`: how its values are written; `share` of the seen values that are of its type.

    `nearly`: the type most values, not all, seem to have: then `type` is text, and `misfits` are some that are not;
    without it, `misfits` are of the type and not of the kind (a false SIRET, a latitude of 4329).
    `given`: said by a person: what does not fit is left empty and told. `kept`: False leaves the column out.
    """

    position: int
    label: str
    name: str
    type: ColumnType
    kind: str = ""
    format: str = ""
    share: float = 1.0
    examples: tuple[str, ...] = ()
    misfits: tuple[str, ...] = ()
    nearly: str = ""
    empty: float = 0.0
    description: str = ""
    given: bool = False
    kept: bool = True

    @property
    def doubtful(self) -> bool:
        return bool(self.nearly or self.misfits) or self.empty == 1.0

    @property
    def decimal_comma(self) -> bool:
        return self.type == "number" and self.format == ","

    def column(self) -> Column:
        return Column(name=self.name, label=self.label, type=self.type, kind=self.kind, description=self.description)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file is: `format` (csv, xlsx, json, ndjson, geojson, parquet, shapefile, gpkg), its columns in order."""

    format: str
    columns: tuple[Guess, ...]
    encoding: str = ""
    damaged: bool = False
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    seen: int = 0
    remarks: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def doubtful_first(self) -> list[Guess]:
        return sorted(self.columns, key=lambda each: (not each.doubtful, each.position))


def read_inspection(kept: Mapping[str, Any]) -> Inspection:
    """What `as_json` wrote."""
    columns = tuple(
        Guess(**{**each, "examples": tuple(each["examples"]), "misfits": tuple(each["misfits"])})
        for each in kept["columns"]
    )
    said = {**kept, "columns": columns, "sheets": tuple(kept["sheets"]), "remarks": tuple(kept["remarks"])}
    return Inspection(**said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misfit:
    """Cells of a column that are not of its type: how many, and the first ones as (row, what was written)."""

    name: str
    label: str
    type: str
    count: int
    first: tuple[tuple[int, str], ...]
    as_text: bool
    """Whether the whole column was kept as text; else these cells are empty."""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """A Parquet file was made: its columns, rows, order, and what has to be said of it."""

    columns: tuple[Column, ...]
    rows: int
    ordered_by: tuple[str, ...]
    misfits: tuple[Misfit, ...] = ()
    remarks: tuple[str, ...] = ()


def corrected(inspection: Inspection, corrections: Mapping[str, Mapping[str, Any]]) -> Inspection:
    """The columns as people want them; `corrections`: {position: {label, name, type, kind, description, kept}}.

    Raises BadInput, whose `field` says which column, for a type, a kind or a name that cannot be.
    """
    columns = [_corrected(each, corrections.get(str(each.position), {})) for each in inspection.columns]
    kept = [each for each in columns if each.kept]
    if not kept:
        raise BadInput(_("Gardez au moins une colonne."))
    seen: set[str] = set()
    for each in kept:
        if each.name in seen:
            sentence = _("Deux colonnes s’appellent « %s » : donnez-leur des noms différents.")
            raise BadInput(sentence % each.name, field=f"name-{each.position}")
        seen.add(each.name)
    return replace(inspection, columns=tuple(columns))


def _corrected(guess: Guess, said: Mapping[str, Any]) -> Guess:
    if not said:
        return guess
    type = said.get("type", guess.type)
    kind = said.get("kind", guess.kind)
    name = str(said.get("name", guess.name)).strip()
    label = str(said.get("label", guess.label)).strip()[:LONGEST_LABEL] or guess.label
    if type not in TYPES:
        raise BadInput(_("Ce type de colonne n’existe pas."), field=f"type-{guess.position}")
    if kind and kind not in KINDS:
        raise BadInput(_("Cette nature de colonne n’existe pas."), field=f"kind-{guess.position}")
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{LONGEST_NAME - 1}}}", name):
        sentence = _("Un nom de colonne est fait de lettres minuscules sans accent, de chiffres et de « _ ».")
        raise BadInput(sentence, field=f"name-{guess.position}")
    changed = type != guess.type
    return replace(
        guess,
        label=label,
        name=name,
        type=type,
        kind=kind,
        description=str(said.get("description", guess.description)).strip()[:1_000],
        kept=bool(said.get("kept", guess.kept)),
        given=guess.given or changed or bool(said.get("given")),
        format="" if changed else guess.format,
        nearly="" if changed else guess.nearly,
    )


def slug_of(label: str) -> str:
    """The name of a column: letters, digits and underscores that any system reads."""
    plain = unicodedata.normalize("NFKD", label.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae"))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    name = re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")
    return (name if name[:1].isalpha() else f"c_{name}".rstrip("_"))[:LONGEST_NAME].rstrip("_") or "colonne"


def named(labels: Sequence[str]) -> list[str]:
    """A name for each label, none twice."""
    made: list[str] = []
    taken: set[str] = set()
    for label in labels:
        base = name = slug_of(label)
        number = 1
        while name in taken:
            number += 1
            tail = f"_{number}"
            name = f"{base[: LONGEST_NAME - len(tail)]}{tail}"
        taken.add(name)
        made.append(name)
    return made


def labelled(labels: Iterable[str]) -> list[str]:
    """Labels without line ends, and « Colonne 3 » for a column that has none."""
    clean = [re.sub(r"\s+", " ", each).strip().strip("\ufeff")[:LONGEST_LABEL] for each in labels]
    return [each or _("Colonne %d") % position for position, each in enumerate(clean, 1)]
