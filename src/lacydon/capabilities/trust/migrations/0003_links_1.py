import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0002_tables_2"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["resident", "agent", "company"])), name="person_kind_known"
            ),
        ),
        migrations.AddField(
            model_name="civilidentity",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="civil_identities", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="given_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
        ),
        migrations.AddField(
            model_name="consent",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="consentrequest",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="consentrequest",
            name="consent",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.consent"
            ),
        ),
        migrations.AddField(
            model_name="consentrequest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consent_requests", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contact_points", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="answered_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="cosignature",
            name="checkpoint",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cosignatures", to="trust.checkpoint"
            ),
        ),
        migrations.AddField(
            model_name="dataexport",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exports", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="actor",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="entry",
            name="subject",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accesses",
                to="trust.person",
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="entry",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="trust.entry"
            ),
        ),
        migrations.AddField(
            model_name="identity",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="identities", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="localaccount",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="local_account", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="confirmed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="created_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
        ),
        migrations.AddField(
            model_name="mandate",
            name="holder",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mandates_held", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="principal",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mandates_given", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="revoked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="mandate",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.mandate"),
        ),
        migrations.AddField(
            model_name="mandatehelper",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="help_given", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="mandatehelper",
            name="mandate",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="helpers", to="trust.mandate"
            ),
        ),
        migrations.AddField(
            model_name="membership",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="onetimelink",
            name="person",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.person"),
        ),
        migrations.AddField(
            model_name="organisation",
            name="authority",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, to="territory.authority"),
        ),
        migrations.AddField(
            model_name="membership",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="memberships", to="trust.organisation"
            ),
        ),
        migrations.AddField(
            model_name="mandate",
            name="organisation",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="mandates", to="trust.organisation"
            ),
        ),
        migrations.AddField(
            model_name="contest",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contests", to="trust.organisation"
            ),
        ),
        migrations.AddField(
            model_name="consentrequest",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consent_requests", to="trust.organisation"
            ),
        ),
        migrations.AddField(
            model_name="consent",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="consents", to="trust.organisation"
            ),
        ),
        migrations.AddField(
            model_name="passkey",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="passkeys", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="proof",
            name="given_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
        ),
        migrations.AddField(
            model_name="proof",
            name="mandate",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.mandate"),
        ),
        migrations.AddField(
            model_name="proof",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="recoverycode",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recovery_codes", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="granted_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="trust.person"),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="roles", to="trust.membership"
            ),
        ),
        migrations.AddField(
            model_name="session",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="sessions", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="sharingcontract",
            name="accepted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"
            ),
        ),
        migrations.AddField(
            model_name="sharingcontract",
            name="made_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="trust.person"),
        ),
        migrations.AddField(
            model_name="sharingcontract",
            name="provider",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contracts_given", to="trust.organisation"
            ),
        ),
        migrations.AddField(
            model_name="sharingcontract",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="contracts_received", to="trust.organisation"
            ),
        ),
        migrations.AddConstraint(
            model_name="tile",
            constraint=models.UniqueConstraint(fields=("level", "index"), name="tile_is_one"),
        ),
        migrations.AddConstraint(
            model_name="personkey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("shredded_at__isnull", False), ("wrapped", None)),
                    models.Q(("shredded_at", None), ("wrapped__isnull", False)),
                    _connector="OR",
                ),
                name="person_key_held_or_shredded",
            ),
        ),
        migrations.AddConstraint(
            model_name="civilidentity",
            constraint=models.UniqueConstraint(fields=("person", "purpose"), name="civil_identity_per_purpose"),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.UniqueConstraint(fields=("person", "kind"), name="contact_point_per_kind"),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["email", "phone", "postal"])), name="contact_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="cosignature",
            constraint=models.UniqueConstraint(fields=("checkpoint", "witness"), name="cosignature_is_one"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["subject", "at"], name="entry_of_subject"),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(condition=models.Q(("position", None)), fields=["id"], name="entry_without_position"),
        ),
        migrations.AddConstraint(
            model_name="identity",
            constraint=models.UniqueConstraint(fields=("issuer", "subject_hash"), name="identity_is_one"),
        ),
        migrations.AddConstraint(
            model_name="mandatehelper",
            constraint=models.UniqueConstraint(fields=("mandate", "agent"), name="mandate_helper_once"),
        ),
        migrations.AddConstraint(
            model_name="organisation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["commune", "metropole", "departement", "region", "etat", "operator", "help"])
                ),
                name="organisation_kind_known",
            ),
        ),
    ]
