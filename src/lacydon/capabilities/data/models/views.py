"""Ways of looking at a dataset that were kept under an address."""

from django.db import models

from .catalogue import Dataset


class SavedView(models.Model):
    """A table, a chart or a map: what is asked, and how it is drawn. `version`: null is always the current one."""

    id = models.CharField(primary_key=True, max_length=40)
    dataset = models.ForeignKey(Dataset, on_delete=models.CASCADE, related_name="views")
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, help_text="table, chart, map")
    asked = models.JSONField(help_text="The parameters of the page's address.")
    version = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("trust.Person", null=True, on_delete=models.SET_NULL, related_name="+")

    def __str__(self) -> str:
        return self.title
