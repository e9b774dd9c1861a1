# ruff: noqa: E501  (a table: one line a cell)
"""The processing activities of trust: its lines of the register (GDPR art. 30), and which field belongs to which.

`rule` is the name of the purge's rule in actions/retention.py, or why there is none.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from lacydon.kernel.personal import Activity

_SEALED = _("Chiffré avec une clé propre à chaque personne (AES-256-GCM), elle-même chiffrée ; journal infalsifiable.")
_PUBLIC_TASK = _("Mission d’intérêt public (article 6.1.e du RGPD).")
_DUTY = _("Obligation légale (article 6.1.c du RGPD).")
_RESIDENTS = _("Habitants et agents qui se connectent.")
_NOBODY = _("Personne hors de cette plateforme.")


def _fields(model: str, names: str) -> tuple[str, ...]:
    return tuple(f"trust.{model}.{name}" for name in names.split())


ACTIVITIES: tuple[Activity, ...] = (
    Activity(
        id="accounts",
        name=_("Comptes et connexion"),
        purpose=_("Vous reconnaître d’une visite à l’autre, sans retenir qui vous êtes."),
        legal_basis=_PUBLIC_TASK,
        people=_RESIDENTS,
        data=_("Un pseudonyme tiré au sort, l’empreinte de l’identifiant donné par FranceConnect ou ProConnect, les dates de connexion, le navigateur en quelques mots ; pour un compte local, l’adresse électronique chiffrée et les moyens de se connecter."),
        recipients=_NOBODY,
        retention=_("Jusqu’à votre effacement, ou trois ans sans visite. Une session dure douze heures au plus, un lien de connexion dix minutes ; un lien passé s’efface un jour après."),
        rule="inactive, sessions, links",
        security=_SEALED,
        fields=(
            *_fields("Person", "id kind created_at erased_at"),
            *_fields("PersonKey", "person wrapped shredded_at"),
            *_fields("Identity", "id person provider issuer subject_hash assurance linked_at last_seen_at"),
            *_fields("LocalAccount", "id person email_hash email_sealed passphrase created_at"),
            *_fields("Authenticator", "person sealed created_at confirmed_at last_step"),
            *_fields("EmailChange", "person email_hash sealed proven_at effective_at"),
            *_fields("Passkey", "id person credential_id public_key sign_count name created_at last_used_at"),
            *_fields("RecoveryCode", "id person code_hash created_at used_at"),
            *_fields("OneTimeLink", "token_hash purpose email_hash email_wrapped email_sealed code_hash person created_at expires_at used_at"),
            *_fields("Session", "session_key session_data expire_date person created_at seen_at browser"),
        ),
    ),
    Activity(
        id="civil-identity",
        name=_("État civil"),
        purpose=_("Savoir qui vous êtes, seulement quand une démarche l’exige."),
        legal_basis=_PUBLIC_TASK,
        people=_("Habitants dont une démarche demande l’état civil."),
        data=_("Nom, prénoms, date et lieu de naissance, chiffrés, pour une seule finalité à la fois."),
        recipients=_("L’organisme qui traite la démarche."),
        retention=_("Le temps de la démarche qui l’a demandé, fixé quand il est noté."),
        rule="civil-identities",
        security=_SEALED,
        fields=_fields("CivilIdentity", "id person purpose sealed created_at kept_until"),
    ),
    Activity(
        id="contact",
        name=_("Coordonnées"),
        purpose=_("Vous écrire ou vous appeler au sujet de vos démarches."),
        legal_basis=_PUBLIC_TASK,
        people=_RESIDENTS,
        data=_("Adresse électronique, téléphone, adresse postale, chiffrés."),
        recipients=_("L’organisme qui traite votre démarche."),
        retention=_("Jusqu’à ce que vous les changiez ou vous effaciez, ou trois ans sans visite."),
        rule="inactive",
        security=_SEALED,
        fields=_fields("ContactPoint", "id person kind sealed address_hash verified_at changed_at"),
    ),
    Activity(
        id="mail",
        name=_("Messages envoyés"),
        purpose=_("Vous prévenir : lien de connexion, mandat, changement d’adresse."),
        legal_basis=_PUBLIC_TASK,
        people=_RESIDENTS,
        data=_("L’adresse et le texte du message, chiffrés jusqu’à l’envoi."),
        recipients=_("Le service de courrier de l’exploitant, puis votre messagerie."),
        retention=_("Effacé dès l’envoi ; un message qui ne part pas est effacé quand il n’est plus utile."),
        rule="none: removed by kernel.mail as soon as it is sent or too old",
        security=_SEALED,
        fields=tuple(f"kernel.Letter.{name}" for name in ("id", "wrapped", "sealed", "created_at", "good_until")),
    ),
    Activity(
        id="organisations",
        name=_("Agents, organismes et rôles"),
        purpose=_("N’ouvrir à chaque agent que ce que son travail demande."),
        legal_basis=_("Obligation de sécurité (article 32 du RGPD)."),
        people=_("Agents des organismes publics et des lieux d’aide."),
        data=_("Organisme, rôles, dates, qui les a donnés."),
        recipients=_("Le responsable des accès de l’organisme."),
        retention=_("Cinq ans après le départ de l’agent."),
        rule="memberships",
        security=_("Cloisonnement par organisme ; second facteur exigé ; journal infalsifiable."),
        fields=(
            *_fields("Membership", "id person organisation since until"),
            *_fields("RoleGrant", "id membership role granted_at granted_by until"),
        ),
    ),
    Activity(
        id="mandates",
        name=_("Mandats"),
        purpose=_("Vous faire aider sans jamais donner votre mot de passe."),
        legal_basis=_("Exécution du mandat que vous donnez (article 6.1.b du RGPD ; code civil, articles 1984 et suivants)."),
        people=_("Habitants aidés, aidants, parents, tuteurs, représentants d’entreprise."),
        data=_("Qui aide qui, pour quels thèmes, de quand à quand, la preuve de l’accord, chiffrée."),
        recipients=_("L’organisme de l’aidant."),
        retention=_("Un an au plus, puis cinq ans comme preuve."),
        rule="mandates",
        security=_SEALED,
        fields=(
            *_fields("Mandate", "id reference kind principal organisation holder any_helper scope limits starts_at ends_at evidence evidence_sealed text_version text_hash text_sealed language easy code_hash code_until code_tries stop_hash created_at created_by confirmed_at confirmed_by revoked_at revoked_by revoked_way revoked_sealed contested_at contest_sealed"),
            *_fields("MandateHelper", "id mandate agent since"),
        ),
    ),
    Activity(
        id="consents",
        name=_("Accords de partage"),
        purpose=_("Ne partager vos données que si vous le voulez, et arrêter dès que vous le dites."),
        legal_basis=_("Votre accord (article 6.1.a du RGPD), et l’obligation de le prouver (article 7.1)."),
        people=_("Habitants qui donnent ou refusent un accord."),
        data=_("L’organisme, la finalité, les données partagées, les dates ; la question posée, par son empreinte."),
        recipients=_("L’organisme à qui vous avez donné l’accord."),
        retention=_("Un an au plus, puis cinq ans comme preuve. Une question sans réponse s’efface après trente jours."),
        rule="consents, requests",
        security=_("Reçu signé (ISO/IEC TS 27560) ; l’accord est vérifié à chaque lecture ; journal infalsifiable."),
        fields=(
            *_fields("Consent", "id person recipient purpose categories notice_version notice_hash language given_at given_by mandate until withdrawn_at"),
            *_fields("ConsentRequest", "id person recipient purpose categories wanted_days asked_at asked_by expires_at answered_at consent"),
        ),
    ),
    Activity(
        id="contracts",
        name=_("Contrats de partage entre organismes"),
        purpose=_("Dire qui donne quoi à qui, sur quel fondement, quand la loi dispense de vous redemander une pièce."),
        legal_basis=_("Code des relations entre le public et l’administration, articles L. 114-8 à L. 114-10."),
        people=_("Agents qui proposent et acceptent un contrat."),
        data=_("Les deux organismes, les données, les dates, qui a proposé et accepté."),
        recipients=_("Les deux organismes."),
        retention=_("Aussi longtemps que le contrat sert de preuve : il ne contient rien sur les habitants."),
        rule="none: an act between organisations",
        security=_("Réservé à la protection des données de chaque organisme."),
        fields=_fields("SharingContract", "id provider recipient purpose words legal_basis categories since until made_by accepted_at accepted_by ended_at"),
    ),
    Activity(
        id="proofs",
        name=_("Justificatifs"),
        purpose=_("Ne pas vous redemander une pièce que vous avez déjà donnée."),
        legal_basis=_("Votre accord pour chaque réutilisation (article 6.1.a du RGPD)."),
        people=_("Habitants qui déposent un justificatif."),
        data=_("Le document et son nom, chiffrés ; son genre, sa taille, qui l’a déposé."),
        recipients=_("L’organisme à qui vous avez donné votre accord, pour ce que vous avez accepté."),
        retention=_("De trois mois à deux ans selon le genre, ou jusqu’à ce que vous le supprimiez."),
        rule="proofs",
        security=_SEALED,
        fields=_fields("Proof", "id person kind sealed name_sealed media_type size given_at given_by mandate kept_until"),
    ),
    Activity(
        id="journal",
        name=_("Journal des accès"),
        purpose=_("Vous montrer qui a consulté vos données, et que personne ne peut le cacher."),
        legal_basis=_("Obligation de rendre compte et de sécurité (articles 5.2 et 32 du RGPD)."),
        people=_("Habitants et agents."),
        data=_("Pseudonymes, action, finalité, fondement, organisme, rôle, date. Aucun nom, aucune donnée lue."),
        recipients=_("Vous. Le public ne voit que des empreintes."),
        retention=_("Aussi longtemps que la plateforme. Après votre effacement, plus rien ne relie un pseudonyme à vous."),
        rule="none: append-only; crypto-shredding makes it anonymous",
        security=_("Arbre de Merkle signé et publié (RFC 6962) : une modification se voit."),
        fields=_fields("Entry", "id position at action purpose basis organisation role actor_kind actor subject mandate object commitments leaf_hash seal"),
    ),
    Activity(
        id="contests",
        name=_("Contestations d’accès"),
        purpose=_("Répondre à qui demande pourquoi ses données ont été consultées."),
        legal_basis=_DUTY,
        people=_("Habitants qui contestent un accès, agents qui répondent."),
        data=_("Votre question et la réponse, chiffrées ; les dates."),
        recipients=_("La protection des données de l’organisme concerné."),
        retention=_("Cinq ans après la réponse."),
        rule="contests",
        security=_SEALED,
        fields=_fields("Contest", "id entry person organisation sealed opened_at answer_sealed answered_at answered_by"),
    ),
    Activity(
        id="exports",
        name=_("Copies de vos données"),
        purpose=_("Vous remettre tout ce que nous savons de vous."),
        legal_basis=_("Obligation légale (articles 15 et 20 du RGPD)."),
        people=_("Habitants et agents qui demandent leur copie."),
        data=_("Une copie chiffrée de vos données."),
        recipients=_("Vous."),
        retention=_("Trois jours."),
        rule="exports",
        security=_SEALED,
        fields=_fields("DataExport", "id person asked_at ready_at sealed size kept_until"),
    ),
)  # fmt: skip

NOT_PERSONAL: Mapping[str, str] = {}
"""Fields of trust that look personal and are not, and why."""
