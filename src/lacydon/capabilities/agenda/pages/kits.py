"""What travels from one commune to another, shown to all: the kits, what they hold, who adopted them and why not."""

import io
import zipfile

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page
from lacydon.kernel.ui.templatetags.ui import at

from ..queries.chart import chart
from ..queries.kits.communes import name_of_commune
from ..queries.kits.preview import version_of
from ..queries.kits.told import STAGES, kits, told
from ..queries.nouns import Experience
from ..queries.plan.twin import twin
from .tabs import tabs


@open_to_all
@require_safe
def all_kits(request: HttpRequest) -> HttpResponse:
    found = [
        (each, [(STAGES[stage], stages[stage]) for stage in reversed(list(STAGES)) if stages[stage]])
        for each, stages in kits()
    ]
    context = {"kits": found, "tabs": tabs("agenda-kits")}
    html = page(
        "agenda/kits/list.html", context, address=request.get_full_path(), section="agenda",
        title=_("Ce qui se réplique"),
        description=_("Ce qui a marché dans une commune, prêt à être adopté par une autre."),
    )  # fmt: skip
    return HttpResponse(html)


@open_to_all
@require_safe
def one_kit(request: HttpRequest, id: str) -> HttpResponse:
    found = told(id)
    title = said(found.kit.title.stored())
    public = twin(chart()).chart
    lessons = [each for id_ in found.kit.experiences if (each := public.get(Experience, id_))]
    context = {
        "told": found, "kit": found.kit, "tabs": tabs("agenda-kits"), "title": title, "lessons": lessons,
        "origin": origin_of(found.versions[0].commune) if found.versions else "",
    }  # fmt: skip
    html = page(
        "agenda/kits/one.html", context, address=request.get_full_path(), section="agenda", title=title,
        description=said(found.kit.description.stored()),
    )  # fmt: skip
    return HttpResponse(html)


def origin_of(citycode: str) -> str:
    """« Fait à … », the commune; empty when it came with the folder of the territory."""
    return _("Fait %(there)s") % {"there": at(name_of_commune(citycode))} if citycode else ""


@open_to_all
@require_safe
def files(_request: HttpRequest, id: str, number: int) -> HttpResponse:
    """The folder of text of one version, to be read, or loaded by another territory."""
    version = version_of(id, number)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in sorted(version.files.items()):
            archive.writestr(zipfile.ZipInfo(f"{id}/{name}", date_time=(2020, 1, 1, 0, 0, 0)), text)
    response = HttpResponse(packed.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{id}-{version.number}.zip"'
    return response


urlpatterns = [
    path("agenda/kits", all_kits, name="agenda-kits"),
    path("agenda/kits/<slug:id>", one_kit, name="agenda-kit"),
    path("agenda/kits/<slug:id>/<int:number>.zip", files, name="agenda-kit-files"),
]
