"""The chart: the whole territory in the memory of a process, rebuilt when a load has changed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from lacydon.kernel import french
from lacydon.kernel.errors import OutsideTerritory
from lacydon.kernel.snapshots import Snapshot
from lacydon.kernel.texts import Localised, said

from .. import models
from .contours import Geography, Located
from .rules import DatedRule, Timeline, Where, applicable, timeline

SNAPSHOT = "territory"


@dataclass(frozen=True, slots=True)
class ArrondissementView:
    code: str
    name: str
    commune: str
    postal_code: str
    lon: float
    lat: float


@dataclass(frozen=True)
class CommuneView:
    """A commune as shown and answered; lon, lat: its centre in WGS 84."""

    code: str
    name: str
    siren: str
    departement: str
    population: int
    postal_codes: tuple[str, ...]
    lon: float
    lat: float
    arrondissements: tuple[ArrondissementView, ...] = ()

    @cached_property
    def slug(self) -> str:
        return french.slug(self.name)

    @cached_property
    def of(self) -> str:
        """« d’Angers »."""
        return french.of(self.name)

    @cached_property
    def at(self) -> str:
        """« à Angers »."""
        return french.at(self.name)


@dataclass(frozen=True, slots=True)
class AuthorityView:
    """An authority and its channels: mappings with type and, as the case may be, url, phone, address, hours, label."""

    id: str
    kind: str
    name: Localised
    siren: str
    channels: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ValueView:
    value: str
    label: Localised


@dataclass(frozen=True, slots=True)
class FactView:
    """A question a resident can answer; `id` is also the name of the condition in the API."""

    id: str
    question: Localised
    help: Localised | None
    values: tuple[ValueView, ...]


@dataclass(frozen=True)
class ThemeView:
    """A subject somebody is in charge of. `source`: the theme whose rules answer (itself, or the one it follows)."""

    id: str
    title: Localised
    source: str
    facts: tuple[FactView, ...]
    rules: tuple[DatedRule, ...] = field(repr=False, default=())


@dataclass(frozen=True)
class Chart:
    """Everything about the territory that an answer needs, by code or id, in the order of the folder."""

    territory: models.Territory | None
    communes: Mapping[str, CommuneView]
    arrondissements: Mapping[str, ArrondissementView]
    authorities: Mapping[str, AuthorityView]
    facts: Mapping[str, FactView]
    themes: Mapping[str, ThemeView]
    timelines: Mapping[str, Mapping[str, Timeline]]
    geography: Geography

    def timeline(self, *, theme: str, citycode: str) -> Timeline:
        return self.timelines[self.themes[theme].source][citycode]

    def locate(self, *, lon: float, lat: float) -> Located:
        """The commune of a point (WGS 84, degrees). Raises BadInput, and OutsideTerritory that says whom to ask."""
        try:
            return self.geography.commune_at(lon, lat)
        except OutsideTerritory as refusal:
            whom = said(self.territory.outside) if self.territory else ""
            raise OutsideTerritory(f"{refusal.sentence} {whom}".strip(), **refusal.facts) from None

    def authority_of(self, symbol: str, *, commune: CommuneView) -> AuthorityView:
        """The authority a rule means at a commune: a symbol is resolved there, an id is looked up."""
        if symbol == "commune":
            return self.authorities[f"commune-{commune.code}"]
        symbols: Mapping[str, str] = self.territory.symbols if self.territory else {}
        key = commune.departement if symbol == "departement" else symbol
        return self.authorities[symbols.get(key, symbol)]


def timelines_of(
    rules: Sequence[DatedRule], *, communes: Mapping[str, str], facts: Mapping[str, Sequence[str]], since: date
) -> dict[str, Timeline]:
    """INSEE code → timeline for one theme; `communes`: INSEE code → département. Equal situations share one object."""
    shared: dict[tuple[tuple[int, int], ...], Timeline] = {}
    found = {}
    for code, departement in communes.items():
        here = applicable(rules, commune=code, departement=departement)
        key = tuple((id(rule), precision) for rule, precision in here)
        if key not in shared:
            shared[key] = timeline(here, facts=facts, since=since)
        found[code] = shared[key]
    return found


def _build() -> Chart:
    territory = models.Territory.objects.first()
    arrondissements = {
        row.code: ArrondissementView(row.code, row.name, row.commune_id, row.postal_code, row.lon, row.lat)
        for row in models.Arrondissement.objects.all()
    }
    communes = {row.code: _commune(row, arrondissements) for row in models.Commune.objects.all()}
    facts = {
        row.id: FactView(row.id, row.question, row.help, tuple(ValueView(**each) for each in row.values))
        for row in models.Fact.objects.all()
    }
    themes = _themes(facts)
    departements = {commune.code: commune.departement for commune in communes.values()}
    timelines = {
        theme.id: timelines_of(
            theme.rules,
            communes=departements,
            facts={fact.id: [each.value for each in fact.values] for fact in theme.facts},
            since=territory.since if territory else date.min,
        )
        for theme in themes.values()
        if theme.source == theme.id
    }
    return Chart(
        territory=territory,
        communes=communes,
        arrondissements=arrondissements,
        authorities={
            row.id: AuthorityView(row.id, row.kind, row.name, row.siren, row.channels)
            for row in models.Authority.objects.all()
        },
        facts=facts,
        themes=themes,
        timelines=timelines,
        geography=Geography(
            communes=communes.values(),
            arrondissements=arrondissements.values(),
            contours=dict(models.Contour.objects.values_list("code", "geometry")),
        ),
    )


def _commune(row: models.Commune, arrondissements: Mapping[str, ArrondissementView]) -> CommuneView:
    return CommuneView(
        code=row.code,
        name=row.name,
        siren=row.siren,
        departement=row.departement,
        population=row.population,
        postal_codes=tuple(row.postal_codes),
        lon=row.lon,
        lat=row.lat,
        arrondissements=tuple(each for each in arrondissements.values() if each.commune == row.code),
    )


def _themes(facts: Mapping[str, FactView]) -> dict[str, ThemeView]:
    rows = {row.id: row for row in models.Theme.objects.all()}
    rules: dict[str, list[DatedRule]] = {}
    for rule in models.Rule.objects.all():
        rules.setdefault(rule.theme_id, []).append(_rule(rule))
    themes = {}
    for row in rows.values():
        source = row
        while source.follows:
            source = rows[source.follows]
        themes[row.id] = ThemeView(
            id=row.id,
            title=row.title,
            source=source.id,
            facts=tuple(facts[each] for each in source.facts),
            rules=tuple(rules.get(source.id, ())),
        )
    return themes


def _rule(row: models.Rule) -> DatedRule:
    return DatedRule(
        id=row.id,
        theme=row.theme_id,
        competent=row.competent,
        where=Where(row.where["kind"], frozenset(row.where["codes"])),
        when={fact: frozenset(values) for fact, values in row.when.items()},
        since=row.since,
        until=row.until,
        handled_by=row.handled_by,
        legal_basis=row.legal_basis,
        sentence=row.sentence,
        status=row.status,
        file=row.file,
        line=row.line,
    )


chart: Snapshot[Chart] = Snapshot(SNAPSHOT, _build)
