"""Forms and their versions: a request keeps the version it was made with."""

from django.db import models


class FormState(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class FormVersion(models.Model):
    """One version of a form, never changed once it is published. `content`: the form as `kernel.forms` reads it."""

    form = models.CharField(max_length=100, db_index=True, help_text="The form's id, the same in all its versions.")
    number = models.PositiveIntegerField(help_text="1, 2, 3 … within the form.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the canonical content.")
    content = models.JSONField()
    text = models.TextField(blank=True, help_text="The YAML it was written as.")
    service_id = models.CharField(max_length=120, db_index=True)
    state = models.CharField(max_length=10, choices=FormState.choices)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("trust.Person", null=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=FormState.values), name="form_state_known"),
            models.UniqueConstraint(fields=["form", "number"], name="form_version_is_one"),
            models.UniqueConstraint(
                fields=["form"], condition=models.Q(state="published"), name="one_published_version_per_form"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} v{self.number}"
