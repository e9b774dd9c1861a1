"""Adopt a kit and be killed right after one step of it; what stands is told first: run by the test of kits.

`python -m tests.faults.kits STEP`, in the environment of a product with the small territory. STEP: lay, write, or never.
Prints how many layers, adopted forms and adoptions stand before, and after.
"""

import os
import signal
import sys
from typing import Any

import django

FORM = """id: velos-97001
service: pret-de-velos
communes: ["97001"]
title: {fr: "Un vélo"}
pages: [{id: vous, title: {fr: "Vous"}, fields: [{id: jours, type: number, label: {fr: "Jours"}}]}]
"""


def killed_after(module: Any, step: str) -> None:
    done = getattr(module, step)

    def then_killed(**given: Any) -> Any:
        done(**given)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, step, then_killed)


def main(step: str) -> None:
    from lacydon.capabilities.agenda.actions import kits
    from lacydon.capabilities.agenda.models import Applied, KitVersion
    from lacydon.capabilities.agenda.queries.kits.exporting import made
    from lacydon.capabilities.agenda.queries.kits.preview import preview
    from lacydon.capabilities.agenda.queries.nouns import Kit
    from lacydon.capabilities.requests.actions.forms import publish_version, save_draft_version
    from lacydon.capabilities.requests.models import FormVersion
    from lacydon.capabilities.services.models import Layered
    from lacydon.capabilities.trust.models import Membership, Organisation
    from tests.capabilities.trust.people import actor, agent

    def told(when: str) -> None:
        forms = FormVersion.objects.filter(form="velos-97003", state="published").count()
        print(f"{when}: {Layered.objects.count()} {forms} {Applied.objects.count()}")

    def who(code: str) -> Any:
        body = Organisation.objects.get(pk=f"commune-{code}")
        before = Membership.objects.filter(organisation=body).first()
        roles = ("agenda.replicator", "requests.editor")
        return actor(before.person if before else agent(organisation=body, roles=roles), organisation=body.id)

    home, here = who("97001"), who("97003")
    if not KitVersion.objects.exists():
        draft = save_draft_version(actor=home, form="velos-97001", text=FORM)
        publish_version(actor=home, version=draft.pk)
        files = made("97001", ["services:pret-de-velos", "forms:velos-97001"], {}).files
        kit = Kit.model_validate({"id": "velos", "title": {"fr": "Vélos"}, "description": {"fr": "Vélos."}})
        kits.export(actor=home, kit=kit, files=files)
    found = preview(KitVersion.objects.get(), "97003")
    told("before")
    if step != "never":
        killed_after({"lay": kits.services, "write": kits}[step], step)
    kits.adopt(actor=here, version=found.version, taken={each.key for each in found.items}, seen=found.seen)
    told("after")


if __name__ == "__main__":
    django.setup()
    main(sys.argv[1])
