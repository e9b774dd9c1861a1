"""Personal data before publication: looked for, handled column by column, and refused until then.

look_for_personal_data(arrival=arrival)                       # once its rows are read
must_be_handled(arrival)                                      # what is left to do
handle(actor=actor, arrival=arrival, treatments=…, protection=…)
made = treated_rows(arrival, to=path)                         # raises NotPublishable while something is left
"""

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust.public import record, require
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ..errors import NotPublishable, UnreadableTable
from ..models import Arrival
from ..queries import arrived, lake, treating
from ..queries.anonymity import (
    Anonymity,
    Protection,
    SmallCells,
    anonymity_of,
    column,
    in_company,
    measured,
    protection_of,
    small_cells,
)
from ..queries.columns import Column
from ..queries.engine import PARQUET, literal
from ..queries.personal_data import Finding, personal_data
from ..queries.treating import Treatment
from ..queries.unhandled import must_be_handled, treatments_of

PREVIEWED = 8
PLACE = "file_row_number"
"""How DuckDB calls the place of a row in its file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Treated:
    """What the treatments made of the rows. `before`, `after`: how well people hide; None when nothing was asked."""

    columns: tuple[Column, ...]
    ordered_by: tuple[str, ...]
    rows: int
    removed: int
    before: Anonymity | None = None
    after: Anonymity | None = None
    small: tuple[SmallCells, ...] = ()

    def figures(self) -> dict[str, Any]:
        """As an arrival keeps them."""
        return {
            "rows": self.rows,
            "removed": self.removed,
            "before": self.before.as_json() if self.before else None,
            "after": self.after.as_json() if self.after else None,
            "small": [
                {
                    "column": each.column,
                    "threshold": each.threshold,
                    "small": each.small,
                    "second": len(each.second),
                    "found_again": each.found_again,
                }
                for each in self.small
            ],
        }


def treat(
    path: Path,
    *,
    to: Path | None,
    dataset: str,
    columns: Sequence[Column],
    treatments: Iterable[Treatment],
    protection: Protection | None = None,
    ordered_by: Sequence[str] = (),
) -> Treated:
    """Make a Parquet file of another, each column treated; without `to`, only count. The other stays as it is.

    The rows stay in their order; `ordered_by`: what they are sorted by, of which the part that still holds is returned.

    Raises BadInput for a treatment that does not fit, UnreadableTable when memory is short.
    """
    by_column = {each.column: treating.checked(each, columns) for each in treatments}
    made = [(each, treating.treated(each, by_column.get(each.name), dataset=dataset)) for each in columns]
    kept = tuple(found[1] for _given, found in made if found is not None)
    names = {each.name for each in kept}
    if not kept:
        raise BadInput(_("Il ne resterait aucune colonne : gardez-en au moins une."))
    if protection is not None:
        _sensible(protection, names)
    order = _still_ordered(ordered_by, by_column)
    source = f"read_parquet({literal(str(path.resolve()))}, file_row_number = true)"
    placed = any(each.placed for each in columns)
    with _opened(path, to, spatial=placed) as base:
        there = [str(row[0]) for row in base.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]  # noqa: S608
        asked = [found[0] for _given, found in made if found is not None]
        small = tuple(
            small_cells(path, counts=name, by=_dimensions(kept, name), threshold=treating.size_of(each))
            for name, each in by_column.items()
            if each.kind == treating.SMALL
        )
        second = {each.column: each.second for each in small if each.second}
        asked = [_with_second(sql, named, second) for sql, named in zip(asked, kept, strict=True)]
        asked += [*treating.hidden(columns, by_column, there), PLACE]
        select = f"SELECT {', '.join(asked)} FROM {source}"  # noqa: S608
        (rows,) = base.execute(f"SELECT count(*) FROM {source}").fetchone() or (0,)  # noqa: S608
        before, after, left = _hiding(base, select, protection, rows)
        if protection is not None and protection.suppress:
            select = in_company(select, protection)
        if to is not None:
            base.execute(
                f"COPY (SELECT * EXCLUDE ({PLACE}) FROM ({select}) ORDER BY {PLACE}) TO {literal(str(to))} "  # noqa: S608
                f"({PARQUET})"
            )
    return Treated(
        columns=kept, ordered_by=order, rows=left, removed=rows - left, before=before, after=after, small=small
    )  # fmt: skip


@transaction.atomic
def look_for_personal_data(*, arrival: Arrival) -> None:
    """Note in the arrival what its prepared rows hold of people, unless it was done since they were prepared.

    What was decided before, of these rows or of the version before, is taken over where it still fits.
    """
    if arrived.is_looked_at(arrival):
        return
    columns = arrived.columns_of(arrival)
    found = personal_data(
        arrived.rows_of(arrival),
        labels={each.name: each.label for each in columns},
        drawn=[each.name for each in columns if each.drawn],
    )
    decided, protection = _carried(arrival, columns, found)
    arrival.personal = {
        "looked_at": now().isoformat(),
        "rows": arrived.mark_of(arrival),
        "findings": [each.as_json() for each in found],
        "treatments": {each.column: each.as_json() for each in decided},
    }
    if protection is not None:
        with contextlib.suppress(BadInput):  # columns that are not what they were: to be decided again
            made = treat(
                arrived.rows_of(arrival),
                to=None,
                dataset=arrival.dataset_id,
                columns=columns,
                treatments=decided,
                protection=protection,
            )
            arrival.personal |= {"protection": protection.as_json(), "figures": made.figures()}
    arrival.save(update_fields=["personal"])


def _carried(
    arrival: Arrival, columns: Sequence[Column], found: Sequence[Finding]
) -> tuple[list[Treatment], Protection | None]:
    """What was decided of these rows before a correction, else of the version before: nobody decides twice.

    A column is kept as it is only as long as the same kind of thing is found in it.
    """
    before: Mapping[str, Any] = arrival.personal
    if not before.get("treatments"):
        published = Arrival.objects.filter(dataset=arrival.dataset_id, state=Arrival.State.PUBLISHED)
        last = published.exclude(pk=arrival.pk).order_by("-received_at").first()
        before = last.personal if last is not None else {}
    kinds = {each["column"]: each["category"] for each in before.get("findings", ())}
    same = {each.column for each in found if kinds.get(each.column) == each.category}
    decided = []
    for kept in (before.get("treatments") or {}).values():
        each = treating.treatment_of(kept)
        if each.kind == treating.KEEP and each.column not in same:
            continue
        with contextlib.suppress(BadInput):  # it does not fit the column any more
            decided.append(treating.checked(each, columns))
    return decided, protection_of(before.get("protection"))


@transaction.atomic
def handle(
    *, actor: Actor, arrival: Arrival, treatments: Iterable[Treatment], protection: Protection | None = None
) -> Treated:
    """Decide what becomes of each column, and see what it gives; nothing is published by it.

    Who keeps a column as it is, and why, is noted. Raises BadInput, and what `require` raises.
    """
    require(actor=actor, action="dataset.publish", object=arrival)
    moment = now().isoformat()
    decided = [
        replace(each, why=each.why.strip()[:500], by=actor.person, at=moment) if each.kind == treating.KEEP else each
        for each in treatments
    ]
    made = treat(
        arrived.rows_of(arrival), to=None, dataset=arrival.dataset_id, columns=arrived.columns_of(arrival),
        treatments=decided, protection=protection,
    )  # fmt: skip
    arrival.personal = {
        **arrival.personal,
        "treatments": {each.column: each.as_json() for each in decided},
        "protection": protection.as_json() if protection is not None else None,
        "figures": made.figures(),
    }  # fmt: skip
    arrival.save(update_fields=["personal"])
    record(
        actor=actor, action="arrival.treat", purpose="publication", object=f"arrival:{arrival.pk}",
        basis=_told(decided), organisation=arrival.organisation_id,
    )  # fmt: skip
    return made


def treated_rows(arrival: Arrival, *, to: Path, ordered_by: Sequence[str] = ()) -> Treated:
    """The rows of an arrival as they may be published. Raises NotPublishable while a finding is not handled.

    When nothing is to be done to them, `to` is the same file under another name.
    """
    look_for_personal_data(arrival=arrival)
    refuse_unhandled(arrival)
    rows, columns = arrived.rows_of(arrival), arrived.columns_of(arrival)
    treatments, protection = treatments_of(arrival), protection_of(arrival.personal.get("protection"))
    if protection is None and all(each.kind == treating.KEEP for each in treatments.values()):
        os.link(rows, to)
        number = parquet_rows(rows)
        return Treated(columns=columns, ordered_by=tuple(ordered_by), rows=number, removed=0)
    return treat(
        rows,
        to=to,
        dataset=arrival.dataset_id,
        columns=columns,
        treatments=treatments.values(),
        protection=protection,
        ordered_by=ordered_by,
    )


def parquet_rows(path: Path) -> int:
    """How many rows a file has, as its own footer says."""
    source = literal(str(path.resolve()))
    return int(lake.run(f"SELECT sum(num_rows) FROM parquet_file_metadata({source})").rows[0][0])  # noqa: S608


def refuse_unhandled(arrival: Arrival) -> None:
    """Raises NotPublishable, which names the columns."""
    if not arrived.is_looked_at(arrival):
        raise NotPublishable(
            _("Ce fichier n’a pas encore été regardé : attendez la recherche de données personnelles.")
        )
    left = must_be_handled(arrival)
    if left:
        labels = {each.name: each.label for each in arrived.columns_of(arrival)}
        names = ", ".join(f"« {labels.get(each.column, each.column)} »" for each in left[:6])
        raise NotPublishable(
            _("Des données personnelles attendent une décision : %s. Dites quoi en faire avant de publier.") % names
        )


def preview(
    path: Path, *, dataset: str, columns: Sequence[Column], treatments: Mapping[str, Treatment], rows: int = PREVIEWED
) -> list[tuple[list[Any], list[Any]]]:
    """The first rows, before and after; a column that is removed is None after."""
    source = f"read_parquet({literal(str(path.resolve()))})"
    seen = [each for each in columns if not each.placed]
    made = [treating.treated(each, treatments.get(each.name), dataset=dataset) for each in seen]
    after = [found[0] if found else "NULL" for found in made]
    asked = ", ".join([*(column(each.name) for each in seen), *after])
    with _opened(path, None, spatial=False) as base:
        lines = base.execute(f"SELECT {asked} FROM {source} LIMIT {int(rows)}").fetchall()  # noqa: S608
    return [(list(line[: len(seen)]), list(line[len(seen) :])) for line in lines]


def _hiding(
    base: duckdb.DuckDBPyConnection, select: str, protection: Protection | None, rows: int
) -> tuple[Anonymity | None, Anonymity | None, int]:
    """Before and after the rows that are alone were left out; how many are left."""
    if protection is None:
        return None, None, rows
    before = anonymity_of(_line(base, measured(select, protection)), protection=protection)
    if not protection.suppress or not before.below:
        return before, before, rows
    after = anonymity_of(_line(base, measured(in_company(select, protection), protection)), protection=protection)
    return before, after, after.rows


def _line(base: duckdb.DuckDBPyConnection, query: str) -> Sequence[Any]:
    found = base.execute(query).fetchone()
    assert found is not None
    return tuple(found)


def _still_ordered(ordered_by: Sequence[str], treatments: Mapping[str, Treatment]) -> tuple[str, ...]:
    """The columns the rows are still sorted by: what is made less precise stays in its order, a pseudonym does not."""
    kept = []
    for each in ordered_by:
        done = treatments.get(each)
        if done is not None and done.kind not in (treating.KEEP, treating.GENERALISE):
            break
        kept.append(each)
    return tuple(kept)


def _sensible(protection: Protection, names: set[str]) -> None:
    """Raises BadInput."""
    unknown = {*protection.quasi, *([protection.sensitive] if protection.sensitive else [])} - names
    if unknown:
        raise BadInput(
            _("La colonne « %s » est retirée : elle ne peut pas être comparée.") % sorted(unknown)[0], field="quasi"
        )
    if not protection.quasi or not 2 <= protection.k <= 1_000:
        raise BadInput(_("Choisissez au moins une colonne à comparer, et un seuil de 2 à 1000."), field="k")
    if protection.sensitive in protection.quasi:
        raise BadInput(_("La colonne sensible n’est pas de celles que l’on compare."), field="sensitive")


def _with_second(sql: str, kept: Column, second: Mapping[str, Sequence[int]]) -> str:
    """A column as it is asked for, without the cells that are masked so that no total gives a small one back."""
    if places := second.get(kept.name):
        sql = f"CASE WHEN {PLACE} IN ({', '.join(map(str, places))}) THEN NULL ELSE {sql} END"
    return f"{sql} AS {column(kept.name)}"


def _dimensions(columns: Sequence[Column], counts: str) -> list[str]:
    """What a count is told by: every column of words or of time, at most four."""
    return [each.name for each in columns if each.name != counts and each.type in ("text", "date", "boolean")][:4]


def _told(decided: Sequence[Treatment]) -> str:
    """For the journal: how many columns were treated how; never what they hold."""
    counted: dict[str, int] = {}
    for each in decided:
        counted[each.kind] = counted.get(each.kind, 0) + 1
    return ",".join(f"{kind}:{number}" for kind, number in sorted(counted.items()))[:200]


@contextmanager
def _opened(path: Path, to: Path | None, *, spatial: bool) -> Iterator[duckdb.DuckDBPyConnection]:
    """A caged base that may read one folder and write in another, gone at the end."""
    with tempfile.TemporaryDirectory(prefix="treating-", dir=lake.workshop()) as spill:
        base = lake.caged(
            directories=[path.parent, *([to.parent] if to else [])],
            memory=settings.DATA_MEMORY,
            threads=settings.DATA_THREADS,
            spatial=spatial,
            spill=Path(spill),
        )
        try:
            yield base
        except duckdb.OutOfMemoryException as error:
            raise UnreadableTable(_("Ce fichier est trop grand pour être traité sur cette machine.")) from error
        finally:
            base.close()
