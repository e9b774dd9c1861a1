"""`/api/v1/figures`: the public figures of requests."""

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from lacydon.kernel.access import open_to_all

from ..queries import figures
from ..queries.disclosure import THRESHOLD

router = Router(tags=["figures"])
LICENCE = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"


@router.get("", summary="Volumes, delays, answers in time and satisfaction, by service, commune and month")
@open_to_all
def read_figures(request: HttpRequest, service: str | None = None, citycode: str | None = None) -> dict[str, Any]:
    """A field that is null may not be told: fewer than `threshold`, or a number that would give one away.

    An empty `service`, `citycode` or `month` means all of them; « * » the small ones together.
    """
    held = figures.figures()
    wanted = {"service": service, "citycode": citycode}
    lines = [
        asdict(each)
        for each in (held.lines.values() if held else ())
        if all(told is None or getattr(each, name) == told for name, told in wanted.items())
    ]
    return {
        "since": held.since if held else None,
        "until": held.until if held else None,
        "made_at": held.made_at.isoformat() if held else None,
        "threshold": THRESHOLD,
        "licence": LICENCE,
        "lines": lines,
    }
