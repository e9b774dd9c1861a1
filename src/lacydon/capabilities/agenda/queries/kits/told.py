"""What is told of a kit in public: what it holds, who is where with it and why, what it gave."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.services import public as services
from lacydon.kernel.texts import Text

from ...models import Applied, KitVersion
from ..chart import Chart, chart, fresh
from ..indicators import Gauge, gauges
from ..indicators.words import with_unit
from ..learning.experiences import of_kit
from ..nouns import Adoption, Experience, Indicator, Kit
from ..plan.words import STAGES
from .communes import name_of_commune
from .fragment import Fragment, counted, read

PARTS: Mapping[str, Any] = {
    "services": _l("Services"), "local": _l("Façons de faire autrement un service"), "forms": _l("Formulaires"),
    "datasets": _l("Jeux de données à remplir"), "indicators": _l("Indicateurs"), "documents": _l("Documents"),
}  # fmt: skip
TONES = {"en-service": "sure", "abandonne": "maybe"}


@dataclass(frozen=True, slots=True)
class Reading:
    """What an adopted service gave in the last twelve months that are over; what would tell of too few is None."""

    service: str
    title: Any
    opened: int | None
    median_days: int | None
    satisfaction: str | None


@dataclass(frozen=True, slots=True)
class Measure:
    """What an indicator of the kit says at a commune; `origin`: the one that exported it."""

    commune: str
    name: str
    gauge: Gauge
    amount: str
    origin: bool = False


@dataclass(frozen=True, slots=True)
class Adopter:
    """A commune with a kit."""

    adoption: Adoption
    name: str
    stage: Any
    tone: str
    steps: tuple[tuple[Any, Any, Any], ...]
    readings: tuple[Reading, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """A kit, and what is known of it. `contents`: (name of a part, titles)."""

    kit: Kit
    versions: tuple[KitVersion, ...]
    contents: tuple[tuple[Any, tuple[Any, ...]], ...]
    documents: Mapping[str, str]
    adopters: tuple[Adopter, ...]
    measures: tuple[tuple[Text, tuple[Measure, ...]], ...]
    """(title of an indicator of the kit, what it says at each commune that measures it)."""
    experiences: tuple[Experience, ...]


def kits(at: Chart | None = None) -> list[tuple[Kit, Counter[str]]]:
    """Every kit, with how many communes are at each stage."""
    held = at or chart()
    return [
        (each, Counter(one.now.stage for one in held.all(Adoption) if one.kit == each.id)) for each in held.all(Kit)
    ]


def told(id: str) -> Told:
    """Raises UnknownObject."""
    held = fresh("kit", "adoption", "experience", "indicator")
    kit = held.one(Kit, id)
    versions = tuple(KitVersion.objects.filter(kit=id).order_by("-number"))
    fragment = read(versions[0].files, name=_("la commune")) if versions else Fragment()
    adopters = [_adopter(each) for each in held.all(Adoption) if each.kit == id]
    order = list(STAGES)
    adopters.sort(key=lambda each: (each.adoption.now.stage == "abandonne", -order.index(each.adoption.now.stage)))
    return Told(
        kit, versions, contents(fragment), fragment.documents, tuple(adopters),
        measures=_measures(held, kit, versions, fragment), experiences=of_kit(held, kit),
    )  # fmt: skip


def contents(fragment: Fragment) -> tuple[tuple[Any, tuple[Any, ...]], ...]:
    """The titles of what a fragment holds, part by part."""
    everything = {each.id: each.title for each in services.services()}
    found = []
    for part, _number in counted(fragment):
        held = getattr(fragment, part)
        titles: list[Any]
        if part == "documents":
            titles = [{"fr": name.removeprefix("documents/")} for name in held]
        elif part == "local":
            titles = [everything.get(id, {"fr": id}) for id in held]
        else:
            titles = [each.title if part == "forms" else each.title.stored() for each in held.values()]
        found.append((PARTS[part], tuple(titles)))
    return tuple(found)


def _adopter(each: Adoption) -> Adopter:
    name = name_of_commune(each.commune)
    steps = tuple((STAGES[one.stage], one.date, one.reason) for one in each.stages)
    stage = each.now.stage
    return Adopter(each, name, STAGES[stage], TONES.get(stage, ""), steps, tuple(_readings(each)))


def _measures(
    held: Chart, kit: Kit, versions: Sequence[KitVersion], fragment: Fragment
) -> tuple[tuple[Text, tuple[Measure, ...]], ...]:
    """The indicators of the kit where it is in service, and where it comes from; nothing for who measures none."""
    places: dict[str, dict[str, str]] = {id: {} for id in fragment.indicators}
    origin = versions[0].commune if versions else ""
    for id in places:
        here = next((one for one in (f"{id}-{origin}", id) if origin and _is_at(held, one, origin)), "")
        places[id] |= {origin: here} if here else {}
    for row in Applied.objects.filter(version__kit=kit.id, undone_at=None).order_by("at"):
        for one in row.items:
            if one["part"] == "indicators" and one["id"] in places:
                places[one["id"]][row.commune] = one["here"]
    found = {id: held.get(Indicator, id) for codes in places.values() for id in codes.values()}
    standing = gauges(each for each in found.values() if each is not None and each.visibility == "public")
    told = []
    for id, codes in places.items():
        rows = [
            Measure(code, name_of_commune(code), gauge, with_unit(gauge.value, gauge.indicator), code == origin)
            for code, here in codes.items() if (gauge := standing.get(here)) is not None
        ]  # fmt: skip
        if rows:
            rows.sort(key=lambda each: (not each.origin, each.name))
            told.append((fragment.indicators[id].title, tuple(rows)))
    return tuple(told)


def _is_at(held: Chart, id: str, code: str) -> bool:
    found = held.get(Indicator, id)
    return found is not None and found.owner == f"commune-{code}"


def _readings(each: Adoption) -> list[Reading]:
    rows = Applied.objects.filter(version__kit=each.kit, commune=each.commune, undone_at=None)
    ids = {one["here"] for row in rows for one in row.items if one["part"] in ("services", "local")}
    figures, everything = requests.figures(), {one.id: one for one in services.services()}
    found = []
    for id in sorted(ids & set(everything)):
        line = figures.line(service=id, citycode=each.commune) if figures else None
        found.append(
            Reading(
                id, everything[id].title, line.opened if line else None, line.median_days if line else None,
                line.satisfaction if line else None,
            )
        )  # fmt: skip
    return found
