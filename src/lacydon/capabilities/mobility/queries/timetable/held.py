"""The timetable in force, held by each process; another one takes its place when the database says so."""

from django.utils.translation import gettext as _

from lacydon.kernel.snapshots import Snapshot

from ...errors import NoTimetable
from ...models import TimetableVersion
from .shelf import opened
from .table import Timetable

SNAPSHOT = "timetable"


def _build() -> Timetable | None:
    version = TimetableVersion.objects.filter(in_force=True).first()
    return None if version is None else opened(version.content)


_held: Snapshot[Timetable | None] = Snapshot(SNAPSHOT, _build)


def timetable() -> Timetable:
    """The timetable in force. Raises NoTimetable when there is none yet."""
    held = _held()
    if held is None:
        raise NoTimetable(_("Aucun horaire n’a encore été importé ici."))
    return held


def known() -> bool:
    """Whether there is a timetable at all: pages of transport say so kindly when there is none."""
    return _held() is not None
