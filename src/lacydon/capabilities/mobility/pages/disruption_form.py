"""The form of a disruption as it is typed: nothing is lost from one press of a button to the next, without script."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from lacydon.kernel.clock import LOCAL, now
from lacydon.kernel.texts import said

from ..actions.disruptions.content import Content, concerned, faults
from ..errors import NoTimetable
from ..models import Concerned
from ..queries.disruptions.patterns import PATTERNS, filled
from ..queries.disruptions.views import About, DisruptionView, periods_of
from ..queries.live.alerts import Cause, Effect, Severity
from ..queries.stops import lines_named, stops_named
from ..queries.timetable import Timetable, timetable

TEXTS = ("title_fr", "text_fr", "title_en", "text_en", "url", "roadworks", "roadworks_url")
MOST_ROWS = 40
FORMAT = "%Y-%m-%dT%H:%M"


@dataclass(frozen=True, slots=True)
class Choice:
    """A line or a place in the form: its id, its words, whether it is chosen."""

    id: str
    name: str
    note: str
    chosen: bool


class Typed:
    """What is in the form, and what it becomes."""

    def __init__(self, values: Mapping[str, str], many: Mapping[str, list[str]]) -> None:
        self.values = dict(values)
        self.lines, self.places = many.get("line", []), many.get("place", [])
        self.networks = many.get("network", [])
        self.rows = max(1, min(MOST_ROWS, _whole(values.get("rows", "1"))))
        self.wrong: list[tuple[str, str]] = []
        self.found_lines: list[Choice] = []
        self.found_places: list[Choice] = []

    @classmethod
    def posted(cls, form: QueryDict) -> "Typed":
        values = {name: str(form.get(name, ""))[:5_000] for name in form}
        return cls(values, {name: form.getlist(name)[:400] for name in ("line", "place", "network")})

    @classmethod
    def of(cls, view: DisruptionView) -> "Typed":
        values = {
            "title_fr": view.title.get("fr", ""), "title_en": view.title.get("en", ""),
            "text_fr": view.text.get("fr", ""), "text_en": view.text.get("en", ""),
            "cause": view.cause, "effect": view.effect, "severity": view.severity,
            "planned": "1" if view.planned else "", "url": view.url, "roadworks": view.roadworks,
            "roadworks_url": view.roadworks_url, "rows": str(len(view.periods) or 1),
            "shown": "later" if view.shown_from else "now", "shown_from": _local(view.shown_from),
        }  # fmt: skip
        for n, each in enumerate(view.periods, 1):
            values |= {f"begin_{n}": _local(each.begin), f"end_{n}": _local(each.end)}
        many = {
            "line": [each.ref for each in view.routes],
            "place": [each.ref for each in view.places],
            "network": [each.ref for each in view.agencies],
        }
        return cls(values, many)

    @classmethod
    def fresh(cls) -> "Typed":
        begin = now().astimezone(LOCAL).replace(second=0, microsecond=0)
        return cls({"begin_1": begin.strftime(FORMAT), "severity": Severity.WARNING, "shown": "now"}, {})

    def content(self) -> Content:
        """What it says; `wrong` then holds what could not be read, and what is missing to publish."""
        self.wrong = []
        periods = []
        for n in range(1, self.rows + 1):
            begin, end = self._moment(f"begin_{n}"), self._moment(f"end_{n}")
            if begin is not None or end is not None:
                periods.append((begin, end))
        later = self.values.get("shown") == "later"
        shown_from = self._moment("shown_from") if later else None
        if later and shown_from is None and not self.wrong:
            self.wrong.append(("shown_from", _("Dites quand la montrer, ou choisissez tout de suite.")))
        content = Content(
            title=self._texts("title"),
            text=self._texts("text"),
            cause=_known(Cause, self.values.get("cause", "")),
            effect=_known(Effect, self.values.get("effect", "")),
            severity=_known(Severity, self.values.get("severity", "")),
            planned=bool(self.values.get("planned")),
            periods=tuple(periods),
            shown_from=shown_from,
            url=self.values.get("url", "").strip()[:1000],
            roadworks=self.values.get("roadworks", "").strip()[:300],
            roadworks_url=self.values.get("roadworks_url", "").strip()[:1000],
            routes=tuple(dict.fromkeys(self.lines)),
            places=tuple(dict.fromkeys(self.places)),
            agencies=tuple(dict.fromkeys(self.networks)),
        )
        self.wrong += [each for each in faults(content) if each[0] not in {field for field, _said in self.wrong}]
        return content

    def search(self) -> None:
        """Look for the lines and the stops that were typed."""
        try:
            table = timetable()
        except NoTimetable:
            return
        if self.values.get("find_line", "").strip():
            found = lines_named(self.values["find_line"], 12)
            self.found_lines = [_line(table, n) for n in found if table.routes[n].id not in self.lines]
        if self.values.get("find_place", "").strip():
            self.found_places = [
                Choice(each.id, each.name, each.commune, False)
                for each in stops_named(self.values["find_place"], 12)
                if each.id not in self.places
            ]

    def fill(self) -> None:
        """Write the title that a pattern proposes, in both languages, with its effect and severity."""
        pattern = self.values.get("pattern", "")
        if pattern not in PATTERNS:
            return
        written = filled(
            pattern, lines=[each.name for each in self.chosen_lines], stops=[each.name for each in self.chosen_places]
        )
        self.values |= {f"title_{lang}": text for lang, text in written.items()}
        _label, effect, severity = PATTERNS[pattern]
        self.values |= {"effect": effect, "severity": severity}

    @property
    def chosen_lines(self) -> list[Choice]:
        try:
            table = timetable()
        except NoTimetable:
            return [Choice(id, id, "", True) for id in self.lines]
        return [
            _line(table, table.route_of_id[id], chosen=True) if id in table.route_of_id else Choice(id, id, "", True)
            for id in dict.fromkeys(self.lines)
        ]

    @property
    def chosen_places(self) -> list[Choice]:
        try:
            table = timetable()
        except NoTimetable:
            return [Choice(id, id, "", True) for id in self.places]
        known = table.place_of_id
        return [
            Choice(id, table.places[known[id]].name if id in known else id, "", True)
            for id in dict.fromkeys(self.places)
        ]

    @property
    def all_networks(self) -> list[Choice]:
        try:
            table = timetable()
        except NoTimetable:
            return []
        return [Choice(each.id, each.name, "", each.id in self.networks) for each in table.agencies]

    @property
    def period_rows(self) -> list[dict[str, Any]]:
        return [
            {
                "n": n,
                "begin": self.values.get(f"begin_{n}", ""),
                "end": self.values.get(f"end_{n}", ""),
                "wrong_begin": self.fault_of(f"begin_{n}"),
                "wrong_end": self.fault_of(f"end_{n}"),
            }
            for n in range(1, self.rows + 1)
        ]

    @property
    def faults(self) -> dict[str, str]:
        return dict(reversed(self.wrong))

    def fault_of(self, name: str) -> str:
        return self.faults.get(name, "")

    def _texts(self, name: str) -> dict[str, str]:
        found = {lang: self.values.get(f"{name}_{lang}", "").replace("\r\n", "\n").strip() for lang in ("fr", "en")}
        return {lang: text for lang, text in found.items() if text}

    def _moment(self, name: str) -> int | None:
        typed = self.values.get(name, "").strip()
        if not typed:
            return None
        try:
            return int(datetime.fromisoformat(typed).replace(tzinfo=LOCAL).timestamp())
        except ValueError:
            self.wrong.append((name, _("Écrivez le jour et l’heure comme 2026-03-02T08:00.")))
            return None


def preview(content: Content, id: int = 0) -> DisruptionView:
    """What riders would see."""
    about: dict[str, list[About]] = {}
    for kind, ref, name in concerned(content):
        about.setdefault(kind, []).append(About(ref, name))
    kinds = Concerned.Kind
    return DisruptionView(
        id=id, title=content.title, text=content.text, cause=Cause(content.cause), effect=Effect(content.effect),
        severity=Severity(content.severity), planned=content.planned, state="published",
        periods=periods_of(content.periods), shown_from=None, url=content.url, roadworks=content.roadworks,
        roadworks_url=content.roadworks_url, made_at=now(), changed_at=now(), published_at=now(),
        routes=tuple(about.get(kinds.ROUTE, ())), places=tuple(about.get(kinds.PLACE, ())),
        communes=tuple(about.get(kinds.COMMUNE, ())), agencies=tuple(about.get(kinds.AGENCY, ())),
    )  # fmt: skip


def name_of(view: DisruptionView) -> str:
    """What it is called in a list of agents."""
    return said(view.title) or _("Sans titre")


def _line(table: Timetable, n: int, *, chosen: bool = False) -> Choice:
    line = table.routes[n]
    return Choice(line.id, line.name, line.long_name if line.short_name else "", chosen)


def _known(kind: Any, value: str) -> str:
    return value if value in set(kind) else str(kind.UNKNOWN)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1


def _local(moment: datetime | None) -> str:
    return moment.astimezone(LOCAL).strftime(FORMAT) if moment else ""
