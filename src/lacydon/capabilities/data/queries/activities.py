# ruff: noqa: E501  (a table: one line a cell)
"""The processing activities of the data harbour: its lines of the register (GDPR art. 30)."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lacydon.kernel.personal import Activity

from ..models import Dataset, Distribution, Harvest, Harvested, Recipe, Source, Version

_PUBLIC_TASK = _("Mission d’intérêt public (article 6.1.e du RGPD).")
_ASKED = _("Votre accord, que vous retirez d’un clic (article 6.1.a du RGPD).")
_JOURNAL = _("Pseudonymes seulement ; journal infalsifiable.")


def _fields(model: str, names: str) -> tuple[str, ...]:
    return tuple(f"data.{model}.{name}" for name in names.split())


ACTIVITIES: tuple[Activity, ...] = (
    Activity(
        id="data.following",
        name=_("Suivre un jeu de données"),
        purpose=_("Vous écrire à chaque nouvelle version d’un jeu de données que vous suivez."),
        legal_basis=_ASKED,
        people=_("Toute personne qui l’a demandé, sans compte."),
        data=_("Une adresse e-mail, le jeu de données suivi, la langue, les dates de la demande et de l’accord."),
        recipients=_("Personne hors de cette plateforme."),
        retention=_("Jusqu’au clic qui arrête les messages ; sept jours quand l’adresse n’est pas confirmée."),
        rule="following",
        security=_("Adresse chiffrée avec une clé propre à chaque abonnement (AES-256-GCM), elle-même chiffrée."),
        fields=_fields(
            "Subscription", "id dataset address_hash wrapped address secret_hash lang asked_at confirmed_at told"
        ),
    ),
    Activity(
        id="data.publishing",
        name=_("Publication des données"),
        purpose=_("Savoir quel agent a envoyé, traité et publié quel fichier ; savoir qui garde quelle vue."),
        legal_basis=_PUBLIC_TASK,
        people=_("Agents qui publient ; personnes connectées qui gardent une vue ; contacts des jeux de données."),
        data=_(
            "Le pseudonyme, la date, ce qui a été décidé des données personnelles du fichier, un contact de service."
        ),
        recipients=_("L’organisme qui publie ; tout le monde pour le contact qu’il choisit de montrer."),
        retention=_("Tant que le jeu de données existe ; un fichier qui n’est pas publié, trente jours."),
        rule="none: the author of an official publication",
        security=_JOURNAL,
        fields=(
            *_fields(
                "Arrival",
                "id dataset organisation sent_by way name address bytes content state guessed corrected report personal refusal progress received_at version",
            ),
            *_fields("SavedView", "id dataset title kind asked version made_at made_by"),
            *_fields("Version", "published_by"),
            *_fields("Dataset", "contact_name contact_email"),
        ),
    ),
    Activity(
        id="data.sharing",
        name=_("Partage de données entre administrations"),
        purpose=_("Savoir quel organisme peut lire quoi, pourquoi, jusqu’à quand, et chaque lecture."),
        legal_basis=_PUBLIC_TASK,
        people=_("Agents qui donnent un contrat ou lisent sous lui."),
        data=_("Le pseudonyme, la date, la version lue."),
        recipients=_("Les deux organismes du contrat."),
        retention=_("Tant que le jeu de données existe : le journal en parle."),
        rule="none: the proof of an access",
        security=_JOURNAL,
        fields=(
            *_fields(
                "Contract",
                "id dataset provider organisation purpose fields rows starts_on until given_by given_at revoked_at",
            ),
            *_fields("Reading", "id contract person version entry at"),
        ),
    ),
    Activity(
        id="data.reuses",
        name=_("Réutilisations des données"),
        purpose=_("Montrer ce qui est fait des données, avec le nom de qui l’a fait."),
        legal_basis=_ASKED,
        people=_("Personnes et organismes qui proposent une réutilisation."),
        data=_("Le nom que l’auteur a choisi de montrer, un titre, une adresse web."),
        recipients=_("Tout le monde, une fois montrée."),
        retention=_("Jusqu’à la demande de retrait ; refusée, elle reste un an."),
        rule="reuses",
        security=_JOURNAL,
        fields=_fields("Reuse", "author"),
    ),
)
_THING = "describes a dataset or a file of it, not a person; leads to one only through who published a version"
_DECLARED = {field for activity in ACTIVITIES for field in activity.fields}
NOT_PERSONAL: Mapping[str, str] = {
    **{
        f"data.{model.__name__}.{field.name}": _THING
        for model in (Dataset, Distribution, Recipe, Version, Source, Harvest, Harvested)
        for field in model._meta.concrete_fields
        if f"data.{model.__name__}.{field.name}" not in _DECLARED
    },
    **dict.fromkeys(
        _fields(
            "Hook", "id dataset organisation url wrapped secret made_at failures last_failure told told_at stopped_at"
        ),
        "a machine of an organisation",
    ),
    "data.Series.id": _THING,
}
