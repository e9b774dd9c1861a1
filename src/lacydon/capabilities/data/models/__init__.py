"""Tables of the data harbour: what is known of each dataset. The rows are Parquet files (queries/lake.py)."""

from .catalogue import Access, Dataset, Distribution, Series, Status
from .following import Hook, Reuse, Subscription
from .harvest import Harvest, Harvested, Source
from .sharing import Contract, Reading
from .versions import Arrival, Recipe, Version
from .views import SavedView

__all__ = [
    "Access",
    "Arrival",
    "Contract",
    "Dataset",
    "Distribution",
    "Harvest",
    "Harvested",
    "Hook",
    "Reading",
    "Recipe",
    "Reuse",
    "SavedView",
    "Series",
    "Source",
    "Status",
    "Subscription",
    "Version",
]
