"""A series of datasets: all of them, the latest first, to be asked together and followed together."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.templatetags import ui

from ..queries.series import SeriesView, question_of_all
from ..queries.series import series as series_of
from . import dataset


@open_to_all
@require_safe
def series(request: HttpRequest, id: str) -> HttpResponse:
    """`/donnees/series/<id>`; programs that prefer linked data are sent to it, as from the page of a dataset."""
    if ending := dataset.ending_asked(request):
        return dataset.see_other(request, f"/donnees/series/{id}.{ending}")
    found = series_of(id, actor=dataset.visitor_of(request))
    publishers = list(dict.fromkeys(said(each.organisation_name) or each.organisation for each in found.datasets))
    context = {
        "series": found,
        "cards": [(each, dataset.facts_of(each), dataset.period_of(each)) for each in found.datasets],
        "latest": next((each for each in found.datasets if each.version), None),
        "tally": _tally(found),
        "publishers": ", ".join(publishers[:3]) + (" …" if len(publishers) > 3 else ""),
        "question": question_of_all(found),
    }
    head = format_html(
        '<link rel="alternate" type="text/turtle" href="/donnees/series/{0}.ttl">'
        '<link rel="alternate" type="application/atom+xml" href="/donnees/series/{0}.atom">',
        found.id,
    )
    html = page(
        "data/catalogue/series.html",
        context,
        address=request.get_full_path(),
        section="data",
        title=_("Série : %s") % said(found.title),
        description=said(found.description)[:300],
        head=head,
    )
    response = HttpResponse(html)
    patch_vary_headers(response, ("Accept",))
    return response


def _tally(found: SeriesView) -> str:
    """How many datasets, and rows in all."""
    many, rows = len(found.datasets), sum(each.version.rows for each in found.datasets if each.version)
    told = ngettext("%d jeu de données", "%d jeux de données", many) % many
    return f"{told} · {ngettext('%s ligne', '%s lignes', rows) % ui.count(rows)}" if rows else told


urlpatterns = [path("donnees/series/<slug:id>", series, name="data-series")]
