"""The controlled vocabularies of DCAT-AP, as far as a territory needs them: each term with its address and its names.

Labels are our own translations where a vocabulary has no French one. Sources: the EU authority tables data-theme,
frequency, access-right, file-type and planned-availability (publications.europa.eu), the categories of high-value
datasets (data.europa.eu/bna), media types (IANA).
"""

from .formats import FORMATS, Format, format_named
from .licences import LICENCES, Licence, licence_named
from .terms import ACCESS_RIGHTS, FREQUENCIES, HVD, THEMES, Frequency, Term

__all__ = [
    "ACCESS_RIGHTS",
    "FORMATS",
    "FREQUENCIES",
    "HVD",
    "LICENCES",
    "THEMES",
    "Format",
    "Frequency",
    "Licence",
    "Term",
    "format_named",
    "licence_named",
]
