"""A file comes in by one of four ways, is read, corrected, published or refused; nothing of it is lost or left half."""

import io
import os
import time
from pathlib import Path

import pytest

from lacydon.capabilities.data.actions import arrivals, inbox, keys, restoring
from lacydon.capabilities.data.actions.opening import table_of
from lacydon.capabilities.data.errors import NotPublishable
from lacydon.capabilities.data.models import Arrival, Dataset, Version
from lacydon.capabilities.data.queries import arrivals as sent
from lacydon.capabilities.data.queries import lake
from lacydon.capabilities.data.queries.logical import Question
from lacydon.capabilities.data.queries.roles import PUBLISHER
from lacydon.capabilities.trust.errors import NotAllowed
from lacydon.kernel.access import MACHINE
from lacydon.kernel.http import AddressRefused
from tests.capabilities.trust import people

from .harbour import described

pytestmark = pytest.mark.django_db

CSV = b"code;nom;jour\n13055;Plaine;31/12/2023\n01004;Prado;01/02/2024\n"


def received(content: bytes = CSV, *, actor=MACHINE, name: str = "marches.csv") -> Arrival:
    if not Dataset.objects.filter(pk="marches").exists():
        described()
    return arrivals.receive(dataset="marches", actor=actor, file=io.BytesIO(content), name=name)


def published(content: bytes = CSV, **options) -> Version:
    made = received(content)
    arrivals.read(arrival=made)
    return arrivals.publish(arrival=made, actor=MACHINE, reason="essai", **options)


def rows(version: int | None = None) -> list[tuple]:
    return lake.answer(table_of("marches", version=version), Question()).rows


def left() -> list[str]:
    return [each.name for each in lake.workshop().iterdir()]


def test_a_file_becomes_a_version_that_names_it():
    before = set(left())
    version = published()
    assert (version.number, version.rows, version.source_name, version.reason) == (1, 2, "marches.csv", "essai")
    assert [each[0] for each in rows()] == ["01004", "13055"] or [each[1] for each in rows()] == ["Plaine", "Prado"]
    assert set(left()) == before
    assert Arrival.objects.get().version == version


def test_publishing_twice_gives_one_version():
    made = received()
    arrivals.read(arrival=made)
    first = arrivals.publish(arrival=made, actor=MACHINE)
    assert arrivals.publish(arrival=Arrival.objects.get(pk=made.pk), actor=MACHINE) == first
    assert published() == first


def test_columns_stay_what_they_were_unless_that_would_lose_something():
    published(b"code;n;nom\n01004;1,5;A\n")
    later = received(b"nom;code;n\nB;13055;2\n")
    arrivals.read(arrival=later)
    version = arrivals.publish(arrival=later, actor=MACHINE)
    assert {each["name"]: each["type"] for each in version.columns} == {"nom": "text", "code": "text", "n": "number"}
    other = received(b"code;n\n13055;beaucoup\n")
    arrivals.read(arrival=other)
    version = arrivals.publish(arrival=other, actor=MACHINE)
    assert {each["name"]: each["type"] for each in version.columns} == {"code": "text", "n": "text"}


def test_what_cannot_be_read_is_refused_and_gone():
    made = arrivals.read(arrival=received(b"%PDF-1.7"))
    assert made.state == Arrival.State.REFUSED and "PDF" in made.refusal
    assert not sent.folder_of(made).exists()
    with pytest.raises(NotPublishable):
        arrivals.publish(arrival=made, actor=MACHINE)


def test_who_may_not_publish_sends_nothing():
    described()
    organisation = people.organisation("ville")
    clerk = people.actor(people.agent(organisation=organisation, roles=(PUBLISHER,)), organisation="ville")
    other = people.actor(
        people.agent(organisation=people.organisation("autre"), roles=(PUBLISHER,)), organisation="autre"
    )
    assert received(actor=clerk).sent_by_id is not None
    before = left()
    with pytest.raises(NotAllowed):
        received(actor=other)
    assert left() == before


def test_too_large_and_a_full_disk_are_told(settings, monkeypatch):
    described()
    before = left()
    settings.DATA_LARGEST = 10
    with pytest.raises(NotPublishable, match="trop gros"):
        received()
    settings.DATA_LARGEST = 10_000

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(NotPublishable, match="place"):
        received()
    assert left() == before and not Arrival.objects.exists()


def test_an_address_inside_is_refused():
    described()
    with pytest.raises(AddressRefused):
        arrivals.fetch(dataset="marches", actor=MACHINE, url="http://127.0.0.1:9/a.csv")
    assert not [each for each in left() if each.endswith(".part")]


def test_an_older_version_comes_back_as_a_new_one():
    published()
    published(b"code;nom;jour\n13055;Autre;31/12/2023\n")
    clerk = people.actor(
        people.agent(organisation=people.organisation("ville"), roles=(PUBLISHER,)), organisation="ville"
    )
    made = restoring.restore(dataset="marches", number=1, actor=clerk, reason="erreur")
    assert (made.number, made.content) == (3, Version.objects.get(number=1).content)
    assert rows() == rows(1)


@pytest.fixture
def watched(settings, tmp_path) -> Path:
    settings.DATA_INBOX = tmp_path / "inbox"
    (settings.DATA_INBOX / "marches").mkdir(parents=True)
    described()
    return settings.DATA_INBOX / "marches"


def old(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    moment = time.time() - 120
    os.utime(path, (moment, moment))
    return path


def test_the_watched_folder(watched):
    (watched / "neuf.csv").write_bytes(CSV)
    assert not inbox.is_waiting() and inbox.take_from_inbox() == []
    old(watched / "marches.csv", CSV)
    old(watched / "faux.csv", b"%PDF-1.7")
    assert inbox.is_waiting()
    assert [each.number for each in inbox.take_from_inbox()] == [1]
    assert not inbox.is_waiting()
    assert [each.name[-11:] for each in (watched / "done").iterdir()] == ["marches.csv"]
    assert any("PDF" in each.read_text() for each in (watched / "refused").glob("*.txt"))
    old(watched / "marches.csv", CSV)  # killed before the move: taken again, nothing changes
    assert [each.number for each in inbox.take_from_inbox()] == [1]
    assert Version.objects.count() == 1


def test_what_was_left_behind_is_swept():
    published()
    kept = received()
    stray = lake.workshop() / "work-stray"
    stray.mkdir()
    (stray / "source").write_bytes(b"x")
    recent = lake.workshop() / "work-recent"
    recent.mkdir()
    os.utime(stray, (0, 0))
    os.utime(sent.folder_of(kept), (0, 0))
    assert arrivals.sweep() == 1
    assert not stray.exists() and recent.exists() and sent.path_of(kept).exists()
    recent.rmdir()


def test_a_machine_sends_with_the_key_of_the_dataset(client):
    described()
    address = "/api/v1/data/datasets/marches/versions"
    clerk = people.actor(
        people.agent(organisation=people.organisation("ville"), roles=(PUBLISHER,)), organisation="ville"
    )
    key = keys.make_key(dataset="marches", actor=clerk)

    def send(key: str, content: bytes = CSV):
        return client.post(
            f"{address}?name=m.csv&reason=nuit",
            data=content,
            content_type="application/octet-stream",
            headers={"Authorization": f"Bearer {key}"},
        )

    assert send("lcd_false").status_code == 401
    answer = send(key)
    assert answer.status_code == 201, answer.content
    assert (answer.json()["number"], answer.json()["rows"]) == (1, 2)
    assert Version.objects.get().reason == "nuit"
    assert send(key, b"%PDF-1.7").status_code == 422
    keys.make_key(dataset="marches", actor=clerk)
    assert send(key).status_code == 401
