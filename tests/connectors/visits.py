"""Visits to catalogues that are real servers on this machine."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from lacydon.capabilities.data.public import Catalogue, Record, Visit
from lacydon.connectors import FOLDER
from tests.kernel.http.test_client import send

SINCE = datetime(2026, 11, 1, 12, tzinfo=UTC)


def sample(connector: str, name: str) -> bytes:
    return (FOLDER / connector / "samples" / name).read_bytes()


def sample_json(connector: str, name: str) -> Any:
    return json.loads(sample(connector, name))


def visited(kind: Catalogue, url: str, **told: Any) -> tuple[list[Record], Visit]:
    """Every record of a visit, and the visit as it was left."""
    visit = Visit(url=url, **told)
    return list(kind.records(visit)), visit


def answering(
    pages: Mapping[str, Any], *, media_type: str = "application/json"
) -> Callable[[BaseHTTPRequestHandler], None]:
    """A server that answers each of these paths (the longest that fits), and 404 elsewhere."""

    def reply(handler: BaseHTTPRequestHandler) -> None:
        fits = [path for path in pages if handler.path.startswith(path)]
        if not fits:
            return send(handler, 404, b"{}")
        page = pages[max(fits, key=len)]
        body = page if isinstance(page, bytes) else json.dumps(page).encode()
        return send(handler, body=body, Content_Type=media_type)

    return reply
