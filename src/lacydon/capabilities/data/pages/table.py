"""The rows of a dataset as a table: searched, filtered, sorted, paged; and one row alone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from sqlglot import exp

from lacydon.kernel.access import open_to_all
from lacydon.kernel.errors import NotFound
from lacydon.kernel.ui.charts import printed

from ..errors import TooMuch, WrongQuestion
from ..queries import lake
from ..queries.columns import LAT, LON, ROW, Column
from ..queries.drawing import profiles
from ..queries.drawing.asked import SIZES, Asked
from ..queries.drawing.values import LONGEST, shown, written
from ..queries.logical import Question, col, value
from . import looking
from .looking import Looked

SHORT = 16
"""Signs of a text that stays on one line."""
WIDE = 8
"""Columns shown of a table that has more, until all of them (`large=oui`) or some of them are asked for."""
AROUND = 0.02
"""Degrees of longitude on each side of a row seen on the map."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, where it leads, how it looks (a number, a text that may be long)."""

    text: str
    href: str = ""
    look: str = ""
    label: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: where its sorting link leads, how it is sorted now."""

    column: Column
    href: str
    sort: str
    number: bool


@open_to_all
@require_safe
def table(request: HttpRequest, id: str) -> HttpResponse:
    """`/donnees/<id>/table?…`: see queries/drawing/asked.py for what the address may say."""
    held = looking.looked(request, id, kind="table")
    if not held.trouble and {"colonne", "valeur", "operation"} & set(request.GET):
        return HttpResponseRedirect(looking.address(held, kind="table", asked=held.asked))
    settings = "reglages" in request.GET or bool(held.trouble)
    try:
        context = of_page(held, settings=settings)
    except (TooMuch, WrongQuestion) as error:
        held = looking.wrong(held, error)
        context = of_page(held, settings=True)
    return looking.show(request, "data/looking/table.html", context, held=held, title=_("le tableau"))


def of_page(held: Looked, *, here: str = "", settings: bool = False) -> dict[str, Any]:
    """What the template of the table says. `here`: the address its links stay on; `settings`: with what changes it."""
    asked = held.asked
    seen = _seen(asked)
    count = profiles.count(asked)
    last = max(1, -(-count // asked.size))
    if asked.page > last:
        raise WrongQuestion(_("Il n’y a que %d pages.") % last)
    answer = lake.answer(held.table, _with_places(asked, seen))
    own = here or reverse("data-table", kwargs={"id": held.dataset.id})
    return {
        "count": count,
        "counted": _counted(count, held),
        "heads": list(_heads(asked, seen, own)),
        "rows": [_row(held, seen, row) for row in answer.rows],
        "narrow": _narrow(asked, seen),
        "larger": own + asked.saying(large="oui").query,
        "first": _("les %d premières sont ici") % asked.size if last > 1 else "",
        "page": asked.page,
        "last": last,
        "page_of": _("Page %(page)s sur %(last)s") % {"page": printed(asked.page), "last": printed(last)},
        "before": own + asked.but(page=asked.page - 1).query if asked.page > 1 else "",
        "after": own + asked.but(page=asked.page + 1).query if asked.page < last else "",
        "settings": settings,
        "set": own + (asked.query + "&" if asked.query else "?") + "reglages=oui#reglages",
        "facets": list(_facets(asked)) if settings else [],
        "shown": {each.name for each in seen},
        "columns": held.table.columns[: looking.CHOICES],
        "many": len(held.table.columns) > looking.CHOICES,
        "sizes": SIZES,
        "kept": _kept(asked, settings=settings),
    }


def _seen(asked: Asked) -> tuple[Column, ...]:
    """The columns on the page: those chosen, else the first ones of a wide table."""
    return asked.columns or (asked.shown if asked.told("large") else asked.shown[:WIDE])


def _narrow(asked: Asked, seen: tuple[Column, ...]) -> str:
    """« Les 8 premières colonnes sur 14 », when it is so."""
    if asked.columns or len(seen) == len(asked.shown):
        return ""
    return _("Les %(some)d premières colonnes sur %(all)d.") % {"some": len(seen), "all": len(asked.shown)}


def _counted(count: int, held: Looked) -> str:
    if count == held.table.rows:
        return ngettext("%s ligne", "%s lignes", count) % printed(count)
    facts = {"count": printed(count), "all": printed(held.table.rows)}
    return ngettext("%(count)s ligne sur %(all)s", "%(count)s lignes sur %(all)s", count) % facts


def _with_places(asked: Asked, seen: tuple[Column, ...]) -> Question:
    """The rows with their place in the file, which is their address; positions as numbers."""
    columns: list[exp.Expr] = []
    for each in seen:
        columns += [col(LON), col(LAT)] if each.placed else [col(each.name)]
    return replace(asked.rows, columns=(*columns, col(ROW)))


def _row(held: Looked, seen: tuple[Column, ...], row: tuple[Any, ...]) -> tuple[int, str, list[Cell]]:
    place, cells = row[-1], list(cells_of(seen, row, longest=LONGEST))
    version = f"?version={held.asked.version}" if held.asked.version else ""
    return place, reverse("data-row", kwargs={"id": held.dataset.id, "row": place}) + version, cells


def cells_of(columns: tuple[Column, ...], row: tuple[Any, ...], *, longest: int) -> Iterator[Cell]:
    """The cells of a row; a position takes two values."""
    at = 0
    for column in columns:
        if column.placed:
            lon, lat = row[at : at + 2]
            at += 2
            text = "–" if lon is None else f"{lat:.5f} {lon:.5f}".replace(".", ",")
            yield Cell(text, label=column.label, description=column.description)
            continue
        found, at = row[at], at + 1
        said = shown(column, found, longest=longest)
        look = "n" if column.numeric else "t" if len(said) > SHORT else ""
        yield Cell(said, _leads(column, found), look, column.label, column.description)


def _leads(column: Column, found: Any) -> str:
    """Where a cell leads: only to the web or to a mailbox."""
    if not isinstance(found, str) or len(found) > 2000:
        return ""
    if found.startswith(("http://", "https://")) and not any(sign.isspace() for sign in found):
        return found
    if column.kind == "email" and found.count("@") == 1 and not set(found) & set(" ?&,;"):
        return f"mailto:{quote(found, safe='@.+-_')}"
    return ""


def _heads(asked: Asked, seen: tuple[Column, ...], own: str) -> Iterator[Head]:
    """Pressed once, a head sorts from the first; again, from the last; a third time, not at all."""
    now = {column.name: falling for column, falling in asked.order}
    for column in seen:
        if column.placed:
            yield Head(column, "", "", False)
            continue
        falling = now.get(column.name)
        order = ((column, False),) if falling is None else ((column, True),) if not falling else ()
        sort = "" if falling is None else "descending" if falling else "ascending"
        yield Head(column, own + asked.but(order=order).query, sort, column.numeric)


def _facets(asked: Asked) -> Iterator[tuple[Column, list[tuple[str, str, str, bool]]]]:
    """Columns of few values: for each value what the address says, how it is read, its rows, whether it is chosen."""
    for column, values in profiles.facets(asked):
        chosen = {
            text for each in asked.filters if each.column == column and each.operation == "est" for text in each.values
        }
        known = {written(found) for found, _rows in values}
        offered = [
            (written(f), shown(column, f, longest=40), printed(rows), written(f) in chosen) for f, rows in values
        ]
        offered += [(text, shown(column, text, longest=40), "", True) for text in sorted(chosen - known)]
        yield column, offered


def _kept(asked: Asked, *, settings: bool) -> list[tuple[str, str]]:
    """What the form carries along unseen: all but what its own fields say."""
    own = {"q", "page"}
    if settings:
        own |= {"colonnes", "taille", "version", "large"}
        own |= {f"{column.name}.est" for column, _values in profiles.facets(asked)}
    return [(name, text) for name, text in asked.pairs if name not in own]


@open_to_all
@require_safe
def row(request: HttpRequest, id: str, row: int) -> HttpResponse:
    """`/donnees/<id>/lignes/<n>`: all the cells of one row, whole."""
    held = looking.looked(request, id, kind="table")
    columns: list[exp.Expr] = []
    for each in held.table.columns:
        columns += [col(LON), col(LAT)] if each.placed else [col(each.name)]
    one = Question(columns=tuple(columns), where=exp.EQ(this=col(ROW), expression=value(row)), limit=1)
    found = lake.answer(held.table, one).rows
    if not found:
        raise NotFound(_("Ce jeu de données n’a pas de ligne %d.") % row)
    context = {
        "row": row,
        "cells": list(cells_of(held.table.columns, found[0], longest=100_000)),
        "back": looking.address(held, kind="table", asked=held.asked),
        "near": _near(held, row),
    }
    return looking.show(request, "data/looking/row.html", context, held=held, title=_("ligne %d") % row)


def _near(held: Looked, row: int) -> str:
    """The address of the map around it; empty when it is nowhere."""
    if held.table.place is None:
        return ""
    one = Question(columns=(col(LON), col(LAT)), where=exp.EQ(this=col(ROW), expression=value(row)), limit=1)
    ((lon, lat),) = lake.answer(held.table, one).rows
    if lon is None:
        return ""
    frame = (lon - AROUND, lat - AROUND / 2, lon + AROUND, lat + AROUND / 2)
    return looking.address(held, kind="map", asked=Asked(table=held.table, frame=frame, version=held.asked.version))


urlpatterns = [
    path("donnees/<slug:id>/table", table, name="data-table"),
    path("donnees/<slug:id>/lignes/<int:row>", row, name="data-row"),
]
