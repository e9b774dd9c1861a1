"""« Mes justificatifs »: given once, kept sealed, shared by consent, removed at will."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.downloads import as_attachment
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.ui.shown import done, show

from ..actions import proofs as acts
from ..queries import policy, proofs
from ..queries.agents import agent_names
from ..queries.receipts import name_of
from .session import session_of


@needs("proof.see")
@require_safe
def list_proofs(request: HttpRequest) -> HttpResponse:
    return _list(request)


@needs("proof.give")
@require_http_methods(["POST"])
def give(request: HttpRequest) -> HttpResponse:
    """A document is kept. What was chosen comes back with the sentence when it is refused."""
    kind = request.POST.get("kind", "")
    try:
        sent = request.FILES.get("document")
        if sent is None:
            too_large = int(request.META.get("CONTENT_LENGTH") or 0) > proofs.LARGEST
            if too_large:
                raise BadInput(_("Ce fichier dépasse 10 Mo : réduisez-le."), field="document")
            raise BadInput(_("Choisissez le fichier à déposer."), field="document")
        acts.give_proof(actor=session_of(request), kind=kind, name=sent.name or "", content=sent.read())
    except Refused as error:
        return _list(request, refusal=error, kind=kind)
    sentence = _("Justificatif déposé et chiffré. Personne ne le lit sans votre accord ni hors d’un mandat.")
    if session_of(request).delegated:
        sentence = _("Justificatif déposé et chiffré. Personne ne le lit sans accord ni hors d’un mandat.")
    return done(request, sentence, "proofs")


@needs("proof.see")
@require_safe
def download(request: HttpRequest, id: UUID) -> HttpResponse:
    name, media_type, content = acts.download_proof(actor=session_of(request), proof=str(id))
    return as_attachment(content, name=name, media_type=media_type)


@needs("proof.remove")
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, id: UUID) -> HttpResponse:
    """Asked once, then gone."""
    actor = session_of(request)
    if request.method == "POST":
        acts.remove_proof(actor=actor, proof=str(id))
        return done(request, _("Justificatif supprimé."), "proofs")
    found = proofs.proof_of(actor, str(id))
    context = {"kind": proofs.KINDS[found.kind], "name": proofs.name_of(found)}
    return show(request, "trust/proofs/remove.html", context, title=_("Supprimer ce justificatif ?"), here="proofs")


def _list(request: HttpRequest, *, refusal: Refused | None = None, kind: str = "") -> HttpResponse:
    actor = session_of(request)
    held = proofs.proofs_of(actor)
    kinds = [
        each
        for each in proofs.KINDS.values()
        if policy.can(actor, None, "proof.give", proofs.scope_of(each.id, person=actor.principal))
    ]
    names = agent_names([each.given_by_id for each in held if each.given_by_id])
    context = {
        "held": [
            {
                "proof": each,
                "helper": names.get(each.given_by_id, "") if each.given_by_id else "",
                "place": name_of(each.mandate.organisation) if each.mandate and each.mandate.organisation_id else "",
            }
            for each in held
        ],
        "kinds": kinds,
        "refusal": refusal,
        "chosen": kind,
    }
    status = refusal.status if refusal else 200
    title = _("Justificatifs de la personne que vous aidez") if actor.delegated else _("Mes justificatifs")
    return show(request, "trust/proofs/list.html", context, title=title, status=status, here="proofs")
