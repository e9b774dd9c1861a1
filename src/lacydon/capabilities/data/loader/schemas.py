"""Reads schemas/*.json: the Table Schemas that files are checked against here, before the national ones."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.folder import Folder

from ..actions.schemas import keep_schemas_of_territory
from ..errors import UnreadableSchema
from ..queries.schemas import read_schema


class SchemasReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> dict[str, str]:  # noqa: ARG002
        read: dict[str, str] = {}
        for name in folder.names("schemas/*.json"):
            text = folder.text(name)
            if text is None:
                continue
            try:
                read_schema(text)
            except UnreadableSchema as refusal:
                folder.fault(file=name, found=str(refusal.sentence), expected=_("un Table Schema"))
                continue
            read[name.removeprefix("schemas/")] = text
        return read

    def load(self, read: dict[str, str]) -> dict[str, int]:
        return {"schemas": keep_schemas_of_territory(read)}
