"""The door of the data harbour."""

from .actions.opening import table_of
from .actions.publication import describe_dataset, publish_version, withdraw_dataset
from .errors import (
    NoAccess,
    NotPublishable,
    TooMuch,
    UnknownColumn,
    UnknownDataset,
    UnknownVersion,
    UnreadableSchema,
    UnreadableTable,
    WrongQuestion,
)
from .events import DatasetChanged, VersionPublished
from .queries.columns import Column
from .queries.datasets import DatasetView, VersionView, dataset, datasets, version, versions
from .queries.lake import Answer, Limits, answer, count
from .queries.logical import Question, Table
from .queries.reports import Fault, Finding, Report
from .queries.schemas import Field, Schema, SchemaWarning, read_schema, schema_at
from .queries.validation import validate

__all__ = [
    "Answer",
    "Column",
    "DatasetChanged",
    "DatasetView",
    "Fault",
    "Field",
    "Finding",
    "Limits",
    "NoAccess",
    "NotPublishable",
    "Question",
    "Report",
    "Schema",
    "SchemaWarning",
    "Table",
    "TooMuch",
    "UnknownColumn",
    "UnknownDataset",
    "UnknownVersion",
    "UnreadableSchema",
    "UnreadableTable",
    "VersionPublished",
    "VersionView",
    "WrongQuestion",
    "answer",
    "count",
    "dataset",
    "datasets",
    "describe_dataset",
    "publish_version",
    "read_schema",
    "schema_at",
    "table_of",
    "validate",
    "version",
    "versions",
    "withdraw_dataset",
]
