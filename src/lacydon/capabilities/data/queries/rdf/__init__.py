"""The catalogue as linked data: DCAT-AP 3.0.1 and its annex on high-value datasets."""

from .catalog import PER_PAGE, catalog_page, one_dataset
from .series import one_series
from .terms import FORMATS

__all__ = ["FORMATS", "PER_PAGE", "catalog_page", "one_dataset", "one_series"]
