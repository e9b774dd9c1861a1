"""Contesting an access: the resident asks why, the data protection officer answers within a month."""

from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict

from ..errors import NobodyAnswers
from ..models import Contest
from ..queries import contests, policy
from ..queries.accesses import entry_of
from ..queries.keys import seal_for
from ..queries.proofs import Of
from .journal import record

LONGEST = 4000
"""Signs of a text."""


@transaction.atomic
def contest_access(*, actor: Actor, entry: str, text: str) -> Contest:
    """Ask why one's data were looked at. Raises NotFound, NotAllowed, BadInput, Conflict, NobodyAnswers."""
    found = entry_of(actor, entry)
    policy.require(actor=actor, action="access.contest", object=Of(person_id=str(found.subject_id)))
    if str(found.actor_id) == actor.person:
        raise BadInput(_("C’est vous qui avez fait cela : il n’y a rien à contester."))
    said = _said(text)
    organisation = contests.answering(found)
    if organisation is None:
        contact = settings.CONTACT or _("l’éditeur de ce site")
        raise NobodyAnswers(_("Aucun organisme ne peut répondre ici : écrivez à %s.") % contact)
    id = uuid4()
    try:
        with transaction.atomic():
            made = Contest.objects.create(
                id=id,
                entry=found,
                person_id=actor.person,
                organisation=organisation,
                sealed=seal_for(actor.person, said, place=contests.place(id, "sealed")),
                opened_at=now(),
            )
    except IntegrityError:
        raise Conflict(_("Vous avez déjà contesté cet accès.")) from None
    record(actor=actor, action="access.contest", purpose="rights", object=f"contest:{made.pk}")
    return made


@transaction.atomic
def read_contest(*, actor: Actor, contest: str) -> tuple[contests.Case, str]:
    """A contest of the actor's organisation with what the resident wrote; the reading is recorded.

    Raises NotFound, NotAllowed, ErasedPerson.
    """
    case = contests.case_of(actor.organisation, contest)
    policy.require(actor=actor, action="contest.see", object=case.contest)
    text = contests.text_of(case.contest)
    person = str(case.contest.person_id)
    record(actor=actor, subject=person, action="contest.read", purpose="rights", object=f"contest:{case.contest.pk}")
    return case, text


@transaction.atomic
def answer_contest(*, actor: Actor, contest: str, text: str) -> Contest:
    """Answer, once, sealed for the resident. Raises NotFound, NotAllowed, BadInput, Conflict, ErasedPerson."""
    found = contests.case_of(actor.organisation, contest).contest
    policy.require(actor=actor, action="contest.answer", object=found)
    said = _said(text)
    person = str(found.person_id)
    sealed = seal_for(person, said, place=contests.place(found.pk, "answer_sealed"))
    open = Contest.objects.filter(pk=found.pk, answered_at=None)
    if not open.update(answer_sealed=sealed, answered_at=now(), answered_by_id=actor.person):
        raise Conflict(_("Cette contestation a déjà sa réponse."))
    record(actor=actor, subject=person, action="contest.answer", purpose="rights", object=f"contest:{found.pk}")
    found.refresh_from_db()
    return found


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise BadInput(_("Écrivez votre message."), field="text")
    if len(said) > LONGEST:
        raise BadInput(_("Votre message dépasse 4 000 signes : raccourcissez-le."), field="text")
    return said
