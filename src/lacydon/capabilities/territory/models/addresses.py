"""The embedded addresses: streets and house numbers of the national address base (BAN)."""

from django.db import models

from .communes import Commune


class Street(models.Model):
    """A street or a locality of one commune; small enough in number to be held in memory by each process."""

    id = models.IntegerField(primary_key=True, help_text="Given by the importer, to stream rows.")
    ban_id = models.CharField(max_length=40, help_text="The street's part of the BAN's key, e.g. 13005_0420.")
    name = models.CharField(max_length=200)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="streets")
    citycode = models.CharField(max_length=5, help_text="INSEE code of the commune or of its arrondissement.")
    city = models.CharField(max_length=200, help_text="Name of the commune in the BAN.")
    old_city = models.CharField(max_length=200, help_text="Name of the former commune, or empty.")
    postcode = models.CharField(max_length=5, help_text="The one most of its numbers have.")
    locality = models.BooleanField(help_text="A place without house numbers.")
    numbers = models.PositiveIntegerField()
    lon = models.FloatField()
    lat = models.FloatField()
    x = models.FloatField(null=True, help_text="Lambert-93, metres.")
    y = models.FloatField(null=True, help_text="Lambert-93, metres.")

    class Meta:
        db_table = "territory_street"
        constraints = [models.UniqueConstraint(fields=["citycode", "ban_id"], name="one_street_per_key")]

    def __str__(self) -> str:
        return f"{self.name} {self.postcode} {self.city}"


class HouseNumber(models.Model):
    """One house number of a street, with its point."""

    street = models.ForeignKey(Street, on_delete=models.CASCADE, related_name="house_numbers", db_index=False)
    number = models.PositiveIntegerField()
    suffix = models.CharField(max_length=20, help_text="bis, ter, a … or empty.")
    ban_id = models.CharField(max_length=60)
    postcode = models.CharField(max_length=5)
    lon = models.FloatField()
    lat = models.FloatField()
    x = models.FloatField(null=True, help_text="Lambert-93, metres.")
    y = models.FloatField(null=True, help_text="Lambert-93, metres.")
    cell = models.IntegerField(db_index=True, help_text="Square of the grid it is in: queries/addresses.py.")

    class Meta:
        db_table = "territory_house_number"
        constraints = [
            models.UniqueConstraint(fields=["street", "number", "suffix"], name="one_number_per_street"),
        ]

    def __str__(self) -> str:
        return f"{self.number}{self.suffix}"


class AddressFile(models.Model):
    """A file that was imported, known by its contents: importing it again changes nothing."""

    digest = models.CharField(primary_key=True, max_length=64, help_text="Of the contents and of the places served.")
    name = models.CharField(max_length=300)
    places = models.JSONField(help_text="INSEE codes whose addresses come from this file.")
    streets = models.PositiveIntegerField()
    numbers = models.PositiveIntegerField()
    loaded_at = models.DateTimeField()

    class Meta:
        db_table = "territory_address_file"

    def __str__(self) -> str:
        return self.name
