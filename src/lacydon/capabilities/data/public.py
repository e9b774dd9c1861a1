"""The door of the data harbour."""

from .actions.asking import ask_sql
from .actions.harvesting import harvest
from .actions.opening import table_of
from .actions.publication import describe_dataset, forget_draft, publish_version, withdraw_dataset
from .actions.schemas import CATALOGUE, update_schemas
from .errors import (
    NoAccess,
    NotPublishable,
    TooMuch,
    UnknownColumn,
    UnknownDataset,
    UnknownSchema,
    UnknownVersion,
    UnreadableSchema,
    UnreadableTable,
    WrongQuestion,
)
from .events import DatasetChanged, VersionPublished
from .ports import Catalogue, NoCatalogue, Record, RecordFile, Visit, VisitLimits, catalogues
from .queries.columns import Column
from .queries.datasets import DatasetView, VersionView, dataset, datasets, known_dataset, version, versions
from .queries.harvests import source_healths
from .queries.harvests import sources as harvest_sources
from .queries.lake import Answer, Limits, answer, count, workshop
from .queries.logical import Question, Table
from .queries.reports import Fault, Finding, Report
from .queries.sandbox import Found, read_sql
from .queries.schemas import Field, Schema, SchemaWarning, read_schema, schema_at
from .queries.search import first_found
from .queries.series import shown_series
from .queries.shelf import Shelved, shelved, shelved_schema
from .queries.told import day_told, moment_told, number_told, object_told, objects_told, text_told, texts_told
from .queries.validation import validate
from .queries.workbooks import rows_of as workbook_rows
from .queries.workbooks import sheets_of as workbook_sheets

__all__ = [
    "CATALOGUE",
    "Answer",
    "Catalogue",
    "Column",
    "DatasetChanged",
    "DatasetView",
    "Fault",
    "Field",
    "Finding",
    "Found",
    "Limits",
    "NoAccess",
    "NoCatalogue",
    "NotPublishable",
    "Question",
    "Record",
    "RecordFile",
    "Report",
    "Schema",
    "SchemaWarning",
    "Shelved",
    "Table",
    "TooMuch",
    "UnknownColumn",
    "UnknownDataset",
    "UnknownSchema",
    "UnknownVersion",
    "UnreadableSchema",
    "UnreadableTable",
    "VersionPublished",
    "VersionView",
    "Visit",
    "VisitLimits",
    "WrongQuestion",
    "answer",
    "ask_sql",
    "catalogues",
    "count",
    "dataset",
    "datasets",
    "day_told",
    "describe_dataset",
    "first_found",
    "forget_draft",
    "harvest",
    "harvest_sources",
    "known_dataset",
    "moment_told",
    "number_told",
    "object_told",
    "objects_told",
    "publish_version",
    "read_schema",
    "read_sql",
    "schema_at",
    "shelved",
    "shelved_schema",
    "shown_series",
    "source_healths",
    "table_of",
    "text_told",
    "texts_told",
    "update_schemas",
    "validate",
    "version",
    "versions",
    "withdraw_dataset",
    "workbook_rows",
    "workbook_sheets",
    "workshop",
]
