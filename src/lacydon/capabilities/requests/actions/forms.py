"""Writing forms: a draft is saved as often as one likes, published once, and never changed after that.

The folder of the territory publishes too (`load_forms`). Whoever speaks last is heard: a text of the folder that
changed replaces what an agent published; one that did not change leaves it alone.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import BadInput, Conflict
from lacydon.kernel.folder import Fault, Folder
from lacydon.kernel.forms import Form, digest, read_form, read_in
from lacydon.kernel.snapshots import moved

from ..errors import ChangedMeanwhile, UnknownForm
from ..models import FormState, FormVersion
from ..queries.form_references import existing, tell_missing
from ..queries.forms import SNAPSHOT, mark_of
from ..queries.published import held

PURPOSE = "forms"
LONGEST = 200_000
"""Characters of a form's text."""
COMMUNE = "commune"


@dataclass(frozen=True, slots=True)
class Checked:
    """A text that was looked at: the form it says, or what there is to mend."""

    form: Form | None
    faults: tuple[Fault, ...]


def checked(text: str, *, id: str, services: Collection[str] = ()) -> Checked:
    """What a text says, with every fault and its line; the form must be called `id`, its service must exist.

    `services`: ids of services that are about to exist.
    """
    folder = Folder(Path())
    name = f"{id}.yaml"
    if len(text) > LONGEST:
        folder.fault(file=name, found=_("%d signes") % len(text), expected=_("%d signes au plus") % LONGEST)
        return Checked(None, tuple(folder.faults))
    document = folder.parsed(name, text)
    form = read_in(folder, document)
    if form is not None and document is not None:
        known = existing()
        known = replace(known, services=[*known.services, *services]) if services else known
        tell_missing(folder, document, form, id=id, known=known)
    return Checked(None if folder.faults else form, tuple(sorted(set(folder.faults))))


@transaction.atomic
def save_draft_version(*, actor: Actor, form: str, text: str, seen: str = "") -> FormVersion:
    """The draft of the next version, with this text, faulty or not: nothing that was typed is lost.

    `seen`: the mark of the draft the text was made from; raises ChangedMeanwhile when somebody saved another since.
    Raises BadInput, NotAllowed.
    """
    trust.require(actor=actor, action="form.edit")
    text = text.replace("\r\n", "\n").replace("\x00", "")
    if len(text) > LONGEST:
        raise BadInput(_("Ce texte est trop long."), field="text")
    found = checked(text, id=form)
    draft = FormVersion.objects.select_for_update().filter(form=form, state=FormState.DRAFT).first()
    _within_reach(actor, form, found.form, *([held(draft).form] if draft and draft.content else []))
    if draft is not None and mark_of(draft) != seen and draft.text != text:
        raise ChangedMeanwhile(
            _("Un autre brouillon a été enregistré entre-temps : ouvrez-le. Enregistrez de nouveau pour le remplacer.")
        )
    draft = draft or FormVersion(form=form, number=_next(form), state=FormState.DRAFT)
    draft.text = text
    draft.content = dict(found.form.source) if found.form else {}
    draft.digest = digest(found.form) if found.form else ""
    draft.service_id = found.form.service if found.form else ""
    draft.made_at = now()
    draft.made_by_id = actor.person
    _saved(draft)
    trust.record(actor=actor, subject="", action="form.save", purpose=PURPOSE, object=_named(draft))
    return draft


@transaction.atomic
def publish_version(*, actor: Actor, version: int, why: str = "") -> FormVersion:
    """Make a draft the version that is filled in from now on; drafts and requests under way keep theirs.

    A version published before is published again as a new one. Raises UnknownForm, BadInput (faults), NotAllowed.
    """
    trust.require(actor=actor, action="form.edit")
    row = _locked(version)
    if row.state == FormState.PUBLISHED:
        return row
    text = row.text
    found = checked(text, id=row.form) if text else Checked(read_form(row.content), ())
    if found.form is None:
        raise BadInput(_("Ce texte a des fautes : corrigez-les avant de publier."), field="text")
    _within_reach(actor, row.form, found.form)
    if row.state == FormState.WITHDRAWN:
        row = FormVersion(form=row.form, text=text)
    row.number = _next(row.form, but=row)
    row.made_by_id = actor.person
    published = _published(row, found.form, why=why)
    trust.record(actor=actor, subject="", action="form.publish", purpose=PURPOSE, object=_named(published))
    return published


@transaction.atomic
def withdraw_version(*, actor: Actor, version: int, why: str = "") -> FormVersion:
    """Take a published form out of use: nobody begins it any more, what is under way goes on. A draft is thrown away.

    Raises UnknownForm, Conflict, NotAllowed.
    """
    trust.require(actor=actor, action="form.edit")
    row = _locked(version)
    _within_reach(actor, row.form, *([held(row).form] if row.content else []))
    if row.state == FormState.WITHDRAWN:
        raise Conflict(_("Cette version est déjà retirée."))
    trust.record(actor=actor, subject="", action="form.withdraw", purpose=PURPOSE, object=_named(row))
    if row.state == FormState.DRAFT:
        row.delete()
        return row
    _withdraw(row, why=why.strip()[:200])
    moved(SNAPSHOT)
    return row


# What comes whole from elsewhere, and may go back


@dataclass(frozen=True, slots=True)
class Put:
    """A form that was put in use whole: its version, and those it stands for, which it withdrew."""

    version: int
    withdrawn: tuple[int, ...]


@transaction.atomic
def put_form(*, actor: Actor, form: Form, text: str, why: str, instead_of: Iterable[str] = ()) -> Put:
    """Publish a form with what makes it (a kit), in place of its own earlier version and of other forms.

    `take_form_back` undoes it exactly. The caller has checked that the actor may, and the text (`checked`).
    """
    ids = {form.id, *instead_of}
    standing = FormVersion.objects.select_for_update().filter(form__in=ids, state=FormState.PUBLISHED)
    withdrawn = tuple(standing.order_by("pk").values_list("pk", flat=True))
    for row in standing.exclude(form=form.id):
        _withdraw(row, why="")
    row = FormVersion(form=form.id, number=_next(form.id), text=text, made_by_id=actor.person or None)
    made = _published(row, form, why=why)
    trust.record(actor=actor, subject="", action="form.publish", purpose=PURPOSE, object=_named(made))
    return Put(made.pk, withdrawn)


@transaction.atomic
def take_form_back(*, actor: Actor, put: Put, why: str) -> None:
    """Take out of use a form that was put, whatever version it has now, and publish again those it stood for.

    One that has got another published version meanwhile keeps it. Requests under way go on.
    """
    form = FormVersion.objects.values_list("form", flat=True).get(pk=put.version)
    for row in FormVersion.objects.select_for_update().filter(form=form, state=FormState.PUBLISHED):
        _withdraw(row, why=why.strip()[:200])
        trust.record(actor=actor, subject="", action="form.withdraw", purpose=PURPOSE, object=_named(row))
    for row in FormVersion.objects.select_for_update().filter(pk__in=put.withdrawn, state=FormState.WITHDRAWN):
        if FormVersion.objects.filter(form=row.form, state=FormState.PUBLISHED).exists():
            continue
        row.state, row.withdrawn_at = FormState.PUBLISHED, None
        row.save(update_fields=["state", "withdrawn_at"])
        trust.record(actor=actor, subject="", action="form.publish", purpose=PURPOSE, object=_named(row))
    moved(SNAPSHOT)


# The folder


@transaction.atomic
def load_forms(forms: Iterable[tuple[Form, str]]) -> dict[str, int]:
    """Publish the folder's forms (each with its text), as far as the folder changed since it last spoke."""
    changed = 0
    seen = set()
    for form, text in forms:
        seen.add(form.id)
        mine = digest(form)
        rows = FormVersion.objects.filter(form=form.id)
        last = rows.filter(made_by=None).order_by("-number").first()
        if last is not None and last.digest == mine and last.why != LEFT:
            continue
        if rows.filter(state=FormState.PUBLISHED, digest=mine).exists():
            continue
        row = FormVersion(form=form.id, number=_next(form.id), text=text)
        _published(row, form, why="")
        changed += 1
    gone = FormVersion.objects.filter(state=FormState.PUBLISHED, made_by=None).exclude(form__in=seen)
    for row in gone:
        _withdraw(row, why=LEFT)
        changed += 1
    if gone or changed:
        moved(SNAPSHOT)
    return {"formulaires": changed}


LEFT = " folder"
"""Why a version is withdrawn when its form left the folder: it comes back with it. Nobody can type it: reasons are
stripped."""


# Parts


def _next(form: str, *, but: FormVersion | None = None) -> int:
    """The number after those of a form (`but` aside, which gets it)."""
    rows = FormVersion.objects.filter(form=form)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    last: int | None = rows.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1


def _locked(pk: int) -> FormVersion:
    row = FormVersion.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise UnknownForm(_("Cette version n’existe pas."))
    return row


def _saved(row: FormVersion) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:  # two at once took the same number
        raise ChangedMeanwhile(_("Une autre version de ce formulaire vient d’être enregistrée : réessayez.")) from None


def _published(row: FormVersion, form: Form, *, why: str) -> FormVersion:
    for earlier in FormVersion.objects.select_for_update().filter(form=form.id, state=FormState.PUBLISHED):
        _withdraw(earlier, why="")
    row.state = FormState.PUBLISHED
    row.content, row.digest, row.service_id = dict(form.source), digest(form), form.service
    row.made_at = row.made_at or now()
    row.published_at, row.withdrawn_at, row.why = now(), None, why.strip()[:200]
    _saved(row)
    moved(SNAPSHOT)
    return row


def _withdraw(row: FormVersion, *, why: str) -> None:
    row.state, row.withdrawn_at = FormState.WITHDRAWN, now()
    row.why = why or row.why
    row.save(update_fields=["state", "withdrawn_at", "why"])


def _within_reach(actor: Actor, id: str, *forms: Form | None) -> None:
    """A commune writes the forms that are its own alone; those of all the communes are written by wider bodies."""
    body = trust.organisation(actor.organisation)
    if body is None or body.kind != COMMUNE:
        return
    mine = (body.id.rpartition("-")[2],)
    now_published = FormVersion.objects.filter(form=id, state=FormState.PUBLISHED).first()
    concerned = [*([held(now_published).form] if now_published else []), *(each for each in forms if each)]
    if any(each.communes != mine for each in concerned):
        raise trust.NotAllowed(
            _("Ce formulaire sert plusieurs communes : la vôtre peut en écrire un autre, avec « communes: %s ».") % mine
        )


def _named(row: FormVersion) -> str:
    return f"form:{row.form}:{row.number}"
