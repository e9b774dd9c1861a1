"""A small agenda of the small territory, and agents who write it."""

from datetime import date
from typing import Any

from django.test import Client

from lacydon.capabilities.agenda.public import Wanted, write
from lacydon.capabilities.agenda.queries.nouns import SHAPES, Object
from lacydon.capabilities.trust.models import Organisation
from lacydon.kernel.access import MACHINE
from tests.capabilities.trust.people import agent, signed_in, visitor

METROPOLE, TOWN = "metropole-rade-bleue", "commune-97001"


def thing(kind: str, id: str, /, **said: Any) -> Object:
    return SHAPES[kind].model_validate({"id": id, "title": {"fr": f"Titre de {id}"}, **said})


def action(id: str = "portail", /, **said: Any) -> Object:
    base = {
        "agenda": "numerique", "code": "A1", "axes": [{"axis": "services"}], "problem": {"fr": "Un problème."},
        "description": {"fr": "Une action.", "en": "An action."}, "status": "en-cours", "owner": METROPOLE,
        "planned": {"end": date(2027, 1, 1)},
        "milestones": [{"id": "ouverture", "title": {"fr": "Ouverture"}, "baseline": date(2026, 6, 30)}],
        "communes": [{"citycode": "97001", "role": "pilote"}],
    }  # fmt: skip
    return thing("action", id, **(base | said))


def put(*pairs: tuple[str, Object]) -> None:
    wanted = [Wanted(kind=kind, id=each.id, object=each) for kind, each in pairs]
    write(wanted=wanted, actor=MACHINE, reason="essai")


def small_plan() -> None:
    put(
        ("act", thing("act", "vote", number="1/19/CM", date=date(2019, 12, 19), body="Conseil")),
        (
            "agenda",
            thing(
                "agenda", "numerique", description={"fr": "…"}, vision={"fr": "…"}, siren="999999901", period={},
                adopted_by="vote",
            ),
        ),
        ("axis", thing("axis", "services", agenda="numerique", order=1, ambition={"fr": "…"})),
        ("action", action()),
        ("action", action("ecoles", code="A2", owner=TOWN, milestones=[])),
    )  # fmt: skip


def agent_of(organisation: str, *roles: str) -> Client:
    place = Organisation.objects.get(pk=organisation)
    return signed_in(visitor(), agent(organisation=place, roles=roles), organisation=organisation)


def filled(page: Any) -> dict[str, Any]:
    """What the form of a page would send, as a browser fills it (lxml)."""
    form = page.xpath("//form[.//input[@name='_reason']]")[0]
    said: dict[str, Any] = {}
    for each in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name = each.get("name")
        if each.tag == "select":
            chosen = each.xpath("./option[@selected]/@value")
            value = chosen[0] if chosen else (each.xpath("./option/@value") or [""])[0]
        elif each.tag == "textarea":
            value = each.text or ""
        elif each.get("type") in ("checkbox", "radio") and each.get("checked") is None:
            continue
        else:
            value = each.get("value") or ""
        said.setdefault(name, []).append(value)
    said.pop("csrfmiddlewaretoken", None)
    return said
