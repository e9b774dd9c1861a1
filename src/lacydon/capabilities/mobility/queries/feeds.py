"""Feeds and their versions: which are in force, where their files are, what the desk of agents shows of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.capabilities.territory.public import place_at
from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.errors import OutsideTerritory

from ..errors import UnknownFeed
from ..models import Feed, FeedVersion, Grouping
from .gtfs import Given, Remark

FILES_KEPT = 5
"""Versions of a feed whose file stays on the disk, the one in force not counted."""


def folder_of(feed: str) -> Path:
    """Where the files of a feed are: HOME/mobility/feeds/<id>."""
    kept: Path = settings.HOME / "mobility" / "feeds" / feed
    return kept


def file_of(feed: str, content: str) -> Path:
    return folder_of(feed) / f"{content}.zip"


def feed(id: str) -> Feed:
    """Raises UnknownFeed."""
    found = Feed.objects.select_related("current").filter(pk=id).first()
    if found is None:
        raise UnknownFeed(_("Aucun fichier d’horaires ne s’appelle « %s ».") % id)
    return found


def in_force() -> list[FeedVersion]:
    """The version in force of each feed, in their order. Examples leave as soon as a real feed is there."""
    found = Feed.objects.exclude(current=None).select_related("current").order_by("position", "id")
    real = [each for each in found if not each.example]
    versions = [each.current for each in (real or found) if each.current is not None]
    for version, of in zip(versions, real or found, strict=True):
        version.feed = of
    return versions


def given(version: FeedVersion) -> Given:
    """A version as the reader takes it."""
    of = version.feed
    return Given(
        path=file_of(of.pk, version.content), id=of.pk, prefix=of.prefix, name=of.name, producer=of.producer,
        licence=of.licence, example=of.example, content=version.content,
    )  # fmt: skip


def decided() -> Mapping[tuple[str, str], bool]:
    """What agents decided of quays, as the reader takes it."""
    kinds = Grouping.objects.values_list("stop", "other", "kind")
    return {(stop, other): kind == Grouping.Kind.TOGETHER for stop, other, kind in kinds}


def citycode_at(lon: float, lat: float) -> str:
    """INSEE code of the commune of a point; nothing outside of the territory."""
    try:
        return place_at(lon=lon, lat=lat).commune.code
    except OutsideTerritory:
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionShown:
    """A version, with its remarks in words."""

    version: FeedVersion
    current: bool
    on_disk: bool
    remarks: tuple[Remark, ...]

    @property
    def errors(self) -> int:
        return sum(each.severity in ("fatal", "error") for each in self.remarks)

    @property
    def warnings(self) -> int:
        return sum(each.severity == "warning" for each in self.remarks)

    @property
    def may_return(self) -> bool:
        return self.on_disk and not self.current and not self.version.refused


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedShown:
    """A feed, how fresh it is, its last versions."""

    feed: Feed
    state: str
    """good, soon (ends within a week), over, none (no version), trouble (the last fetch failed), aside (an example)."""
    days_left: int
    versions: tuple[VersionShown, ...]

    @property
    def current(self) -> VersionShown | None:
        return next((each for each in self.versions if each.current), None)


def feeds_shown() -> list[FeedShown]:
    """Every feed, in their order."""
    versions: dict[str, list[FeedVersion]] = {}
    for each in FeedVersion.objects.order_by("-received_at"):
        versions.setdefault(each.feed_id, []).append(each)
    feeds = list(Feed.objects.select_related("current").order_by("position", "id"))
    heard = {each.feed_id for each in in_force()}
    return [_shown(each, versions.get(each.pk, ()), heard=each.pk in heard) for each in feeds]


def feed_shown(id: str) -> FeedShown:
    """One feed with all its versions. Raises UnknownFeed."""
    found = feed(id)
    rows = list(FeedVersion.objects.filter(feed=found).order_by("-received_at"))
    return _shown(found, rows, heard=any(each.feed_id == id for each in in_force()))


def _shown(found: Feed, versions: Sequence[FeedVersion], *, heard: bool) -> FeedShown:
    today = now().astimezone(LOCAL).date()
    current = found.current
    left = (current.last_day - today).days if current is not None and current.last_day else 0
    return FeedShown(
        feed=found,
        state=_state(found, left, heard=heard),
        days_left=left,
        versions=tuple(
            VersionShown(
                version=each,
                current=each.pk == found.current_id,
                on_disk=file_of(found.pk, each.content).is_file(),
                remarks=tuple(Remark.restored(kept) for kept in each.remarks),
            )
            for each in versions
        ),
    )


def _state(found: Feed, left: int, *, heard: bool) -> str:
    if found.current_id is None:
        return "trouble" if found.trouble else "none"
    if not heard:
        return "aside"
    if left < 0:
        return "over"
    if found.trouble:
        return "trouble"
    return "soon" if left < 7 else "good"


def valid_until() -> date | None:
    """The last day of the feeds in force: of the one that ends first."""
    return min((each.last_day for each in in_force() if each.last_day), default=None)
