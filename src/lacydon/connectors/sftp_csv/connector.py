"""One CSV file for each request, left on an SFTP server; its documents in a folder of the same name beside it.

The documents come first, the CSV last, each under a name beginning with a dot until it is whole: an import that takes
`*.csv` never sees half a request. Names are made of our number and of the idempotency key, so the same request leaves
the same names, and what is there already is not written twice.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from pydantic import Field, StringConstraints

from lacydon.capabilities.requests.public import (
    Channel,
    Health,
    News,
    Parcel,
    ParcelFile,
    Receipt,
    Status,
    channels,
    route_healths,
)
from lacydon.connectors import Check, check_of
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import Written

from .tables import news_table, parse_return, table

if TYPE_CHECKING:
    import paramiko

LARGEST_RETURN: Final = 100_000
Folder = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,200}$")]


class Settings(Written):
    """What deliveries.yaml says of such a route. `host_key`: the line of the server's public key, as ssh-keyscan writes
    it without the name (`ssh-ed25519 AAAA…`); `folder`: where files are left; `returns`: where theirs are read."""

    host: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
    port: Annotated[int, Field(ge=1, le=65535)] = 22
    user: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    host_key: Annotated[str, StringConstraints(pattern=r"^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/=]+$")]
    folder: Folder = "."
    returns: Folder | None = None
    delimiter: Literal[";", ","] = ";"
    password: str = ""
    private_key: str = ""


class SftpCsv(Channel):
    """The channel."""

    id = "sftp_csv"
    title = _l("Fichier CSV par SFTP")
    shape = Settings
    secrets = frozenset({"password", "private_key"})
    pulls = True

    def send(self, parcel: Parcel, settings: Settings) -> Receipt:
        stem = _stem(parcel)
        with _session(settings) as server:
            server.chdir(settings.folder)
            _leave_once(server, stem, parcel.files, partial(table, parcel, delimiter=settings.delimiter))
        return Receipt(
            state="accepted" if settings.returns is None else "sent", reference=stem, facts={"file": f"{stem}.csv"}
        )

    def pull(self, reference: str, settings: Settings) -> Status | None:
        """Read the file of the same name in `returns`; None while there is none."""
        if settings.returns is None:
            return None
        with _session(settings) as server:
            server.chdir(settings.returns)
            if not _is_there(server, f"{reference}.csv"):
                return None
            with server.open(f"{reference}.csv", "rb") as file:
                content = file.read(LARGEST_RETURN + 1)
        return parse_return(content[:LARGEST_RETURN])

    def tell(self, parcel: Parcel, reference: str, news: News, settings: Settings) -> bool:  # noqa: ARG002
        """A file more, `NUMBER-KEY-STEP.csv`, and its documents."""
        stem = f"{_stem(parcel)}-{news.id.rpartition('-')[2]}"
        content = partial(news_table, parcel, news, delimiter=settings.delimiter)
        with _session(settings) as server:
            server.chdir(settings.folder)
            _leave_once(server, stem, news.files, content)
        return True

    def check(self, settings: Settings) -> Health:
        """Sign in, and look into the folders."""
        try:
            with _session(settings) as server:
                for folder in filter(None, (settings.folder, settings.returns)):
                    server.listdir_attr(folder)
        except Refused as refusal:
            return Health(ok=False, sentence=str(refusal.sentence))
        return Health(ok=True, sentence=_("Le serveur SFTP répond et montre ses dossiers."))


def _stem(parcel: Parcel) -> str:
    """How the names of a parcel begin: readable, and one for each delivery."""
    return f"{parcel.number}-{parcel.idempotency_key.replace('-', '')[-12:]}"


@contextmanager
def _session(settings: Any) -> "Iterator[paramiko.SFTPClient]":
    from .sessions import opened  # heavy: only who hands over by SFTP pays for it

    with opened(settings) as server:
        yield server


def _leave_once(
    server: "paramiko.SFTPClient", stem: str, files: Sequence[ParcelFile], content: Callable[..., bytes]
) -> None:
    """The documents, then the table that names them; nothing when it is there already."""
    if _is_there(server, f"{stem}.csv"):
        return
    names = [f"{number:02d}-{file.name}" for number, file in enumerate(files, 1)]
    if files and not _is_there(server, stem):
        _leave_folder(server, stem, files, names)
    _leave(server, f"{stem}.csv", content(files=[f"{stem}/{name}" for name in names]))


def _leave_folder(server: "paramiko.SFTPClient", name: str, files: Sequence[ParcelFile], names: Sequence[str]) -> None:
    """The documents, in a folder that gets its name once it is whole."""
    unfinished = f".{name}.part"
    if not _is_there(server, unfinished):
        server.mkdir(unfinished)
    for file, written in zip(files, names, strict=True):
        with server.open(f"{unfinished}/{written}", "wb") as opened_file:
            opened_file.set_pipelined(True)
            opened_file.write(file.load())
    server.posix_rename(unfinished, name)


def _leave(server: "paramiko.SFTPClient", name: str, content: bytes) -> None:
    unfinished = f".{name}.part"
    with server.open(unfinished, "wb") as file:
        file.write(content)
    server.posix_rename(unfinished, name)


def _is_there(server: "paramiko.SFTPClient", name: str) -> bool:
    try:
        server.stat(name)
    except FileNotFoundError:
        return False
    return True


def check() -> Check:
    """Each route that uses it."""
    return check_of(route_healths(SftpCsv.id))


channels.plug(SftpCsv())
