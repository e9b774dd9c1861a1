"""What is not kept for ever: versions beyond those a dataset keeps, files that no version names."""

import os
import time
from pathlib import Path

from django.db import transaction

from lacydon.capabilities.trust.public import record
from lacydon.kernel.access import MACHINE
from lacydon.kernel.clock import now

from ..models import Dataset, SavedView, Version
from ..queries import exports, lake
from ..queries.datasets import path_of

OLD = 24 * 3600
"""Seconds after which a file that no row names was left by a process that was killed."""


def purge_versions() -> int:
    """Remove the rows of versions beyond those kept; how many. Their line stays, and says when.

    A version that a derived one was made of, or that a saved view shows, is kept as long as these are.
    """
    needed = {
        (each["dataset"], each["number"])
        for made_of in Version.objects.filter(removed_at=None).exclude(made_of=[]).values_list("made_of", flat=True)
        for each in made_of
    }
    needed |= set(SavedView.objects.exclude(version=None).values_list("dataset_id", "version"))
    removed = 0
    for dataset in Dataset.objects.filter(keep__gt=0):
        kept = Version.objects.filter(dataset=dataset, removed_at=None).order_by("-number")
        for version in kept[dataset.keep + 1 :]:
            if version.pk != dataset.current_id and (version.dataset_id, version.number) not in needed:
                _remove(version, organisation=dataset.organisation_id)
                removed += 1
    return removed


@transaction.atomic
def _remove(version: Version, *, organisation: str) -> None:
    version.removed_at = now()
    version.save(update_fields=["removed_at"])
    record(
        actor=MACHINE,
        action="dataset.purge",
        purpose="retention",
        object=f"dataset:{version.dataset_id}@{version.number}"[:120],
        basis=f"sha256:{version.content}",
        organisation=organisation,
    )
    file = path_of(dataset=version.dataset_id, number=version.number, content=version.content)
    transaction.on_commit(lambda: file.unlink(missing_ok=True))
    transaction.on_commit(lambda: exports.drop([(version.dataset_id, version.content)]))


def sweep() -> int:
    """Remove the files of the lake that no version names, and what engines that are gone have spilled; how many."""
    named = {
        path_of(dataset=dataset, number=number, content=content).name
        for dataset, number, content in Version.objects.filter(removed_at=None).values_list(
            "dataset_id", "number", "content"
        )
    }
    swept = 0
    for file in lake.home().glob("*/*.parquet"):
        if file.parent.name not in ("arrivals", "exports") and file.name not in named and _age(file) > OLD:
            file.unlink(missing_ok=True)
            swept += 1
    for folder in (lake.home() / "spill").glob("[0-9]*"):
        if not _lives(int(folder.name)):
            for file in folder.rglob("*"):
                file.unlink(missing_ok=True)
                swept += 1
            folder.rmdir()
    return swept


def _age(file: Path) -> float:
    try:
        return time.time() - file.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
