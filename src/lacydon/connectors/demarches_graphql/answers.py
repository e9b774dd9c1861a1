"""What the platform answers, read without trusting it: **parse**, pure."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from lacydon.capabilities.requests.public import Status
from lacydon.kernel.http import OutsideUnavailable

STATES: Final = {
    "en_construction": ("received", ""),
    "en_instruction": ("in-progress", ""),
    "accepte": ("closed", "accepted"),
    "refuse": ("closed", "refused"),
    "sans_suite": ("closed", "unsolved"),
}
LONGEST_WORDS: Final = 4_000


def parse_prefilled(answer: Any, *, base: str) -> tuple[str, str]:
    """The number of a prefilled file, and the address where the resident takes it. Raises OutsideUnavailable.

    The address is shown to residents: one that leads to another site than the platform is not taken.
    """
    told = answer if isinstance(answer, dict) else {}
    number, address = told.get("dossier_number"), told.get("dossier_url")
    if isinstance(number, bool) or not isinstance(number, int) or number < 1 or not isinstance(address, str):
        raise OutsideUnavailable(_("La plateforme n’a pas donné de dossier prérempli."))
    here, there = urlsplit(base), urlsplit(address)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc):
        raise OutsideUnavailable(_("La plateforme renvoie vers un autre site qu’elle-même."))
    return str(number), address


def parse_dossier(told: Mapping[str, Any], *, instructor: str) -> Status | None:
    """What became of a file. Raises OutsideUnavailable when its state is none we know."""
    dossier = told.get("dossier")
    if not isinstance(dossier, dict):
        return None
    state = STATES.get(str(dossier.get("state")))
    if state is None:
        raise OutsideUnavailable(_("La plateforme donne un état inconnu."))
    motive = dossier.get("motivation")
    return Status(
        state=state[0],  # type: ignore[arg-type]
        outcome=state[1],  # type: ignore[arg-type]
        words=motive.strip()[:LONGEST_WORDS] if isinstance(motive, str) else "",
        at=_moment(dossier.get("dateDerniereModification")),
        takes_files=bool(instructor) and state[0] != "closed",
    )


def messages_of(told: Mapping[str, Any]) -> tuple[str, list[str]]:
    """The id of a file, and the words of the messages there. Raises OutsideUnavailable when it is not there."""
    dossier = told.get("dossier")
    if not isinstance(dossier, dict) or not isinstance(dossier.get("id"), str):
        raise OutsideUnavailable(_("La plateforme ne montre pas ce dossier."))
    listed = dossier.get("messages")
    every = listed if isinstance(listed, list) else []
    return dossier["id"], [str(each.get("body", "")) for each in every if isinstance(each, dict)]


def parse_upload(told: Mapping[str, Any]) -> tuple[str, dict[str, str], str]:
    """Where to put a file: (address, headers, signed id). `headers` is JSON in a string. Raises OutsideUnavailable."""
    made = told.get("createDirectUpload")
    direct = made.get("directUpload") if isinstance(made, dict) else None
    if not isinstance(direct, dict):
        raise OutsideUnavailable(_("La plateforme ne prend pas ce document."))
    address, blob, headers = direct.get("url"), direct.get("signedBlobId"), direct.get("headers")
    if isinstance(headers, str):
        headers = _read(headers)
    if not isinstance(address, str) or not isinstance(blob, str) or not isinstance(headers, dict):
        raise OutsideUnavailable(_("La plateforme ne dit pas où mettre ce document."))
    return address, {str(name): str(value) for name, value in headers.items()}, blob


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
