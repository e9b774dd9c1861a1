from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("trust", "0003_links_1"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="membership",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("person", "organisation"), name="membership_is_one"
            ),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["organisation", "ends_at"], name="mandate_of_organisation"),
        ),
        migrations.AddIndex(
            model_name="mandate",
            index=models.Index(fields=["principal", "created_at"], name="mandate_of_principal"),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["help", "parent", "guardian", "company"])), name="mandate_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("evidence__in", ["presence", "code", "paper", "judgement"])),
                name="mandate_evidence_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="mandate_ends_after_it_starts"
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "help"), ("organisation__isnull", False)),
                    models.Q(models.Q(("kind", "help"), _negated=True), ("holder__isnull", False)),
                    _connector="OR",
                ),
                name="mandate_has_a_holder",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("holder", None),
                    ("principal", None),
                    models.Q(("holder", models.F("principal")), _negated=True),
                    _connector="OR",
                ),
                name="mandate_not_to_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("confirmed_at", None),
                    models.Q(("principal__isnull", False), ("text_sealed__isnull", False)),
                    _connector="OR",
                ),
                name="mandate_confirmed_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="mandate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("evidence", "paper"), _negated=True),
                    ("confirmed_by", None),
                    models.Q(("confirmed_by", models.F("created_by")), _negated=True),
                    _connector="OR",
                ),
                name="mandate_paper_has_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="contest",
            constraint=models.UniqueConstraint(fields=("entry", "person"), name="contest_once_an_entry"),
        ),
        migrations.AddIndex(
            model_name="consentrequest",
            index=models.Index(fields=["person", "answered_at"], name="consent_request_open"),
        ),
        migrations.AddIndex(
            model_name="consent",
            index=models.Index(fields=["person", "recipient", "purpose"], name="consent_looked_up"),
        ),
        migrations.AddIndex(
            model_name="proof",
            index=models.Index(fields=["person", "kind"], name="proof_of_person"),
        ),
        migrations.AddConstraint(
            model_name="recoverycode",
            constraint=models.UniqueConstraint(fields=("person", "code_hash"), name="recovery_code_is_one"),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("membership", "role"), name="role_grant_is_one"
            ),
        ),
        migrations.AddIndex(
            model_name="session",
            index=models.Index(fields=["expire_date"], name="session_expiry"),
        ),
        migrations.AddConstraint(
            model_name="sharingcontract",
            constraint=models.CheckConstraint(
                condition=models.Q(("provider", models.F("recipient")), _negated=True),
                name="sharing_contract_between_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="sharingcontract",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("since"))), name="sharing_contract_ends_after_it_starts"
            ),
        ),
    ]
