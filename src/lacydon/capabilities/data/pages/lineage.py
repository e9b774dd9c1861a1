"""Where the rows of a dataset come from, for everybody; what a derived one is made of, for who publishes it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lacydon.kernel.access import needs, open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.shown import done, show

from ..actions.asking import ask_sql
from ..actions.opening import open_table
from ..actions.recipes import recompute, write_recipe
from ..models import Recipe
from ..queries import datasets, lineage, sandbox
from ..queries.datasets import DatasetView, VersionView
from ..queries.lake import Limits

SHOWN = Limits(seconds=5.0, rows=10)


@open_to_all
@require_safe
def origin(request: HttpRequest, id: str) -> HttpResponse:
    """Parameter: `version`, the current one when absent."""
    dataset, version = _asked(request, id)
    open_table(dataset, version, actor=request.actor)  # type: ignore[attr-defined]
    known = {each.id: each for each in datasets.datasets(actor=request.actor)}  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "dataset": dataset,
        "version": version,
        "versions": datasets.versions(dataset),
        "sources": [{**each, "seen": known.get(each["dataset"])} for each in version.made_of],
        "again": _again(version),
        "derived": [known[each] for each in lineage.derived_from(dataset.id) if each in known],
        "failure": _failure(dataset),
        "counted": dataset.shown or datasets.is_of(request.actor, dataset),  # type: ignore[attr-defined]
        "changed": (version.difference or {}).get("rows"),
    }
    html = page(
        "data/lineage/origin.html",
        context,
        address=request.get_full_path(),
        section="data",
        title=_("D’où viennent ces données ? %s") % said(dataset.title),
    )
    return HttpResponse(html)


def _asked(request: HttpRequest, id: str) -> tuple[DatasetView, VersionView]:
    dataset = datasets.dataset(id, actor=request.actor)  # type: ignore[attr-defined]
    number = request.GET.get("version", "")
    return dataset, datasets.version(dataset, int(number) if number.isdecimal() and len(number) < 9 else None)


def _again(version: VersionView) -> str:
    """The address where anybody makes the same computation: the SQL, over the very versions it was made of."""
    if not version.recipe:
        return ""
    reading = sandbox.read(version.recipe)
    numbers = {each["dataset"]: each["number"] for each in version.made_of}
    return f"{reverse('data-sql')}?{urlencode({'q': reading.pinned(numbers)})}"


def _failure(dataset: DatasetView) -> str:
    recipe = Recipe.objects.filter(dataset=dataset.id).first() if dataset.derived else None
    return recipe.failure if recipe else ""


@needs("dataset.publish")
@require_http_methods(["GET", "HEAD", "POST"])
def recipe(request: HttpRequest, id: str) -> HttpResponse:
    """Write what a dataset is made of: tried before it is kept."""
    actor = request.actor  # type: ignore[attr-defined]
    dataset = datasets.dataset(id, actor=actor)
    kept = Recipe.objects.filter(dataset=id).first()
    sql = request.POST.get("sql", request.GET.get("sql", kept.sql if kept else "")).strip()
    context: dict[str, Any] = {"dataset": dataset, "sql": sql, "kept": kept}
    if sql and request.method == "POST" and "keep" in request.POST:
        try:
            made = write_recipe(dataset=id, sql=sql, actor=actor)
        except Refused as refusal:
            context["refusal"] = refusal.sentence
        else:
            sentence = _("La recette est gardée ; la version %(number)d a %(rows)d lignes.")
            return done(request, sentence % {"number": made.number, "rows": made.rows}, "data-recipe", id=id)
    elif sql:
        try:
            found = ask_sql(sql, actor=actor, limits=SHOWN)
        except Refused as refusal:
            context["refusal"] = refusal.sentence
        else:
            context |= {"columns": [name for name, _kind in found.columns], "rows": found.rows}
    title = _("Recette : %s") % said(dataset.title)
    status = 400 if "refusal" in context else 200
    return show(request, "data/lineage/recipe.html", context, title=title, here="data", status=status)


@needs("dataset.publish")
@require_http_methods(["POST"])
def check(request: HttpRequest, id: str) -> HttpResponse:
    """Make a derived version once more and compare."""
    dataset, version = _asked(request, id)
    found = recompute(version)
    if found.intact and found.same:
        sentence = _("Version %d recalculée : les mêmes lignes, et le fichier est celui que dit le journal.")
        return done(request, sentence % version.number, "data-recipe", id=id)
    sentence = _("Version %(number)d recalculée : %(missing)d lignes manquent, %(surplus)d sont en trop. %(file)s")
    file = "" if found.intact else _("Le fichier n’est plus celui que dit le journal.")
    facts = {"number": version.number, "missing": found.missing, "surplus": found.surplus, "file": file}
    return done(request, sentence % facts, "data-recipe", id=dataset.id)


urlpatterns = [
    path("donnees/<slug:id>/origine", origin, name="data-origin"),
    path("donnees/<slug:id>/recette", recipe, name="data-recipe"),
    path("donnees/<slug:id>/recette/verifier", check, name="data-recompute"),
]
