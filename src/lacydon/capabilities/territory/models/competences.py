"""Who is competent for what: authorities, themes, facts that may have to be asked, dated rules."""

from django.db import models


class AuthorityKind(models.TextChoices):
    COMMUNE = "commune"
    METROPOLE = "metropole"
    DEPARTEMENT = "departement"
    REGION = "region"
    ETAT = "etat"
    OPERATOR = "operator"


class Authority(models.Model):
    """A public authority or an operator (CPSV-AP PublicOrganisation) with its contact channels."""

    id = models.CharField(primary_key=True, max_length=80)
    kind = models.CharField(max_length=12, choices=AuthorityKind.choices)
    name = models.JSONField()
    siren = models.CharField(max_length=9, blank=True)
    channels = models.JSONField(help_text="List of {type, url, phone, address, email, hours, label, note, lon, lat}.")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=AuthorityKind.values), name="authority_kind_known")
        ]

    def __str__(self) -> str:
        return self.id


class Fact(models.Model):
    """What an answer may depend on besides the place and the date: the class of a road, the type of a school."""

    id = models.CharField(primary_key=True, max_length=80)
    question = models.JSONField()
    help = models.JSONField(null=True)
    values = models.JSONField(help_text="List of {value, label}.")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.id


class Theme(models.Model):
    """A subject for which somebody is in charge."""

    id = models.CharField(primary_key=True, max_length=80)
    title = models.JSONField()
    facts = models.JSONField()
    follows = models.CharField(max_length=80, blank=True, help_text="Theme whose rules also answer for this one.")
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.id


class Rule(models.Model):
    """For a theme: which authority, where, under which conditions, from when to when, by which law."""

    id = models.CharField(primary_key=True, max_length=120)
    theme = models.ForeignKey(Theme, on_delete=models.CASCADE, related_name="rules")
    competent = models.CharField(
        max_length=80, help_text="A symbol (commune, metropole, …, nobody) or an authority id."
    )
    where = models.JSONField(help_text="{kind: all|communes|departements|except, codes: [...]}")
    when = models.JSONField(help_text="{fact: [values]}")
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    handled_by = models.CharField(max_length=80, blank=True)
    legal_basis = models.TextField()
    sentence = models.JSONField()
    status = models.CharField(max_length=10)
    file = models.CharField(max_length=200)
    line = models.PositiveIntegerField()
    position = models.PositiveIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [
            models.CheckConstraint(
                condition=models.Q(since=None) | models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="rule_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.id
