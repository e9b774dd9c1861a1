"""Organisations agents act for, who belongs to them, with which roles."""

from django.db import models

from .people import Person


class OrganisationKind(models.TextChoices):
    COMMUNE = "commune"
    METROPOLE = "metropole"
    DEPARTEMENT = "departement"
    REGION = "region"
    ETAT = "etat"
    OPERATOR = "operator"
    HELP = "help"


class Organisation(models.Model):
    """A tenant: a public authority of the territory, an operator, or a place of digital help.

    `siren` (9 digits) or `siret` (14) is how ProConnect names it. `citycode`: the commune it belongs to, if any.
    """

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=12, choices=OrganisationKind.choices)
    name = models.JSONField()
    siren = models.CharField(max_length=9, blank=True)
    siret = models.CharField(max_length=14, blank=True)
    citycode = models.CharField(max_length=5, blank=True)
    authority = models.ForeignKey("territory.Authority", null=True, on_delete=models.SET_NULL)
    themes = models.JSONField(default=list, help_text="What its helpers are entitled to help with; empty = no help.")
    data_protection = models.CharField(max_length=200, blank=True, help_text="Its data protection officer's address.")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=OrganisationKind.values), name="organisation_kind_known")
        ]

    def __str__(self) -> str:
        return self.id


class Membership(models.Model):
    """An agent belongs to an organisation for a time."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], condition=models.Q(until=None), name="membership_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"


class RoleGrant(models.Model):
    """A role held by a member: what they may do in one capability, until it is taken back."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField(max_length=60)
    granted_at = models.DateTimeField()
    granted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "role"], condition=models.Q(until=None), name="role_grant_is_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.membership_id}"
