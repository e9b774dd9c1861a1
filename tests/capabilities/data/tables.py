"""Small files and schemas to be checked."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lacydon.capabilities.data.public import Report, read_schema, validate


def checked(content: str | bytes, *fields: Mapping[str, Any] | str, name: str = "t.csv", **about: Any) -> Report:
    """The report on a file with this content; `fields` are those of the schema, by name alone when they are texts."""
    asked = {each: about.pop(each) for each in ("limit", "marked", "references") if each in about}
    schema = read_schema({"fields": [{"name": each} if isinstance(each, str) else each for each in fields], **about})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return validate(file=file, schema=schema, **asked)


def told(report: Report) -> list[tuple[str, int | None, str]]:
    """Kind, row and column of each fault."""
    return [(each.finding.code, each.row, each.finding.column) for each in report.faults]


def rows_wrong(values: list[str], field: Mapping[str, Any], code: str | None = None, **about: Any) -> list[str]:
    """Which of these cells are wrong in a column of their own."""
    lines = ["v,other", *('"' + value.replace('"', '""') + '",x' for value in values)]
    report = checked("\n".join(lines) + "\n", {"name": "v", **field}, "other", **about)
    wrong = {each.row for each in report.faults if code is None or each.finding.code == code}
    return [value for row, value in enumerate(values, 2) if row in wrong]
