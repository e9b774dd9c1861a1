"""The door of the data harbour."""

from .errors import UnreadableSchema, UnreadableTable
from .queries.reports import Fault, Finding, Report
from .queries.schemas import Field, Schema, SchemaWarning, read_schema, schema_at
from .queries.validation import validate

__all__ = [
    "Fault",
    "Field",
    "Finding",
    "Report",
    "Schema",
    "SchemaWarning",
    "UnreadableSchema",
    "UnreadableTable",
    "read_schema",
    "schema_at",
    "validate",
]
