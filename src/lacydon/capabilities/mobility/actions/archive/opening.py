"""What was observed becomes open data: a dataset a month, its rows those that the figures are made of."""

import calendar
import shutil
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import duckdb
from django.utils.translation import gettext as _

from lacydon.capabilities.data.public import Column, describe_dataset, publish_version, workshop
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.access import MACHINE
from lacydon.kernel.texts import in_every_language

from ...models import LiveHour
from ...queries.archive.columns import columns
from ...queries.archive.engine import archive, asking, literal, month_files, table_of
from ...queries.punctuality.names import SOURCES, dataset_of
from ...queries.punctuality.words import month_words

DETAILS = "FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 61440"


def publisher() -> str:
    """The organisation that publishes: the authority of the whole territory; empty when there is none yet."""
    return next((each.id for each in territory.authorities() if each.kind == "metropole"), "")


def publish_month(*, month: str) -> bool:
    """Publish the passages observed in a month (2026-11), those of its closed days; False when there is nothing.

    The same content again makes no new version.
    """
    files, organisation = month_files(month), publisher()
    if not files or not organisation:
        return False
    year, number = (int(each) for each in month.split("-"))
    describe_dataset(
        id=dataset_of(month),
        actor=MACHINE,
        fields={
            "organisation": organisation,
            "title": in_every_language(lambda: _("Passages observés des transports, %s") % month_words(month)),
            "description": in_every_language(
                lambda: _(
                    "Chaque passage d’un véhicule vu à un arrêt : l’heure prévue, l’heure observée, l’écart. Seulement "
                    "ce qui a été vu, jamais une prévision. La ponctualité publiée ici s’en déduit, et se recalcule."
                )
            ),
            "keywords": ["transport", "ponctualité", "temps réel", "passages"],
            "themes": ["TRAN"],
            "licence": "lov2",
            "frequency": "DAILY",
            "starts_on": date(year, number, 1),
            "ends_on": date(year, number, calendar.monthrange(year, number)[1]),
            "keep": 3,
        },
    )
    with asking(seconds=600) as base:
        select = f"SELECT * FROM {table_of(files)} ORDER BY jour, ligne_id, prevu, arret_id, course_id"  # noqa: S608
        _publish(base, select, dataset=dataset_of(month), told=columns(), reason=_("Jours clos"))
    return True


def publish_sources() -> bool:
    """Publish how each source of real time answered, hour by hour; False when there is nothing."""
    organisation = publisher()
    hours = LiveHour.objects.order_by("source", "hour")
    rows = [
        (each.source_id, each.hour, each.asked, each.answered, each.failed, each.stale) for each in hours.iterator()
    ]
    if not rows or not organisation:
        return False
    describe_dataset(
        id=SOURCES,
        actor=MACHINE,
        fields={
            "organisation": organisation,
            "title": in_every_language(lambda: _("Disponibilité des sources de temps réel, heure par heure")),
            "description": in_every_language(
                lambda: _("Combien de fois chaque source a été interrogée, a répondu, a échoué, a répondu trop vieux.")
            ),
            "keywords": ["transport", "temps réel", "disponibilité"],
            "themes": ["TRAN"],
            "licence": "lov2",
            "frequency": "DAILY",
            "keep": 3,
        },
    )
    told = (
        Column(name="source", label=_("Source"), type="text"),
        Column(name="heure", label=_("Heure (début, UTC)"), type="datetime"),
        Column(name="questions", label=_("Questions posées"), type="integer"),
        Column(name="reponses", label=_("Réponses"), type="integer"),
        Column(name="echecs", label=_("Échecs"), type="integer"),
        Column(name="perimees", label=_("Réponses trop vieilles"), type="integer"),
    )
    base = duckdb.connect(":memory:", config={"threads": 1})
    try:
        base.execute("SET TimeZone = 'UTC'")
        base.execute(
            "CREATE TABLE rows (source VARCHAR, heure TIMESTAMPTZ, questions BIGINT, reponses BIGINT, echecs BIGINT,"
            " perimees BIGINT)"
        )
        base.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)", rows)
        _publish(base, "SELECT * FROM rows ORDER BY source, heure", dataset=SOURCES, told=told, reason="")
    finally:
        base.close()
    return True


def _publish(
    base: duckdb.DuckDBPyConnection, select: str, *, dataset: str, told: tuple[Column, ...], reason: Any
) -> None:
    file = archive() / f".open-{uuid4()}.parquet"
    integers = ", ".join(
        f"CAST({each.name} AS BIGINT) AS {each.name}" if each.type == "integer" else each.name for each in told
    )
    copying = (
        f"COPY (SELECT {integers}, row_number() OVER () AS _row FROM ({select}))"  # noqa: S608
        f" TO {literal(str(file.resolve()))} ({DETAILS})"
    )
    base.execute(copying)
    ready = Path(shutil.move(file, workshop() / file.name.lstrip(".")))
    publish_version(dataset=dataset, file=ready, columns=told, actor=MACHINE, reason=str(reason))
