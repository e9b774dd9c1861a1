"""`/api/v1/data/validate`: a file against a Table Schema, and the schemas at hand."""

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from lacydon.kernel import attempts
from lacydon.kernel.access import open_to_all
from lacydon.kernel.middleware.clients import accountable, client_address

from ..queries import shelf
from ..queries.validation import validate

router = Router(tags=["data"])
MOST = 300
"""Files an hour from one network."""
LARGEST_SCHEMA = 1_000_000


@router.get("/schemas", summary="The Table Schemas at hand: id, title, version, source")
@open_to_all
def schemas(request: HttpRequest) -> dict[str, Any]:
    return {
        "schemas": [
            {
                "id": each.id,
                "title": each.title,
                "version": each.version,
                "source": each.source,
                "url": each.address or None,
                "description": each.description,
            }
            for each in shelf.shelved()
        ]
    }


@router.post(
    "/validate", summary="A file (CSV, XLSX) against a Table Schema: the report, in the shape of frictionless 5"
)
@open_to_all
def validate_file(
    request: HttpRequest,
    file: Annotated[UploadedFile, File()],
    against: Annotated[
        str, Form(alias="schema", max_length=LARGEST_SCHEMA, description="The id of a schema at hand, or one as JSON")
    ],
) -> dict[str, Any]:
    attempts.spend(
        what="data-validate-api", who=accountable(client_address(request)), most=MOST, per=timedelta(hours=1)
    )
    asked = shelf.schema_given(against)
    with tempfile.TemporaryDirectory(prefix="lacydon-check-") as folder:
        path = Path(folder) / "sent"
        with path.open("wb") as written:
            for piece in file.chunks():
                written.write(piece)
        told = validate(file=path, schema=asked).as_json()
    name = (file.name or "table").rpartition("/")[2][:200]
    told["tasks"][0] |= {"name": name.rpartition(".")[0].lower() or "table", "place": name}
    return told
