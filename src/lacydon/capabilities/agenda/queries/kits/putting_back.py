"""What putting an adoption back would meet: what others changed since, and what goes on."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.data import public as data
from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.services import public as services
from lacydon.kernel.texts import Localised

from ...models import Applied
from .preview import digest, local_text, stands


@dataclass(frozen=True, slots=True)
class Moved:
    """An item that is not what the adoption made any more. `keepable`: it may stay as it is."""

    key: str
    title: Localised
    sentence: str
    keepable: bool = True


def moved_since(applied: Applied) -> tuple[Moved, ...]:
    """What moved since this adoption, item by item."""
    return tuple(_moved(applied))


def _moved(applied: Applied) -> Iterator[Moved]:
    for each in applied.items:
        key, here = f"{each['part']}:{each['id']}", each["here"]
        told = stands(each["part"], here, applied.commune)
        same = bool(told) and digest(told) == each["made"]
        if each["part"] == "datasets":
            known = data.known_dataset(here)
            if known is not None and known.version is not None:
                yield Moved(key, each["title"], _("Des lignes ont été publiées dans ce jeu de données."))
        elif each["part"] == "local":
            under = services.overrides_of(applied.commune, without=applied.layer).get(here, {})
            if local_text(under) != each["before"]:
                sentence = _("Le dossier du territoire a changé dessous : c’est son nouveau texte qui reparaîtra.")
                yield Moved(key, each["title"], sentence, keepable=False)
        elif not told:
            yield Moved(key, each["title"], _("Retiré depuis."), keepable=False)
        elif not same:
            yield Moved(key, each["title"], _("Modifié depuis par votre commune ou par le dossier du territoire."))


def going_on(applied: Applied) -> str:
    """What residents began meanwhile, in a sentence; empty: nothing."""
    number = requests.requests_made_with([each["version"] for each in applied.items if each["part"] == "forms"])
    if not number:
        return ""
    return ngettext(
        "%(count)d demande a été déposée avec ces formulaires : elle sera traitée jusqu’au bout.",
        "%(count)d demandes ont été déposées avec ces formulaires : elles seront traitées jusqu’au bout.",
        number,
    ) % {"count": number}
