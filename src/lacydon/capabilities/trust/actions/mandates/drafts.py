"""A mandate begins: prepared by a helper with the resident, or given by the resident alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput

from ...errors import MandateNotReady, NotAllowed
from ...models import ContactPoint, Evidence, Mandate, MandateHelper, MandateKind, Organisation, Person
from ...queries import policy, reach
from ...queries.contacts import cleaned, contact_place
from ...queries.keys import seal_for
from ...queries.mandate_text import HISTORY, LIMITS, READ, VERSION, WRITE, text_hash, text_of, text_place
from ...queries.mandates import code_hash, helpers_of, holding, stop_hash
from ...queries.names import HELPED
from ...queries.themes import known_themes
from ...queries.wall import in_house
from ..journal import record
from ..people import keep_civil_identity, new_person
from . import notices
from .codes import new_reference, screen_code, stop_code

DAYS = (1, 7, 31, 182, 365)
"""How long help may last; a day unless more is asked, a year at most."""
MOST_PRINCIPALS = 50
"""People one helper may have a mandate of at the same time."""
CODE_LASTS = timedelta(minutes=20)
NAME_LASTS = timedelta(days=365)
PURPOSE = "mandate"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a mandate of help says. `limits`: what is taken away; history is, unless it is given."""

    themes: Sequence[str]
    days: int = 1
    limits: Sequence[str] = (HISTORY,)
    language: str = "fr"
    easy: bool = False


@in_house
@transaction.atomic
def prepare(
    *,
    actor: Actor,
    terms: Terms,
    evidence: str,
    helpers: Sequence[str] = (),
    contact: str = "",
    name: str = "",
    paper: str = "",
) -> Mandate:
    """A helper writes a mandate with the resident beside them, or on the telephone. It is a draft: it opens nothing.

    `evidence`: presence (the resident types a code in their own session), code (sent to `contact`, an address that
    the resident proved before), paper (its reference, and the `name` on it; a colleague checks). `helpers`: agents of
    the same body, the actor alone by default. Raises Refused. Whether `contact` is known is not told.
    """
    policy.require(actor=actor, action="mandate.prepare")
    body = entitled(actor.organisation)
    if evidence not in (Evidence.PRESENCE, Evidence.CODE, Evidence.PAPER):
        raise BadInput(_("Choisissez comment la personne donne son accord."), field="evidence")
    mandate = new_draft(actor=actor, kind=MandateKind.HELP, terms=terms, body=body)
    mandate.evidence = evidence
    if evidence == Evidence.CODE:
        if not contact.strip():
            raise BadInput(_("Écrivez l’adresse ou le téléphone de la personne."), field="contact")
        mandate.principal_id = reach.owner_of(contact)
    if evidence == Evidence.PAPER:
        _with_paper(mandate, actor=actor, paper=paper, name=name, contact=contact)
    if evidence != Evidence.PAPER:
        mandate.code_until = now() + CODE_LASTS
    if evidence == Evidence.PRESENCE:
        mandate.code_hash = code_hash(screen_code(mandate))
    named = [actor.person, *[each for each in helpers if each != actor.person]]
    keep_help(mandate, actor=actor, helpers=named, action="mandate.prepare")
    notices.tell(mandate, what=notices.CODE if evidence == Evidence.CODE else notices.CREATED)
    return mandate


def new_draft(*, actor: Actor, kind: str, terms: Terms, body: Organisation | None) -> Mandate:
    """The terms, checked; not saved yet. Raises BadInput with the field that is wrong."""
    if kind == MandateKind.HELP and terms.days not in DAYS:
        raise BadInput(_("Choisissez une durée : un an au plus."), field="days")
    if not set(terms.limits) <= set(LIMITS) or {READ, WRITE} <= set(terms.limits):
        raise BadInput(_("Choisissez ce que la personne peut faire."), field="limits")
    if terms.language not in ("fr", "en"):
        raise BadInput(_("Cette langue n’est pas proposée."), field="language")
    moment = now()
    mandate = Mandate(
        id=uuid4(),
        reference=new_reference(),
        kind=kind,
        organisation=body,
        scope=known_themes(terms.themes, within=body.themes if body and kind == MandateKind.HELP else None),
        limits=[limit for limit in LIMITS if limit in terms.limits],
        starts_at=moment,
        ends_at=moment + timedelta(days=terms.days),
        text_version=VERSION,
        language=terms.language,
        easy=terms.easy,
        created_at=moment,
        created_by_id=actor.person,
    )
    mandate.stop_hash = stop_hash(stop_code(mandate))
    return mandate


def keep_draft(mandate: Mandate, *, actor: Actor, action: str) -> None:
    """Save a draft with the hash of its text, and note who wrote it."""
    mandate.text_hash = text_hash(text_of(mandate))
    mandate.save()
    subject = str(mandate.principal_id) if mandate.principal_id else ""
    record(actor=actor, subject=subject or None, action=action, purpose=PURPOSE, object=f"mandate:{mandate.pk}")


@in_house
def room_for(helpers: Sequence[str], *, but: Mandate) -> None:
    """Raises NotAllowed when one of these helpers already has a mandate of as many people as one may.

    Their rows are locked in order, so that two confirmations at once count one after the other.
    """
    list(Person.objects.filter(pk__in=helpers).order_by("pk").select_for_update(no_key=True))
    for helper in helpers:
        held = holding().filter(helpers__agent_id=UUID(helper)).exclude(principal_id=but.principal_id)
        if held.values("principal_id").distinct().count() >= MOST_PRINCIPALS:
            raise NotAllowed(_("Un aidant ne peut pas aider plus de %d personnes à la fois.") % MOST_PRINCIPALS)


def keep_help(mandate: Mandate, *, actor: Actor, helpers: Sequence[str], action: str) -> None:
    """Save a draft of help, its helpers first: their names are in the text."""
    able = {str(each) for each in helpers_of(mandate.organisation_id or "")}
    if not able.issuperset(helpers):
        raise BadInput(_("Cette personne n’aide pas dans ce lieu."), field="helper")
    if str(mandate.principal_id) in helpers:
        raise NotAllowed(_("On ne se donne pas un mandat à soi-même."))
    mandate.text_hash = "-"
    mandate.save()
    MandateHelper.objects.bulk_create(
        MandateHelper(mandate=mandate, agent_id=each, since=mandate.created_at) for each in helpers
    )
    keep_draft(mandate, actor=actor, action=action)


def entitled(organisation: str) -> Organisation:
    body = Organisation.objects.filter(pk=organisation, active=True).first()
    if body is None or not body.themes:
        raise MandateNotReady(_("Ce lieu n’est pas habilité à aider."), field="organisation")
    return body


def _with_paper(mandate: Mandate, *, actor: Actor, paper: str, name: str, contact: str) -> None:
    """The person named on a paper: known through a proven address, else made now, with no way to sign in."""
    if not paper.strip():
        raise BadInput(_("Écrivez la référence du papier signé."), field="paper")
    if not name.strip():
        raise BadInput(_("Écrivez le nom qui est sur le papier."), field="name")
    person = new_person(kind="resident")
    mandate.principal_id = person.pk
    call(person=str(person.pk), name=name, actor=actor)
    if contact.strip():
        kind = reach.contact_kind(contact)
        place = contact_place(person=person.pk, kind=kind)
        sealed = seal_for(person.pk, cleaned(kind, contact), place=place)
        ContactPoint.objects.create(person=person, kind=kind, sealed=sealed, changed_at=now())
    mandate.evidence_sealed = sealed_reference(mandate, paper)


def sealed_reference(mandate: Mandate, reference: str, *, field: str = "evidence_sealed") -> bytes:
    """The reference of a paper or judgement, under the principal's key."""
    assert mandate.principal_id
    return seal_for(mandate.principal_id, reference.strip(), place=f"trust_mandate:{mandate.pk}:{field}")


def call(*, person: str, name: str, actor: Actor) -> None:
    """Keep how somebody wants to be called by those who help them."""
    if name.strip():
        claims = {"name": name.strip()[:80]}
        keep_civil_identity(actor=actor, person=person, purpose=HELPED, claims=claims, kept=NAME_LASTS)


def seal_text(mandate: Mandate, paragraphs: Sequence[str]) -> bytes:
    assert mandate.principal_id
    return seal_for(mandate.principal_id, "\n\n".join(paragraphs), place=text_place(mandate))
