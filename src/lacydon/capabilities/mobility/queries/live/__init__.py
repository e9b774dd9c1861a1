"""What really happens: the last thing each source said."""

from .alerts import Alert, Cause, Effect, Named, Severity
from .held import live
from .nouns import CallTime, LiveState, SourceHealth, SourceStatus, TripNow, TripState, Vehicle, Visit

__all__ = [
    "Alert",
    "CallTime",
    "Cause",
    "Effect",
    "LiveState",
    "Named",
    "Severity",
    "SourceHealth",
    "SourceStatus",
    "TripNow",
    "TripState",
    "Vehicle",
    "Visit",
    "live",
]
