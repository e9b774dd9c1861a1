"""The eight blocks of the screen, in words and drawings; every figure with the address of its evidence."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.territory import public as territory
from lacydon.kernel.ui import maps

from ...queries.dashboards.screen import RED, Learning, Screen, Stuck
from ...queries.dashboards.since import changes
from ...queries.indicators import gauges, series
from ...queries.kits.communes import name_of_commune
from ...queries.money import Group, whole
from ...queries.money.totals import By
from ...queries.nouns import Action
from ...queries.nouns.learning import Recommendation
from ...queries.plan.promises import Quarter
from ...queries.plan.words import PARTICIPATION
from ..indicators.listed import line_of
from ..money.words import key_words, meter, percent
from ..plan.cards import about, kept_words, slip_words, state_of
from ..plan.frame import Asked
from ..plan.moves import move_told
from ..tabs import maybe

AXES, NAMED, CHANGED, OWED = 3, 5, 3, 2
STAGES: Mapping[str, Any] = {
    "interesse": lambda many: ngettext("%d commune intéressée", "%d communes intéressées", many),
    "etude": lambda many: ngettext("%d à l’étude", "%d à l’étude", many),
    "vote": lambda many: ngettext("%d votée", "%d votées", many),
    "deploiement": lambda many: ngettext("%d en déploiement", "%d en déploiement", many),
    "en-service": lambda many: ngettext("%d en service", "%d en service", many),
    "abandonne": lambda many: ngettext("%d abandonnée", "%d abandonnées", many),
}


def link(given: Asked, action: Action) -> str:
    """The page of an action; empty when it is kept inside, as it has none."""
    return given.to("agenda-action", id=action.id) if action.visibility == "public" else ""


def blocks(given: Asked, found: Screen, *, since: date, public: bool) -> dict[str, Any]:
    """Everything the screen shows."""
    return {
        "day": found.day,
        "promises": _promises(given, found),
        "stuck": [stuck_told(given, each) for each in found.stuck],
        "stuck_all": given.to("agenda-actions", {"sante": "rouge"}),
        "asked_later": _decisions(given, found),
        "money": _money(given, found),
        "results": _results(given, found),
        "place": _territory(given, found),
        "people": _people(given, found),
        "learning": _learning(found.learning, found.day),
        "changes": _changes(given, since, public=public),
        "since": since,
    }


def _promises(given: Asked, found: Screen) -> dict[str, Any]:
    tally = found.tally
    return {
        "share": tally.share, "words": kept_words(tally), "slip": slip_words(tally.slip) if tally.slip else "",
        "href": given.to("agenda-promises"), "missed": tally.missed,
        "quarters": [_quarter(each) for each in found.quarters],
        "trend": _trend(found.quarters),
    }  # fmt: skip


def _quarter(each: Quarter) -> dict[str, Any]:
    return {
        "name": _("T%(number)d %(year)d") % {"number": each.number, "year": each.year},
        "kept": each.tally.kept, "due": each.tally.due, "share": each.tally.share,
    }  # fmt: skip


def _trend(found: tuple[Quarter, ...]) -> str:
    """The median delay, from the first of the four quarters that has one to the last."""
    slips = [each.tally.slip for each in found if each.tally.slip is not None]
    if len(slips) < 2:
        return ""
    if slips[-1] == slips[0]:
        return _("Le retard médian ne bouge pas.")
    words = {"before": slip_words(slips[0]), "after": slip_words(slips[-1])}
    if slips[-1] < slips[0]:
        return _("Le retard médian baisse : de %(before)s à %(after)s.") % words
    return _("Le retard médian monte : de %(before)s à %(after)s.") % words


def stuck_told(given: Asked, each: Stuck) -> dict[str, Any]:
    day = given.moment.day
    return {
        "action": each.action, "href": link(given, each.action), "state": state_of(each.action),
        "slip": slip_words(each.slip) if each.slip else "",
        "unspent": about(each.unspent) if each.unspent >= 1000 else "",
        "money": given.to("agenda-money-lines", {"action": each.action.id}),
        "waits": [(one, link(given, one)) for one in each.waits_for],
        "asked": each.asked, "overdue": each.asked is not None and each.asked.by < day,
    }  # fmt: skip


def _decisions(given: Asked, found: Screen) -> list[dict[str, Any]]:
    shown = {(each.action.id, each.asked.title.fr) for each in found.stuck if each.asked}
    others = [(action, one) for action, one in found.decisions if (action.id, one.title.fr) not in shown]
    return [
        {"action": action, "href": link(given, action), "asked": one, "overdue": one.by < found.day}
        for action, one in others[:RED]
    ]


def _money(given: Asked, found: Screen) -> dict[str, Any]:
    chart, all_ = given.moment.chart, whole(given.moment.chart)
    running = found.running
    cuts: tuple[tuple[By, tuple[Group, ...]], ...] = (("axe", found.axes), ("politique", found.policies))
    return {
        "sum": [
            (about(all_.voted), _("votés")), (about(all_.engaged), _("engagés")), (about(all_.paid), _("payés")),
        ],
        "lines": given.to("agenda-money-lines"),
        "bar": meter(all_, name="money"),
        "running": running,
        "paid": about(running.paid) if running else "", "credits": about(running.credits) if running else "",
        "behind": bool(running and running.elapsed - (running.share or 0) > 10),
        "groups": [
            {
                "name": key_words(chart, by, each.key), "voted": about(each.money.voted), "share": each.money.share,
                "href": given.to("agenda-money-lines", {"par": by, "cle": each.key or "-"}),
            }
            for by, cut in cuts
            for each in cut[:AXES]
        ],
        "funding": [
            (about(all_.asked), _("demandés")), (about(all_.granted), _("accordés")),
            (about(all_.received), _("reçus")),
        ] if all_.asked else [],
        "received": percent(all_.received, all_.granted),
        "href": given.to("agenda-money"),
    }  # fmt: skip


def _results(given: Asked, found: Screen) -> dict[str, Any]:
    standing = gauges(found.results, at=given.until)
    courses = series([each.id for each in found.results], at=given.until)
    lines = [line_of(given, standing[each.id], courses.get(each.id, ())) for each in found.results]
    guessed = [line for line in lines if line.gauge.estimate]
    return {"lines": lines, "guessed": guessed, "href": given.to("agenda-indicators")}


def _territory(given: Asked, found: Screen) -> dict[str, Any]:
    seen, all_ = found.overview.communes, territory.communes()
    shapes = territory.shapes()
    without = [each for each in all_ if each.code not in seen]
    most = max((len(each) for each in seen.values()), default=1)
    wide = max(1, -(-most // 3))

    def category(code: str) -> int:
        return min(3, -(-len(seen[code]) // wide)) if code in seen else 0

    def says(code: str, name: str) -> str:
        many = len(seen.get(code, ()))
        words = ngettext("%d action", "%d actions", many) % many if many else _("aucune action à elle")
        return f"{name} : {words}"

    drawing = maps.drawn(
        maps.outline(shapes.by_code),
        areas={
            each.code: maps.Area(
                label=says(each.code, each.name), category=category(each.code),
                href=given.to("agenda-commune", citycode=each.code) if each.code in seen else "",
            )
            for each in all_
        },
        title=_("Où l’agenda agit"),
        description=_("%(here)d communes sur %(all)d ont au moins une action à elles.")
        % {"here": len(all_) - len(without), "all": len(all_)},
        names={each.code: each.name for each in sorted(all_, key=lambda town: -town.population)[:NAMED]},
    )  # fmt: skip
    return {
        "legend": [
            (maps.swatch(place), _between((place - 1) * wide + 1, min(place * wide, most)))
            for place in range(1, 4) if (place - 1) * wide < most
        ] if seen else [],
        "none": maps.swatch(0),
        "map": drawing, "present": len(all_) - len(without), "all": len(all_), "href": given.to("agenda-map"),
        "without": [each.name for each in without],
        "everywhere": len(found.overview.everywhere),
    }  # fmt: skip


def _between(first: int, last: int) -> str:
    if first == last:
        return ngettext("%d action", "%d actions", first) % first
    return _("%(first)d à %(last)d actions") % {"first": first, "last": last}


def _people(given: Asked, found: Screen) -> dict[str, Any]:
    """What the actions say of participation: its level, and what it changed."""
    silent = found.levels.get("", 0)
    overdue = [each for each in found.decisions if each[1].by < found.day]
    return {
        "levels": [(words, found.levels[name]) for name, words in PARTICIPATION.items() if found.levels.get(name)],
        "heard": [
            (each, link(given, each), PARTICIPATION[each.participation.level], each.participation.effect)
            for each in found.heard[:1] if each.participation
        ],
        "heard_all": len(found.heard), "told": sum(found.levels.values()) - silent,
        "silent": silent, "all": sum(found.levels.values()), "href": given.to("agenda-actions"),
        "owed": len(found.decisions), "overdue": len(overdue), "waiting": len(found.learning.waiting),
    }  # fmt: skip


def _learning(found: Learning, day: date) -> dict[str, Any]:
    evaluations = maybe("agenda-evaluations")
    return {
        "published": found.published, "late": found.late, "idle_late": found.idle_late,
        "due": [
            (each, each.due is not None and each.due < day, maybe("agenda-evaluation", id=each.id))
            for each in found.due[:OWED]
        ],
        "idle": [
            (one, one.answer, _is_over(one, day), maybe("agenda-evaluation", id=each.id))
            for each, one in found.idle[:OWED]
        ],
        "idle_all": len(found.idle), "kits": len(found.kits), "kits_href": maybe("agenda-kits"), "href": evaluations,
        "stages": [STAGES[name](many) % many for name, many in found.stages.items() if name in STAGES],
        "abandoned": [(name_of_commune(code), why) for code, why in found.abandoned],
    }  # fmt: skip


def _is_over(asked: Recommendation, day: date) -> bool:
    return bool(asked.answer and asked.answer.due and asked.answer.due < day)


def _changes(given: Asked, since: date, *, public: bool) -> dict[str, Any]:
    found = changes(given.moment.chart, given.moment.day, since, public=public)
    told: dict[str, Any] = {
        "known": found.comparison is not None, "rebuilt": found.rebuilt, "href": given.to("agenda-changes"),
        "kept_all": len(found.kept),
        "kept": [(each.milestone, each.action, link(given, each.action)) for each in found.kept[:CHANGED]],
        "moved": [move_told(given, each) for each in found.moved],
    }  # fmt: skip
    if found.comparison is None:
        return told
    one = found.comparison
    moved = one.now - one.voted
    return told | {
        "added": [(each, link(given, each)) for each in one.added[:CHANGED]], "added_all": len(one.added),
        "removed": len(one.removed),
        "changed": [(each.action, link(given, each.action), len(each.changes)) for each in one.changed[:CHANGED]],
        "changed_all": len(one.changed), "same": one.same,
        "money": f"{'+' if moved > 0 else '−'}\u00a0{about(abs(moved))}" if moved else "",
    }  # fmt: skip


def typed_day(text: str, default: date, today: date) -> tuple[date, str]:
    """The day changes are counted from, and what is wrong with what was typed."""
    if not text:
        return default, ""
    try:
        found = date.fromisoformat(text[:10])
    except ValueError:
        return default, _("« %s » n’est pas une date : écrivez-la comme 2026-06-01.") % text[:20]
    return (min(max(found, date(2000, 1, 1)), today), "")
