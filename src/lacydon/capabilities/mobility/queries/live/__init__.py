"""What really happens: the last thing each source said."""

from .nouns import CallTime, LiveState, SourceHealth, SourceStatus, TripNow, TripState, Vehicle, Visit

__all__ = ["CallTime", "LiveState", "SourceHealth", "SourceStatus", "TripNow", "TripState", "Vehicle", "Visit"]
