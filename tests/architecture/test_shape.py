"""The shape of the house: files of a capability, their size, what no file of code may hold, keys that point down."""

import ast
import csv
import re
import subprocess
import sys
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.product import REAL_TERRITORY, ROOT

SOURCE = ROOT / "src" / "lacydon"
CAPABILITIES = SOURCE / "capabilities"
FILES = {
    "__init__", "actions", "api", "apps", "errors", "events", "jobs", "loader", "models", "pages", "plugs", "ports",
    "public", "queries",
}  # fmt: skip
FOLDERS = (FILES - {"__init__", "apps", "public"}) | {
    "locale",
    "management",
    "migrations",
    "static",
    "templates",
    "templatetags",
}
NO_NOUN = {"utils", "helpers", "common", "misc", "tools", "base"}
LARGEST = 400


def python_files(folder: Path = SOURCE) -> list[Path]:
    return sorted(path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def outside_the_vocabulary(capability: Path) -> list[str]:
    """Names of a capability's folder that are not in the closed vocabulary of docs/developers/house.md."""
    wrong = []
    for path in capability.iterdir():
        known = FOLDERS if path.is_dir() else FILES
        if path.name != "__pycache__" and (path.stem not in known or path.suffix not in ("", ".py")):
            wrong.append(path.name)
    return sorted(wrong)


@pytest.mark.parametrize(
    "capability",
    sorted(path for path in CAPABILITIES.iterdir() if (path / "apps.py").exists()),
    ids=lambda path: path.name,
)
def test_a_capability_has_one_shape(capability):
    assert outside_the_vocabulary(capability) == []


def test_another_name_is_seen(tmp_path):
    for name in ("queries.py", "helpers.py", "notes.md", "apps.py"):
        (tmp_path / name).touch()
    for name in ("services", "templates", "actions"):
        (tmp_path / name).mkdir()
    assert outside_the_vocabulary(tmp_path) == ["helpers.py", "notes.md", "services"]


@pytest.mark.parametrize("folder", ["src", "tests", "tools", "bench"])
def test_no_file_is_too_long(folder):
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in python_files(ROOT / folder)
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > LARGEST
    }
    assert long == {}, f"more than {LARGEST} lines: make a folder of the same name, its files named after nouns"


DJANGO_NAMES_IT = ("kernel", "postgresql", "base.py")
"""The engine of a database is the module `base` of a package."""


def test_every_file_is_named_after_something():
    unnamed = [path for path in python_files() if path.stem in NO_NOUN or path.parent.stem in NO_NOUN]
    assert [path for path in unnamed if path.parts[-3:] != DJANGO_NAMES_IT] == []


def communes() -> list[str]:
    with (REAL_TERRITORY / "communes.csv").open(encoding="utf-8") as rows:
        return [row["nom"] for row in csv.DictReader(rows)]


def named(text: str, names: list[str]) -> list[str]:
    longest_first = sorted(names, key=len, reverse=True)
    return re.findall(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])", text)


def test_no_code_names_a_commune():
    """Another metropolis uses Lacydon by writing its folder, so nothing of this one is in the code."""
    names = communes()
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files()
        for name in named(path.read_text(encoding="utf-8"), names)
    }
    assert wrong == set()


def test_a_commune_named_is_seen():
    names = communes()
    assert named(f"# as in {names[0]}, where", names) == [names[0]]
    assert named(f"x-{names[0]} {names[0]}s", names) == []


def twins(source: str) -> Iterator[int]:
    """Lines where code says a thing in French and in English by itself, instead of asking gettext."""

    def prose(node: ast.expr | None) -> bool:
        return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value.split()) > 1

    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.IfExp) and prose(node.body) and prose(node.orelse):
            condition = ast.unparse(node.test)
            if re.search(r"lang|\b(fr|en)\b", condition):
                yield node.lineno
        elif isinstance(node, ast.Dict):
            said = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if {"fr", "en"} <= said.keys() and all(isinstance(said[lang], ast.Constant) for lang in ("fr", "en")):
                yield node.lineno


def test_no_code_translates_by_itself():
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in python_files()
        if path.parent.name != "vocabularies"  # words of the European Union, that nobody here translates
        for line in twins(path.read_text(encoding="utf-8"))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('x = "Bonjour à tous" if lang == "fr" else "Hello everybody"', [1]),
        ('\nx = {"fr": "Bonjour", "en": "Hello"}', [2]),
        ('x = "en" if lang else "fr"', []),
        ('x = _("Bonjour à tous")', []),
    ],
)
def test_a_translation_in_code_is_seen(source, lines):
    assert list(twins(source)) == lines


def banned(*, source: str, name: str) -> str:
    """What ruff says of that source, were it in that file."""
    command = [Path(sys.executable).with_name("ruff"), "check", "--no-cache", "--output-format=concise"]
    told = subprocess.run(
        [*command, "--stdin-filename", name, "-"],
        input=source,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return told.stdout


@pytest.mark.parametrize("part", ["queries.py", "actions/requests.py", "models.py", "loader.py", "public.py"])
def test_the_domain_may_not_speak_http(part):
    name = f"src/lacydon/capabilities/services/{part}"
    source = '"""x."""\n\nfrom django.http import HttpResponse\n\n__all__ = ["HttpResponse"]\n'
    assert "TID251" in banned(source=source, name=name)


@pytest.mark.parametrize("part", ["api.py", "api/services.py", "pages.py", "pages/sheet.py"])
def test_the_edges_may_speak_http(part):
    name = f"src/lacydon/capabilities/services/{part}"
    source = '"""x."""\n\nfrom django.http import HttpResponse\n\n__all__ = ["HttpResponse"]\n'
    assert "TID251" not in banned(source=source, name=name)


def floors() -> list[set[str]]:
    """The capabilities from the top floor to the bottom one, as .importlinter has them."""
    read = ConfigParser()
    read.read(ROOT / ".importlinter", encoding="utf-8")
    layers = read["importlinter:contract:floors"]["layers"].strip().splitlines()
    return [set(re.findall(r"\w+", layer)) for layer in layers] + [{"kernel"}]


def keys_that_point_up(all_models: list[type[models.Model]]) -> list[str]:
    """Relations to the same floor of another app or to a floor above (string references escape import contracts)."""
    level = {label: height for height, labels in enumerate(reversed(floors())) for label in labels}
    wrong = []
    for model in all_models:
        for field in model._meta.get_fields(include_hidden=False):
            if not field.is_relation or field.auto_created or not isinstance(field.related_model, type):
                continue
            here, there = model._meta.app_label, field.related_model._meta.app_label
            if here != there and level.get(there, -1) >= level[here]:
                wrong.append(f"{model._meta.label}.{field.name} → {field.related_model._meta.label}")
    return wrong


def test_foreign_keys_point_down():
    ours = [model for model in apps.get_models() if model.__module__.startswith("lacydon.")]
    assert ours
    assert keys_that_point_up(ours) == []


@isolate_apps("lacydon.capabilities.territory", "lacydon.capabilities.services")
def test_a_foreign_key_that_points_up_is_seen():
    class Sheet(models.Model):  # noqa: DJ008
        class Meta:
            app_label = "services"

    class Town(models.Model):  # noqa: DJ008
        sheet = models.ForeignKey("services.Sheet", on_delete=models.CASCADE)

        class Meta:
            app_label = "territory"

    assert keys_that_point_up([Sheet, Town]) == ["territory.Town.sheet → services.Sheet"]
