"""How a decision can be disputed, in words that go with it: the form's own, else those of common law.

An unfavourable decision says the ways and delays of appeal, or the delay does not run (code de justice administrative,
art. R. 421-5). It is law of France: said in French, whatever the language of the page.
"""

from django.utils.translation import gettext_lazy as _l
from django.utils.translation import override

from lacydon.kernel.texts import said

from ..models import Outcome, Request

UNFAVOURABLE = frozenset({Outcome.PARTLY, Outcome.REFUSED, Outcome.TACIT_REFUSED})
"""Decisions that must say why (CRPA, art. L. 211-2) and how to dispute them."""
GRACIOUS = "P2M"
"""How long one may ask the authority to look again, or the court to judge (CJA, art. R. 421-1 and R. 421-2)."""
DEFAULT = _l(
    "Vous pouvez contester cette décision dans les deux mois qui suivent le jour où vous la recevez. "
    "Vous pouvez demander à l’autorité qui l’a prise de la revoir (recours gracieux) : depuis le suivi de votre "
    "demande, ou par lettre. Sans réponse de sa part pendant deux mois, ce recours est rejeté, et vous avez de nouveau "
    "deux mois pour aller devant le tribunal. Vous pouvez aussi saisir directement le tribunal administratif dont "
    "dépend votre commune, sans avocat, sur www.telerecours.fr. Le Défenseur des droits et ses délégués peuvent "
    "vous aider, gratuitement : www.defenseurdesdroits.fr."
)


def means_of_appeal(request: Request) -> str:
    """How an unfavourable decision on this request can be disputed, in French."""
    own = request.form.content.get("appeal")
    with override("fr"):
        return said(own, lang="fr") if isinstance(own, dict) else str(own or DEFAULT)
