"""appointments.yaml: loaded, loaded again, changed; what is wrong in it is said with its line."""

import shutil

import pytest

from lacydon.capabilities.requests.models import Closure, CounterDesk, CounterPlace, Motive, Opening
from lacydon.config.commands.folder import load
from tests.markup import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(territory_folder, tmp_path):
    return shutil.copytree(territory_folder, tmp_path / "territory")


def change(folder, old, new):
    file = folder / "appointments.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_loaded_twice_it_is_the_same_and_what_left_is_not_offered(folder, capsys):
    assert load(folder) == 0
    before = list(Opening.objects.values_list("pk", flat=True))
    assert Motive.objects.count() == 2 and len(before) == 6 and Closure.objects.count() == 1
    assert load(folder) == 0
    assert list(Opening.objects.values_list("pk", flat=True)) == before
    change(folder, 'opens: "09:00", closes: "12:00"', 'opens: "09:00", closes: "11:00"')
    change(folder, "counters: 2", "counters: 3")
    assert load(folder) == 0
    assert CounterDesk.objects.get().counters == 3 and Opening.objects.filter(ends="11:00").count() == 5
    (folder / "appointments.yaml").unlink()
    assert load(folder) == 0
    assert not CounterPlace.objects.filter(active=True).exists() and not Motive.objects.filter(active=True).exists()
    assert CounterPlace.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("minutes: 20", "minutes: 7", ":6"),
        ("forms: [cantine]", "forms: [autre]", "« autre »"),
        ("services: [carte-identite]", "services: [rien]", "« rien »"),
        ('closes: "12:00"', 'closes: "08:00"', "« 08:00 »"),
        ('opens: "09:00", closes: "12:00"', 'opens: "09:03", closes: "12:00"', "« 09:03 »"),
        ("organisation: commune-97001", "organisation: ailleurs", "« ailleurs »"),
        ('citycode: "97001"', 'citycode: "00000"', "« 00000 »"),
        ("motives: [carte-identite, inscription-cantine]", "motives: [rien]", "« rien »"),
        ("first: 2026-12-28", "first: 2027-12-28", "2026-12-31"),
        ("id: inscription-cantine", "id: carte-identite", "« carte-identite »"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(folder, capsys, old, new, said):
    change(folder, old, new)
    assert load(folder) != 0
    told = capsys.readouterr()
    assert "appointments.yaml:" in told.out + told.err and said in (told.out + told.err).replace("\u00a0", " ")


def shown(client, address):
    return read(client.get(address).content.decode()).one("main")


def test_the_sheet_of_a_service_and_its_form_say_that_one_may_come_where_somebody_receives(folder, client):
    assert load(folder) == 0
    here = shown(client, "/services/carte-identite?citycode=97001")
    (card,) = [each for each in here.all("a") if "Prendre rendez-vous" in each.words]
    listed = shown(client, card.attributes["href"])
    assert [each.words for each in listed.all("h3")] == ["Carte d’identité : déposer mon dossier"]
    places = listed.one("h3").one("a").attributes["href"]
    assert places.endswith("?citycode=97001") and "Mairie" in shown(client, places).words
    assert "Prendre rendez-vous" not in shown(client, "/services/carte-identite?citycode=97002").words
    by_its_form = shown(client, "/services/cantine-ecole?citycode=97001")
    assert "Inscription à la cantine" in by_its_form.one("div", class_="side").words
    form = shown(client, "/demarches/cantine?citycode=97001")
    (way,) = [each for each in form.all("a") if "Vous préférez venir ?" in each.words]
    assert "Inscription à la cantine" in shown(client, way.attributes["href"]).one("h3").words
    assert "Vous préférez venir" not in shown(client, "/demarches/cantine?citycode=97002").words
    change(folder, "    services: [carte-identite]\n", "")
    assert load(folder) == 0
    assert "Prendre rendez-vous" not in shown(client, "/services/carte-identite?citycode=97001").words
