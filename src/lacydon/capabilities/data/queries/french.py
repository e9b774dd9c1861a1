"""The French checks that schemas ask for under `custom_checks`, as SQL.

Their names are those of Validata, and `french-insee-code` of ours.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from .engine import among
from .lexical import matches
from .rules import Columns, Rule
from .schemas import CustomCheck
from .vocabularies.communes import is_listed

POSTE = "356000000"
"""La Poste: the digits of its establishments' numbers add up to a multiple of five instead (INSEE)."""
PHONE = (
    r"(0|(\+|00)33[ .-]?(\(0\)[ .-]?)?)[1-9]([ .-]?[0-9]{2}){4}|(\+|00)[1-9][0-9]{0,2}([ .-]?[0-9]{1,4}){2,6}|"
    r"0[1-9][0-9]{2}([ .-]?[0-9]{3}){2}|3[0-9]{3}|3[0-9] ?[0-9]{2}|1[0-9]|11[0-9]|10[0-9]{2}|"
    r"11[68] ?[0-9]{3}"
)
SUBJECTS = (
    "commande publique", "urbanisme", "domaine et patrimoine", "fonction publique",
    "institutions et vie politique", "libertes publiques et pouvoirs de police", "finances locales",
    "domaines de competences par themes", "autres domaines de competences",
)  # fmt: skip
"""The nine of the nomenclature of acts sent to the prefecture (@CTES)."""
_DAY = r"(Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)"
_DAYS = rf"{_DAY}(\[-?[0-9](?:[,-]-?[0-9])*\])?(-{_DAY})?"
_MONTH = r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = rf"([12][0-9]{{3}} )?({_MONTH}( [0-3]?[0-9])?|easter)( ?[+-][0-9]+ days?)?"
_WEEKS = r"week [0-9]{1,2}(-[0-9]{1,2})?(/[0-9]+)?"
_DATES = rf"({_DATE}( ?- ?({_DATE}|[0-3]?[0-9]))?|{_WEEKS}|[12][0-9]{{3}}(-[12][0-9]{{3}})?)"
_TIME = r"(([01]?[0-9]|2[0-9]):[0-5][0-9]|\(?(dawn|sunrise|sunset|dusk)([+-][0-9]{2}:[0-9]{2}\))?)"
_TIMES = rf"{_TIME}( ?- ?{_TIME}\+?|\+)?"
_RULE = (
    rf"(24/7|({_DATES}(, ?{_DATES})*:? ?)?({_DAYS}(, ?{_DAYS})*:? ?)?({_TIMES}(, ?{_TIMES})*)?)"
    r"( ?(off|closed|open|unknown))?( ?\"[^\"]*\")?"
)
HOURS = rf"{_RULE}( ?(;|\|\||,) ?{_RULE})*;?"
GROUND = (
    (-5.5, 41.2, 9.8, 51.3), (-63.3, 15.7, -60.7, 18.3), (-61.4, 14.2, -60.6, 15.1), (-54.8, 1.9, -51.4, 6.0),
    (54.9, -21.6, 56.0, -20.7), (44.8, -13.2, 45.5, -12.5), (-56.7, 46.6, -56.0, 47.3), (162.9, -23.3, 168.9, -18.9),
    (-178.5, -14.7, -175.9, -12.9), (-155.0, -28.2, -134.2, -7.5), (39.5, -50.5, 78.3, -11.3),
    (138.0, -67.0, 143.0, -65.0),
)  # fmt: skip
"""West, south, east, north (WGS 84) of each part of France, widened a little."""
OPERATORS = {">": ">", ">=": ">=", "==": "=", "=": "=", "<=": "<=", "<": "<"}
NUMERIC = r"[+-]?[0-9]+([.,][0-9]+)?"


def rule_of(check: CustomCheck, columns: Columns) -> Rule | None:
    """The rule of a check; None, and a warning, when it cannot be checked on this file."""
    made = CHECKS.get(check.name.removesuffix("-value"))
    if made is None:
        columns.warn(check.name, _("ce contrôle n’est pas connu : il n’est pas fait"))
        return None
    found = made(check.params, columns)
    if found is None:
        columns.warn(check.name, _("ce contrôle porte sur une colonne absente ou mal nommée : il n’est pas fait"))
    return found


def _digits(number: str, length: int) -> list[str]:
    """Each digit of an integer in SQL, the last one first."""
    return [f"(({number} // {10**place}) % 10)" for place in range(length)]


def _luhn(number: str, length: int) -> str:
    """Whether an integer holds Luhn's key: every second digit from the right is doubled, and folded over nine."""
    terms = [
        f"({digit} * 2 - CASE WHEN {digit} > 4 THEN 9 ELSE 0 END)" if place % 2 else digit
        for place, digit in enumerate(_digits(number, length))
    ]
    return f"({' + '.join(terms)}) % 10 = 0"


def _single(
    code: str, params: Mapping[str, Any], columns: Columns, asked: Callable[[str], str], **words: str
) -> Rule | None:
    position = columns.position(str(params.get("column", "")))
    if position is None:
        return None
    bad = f"k{position} AND NOT coalesce({asked(f'x{position}')}, false)"
    return Rule(code, bad, columns=(position,), position=position, name=code, shown=f"x{position}", note=code, **words)


def _siren(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    def asked(cell: str) -> str:
        plain = f"replace({cell}, ' ', '')"
        return f"{matches(plain, '[0-9]{9}')} AND {_luhn(f'try_cast({plain} AS BIGINT)', 9)}"

    return _single(
        "french-siren-value", params, columns, asked, expected=_("un numéro SIREN : 9 chiffres dont la clé est juste"),
        mend=_("recopiez le numéro depuis l’annuaire des entreprises ; le tableur a pu ôter un zéro au début"),
    )  # fmt: skip


def _siret(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    def asked(cell: str) -> str:
        plain = f"replace({cell}, ' ', '')"
        number = f"try_cast({plain} AS BIGINT)"
        poste = f"starts_with({plain}, '{POSTE}') AND ({' + '.join(_digits(number, 14))}) % 5 = 0"
        siren = _luhn(f"({number} // 100000)", 9)
        return f"{matches(plain, '[0-9]{14}')} AND {siren} AND ({_luhn(number, 14)} OR {poste})"

    return _single(
        "french-siret-value", params, columns, asked, expected=_("un numéro SIRET : 14 chiffres dont la clé est juste"),
        mend=_("recopiez le numéro depuis l’annuaire des entreprises ; un tableur l’arrondit s’il n’est pas en texte"),
    )  # fmt: skip


def _insee(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    return _single(
        "french-insee-code-value", params, columns, is_listed,
        expected=_("le code INSEE d’une commune qui existe, comme 75056"),
        mend=_("cherchez le code sur le site de l’INSEE : ce n’est pas le code postal, et un zéro au début compte"),
    )  # fmt: skip


def _phone(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    return _single(
        "phone-number-value", params, columns, lambda cell: matches(cell, PHONE),
        expected=_("un numéro de téléphone, comme 04 91 00 00 00 ou +33491000000"),
        mend=_("n’écrivez qu’un numéro par cellule ; le tableur a pu ôter le zéro du début"),
    )  # fmt: skip


def _hours(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    return _single(
        "opening-hours-value", params, columns, lambda cell: f"({matches(cell, HOURS)} AND trim({cell}) <> '')",
        expected=_("des horaires à la manière d’OpenStreetMap, comme Mo-Fr 08:30-12:00,13:30-17:00"),
        mend=_("écrivez les jours en anglais (Mo Tu We Th Fr Sa Su) et les heures comme 08:30"),
    )  # fmt: skip


def _years(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    alone = str(params.get("allow-year-only", "")).lower() in ("true", "yes", "1")

    def asked(cell: str) -> str:
        both = f"{matches(cell, '[0-9]{4}/[0-9]{4}')} AND left({cell}, 4) < right({cell}, 4)"
        return f"({both} OR {matches(cell, '[0-9]{4}')})" if alone else both

    return _single(
        "year-interval-value", params, columns, asked,
        expected=_("une année ou une période, comme 2025 ou 2025/2026") if alone else _("une période, comme 2025/2026"),
        mend=_("écrivez les deux années, la première avant la seconde"),
    )  # fmt: skip


def _acts(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    def asked(cell: str) -> str:
        plain = f"lower(strip_accents(split_part({cell}, '/', 1)))"
        return f"contains({cell}, '/') AND {among(f'trim({plain})', SUBJECTS)}"

    return _single(
        "nomenclature-actes-value", params, columns, asked,
        expected=_("une matière de la nomenclature des actes puis une barre, comme Finances locales/Divers"),
        mend=_("reprenez l’intitulé de la nomenclature de la préfecture"),
    )  # fmt: skip


def _coordinates(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    """A geopoint (longitude, latitude) on French ground: the usual fault is to swap the two."""
    position = columns.position(str(params.get("column", "")))
    if position is None:
        return None
    lon, lat = (
        f"try_cast(trim(split_part(translate(x{position}, '[]\"', ''), ',', {part})) AS DOUBLE)" for part in (1, 2)
    )
    ground = " OR ".join(f"({lon} BETWEEN {w} AND {e} AND {lat} BETWEEN {s} AND {n})" for w, s, e, n in GROUND)
    return _single(
        "french-gps-coordinates", params, columns, lambda _cell: f"({ground})",
        expected=_("la longitude puis la latitude d’un lieu de France, comme 5.37, 43.29"),
        mend=_("vérifiez l’ordre : la longitude d’abord, puis la latitude"),
    )  # fmt: skip


def _compare(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    first, second = (columns.position(str(params.get(name, ""))) for name in ("column", "column2"))
    operator = OPERATORS.get(str(params.get("op", "")))
    if first is None or second is None or operator is None:
        return None
    x, y = f"x{first}", f"x{second}"
    numbers = [matches(each, NUMERIC) for each in (x, y)]
    values = [f"try_cast(replace({each}, ',', '.') AS DOUBLE)" for each in (x, y)]
    right = (
        f"CASE WHEN {numbers[0]} AND {numbers[1]} THEN {values[0]} {operator} {values[1]} "
        f"WHEN {numbers[0]} OR {numbers[1]} THEN false ELSE {x} {operator} {y} END"
    )
    words = {">": _("plus grand que"), ">=": _("au moins égal à"), "=": _("égal à"), "<=": _("au plus égal à"),
             "<": _("plus petit que")}[operator]  # fmt: skip
    other = columns.fields[second].name
    return Rule(
        "compare-columns-value", f"k{first} AND k{second} AND NOT ({right})", columns=(first, second), position=first,
        name="compare-columns", shown=f"{x} || ' / ' || {y}", note=f"{params.get('op')} {other}",
        expected=_("%(words)s la colonne « %(other)s » de la même ligne") % {"words": words, "other": other},
        mend=_("vérifiez les deux valeurs : elles sont peut-être inversées"),
    )  # fmt: skip


def _named(params: Mapping[str, Any], *names: str) -> list[str]:
    said: list[str] = []
    for name in names:
        value = params.get(name)
        said += [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]
    return said


def _sum(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    total = columns.position(str(params.get("column", "")))
    parts = [columns.position(name) for name in _named(params, "columns")]
    if total is None or not parts or None in parts:
        return None
    known = [total, *(each for each in parts if each is not None)]

    def value(position: int) -> str:
        return f"try_cast(replace(x{position}, ',', '.') AS DOUBLE)"

    added = " + ".join(value(each) for each in known[1:])
    filled = " AND ".join(f"k{each}" for each in known)
    names = " + ".join(f"« {columns.fields[each].name} »" for each in known[1:])
    return Rule(
        "sum-columns-value", f"{filled} AND abs({value(total)} - ({added})) > 1e-6", columns=tuple(known),
        position=total, name="sum-columns", shown=f"x{total}", note=names, expected=_("la somme %s") % names,
        mend=_("vérifiez le total et ses parties"),
    )  # fmt: skip


def _cohesive(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    names = _named(params, "column", "othercolumns", "columns")
    known = [each for name in names if (each := columns.position(name)) is not None]
    if len(known) < 2:
        return None
    filled = " + ".join(f"(k{each} IS NOT NULL)::INTEGER" for each in known)
    shown = " || ' / ' || ".join(f"x{each}" for each in known)
    said = ", ".join(f"« {columns.fields[each].name} »" for each in known)
    return Rule(
        "cohesive-columns-value", f"NOT blank AND ({filled}) NOT IN (0, {len(known)})", columns=tuple(known),
        position=known[0], name="cohesive-columns", shown=shown, note=said,
        expected=_("toutes remplies ou toutes vides : %s") % said, mend=_("remplissez celles qui manquent"),
    )  # fmt: skip


def _one_of(params: Mapping[str, Any], columns: Columns) -> Rule | None:
    names = _named(params, *sorted(params))
    known = [each for name in names if (each := columns.position(name)) is not None]
    if not known:
        return None
    empty = " AND ".join(f"k{each} IS NULL" for each in known)
    said = ", ".join(f"« {name} »" for name in names)
    return Rule(
        "one-of-required", f"NOT blank AND {empty}", columns=tuple(known), position=known[0], name="one-of-required",
        shown=f"x{known[0]}", note=said, expected=_("au moins une de ces colonnes remplie : %s") % said,
        mend=_("remplissez l’une d’elles"),
    )  # fmt: skip


CHECKS: dict[str, Callable[[Mapping[str, Any], Columns], Rule | None]] = {
    "french-siren": _siren,
    "french-siret": _siret,
    "french-insee-code": _insee,
    "phone-number": _phone,
    "opening-hours": _hours,
    "year-interval": _years,
    "nomenclature-actes": _acts,
    "french-gps-coordinates": _coordinates,
    "compare-columns": _compare,
    "sum-columns": _sum,
    "cohesive-columns": _cohesive,
    "one-of-required": _one_of,
}
