"""Tables of the kernel: the version of what processes hold in memory, the workers that are alive."""

from django.db import models


class SnapshotVersion(models.Model):
    """A random token that changes with what a snapshot mirrors (see kernel.snapshots)."""

    name = models.CharField(max_length=80, primary_key=True)
    version = models.CharField(max_length=32)

    class Meta:
        db_table = "kernel_snapshot_version"

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class Worker(models.Model):
    """A process that does jobs, and when it last said that it is alive (see kernel.jobs)."""

    id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_worker"

    def __str__(self) -> str:
        return self.id
