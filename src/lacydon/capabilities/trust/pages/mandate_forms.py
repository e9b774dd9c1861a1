"""What the forms of mandates read, and the words their pages say."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest, QueryDict
from django.middleware.csrf import rotate_token
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lacydon.kernel.errors import BadInput

from ..actions.mandates import Terms
from ..models import Entry, Mandate
from ..queries.mandate_text import HISTORY, WRITE, moment_in_words
from ..queries.mandates import acts_under, why_over
from ..queries.names import agent_name, holder_name
from ..queries.themes import THEMES
from ..queries.words import action_words

DURATIONS = (
    (1, gettext_lazy("Un jour")),
    (7, gettext_lazy("Une semaine")),
    (31, gettext_lazy("Un mois")),
    (182, gettext_lazy("Six mois")),
    (365, gettext_lazy("Un an")),
)
KINDS = {
    "help": gettext_lazy("Aide"),
    "parent": gettext_lazy("Parent"),
    "guardian": gettext_lazy("Protection par un juge"),
    "company": gettext_lazy("Entreprise"),
}
ACTS = {
    "mandate.take": gettext_lazy("a commencé à agir pour vous"),
    "mandate.hand-back": gettext_lazy("a fini d’agir pour vous"),
    "mandate.prepare": gettext_lazy("a préparé le mandat"),
    "mandate.revoke": gettext_lazy("a arrêté le mandat"),
    "proof.see": gettext_lazy("a regardé un justificatif"),
    "proof.give": gettext_lazy("a donné un justificatif"),
    "consent.see": gettext_lazy("a regardé vos accords"),
    "consent.give": gettext_lazy("a donné un accord"),
    "consent.withdraw": gettext_lazy("a retiré un accord"),
    "contact.see": gettext_lazy("a regardé vos coordonnées"),
    "access.see": gettext_lazy("a regardé qui a consulté vos données"),
}
PAGE = 20


def terms_of(form: QueryDict) -> Terms:
    """The terms typed in a form. Raises BadInput with the field that is wrong."""
    days = form.get("days", "1")
    limits = [limit for limit, field in ((HISTORY, "history"), (WRITE, "write")) if form.get(field) != "oui"]
    return Terms(
        themes=form.getlist("themes"),
        days=int(days) if days.isdigit() else 0,
        limits=limits,
        language="en" if form.get("language") == "en" else "fr",
        easy=form.get("easy") == "oui",
    )


def typed(form: QueryDict) -> dict[str, Any]:
    """What was typed, to show the form again as it was."""
    return {**form.dict(), "themes": form.getlist("themes")}


def choices(entitled: Iterable[str]) -> dict[str, Any]:
    """What a form offers."""
    kept = set(entitled)
    return {"all_themes": [each for id, each in THEMES.items() if id in kept], "durations": DURATIONS}


def day_of(form: QueryDict, field: str) -> date:
    try:
        return date.fromisoformat(form.get(field, ""))
    except ValueError:
        raise BadInput(_("Écrivez une date."), field=field) from None


def shown(mandate: Mandate) -> dict[str, Any]:
    """A mandate as the lists say it."""
    return {
        "row": mandate,
        "who": holder_name(mandate),
        "kind": KINDS[mandate.kind],
        "themes": [THEMES[id].title for id in mandate.scope if id in THEMES],
        "until": moment_in_words(mandate.ends_at),
        "over": why_over(mandate),
        "stopped": moment_in_words(mandate.revoked_at) if mandate.revoked_at else "",
    }


def acts_shown(mandate: Mandate, *, page: int) -> tuple[list[dict[str, Any]], bool]:
    """A page of what was done under a mandate: by whom, when; and whether there is more."""
    rows: list[Entry] = list(acts_under(mandate)[page * PAGE : (page + 1) * PAGE + 1])
    told = [
        {
            "what": ACTS.get(row.action) or action_words(row.action),
            "who": agent_name(row.actor_id, organisation=mandate.organisation),
            "when": moment_in_words(row.at),
        }
        for row in rows[:PAGE]
    ]
    return told, len(rows) > PAGE


def put_in_hand(request: HttpRequest, mandate: str, *, at: str, principal: str = "") -> None:
    """From now on the session acts under this mandate, or (empty) for itself.

    The token of forms changes with it: a form that another tab shows for somebody else is refused when it is sent.
    """
    for name, value in (("mandate", mandate), ("mandate_seen", at), ("principal", principal)):
        if mandate:
            request.session[name] = value
        else:
            request.session.pop(name, None)
    rotate_token(request)


def page_number(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    return max(0, int(asked) - 1) if asked.isdigit() and len(asked) < 6 else 0
