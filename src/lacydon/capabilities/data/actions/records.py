"""One record of another catalogue becomes, changes or leaves a dataset here."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from lacydon.capabilities.trust import public as trust
from lacydon.kernel.access import MACHINE, Actor
from lacydon.kernel.clock import now
from lacydon.kernel.errors import Refused
from lacydon.kernel.events import publish
from lacydon.kernel.snapshots import moved

from ..events import DatasetChanged
from ..models import Dataset, Distribution, Harvest, Harvested, Source, Status, Version
from ..ports import Record
from ..queries import exports
from ..queries.datasets import SNAPSHOT
from ..queries.harvested import Described, described, slug_of

MOST_FAULTS: Final = 100
"""Kept with a visit; all that concern a record are kept with it too."""
MOST_AT_ONCE: Final = 0.5
"""Of a source's datasets, withdrawn without asking anybody: a catalogue that is half empty is more likely broken."""
log = structlog.get_logger("lacydon.harvest")


class Taking:
    """The records of one visit, as they come. `since`: when the listing began that this visit goes on with."""

    def __init__(self, *, source: Source, run: Harvest, since: datetime) -> None:
        self.source = source
        self.run = run
        self.since = since
        self._moved = False

    def take(self, records: Sequence[Record], *, faults: Iterable[tuple[str, str, str]] = ()) -> None:
        """In the caller's transaction. What one record has wrong harms no other."""
        readable = [each for each in records if self._named(each)]
        met = [each for each in faults if each[0] and sound(each[0])]
        for identifier, title, sentence in faults:
            self._note(identifier, title, sentence)
        names = [each.identifier for each in readable] + [identifier for identifier, _title, _sentence in met]
        rows = Harvested.objects.filter(source=self.source, identifier__in=names).select_related("dataset")
        known = {row.identifier: row for row in rows}
        same: list[int] = []
        for record in readable:
            self.run.found += 1
            row = known.get(record.identifier)
            if row is not None and not _to_do(row, record):
                same.append(row.pk)
                self.run.same += 1
                if row.fault:
                    self._note(row.identifier, record.title.get("fr", ""), row.fault)
            else:
                self._change(record, row)
        for identifier, _title, sentence in met:
            self._seen_with(identifier, sentence)
        if same:
            Harvested.objects.filter(pk__in=same).update(seen_at=now(), missing_since=None, waits=False)
        if self._moved:
            moved(SNAPSHOT)
            self._moved = False

    def _named(self, record: Record) -> bool:
        """Whether it has an identifier that can be kept; our own datasets, that come back, are left aside."""
        ours = settings.PUBLIC_URL
        if ours and (record.url.startswith(f"{ours}/") or record.identifier.startswith(f"{ours}/")):
            return False
        if not sound(record.identifier):
            self._note(
                "", record.title.get("fr", ""), _("Ce jeu n’a pas d’identifiant : son catalogue doit lui en donner un.")
            )
            return False
        return True

    def _change(self, record: Record, row: Harvested | None) -> None:
        name = record.title.get("fr", "")
        try:
            with transaction.atomic():
                remarks = self._written(record, row)
        except Refused as refusal:
            self._seen_with(record.identifier, str(refusal.sentence))
            self._note(record.identifier, name, str(refusal.sentence))
        except (DatabaseError, ValueError, OverflowError) as error:
            log.warning("harvest.record-failed", source=self.source.pk, why=type(error).__name__)
            sentence = _("Ce jeu contient une valeur qui ne peut pas être gardée : %s.") % type(error).__name__
            self._seen_with(record.identifier, sentence)
            self._note(record.identifier, name, sentence)
        else:
            for each in remarks:
                self._note(record.identifier, name, each)

    def _written(self, record: Record, row: Harvested | None) -> tuple[str, ...]:
        told = described(record)
        dataset = row.dataset if row else None
        if dataset is None:
            dataset = self._added(record, told)
            self.run.added += 1
        elif dataset.source_id == self.source.pk:
            _change_dataset(dataset, record, told, self.source, back=bool(row and row.missing_since))
            self.run.changed += 1
        # A dataset that was taken over by its organisation is theirs: the record is only noted as seen.
        Harvested.objects.update_or_create(
            source=self.source,
            identifier=record.identifier,
            defaults={
                "dataset": dataset,
                "fingerprint": record.fingerprint,
                "seen_at": now(),
                "missing_since": None,
                "waits": False,
                "fault": " ".join(told.remarks),
            },
        )
        self._moved = True
        publish(DatasetChanged(dataset.pk))
        return told.remarks

    def _added(self, record: Record, told: Described) -> Dataset:
        dataset = Dataset(
            pk=_free_id(record, told, self.source),
            organisation_id=self.source.organisation_id,
            source=self.source,
            status=Status.PUBLISHED,
            created_at=now(),
        )
        _fill(dataset, record, told, self.source)
        dataset.save(force_insert=True)
        _put_files(dataset, told.files)
        return dataset

    def _seen_with(self, identifier: str, sentence: str) -> None:
        """A record that is there, but cannot be read: what it became before stays as it was."""
        Harvested.objects.update_or_create(
            source=self.source,
            identifier=identifier,
            defaults={
                "seen_at": now(),
                "missing_since": None,
                "waits": False,
                "fault": clean(sentence),
                "fingerprint": "",
            },
        )

    def _note(self, identifier: str, title: str, sentence: str) -> None:
        if len(self.run.faults) < MOST_FAULTS:
            said = {"id": clean(identifier)[:500], "title": clean(title)[:300], "sentence": clean(sentence)[:1000]}
            self.run.faults.append(said)


def sound(identifier: str) -> bool:
    """Whether an identifier can be kept and compared."""
    return bool(identifier.strip()) and len(identifier) <= 500 and identifier.isprintable()


def clean(text: str) -> str:
    """A text that any database keeps."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def settle_missing(*, source: Source, seen_since: datetime, unchanged: bool = False) -> int:
    """After a whole listing: note what it lacks; withdraw what two in a row lacked. In the caller's transaction.

    How many were withdrawn. More than half of a source's datasets at once wait for an agent (`accept_removals`).
    """
    missing = Harvested.objects.filter(source=source)
    missing = missing.exclude(missing_since=None) if unchanged else missing.filter(seen_at__lt=seen_since)
    missing.filter(dataset=None).delete()
    again = missing.filter(missing_since__lt=seen_since, dataset__status=Status.PUBLISHED, dataset__source=source)
    gone = list(again.values_list("pk", "dataset_id"))
    missing.filter(missing_since=None).update(missing_since=now())
    live = Dataset.objects.filter(source=source, status=Status.PUBLISHED).count()
    if len(gone) > live * MOST_AT_ONCE:
        Harvested.objects.filter(pk__in=[pk for pk, _dataset in gone]).update(waits=True)
        return 0
    withdraw_all(source=source, datasets=[dataset for _pk, dataset in gone], actor=MACHINE)
    return len(gone)


def withdraw_all(*, source: Source, datasets: Sequence[str], actor: Actor) -> None:
    """Datasets that their catalogue has not any more: nobody is shown them; their versions stay."""
    if not datasets:
        return
    Dataset.objects.filter(pk__in=datasets, source=source).update(status=Status.WITHDRAWN, modified=now())
    kept = list(Version.objects.filter(dataset__in=datasets).values_list("dataset_id", "content"))
    transaction.on_commit(lambda: exports.drop(kept))
    trust.record_all(
        trust.Draft(
            actor=actor,
            action="dataset.withdraw",
            purpose="publication",
            object=f"dataset:{each}"[:120],
            basis=f"source:{source.pk}"[:200],
            organisation=source.organisation_id,
        )
        for each in datasets
    )
    for each in datasets:
        publish(DatasetChanged(each))
    moved(SNAPSHOT)


def _to_do(row: Harvested, record: Record) -> bool:
    """Whether there is something to write: it changed, or it is back."""
    back = row.missing_since is not None and row.dataset is not None and row.dataset.status == Status.WITHDRAWN
    return row.fingerprint != record.fingerprint or back


def _change_dataset(dataset: Dataset, record: Record, told: Described, source: Source, *, back: bool) -> None:
    _fill(dataset, record, told, source)
    if back and dataset.status == Status.WITHDRAWN:
        dataset.status = Status.PUBLISHED
    # Not the current version: a copy of its rows may be published meanwhile.
    dataset.save(update_fields=[*told.fields, "modified", "origin", "status"])
    _put_files(dataset, told.files)


def _fill(dataset: Dataset, record: Record, told: Described, source: Source) -> None:
    for name, value in told.fields.items():
        setattr(dataset, name, value)
    dataset.modified = record.modified or now()
    dataset.origin = {
        **{name: value for name, value in dataset.origin.items() if name == "copy"},
        "id": record.identifier,
        "url": told.fields["landing_page"],
        "catalogue": source.title,
        "publisher": clean(record.publisher)[:300],
        "modified": record.modified.isoformat() if record.modified else "",
        "hash": record.fingerprint,
    }


def _put_files(dataset: Dataset, files: Sequence[Mapping[str, Any]]) -> None:
    """Distributions keep their row, hence their address, while theirs stays the same."""
    held = {(row.access_url, row.title): row for row in dataset.distributions.all()}
    kept: set[int] = set()
    for fields in files:
        row = held.pop((fields["access_url"], fields["title"]), None)
        if row is None:
            row = Distribution(dataset=dataset, **fields)
            row.save()
        elif any(getattr(row, name) != value for name, value in fields.items()):
            for name, value in fields.items():
                setattr(row, name, value)
            row.save()
        kept.add(row.pk)
    dataset.distributions.exclude(pk__in=kept).delete()


def _free_id(record: Record, told: Described, source: Source) -> str:
    """The title as a slug; with the source, then with a mark of the record, when others have it already."""
    slug = slug_of(told.fields["title"])
    mark = hashlib.sha256(f"{source.pk}\n{record.identifier}".encode()).hexdigest()[:8]
    wanted = [slug, f"{slug[: 99 - len(source.pk)]}-{source.pk}"[:100].strip("-"), f"{slug}-{mark}"]
    taken = set(Dataset.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    return next((each for each in wanted if each not in taken), wanted[-1])
