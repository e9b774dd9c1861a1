"""Public figures, as they were published: nothing of anybody in them."""

from django.db import models


class PublishedFigures(models.Model):
    """The figures of the twelve months before `until`, worked out once, so that they never change under who subtracts
    one publication from another. `content`: see queries.figures."""

    until = models.DateField(primary_key=True, help_text="The first day that is not counted, the first of a month.")
    made_at = models.DateTimeField()
    content = models.JSONField()

    class Meta:
        verbose_name_plural = "published figures"

    def __str__(self) -> str:
        return f"figures until {self.until}"
