"""What those in charge answer to a recommendation, then that it is done: a change of the evaluation, like any other."""

from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import today
from lacydon.kernel.errors import BadInput
from lacydon.kernel.texts import said

from ..errors import UnknownObject
from ..queries.learning.words import ANSWERS
from ..queries.nouns import Evaluation
from ..queries.nouns.learning import Answer
from .editing import edit
from .writing import Wanted

TOLD = 120
"""Signs of a recommendation that are repeated in the reason kept with its answer."""


def answer(*, actor: Actor, evaluation: Evaluation, recommendation: str, given: Answer, seen: int) -> int:
    """Answer a recommendation, or answer it again; how many objects changed. `seen`: the state that was read.

    Raises BadInput (its field): a promise without a date, a date of doing still to come, something done of what was
    refused; UnknownObject; and what `edit` raises.
    """
    asked = next((each for each in evaluation.recommendations if each.id == recommendation), None)
    if asked is None:
        raise UnknownObject(_("Cette recommandation n’existe pas, ou n’existe plus."))
    if given.answer != "refusee" and given.due is None:
        raise BadInput(_("Dites pour quand : un rappel partira avant cette date."), field="due")
    if given.answer == "refusee":
        given = given.model_copy(update={"due": None, "done": None, "evidence": None})
    if given.done is not None:
        if given.done > today():
            raise BadInput(_("Ce jour n’est pas encore venu."), field="done")
        if not given.evidence:
            raise BadInput(_("Dites ce qui le montre : une adresse, ou la référence d’un document."), field="evidence")
    kept = tuple(
        each.model_copy(update={"answer": given}) if each.id == recommendation else each
        for each in evaluation.recommendations
    )
    wanted = Wanted(
        kind="evaluation", id=evaluation.id, number=seen, object=evaluation.model_copy(update={"recommendations": kept})
    )
    return edit(actor=actor, wanted=[wanted], reason=_reason(said(asked.text.stored()), given))


def _reason(text: str, given: Answer) -> str:
    short = text if len(text) <= TOLD else f"{text[:TOLD].rstrip()}…"
    if given.done is not None:
        return _("Recommandation suivie : %s") % short
    return _("%(answer)s : %(text)s") % {"answer": ANSWERS[given.answer], "text": short}
