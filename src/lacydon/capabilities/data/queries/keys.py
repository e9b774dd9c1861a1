"""What a row owes to the other rows: values that are unique, primary keys, foreign keys."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from . import sentences
from .engine import Engine, among
from .reading import load
from .rules import Columns, Rule
from .schemas import ForeignKey, Schema


@dataclass(frozen=True)
class KeyRule:
    """A rule on the whole table: `query` selects the wrong rows as (r, cell, first): `first` has the same value.

    With a `hash`, only rows that share theirs are looked at: the query reads from `alike`, which has their cells.
    """

    rule: Rule
    query: str
    hash: str = ""


def hashes_of(schema: Schema, columns: Columns) -> tuple[tuple[str, str], ...]:
    """For each key, what rows that have the same share, as SQL on the cells; nothing where there is no key."""
    made = []
    for positions in _unique_keys(schema, columns):
        parts, none = [], []
        for each in positions:
            reading = columns.reading(each)
            key = f"coalesce(({reading.key or reading.value})::VARCHAR, c{each})"
            if columns.fields[each].type == "integer" and reading.surely:  # its plain letters are the key
                key = f"CASE WHEN {reading.surely} THEN c{each} ELSE {key} END"
            parts.append(key)
            none.append(among(f"c{each}", columns.fields[each].missing_values))
        made.append((name_of(positions), f"CASE WHEN {' AND '.join(none)} THEN NULL ELSE hash({', '.join(parts)}) END"))
    return tuple(made)


def name_of(positions: Sequence[int]) -> str:
    """The column of a key's hashes."""
    return "h" + "_".join(str(each) for each in positions)


def alike(positions: Sequence[int]) -> str:
    """The table of rows that share the hash of a key."""
    return f"alike_{name_of(positions)}"


def _unique_keys(schema: Schema, columns: Columns) -> Iterator[tuple[int, ...]]:
    for position, each in columns.fields.items():
        if each.constraints.get("unique") and schema.primary_key != (each.name,):
            yield (position,)
    key = [columns.position(name) for name in schema.primary_key]
    if key and None not in key:
        yield tuple(each for each in key if each is not None)


def key_rules(engine: Engine, schema: Schema, columns: Columns, references: Mapping[str, Path]) -> Iterator[KeyRule]:
    """Those of a schema, each with the query that finds what breaks it."""
    for position, each in columns.fields.items():
        if each.constraints.get("unique") and schema.primary_key != (each.name,):
            yield _unique(columns, position)
    key = [columns.position(name) for name in schema.primary_key]
    known = [each for each in key if each is not None]
    if known and len(known) == len(key):
        yield from _primary(columns, known)
    for number, foreign in enumerate(schema.foreign_keys, 1):
        found = _foreign(engine, columns, foreign, references, number)
        if found is not None:
            yield found


def _repeated(columns: Columns, positions: Sequence[int], where: str, shown: str) -> str:
    """Every row that has the key of an earlier one."""
    view = columns.view_of(positions, alike(positions))
    keys = ", ".join(f"i{each}" for each in positions)
    same = " AND ".join(f"every.i{each} IS NOT DISTINCT FROM twice.i{each}" for each in positions)
    return (
        f"SELECT every.r, {shown}, twice.first FROM (SELECT * FROM ({view}) WHERE {where}) AS every "  # noqa: S608
        f"JOIN (SELECT {keys}, min(r) AS first FROM ({view}) WHERE {where} "
        f"GROUP BY {keys} HAVING count(*) > 1) AS twice "
        f"ON {same} WHERE every.r > twice.first ORDER BY every.r"
    )


def _unique(columns: Columns, position: int) -> KeyRule:
    rule = Rule(
        "unique-error", "", columns=(position,), position=position, name="unique", shown=f"x{position}",
        expected=sentences.constraint_expected(columns.fields[position], "unique", True),
        mend=sentences.constraint_mend(columns.fields[position], "unique"),
    )  # fmt: skip
    where = f"k{position}"
    query = _repeated(columns, (position,), where, f"x{position}")
    return KeyRule(rule, query, name_of((position,)))


def _primary(columns: Columns, positions: Sequence[int]) -> Iterator[KeyRule]:
    names = ", ".join(f"« {columns.fields[each].name} »" for each in positions)
    cell = " || ' / ' || ".join(f"coalesce(x{each}, '')" for each in positions)
    about = {"position": positions[0] if len(positions) == 1 else 0, "name": "primaryKey", "columns": tuple(positions)}
    twice = Rule(
        "primary-key", "", expected=_("une seule ligne pour chaque valeur de %s") % names,
        mend=_("supprimez la ligne répétée, ou corrigez l’identifiant"), **about,  # type: ignore[arg-type]
    )  # fmt: skip
    # a cell that is badly written is told as such, and is no key
    sound = " AND ".join(f"coalesce(k{each}, true)" for each in positions)
    some = " OR ".join(f"k{each} IS NOT NULL" for each in positions)
    where = f"({sound}) AND ({some})"
    yield KeyRule(twice, _repeated(columns, positions, where, cell), name_of(positions))


def rules_of_empty_keys(schema: Schema, columns: Columns) -> Iterator[Rule]:
    """A primary key is never empty: a rule on one row."""
    positions = [columns.position(name) for name in schema.primary_key]
    known = tuple(each for each in positions if each is not None)
    if not known or len(known) < len(positions):
        return
    names = ", ".join(f"« {columns.fields[each].name} »" for each in known)
    none = " AND ".join(f"k{each} IS NULL" for each in known)
    yield Rule(
        "primary-key", f"NOT blank AND {none}", columns=known, position=known[0] if len(known) == 1 else 0,
        name="primaryKey", shown="''", expected=_("un identifiant dans %s") % names,
        mend=_("remplissez l’identifiant de la ligne"), sure="true",
    )  # fmt: skip


def _foreign(
    engine: Engine, columns: Columns, foreign: ForeignKey, references: Mapping[str, Path], number: int
) -> KeyRule | None:
    """None, and a warning, when the table it refers to is not at hand."""
    own = [each for name in foreign.fields if (each := columns.position(name)) is not None]
    if len(own) < len(foreign.fields):
        return None
    where = foreign.resource or _("ce fichier")
    said = ", ".join(f"« {name} »" for name in foreign.target)
    if not foreign.resource:
        target = [each for name in foreign.target if (each := columns.position(name)) is not None]
        known = f"SELECT {', '.join(f'c{each}' for each in target)} FROM cells"  # noqa: S608
    elif foreign.resource in references:
        name = f"reference{number}"
        table = load(engine, references[foreign.resource], names=foreign.target, into=name)
        target = [table.labels.index(each) + 1 for each in foreign.target if each in table.labels]
        known = f"SELECT {', '.join(f'c{each}' for each in target)} FROM {name}"  # noqa: S608
    else:
        columns.warn(foreign.resource, _("la table de référence n’est pas donnée : cette clé n’est pas vérifiée"))
        return None
    if len(target) < len(foreign.target):
        columns.warn(where, _("la table de référence n’a pas de colonne %s : cette clé n’est pas vérifiée") % said)
        return None
    cells = ", ".join(f"x{each}" for each in own)
    filled = " AND ".join(f"k{each}" for each in own)
    rule = Rule(
        "foreign-key", "", columns=tuple(own), position=own[0], name="foreignKeys", note=f"{where} {said}",
        expected=_("une valeur de la colonne %(columns)s de %(table)s") % {"columns": said, "table": where},
        mend=_("corrigez la valeur, ou ajoutez-la à la table de référence"),
    )  # fmt: skip
    shown = " || ' / ' || ".join(f"x{each}" for each in own)
    view = columns.view_of(own, "every_row")
    query = f"SELECT r, {shown}, NULL FROM ({view}) WHERE {filled} AND ({cells}) NOT IN ({known}) ORDER BY r"  # noqa: S608
    return KeyRule(rule, query)
