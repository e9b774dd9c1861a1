"""What an action and a purpose of the data harbour are, in words a resident or an agent reads."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _l

from lacydon.kernel.personal import PUBLIC_TASK, Purpose

ACTIONS: Mapping[str, Any] = {
    "dataset.publish": _l("a publié une version d’un jeu de données"),
    "dataset.describe": _l("a décrit un jeu de données"),
    "dataset.derive": _l("a dit comment un jeu de données se calcule à partir d’autres"),
    "dataset.key": _l("a fait la clé avec laquelle une machine envoie un jeu de données"),
    "dataset.withdraw": _l("a retiré un jeu de données"),
    "dataset.purge": _l("a supprimé d’anciennes versions d’un jeu de données, sa durée de garde étant passée"),
    "dataset.read": _l("a lu un jeu de données partagé par contrat"),
    "arrival.treat": _l("a décidé ce que deviennent les données personnelles d’un fichier avant sa publication"),
    "contract.give": _l("a partagé un jeu de données par contrat"),
    "contract.revoke": _l("a mis fin à un contrat de partage de données"),
    "hook.make": _l("a demandé à être appelé à chaque version d’un jeu de données"),
    "hook.remove": _l("ne veut plus être appelé à chaque version d’un jeu de données"),
    "reuse.show": _l("a montré une réutilisation de données"),
    "reuse.refuse": _l("a refusé une réutilisation de données"),
}
"""As the end of a sentence whose subject is who acted."""

PURPOSES: tuple[Purpose, ...] = (
    Purpose("publication", _l("publier des données"), PUBLIC_TASK, _l("article L. 312-1-1 du CRPA")),
    Purpose("sharing", _l("partager des données entre administrations"), PUBLIC_TASK, _l("article L. 114-8 du CRPA")),
)
