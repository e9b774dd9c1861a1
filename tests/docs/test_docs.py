"""The docs are true: what they must name is named, their links lead somewhere, their examples can be read."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from lacydon.config import settings_table
from lacydon.config.command_line import _parser
from lacydon.kernel import plugs
from tests.product import ROOT

PAGES = sorted(
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
)
OPERATORS = ROOT / "docs" / "operators"


def test_the_page_of_settings_is_the_table():
    assert (OPERATORS / "settings.md").read_text() == settings_table.as_page(), "run tools/settings_page"


def test_every_command_is_documented():
    page = (OPERATORS / "deployment.md").read_text()
    commands = next(action for action in _parser()._actions if action.choices).choices
    assert {name for name in commands or () if f"`lacydon {name}" not in page} == set()


def test_every_extension_point_is_documented():
    page = (ROOT / "docs" / "developers" / "house.md").read_text()
    assert {point.name for point in plugs.ALL if f"`{point.name}`" not in page} == set()


def test_every_capability_is_in_the_guide_and_nothing_else():
    page = (ROOT / "docs" / "developers" / "house.md").read_text()
    drawn = set(re.findall(r"^      (\w+)  ", page, flags=re.MULTILINE))
    there = {path.parent.name for path in (ROOT / "src" / "lacydon" / "capabilities").glob("*/apps.py")}
    assert drawn == there


def test_every_connector_has_its_page():
    folders = [path.parent for path in (ROOT / "src" / "lacydon" / "connectors").glob("*/connector.toml")]
    assert folders
    assert [folder.name for folder in folders if not (folder / "README.md").is_file()] == []


def test_every_dependency_is_explained_and_no_other():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE))
    assert named == {re.split(r"[\[<>=]", each)[0] for each in wanted}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
    assert [link for link in links if not (page.parent / link).exists()] == []


def examples() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for number, text in enumerate(re.findall(r"```(?:yaml)\n(.*?)```", page.read_text(), flags=re.DOTALL), 1):
            yield f"{page.relative_to(ROOT)} ({number})", text


@pytest.mark.parametrize(("where", "text"), list(examples()), ids=lambda value: value if value.endswith(")") else "")
def test_examples_in_yaml_can_be_read(where: str, text: str):
    assert yaml.safe_load(text) is not None


def test_the_readme_has_just_two_commands():
    blocks = re.findall(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(), flags=re.DOTALL)
    assert [block.strip() for block in blocks] == ["./run", "./test"]


def test_decisions_are_numbered_without_a_gap():
    numbers = sorted(int(path.name[:4]) for path in (ROOT / "docs" / "adr").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))
