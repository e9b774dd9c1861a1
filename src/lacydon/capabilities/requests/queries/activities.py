# ruff: noqa: E501  (a table: one line a cell)
"""The processing activities of requests: its lines of the register (GDPR art. 30). Each topic adds its own."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lacydon.kernel.personal import Activity

_SEALED = _("Chiffré avec une clé propre à chaque demande (AES-256-GCM), elle-même chiffrée ; journal infalsifiable.")
_PUBLIC_TASK = _("Mission d’intérêt public (article 6.1.e du RGPD).")
_AUTHORITY = _("L’autorité compétente pour la demande, et celle à qui elle la transmet.")


def _fields(model: str, names: str) -> tuple[str, ...]:
    return tuple(f"requests.{model}.{name}" for name in names.split())


ACTIVITIES: tuple[Activity, ...] = (
    Activity(
        id="requests",
        name=_("Demandes et signalements"),
        purpose=_("Recevoir une demande, la confier à l’autorité compétente, y répondre et vous en tenir au courant."),
        legal_basis=_PUBLIC_TASK,
        people=_(
            "Habitants, associations et entreprises qui font une demande ou un signalement ; agents qui la traitent."
        ),
        data=_(
            "Ce que le formulaire demande, les pièces jointes, les messages, la décision, et comment vous répondre."
        ),
        recipients=_AUTHORITY,
        retention=_(
            "Cinq ans après la clôture pour une demande, deux ans pour un signalement ; un brouillon oublié, trente jours."
        ),
        rule="requests, reports, drafts",
        security=_SEALED,
        fields=(
            *_fields(
                "Request",
                "id number kind form service_id skill person secret_hash organisation citycode lon lat state outcome source opened_at changed_at closed_at due_at wanted_at silence waiting_since assignee urgent revision steps_count wrapped sealed contact_sealed submission_key merged_into rating rated_at reopened",
            ),
            *_fields(
                "Step", "id request position at kind by_kind by organisation for_whom public facts sealed told_at"
            ),
            *_fields(
                "Draft",
                "id form person filled_by resume_hash wrapped sealed page submission_key revision created_at updated_at expires_at",
            ),
            *_fields(
                "Attachment",
                "id draft request step field wrapped name_sealed media_type size received sha256 created_at checked_at",
            ),
        ),
    ),
    Activity(
        id="forms",
        name=_("Rédaction des formulaires"),
        purpose=_("Savoir quel agent a écrit quelle version d’un formulaire."),
        legal_basis=_PUBLIC_TASK,
        people=_("Agents qui rédigent les formulaires."),
        data=_("Le pseudonyme de l’agent, la date, le texte du formulaire."),
        recipients=_("Son organisme."),
        retention=_("Tant que le formulaire, ou une demande faite avec lui, existe."),
        rule="none: the author of an official text",
        security=_SEALED,
        fields=_fields(
            "FormVersion",
            "id form number digest content text service_id state made_at made_by published_at withdrawn_at why",
        ),
    ),
    # -- life
    Activity(
        id="requests.life",
        name=_("Instruction des demandes"),
        purpose=_("Vous demander une pièce, vous dire une décision et vos voies de recours."),
        legal_basis=_PUBLIC_TASK,
        people=_("Habitants, associations et entreprises qui font une demande."),
        data=_("Les pièces demandées, leur état, le sens et la date de la décision ; les mots sont dans la demande."),
        recipients=_AUTHORITY,
        retention=_("Celle de la demande."),
        rule="requests, reports",
        security=_SEALED,
        fields=(
            *_fields("AskedDocument", "id request state until asked given judged"),
            *_fields("Decision", "id request step outcome tacit takes_effect_at"),
        ),
    ),
    Activity(
        id="requests.notifications",
        name=_("Prévenir de l’avancement d’une demande"),
        purpose=_("Vous prévenir, par le moyen que vous avez choisi, de ce qui arrive à vos demandes."),
        legal_basis=_PUBLIC_TASK,
        people=_("Habitants, associations et entreprises qui font une demande."),
        data=_(
            "Ce dont vous voulez être prévenu et à quelles heures, l’adresse de vos navigateurs, ce qui est parti et quand."
        ),
        recipients=_("L’expéditeur de SMS et le service de notification de votre navigateur, sans le contenu."),
        retention=_("Vos choix : tant que votre compte existe ; ce qui est parti : trente jours."),
        rule="tellings",
        security=_SEALED,
        fields=(
            *_fields("Preferences", "id person request wanted quiet_from quiet_until lang digest changed_at"),
            *_fields("PushSubscription", "id person endpoint_hash sealed browser created_at"),
            *_fields("Telling", "id step means subscription made_at sent_at outcome"),
        ),
    ),
    # -- desk
    Activity(
        id="desk",
        name=_("Bureau des agents"),
        purpose=_("Garder les vues et les réponses prêtes des agents ; faire un même acte sur plusieurs demandes."),
        legal_basis=_PUBLIC_TASK,
        people=_("Agents qui traitent les demandes."),
        data=_(
            "Le pseudonyme de l’agent, ses filtres, les réponses prêtes, les numéros des demandes traitées ensemble."
        ),
        recipients=_("Son organisme."),
        retention=_("Tant que l’agent les garde ; un traitement par lot, trente jours."),
        rule="desk",
        security=_SEALED,
        fields=(
            *_fields("SavedView", "id organisation owner name filters made_at"),
            *_fields("CannedAnswer", "id organisation title text changed_at changed_by"),
            *_fields("Bulk", "id organisation agent act arguments numbers at refused begun_at ended_at"),
        ),
    ),
    # -- reports
    Activity(
        id="reports",
        name=_("Carte des signalements"),
        purpose=_("Montrer à tous ce qui est signalé dans l’espace public et ce qu’il en advient, sans dire par qui."),
        legal_basis=_PUBLIC_TASK,
        people=_("Personnes qui suivent un signalement ; personnes qui signalent, dont rien n’est public."),
        data=_(
            "Le problème, le lieu, ce qui est écrit sans ce qui désigne quelqu’un ; pour qui suit, le pseudonyme ou l’adresse électronique chiffrée."
        ),
        recipients=_("Le public, pour le problème et le lieu seulement ; l’autorité compétente."),
        retention=_("Soixante jours après la clôture sur la carte ; le signalement, deux ans."),
        rule="reports",
        security=_SEALED,
        fields=(
            *_fields(
                "Report", "request category text place_label facts photo photo_shown_at hidden_at followers_count"
            ),
            *_fields("Follower", "id report person email_hash wrapped email_sealed confirmed_at created_at"),
        ),
    ),
    # -- delivery
    Activity(
        id="delivery",
        name=_("Transmission des demandes"),
        purpose=_(
            "Confier une demande au logiciel de l’autorité compétente, sans la perdre ni la doubler, et la suivre."
        ),
        legal_basis=_PUBLIC_TASK,
        people=_("Habitants, associations et entreprises dont la demande est confiée à une autre autorité."),
        data=_("Quelle demande est partie où et quand, le numéro qu’elle y porte, ce que l’autre logiciel en a dit."),
        recipients=_AUTHORITY,
        retention=_("Aussi longtemps que la demande."),
        rule="as the request",
        security=_SEALED,
        fields=(
            *_fields(
                "Delivery",
                "id request authority route channel state idempotency_key turn attempts queued_at next_at doubt_since tried_at give_up_at last_error handed_at accepted_at reference receipt told pull_at pulled_at relayed files_handed_at over_at",
            ),
            *_fields("Callback", "id delivery message at"),
        ),
    ),
    # -- appointments and payments
    Activity(
        id="appointments",
        name=_("Rendez-vous au guichet"),
        purpose=_("Vous recevoir à l’heure choisie, vous le rappeler, savoir si vous êtes venu."),
        legal_basis=_PUBLIC_TASK,
        people=_("Personnes qui prennent rendez-vous."),
        data=_("Votre nom, comment vous joindre, le motif, le lieu, l’heure, et si vous êtes venu."),
        recipients=_("Les agents de l’administration qui vous reçoit."),
        retention=_(
            "Trois mois après le rendez-vous pour votre nom et vos coordonnées ; le reste, sans nom, sert aux chiffres."
        ),
        rule="appointments",
        security=_SEALED,
        fields=_fields(
            "Appointment",
            "id number desk place organisation motive starts_at ends_at request person wrapped sealed secret_hash booking_key state sequence booked_at changed_at reminder_sent_at to_tell tell_at",
        )
        + _fields("HeldTime", "id appointment desk counter at"),
    ),
    Activity(
        id="payments",
        name=_("Paiement des démarches"),
        purpose=_("Calculer ce qui est dû, l’encaisser une seule fois, en donner le reçu."),
        legal_basis=_("Obligation légale (article 6.1.c du RGPD ; article L. 1611-5-1 du CGCT)."),
        people=_("Personnes dont la démarche est payante."),
        data=_("Le montant, les dates, l’état, le numéro de l’opération. Jamais de carte ni de compte bancaire."),
        recipients=_("L’administration créancière et son comptable public, par le service de paiement."),
        retention=_("Dix ans, comme les pièces comptables ; rien de personnel n’y reste quand la demande est effacée."),
        rule="payments",
        security=_SEALED,
        fields=_fields("Payment", "id request organisation reference amount state asked_at paid_at ended_at receipt")
        + _fields(
            "PaymentAttempt", "id payment provider external_id address state started_at open_until asked_at ended_at"
        ),
    ),
)

NOT_PERSONAL: Mapping[str, str] = {"requests.RouteSecret.sealed": "a secret of a system of the authority, of nobody"}
