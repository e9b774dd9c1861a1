"""The witnesses of the journal: whom this installation asks, and what they signed."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput
from lacydon.kernel.merkle.notes import BadNote, VerifierKey

from ..models import Cosignature


@dataclass(frozen=True, slots=True)
class Witness:
    """Where a witness answers (the prefix of its address), and its public key: name+id+base64."""

    url: str
    key: str

    def __post_init__(self) -> None:
        try:
            VerifierKey.parse(self.key)
        except BadNote as wrong:
            raise BadInput(_("La clé d’un témoin est de la forme nom+identifiant+base64 : %s") % wrong) from wrong

    def __str__(self) -> str:
        return self.key.partition("+")[0]

    @property
    def address(self) -> str:
        return f"{self.url.rstrip('/')}/add-checkpoint"

    @property
    def host(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""


def witnesses() -> list[Witness]:
    """Those of the settings: « address key », separated by commas. Raises BadInput."""
    found = []
    for pair in filter(None, map(str.strip, settings.JOURNAL_WITNESSES.split(","))):
        url, _space, key = pair.partition(" ")
        found.append(Witness(url=url, key=key.strip()))
    return found


def latest_cosignatures() -> list[Cosignature]:
    """The last signature of each witness that ever signed, latest first."""
    found: dict[str, Cosignature] = {}
    names = Cosignature.objects.order_by().values_list("witness", flat=True).distinct()
    for name in names:
        last = Cosignature.objects.filter(witness=name).order_by("-checkpoint_id").first()
        if last is not None:
            found[name] = last
    return sorted(found.values(), key=lambda each: each.at, reverse=True)
