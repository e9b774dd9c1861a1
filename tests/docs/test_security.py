"""The checklist of ASVS names tests that exist and counts them rightly; the page of security says what it must."""

import ast
import re
from collections import Counter
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

from lacydon.kernel.uploads import FORMATS
from tests.product import ROOT

PAGE = ROOT / "docs" / "operators" / "security.md"


def loaded() -> ModuleType:
    loader = SourceFileLoader("asvs_page", str(ROOT / "tools" / "asvs_page"))
    module = module_from_spec(spec_from_loader("asvs_page", loader))
    loader.exec_module(module)
    return module


tool = loaded()
ROWS = tool.rows()


def exists(node: str) -> bool:
    """Whether a file of tests has this function, in this class when one is named."""
    path, *names = node.split("::")
    if not (ROOT / path).is_file() or not names or not names[-1].startswith("test_"):
        return False
    inside: list[ast.stmt] = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
    for name in names:
        found = [each for each in inside if isinstance(each, ast.ClassDef | ast.FunctionDef) and each.name == name]
        if not found:
            return False
        inside = found[0].body
    return True


def test_every_requirement_of_levels_1_and_2_has_its_line():
    """70 and 183 in version 5.0.0."""
    assert Counter(row["level"] for row in ROWS) == {"1": 70, "2": 183}
    numbers = [tuple(map(int, row["id"].removeprefix("V").split("."))) for row in ROWS]
    assert all(len(each) == 3 for each in numbers)
    assert numbers == sorted(set(numbers))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_each_line_is_proven_or_says_why_not(row):
    assert row["state"] in ("proven", "not-applicable", "open")
    assert 5 < len(row["requirement"]) < 120
    if row["state"] == "proven":
        assert [node for node in row["evidence"].split() if not exists(node)] == []
    assert len(row["evidence"]) >= 8 and "|" not in row["requirement"] + row["evidence"]


def test_a_test_that_is_not_there_is_seen():
    here = "tests/docs/test_security.py"
    assert exists(f"{here}::test_a_test_that_is_not_there_is_seen")
    for wrong in (
        here,
        f"{here}::test_nowhere",
        f"{here}::Nobody::test_x",
        "tests/nowhere.py::test_x",
        f"{here}::exists",
    ):
        assert not exists(wrong)


def test_the_page_is_that_of_the_source_and_counts_rightly():
    page = (ROOT / "docs" / "security" / "asvs.md").read_text(encoding="utf-8")
    assert page == tool.as_page(), "run tools/asvs_page"
    tested = sum(1 for row in ROWS if row["state"] == "proven" and row["level"] == "2")
    told = re.search(r"^\| Level 2 \| (\d+) \| (\d+) \|", page, re.MULTILINE)
    assert told and (int(told[1]), int(told[2])) == (183, tested)


@pytest.mark.parametrize(
    "said",
    [
        "`lacydon keys`", "`lacydon keys rotate`", "`lacydon keys retire", "LACYDON_KEYS", "AES-256-GCM", "HMAC-SHA-256",
        "HKDF", "tools/audit", "tools/sbom", "LACYDON_CLAMAV_URL", "72", "article 33", "article 34", "Retry-After", "nosniff",
        "Sec-Fetch-Site", "`X-Request-ID`", "asvs.md",
    ],
)  # fmt: skip
def test_the_page_of_security_says_what_it_must(said):
    assert said in PAGE.read_text(encoding="utf-8")


def test_every_format_that_may_be_sent_is_documented():
    page = PAGE.read_text(encoding="utf-8")
    assert [each.name for each in FORMATS.values() if f"`.{each.extension}`" not in page] == []


def test_commands_the_page_names_exist():
    from lacydon.config.command_line import _parser

    commands = next(action for action in _parser()._actions if action.choices).choices
    for command in re.findall(r"`lacydon (\w+)", PAGE.read_text(encoding="utf-8")):
        assert command in commands, command
    for tool_named in re.findall(r"`(tools/\w+)", PAGE.read_text(encoding="utf-8")):
        assert (Path(ROOT) / tool_named).exists(), tool_named


ACCOUNTS = ROOT / "docs" / "operators" / "accounts.md"
TRUST = ROOT / "docs" / "developers" / "trust.md"


def test_every_way_in_is_documented():
    """Nobody enters by an address that the page does not name."""
    from lacydon.capabilities.trust.pages import urlpatterns

    page = ACCOUNTS.read_text(encoding="utf-8")
    routes = [str(each.pattern) for each in urlpatterns if str(each.pattern).startswith("connexion/")]
    ways = {re.sub(r"<\w+:provider>", "<provider>", route).split("/")[1] for route in routes}
    assert ways >= {"<provider>", "courriel", "phrase", "cle", "code"}
    assert [way for way in ways if f"`/connexion/{way}`" not in page] == []


def test_the_life_of_sessions_is_documented():
    from lacydon.capabilities.trust.actions.sessions import IDLE, LIFETIME

    page = ACCOUNTS.read_text(encoding="utf-8")
    assert f"{IDLE.seconds // 3600} hour after the last visit and {LIFETIME.seconds // 3600} hours after" in page
    for said in ("how many a person has at once", "signing out there leaves ours", "`lacydon sessions end`"):
        assert said in page


def test_the_words_refused_in_passphrases_are_documented():
    from lacydon.capabilities.trust.queries.passphrases import COMMON, LONGEST, SHORTEST

    page = ACCOUNTS.read_text(encoding="utf-8")
    named = re.findall(r"`([a-z0-9]{12,})`", page)
    assert len(named) >= 5 and set(named) <= COMMON
    assert f"{SHORTEST} to {LONGEST} characters" in page


def test_who_may_what_is_documented():
    from dataclasses import fields

    from lacydon.kernel.access import Permission

    page = TRUST.read_text(encoding="utf-8")
    assert [each.name for each in fields(Permission) if f"`{each.name}`" not in page and each.name != "action"] == []
