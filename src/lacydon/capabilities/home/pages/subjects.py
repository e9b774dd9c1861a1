"""The subjects somebody is in charge of (themes), by family of services and by authority."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory

ORDER = ("commune", "metropole", "departement", "region", "etat", "operator")


@dataclass(frozen=True, slots=True)
class Group:
    """What one level of authority does at a commune: the authorities, and the subjects of each family."""

    kind: str
    authorities: tuple[territory.AuthorityView, ...]
    families: tuple[tuple[services.SectorView, tuple[territory.ThemeView, ...]], ...]


def family_of(theme: territory.ThemeView) -> str:
    """The family a subject belongs to: the one most of its services are in, else the first word of its id."""
    return _families(services.services()).get(theme.id, theme.id.partition(".")[0])


def subjects_of(sector: str) -> tuple[territory.ThemeView, ...]:
    """The subjects of a family, in the order of the folder."""
    return tuple(each for each in territory.themes() if family_of(each) == sector)


def groups_at(citycode: str) -> tuple[Group, ...]:
    """Every subject at a commune, by level of authority; `kind` "question": it depends; "nobody": nobody."""
    sectors = {each.id: each for each in services.sectors()}
    found: dict[str, dict[str, list[territory.ThemeView]]] = {}
    authorities: dict[str, dict[str, territory.AuthorityView]] = {}
    for theme in territory.themes():
        resolution = territory.resolve(theme=theme.id, citycode=citycode)
        kind = "question" if resolution.question else "nobody"
        if resolution.authority:
            kind = resolution.authority.kind
            authorities.setdefault(kind, {})[resolution.authority.id] = resolution.authority
        family = family_of(theme)
        if family in sectors:
            found.setdefault(kind, {}).setdefault(family, []).append(theme)
    return tuple(
        Group(
            kind=kind,
            authorities=tuple(authorities.get(kind, {}).values()),
            families=tuple((sectors[id], tuple(found[kind][id])) for id in sectors if id in found[kind]),
        )
        for kind in (*ORDER, "question", "nobody")
        if kind in found
    )


def _families(all_services: tuple[services.ServiceView, ...]) -> Mapping[str, str]:
    return _families_of(_Same(all_services))


class _Same:
    """The catalogue as a key of a cache: equal when it holds the very same services."""

    def __init__(self, held: tuple[services.ServiceView, ...]) -> None:
        self.held = held

    def __eq__(self, other: Any) -> bool:
        return len(self.held) == len(other.held) and all(a is b for a, b in zip(self.held, other.held, strict=True))

    def __hash__(self) -> int:
        return hash((len(self.held), id(self.held[0]) if self.held else 0))


@lru_cache(maxsize=1)
def _families_of(catalogue: _Same) -> Mapping[str, str]:
    counts: dict[str, dict[str, int]] = {}
    for each in catalogue.held:
        sectors = counts.setdefault(each.theme, {})
        sectors[each.sector] = sectors.get(each.sector, 0) + 1
    return {theme: max(sectors, key=lambda sector: sectors[sector]) for theme, sectors in counts.items()}
