"""What is written to whoever asked: what, where, until when; one click stops it."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lacydon.kernel import site
from lacydon.kernel.clock import now
from lacydon.kernel.mail import Link, Message
from lacydon.kernel.texts import said

from ...models import AlertSubscription
from ..disruptions.sentences import when_words
from ..disruptions.views import DisruptionView
from ..disruptions.words import EFFECTS
from .words import hours_words, names_of


def confirmation(row: AlertSubscription, *, to: str, secret: str) -> Message:
    """The first message: nothing else leaves before it is answered."""
    return Message(
        to=to,
        subject=_("Confirmez que vous voulez être prévenu des perturbations"),
        paragraphs=(
            _("Quelqu’un, sans doute vous, a demandé à être prévenu des perturbations : %s.") % describe(row),
            _("Confirmez, et rien d’autre ne vous sera envoyé. Sinon, ne faites rien : tout s’efface en 7 jours."),
        ),
        action=Link(_("Confirmer"), _link("alert-confirm", secret)),
    )


def already(row: AlertSubscription, *, to: str, secret: str) -> Message:
    """For an address that asks again for what it has."""
    return Message(
        to=to,
        subject=_("Vous êtes déjà prévenu de ces perturbations"),
        paragraphs=(_("Vous n’avez rien à faire : %s.") % describe(row),),
        action=Link(_("Gérer mes alertes"), _link("alert-manage", secret)),
        stop=_link("alert-stop", secret),
    )


def letter(
    row: AlertSubscription, view: DisruptionView, *, to: str, secret: str, when: datetime | None = None
) -> Message:
    """A disruption that begins, changes or ends."""
    when = when or now()
    title = said(view.title)
    lines = ", ".join(each.name or each.ref for each in view.routes)
    stops = ", ".join(each.name or each.ref for each in view.places)
    facts = [(_("Effet"), str(EFFECTS[view.effect])), (_("Quand"), when_words(view, when))]
    facts += [(_("Lignes"), lines[:500])] if lines else []
    facts += [(_("Arrêts"), stops[:500])] if stops else []
    return Message(
        to=to,
        subject=subject(view, when)[:180],
        paragraphs=tuple(filter(None, (title, said(view.text)))),
        facts=tuple(facts),
        action=Link(_("Voir la perturbation"), site.address() + reverse("disruption", kwargs={"id": view.id})),
        after=(
            _("Vous avez demandé à être prévenu : %s.") % describe(row),
            _("Changer ou arrêter : %s") % _link("alert-manage", secret),
        ),
        stop=_link("alert-stop", secret),
    )


def notification(view: DisruptionView, when: datetime | None = None) -> dict[str, Any]:
    """The same for a browser: what its worker shows."""
    when = when or now()
    return {
        "title": subject(view, when)[:120],
        "body": when_words(view, when)[:200],
        "url": reverse("disruption", kwargs={"id": view.id}),
        "tag": f"disruption-{view.id}",
    }


def subject(view: DisruptionView, when: datetime) -> str:
    title = said(view.title)
    if view.state == "withdrawn" or view.over(when):
        return _("Terminé : %s") % title
    return title


def describe(row: AlertSubscription) -> str:
    """« ligne 2, du lundi au vendredi de 7 h 00 à 9 h 00 »."""
    return f"{names_of(row)}, {hours_words(row)}"


def _link(name: str, secret: str) -> str:
    return site.address() + reverse(name, kwargs={"secret": secret})
