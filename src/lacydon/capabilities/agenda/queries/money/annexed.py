"""The document annexed to a vote, as a table: policy, code of the authorisation, amount voted."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lacydon.kernel.french import plain

from ..chart import Chart
from ..nouns import Policy
from .sheets import SHOWN, Refusal, Unfit, read_sheet

COLUMNS = ("politique", "code", "montant")


@dataclass(frozen=True, slots=True)
class AnnexRead:
    """`lines`: (policy, code, amount), in the order of the document."""

    content: str
    lines: tuple[tuple[str, str, Decimal], ...] = ()
    refusals: tuple[Refusal, ...] = ()


def read_annex(content: bytes, *, chart: Chart) -> AnnexRead:
    """Policies are said by their id or their title; a code is said once."""
    digest = hashlib.sha256(content).hexdigest()
    try:
        sheet = read_sheet(content, needed=COLUMNS, known=COLUMNS)
    except Unfit as unfit:
        return AnnexRead(digest, refusals=(unfit.refusal,))
    policies = {plain(name): each.id for each in chart.all(Policy) for name in (each.id, each.title.fr)}
    lines: list[tuple[str, str, Decimal]] = []
    refusals: list[Refusal] = []
    seen: dict[str, int] = {}
    for row in sheet.rows:
        try:
            policy = policies.get(plain(row.text("politique")))
            if policy is None:
                raise row.unfit("politique", _("une politique publique de l’agenda"))
            code = row.text("code")
            if seen.setdefault(code, row.line) != row.line:
                raise row.unfit("code", _("un code qui n’est pas déjà à la ligne %d") % seen[code])
            amount = row.amount("montant")
            if amount is None:
                raise row.unfit("montant", _("un montant en euros, comme 12500,00"))
            lines.append((policy, code, amount))
        except Unfit as unfit:
            refusals.append(unfit.refusal)
    return AnnexRead(digest, tuple(lines), tuple(refusals[:SHOWN]))
