"""Sending a draft: everything is checked again, and it becomes one request, whatever is clicked twice or lost."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.territory import public as territory
from lacydon.capabilities.trust import public as trust
from lacydon.kernel import forms, rows, sealing
from lacydon.kernel.access import NOBODY, Actor, SignInNeeded, StrongerSignInNeeded
from lacydon.kernel.clock import now

from ..errors import ChangedMeanwhile, WrongAnswers
from ..models import Attachment, FormState, Request
from ..queries import drafts, numbers
from ..queries.attachments import asked_ids
from ..queries.bookable import commune_of
from ..queries.competence import competent
from ..queries.drafts import SENT, Opened, where_of
from . import files
from .drafts import GRACE
from .opening import Where, open_request

PROVEN = 1
"""Assurance of a sign-in by which a State vouches for a civil identity (eidas1)."""
SENT_KEPT = timedelta(days=1)
"""How long the address of a draft leads to the receipt of what it became."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A request that was made of a draft. `again`: it had been already."""

    request: Request
    secret: str
    anonymous: bool
    again: bool
    contact: dict[str, str]


def fingerprint(found: Opened) -> str:
    """What was read again before sending, in one word: if it is not the same any more, it is read again."""
    seen = [found.held.version.pk, found.answers, found.where.citycode, dict(found.where.conditions)]
    return hashlib.sha256(json.dumps(seen, sort_keys=True).encode()).hexdigest()[:32]


def admit(form: forms.Form, actor: Actor) -> None:
    """Raises SignInNeeded, StrongerSignInNeeded unless this visitor may make this request (`who` of the form)."""
    if form.who == "anyone":
        return
    if not actor.known:
        raise SignInNeeded()
    if form.who == "civil-identity" and actor.assurance < PROVEN and not actor.delegated:
        raise StrongerSignInNeeded()


def submit(*, actor: Actor, reference: str, seen: str, letter: Callable[[Sent], object]) -> Sent:
    """The request made of this draft: one, however often and from wherever it is asked for.

    `seen`: the fingerprint of what was shown; `letter` posts the receipt, in the same transaction.
    Raises UnknownDraft, ChangedMeanwhile (to be read again), WrongAnswers
    (`errors`: by HTML name), NobodyCompetent, what the policy refuses.
    """
    with transaction.atomic():
        found = drafts.draft(reference, actor=actor, for_update=True)
        if found.sent:
            return already(found)
        version = found.held.version
        admit(found.held.form, NOBODY if found.anonymous else actor)
        if version.state == FormState.WITHDRAWN and not (version.withdrawn_at and now() - version.withdrawn_at < GRACE):
            raise ChangedMeanwhile(_("Ce formulaire a changé : relisez vos réponses, puis envoyez."))
        if seen != fingerprint(found):
            raise ChangedMeanwhile(
                _("Vos réponses ont changé depuis l’ouverture de cette page : relisez, puis envoyez.")
            )
        held = list(Attachment.objects.filter(draft=found.row, request=None)) if found.held.form.files else []
        answers = _checked(found, held)
        where = where_of(found)
        chosen = competent(service=version.service_id, citycode=where.citycode, conditions=where.conditions)
        if not chosen.organisation:
            raise WrongAnswers(_("Dites d’abord où c’est : une question décide de qui répond."), code="place-needed")
        who = NOBODY if found.anonymous else actor
        named = asked_ids(found.held.form, answers)
        contact = contact_of(found.held.form, answers) | {"lang": str(found.facts.get("lang", "fr"))}
        opened = open_request(
            actor=who,
            form=version,
            answers=answers,
            # A request is of a commune, also where the place was found in an arrondissement.
            where=Where(citycode=commune_of(where.citycode) or "", lon=where.lon, lat=where.lat),
            organisation=chosen.organisation,
            submission=found.row.submission_key,
            attachments=[each for each in held if str(each.pk) in named],
            contact=contact,
            facts={"to": chosen.organisation, "content": content_mark(answers)},
            first=True,
        )
        for each in held:
            if str(each.pk) not in named:
                files.forget(each)
        _leave_a_trace(found)
        sent = Sent(opened.request, opened.secret, found.anonymous, opened.again, contact)
        if not opened.again:
            letter(sent)
    return sent


def contact_of(form: forms.Form, answers: forms.Answers) -> dict[str, str]:
    """How to answer whoever asks, as they said it in the form."""
    told: dict[str, str] = {}
    for kind in ("email", "phone"):
        fields = [each for each in form.fields() if each.type == kind and answers.get(each.id)]
        best = next((each for each in fields if each.prefill == f"contact.{kind}"), fields[0] if fields else None)
        if best is not None:
            told[kind] = str(answers[best.id])
    return told


def content_mark(answers: forms.Answers) -> str:
    """A mark of the answers that only we can make: the receipt bears it, and it says nothing of them."""
    return sealing.keyed_hash(json.dumps(answers, sort_keys=True, ensure_ascii=False), purpose="receipt-content")[:24]


def _checked(found: Opened, held: Sequence[Attachment]) -> dict[str, object]:
    """The answers, all of them, as the form wants them; the files are those of this draft. Raises WrongAnswers."""
    form = found.held.form
    checked = forms.validate(form, found.answers, communes=frozenset(each.code for each in territory.communes()))
    errors = dict(checked.errors)
    missing = asked_ids(form, checked.answers) - {str(each.pk) for each in held if each.checked_at}
    if missing:
        for field in form.fields():
            if field.type == "file" and missing & set(checked.answers.get(field.id, ())):
                errors[field.id] = forms.sentence(field, "wrong")
        errors = errors or {"": _("Un fichier n’a pas été reçu : joignez-le de nouveau.")}
    if errors:
        raise WrongAnswers(_("Il manque des réponses, ou certaines ne conviennent pas."), errors=errors)
    return checked.answers


def already(found: Opened) -> Sent:
    """What a draft that was sent has become."""
    secret = numbers.secret_of(found.row.submission_key)
    trust.bring(numbers.hash_of(secret))
    row = rows.read(Request, submission_key=found.row.submission_key)
    if row is None:
        raise drafts.unknown()
    row.form = found.held.version
    if (organisation := trust.organisation(row.organisation_id)) is not None:
        row.organisation = organisation
    return Sent(row, secret, found.anonymous, again=True, contact={})


def _leave_a_trace(found: Opened) -> None:
    """The draft says nothing any more; for a day it leads whoever comes back to the receipt."""
    row = found.row
    rows.update(row, {"page": SENT, "sealed": b"", "expires_at": now() + SENT_KEPT, "revision": row.revision + 1})
