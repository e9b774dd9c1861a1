"""What the shape of a form cannot say: ids that are new, keys that suit the type, conditions and calculations that name
what exists and was asked before."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.folder import Step

from .conditions import DATED, OPERATORS, day
from .definition import LONGEST, NUMBERS, Computed, Field, Form
from .operands import is_number, named_in, names_in, unfit, unfit_operand
from .patterns import LONGEST_TEXT, why_not

Wrong = tuple[tuple[Step, ...], str, str]
"""Path, found, expected."""
SPECIFIC: Mapping[str, tuple[str, ...]] = {
    "text": ("min_length", "max_length", "pattern"),
    "longtext": ("min_length", "max_length"),
    "number": ("min", "max", "decimals", "unit"),
    "money": ("min", "max"),
    "date": ("before", "after"),
    "choice": ("options",),
    "choices": ("options", "min", "max"),
    "file": ("accept", "max_files", "largest_mb"),
    "group": ("min", "max", "fields"),
    "signature": ("drawn",),
}
"""The keys that mean something for a type, besides those of every field."""
ANY_SPECIFIC = {key for keys in SPECIFIC.values() for key in keys}
DEEPEST = 12
MOST_PARTS = 300
"""Parts of one condition or calculation."""
MOST_WORK = 1_000
"""Parts of one calculation with those it stands on: thirty that each name the one before twice would be a billion."""
MOST_ROWS = 100
LISTS = {"sum", "product", "min", "max"}
PAIRS = {"difference", "quotient"}
VERBS = ", ".join([*sorted(LISTS | PAIRS), "field", "round", "brackets", "if", "count", "total", "age"])


def faults_of(form: Form) -> Iterator[Wrong]:
    """Everything there is to mend in a form whose shape is right."""
    yield from _Check(form).faults()


def _shown(value: Any) -> str:
    try:
        return f"« {str(value)[:80]} »"
    except ValueError:  # a number of thousands of figures
        return "« … »"


class _Check:
    def __init__(self, form: Form) -> None:
        self.form = form
        self.asked: dict[str, Field] = {}
        """Fields outside groups met so far."""
        self.ready: dict[str, Computed] = {}
        """What is computed from them alone."""
        self.ids: set[str] = set()
        self.parts = 0

    def faults(self) -> Iterator[Wrong]:
        yield from self._computed_ids()
        pages: set[str] = set()
        for position, page in enumerate(self.form.pages):
            at: tuple[Step, ...] = ("pages", position)
            if page.id in pages:
                yield (*at, "id"), _("« %s » une seconde fois") % page.id, _("un id nouveau")
            pages.add(page.id)
            if page.when is not None:
                yield from self.condition(page.when, (*at, "when"))
            for place, field in enumerate(page.fields):
                yield from self._field(field, (*at, "fields", place))
        for position, each in enumerate(self.form.computed):
            self.parts = 0
            yield from self.expression(each.value, ("computed", position, "value"), before=position)
        yield from self._too_heavy()
        fees = [position for position, each in enumerate(self.form.computed) if each.fee]
        for position in fees:
            if position != fees[0] or self.form.computed[position].type != "money":
                yield ("computed", position, "fee"), "fee", _("un seul montant à payer, de type money")

    def _too_heavy(self) -> Iterator[Wrong]:
        work: dict[str, int] = {}
        for position, each in enumerate(self.form.computed):
            work[each.id] = 1 + sum(work.get(id, 1) for id in names_in(self.form, each.value))
            if work[each.id] > MOST_WORK:
                found = _("un calcul qui refait les autres des milliers de fois")
                yield ("computed", position, "value"), found, _("un texte plus simple")
                return

    def _computed_ids(self) -> Iterator[Wrong]:
        for position, each in enumerate(self.form.computed):
            if each.id in self.ids or each.id in self.form.by_id:
                yield ("computed", position, "id"), _("« %s » une seconde fois") % each.id, _("un id nouveau")
            self.ids.add(each.id)

    def _field(self, field: Field, at: tuple[Step, ...]) -> Iterator[Wrong]:
        yield from self._one(field, at)
        if field.when is not None:
            yield from self.condition(field.when, (*at, "when"))
        if field.type == "group":
            rows: dict[str, Field] = {}
            for place, each in enumerate(field.fields):
                inner = (*at, "fields", place)
                yield from self._one(each, inner)
                if each.type == "group":
                    yield (*inner, "type"), "« group »", _("un champ simple : un groupe n’en contient pas d’autre")
                if each.when is not None:
                    yield from self.condition(each.when, (*inner, "when"), rows=rows)
                rows[each.id] = each
        self.asked[field.id] = field
        for computed in self.form.computed:
            if computed.id not in self.ready and named_in(self.form, computed.value) <= {*self.asked, *self.ready}:
                self.ready[computed.id] = computed

    def _one(self, field: Field, at: tuple[Step, ...]) -> Iterator[Wrong]:
        if field.id in self.ids:
            yield (*at, "id"), _("« %s » une seconde fois") % field.id, _("un id nouveau")
        self.ids.add(field.id)
        written = _at(self.form.source, at)
        for key in sorted((ANY_SPECIFIC & set(written)) - set(SPECIFIC.get(field.type, ()))):
            expected = _("aucun champ de ce nom pour le type « %s »") % field.type
            yield (*at, key), _("le champ « %s »") % key, expected
        if field.type == "info":
            for key in sorted({"required", "datum", "prefill", "message"} & set(written)):
                yield (*at, key), _("le champ « %s »") % key, _("un texte seul : il ne demande rien")
        yield from self._bounds(field, at)

    def _bounds(self, field: Field, at: tuple[Step, ...]) -> Iterator[Wrong]:
        if field.type in LONGEST:
            if field.max_length > (20_000 if field.type == "longtext" else 1000):
                yield (*at, "max_length"), str(field.max_length), _("1000 caractères au plus, ou le type longtext")
            if field.min_length > field.max_length:
                yield (*at, "min_length"), str(field.min_length), _("moins que max_length")
        if field.pattern:
            if field.max_length > LONGEST_TEXT:
                yield (*at, "max_length"), str(field.max_length), _("200 caractères au plus avec un motif")
            if (expected := why_not(field.pattern)) is not None:
                yield (*at, "pattern"), _shown(field.pattern), expected
        if field.type in ("choice", "choices"):
            if not field.options:
                yield at, _("aucune option"), _("des « options »")
            for place, value in enumerate(field.values):
                if value in field.values[:place]:
                    yield (*at, "options", place), _("« %s » une seconde fois") % value, _("une valeur nouvelle")
        if field.type == "group" and not field.fields:
            yield at, _("aucun champ dans le groupe"), _("des « fields »")
        if field.type in ("choices", "group"):
            yield from self._counts(field, at)
        elif field.min and field.max and float(field.min) > float(field.max):
            yield (*at, "min"), field.min, _("moins que max")
        yield from self._days(field, at)

    def _counts(self, field: Field, at: tuple[Step, ...]) -> Iterator[Wrong]:
        for key in ("min", "max"):
            told = getattr(field, key)
            if told and not (told.isdecimal() and int(told) <= MOST_ROWS):
                yield (*at, key), told, _("un nombre entier de 0 à 100")
                return
        most = len(field.options) if field.type == "choices" and field.options else MOST_ROWS
        if not field.least <= field.most <= most or field.most < 1:
            yield (*at, "min" if field.min else "max"), _("de %s à %s") % (field.least, field.most), _("min, puis max")

    def _days(self, field: Field, at: tuple[Step, ...]) -> Iterator[Wrong]:
        for key in DATED:
            told = getattr(field, key)
            try:
                if told:
                    day(told)
            except (ValueError, OverflowError):
                yield (*at, key), _shown(told), _("une date comme 2023-01-01")

    # Conditions

    def condition(self, told: Any, at: tuple[Step, ...], *, rows: Mapping[str, Field] | None = None) -> Iterator[Wrong]:
        """Faults of a condition that may name what was asked so far, and the row's own fields (`rows`)."""
        self.parts = 0
        yield from self._condition(told, at, rows or {}, 0)

    def _too_much(self, at: tuple[Step, ...], depth: int) -> Iterator[Wrong]:
        self.parts += 1
        if depth > DEEPEST or self.parts == MOST_PARTS:
            yield at, _("trop de niveaux ou de parties"), _("une règle plus simple")

    def _condition(self, told: Any, at: tuple[Step, ...], rows: Mapping[str, Field], depth: int) -> Iterator[Wrong]:
        yield from self._too_much(at, depth)
        if depth > DEEPEST:
            return
        if not isinstance(told, Mapping) or not told:
            yield at, _shown(told), _("une condition comme « champ: valeur »")
            return
        for key, expected in told.items():
            here = (*at, key)
            if key in ("all", "any"):
                if not isinstance(expected, list) or not expected:
                    yield here, _shown(expected), _("une liste de conditions")
                    continue
                for place, each in enumerate(expected):
                    yield from self._condition(each, (*here, place), rows, depth + 1)
            elif key == "not":
                yield from self._condition(expected, here, rows, depth + 1)
            elif (field := rows.get(key) or self.asked.get(key) or self.ready.get(key)) is None:
                yield here, f"« {key} »", _("un champ demandé avant celui-ci")
            else:
                yield from self._compared(field, expected, here)

    def _compared(self, field: Field | Computed, expected: Any, at: tuple[Step, ...]) -> Iterator[Wrong]:
        if isinstance(expected, Mapping):
            for operator, operand in expected.items():
                if (wanted := unfit_operand(field, operator, operand)) is not None:
                    yield (*at, operator), f"« {operator}: {operand} »", wanted
            if not expected:
                yield at, _("rien"), _("l'une de ces valeurs : %s") % ", ".join(OPERATORS)
        elif (wanted := unfit(field, expected)) is not None:
            yield at, _shown(expected), wanted

    # Calculations

    def expression(self, told: Any, at: tuple[Step, ...], *, before: int, depth: int = 0) -> Iterator[Wrong]:
        """Faults of a calculation, which may name every field and what is computed before it."""
        yield from self._too_much(at, depth)
        if depth > DEEPEST or is_number(told):
            return
        verb = next((key for key in ("if", "round") if isinstance(told, Mapping) and key in told), None)
        if verb is None and isinstance(told, Mapping) and len(told) == 1:
            verb = next(iter(told))
        match verb:
            case "field" | "count" | "total" | "age":
                if (wanted := self._named(verb, told[verb], before)) is not None:
                    yield (*at, verb), _shown(told[verb]), wanted
            case "if" if set(told) == {"if", "then", "else"}:
                yield from self._condition(told["if"], (*at, "if"), {}, depth + 1)
                yield from self._inner([told["then"], told["else"]], at, ("then", "else"), before, depth)
            case "round" if set(told) <= {"round", "to"} and _whole(told.get("to", 0)):
                yield from self._inner([told["round"]], at, ("round",), before, depth)
            case "brackets" if isinstance(told[verb], Mapping) and set(told[verb]) == {"of", "table"}:
                yield from self._brackets(told[verb], (*at, verb), before, depth)
            case str() if verb in LISTS | PAIRS and isinstance(told[verb], list) and told[verb]:
                if verb in PAIRS and len(told[verb]) != 2:
                    yield (*at, verb), _("%d éléments") % len(told[verb]), _("deux éléments")
                yield from self._inner(told[verb], (*at, verb), range(len(told[verb])), before, depth)
            case _:
                yield at, _shown(told), _("un nombre, ou l’un de ces calculs : %s") % VERBS

    def _inner(self, parts: Any, at: tuple[Step, ...], steps: Any, before: int, depth: int) -> Iterator[Wrong]:
        for step, each in zip(steps, parts, strict=True):
            yield from self.expression(each, (*at, step), before=before, depth=depth + 1)

    def _named(self, verb: str, id: Any, before: int) -> str | None:
        if not isinstance(id, str):
            return _("l’id d’un champ")
        field, computed = self.asked.get(id), [each.id for each in self.form.computed[:before]]
        match verb:
            case "field":
                right = id in computed or (field is not None and field.type in NUMBERS)
                return None if right else _("un champ number ou money hors d’un groupe, ou un calcul écrit avant")
            case "count":
                right = field is not None and field.type in ("group", "choices", "file")
                return None if right else _("un champ group, choices ou file")
            case "age":
                return None if field is not None and field.type == "date" else _("un champ date hors d’un groupe")
        inner = self.form.by_id.get(id)
        right = inner is not None and field is None and inner.type in NUMBERS
        return None if right else _("un champ number ou money d’un groupe")

    def _brackets(self, told: Any, at: tuple[Step, ...], before: int, depth: int) -> Iterator[Wrong]:
        yield from self._inner([told["of"]], at, ("of",), before, depth)
        table = told["table"]
        if not isinstance(table, list) or not table:
            yield (*at, "table"), _shown(table), _("une liste de tranches (up_to, then)")
            return
        highest: float | None = None
        for place, line in enumerate(table):
            here = (*at, "table", place)
            keys = set(line) if isinstance(line, Mapping) else set()
            last = place == len(table) - 1
            if keys != {"up_to", "then"} and not (last and keys == {"then"}):
                yield here, _shown(line), _("une tranche « up_to, then » (la dernière peut n’avoir que « then »)")
                continue
            if "up_to" in line:
                if not is_number(line["up_to"]) or (highest is not None and line["up_to"] <= highest):
                    yield (*here, "up_to"), _shown(line["up_to"]), _("un nombre plus grand que le précédent")
                else:
                    highest = line["up_to"]
            yield from self._inner([line["then"]], here, ("then",), before, depth)


def _at(source: Any, path: tuple[Step, ...]) -> Mapping[str, Any]:
    for step in path:
        source = source[step]
    return source


def _whole(told: Any) -> bool:
    return isinstance(told, int) and not isinstance(told, bool) and 0 <= told <= 10
