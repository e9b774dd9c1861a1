"""The words of evaluations, experiences and their follow-up, as people read them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

KINDS: Mapping[str, Any] = {
    "ex-ante": _l("avant de commencer"),
    "en-cours": _l("en cours de route"),
    "finale": _l("à la fin"),
    "ex-post": _l("après coup"),
}
ANSWERS: Mapping[str, Any] = {
    "acceptee": _l("Acceptée"),
    "partielle": _l("Acceptée en partie"),
    "refusee": _l("Refusée"),
}
VERDICTS: Mapping[str, Any] = {
    "a-reprendre": _l("À reprendre tel quel"),
    "a-adapter": _l("À reprendre en l’adaptant"),
    "a-eviter": _l("À ne pas refaire"),
}
VERDICT_LOOKS: Mapping[str, tuple[str, str]] = {
    "a-reprendre": ("check", "good"), "a-adapter": ("info", ""), "a-eviter": ("alert", "bad"),
}  # fmt: skip
"""Verdict → its icon, and the tone of its badge."""
