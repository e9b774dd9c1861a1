"""A few objects of an agenda, in the small territory, written through the door."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from lacydon.capabilities.agenda.public import Wanted, write
from lacydon.capabilities.agenda.queries.nouns import SHAPES, Object
from lacydon.kernel.access import MACHINE, Actor

OWNER, TOWN = "metropole-rade-bleue", "97001"


def made(kind: str, /, **said: Any) -> Object:
    return SHAPES[kind].model_validate({"title": {"fr": "Un titre"}, **said})


def action(id: str = "portail", **said: Any) -> Object:
    base = {
        "title": {"fr": f"Action {id}"}, "agenda": "numerique", "code": f"A-{id}", "axes": [{"axis": "services"}],
        "policies": [{"policy": "usagers"}], "levers": ["donnee"], "plans": ["climat"],
        "problem": {"fr": "Un problème."}, "description": {"fr": "Une description."}, "status": "en-cours",
        "planned": {"start": date(2020, 1, 1), "end": date(2026, 12, 31)}, "actual": {"start": date(2020, 1, 1)},
        "decided_by": "vote", "owner": OWNER,
    }  # fmt: skip
    return made("action", id=id, **(base | said))


def milestone(id: str, baseline: date, **said: Any) -> dict[str, Any]:
    return {"id": id, "title": {"fr": f"Promesse {id}"}, "baseline": baseline, **said}


def budget(id: str = "credits", of: str = "portail", **said: Any) -> Object:
    given = {"kind": "AP", "code": "AP-1", "voted": 1000, "act": "vote"}
    base = {
        "action": of, "policy": "usagers", "section": "investissement", "nature": "2051", "authorisation": given,
        "years": [{"year": 2026, "voted": 600, "engaged": 500, "paid": 400, "as_of": date(2026, 2, 28)}],
        "funding": [{"funder": "Etat", "asked": 100, "granted": 80, "received": 40}],
    }  # fmt: skip
    return made("budget", id=id, **(base | said))


def plan() -> list[Object]:
    """An agenda of one axis, one lever, one policy, one linked plan, and the acts behind."""
    return [
        made("act", id="vote", number="1/19/CM", date=date(2019, 12, 19), body="Conseil", title={"fr": "Le vote"}),
        made("act", id="revision", number="2/24/CM", date=date(2024, 6, 27), body="Conseil", title={"fr": "La révision"}),
        made(
            "agenda", id="numerique", description={"fr": "…"}, vision={"fr": "Plus simple."}, siren="200054807",
            period={}, adopted_by="vote", title={"fr": "Agenda d’essai"},
        ),
        made("axis", id="services", agenda="numerique", order=1, ambition={"fr": "…"}, title={"fr": "Les services"}),
        made("lever", id="donnee", agenda="numerique", order=1, kind="donnees", description={"fr": "…"}),
        made("policy", id="usagers", title={"fr": "Relation aux usagers"}),
        made("plan", id="climat", description={"fr": "…"}, title={"fr": "Plan climat"}),
    ]  # fmt: skip


def written(*objects: Object, reason: str = "essai", actor: Actor = MACHINE, act: str = "") -> int:
    kinds = {shape: kind for kind, shape in SHAPES.items()}
    wanted = [Wanted(kind=kinds[type(each)], id=each.id, object=each) for each in objects]
    return write(wanted=wanted, actor=actor, reason=reason, act=act)


def gone(*ids: str, kind: str = "action") -> int:
    wanted: Iterable[Wanted] = [Wanted(kind=kind, id=each, object=None) for each in ids]
    return write(wanted=wanted, actor=MACHINE, reason="retirée")
