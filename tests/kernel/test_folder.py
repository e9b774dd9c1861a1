"""Reading a folder of text: every fault at once, each with its line."""

from datetime import date
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from lacydon.kernel.folder import FaultyFolder, Folder


class Boat(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: str
    length: int
    since: date | None = None


@pytest.fixture
def write(tmp_path):
    def put(name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return Folder(tmp_path)

    return put


def faults(folder):
    with pytest.raises(FaultyFolder) as refusal:
        folder.refuse_if_faulty()
    return [(fault.file, fault.line, str(fault)) for fault in refusal.value.faults]


def test_good_yaml_is_read_with_its_lines(write):
    folder = write("boats.yaml", "- id: a\n  length: 7\n  since: 2016-01-01\n- id: b\n  length: 9\n")
    boats, document = folder.read("boats.yaml", list[Boat])
    assert [(boat.id, boat.length, boat.since) for boat in boats] == [("a", 7, date(2016, 1, 1)), ("b", 9, None)]
    assert document.line(1, "length") == 5
    folder.refuse_if_faulty()


def test_all_faults_of_a_file_are_named_with_their_lines(write):
    folder = write("boats.yaml", "- id: a\n  length: long\n- id: b\n  length: 9\n  colour: red\n")
    folder.read("boats.yaml", list[Boat])
    told = faults(folder)
    assert [(file, line) for file, line, _sentence in told] == [("boats.yaml", 2), ("boats.yaml", 5)]
    assert "long" in told[0][2] and "colour" in told[1][2]


@pytest.mark.parametrize(
    "content",
    [
        "- id: [unclosed",
        "- id: a\n\tlength: 1\n",
        "- id: a\n  id: b\n  length: 1\n",
        b"- id: \xff\xfe\n",
        "- id: 2016-99-99\n  length: 1\n",
        "!!python/object/apply:os.system ['true']\n",
    ],
    ids=["unclosed", "tab", "twice", "not-utf8", "no-such-day", "tag"],
)
def test_what_cannot_be_read_is_a_fault_not_an_accident(write, content):
    folder = write("boats.yaml", content)
    folder.read("boats.yaml", list[Boat])
    assert all(file == "boats.yaml" for file, _line, _sentence in faults(folder))


def test_a_missing_file_is_named(write):
    folder = write("other.yaml", "")
    folder.read("boats.yaml", list[Boat])
    assert faults(folder)[0][0] == "boats.yaml"


def test_a_line_of_a_table_that_is_wrong_is_named(write):
    folder = write("boats.csv", "id,length\na,7\nb,long\n")
    rows = folder.table("boats.csv", Boat)
    assert [(line, boat.id) for line, boat in rows] == [(2, "a")]
    assert [(file, line) for file, line, _sentence in faults(folder)] == [("boats.csv", 3)]


def test_a_file_that_is_no_text_of_a_person_is_refused(write, monkeypatch):
    monkeypatch.setattr("lacydon.kernel.folder.LARGEST_FILE", 10)
    folder = write("boats.yaml", "- id: a\n  length: 7\n")
    folder.read("boats.yaml", list[Boat])
    assert len(faults(folder)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "a: !!bool peut-être",
        "a: !!int ''",
        "a: !!float ''",
        "a: !!timestamp hier",
        "? !!bool x\n: 1",
        "a: 1" + ":59" * 5_000,
        "a: !!python/object/apply:os.system [id]",
        "[" * 200 + "1," * 50_000 + "]" * 200,
    ],
)
def test_yaml_that_is_made_to_hurt_is_a_fault(text):
    folder = Folder(Path())
    assert folder.parsed("saisie", text) is None
    assert len(folder.faults) == 1 and folder.faults[0].found
