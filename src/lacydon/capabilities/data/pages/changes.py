"""What changed from one version to the next: the rows themselves."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..actions.opening import open_table
from ..errors import TooMuch
from ..queries import datasets
from ..queries.changes import MOST, Changes, changes
from ..queries.columns import Column
from ..queries.drawing.values import shown

WIDE = 12
"""Columns of a row that are shown."""
LONGEST = 60


@open_to_all
@require_safe
def between(request: HttpRequest, id: str, number: int) -> HttpResponse:
    """`/donnees/<id>/versions/<number>`: beside the version before, the last one whose rows are kept."""
    actor = request.actor  # type: ignore[attr-defined]
    dataset = datasets.dataset(id, actor=actor)
    version = datasets.version(dataset, number)
    new = open_table(dataset, version, actor=actor)
    older = [each for each in datasets.versions(dataset) if each.number < number and not each.removed]
    before = max(older, key=lambda each: each.number, default=None)
    trouble, found = "", Changes()
    if before is not None:
        try:
            found = changes(old=open_table(dataset, before, actor=actor), new=new)
        except TooMuch as refusal:
            trouble = refusal.sentence
    context: dict[str, Any] = {
        "dataset": dataset,
        "version": version,
        "before": before,
        "found": found,
        "counted": (version.difference or {}).get("rows") if before and before.number == number - 1 else None,
        "columns": found.columns[:WIDE],
        "narrow": len(found.columns) > WIDE,
        "corrected": [(_shown(found.by, each.named), _cells(each.cells)) for each in found.corrected if found.by],
        "sorts": (
            (_("Lignes ajoutées"), [_row(found.columns, row) for row in found.added]),
            (_("Lignes retirées"), [_row(found.columns, row) for row in found.removed]),
        ),
        "most": MOST,
        "trouble": trouble,
    }
    html = page(
        "data/lineage/changes.html",
        context,
        address=request.get_full_path(),
        section="data",
        title=_("Ce qui a changé : %s") % said(dataset.title),
    )
    return HttpResponse(html)


def _row(columns: tuple[Column, ...], row: tuple[Any, ...]) -> list[str]:
    return [_shown(column, cell) for column, cell in zip(columns[:WIDE], row, strict=False)]


def _cells(cells: tuple[tuple[Column, Any, Any], ...]) -> list[tuple[str, str, str]]:
    return [(column.label, _shown(column, was), _shown(column, now)) for column, was, now in cells]


def _shown(column: Column | None, value: Any) -> str:
    return shown(column, value, longest=LONGEST) if column else ""


urlpatterns = [
    path("donnees/<slug:id>/versions/<int:number>", between, name="data-changes"),
]
