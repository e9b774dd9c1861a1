"""The territory and its places."""

from django.db import models


class Territory(models.Model):
    """The one territory this platform serves: what territory.toml says."""

    id = models.SlugField(primary_key=True, max_length=80)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=200)
    siren = models.CharField(max_length=9)
    since = models.DateField(help_text="Competences are proven for every date from this one on.")
    symbols = models.JSONField(help_text="Authority id of metropole, region, etat and of each departement by its code.")
    outside = models.JSONField(help_text="What to tell who asks about a point outside, by language.")

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune by its INSEE code (`citycode` of the BAN)."""

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=200)
    siren = models.CharField(max_length=9, unique=True)
    departement = models.CharField(max_length=3)
    population = models.PositiveIntegerField()
    postal_codes = models.JSONField(help_text="Several communes may share one: never a key.")
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class Arrondissement(models.Model):
    """A municipal arrondissement: a place of a commune, never an authority."""

    code = models.CharField(primary_key=True, max_length=5)
    name = models.CharField(max_length=200)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="arrondissements")
    postal_code = models.CharField(max_length=5)
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name
