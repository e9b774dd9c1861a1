"""The documents annexed to votes: what the assembly saw, kept as it was received."""

from django.db import models


class Annex(models.Model):
    """One act has one annexed document; one received again takes its place, and the journal says so."""

    act = models.SlugField(max_length=80, unique=True)
    """An object of kind `act`."""
    name = models.CharField(max_length=200)
    """Of the file, as it was sent."""
    content = models.CharField(max_length=64)
    """SHA-256 of the file: it is the one that was voted, or it is not."""
    lines = models.JSONField(default=list)
    """[{policy, code, amount}], in its order; amounts in euros, as text."""
    at = models.DateTimeField()
    entry = models.UUIDField()
    """The entry of the journal that says who sent it."""
    from_folder = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.act}: {self.name}"
