"""The versions of a form: what changed from one to the next, publishing a draft, taking a form out of use."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import needs
from lacydon.kernel.errors import Refused
from lacydon.kernel.ui.shown import done, show, troubled

from ...actions import forms as acts
from ...models import FormState, FormVersion
from ...queries import forms

STATES = {
    FormState.DRAFT: "draft",
    FormState.PUBLISHED: "published",
    FormState.WITHDRAWN: "withdrawn",
}


@needs("form.edit")
@require_safe
def list_versions(request: HttpRequest, form: str) -> HttpResponse:
    """Every version, who wrote it and when; `de` and `a`: two of them, to compare."""
    rows = forms.versions_of(form)
    before, after = _number(request, "de"), _number(request, "a")
    lines = None
    if before and after:
        older, newer = forms.version_of(form, before), forms.version_of(form, after)
        lines = forms.differences(forms.text_of(older), forms.text_of(newer))
    names = trust.agent_names([row.made_by_id for row in rows if row.made_by_id])
    context = {
        "form": form,
        "versions": [(row, names.get(row.made_by_id) if row.made_by_id else None) for row in rows],
        "before": before or (rows[1].number if len(rows) > 1 else rows[0].number),
        "after": after or rows[0].number,
        "lines": lines,
    }
    title = _("Versions de « %s »") % form
    return show(request, "requests/editor/versions.html", context, title=title, section="agent", here="forms")


@needs("form.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, form: str, number: int) -> HttpResponse:
    """A version: its text, what publishing it would change, and the acts it allows."""
    row = forms.version_of(form, number)
    if request.method == "POST":
        return _done(request, row)
    published = forms.version_in(form, FormState.PUBLISHED)
    text = forms.text_of(row)
    faults = acts.checked(text, id=form).faults if row.state == FormState.DRAFT else ()
    context = {
        "form": form,
        "version": row,
        "text": text,
        "published": published if published and published.pk != row.pk else None,
        "lines": forms.differences(forms.text_of(published), text) if published and published.pk != row.pk else None,
        "faults": len(faults),
        "author": trust.agent_names([row.made_by_id]).get(row.made_by_id) if row.made_by_id else None,
    }
    title = _("« %(form)s », version %(number)d") % {"form": form, "number": number}
    return show(request, "requests/editor/version.html", context, title=title, section="agent", here="forms")


def _done(request: HttpRequest, row: FormVersion) -> HttpResponse:
    act, why = request.POST.get("faire", ""), request.POST.get("pourquoi", "")
    actor = request.actor  # type: ignore[attr-defined]
    here = {"form": row.form, "number": row.number}
    try:
        if act == "publier":
            made = acts.publish_version(actor=actor, version=row.pk, why=why)
            sentence = _("Publié : le formulaire sert dès maintenant. Les brouillons commencés gardent leur version.")
            return done(request, sentence, "form-version", form=made.form, number=made.number)
        if act == "retirer":
            was_draft = row.state == FormState.DRAFT
            acts.withdraw_version(actor=actor, version=row.pk, why=why)
            if was_draft:
                return done(request, _("Brouillon jeté."), "forms")
            sentence = _("Retiré : plus personne ne le commence. Ce qui est commencé peut être fini.")
            return done(request, sentence, "form-version", **here)
    except Refused as refusal:
        return troubled(request, refusal.sentence, "form-version", **here)
    return troubled(request, _("Choisissez : publier, ou retirer."), "form-version", **here)


def _number(request: HttpRequest, name: str) -> int:
    told = request.GET.get(name, "")
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 7 else 0
