"""A disruption as it is shown: frozen, so that a process holds those of now for everybody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from lacydon.kernel.clock import now

from ...models import Concerned, Disruption
from ..live.alerts import Cause, Effect, Severity

FAR = datetime(9999, 1, 1, tzinfo=UTC)
ORDER = {Severity.SEVERE: 0, Severity.WARNING: 1, Severity.UNKNOWN: 2, Severity.INFO: 3}


@dataclass(frozen=True, slots=True)
class Period:
    """From when to when; None for « not said »."""

    begin: datetime | None
    end: datetime | None

    def holds(self, when: datetime) -> bool:
        return (self.begin is None or self.begin <= when) and (self.end is None or when < self.end)


@dataclass(frozen=True, slots=True)
class About:
    """A line, a place … by its id and by its name when it was written."""

    ref: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisruptionView:
    """One disruption. `sources`: who says it, empty when an agent wrote it here."""

    id: int
    title: Mapping[str, str]
    text: Mapping[str, str]
    cause: Cause
    effect: Effect
    severity: Severity
    planned: bool
    state: str
    periods: tuple[Period, ...]
    shown_from: datetime | None
    url: str = ""
    roadworks: str = ""
    roadworks_url: str = ""
    revision: int = 1
    news: int = 0
    made_at: datetime
    changed_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None = None
    organisation: str = ""
    sources: tuple[str, ...] = ()
    said_at: datetime | None = None
    """When a source said it last."""
    routes: tuple[About, ...] = ()
    places: tuple[About, ...] = ()
    stops: tuple[About, ...] = ()
    """Quays that are concerned, when the others of their place are not."""
    communes: tuple[About, ...] = ()
    agencies: tuple[About, ...] = ()
    modes: tuple[int, ...] = ()
    trips: tuple[About, ...] = ()

    def shown(self, when: datetime | None = None) -> bool:
        """Whether riders may see it at this moment."""
        when = when or now()
        return self.state == Disruption.State.PUBLISHED and (self.shown_from is None or self.shown_from <= when)

    def running(self, when: datetime | None = None) -> bool:
        """Whether it disturbs at this moment."""
        when = when or now()
        return not self.periods or any(each.holds(when) for each in self.periods)

    def over(self, when: datetime | None = None) -> bool:
        """Whether all of it is behind us."""
        end = self.ends_at
        return end is not None and end <= (when or now())

    @property
    def begins_at(self) -> datetime | None:
        """Its first beginning; None when one of them is not said."""
        begins = [each.begin for each in self.periods]
        return None if not begins or None in begins else min(each for each in begins if each)

    @property
    def ends_at(self) -> datetime | None:
        """Its last end; None when one of them is not said."""
        ends = [each.end for each in self.periods]
        return None if not ends or None in ends else max(each for each in ends if each)

    def next(self, when: datetime | None = None) -> Period | None:
        """The period that goes on, or the next one to come."""
        when = when or now()
        left = [each for each in self.periods if each.end is None or each.end > when]
        return min(left, key=lambda each: (not each.holds(when), each.begin or when), default=None)

    @property
    def is_severe(self) -> bool:
        return self.severity == Severity.SEVERE

    @property
    def everywhere(self) -> bool:
        """About a whole network, or about nothing that is named."""
        return not (self.routes or self.places or self.stops or self.trips or self.modes)

    @property
    def address(self) -> str:
        return reverse("disruption", kwargs={"id": self.id})

    def rank(self, when: datetime) -> tuple[Any, ...]:
        """The order of a list: what goes on first, then what is worst, then what comes first."""
        coming = self.next(when)
        begins = coming.begin if coming and coming.begin else when
        return (not self.running(when), ORDER[self.severity], begins if not self.running(when) else when, -self.id)


def view_of(row: Disruption) -> DisruptionView:
    """A row with what it is about (ask for `concerned` and `said` beforehand)."""
    about: dict[str, list[About]] = {}
    for each in sorted(row.concerned.all(), key=lambda found: found.pk):
        about.setdefault(each.kind, []).append(About(each.ref, each.name))
    said = sorted(row.said.all(), key=lambda found: found.pk)
    kinds = Concerned.Kind
    return DisruptionView(
        id=row.pk,
        title=row.title,
        text=row.text,
        cause=Cause(row.cause),
        effect=Effect(row.effect),
        severity=Severity(row.severity),
        planned=row.planned,
        state=row.state,
        periods=periods_of(row.periods),
        shown_from=row.shown_from,
        url=row.url,
        roadworks=row.roadworks,
        roadworks_url=row.roadworks_url,
        revision=row.revision,
        news=row.news,
        made_at=row.made_at,
        changed_at=row.changed_at,
        published_at=row.published_at,
        withdrawn_at=row.withdrawn_at,
        organisation=row.organisation_id or "",
        sources=tuple(dict.fromkeys(each.source for each in said)),
        said_at=max((each.said_at for each in said), default=None),
        routes=tuple(about.get(kinds.ROUTE, ())),
        places=tuple(about.get(kinds.PLACE, ())),
        stops=tuple(about.get(kinds.STOP, ())),
        communes=tuple(about.get(kinds.COMMUNE, ())),
        agencies=tuple(about.get(kinds.AGENCY, ())),
        modes=tuple(int(each.ref) for each in about.get(kinds.MODE, ())),
        trips=tuple(about.get(kinds.TRIP, ())),
    )


def periods_of(kept: Iterable[Iterable[int | None]]) -> tuple[Period, ...]:
    """Seconds since 1970 as moments, in their order."""
    made = [Period(_moment(begin), _moment(end)) for begin, end in kept]
    return tuple(sorted(made, key=lambda each: (each.begin or datetime(1970, 1, 1, tzinfo=UTC), each.end or FAR)))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
