"""What the table, the chart and the map of a dataset share: opening it as the visitor may, and the frame around."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel import site
from lacydon.kernel.errors import Refused
from lacydon.kernel.texts import said
from lacydon.kernel.ui.shell import page

from ..actions.opening import open_table
from ..errors import UnknownColumn, UnknownVersion, WrongQuestion
from ..queries import datasets
from ..queries.datasets import DatasetView, VersionView
from ..queries.drawing import odsql
from ..queries.drawing.asked import OPERATIONS, Asked, Filter, Given, asked_of
from ..queries.drawing.charting import CHART
from ..queries.drawing.mapping import MAP
from ..queries.drawing.values import shown
from ..queries.logical import Table

KINDS: Final = {"table": "data-table", "chart": "data-chart", "map": "data-map"}
"""A way of looking, and the name of its page."""
UNDERSTOOD: Final[Mapping[str, Sequence[str]]] = {"table": ("large",), "chart": CHART, "map": MAP}
TITLES: Final = {"table": _l("Tableau"), "chart": _l("Graphique"), "map": _l("Carte")}
FILES: Final = (
    ("csv", "CSV"), ("xlsx", "XLSX"), ("json", "JSON"), ("jsonl", "NDJSON"), ("geojson", "GeoJSON"),
    ("parquet", "Parquet"),
)  # fmt: skip
UNLISTED = SafeString('<meta name="robots" content="noindex">')
"""One address for engines: any filter is another page of the same rows."""
CHOICES = 40
"""Columns offered in a list; a table may have thousands, of which an address can still name any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A dataset, the version looked at, its table for this visitor, what the address asks; `trouble`: why it cannot."""

    dataset: DatasetView
    version: VersionView
    table: Table
    asked: Asked
    kind: str
    trouble: str = ""

    @property
    def pinned(self) -> bool:
        """Whether it is not the current version that is looked at."""
        return self.dataset.version is None or self.dataset.version.number != self.version.number


def looked(request: HttpRequest, id: str, *, kind: str) -> Looked:
    """Raises UnknownDataset, UnknownVersion, NoAccess; a wrong question is told beside an answer to a plain one."""
    given = dict(request.GET.lists())
    number = "".join(given.get("version", ())[:1])
    if number and not (number.isascii() and number.isdigit() and len(number) < 9):
        raise UnknownVersion(_("Une version est un nombre."))
    return opened(id, given, actor=request.actor, kind=kind, version=int(number) if number else None)  # type: ignore[attr-defined]


def opened(id: str, given: Given, *, actor: Any, kind: str, version: int | None) -> Looked:
    """The same from parameters that were kept."""
    dataset = datasets.dataset(id, actor=actor)
    found = datasets.version(dataset, version)
    table = open_table(dataset, found, actor=actor)
    trouble = ""
    try:
        asked = asked_of(given, table, understood=UNDERSTOOD[kind])
    except (WrongQuestion, UnknownColumn) as error:
        asked, trouble = Asked(table=table, version=version), str(error)
    asked = replace(asked, version=version)
    return Looked(dataset=dataset, version=found, table=table, asked=asked, kind=kind, trouble=trouble)


def wrong(held: Looked, error: Refused) -> Looked:
    """What is told when an answer was refused: the same page, of a plain question."""
    return replace(held, asked=Asked(table=held.table, version=held.asked.version), trouble=str(error))


def show(request: HttpRequest, template: str, context: Mapping[str, Any], *, held: Looked, title: str) -> HttpResponse:
    """One of the three pages in its frame."""
    filled = {**framing(held), **context}
    head = SafeString("").join(
        format_html('<link rel="stylesheet" href="{}">', static(each)) for each in ("ui/charts.css", "data/looking.css")
    )
    html = page(
        template,
        filled,
        address=request.get_full_path(),
        section="data",
        title=f"{said(held.dataset.title)} : {title}",
        description=said(held.dataset.description)[:300],
        # One address for engines: any filter is another page of the same rows.
        head=head
        + (SafeString('<meta name="robots" content="noindex">') if request.GET or not held.dataset.shown else ""),
    )
    return HttpResponse(html, status=400 if held.trouble else 200)


def framing(held: Looked) -> dict[str, Any]:
    """What the three templates say alike."""
    asked = held.asked
    return {
        "held": held,
        "dataset": held.dataset,
        "version": held.version,
        "asked": asked,
        "title": said(held.dataset.title),
        "trouble": held.trouble,
        "tabs": [(TITLES[kind], address(held, kind=kind), kind == held.kind) for kind in _offered(held)],
        "chips": [(_chip(each), f"{_page(held)}{asked.without(each).query}") for each in asked.filters],
        "unfiltered": f"{_page(held)}{asked.but(filters=(), q='', frame=None).query}",
        "operations": [*((name, text) for name, text in OPERATIONS.items()), ("plein", _("n’est pas vide"))],
        "choices": [each for each in held.table.columns if not each.placed][:CHOICES],
        "versions": datasets.versions(held.dataset),
        "files": [
            (name, f"{_export(held)}.{format}{odsql.query(asked)}")
            for format, name in FILES
            if format != "geojson" or held.table.place
        ],
        "api": f"{site.address()}/api/explore/v2.1/catalog/datasets/{held.dataset.id}/records{odsql.query(asked)}",
        "keep": reverse("data-view-keep", kwargs={"id": held.dataset.id, "kind": held.kind}) + asked.query,
    }


def address(held: Looked, *, kind: str, asked: Asked | None = None) -> str:
    """The address of the same rows looked at in another way: what only one way understands is left out."""
    there = asked or held.asked.but(order=(), columns=())
    if asked is None:
        there = replace(there, more=tuple(each for each in there.more if each[0] in UNDERSTOOD[kind]))
    return reverse(KINDS[kind], kwargs={"id": held.dataset.id}) + there.query


def _offered(held: Looked) -> list[str]:
    """A map only of what can be placed."""
    placed = held.table.place or any(each.kind == "citycode" for each in held.table.columns)
    return ["table", "chart", *(["map"] if placed else [])]


def _page(held: Looked) -> str:
    return reverse(KINDS[held.kind], kwargs={"id": held.dataset.id})


def _export(held: Looked) -> str:
    return f"/donnees/{held.dataset.id}/export"


def _chip(each: Filter) -> str:
    """A filter in words."""
    if each.operation == "vide":
        words = _("n’est pas vide") if each.values[0] == "non" else _("est vide")
        return f"{each.column.label} {words}"
    joint = _(" ou ")
    said_values = joint.join(
        shown(each.column, text, longest=40) if each.operation == "est" else text for text in each.values[:4]
    )
    more = "…" if len(each.values) > 4 else ""
    return f"{each.column.label} {OPERATIONS[each.operation]} {said_values}{more}"
