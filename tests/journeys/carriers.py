"""What agents of transport have under way, for the pages that need it; in the product's own environment."""

from datetime import timedelta
from typing import Any


def transport_pages(actor: Any) -> dict[str, str]:
    """By the name of their address."""
    from lacydon.capabilities.mobility.actions.disruptions.content import Content
    from lacydon.capabilities.mobility.actions.disruptions.writing import write
    from lacydon.capabilities.mobility.models import Disruption, Feed

    _failing_source()
    written = Disruption.objects.filter(state=Disruption.State.DRAFT).first()
    draft = written or write(actor=actor, content=Content(title={"fr": "Arrêt déplacé"}, effect="detour"))
    feed = Feed.objects.get(prefix="EX")
    return {
        "mobility-feeds": "/agents/transports/horaires",
        "mobility-feed": f"/agents/transports/horaires/{feed.pk}",
        "mobility-feed-new": "/agents/transports/horaires/ajouter",
        "mobility-feed-edit": f"/agents/transports/horaires/{feed.pk}/modifier",
        "mobility-grouping": "/agents/transports/arrets",
        "mobility-sources-desk": "/agents/transports/sources",
        "disruptions-desk": "/agents/transports/perturbations",
        "disruption-new": "/agents/transports/perturbations/nouvelle",
        "disruption-edit": f"/agents/transports/perturbations/{draft.pk}",
    }


def _failing_source() -> None:
    """One that nobody asks meanwhile: its turn is held for long."""
    from lacydon.capabilities.mobility.models import LiveHour, LiveSource, LiveTurn
    from lacydon.kernel.clock import now

    source, _made = LiveSource.objects.get_or_create(
        pk="essai", defaults={"name": "Source d’essai", "kind": "gtfs_realtime", "urls": ["https://tr.example/tu"]}
    )
    moment = now()
    LiveTurn.objects.update_or_create(
        source=source,
        defaults={
            "holder": "nobody", "held_until": moment + timedelta(days=1), "asked_at": moment, "failures": 3,
            "failing_since": moment - timedelta(minutes=9), "error": "« tr.example » ne répond pas comme il faut.",
            "error_at": moment,
            "remarks": [{"code": "trips", "sentence": "Courses inconnues.", "count": 2, "examples": ["a", "b"]}],
        },
    )  # fmt: skip
    hour = moment.replace(minute=0, second=0, microsecond=0)
    LiveHour.objects.get_or_create(
        source=source, hour=hour, defaults={"asked": 9, "answered": 6, "failed": 3, "error": "Sans réponse."}
    )
