"""What a form may name of the rest of the house: a service, communes, themes of mandates, facts of the competences.

The folder's reader asks what the folder says; the editor, what is loaded.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel.folder import Document, Folder
from lacydon.kernel.forms import Form

from .competence import FACT


@dataclass(frozen=True, slots=True)
class Existing:
    """Ids that exist; `facts`: the values of each."""

    services: Collection[str]
    communes: Collection[str]
    facts: Mapping[str, Collection[str]]


def existing() -> Existing:
    """What is loaded now."""
    facts = {fact.id: [value.value for value in fact.values] for theme in territory.themes() for fact in theme.facts}
    return Existing(
        services=[each.id for each in services.services()],
        communes=[each.code for each in territory.communes()],
        facts=facts,
    )


def tell_missing(folder: Folder, document: Document, form: Form, *, id: str, known: Existing | None = None) -> None:
    """Tell the folder what the form names and does not exist; `id` is what the form must be called."""
    known = known or existing()

    def fault(found: str, expected: str, *path: str | int) -> None:
        folder.fault(file=document.name, line=document.line(*path), found=f"« {found} »", expected=expected)

    if form.id != id:
        fault(form.id, _("« %s », comme le nom du fichier") % id, "id")
    if form.service not in known.services:
        fault(form.service, _("l’id d’un service"), "service")
    for position, code in enumerate(form.communes):
        if code not in known.communes:
            fault(code, _("le code INSEE d’une commune"), "communes", position)
    for position, theme in enumerate(form.themes):
        if theme not in trust.THEMES:
            fault(theme, _("l'une de ces valeurs : %s") % ", ".join(trust.THEMES), "themes", position)
    for at, page in enumerate(form.pages):
        for place, field in enumerate(page.fields):
            fact = field.datum.removeprefix(FACT)
            if fact == field.datum:
                continue
            path = ("pages", at, "fields", place, "datum")
            if fact not in known.facts or field.type != "choice":
                fault(field.datum, _("un fait des compétences, pour un champ de type choice"), *path)
            elif strange := [each for each in field.values if each not in known.facts[fact]]:
                fault(", ".join(strange), _("l'une de ces valeurs : %s") % ", ".join(known.facts[fact]), *path)
