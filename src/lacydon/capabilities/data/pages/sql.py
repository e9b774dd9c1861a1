"""« Interroger en SQL »: a question, its rows, an address to share. A form that is read (GET): nothing changes."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import Refused
from lacydon.kernel.middleware.input import LONGEST_QUESTION
from lacydon.kernel.ui.shell import page

from ..actions.asking import ask_sql
from ..queries import datasets
from ..queries.datasets import DatasetView
from ..queries.sandbox import limits_of_anybody

SHOWN = 500
"""Rows on the page; the rest by the links to the data."""


@open_to_all
@require_safe
def sql(request: HttpRequest) -> HttpResponse:
    """Parameter: `q`, the question."""
    actor = request.actor  # type: ignore[attr-defined]
    asked = request.GET.get("q", "").strip()
    subject = _subject(request)
    limits = limits_of_anybody()
    context: dict[str, Any] = {
        "asked": asked,
        "longest": LONGEST_QUESTION,
        "seconds": round(limits.seconds),
        "most": limits.rows,
        "examples": _examples(subject),
        "subject": subject,
    }
    status = 200
    if asked:
        try:
            found = ask_sql(asked, actor=actor)
        except Refused as refusal:
            context["refusal"], status = refusal.sentence, refusal.status
        else:
            context |= {
                "columns": [(name, kind in ("integer", "number")) for name, kind in found.columns],
                "rows": [[_shown(cell) for cell in row] for row in found.rows[:SHOWN]],
                "found": len(found.rows),
                "truncated": found.truncated,
                "shown": SHOWN if len(found.rows) > SHOWN else 0,
                "data": f"{reverse('api-v1:read_sql')}?{urlencode({'q': asked})}",
            }
    shown = page(
        "data/sql/ask.html",
        context,
        address=request.get_full_path(),
        section="data",
        title=_("Interroger les données en SQL"),
        description=_("Une requête SELECT sur les jeux de données ouverts : filtrer, compter, croiser."),
    )
    return HttpResponse(shown, status=status)


def _subject(request: HttpRequest) -> DatasetView | None:
    """The dataset of `jeu`, or the first that has rows: examples are about it."""
    open_ = [each for each in datasets.datasets() if each.open and each.version]
    named = request.GET.get("jeu", "")
    return next((each for each in open_ if each.id == named), open_[0] if open_ else None)


def _examples(subject: DatasetView | None) -> list[tuple[str, str]]:
    if subject is None or not subject.columns:
        return []
    names = [each.name for each in subject.columns if not each.placed]
    one = names[0] if names else subject.columns[0].name
    of = f'FROM "{subject.id}"'
    return [
        (_("Les premières lignes"), f"SELECT *\n{of}\nLIMIT 20"),
        (_("Combien de lignes"), f"SELECT count(*) AS lignes\n{of}"),
        (
            _("Les valeurs les plus fréquentes"),
            f'SELECT "{one}", count(*) AS lignes\n{of}\nGROUP BY "{one}"\nORDER BY lignes DESC\nLIMIT 20',
        ),
    ]


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return _("oui") if cell else _("non")
    text = str(cell)
    return text if len(text) <= 300 else f"{text[:300]}…"


urlpatterns = [path("donnees/sql", sql, name="data-sql")]
