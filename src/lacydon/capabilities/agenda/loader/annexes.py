"""The documents annexed to votes, as the folder has them: agenda/annexes.yaml.

    - act: budget-2026
      name: "Annexe au budget primitif"
      lines:
        - {policy: mobilite, code: "AP-NUM-001", amount: 400000}

One whose act was sent by an agent since stays as they sent it.
"""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import orjson
from django.utils.translation import gettext as _

from lacydon.kernel.access import MACHINE
from lacydon.kernel.folder import Folder
from lacydon.kernel.texts import Line, Written

from ..actions.money import keep_annex
from ..models import Annex
from ..queries.money.annexed import AnnexRead
from ..queries.nouns.objects import Euros, Id

FILE = "agenda/annexes.yaml"


class AnnexLine(Written):
    policy: Id
    code: Line
    amount: Euros


class AnnexWritten(Written):
    act: Id
    name: Line
    lines: tuple[AnnexLine, ...]


class AnnexesReader:
    """Offered to the kernel at `folder_readers`."""

    def read(self, *, folder: Folder, earlier: Mapping[str, Any]) -> list[AnnexWritten]:
        found: list[AnnexWritten] = []
        objects = earlier.get("agenda", {})
        for name in folder.names(FILE):
            written: list[AnnexWritten] | None
            written, document = folder.read(name, list[AnnexWritten])
            rows: list[AnnexWritten] = written or []
            for position, each in enumerate(rows):
                assert document is not None
                if ("act", each.act) not in objects:
                    folder.fault(
                        file=name, line=document.line(position, "act"), found=f"« {each.act} »",
                        expected=_("un acte du dossier"),
                    )  # fmt: skip
                for n, line in enumerate(each.lines):
                    if ("policy", line.policy) not in objects:
                        folder.fault(
                            file=name, line=document.line(position, "lines", n, "policy"), found=f"« {line.policy} »",
                            expected=_("une politique publique du dossier"),
                        )  # fmt: skip
                found.append(each)
        return found

    def load(self, read: list[AnnexWritten]) -> dict[str, int]:
        changed = 0
        sent = set(Annex.objects.filter(from_folder=False).values_list("act", flat=True))
        ours = dict(Annex.objects.filter(from_folder=True).values_list("act", "content"))
        for each in read:
            if each.act in sent:
                continue
            content = hashlib.sha256(
                orjson.dumps(each.model_dump(mode="json"), option=orjson.OPT_SORT_KEYS)
            ).hexdigest()
            lines = tuple((line.policy, line.code, Decimal(line.amount)) for line in each.lines)
            changed += ours.pop(each.act, "") != content
            keep_annex(act=each.act, name=each.name, read=AnnexRead(content, lines), actor=MACHINE, from_folder=True)
        changed += Annex.objects.filter(from_folder=True, act__in=list(ours)).delete()[0]
        return {"agenda_annexes": changed}
