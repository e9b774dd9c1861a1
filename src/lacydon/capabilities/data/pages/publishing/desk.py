"""The datasets of an organisation: which there are, what is said of each, where a file is sent."""

import contextlib
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import needs
from lacydon.kernel.errors import BadInput, Refused
from lacydon.kernel.french import plain
from lacydon.kernel.ui.shown import done, show

from ...actions.publication import describe_dataset
from ...errors import UnknownDataset
from ...models import Access, Dataset, Recipe, Series
from ...queries import arrivals, datasets, shelf
from ...queries.vocabularies import FREQUENCIES, HVD, LICENCES, THEMES
from .owned import actor_of, dataset_of

MOST_TEXT = 4_000
DEFAULT_LICENCE = "lov2"


@needs("dataset.publish")
@require_safe
def list_datasets(request: HttpRequest) -> HttpResponse:
    """The datasets of the organisation, those that changed last first."""
    rows = Dataset.objects.filter(organisation=actor_of(request).organisation).select_related("current")
    ordered = sorted(rows, key=lambda each: each.modified or each.created_at, reverse=True)
    return _shown(request, "desk", {"datasets": ordered}, title=_("Publier des données"))


@needs("dataset.publish")
@require_safe
def dataset(request: HttpRequest, id: str) -> HttpResponse:
    """One dataset: its current version, the files on their way, where to send the next one."""
    row = dataset_of(request, id)
    return dataset_page(request, row)


def dataset_page(
    request: HttpRequest, row: Dataset, *, refusal: Refused | None = None, typed: str = "", at: str = "file"
) -> HttpResponse:
    """`at`: the field a refusal is about, `file` or `url`."""
    context = {
        "dataset": row,
        "recipe": Recipe.objects.filter(dataset=row).exists(),
        "waiting": arrivals.waiting(dataset=row.pk),
        "refusal": refusal,
        "wrong": at if refusal else "",
        "typed": typed,
    }
    return _shown(request, "dataset", context, title=_said(row.title), status=refusal.status if refusal else 200)


@needs("dataset.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, id: str = "") -> HttpResponse:
    """What is said of a dataset: a new one, or one there is."""
    row = dataset_of(request, id) if id else None
    if request.method != "POST":
        return _form(request, row, _typed_of(row))
    typed = {name: request.POST.get(name, "").strip()[:MOST_TEXT] for name in _NAMES}
    typed["themes"] = ",".join(each for each in request.POST.getlist("themes") if each in THEMES)
    try:
        made = _described(request, row, typed)
    except BadInput as refusal:
        return _form(request, row, typed, refusal=refusal)
    if row is None and (source := _source(request)):
        sql = urlencode({"sql": f'SELECT *\nFROM "{source}"'})
        return HttpResponseRedirect(f"{reverse('data-recipe', kwargs={'id': made.pk})}?{sql}")
    sentence = _("La description est enregistrée.") if row else _("Le jeu de données est créé. Envoyez son fichier.")
    return done(request, sentence, "data-publish", id=made.pk)


def _source(request: HttpRequest) -> str:
    """The dataset that a new one is to be derived from (`?de=`), when this agent knows of it."""
    id = request.GET.get("de", "")
    with contextlib.suppress(UnknownDataset):
        return datasets.dataset(id, actor=actor_of(request)).id if id else ""
    return ""


_NAMES = (
    "title",
    "description",
    "licence",
    "frequency",
    "access",
    "keywords",
    "coverage",
    "contact_name",
    "contact_email",
    "schema",
    "hvd",
    "series",
)


def _described(request: HttpRequest, row: Dataset | None, typed: Mapping[str, str]) -> Dataset:
    actor = actor_of(request)
    if not typed["title"]:
        raise BadInput(_("Donnez un titre au jeu de données."), field="title")
    if not typed["description"]:
        raise BadInput(_("Dites en une phrase ce que ces données contiennent."), field="description")
    if typed["licence"] not in LICENCES:
        raise BadInput(_("Choisissez une licence."), field="licence")
    if typed["access"] not in Access.values:
        raise BadInput(_("Dites à qui ces données sont ouvertes."), field="access")
    if typed["contact_email"] and "@" not in typed["contact_email"]:
        raise BadInput(_("Cette adresse électronique n’est pas complète."), field="contact_email")
    coverage = [each for each in re.split(r"[\s,;]+", typed["coverage"]) if each]
    if any(not re.fullmatch(r"[0-9][0-9AB][0-9]{3}|[0-9]{9}", each) for each in coverage):
        raise BadInput(_("Écrivez des codes INSEE, séparés par des virgules."), field="coverage")
    said = {
        "organisation": actor.organisation,
        "title": {**(row.title if row else {}), "fr": typed["title"]},
        "description": {**(row.description if row else {}), "fr": typed["description"]},
        "licence": typed["licence"],
        "frequency": typed["frequency"] if typed["frequency"] in FREQUENCIES else "",
        "access": typed["access"],
        "keywords": [each.strip()[:80] for each in typed["keywords"].split(",") if each.strip()][:20],
        "themes": [each for each in typed["themes"].split(",") if each],
        "coverage": coverage,
        "contact_name": typed["contact_name"],
        "contact_email": typed["contact_email"],
        "schema": typed["schema"][:300],
        "hvd": typed["hvd"] if typed["hvd"] in HVD else "",
        "series": typed["series"] if Series.objects.filter(pk=typed["series"]).exists() else None,
    }
    return describe_dataset(id=row.pk if row else _free_id(typed["title"]), actor=actor, fields=said)


def _free_id(title: str) -> str:
    """The address of a new dataset: its title, and a number when that is taken."""
    base = re.sub(r"[^a-z0-9]+", "-", plain(title)).strip("-")[:80].strip("-") or "jeu"
    id, number = base, 1
    while Dataset.objects.filter(pk=id).exists() or id == "nouveau":
        number += 1
        id = f"{base}-{number}"
    return id


def _typed_of(row: Dataset | None) -> dict[str, str]:
    if row is None:
        return {"licence": DEFAULT_LICENCE, "access": Access.PUBLIC}
    return {
        "title": row.title.get("fr", ""),
        "description": row.description.get("fr", ""),
        "licence": row.licence,
        "frequency": row.frequency,
        "access": row.access,
        "keywords": ", ".join(row.keywords),
        "themes": ",".join(row.themes),
        "coverage": ", ".join(row.coverage),
        "contact_name": row.contact_name,
        "contact_email": row.contact_email,
        "schema": row.schema,
        "hvd": row.hvd,
        "series": row.series_id or "",
    }


def _form(
    request: HttpRequest, row: Dataset | None, typed: Mapping[str, str], *, refusal: BadInput | None = None
) -> HttpResponse:
    context = {
        "dataset": row,
        "typed": typed,
        "refusal": refusal,
        "wrong": {refusal.field or "title": refusal.sentence} if refusal else {},
        "licences": LICENCES.values(),
        "frequencies": FREQUENCIES.values(),
        "themes": THEMES.values(),
        "high_value": HVD.values(),
        "series": Series.objects.order_by("id"),
        "chosen": typed.get("themes", "").split(","),
        "schemas": _schemas(typed.get("schema", "")),
        "accesses": (
            (Access.PUBLIC, _("À tout le monde")),
            (Access.RESTRICTED, _("Description ouverte, lignes réservées à qui a un contrat")),
            (Access.PRIVATE, _("À votre organisme seulement, et à qui a un contrat")),
        ),
    }
    source = "" if row else _source(request)
    title = _("Décrire le jeu de données") if row else _("Nouveau jeu de données")
    title = _("Nouveau jeu de données, fait de « %s »") % source if source else title
    return _shown(request, "describe", context, title=title, status=refusal.status if refusal else 200)


def _schemas(named: str) -> list[tuple[str, str]]:
    """Those at hand; the one that is named stays as it is written, be it at hand or not."""
    known = [(each.address or each.id, each.title) for each in shelf.shelved()]
    return known if not named or named in dict(known) else [(named, named), *known]


def _said(text: Mapping[str, str]) -> str:
    return text.get("fr") or next(iter(text.values()), "")


def _shown(
    request: HttpRequest, name: str, context: Mapping[str, Any], *, title: str, status: int = 200
) -> HttpResponse:
    return show(
        request, f"data/publishing/{name}.html", context, title=title, status=status, section="agent", here="data"
    )
