"""What the data harbour knows of a person: the datasets they follow by an address they proved to be theirs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from .following import opened, subscriptions_of


def export(person: str) -> Mapping[str, Any]:
    """Label → list of records."""
    rows = subscriptions_of(person)
    if not rows:
        return {}
    return {
        _("Jeux de données suivis"): [
            {
                _("Jeu de données"): row.dataset_id,
                _("Adresse"): opened(row)[0],
                _("Demandé le"): _day(row.asked_at),
                _("Confirmé le"): _day(row.confirmed_at),
            }
            for row in rows
        ]
    }


def _day(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
