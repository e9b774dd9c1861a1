"""Sentences that operators write every day, filled with what was chosen: in both languages, to be mended afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.texts import in_every_language

from ..live.alerts import Effect, Severity

PATTERNS: Mapping[str, tuple[Any, Effect, Severity]] = {
    "arret": (_l("Arrêt non desservi"), Effect.STOP_MOVED, Severity.WARNING),
    "deplace": (_l("Arrêt déplacé"), Effect.STOP_MOVED, Severity.INFO),
    "coupee": (_l("Ligne interrompue entre … et …"), Effect.NO_SERVICE, Severity.SEVERE),
    "retards": (_l("Retards"), Effect.DELAYS, Severity.WARNING),
    "deviee": (_l("Ligne déviée"), Effect.DETOUR, Severity.WARNING),
    "moins": (_l("Moins de passages"), Effect.REDUCED, Severity.WARNING),
}
"""What the list says, the effect and the severity it proposes."""


def filled(pattern: str, *, lines: Sequence[str], stops: Sequence[str]) -> dict[str, str]:
    """The title in each language; « … » where nothing was chosen yet."""
    line, stop = ", ".join(lines) or "…", ", ".join(stops) or "…"
    first, last = (stops[0], stops[-1]) if len(stops) > 1 else (stops[0] if stops else "…", "…")

    def said() -> str:
        facts = {"line": line, "stop": stop, "first": first, "last": last}
        written = {
            "arret": _("Arrêt %(stop)s non desservi"),
            "deplace": _("Arrêt %(stop)s déplacé"),
            "coupee": _("Ligne %(line)s interrompue entre %(first)s et %(last)s"),
            "retards": _("Retards sur la ligne %(line)s"),
            "deviee": _("Ligne %(line)s déviée"),
            "moins": _("Moins de passages sur la ligne %(line)s"),
        }
        return written[pattern] % facts

    return in_every_language(said)
