"""The import contracts hold, and each is seen broken when the source breaks it on purpose."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.product import ROOT


@dataclass(frozen=True)
class Violation:
    """`line` written at the end of `file` (made when it does not exist) breaks `contract`; the report names `culprit`."""

    name: str
    file: str
    line: str
    contract: str
    culprit: str


WHOLE = "The whole: config > connectors > capabilities > kernel"
FLOORS = "Capabilities: calls go down, siblings do not know each other"
INSIDE = "Inside a capability: edges > door > actions > queries > models"
DOOR = "One door: other code enters a capability by public.py only"
CONNECTORS = "Connectors do not know each other"
HTTP = "The domain does not know HTTP"
KERNEL = "The ground floor: what faces the web stands on the rest"
CYCLES = "No cycle anywhere"

VIOLATIONS = (
    Violation(
        "kernel-knows-a-capability",
        "kernel/clock.py",
        "from lacydon.capabilities.territory import public",
        WHOLE,
        "lacydon.kernel.clock",
    ),
    Violation(
        "kernel-knows-the-configuration",
        "kernel/search/words.py",
        "from lacydon.config import settings_table",
        WHOLE,
        "lacydon.kernel.search.words",
    ),
    Violation(
        "capability-knows-a-connector",
        "capabilities/territory/queries/streets.py",
        "from lacydon.connectors import descriptions",
        WHOLE,
        "lacydon.capabilities.territory.queries.streets",
    ),
    Violation(
        "connector-knows-the-configuration",
        "connectors/address_index/words.py",
        "from lacydon.config import settings_table",
        WHOLE,
        "lacydon.connectors.address_index.words",
    ),
    Violation("package-that-is-no-floor", "shared.py", "import json", WHOLE, "lacydon.shared"),
    Violation(
        "territory-calls-up",
        "capabilities/territory/queries/places.py",
        "from lacydon.capabilities.services import public",
        FLOORS,
        "lacydon.capabilities.territory.queries.places",
    ),
    Violation(
        "services-call-up",
        "capabilities/services/public.py",
        "from lacydon.capabilities.home import apps",
        FLOORS,
        "lacydon.capabilities.services.public",
    ),
    Violation(
        "capability-nobody-placed",
        "capabilities/wards/__init__.py",
        "",
        FLOORS,
        "wards",
    ),
    Violation(
        "queries-call-actions",
        "capabilities/territory/queries/places.py",
        "from ..actions import addresses",
        INSIDE,
        "lacydon.capabilities.territory.queries.places",
    ),
    Violation(
        "models-call-queries",
        "capabilities/services/models.py",
        "from .queries import catalogue",
        INSIDE,
        "lacydon.capabilities.services.models",
    ),
    Violation(
        "api-calls-pages",
        "capabilities/services/api/services.py",
        "from ..pages import sheet",
        INSIDE,
        "lacydon.capabilities.services.api.services",
    ),
    Violation(
        "actions-call-the-api",
        "capabilities/territory/actions/folder.py",
        "from ..api import router",
        INSIDE,
        "lacydon.capabilities.territory.actions.folder",
    ),
    Violation(
        "errors-know-models",
        "capabilities/territory/errors.py",
        "from . import models",
        INSIDE,
        "lacydon.capabilities.territory.errors",
    ),
    Violation("file-without-a-place", "capabilities/services/helpers.py", "import json", INSIDE, "services.helpers"),
    Violation(
        "back-door-to-models",
        "capabilities/services/queries/search.py",
        "from lacydon.capabilities.territory.models import Commune",
        DOOR,
        "lacydon.capabilities.services.queries.search",
    ),
    Violation(
        "back-door-to-queries",
        "capabilities/home/pages/front.py",
        "import lacydon.capabilities.territory.queries.chart",
        DOOR,
        "lacydon.capabilities.home.pages.front",
    ),
    Violation(
        "back-door-of-a-connector",
        "connectors/address_index/connector.py",
        "def later():\n    from lacydon.capabilities.territory.actions import addresses",
        DOOR,
        "lacydon.connectors.address_index.connector",
    ),
    Violation(
        "back-door-for-types-only",
        "capabilities/home/pages/who.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from lacydon.capabilities.services.models import Service",
        DOOR,
        "lacydon.capabilities.home.pages.who",
    ),
    Violation(
        "connector-knows-another",
        "connectors/weather/connector.py",
        "from lacydon.connectors.address_index import words",
        CONNECTORS,
        "lacydon.connectors.weather.connector",
    ),
    Violation(
        "queries-know-ninja",
        "capabilities/services/queries/search.py",
        "from ninja import Schema",
        HTTP,
        "lacydon.capabilities.services.queries.search",
    ),
    Violation(
        "kernel-knows-ninja",
        "kernel/folder.py",
        "import ninja.errors",
        HTTP,
        "lacydon.kernel.folder",
    ),
    Violation(
        "search-knows-pages",
        "kernel/search/index.py",
        "from lacydon.kernel.ui import shell",
        KERNEL,
        "lacydon.kernel.search.index",
    ),
    Violation(
        "errors-know-the-search",
        "kernel/errors.py",
        "from . import plugs",
        KERNEL,
        "lacydon.kernel.errors",
    ),
    Violation(
        "cycle-in-a-folder",
        "kernel/http/breaker.py",
        "from . import client",
        CYCLES,
        "lacydon.kernel.http",
    ),
)


def linted(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter as ./test calls it, on the sources of that folder."""
    command = [Path(sys.executable).with_name("lint-imports"), "--cache-dir", str(folder / "cache")]
    paths = f"{folder / 'src'}{os.pathsep}{folder}"
    return subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTHONPATH": paths, "COLUMNS": "400", "PYTHONSAFEPATH": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources that a test may break."""
    folder = tmp_path_factory.mktemp("tree")
    only_python = shutil.ignore_patterns("__pycache__", "static", "templates", "locale")
    shutil.copytree(ROOT / "src", folder / "src", ignore=only_python)
    (folder / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "one_door.py", folder / "tools")
    shutil.copy(ROOT / ".importlinter", folder)
    return folder


def test_every_contract_is_kept(tree):
    told = linted(tree)
    assert told.returncode == 0, told.stdout
    for contract in (WHOLE, FLOORS, INSIDE, DOOR, CONNECTORS, HTTP, KERNEL, CYCLES):
        assert f"{contract} KEPT" in told.stdout


@pytest.mark.parametrize("violation", VIOLATIONS, ids=lambda each: each.name)
def test_a_violation_is_reported(tree, violation):
    path = tree / "src" / "lacydon" / violation.file
    made = [folder for folder in (path.parent, path.parent.parent) if not folder.exists()]
    before = path.read_text() if path.exists() else None
    for folder in reversed(made):
        folder.mkdir()
        (folder / "__init__.py").touch()
    try:
        path.write_text(f"{before or ''}\n{violation.line}\n")
        told = linted(tree)
    finally:
        if before is None:
            path.unlink()
        else:
            path.write_text(before)
        for folder in made:
            shutil.rmtree(folder, ignore_errors=True)
    report = told.stdout + told.stderr
    assert told.returncode != 0, report
    assert violation.culprit in report
    missing_from_the_layers = violation.line in ("", "import json")
    if not missing_from_the_layers:  # import-linter stops at these before it lists the contracts
        assert f"{violation.contract} BROKEN" in report
        assert violation.culprit in report.partition("Broken contracts")[2]


def test_every_contract_is_broken_by_some_violation():
    contracts = {
        line.removeprefix("name = ")
        for line in (ROOT / ".importlinter").read_text().splitlines()
        if line.startswith("name = ")
    }
    assert {violation.contract for violation in VIOLATIONS} == contracts
