"""Importing the CSV of the BAN: streamed, whole or not at all, twice without effect, killed without harm."""

import gzip
import signal
import subprocess

import pytest

from lacydon.capabilities.territory import public as territory
from lacydon.config.commands.addresses import addresses_import
from lacydon.connectors import FOLDER
from lacydon.connectors.address_index.connector import import_file
from lacydon.kernel.errors import NotFound
from lacydon.kernel.folder import FaultyFolder
from tests.loaded import SMALL
from tests.product import LACYDON, ROOT, database_of, done, environment, lacydon, migrated

SAMPLE = FOLDER / "address_index" / "samples" / "adresses.csv"
HEADER = "id;id_fantoir;numero;rep;nom_voie;code_postal;code_insee;nom_commune;x;y;lon;lat"
GOOD = "97001_0900_00001;;1;;Allée des Tamaris;97100;97001;Olivette;870648.6;6225246.6;5.1;43.1"


def streets() -> set[str]:
    return {f"{each.name} {each.citycode}" for each in territory.indexed_streets()}


@pytest.fixture
def file(tmp_path):
    def written(*rows: str, header: str = HEADER, name: str = "ban.csv"):
        (tmp_path / name).write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return tmp_path / name

    return written


def test_a_file_is_imported_then_changes_nothing(small_territory):
    first = import_file(SAMPLE)
    assert (first.done.streets, first.done.numbers, first.done.outside) == (12, 20, 1)
    assert first.done.places == ("97001", "97002", "97003", "98201", "98202")
    before = streets()
    assert import_file(SAMPLE).done.unchanged is True
    assert streets() == before


def test_a_compressed_file_tells_how_far_it_is(small_territory, tmp_path, monkeypatch):
    monkeypatch.setattr("lacydon.connectors.address_index.ban_csv.STEP", 5)
    (tmp_path / "ban.csv.gz").write_bytes(gzip.compress(SAMPLE.read_bytes()))
    told = []
    done = import_file(tmp_path / "ban.csv.gz", progress=lambda lines, share: told.append((lines, share))).done
    assert done.numbers == 20
    assert len(told) > 3 and told[-1][1] == 1.0 and told == sorted(told)


def test_a_later_file_replaces_the_communes_it_speaks_of(addresses, file):
    import_file(file(GOOD))
    assert {each for each in streets() if each.endswith("97001")} == {"Allée des Tamaris 97001"}
    assert "Quai du Port 98202" in streets()
    assert import_file(SAMPLE).done.unchanged is False
    assert "Allée des Tamaris 97001" not in streets()


def test_a_number_given_twice_is_kept_once(small_territory, file):
    done = import_file(file(GOOD, GOOD)).done
    assert (done.numbers, done.duplicates) == (1, 1)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (GOOD.replace(";5.1;43.1", ";43.1;5.1"), "lon 43.1"),
        (GOOD.replace(";5.1;", ";east;"), "east"),
        (GOOD.replace(";5.1;", ";nan;"), "nan"),
        (GOOD.replace(";5.1;", ";185;"), "185"),
        (GOOD.replace(";97001;", ";Olivette;"), "code_insee"),
        (GOOD.replace(";97100;", ";9710;"), "code_postal"),
        (GOOD.replace(";1;;", ";un;;"), "numero"),
        (GOOD.replace("Allée des Tamaris", ""), "nom_voie"),
        (GOOD.replace("Allée des Tamaris", "x" * 300), "nom_voie"),
        (GOOD.replace("97001_0900_00001", ""), "id"),
        (GOOD.replace("870648.6", "loin"), "x"),
        (GOOD + ";de trop", "13"),
        ("une ligne", "1"),
        (GOOD.replace("Allée des Tamaris", '"Allée\ndes Tamaris"'), "plusieurs lignes"),
    ],
)
def test_a_fault_is_told_with_its_line_and_nothing_is_imported(addresses, file, row, found):
    before = streets()
    with pytest.raises(FaultyFolder) as refusal:
        import_file(file(GOOD, row, GOOD))
    fault = refusal.value.faults[0]
    assert (fault.file, fault.line) == ("ban.csv", 3)
    assert found in fault.found
    assert streets() == before


def test_faulty_lines_may_be_left_out(small_territory, file, capsys):
    bad = GOOD.replace(";5.1;", ";east;")
    path = file(bad, GOOD)
    assert addresses_import(path, skip_faults=False) == 1
    assert "ban.csv:2" in capsys.readouterr().out
    assert addresses_import(path, skip_faults=True) == 0
    assert "ban.csv:2" in capsys.readouterr().out
    assert streets() == {"Allée des Tamaris 97001"}


def test_fifty_faults_are_told_and_the_rest_counted(small_territory, file):
    with pytest.raises(FaultyFolder) as refusal:
        import_file(file(*["x"] * 60))
    assert len(refusal.value.faults) == 51
    assert any("10" in fault.found for fault in refusal.value.faults)


@pytest.mark.parametrize("header", ["", "a,b,c", HEADER.replace(";lon", ""), HEADER + ";lat"])
def test_another_kind_of_file_is_told_at_its_first_line(small_territory, file, header):
    with pytest.raises(FaultyFolder) as refusal:
        import_file(file(GOOD, header=header))
    assert [fault.line for fault in refusal.value.faults] == [1]


@pytest.mark.parametrize("content", [gzip.compress(SAMPLE.read_bytes())[:-30], b"no archive"])
def test_a_broken_archive_is_told(small_territory, tmp_path, content):
    (tmp_path / "ban.csv.gz").write_bytes(content)
    with pytest.raises(FaultyFolder):
        import_file(tmp_path / "ban.csv.gz")
    assert streets() == set()


def test_bytes_that_are_no_utf_8_are_told(small_territory, tmp_path):
    (tmp_path / "ban.csv").write_bytes(f"{HEADER}\n{GOOD}\n".encode("latin-1"))
    with pytest.raises(FaultyFolder) as refusal:
        import_file(tmp_path / "ban.csv")
    assert refusal.value.faults[0].line == 2


def test_without_file_or_territory_it_is_said(db, tmp_path):
    with pytest.raises(NotFound):
        import_file(tmp_path / "rien.csv")
    with pytest.raises(NotFound):
        import_file(SAMPLE)


def test_an_import_killed_half_way_leaves_what_was_there(tmp_path, worker_id):
    rows = [f"97001_0900_{n:05d};;{n};;Allée des Tamaris;97100;97001;Olivette;;;5.1;43.1" for n in range(1, 200_000)]
    (tmp_path / "ban.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    with database_of(f"killed_{worker_id}") as database:
        variables = environment(home=tmp_path / "home", **database)
        migrated(environment=variables)
        done("load", str(SMALL), environment=variables)
        done("addresses", "import", str(SAMPLE), environment=variables)
        before = lacydon("connectors", environment=variables).stdout
        command = [LACYDON, "addresses", "import", str(tmp_path / "ban.csv")]
        with subprocess.Popen(command, env=variables, cwd=ROOT, stderr=subprocess.PIPE, text=True) as running:
            assert "20000" in running.stderr.readline()
            running.send_signal(signal.SIGKILL)
        assert running.returncode == -signal.SIGKILL
        assert lacydon("connectors", environment=variables).stdout == before
        done("addresses", "import", str(SAMPLE), environment=variables)
