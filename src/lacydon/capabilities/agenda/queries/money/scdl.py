"""Files of the common base of local data (SCDL): the budget (0.8) and the grants (2.1), towards the agenda's credits.

The budget is matched by its operation (`BGT_OPERATION`), which is the operation or the code of the authorisation of a
line of credits, and by its account (`BGT_CONTNAT`, else `BGT_NATURE`). Lines of other operations are the rest of the
budget: counted, and left alone. Grants are matched by the code of an authorisation in `referenceDecision` or `objet`.

What a stage says: « budget primitif », the credits voted; « budget supplémentaire » and « décision modificative », the
credits open from then on; « compte administratif », what was paid, and what is engaged (paid and still to pay).
Sources: schema.data.gouv.fr, scdl/budget 0.8.3 and scdl/subventions 2.1.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.kernel.french import plain

from ..chart import Chart
from ..coherence import Surroundings, euros, incoherences
from ..nouns import Action, Budget
from ..nouns.money import Funding, Year
from ..plan.overview import NOUGHT
from .sheets import SHOWN, Refusal, Row, Unfit, read_sheet, seen_twice

PRIMARY, EXTRA, CHANGE, ACCOUNT = (
    "budget primitif", "budget supplémentaire", "décision modificative", "compte administratif",
)  # fmt: skip
STAGES = (PRIMARY, EXTRA, CHANGE, ACCOUNT)
BUDGET_NEEDED = (
    "BGT_NATDEC", "BGT_ANNEE", "BGT_SIRET", "BGT_CONTNAT", "BGT_NATURE", "BGT_OPERATION", "BGT_SECTION", "BGT_OPBUDG",
    "BGT_CODRD",
)  # fmt: skip
BUDGET_KNOWN = (
    *BUDGET_NEEDED, "BGT_NOM", "BGT_CONTNAT_LABEL", "BGT_NATURE_LABEL", "BGT_FONCTION", "BGT_FONCTION_LABEL",
    "BGT_MTREAL", "BGT_MTBUDGPREC", "BGT_MTRARPREC", "BGT_MTPROPNOUV", "BGT_MTPREV", "BGT_CREDOUV", "BGT_MTRAR3112",
    "BGT_ARTSPE",
)  # fmt: skip
GRANTS_NEEDED = ("nomAttribuant", "idAttribuant", "dateConvention", "idBeneficiaire", "objet", "montant", "nature")
GRANTS_KNOWN = (
    *GRANTS_NEEDED, "referenceDecision", "nomBeneficiaire", "rnaBeneficiaire", "conditionsVersement",
    "datesPeriodeVersement", "idRAE", "notificationUE", "pourcentageSubvention", "dispositifAide", "multiFinanceur",
)  # fmt: skip
IN_MONEY, IN_KIND = "aide en numéraire", "aide en nature"


@dataclass(frozen=True, slots=True)
class Read:
    """What a file would make of the agenda, or why it may not. `left`: lines that speak of nothing in the agenda."""

    budgets: tuple[Budget, ...] = ()
    """Those that change, as they would be."""
    taken: int = 0
    left: int = 0
    refusals: tuple[Refusal, ...] = ()
    lines: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Line of credits → the lines of the file it comes from."""

    def sentence(self, *, dry: bool) -> str:
        """What loading it did; `dry`: what it would do."""
        many, spoken = len(self.budgets), self.taken
        first = (
            ngettext("Ce fichier changerait %d ligne de crédits.", "Ce fichier changerait %d lignes de crédits.", many)
            if dry
            else ngettext("%d ligne de crédits a changé.", "%d lignes de crédits ont changé.", many)
        ) % many
        taken = ngettext("%d ligne du fichier parle de l’agenda", "%d lignes du fichier parlent de l’agenda", spoken)
        left = ngettext("%d autre est laissée", "%d autres sont laissées", self.left)
        return f"{first} {taken % spoken}, {left % self.left}."


def read_budget(content: bytes, *, chart: Chart, around: Surroundings, as_of: date, source: str) -> Read:
    """The credits that a SCDL budget says. `as_of`: the day its figures speak of; `source`: kept with each year."""
    return _read(
        content, needed=BUDGET_NEEDED, known=BUDGET_KNOWN, chart=chart, around=around,
        into=lambda rows: _Budgets(chart, as_of, source).of(rows),
    )  # fmt: skip


def read_grants(content: bytes, *, chart: Chart, around: Surroundings, funder: str) -> Read:
    """The grants that a SCDL file of one funder says. `funder`: its kind, as in the agenda."""
    return _read(
        content, needed=GRANTS_NEEDED, known=GRANTS_KNOWN, chart=chart, around=around,
        into=lambda rows: _Grants(chart, funder).of(rows),
    )  # fmt: skip


def _read(
    content: bytes, *, needed: tuple[str, ...], known: tuple[str, ...], chart: Chart, around: Surroundings,
    into: Callable[[Iterable[Row]], Read],
) -> Read:  # fmt: skip
    try:
        sheet = read_sheet(content, needed=needed, known=known)
    except Unfit as unfit:
        return Read(refusals=(unfit.refusal,))
    twice = tuple(seen_twice(sheet.rows))
    found = into(sheet.rows)
    wrong = (*found.refusals, *twice) or tuple(_incoherent(found, chart, around))
    wrong = tuple(sorted(wrong, key=lambda each: (each.line, each.column)))[:SHOWN]
    return Read(found.budgets, found.taken, found.left, wrong, found.lines)


def _incoherent(found: Read, chart: Chart, around: Surroundings) -> Iterator[Refusal]:
    """Σ CP ≤ AP, engaged ≤ AP, paid ≤ CP of the year, received ≤ granted: told at the lines that make it."""
    changed = {("budget", each.id): each for each in found.budgets}
    then = Chart(objects={**chart.objects, **changed}, numbers={})
    for wrong in incoherences(then, around):
        if wrong.kind == "budget" and ("budget", wrong.object) in changed:
            lines = found.lines.get(wrong.object, (0,))
            last = then.one(Budget, wrong.object).authorisation.code
            told = _("%(found)s pour « %(code)s »") % {"found": wrong.found, "code": last}
            yield Refusal(lines[-1], _WHERE.get(str(wrong.path[-1]), ""), told, wrong.expected)


_WHERE = {"paid": "BGT_MTREAL", "years": "BGT_CREDOUV", "received": "montant"}


def _siren(chart: Chart) -> str:
    found = chart.agenda()
    return found.siren if found else ""


class _Budgets:
    """Rows of a budget gathered into years of lines of credits."""

    def __init__(self, chart: Chart, as_of: date, source: str) -> None:
        self.chart, self.as_of, self.source = chart, as_of, source
        self.siren = _siren(chart)
        self.by_operation: dict[str, list[Budget]] = {}
        for each in chart.all(Budget):
            for name in {plain(each.operation or ""), plain(each.authorisation.code)} - {""}:
                self.by_operation.setdefault(name, []).append(each)
        self.sums: dict[tuple[str, int, str], dict[str, Decimal]] = {}
        """(line of credits, year, stage) → column → sum."""
        self.lines: dict[str, list[int]] = {}

    def of(self, rows: Iterable[Row]) -> Read:
        refusals, taken, left = [], 0, 0
        for row in rows:
            try:
                if self._take(row):
                    taken += 1
                else:
                    left += 1
            except Unfit as unfit:
                refusals.append(unfit.refusal)
        budgets = []
        for id_ in self.lines if not refusals else ():
            try:
                made = self._made(id_)
            except Unfit as unfit:
                refusals.append(unfit.refusal)
                continue
            if made != self.chart.one(Budget, id_):
                budgets.append(made)
        lines = {id_: tuple(each) for id_, each in self.lines.items()}
        return Read(tuple(budgets), taken, left, tuple(refusals), lines)

    def _take(self, row: Row) -> bool:
        """Whether it is of the agenda; every line is checked, be it of the agenda or not."""
        stage = row.choice("BGT_NATDEC", STAGES)
        year = row.number("BGT_ANNEE", least=2000, most=2100)
        siret = row.digits("BGT_SIRET", 14)
        if self.siren and siret[:9] != self.siren:
            raise row.unfit("BGT_SIRET", _("un SIRET qui commence par %s, le SIREN de l’agenda") % self.siren)
        section = row.choice("BGT_SECTION", ("investissement", "fonctionnement"))
        real = row.choice("BGT_OPBUDG", ("réel", "ordre")) == "réel"
        spent = row.choice("BGT_CODRD", ("dépense", "recette")) == "dépense"
        amounts = {name: row.amount(name, signed=True) for name in _COLUMNS[stage] if name in row.cells}
        found = self._line_of(row, section)
        if found is None or not (real and spent):
            return False
        if amounts.get(_COLUMNS[stage][0]) is None and stage in (EXTRA, CHANGE, ACCOUNT):
            raise row.unfit(_COLUMNS[stage][0], _("un montant, 0 s’il n’y en a pas"))
        if stage == PRIMARY and all(each is None for each in amounts.values()):
            raise row.unfit("BGT_CREDOUV", _("le montant voté, ici ou dans BGT_MTPREV"))
        if stage == PRIMARY:
            voted = next(each for each in (amounts.get(name) for name in _COLUMNS[stage]) if each is not None)
            amounts = {"BGT_CREDOUV": voted}
        sums = self.sums.setdefault((found.id, year, stage), {})
        for name, amount in amounts.items():
            sums[name] = sums.get(name, NOUGHT) + (amount or NOUGHT)
        self.lines.setdefault(found.id, []).append(row.line)
        return True

    def _line_of(self, row: Row, section: str) -> Budget | None:
        named = self.by_operation.get(plain(row.text("BGT_OPERATION", needed=False)), ())
        if not named:
            return None
        accounts = {row.text("BGT_CONTNAT"), row.text("BGT_NATURE")}
        of_account = [each for each in named if each.nature in accounts]
        if not of_account:
            natures = ", ".join(sorted({each.nature for each in named}))
            raise row.unfit("BGT_CONTNAT", _("%s, la nature de cette opération dans l’agenda") % natures)
        of_section = [each for each in of_account if each.section == section]
        if not of_section:
            raise row.unfit("BGT_SECTION", f"« {of_account[0].section} »")
        function = row.text("BGT_FONCTION", needed=False)
        fit = [each for each in of_section if not function or each.function in ("0", function)]
        if not fit:
            functions = ", ".join(sorted({each.function for each in of_section}))
            raise row.unfit("BGT_FONCTION", _("%s, la fonction de cette opération dans l’agenda") % functions)
        if len(fit) > 1:
            raise row.unfit("BGT_OPERATION", _("le code d’une seule autorisation de l’agenda"))
        return fit[0]

    def _made(self, id_: str) -> Budget:
        before = self.chart.one(Budget, id_)
        years = {each.year: each for each in before.years}
        wanted = sorted((key for key in self.sums if key[0] == id_), key=lambda key: (key[1], STAGES.index(key[2])))
        for key in wanted:
            _id, number, stage = key
            sums = self.sums[key]
            for name, amount in sums.items():
                if amount < 0:
                    line = self.lines[id_][-1]
                    raise Unfit(Refusal(line, name, euros(amount), _("une somme positive pour l’opération et l’année")))
            years[number] = self._year(years.get(number), number, stage, sums)
        return before.model_copy(update={"years": tuple(years[number] for number in sorted(years))})

    def _year(self, before: Year | None, number: int, stage: str, sums: Mapping[str, Decimal]) -> Year:
        held = before or Year(year=number, voted=NOUGHT, engaged=NOUGHT, paid=NOUGHT, as_of=self.as_of)
        if stage == PRIMARY:
            said = {"voted": sums["BGT_CREDOUV"]}
        elif stage == ACCOUNT:
            paid = sums["BGT_MTREAL"]
            said = {"paid": paid, "engaged": paid + sums.get("BGT_MTRAR3112", NOUGHT)}
        else:
            said = {"revised": sums["BGT_CREDOUV"]}
        if all(getattr(held, name) == amount for name, amount in said.items()) and before is not None:
            return before
        return held.model_copy(update=said | {"as_of": self.as_of, "source": self.source or held.source})


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    PRIMARY: ("BGT_CREDOUV", "BGT_MTPREV"),
    EXTRA: ("BGT_CREDOUV",),
    CHANGE: ("BGT_CREDOUV",),
    ACCOUNT: ("BGT_MTREAL", "BGT_MTRAR3112"),
}
"""Which amounts a stage says, the compulsory one first."""


class _Grants:
    """Rows of a funder's grants gathered into the funding of lines of credits."""

    def __init__(self, chart: Chart, funder: str) -> None:
        self.chart, self.funder = chart, funder
        self.siren = _siren(chart)
        self.by_code = {plain(each.authorisation.code): each for each in chart.all(Budget)}
        self.by_action: dict[str, list[Budget]] = {}
        for each in chart.all(Budget):
            action = chart.get(Action, each.action)
            if action is not None:
                self.by_action.setdefault(plain(action.code), []).append(each)
        self.granted: dict[str, Decimal] = {}
        self.lines: dict[str, list[int]] = {}

    def of(self, rows: Iterable[Row]) -> Read:
        refusals, taken, left = [], 0, 0
        giver = ""
        for row in rows:
            try:
                giver = giver or row.digits("idAttribuant", 14)[:9]
                if row.digits("idAttribuant", 14)[:9] != giver:
                    raise row.unfit("idAttribuant", _("le même attribuant qu’à la première ligne (%s)") % giver)
                if self._take(row):
                    taken += 1
                else:
                    left += 1
            except Unfit as unfit:
                refusals.append(unfit.refusal)
        budgets = []
        for id_, amount in self.granted.items():
            before = self.chart.one(Budget, id_)
            made = before.model_copy(update={"funding": self._funding(before, amount)})
            if made != before:
                budgets.append(made)
        lines = {id_: tuple(each) for id_, each in self.lines.items()}
        return Read(tuple(budgets), taken, left, tuple(refusals), lines)

    def _take(self, row: Row) -> bool:
        row.text("nomAttribuant")
        row.day("dateConvention")
        beneficiary = row.digits("idBeneficiaire", 14)
        amount = row.amount("montant")
        if amount is None:
            raise row.unfit("montant", _("un montant en euros, comme 12500,00"))
        nature = row.choice("nature", (IN_MONEY, IN_KIND, f"{IN_MONEY};{IN_KIND}"))
        row.text("objet")
        if beneficiary[:9] != self.siren or nature == IN_KIND:
            return False
        found = self._line_of(row)
        self.granted[found.id] = self.granted.get(found.id, NOUGHT) + amount
        self.lines.setdefault(found.id, []).append(row.line)
        return True

    def _line_of(self, row: Row) -> Budget:
        said = " ".join((row.text("referenceDecision", needed=False), row.text("objet")))
        words = {plain(word.strip("().,;:«»\"'")) for word in re.split(r"[\s\u00a0\u202f]+", said)}
        found = [self.by_code[word] for word in words if word in self.by_code]
        found = found or [each for word in words for each in self.by_action.get(word, ())]
        if len(found) != 1:
            expected = (
                _("le code d’une autorisation de l’agenda, dans la référence ou l’objet")
                if not found
                else _("le code d’une seule autorisation : %s conviennent")
                % ", ".join(sorted(each.authorisation.code for each in found))
            )
            raise row.unfit("objet", expected)
        return found[0]

    def _funding(self, before: Budget, granted: Decimal) -> tuple[Funding, ...]:
        """What it grants replaces what it granted; it was asked at least that; what was received stays."""
        held = next((each for each in before.funding if each.funder == self.funder), None)
        asked = max(granted, held.asked) if held else granted
        received = held.received if held else NOUGHT
        new = Funding.model_validate({"funder": self.funder, "asked": asked, "granted": granted, "received": received})
        if held is None:
            return (*before.funding, new)
        kept = new.model_copy(update={"agreement": held.agreement})
        return tuple(kept if each is held else each for each in before.funding)
