"""The header against the schema: which column of the file is which field, and what is wrong with the names."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from lacydon.kernel.french import plain

from .reading import Table
from .reports import Finding
from .schemas import Field, Schema, SchemaWarning


def fields_by_position(table: Table, schema: Schema) -> dict[int, Field]:
    """Columns are known by their exact name, whatever their order; one misspelt is known too, so that it is checked."""
    found: dict[int, Field] = {}
    by_name = schema.by_name
    for position, label in enumerate(table.labels, 1):
        if label in by_name and by_name[label] not in found.values():
            found[position] = by_name[label]
    for position, name in _misspelt(table, schema).items():
        found[position] = by_name[name]
    return {position: each for position, each in found.items() if position in table.loaded}


def _near(label: str) -> str:
    return "".join(sign for sign in plain(label) if sign.isalnum())


def _misspelt(table: Table, schema: Schema) -> dict[int, str]:
    """Labels that are a field's name but for case, accents, spaces or dashes."""
    absent = {_near(each.name): each.name for each in schema.fields if each.name not in table.labels}
    found: dict[int, str] = {}
    for position, label in enumerate(table.labels, 1):
        near = _near(label)
        if label not in schema.by_name and near in absent and position in table.loaded:
            found[position] = absent.pop(near)
    return found


def findings_of_labels(table: Table, schema: Schema) -> Iterator[Finding]:
    """What is wrong with the header, in the order of the file."""
    misspelt = _misspelt(table, schema)
    seen: set[str] = set()
    for position, label in enumerate(table.labels, 1):
        about = {"column": label, "position": position, "count": 1, "examples": ((1, label),)}
        if not label.strip():
            yield Finding(
                "blank-label", expected=_("un nom de colonne"),
                mend=_("nommez la colonne, ou supprimez-la si elle est vide"), **about,  # type: ignore[arg-type]
            )  # fmt: skip
        elif position in misspelt:
            yield Finding(
                "incorrect-label", expected=f"« {misspelt[position]} »",
                mend=_("renommez la colonne exactement ainsi"), **about,  # type: ignore[arg-type]
            )  # fmt: skip
        elif label in seen:
            yield Finding(
                "duplicate-label", expected=_("des noms de colonnes différents"),
                mend=_("supprimez ou renommez l’une des deux colonnes"), **about,  # type: ignore[arg-type]
            )  # fmt: skip
        seen.add(label)
    absent = [each for each in schema.fields if each.name not in table.labels and each.name not in misspelt.values()]
    required = [each for each in absent if schema.required(each.name)]
    if absent and len(absent) == len(schema.fields) and not required:
        names = ", ".join(f"« {each.name} »" for each in absent[:5])
        yield Finding(
            "missing-label", column=absent[0].name, count=1, expected=_("les colonnes de ce schéma, dont %s") % names,
            mend=_("choisissez le schéma de ce fichier, ou mettez les noms de ses colonnes sur la première ligne"),
        )  # fmt: skip
    for each in required:
        yield Finding(
            "missing-label", column=each.name, count=1, expected=_("une colonne « %s »") % each.name,
            mend=_("ajoutez la colonne et remplissez-la ; son nom s’écrit exactement ainsi"),
        )  # fmt: skip


def warnings_of_labels(table: Table, schema: Schema) -> Iterator[SchemaWarning]:
    """What is worth knowing and wrong in nothing."""
    misspelt = _misspelt(table, schema)
    for position, label in enumerate(table.labels, 1):
        if label.strip() and label not in schema.by_name and position not in misspelt:
            yield SchemaWarning(label, _("cette colonne n’est pas dans le schéma : elle n’est pas vérifiée"))
    for each in schema.fields:
        if each.name not in table.labels and each.name not in misspelt.values() and not schema.required(each.name):
            yield SchemaWarning(each.name, _("cette colonne facultative n’est pas dans le fichier"))
