"""A Table Schema (https://specs.frictionlessdata.io/table-schema/) as it is found in the wild.

What a schema says wrongly is mended where the intent is plain, left aside otherwise, and told either way as a warning:
somebody else's misspelt key must not keep a town hall from checking its file.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from ..errors import UnreadableSchema

TYPES = frozenset(
    "string number integer boolean object array date time datetime year yearmonth duration geopoint geojson any".split()
)
ALIASES = {
    "str": "string", "text": "string", "float": "number", "decimal": "number", "double": "number", "int": "integer",
    "bool": "boolean", "list": "array", "timestamp": "datetime", "gyear": "year", "gyearmonth": "yearmonth",
}  # fmt: skip
CONSTRAINTS = frozenset(
    "required unique minLength maxLength minimum maximum exclusiveMinimum exclusiveMaximum pattern enum".split()
)
BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
BOUNDED = frozenset("integer number date time datetime year yearmonth".split())
MEASURED = frozenset("string array object any".split())
FORMATS = {
    "string": {"default", "email", "uri", "binary", "uuid"},
    "geopoint": {"default", "array", "object"},
    "geojson": {"default", "topojson"},
}
DATED = frozenset("date time datetime".split())
LARGEST = 5_000_000
"""Bytes: the largest schema of schema.data.gouv.fr is a fiftieth of it."""
MOST_FIELDS = 2_000
UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class SchemaWarning:
    """Something a schema says wrongly: where, and what was made of it."""

    where: str
    sentence: str


@dataclass(frozen=True)
class Field:
    """One column as it should be. `constraints` holds only what can be checked."""

    name: str
    type: str = "string"
    format: str = "default"
    title: str = ""
    description: str = ""
    example: str = ""
    constraints: Mapping[str, Any] = field(default_factory=dict)
    missing_values: tuple[str, ...] = ("",)
    true_values: tuple[str, ...] = ("true", "True", "TRUE", "1")
    false_values: tuple[str, ...] = ("false", "False", "FALSE", "0")
    decimal_char: str = "."
    group_char: str = ""
    bare_number: bool = True
    item: "Field | None" = None


@dataclass(frozen=True)
class ForeignKey:
    """These columns hold values of those columns of a table (empty: of the same table)."""

    fields: tuple[str, ...]
    resource: str
    target: tuple[str, ...]


@dataclass(frozen=True)
class CustomCheck:
    """A French check by its name, with its parameters as the schema gives them."""

    name: str
    params: Mapping[str, Any]


@dataclass(frozen=True)
class Schema:
    """What a table should be; `warnings` is what was wrong with the schema itself."""

    fields: tuple[Field, ...]
    name: str = ""
    title: str = ""
    version: str = ""
    primary_key: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    custom_checks: tuple[CustomCheck, ...] = ()
    warnings: tuple[SchemaWarning, ...] = ()

    @property
    def by_name(self) -> dict[str, Field]:
        return {each.name: each for each in self.fields}

    def required(self, name: str) -> bool:
        """Whether a table without this column is wrong."""
        return name in self.primary_key or self.by_name[name].constraints.get("required") is True


def schema_at(path: Path) -> Schema:
    """Reads the schema of a file. Raises UnreadableSchema."""
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableSchema(_("Ce schéma est trop grand pour être un Table Schema."))
        content = path.read_bytes()
    except OSError as error:
        raise UnreadableSchema(_("Le schéma %s ne peut pas être lu.") % path) from error
    return read_schema(content)


def read_schema(content: bytes | str | Mapping[str, Any]) -> Schema:
    """Reads a schema, as JSON or already parsed. Raises UnreadableSchema when it has no field at all."""
    if isinstance(content, Mapping):
        data: Any = content
    else:
        try:
            data = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise UnreadableSchema(_("Ce schéma n’est pas du JSON : %s.") % _first_line(error)) from error
    return _Reader().read(data)


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__


class _Reader:
    """One reading, with what there is to say about it."""

    def __init__(self) -> None:
        self.warnings: list[SchemaWarning] = []

    def warn(self, where: str, sentence: str) -> None:
        self.warnings.append(SchemaWarning(where, sentence))

    def read(self, data: Any) -> Schema:
        resources = data.get("resources") if isinstance(data, Mapping) else None
        if isinstance(resources, list) and resources and "fields" not in data:
            first = resources[0] if isinstance(resources[0], Mapping) else {}
            self.warn("resources", _("c’est un Data Package : seul le schéma de sa première ressource est lu"))
            data = first.get("schema")
        listed = data.get("fields") if isinstance(data, Mapping) else None
        if not isinstance(listed, list) or not listed:
            raise UnreadableSchema(_("Ce schéma ne décrit aucune colonne : ce n’est pas un Table Schema."))
        if len(listed) > MOST_FIELDS:
            raise UnreadableSchema(_("Ce schéma décrit plus de %d colonnes.") % MOST_FIELDS)
        missing = self._texts(data.get("missingValues", [""]), where="missingValues")
        fields: dict[str, Field] = {}
        for position, each in enumerate(listed, 1):
            found = self._field(each, where=f"fields[{position}]", missing=("",) if missing is None else missing)
            if found is not None and found.name in fields:
                self.warn(found.name, _("ce champ est décrit deux fois : la première description est gardée"))
            elif found is not None:
                fields[found.name] = found
        if not fields:
            raise UnreadableSchema(_("Ce schéma ne décrit aucune colonne : ce n’est pas un Table Schema."))
        return Schema(
            fields=tuple(fields.values()),
            name=self._text(data.get("name")),
            title=self._text(data.get("title")),
            version=self._text(data.get("version")),
            primary_key=self._names(data.get("primaryKey"), fields, where="primaryKey"),
            foreign_keys=self._foreign_keys(data.get("foreignKeys"), fields),
            custom_checks=self._custom_checks(data.get("custom_checks", data.get("customChecks"))),
            warnings=tuple(self.warnings),
        )

    def _text(self, value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        return UNWRITABLE.sub("\ufffd", str(value)) if isinstance(value, str | int | float) else ""

    def _texts(self, value: Any, *, where: str) -> tuple[str, ...] | None:
        if isinstance(value, list):
            # Data Package 2 may label them: {"value": "-99", "label": "refused"}
            plain = [each.get("value") if isinstance(each, Mapping) else each for each in value]
            return tuple(self._text(each) for each in plain)
        self.warn(where, _("une liste de textes est attendue : ce qui est écrit est laissé de côté"))
        return None

    def _field(self, data: Any, *, where: str, missing: tuple[str, ...]) -> Field | None:
        if not isinstance(data, Mapping) or not self._text(data.get("name")):
            self.warn(where, _("ce champ n’a pas de nom : il est laissé de côté"))
            return None
        name = self._text(data["name"])
        made = Field(
            name=name,
            type=self._type(data.get("type", "string"), where=name),
            title=self._text(data.get("title")),
            description=self._text(data.get("description")),
            example=self._text(data.get("example")),
            missing_values=missing,
        )
        made = replace(made, format=self._format(data.get("format", "default"), made))
        lists = {
            key: texts
            for key in ("missingValues", "trueValues", "falseValues")
            if key in data and (texts := self._texts(data[key], where=f"{name}.{key}")) is not None
        }
        made = replace(
            made,
            missing_values=lists.get("missingValues", made.missing_values),
            true_values=lists.get("trueValues", made.true_values),
            false_values=lists.get("falseValues", made.false_values),
            decimal_char=self._text(data.get("decimalChar")) or made.decimal_char,
            group_char=self._text(data.get("groupChar")),
        )
        if isinstance(data.get("bareNumber"), bool):
            made = replace(made, bare_number=data["bareNumber"])
        item = data.get("arrayItem")
        if made.type == "array" and isinstance(item, Mapping):
            made = replace(made, item=self._field({"name": name, **item}, where=name, missing=()))
        return replace(made, constraints=self._constraints(data, made))

    def _type(self, value: Any, *, where: str) -> str:
        said = self._text(value)
        if said in TYPES:
            return said
        kind = said.lower()
        kind = ALIASES.get(kind, kind)
        if kind in TYPES:
            self.warn(where, _("le type « %(said)s » est lu « %(kind)s »") % {"said": said, "kind": kind})
            return kind
        self.warn(where, _("le type « %s » n’existe pas : toute valeur est acceptée") % said)
        return "any"

    def _format(self, value: Any, field: Field) -> str:
        said = self._text(value).removeprefix("fmt:") or "default"
        known = FORMATS.get(field.type)
        if field.type in DATED:
            if said not in ("default", "any") and "%" not in said:
                self.warn(field.name, _("le format « %s » n’existe pas : il est laissé de côté") % said)
                return "default"
            return said
        if said != "default" and said not in (known or set()):
            self.warn(field.name, _("le format « %s » n’existe pas : il est laissé de côté") % said)
            return "default"
        return said

    def _constraints(self, data: Mapping[str, Any], field: Field) -> dict[str, Any]:
        given: dict[str, Any] = {}
        for key in ("constraints", "contraints", "constraint", "contraintes"):
            part = data.get(key)
            if part is None:
                continue
            if key != "constraints":
                self.warn(field.name, _("« %s » est lu « constraints »") % key)
            if isinstance(part, Mapping):
                given |= part
            else:
                self.warn(field.name, _("« %s » doit être un objet : il est laissé de côté") % key)
        for key in sorted(CONSTRAINTS & data.keys()):
            self.warn(field.name, _("« %s » doit être dans « constraints » : il y est mis") % key)
            given.setdefault(key, data[key])
        kept = {}
        for key, value in given.items():
            if key not in CONSTRAINTS:
                self.warn(field.name, _("la contrainte « %s » n’existe pas : elle est laissée de côté") % key)
            elif (read := self._constraint(key, value, field)) is not None:
                kept[key] = read
        return kept

    def _constraint(self, key: str, value: Any, field: Field) -> Any:
        """The value of a constraint, or None when it cannot be checked."""
        found: Any = None
        if key in ("required", "unique"):
            found = value if isinstance(value, bool) else {"true": True, "false": False}.get(self._text(value).lower())
        elif key in ("minLength", "maxLength"):
            text = self._text(value)
            found = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None
            if field.type not in MEASURED:
                self.warn(field.name, _("« %s » ne s’applique qu’aux textes : il porte ici sur l’écriture") % key)
        elif key == "enum":
            found = tuple(dict.fromkeys(self._text(each) for each in value)) if isinstance(value, list) else None
        elif key == "pattern":
            found = self._text(value) if isinstance(value, str) else None
        elif field.type in BOUNDED:
            found = self._text(value) or None
        if found is None:
            self.warn(field.name, _("la contrainte « %s » ne peut pas être vérifiée : elle est laissée de côté") % key)
        return found

    def _names(self, value: Any, fields: Mapping[str, Field], *, where: str) -> tuple[str, ...]:
        if value in (None, "", []):
            return ()
        said = [value] if isinstance(value, str) else value
        names = [self._text(each) for each in said] if isinstance(said, list) else [""]
        if all(name in fields for name in names):
            return tuple(dict.fromkeys(names))
        self.warn(where, _("nomme une colonne que le schéma ne décrit pas : laissé de côté"))
        return ()

    def _foreign_keys(self, value: Any, fields: Mapping[str, Field]) -> tuple[ForeignKey, ...]:
        made = []
        for position, each in enumerate(value if isinstance(value, list) else [], 1):
            where = f"foreignKeys[{position}]"
            reference = each.get("reference") if isinstance(each, Mapping) else None
            if not isinstance(reference, Mapping):
                self.warn(where, _("cette clé étrangère ne peut pas être lue : elle est laissée de côté"))
                continue
            names = self._names(each.get("fields"), fields, where=where)
            target = reference.get("fields")
            targets = tuple(self._text(name) for name in ([target] if isinstance(target, str) else target or ()))
            if names and len(names) == len(targets):
                made.append(ForeignKey(fields=names, resource=self._text(reference.get("resource")), target=targets))
            elif names:
                self.warn(where, _("cette clé étrangère ne peut pas être lue : elle est laissée de côté"))
        return tuple(made)

    def _custom_checks(self, value: Any) -> tuple[CustomCheck, ...]:
        made = []
        for position, each in enumerate(value if isinstance(value, list) else [], 1):
            name = self._text(each.get("name")) if isinstance(each, Mapping) else ""
            params = each.get("params") if isinstance(each, Mapping) else None
            if name:
                made.append(CustomCheck(name=name, params=params if isinstance(params, Mapping) else {}))
            else:
                self.warn(f"custom_checks[{position}]", _("ce contrôle n’a pas de nom : il est laissé de côté"))
        return tuple(made)
