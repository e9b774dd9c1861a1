"""What is said to somebody who has a file to mend: what was expected, and what to do."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .patterns import in_words
from .schemas import Field

TITLES = {
    "blank-row": gettext_lazy("Ligne vide"),
    "missing-cell": gettext_lazy("Cellule manquante"),
    "extra-cell": gettext_lazy("Cellule en trop"),
    "source-error": gettext_lazy("Lettres illisibles"),
    "type-error": gettext_lazy("Valeur mal écrite"),
    "constraint-error": gettext_lazy("Valeur refusée"),
    "unique-error": gettext_lazy("Valeur en double"),
    "primary-key": gettext_lazy("Ligne en double"),
    "foreign-key": gettext_lazy("Valeur inconnue de la table de référence"),
    "missing-label": gettext_lazy("Colonne manquante"),
    "incorrect-label": gettext_lazy("Nom de colonne mal écrit"),
    "duplicate-label": gettext_lazy("Nom de colonne en double"),
    "blank-label": gettext_lazy("Colonne sans nom"),
    "extra-label": gettext_lazy("Colonne en plus"),
    "french-siret": gettext_lazy("Numéro SIRET faux"),
    "french-siren": gettext_lazy("Numéro SIREN faux"),
    "phone-number": gettext_lazy("Numéro de téléphone faux"),
    "opening-hours": gettext_lazy("Horaires mal écrits"),
    "year-interval": gettext_lazy("Période mal écrite"),
    "nomenclature-actes": gettext_lazy("Acte hors de la nomenclature"),
    "french-gps-coordinates": gettext_lazy("Lieu hors de France"),
    "compare-columns": gettext_lazy("Colonnes en désaccord"),
    "sum-columns": gettext_lazy("Total faux"),
    "cohesive-columns": gettext_lazy("Colonnes à remplir ensemble"),
    "one-of-required": gettext_lazy("Une colonne à remplir"),
}
SHOWN = 8
"""Values of a list that are shown."""


def title(code: str) -> str:
    return str(TITLES.get(code.removesuffix("-value"), code))


def cells(count: int) -> str:
    return ngettext("%d cellule, comme l’en-tête", "%d cellules, comme l’en-tête", count) % count


def strptime(format: str) -> str:
    """`%d/%m/%Y` → `jj/mm/aaaa`."""
    letters = {"Y": _("aaaa"), "y": _("aa"), "m": _("mm"), "d": _("jj"), "H": "HH", "I": "HH", "M": "MM", "S": "SS"}
    made = format
    for letter, shown in letters.items():
        made = made.replace(f"%{letter}", shown)
    return made


def type_expected(field: Field) -> str:
    """What a value of this type looks like."""
    if field.type in ("date", "time", "datetime") and "%" in field.format:
        return _("une écriture de la forme « %s »") % strptime(field.format)
    if field.type == "boolean":
        both = [*field.true_values, *field.false_values]
        return _("une de ces valeurs : %s") % _list(both)
    if field.type == "number":
        example = f"1234{field.decimal_char}5"
        return _("un nombre, écrit comme %s") % example
    found = {
        ("string", "email"): _("une adresse électronique, comme nom@exemple.fr"),
        ("string", "uri"): _("une adresse web complète, comme https://exemple.fr/page"),
        ("string", "uuid"): _("un identifiant UUID, comme 123e4567-e89b-12d3-a456-426614174000"),
        ("string", "binary"): _("un contenu codé en base64"),
        ("geopoint", "default"): _("la longitude puis la latitude, comme 5.37, 43.29"),
        ("geopoint", "array"): _("la longitude puis la latitude entre crochets, comme [5.37, 43.29]"),
        ("geopoint", "object"): '{"lon": 5.37, "lat": 43.29}',
        ("geojson", "topojson"): _("un objet TopoJSON"),
    }.get((field.type, field.format))
    return found or {
        "integer": _("un nombre entier, comme 42"),
        "date": _("une date de la forme 2026-01-31"),
        "time": _("une heure de la forme 14:30:00"),
        "datetime": _("une date et une heure de la forme 2026-01-31T14:30:00Z"),
        "year": _("une année de quatre chiffres, comme 2026"),
        "yearmonth": _("un mois de la forme 2026-01"),
        "duration": _("une durée ISO 8601, comme P1DT12H"),
        "object": _("un objet JSON, entre accolades"),
        "array": _('une liste JSON, comme ["a", "b"]'),
        "geojson": _('un objet GeoJSON, comme {"type": "Point", "coordinates": [5.37, 43.29]}'),
    }.get(field.type, field.type)


def type_mend(field: Field) -> str:
    """What to do about a value of another type."""
    if field.type in ("integer", "number"):
        return _("n’écrivez que des chiffres, sans unité ni espace")
    if field.type in ("date", "datetime"):
        return _("choisissez ce format de date pour toute la colonne dans votre tableur")
    if field.type == "boolean":
        return _("remplacez la valeur par une de celles de la liste")
    if field.type == "geopoint":
        return _("vérifiez l’ordre : la longitude est entre -180 et 180, la latitude entre -90 et 90")
    return _("écrivez la valeur de cette façon, ou videz la cellule si elle peut être vide")


def _list(values: Any) -> str:
    shown = ", ".join(_("« %s »") % each for each in values[:SHOWN])
    more = len(values) - SHOWN
    return shown + (_(" et %d autres") % more if more > 0 else "")


def constraint_expected(field: Field, name: str, value: Any) -> str:
    """What a constraint asks for, in words."""
    if name == "enum":
        return _("une de ces valeurs : %s") % _list(value)
    if name == "pattern":
        said = in_words(value) or _("une écriture conforme au motif %s") % value
        return said + (_(", comme « %s »") % field.example if field.example else "")
    words = {
        "required": _("une valeur : cette colonne est obligatoire"),
        "unique": _("une valeur différente à chaque ligne"),
        "minLength": _("au moins %s caractères") % value,
        "maxLength": _("au plus %s caractères") % value,
        "minimum": _("%s ou plus") % value,
        "maximum": _("%s ou moins") % value,
        "exclusiveMinimum": _("plus que %s") % value,
        "exclusiveMaximum": _("moins que %s") % value,
    }
    return words[name]


def constraint_mend(field: Field, name: str) -> str:
    """What to do about a refused value."""
    if name == "required":
        return _("remplissez la cellule")
    if name == "enum":
        return _("choisissez dans la liste ; majuscules et accents comptent")
    if name == "unique":
        return _("supprimez la ligne répétée, ou corrigez la valeur")
    if name == "pattern" and field.example:
        return _("écrivez comme dans l’exemple « %s »") % field.example
    return _("corrigez la valeur")
