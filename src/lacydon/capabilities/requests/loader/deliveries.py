"""Reads deliveries.yaml: by which way requests go to which authority. It holds no secret."""

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.texts import Written

from ..actions.routes import load_routes
from ..models import Route
from ..ports import channels

FILE = "deliveries.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class RouteText(Written):
    """One way. `services` (ids of the catalogue) and `skills` narrow it; `patience`: days until it is given up."""

    id: Id
    authority: Id
    channel: str
    services: list[str] = []
    skills: list[str] = []
    patience: Annotated[int, Field(ge=1, le=60)] = 7
    settings: dict[str, Any] = {}


class DeliveriesReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> list[Route]:
        if not folder.names(FILE):
            return []
        found, document = folder.read(FILE, list[RouteText])
        rows: dict[str, Route] = {}
        each: RouteText
        for position, each in enumerate(found or ()):
            assert document is not None
            if each.id in rows:
                folder.fault(
                    file=FILE, line=document.line(position, "id"), found=f"« {each.id} »", expected=_("un id par route")
                )
            _check_names(folder, document, position, each, earlier)
            its = _settings(folder, document, position, each)
            rows[each.id] = Route(
                id=each.id,
                position=position,
                authority=each.authority,
                channel=each.channel,
                services=each.services,
                skills=each.skills,
                settings=its,
                patience_days=each.patience,
            )
        return list(rows.values())

    def load(self, read: list[Route]) -> dict[str, int]:
        return load_routes(read)


def _check_names(
    folder: Folder, document: Document, position: int, each: RouteText, earlier: Mapping[str, Any]
) -> None:
    """The authority and the services exist."""
    organisations = earlier["trust"]
    known = {one.id for one in (*organisations.authorities, *organisations.written)}
    if each.authority not in known:
        folder.fault(
            file=FILE,
            line=document.line(position, "authority"),
            found=f"« {each.authority} »",
            expected=_("une autorité ou un organisme du dossier"),
        )
    services = earlier["services"].services
    for at, name in enumerate(each.services):
        if name not in services:
            folder.fault(
                file=FILE,
                line=document.line(position, "services", at),
                found=f"« {name} »",
                expected=_("un service du catalogue"),
            )


def _settings(folder: Folder, document: Document, position: int, each: RouteText) -> dict[str, Any]:
    """The settings as the channel's connector wants them; a secret has no place in a folder that is published."""
    channel = channels.get(each.channel)
    if channel is None:
        folder.fault(
            file=FILE,
            line=document.line(position, "channel"),
            found=f"« {each.channel} »",
            expected=_("l'une de ces valeurs : %s") % ", ".join(channels.ids()),
        )
        return {}
    for name in sorted(channel.secrets & set(each.settings)):
        folder.fault(
            file=FILE,
            line=document.line(position, "settings", name),
            found=_("le secret « %s »") % name,
            expected=f"lacydon routes set-secret {each.id} {name}",
        )
    folder.shaped(document, channel.shape, data=each.settings, path=(position, "settings"))
    return {name: value for name, value in each.settings.items() if name not in channel.secrets}
