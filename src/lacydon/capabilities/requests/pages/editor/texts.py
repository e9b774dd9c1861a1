"""A form's text being written: every fault beside its line, checked while one types, saved as a draft."""

import re
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.folder import Fault
from lacydon.kernel.ui.shown import done, show

from ...actions import forms as acts
from ...errors import ChangedMeanwhile, UnknownForm
from ...models import FormState
from ...queries import forms

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_ID = 60
MOST_FAULTS = 50
"""Shown at once: the first ones often cause the others."""


@needs("form.edit")
@require_safe
def list_forms(request: HttpRequest) -> HttpResponse:
    """Every form there is; `nouveau`: the id of one to begin."""
    new = request.GET.get("nouveau")
    error = ""
    if new is not None:
        if ID.fullmatch(new) and len(new) <= LONGEST_ID:
            return HttpResponseRedirect(reverse("form-edit", kwargs={"form": new}))
        error = _("Écrivez un identifiant court, en minuscules sans accents : mots-separes-par-des-tirets.")
    context = {"forms": forms.listed_forms(), "new": new or "", "error": error}
    status = BadInput.status if error else 200
    return _shown(request, "list", context, title=_("Formulaires"), status=status)


@needs("form.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, form: str) -> HttpResponse:
    """The draft of a form, or the published text to begin one from, or the few lines every form begins with."""
    _known_name(form)
    draft = forms.version_in(form, FormState.DRAFT)
    if request.method == "POST":
        return _written(request, form)
    published = forms.version_in(form, FormState.PUBLISHED)
    source = draft or published
    text = forms.text_of(source) if source else _beginning(form)
    found = acts.checked(text, id=form).faults if draft else ()
    return _page(request, form, text=text, seen=forms.mark_of(draft), found=found)


@needs("form.edit")
@require_POST
def faults(request: HttpRequest, form: str) -> JsonResponse:
    """What there is to mend in a text that is being typed."""
    _known_name(form)
    text = request.POST.get("text", "")
    found = acts.checked(text, id=form).faults
    html = get_template("requests/editor/faults.html").render({"checked": True, **_told(found, text)})
    return JsonResponse({"count": len(found), "html": html})


def _written(request: HttpRequest, form: str) -> HttpResponse:
    """The three buttons: look at it only, keep it, keep it and see it as a resident does."""
    text, seen = request.POST.get("text", "").replace("\r\n", "\n"), request.POST.get("vu", "")
    act = request.POST.get("faire", "")
    found = acts.checked(text, id=form).faults
    if act not in ("enregistrer", "voir"):
        return _page(request, form, text=text, seen=seen, found=found, checked=True)
    try:
        draft = acts.save_draft_version(actor=request.actor, form=form, text=text, seen=seen)  # type: ignore[attr-defined]
    except ChangedMeanwhile as refusal:  # seen now: kept again, it replaces the other knowingly
        seen = forms.mark_of(forms.version_in(form, FormState.DRAFT))
        return _page(request, form, text=text, seen=seen, found=found, refusal=refusal)
    except Refused as refusal:
        return _page(request, form, text=text, seen=seen, found=found, refusal=refusal)
    if found:
        return _page(request, form, text=text, seen=forms.mark_of(draft), found=found, checked=True, kept=True)
    to = "form-preview" if act == "voir" else "form-version"
    return done(request, _("Brouillon enregistré. Rien n’est publié encore."), to, form=form, number=draft.number)


def _page(
    request: HttpRequest,
    form: str,
    *,
    text: str,
    seen: str,
    found: Iterable[Fault],
    checked: bool = False,
    kept: bool = False,
    refusal: Refused | None = None,
) -> HttpResponse:
    told = _told(found, text)
    context = {
        "form": form,
        "text": text,
        "seen": seen,
        "draft": forms.version_in(form, FormState.DRAFT),
        "published": forms.version_in(form, FormState.PUBLISHED),
        "checked": checked,
        "kept": kept,
        "refusal": refusal,
        "longest": acts.LONGEST,
        **told,
    }
    status = refusal.status if refusal else BadInput.status if told["faults"] and checked else 200
    head = get_template("requests/editor/head.html").render({})
    return _shown(request, "edit", context, title=_("Formulaire « %s »") % form, status=status, head=head)


def _told(found: Iterable[Fault], text: str) -> dict[str, Any]:
    """The faults, each with the line it is about."""
    lines = text.splitlines()
    told = [
        {
            "line": each.line,
            "found": each.found,
            "expected": each.expected,
            "text": lines[each.line - 1] if 0 < each.line <= len(lines) else "",
        }
        for each in found
    ]
    return {"faults": told[:MOST_FAULTS], "more": max(len(told) - MOST_FAULTS, 0)}


def _known_name(form: str) -> None:
    if not ID.fullmatch(form) or len(form) > LONGEST_ID:
        raise UnknownForm(_("Ce formulaire n’existe pas."))


def _beginning(form: str) -> str:
    return str(get_template("requests/editor/beginning.yaml").render({"form": form}))


def _shown(request: HttpRequest, name: str, context: dict[str, Any], **more: Any) -> HttpResponse:
    return show(request, f"requests/editor/{name}.html", context, section="agent", here="forms", **more)
