"""The contours of the communes and of their arrondissements, as imported from the national commune API."""

from django.db import models

from .communes import Commune


class Contour(models.Model):
    """The limits of one place; `code` is that of `commune`, or of one of its arrondissements."""

    code = models.CharField(primary_key=True, max_length=5)
    commune = models.ForeignKey(Commune, on_delete=models.CASCADE, related_name="contours")
    geometry = models.JSONField(help_text="GeoJSON Polygon or MultiPolygon, WGS 84, lon then lat.")
    source = models.CharField(max_length=500, help_text="File or address it was read from.")
    loaded_at = models.DateTimeField()

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code
