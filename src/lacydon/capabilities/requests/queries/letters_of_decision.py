"""The decision as a letter to keep: PDF/A-3u, tagged, so that a screen reader says it and it is read in ten years.

In French, whatever the language of the page: it is an act of the administration. A tacit acceptance is told by an
attestation (CRPA, art. L. 232-3).
"""

import warnings
from typing import Any

from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import said

from ..models import Decision, Outcome, Request
from .life import decision_of
from .timeline import timeline, title_of


def pdf(request: Request) -> bytes:
    """The letter of the decision that holds. Raises NotFound when there is none."""
    with translation.override("fr"):
        lines = timeline(request, viewer=MACHINE, agent=True)
        held = decision_of(request, lines)
        if held is None:
            raise NotFound(_("Aucune décision n’a été prise sur cette demande."))
        row = Decision.objects.filter(request=request).order_by("-step__position")[0]
        context = {
            "row": request,
            "decision": held,
            "what": title_of(request),
            "authority": said(request.organisation.name),
            "reference": str(row.pk),
            "attestation": row.outcome == Outcome.TACIT_ACCEPTED,
        }
        html = get_template("requests/mine/letter.html").render(context)
    return printed(html)


def printed(html: str) -> bytes:
    """A page of ours as a PDF/A; nothing is fetched."""
    from weasyprint import HTML  # heavy: only who asks for a letter pays for it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # its own colour profile is left open
        made: bytes = HTML(string=html, url_fetcher=_nothing).write_pdf(
            pdf_variant="pdf/a-3u", pdf_tags=True, custom_metadata=False, optimize_images=False
        )
    return made


def _nothing(url: str, *_args: Any, **_kwargs: Any) -> dict[str, Any]:
    raise ValueError(f"a letter fetches nothing: {url}")
