"""The archive is written: what is seen is appended at each beat, days are closed at night, months are published."""

from .closing import close_day, close_days
from .opening import publish_month, publish_sources
from .recording import Recorder, record

__all__ = ["Recorder", "close_day", "close_days", "publish_month", "publish_sources", "record"]
