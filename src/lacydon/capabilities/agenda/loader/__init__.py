"""The agenda's part of a territory folder: agenda/*.yaml, one list of objects a file, named after their kind.

    agenda/acts.yaml   agenda/agenda.yaml   agenda/axes.yaml   agenda/levers.yaml   agenda/policies.yaml
    agenda/plans.yaml  agenda/actions/*.yaml   agenda/budgets/*.yaml   agenda/indicators.yaml
    agenda/evaluations.yaml   agenda/experiences.yaml   agenda/kits.yaml   agenda/adoptions.yaml
    agenda/profiles.yaml
    agenda/kits/<fragment>/: what a kit carries (see loader/kits)

What the folder no longer says goes, with its history kept; what was written in the platform beside it stays. An object
of the folder that agents changed (or took out) stays as they left it, until the folder itself says something new of it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.folder import Document, Folder

from ..actions.writing import Wanted, write
from ..models import State
from ..queries.chart import Chart
from ..queries.coherence import Surroundings, incoherences
from ..queries.nouns import SHAPES, Object, stored

FILES = {
    "act": "agenda/acts.yaml", "agenda": "agenda/agenda.yaml", "axis": "agenda/axes.yaml",
    "lever": "agenda/levers.yaml", "policy": "agenda/policies.yaml", "plan": "agenda/plans.yaml",
    "action": "agenda/actions/*.yaml", "budget": "agenda/budgets/*.yaml", "indicator": "agenda/indicators.yaml",
    "evaluation": "agenda/evaluations.yaml", "experience": "agenda/experiences.yaml", "kit": "agenda/kits.yaml",
    "adoption": "agenda/adoptions.yaml", "profile": "agenda/profiles.yaml",
}  # fmt: skip
REASON = "dossier du territoire"


class AgendaReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> dict[tuple[str, str], Object]:
        objects: dict[tuple[str, str], Object] = {}
        places: dict[tuple[str, str], tuple[Document, int]] = {}
        for kind, pattern in FILES.items():
            for name in folder.names(pattern):
                found: list[Object] | None
                found, document = folder.read(name, list[SHAPES[kind]])  # type: ignore[valid-type]
                for position, each in enumerate(found or ()):
                    assert document is not None
                    key = (kind, each.id)
                    if key in objects:
                        folder.fault(
                            file=name,
                            line=document.line(position, "id"),
                            found=_("« %s » une seconde fois") % each.id,
                            expected=_("un id nouveau"),
                        )
                    objects[key], places[key] = each, (document, position)
        territory = earlier["territory"]
        around = Surroundings(authorities=frozenset(territory.authorities), citycodes=frozenset(territory.communes))
        for wrong in incoherences(Chart(objects=objects, numbers={}), around):
            document, position = places[wrong.kind, wrong.object]
            folder.fault(
                file=document.name,
                line=document.line(position, *wrong.path),
                found=wrong.found,
                expected=wrong.expected,
            )
        return objects

    def load(self, read: dict[tuple[str, str], Object]) -> dict[str, int]:
        said = _said_before()
        wanted = [
            Wanted(kind=kind, id=id_, object=each)
            for (kind, id_), each in read.items()
            if said.get((kind, id_)) != stored(each)
        ]
        ours = State.objects.filter(last=True, removed=False, reason=REASON).values_list("kind", "object")
        wanted += [Wanted(kind=kind, id=id_, object=None) for kind, id_ in ours if (kind, id_) not in read]
        return {"agenda": write(wanted=wanted, actor=MACHINE, reason=REASON)}


def _said_before() -> dict[tuple[str, str], Any]:
    """What the folder last said of each object; nothing where its last word was that it goes."""
    rows = State.objects.filter(reason=REASON).order_by("pk")
    return {
        (kind, id_): None if removed else content
        for kind, id_, removed, content in rows.values_list("kind", "object", "removed", "content")
    }
