"""Reads mobility/feeds.yaml: which networks publish their timetables, and where. Those of agents stand beside."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from django.utils.translation import gettext as _
from pydantic import Field, StringConstraints

from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import Refused
from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.http import partner_address
from lacydon.kernel.texts import French, Written

from ..actions.feeds import describe_feed, receive_version
from ..models import Feed
from ..queries.feeds import file_of
from ..queries.gtfs import Given, content_of, merge

FILE = "mobility/feeds.yaml"
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Prefix = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]+$", max_length=12)]


class FeedText(Written):
    """One network. `url`: where it publishes its timetables; `folder`: GTFS files beside this one."""

    id: Id
    name: French
    prefix: Prefix
    url: Annotated[str, Field(max_length=1000)] = ""
    folder: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]*$")] = ""
    producer: Annotated[str, Field(max_length=200)] = ""
    licence: Annotated[str, Field(max_length=200)] = ""
    example: bool = False


@dataclass(frozen=True)
class FeedRead:
    """A network and its files, whose content says whether they changed."""

    text: FeedText
    path: Path | None = None
    content: str = ""


class FeedsReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> list[FeedRead]:  # noqa: ARG002
        if not folder.names(FILE):
            return []
        found, document = folder.read(FILE, list[FeedText])
        read: list[FeedRead] = []
        each: FeedText
        for at, each in enumerate(found or ()):
            assert document is not None
            for field in ("id", "prefix"):
                if any(getattr(each, field) == getattr(one.text, field) for one in read):
                    line, value = document.line(at, field), getattr(each, field)
                    folder.fault(file=FILE, line=line, found=f"« {value} »", expected=_("un autre : celui-ci est pris"))
            read.append(_checked(folder, document, at, each))
        return read

    def load(self, read: list[FeedRead]) -> dict[str, int]:
        changed = 0
        for each in read:
            changed += _described(each.text)
            if each.path is not None:
                row = Feed.objects.select_related("current").get(pk=each.text.id)
                held = row.current is not None and row.current.content == each.content
                if not held or not file_of(row.pk, each.content).is_file():
                    receive_version(actor=MACHINE, feed=row.pk, path=each.path, origin=FILE)
                    changed += 1
        return {"horaires": changed}


def _described(text: FeedText) -> int:
    """1 when what is said of the network is not what it was."""
    said = {name: getattr(text, name) for name in ("name", "prefix", "url", "producer", "licence", "example")}
    row = Feed.objects.filter(pk=text.id).first()
    if row is not None and all(getattr(row, name) == value for name, value in said.items()):
        return 0
    describe_feed(actor=MACHINE, id=text.id, **said)
    return 1


def _nowhere(_lon: float, _lat: float) -> str:
    """The communes may not be loaded yet: which one a stop is in is asked when the files are."""
    return ""


def _checked(folder: Folder, document: Document, at: int, text: FeedText) -> FeedRead:
    if bool(text.url) == bool(text.folder):
        folder.fault(
            file=FILE,
            line=document.line(at),
            found=_("ni l’un ni l’autre, ou les deux"),
            expected=_("« url » ou « folder »"),
        )
        return FeedRead(text)
    if text.url:
        try:
            partner_address(text.url)
        except Refused as refusal:
            line = document.line(at, "url")
            folder.fault(file=FILE, line=line, found=f"« {text.url} »", expected=str(refusal.sentence))
        return FeedRead(text)
    path = folder.root / "mobility" / text.folder
    if not path.is_dir():
        line = document.line(at, "folder")
        folder.fault(
            file=FILE, line=line, found=_("aucun dossier de ce nom"), expected=_("un dossier de fichiers GTFS")
        )
        return FeedRead(text)
    try:
        merge([Given(path=path, id=text.id, prefix=text.prefix, content="-")], citycode_at=_nowhere)
    except Refused as refusal:
        line = document.line(at, "folder")
        folder.fault(file=FILE, line=line, found=str(refusal.sentence), expected=_("des horaires lisibles"))
    return FeedRead(text, path, content_of(path))
