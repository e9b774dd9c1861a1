"""A version as a resident sees it: the same pages, the same rules, and nothing is kept but in the page itself."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lacydon.capabilities.territory import public as territory
from lacydon.kernel import forms as engine
from lacydon.kernel.access import needs
from lacydon.kernel.errors import BadInput
from lacydon.kernel.forms import FaultyForm, Page
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import filled, framed
from lacydon.kernel.ui.shown import troubled

from ...queries import forms
from ...queries.published import Held
from ..filling import posting, scripts
from ..filling.fields import Shown, anchor, field_named, fields_html

ANSWERS = "apercu"
"""The hidden field that carries the answers from one page to the next."""
LONGEST = 100_000


@needs("form.edit")
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, form: str, number: int) -> HttpResponse:
    """`page`: the page to see. Posting it checks it as it would be for a resident, then shows the next one."""
    row = forms.version_of(form, number)
    try:
        held = Held(row, engine.read_form(row.content))
    except FaultyForm:
        return troubled(
            request,
            _("Ce brouillon a des fautes : corrigez-les pour le voir."),
            "form-version",
            form=form,
            number=number,
        )
    answers = _carried(request, held)
    page = held.form.page_by_id.get(request.GET.get("page", ""), held.form.pages[0])
    if request.method != "POST":
        return _shown(request, held, page, posting.as_raw(page, answers), answers)
    told, act = posting.read(request), request.POST.get("faire", "suivre")
    posting.change_rows(told, page, act)
    communes = frozenset(each.code for each in territory.communes())
    checked = engine.validate_page(held.form, page, told.raw, answers, communes=communes, lenient=act != "suivre")
    files = {each.id for each in held.form.files}
    errors = {name: each for name, each in checked.errors.items() if name.rpartition("-")[2] not in files}
    if act != "suivre" or errors:
        return _shown(request, held, page, told.raw, checked.answers, errors=errors, rows=told.rows)
    after = _after(held, page, checked.answers)
    if after is None:
        return _shown(request, held, page, told.raw, checked.answers, over=True)
    return _shown(request, held, after, posting.as_raw(after, checked.answers), checked.answers)


def _carried(request: HttpRequest, held: Held) -> dict[str, Any]:
    """The answers of the pages before; whatever else is in there is dropped."""
    try:
        told = json.loads(request.POST.get(ANSWERS, "")[:LONGEST] or "{}")
    except (ValueError, RecursionError):
        told = {}
    return engine.validate(held.form, told if isinstance(told, dict) else {}).answers


def _after(held: Held, page: Page, answers: Mapping[str, Any]) -> Page | None:
    pages = list(held.form.pages)
    shown = engine.visible_pages(held.form, answers)
    return next((each for each in pages[pages.index(page) + 1 :] if each in shown), None)


def _shown(
    request: HttpRequest,
    held: Held,
    page: Page,
    raw: Mapping[str, list[str]],
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    rows: Mapping[str, list[int]] | None = None,
    over: bool = False,
) -> HttpResponse:
    errors = errors or {}
    pages = engine.visible_pages(held.form, answers)
    pages = pages if page in pages else [*pages, page]
    position = pages.index(page) + 1
    shown = Shown(held=held, raw=raw, errors=errors, rows=rows or {}, answers=answers)
    visible = {each.id for each in engine.visible_fields(held.form, page, answers)} or {each.id for each in page.fields}
    here = {"form": held.form.id, "number": held.version.number}
    address = reverse("form-preview", kwargs=here)
    title = said(page.title)
    holes: dict[str, Any] = {
        "progress": _("Page %(number)d sur %(total)d") % {"number": position, "total": len(pages) + 1},
        "total": str(len(pages) + 1),
        "position": str(position),
        "heading": title,
        "intro": said(page.intro) if page.intro else "",
        "news": _news(held, pages, page, address, over=over),
        "trouble": _trouble(held, errors),
        "action": f"{address}?page={page.id}",
        "token": _token(request, answers),
        "fields": fields_html(shown, page.fields, visible),
        "sums": scripts.sums(held, page, answers),
        "go": _("Continuer l’aperçu"),
        "rules": scripts.rules(held, page),
        "known": scripts.known(held, page, answers),
        "back": reverse("form-version", kwargs=here),
        "back_label": _("Quitter l’aperçu"),
        "aside": SafeString(""),
    }
    body = filled("requests/filling/page.html", holes)
    name = _("Aperçu : %s") % title
    html = framed(body, address=request.get_full_path(), title=name, section="agent", head=scripts.head(files=False))
    return HttpResponse(html, status=BadInput.status if errors else 200)


def _token(request: HttpRequest, answers: Mapping[str, Any]) -> SafeString:
    hidden = '<input type="hidden" name="csrfmiddlewaretoken" value="{}"><input type="hidden" name="{}" value="{}">'
    return format_html(hidden, get_token(request), ANSWERS, json.dumps(answers, ensure_ascii=False))


def _news(held: Held, pages: list[Page], page: Page, address: str, *, over: bool) -> SafeString:
    """That this is a preview only, and the other pages of the form."""
    context = {
        "version": held.version,
        "pages": [(each, each.id == page.id, each in pages) for each in held.form.pages],
        "address": address,
        "over": over,
    }
    return SafeString(get_template("requests/editor/news.html").render(context))


def _trouble(held: Held, errors: Mapping[str, str]) -> SafeString:
    if not errors:
        return SafeString("")
    told = []
    for name, error in errors.items():
        asked = field_named(held.form, name)
        told.append((anchor(asked, name), said(asked.label) if asked else "", error))
    return SafeString(get_template("requests/filling/trouble.html").render({"errors": told, "sentence": ""}))
