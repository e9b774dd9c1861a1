"""What is sent by e-mail while filling in: the link to finish later, the receipt."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel import mail, site
from lacydon.kernel.texts import said

from ...actions.submitting import Sent
from ...queries import receipts
from ...queries.drafts import Opened
from ...queries.letters import address_of
from .visiting import actor_of


def receipt(request: HttpRequest, sent: Sent) -> None:
    """Post the receipt to whoever gave an address. Inside the transaction of the submission."""
    to = sent.contact.get("email") or _own(request, sent)
    if not to:
        return
    row = sent.request
    told = receipts.receipt(row)
    day = date_format(localtime(row.opened_at), "j F Y")
    paragraphs = [
        _("« %(title)s » : votre demande est bien envoyée, le %(day)s, à : %(authority)s.")
        % {"title": said(told.title), "day": day, "authority": said(told.authority)},
        _("Son numéro : %s") % row.number,
    ]
    if row.due_at:
        paragraphs.append(_("Réponse attendue au plus tard le %s.") % date_format(localtime(row.due_at), "j F Y"))
    after = [_("Code de vérification de votre récépissé : %s") % told.code]
    if sent.anonymous:
        paragraphs.append(_("Pour la suivre, ce numéro et ce code secret suffisent : %s") % sent.secret)
        after.append(_("Gardez ce message : qui a le numéro et le code secret peut lire votre demande."))
    mail.post(
        mail.Message(
            to=to,
            subject=_("Demande envoyée : %s") % row.number,
            paragraphs=tuple(paragraphs),
            action=mail.Link(_("Suivre ma demande"), site.address() + address_of(row)),
            after=tuple(after),
        )
    )


def resume_link(found: Opened, *, to: str) -> None:
    """Send somebody the address of their draft."""
    title = said(found.held.form.title)
    address = site.address() + reverse("draft", kwargs={"draft": found.reference})
    what = _("Voici le lien pour finir votre démarche « %s ». Il marche 30 jours après votre dernière visite.") % title
    care = _("Qui a ce lien peut lire et modifier le brouillon : ne le donnez qu’à quelqu’un de confiance.")
    mail.post(
        mail.Message(
            to=to,
            subject=_("Votre brouillon : %s") % title,
            paragraphs=(what,),
            action=mail.Link(_("Finir ma démarche"), address),
            after=(care,),
        )
    )


def _own(request: HttpRequest, sent: Sent) -> str:
    return "" if sent.anonymous else trust.own_contact(actor_of(request), kind="email")
