"""Tables of the kernel: the version of what processes hold in memory, the workers that are alive, the names of the keys
that this database hangs on, the attempts that are counted."""

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


class RingKey(models.Model):
    """A key of the ring that this database hangs on, by its check value, so that a wrong ring is seen at once."""

    id = models.CharField(max_length=20, primary_key=True)
    enrolled_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_ring_key"

    def __str__(self) -> str:
        return self.id


class Attempts(models.Model):
    """When somebody (a keyed hash) tried something lately, in seconds of the Unix epoch (see kernel.attempts)."""

    key = models.CharField(max_length=64, primary_key=True)
    moments = models.JSONField(default=list)
    until = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "kernel_attempts"

    def __str__(self) -> str:
        return self.key


class Letter(models.Model):
    """A message on its way (see kernel.mail): sealed under a key of its own, and gone as soon as it is sent."""

    id = models.UUIDField(primary_key=True)
    wrapped = models.BinaryField()
    sealed = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)
    good_until = models.DateTimeField()

    class Meta:
        db_table = "kernel_letter"

    def __str__(self) -> str:
        return str(self.id)


class DailyJob(models.Model):
    """A job done every day, and the last day (Europe/Paris) it was enqueued (see kernel.schedule)."""

    name = models.CharField(max_length=200, primary_key=True)
    day = models.DateField(null=True)

    class Meta:
        db_table = "kernel_daily_job"

    def __str__(self) -> str:
        return self.name
