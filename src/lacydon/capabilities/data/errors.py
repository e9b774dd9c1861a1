"""What stops a validation before it has a verdict."""

from lacydon.kernel.errors import BadInput


class UnreadableTable(BadInput):
    """The file is not a table that can be read; the sentence says why and what to do."""

    code = "unreadable-table"


class UnreadableSchema(BadInput):
    """The schema has no field that can be read."""

    code = "unreadable-schema"
