"""Publishes a file and dies at a chosen place: python -m tests.faults.arriving PLACE FILE."""

import io
import os
import signal
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "lacydon.config.settings"
import django

django.setup()

from lacydon.capabilities.data.actions import arrivals, publication  # noqa: E402
from lacydon.capabilities.data.models import Arrival, Dataset  # noqa: E402
from lacydon.capabilities.trust.models import Organisation  # noqa: E402
from lacydon.kernel.access import MACHINE  # noqa: E402


def die(*_args: object, **_options: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(place: str, content: bytes) -> None:
    organisation, _new = Organisation.objects.get_or_create(id="ville", defaults={"kind": "commune", "name": {}})
    if not Dataset.objects.exists():
        fields = {"organisation": organisation.pk, "title": {"fr": "M"}, "description": {"fr": "M"}}
        publication.describe_dataset(id="marches", actor=MACHINE, fields=fields)
    if place == "received":
        Arrival.objects.create = die  # the file is there, its row is not
    made = arrivals.receive(dataset="marches", actor=MACHINE, file=io.BytesIO(content), name="m.csv")
    arrivals.read(arrival=made)
    if place == "prepared":
        arrivals.look_for_personal_data = die
    if place == "moved":
        publication.record = die  # the file is in its place, the transaction is open
    if place == "published":
        Arrival.refresh_from_db = die  # all is committed, the rest is only tidying
    arrivals.publish(arrival=made, actor=MACHINE)


main(sys.argv[1], Path(sys.argv[2]).read_bytes())
