"""`/api/v1/data/sql`: one SELECT over the datasets one may read, as JSON."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from lacydon.kernel.access import open_to_all

from ..actions.asking import ask_sql
from ..queries.sandbox.reading import LONGEST
from .asker import asker

router = Router(tags=["data"])


class Asked(Schema):
    q: Annotated[str, Field(max_length=LONGEST)]


def _answered(request: HttpRequest, sql: str) -> dict[str, Any]:
    found = ask_sql(sql, actor=asker(request))
    return {
        "columns": [{"name": name, "type": kind} for name, kind in found.columns],
        "rows": found.rows,
        "truncated": found.truncated,
    }


@router.get("/sql", summary="One SELECT (DuckDB’s SQL) over datasets, each named by its id: at most 10,000 rows")
@open_to_all
def read_sql(request: HttpRequest, q: Annotated[str, Query(max_length=LONGEST)] = "") -> dict[str, Any]:
    return _answered(request, q)


@router.post("/sql", summary="The same, for a question too long for an address")
@open_to_all
def post_sql(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    return _answered(request, asked.q)
