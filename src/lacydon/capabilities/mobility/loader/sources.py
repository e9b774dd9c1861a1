"""Reads mobility/sources.yaml: the sources of real time, of bicycles, of car parks and of charging points.

Secrets are not written there: `{name}` in an address or a header is LACYDON_LIVE_SECRETS' `source.name`.
"""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.kernel.errors import Refused
from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.http import partner_address
from lacydon.kernel.texts import French, Written

from ..actions.live.sources import save_sources
from ..ports import live_connectors

FILE = "mobility/sources.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=12)]
ON_DEMAND_PER_MINUTE = 8
"""What is asked of a source on demand when nothing is agreed with who runs it."""


class SourceText(Written):
    """One source. `kind`: the id of its connector; `every`, `stale_after`: seconds; `per_minute`: its quota."""

    id: Id
    name: French
    kind: str
    urls: Annotated[list[Annotated[str, Field(max_length=1000)]], Field(min_length=1, max_length=20)]
    options: dict[str, Any] = {}
    prefixes: list[Prefix] = []
    every: Annotated[int, Field(ge=5, le=86_400)] = 20
    stale_after: Annotated[int, Field(ge=10, le=86_400)] = 120
    per_minute: Annotated[int, Field(ge=0, le=600)] | None = None
    enabled: bool = True
    why_disabled: Annotated[str, Field(max_length=300)] = ""
    example: bool = False
    producer: Annotated[str, Field(max_length=200)] = ""
    licence: Annotated[str, Field(max_length=200)] = ""
    licence_url: Annotated[str, Field(max_length=500)] = ""


class SourcesReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> list[dict[str, Any]]:  # noqa: ARG002
        if not folder.names(FILE):
            return []
        found, document = folder.read(FILE, list[SourceText])
        rows: dict[str, dict[str, Any]] = {}
        each: SourceText
        for position, each in enumerate(found or ()):
            assert document is not None
            if each.id in rows:
                line = document.line(position, "id")
                folder.fault(file=FILE, line=line, found=f"« {each.id} »", expected=_("un id par source"))
            _check(folder, document, position, each)
            told: dict[str, Any] = each.model_dump()
            if told["per_minute"] is None:
                told["per_minute"] = ON_DEMAND_PER_MINUTE if _on_demand(each) else 0
            rows[each.id] = told
        return list(rows.values())

    def load(self, read: list[dict[str, Any]]) -> dict[str, int]:
        return {"live_sources": save_sources(described=read)}


def _on_demand(each: SourceText) -> bool:
    connector = live_connectors.get(each.kind)
    return connector is not None and "whole" not in connector.subjects(each.options)


def _check(folder: Folder, document: Document, position: int, each: SourceText) -> None:
    """The kind exists; its addresses may be asked; what is off says why."""
    if live_connectors.get(each.kind) is None:
        folder.fault(
            file=FILE,
            line=document.line(position, "kind"),
            found=f"« {each.kind} »",
            expected=_("l'une de ces valeurs : %s") % ", ".join(live_connectors.kinds()),
        )
    for n, url in enumerate(each.urls):
        try:
            partner_address(re.sub(r"\{[a-z0-9_-]+\}", "x", url))
        except Refused as refusal:
            if each.enabled:
                line = document.line(position, "urls", n)
                folder.fault(file=FILE, line=line, found=f"« {url} »", expected=str(refusal.sentence))
    if not each.enabled and not each.why_disabled:
        folder.fault(
            file=FILE,
            line=document.line(position, "enabled"),
            found=_("une source éteinte sans raison"),
            expected=_("« why_disabled » : une phrase, montrée à tous"),
        )
