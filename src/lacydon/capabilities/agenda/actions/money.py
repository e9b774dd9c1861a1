"""Loading the money: a file is taken whole, or refused line by line and nothing changes."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import Actor
from lacydon.kernel.clock import now, today
from lacydon.kernel.errors import BadInput

from ..errors import RefusedLines
from ..models import Annex
from ..queries.chart import Chart, chart
from ..queries.money.annexed import AnnexRead, read_annex
from ..queries.money.scdl import Read, read_budget, read_grants
from ..queries.money.sheets import Refusal
from ..queries.nouns import LegalAct
from ..queries.plan.words import FUNDERS
from .writing import Wanted, surroundings, write


def load_budget(
    *, content: bytes, name: str, actor: Actor, as_of: date | None = None, source: str = "", dry: bool = False
) -> Read:
    """Take the credits of a SCDL budget file. `source`: the dataset and version it is, else its name; `dry`: only look.

    Raises RefusedLines, ChangedMeanwhile. The caller has checked that the actor may.
    """
    stands = chart()
    found = read_budget(
        content, chart=stands, around=surroundings(), as_of=as_of or today(), source=(source or name)[:200]
    )
    return _taken(found, stands, actor=actor, reason=_("Budget au format SCDL : %s") % name, dry=dry)


def load_grants(*, content: bytes, name: str, funder: str, actor: Actor, dry: bool = False) -> Read:
    """Take the grants of a SCDL file of one funder, a key of FUNDERS.

    Raises BadInput, RefusedLines, ChangedMeanwhile.
    """
    if funder not in FUNDERS:
        raise BadInput(_("Le financeur est l’un de : %s.") % ", ".join(FUNDERS), field="funder")
    stands = chart()
    found = read_grants(content, chart=stands, around=surroundings(), funder=funder)
    return _taken(found, stands, actor=actor, reason=_("Subventions au format SCDL : %s") % name, dry=dry)


def annex(*, act: str, content: bytes, name: str, actor: Actor) -> Annex:
    """Keep the document annexed to a vote: the agenda is compared with it. Raises RefusedLines, UnknownObject."""
    stands = chart()
    stands.one(LegalAct, act)
    found = read_annex(content, chart=stands)
    _refuse(found.refusals)
    return keep_annex(act=act, name=name, read=found, actor=actor)


def keep_annex(*, act: str, name: str, read: AnnexRead, actor: Actor, from_folder: bool = False) -> Annex:
    """One of an act takes the place of the one before; the same again changes nothing."""
    lines = [{"policy": policy, "code": code, "amount": f"{amount:.2f}"} for policy, code, amount in read.lines]
    with transaction.atomic():
        held = Annex.objects.select_for_update().filter(act=act).first()
        if held is not None and held.content == read.content and held.lines == lines:
            return held
        entry = record(actor=actor, action="agenda.annex", purpose="agenda", object=f"act:{act}", basis=read.content)
        made, _new = Annex.objects.update_or_create(
            act=act,
            defaults={
                "name": name[:200], "content": read.content, "lines": lines, "at": now(), "entry": entry.pk,
                "from_folder": from_folder,
            },
        )  # fmt: skip
    return made


def _taken(found: Read, stands: Chart, *, actor: Actor, reason: str, dry: bool) -> Read:
    _refuse(found.refusals)
    if not dry:
        write(
            wanted=[
                Wanted(kind="budget", id=each.id, object=each, number=stands.numbers["budget", each.id])
                for each in found.budgets
            ],
            actor=actor,
            reason=reason[:500],
        )
    return found


def _refuse(refusals: Iterable[Refusal]) -> None:
    wrong = tuple(refusals)
    if wrong:
        many = len(wrong)
        sentence = ngettext(
            "Rien n’a été chargé : une ligne est à corriger.", "Rien n’a été chargé : %d points sont à corriger.", many
        )
        raise RefusedLines(sentence % many if many > 1 else sentence, lines=wrong)
