"""What no code of ours may do, because somebody's words could end up in it; each rule is seen broken on purpose."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lacydon.config.settings_table import SETTINGS, read
from tests.product import ROOT

SOURCE = ROOT / "src" / "lacydon"
CALLS = {
    "eval", "exec", "compile", "__import__", "os.system", "os.popen", "yaml.load", "yaml.unsafe_load", "yaml.full_load",
    "hashlib.md5", "hashlib.sha1", "RawSQL", "engines.from_string", "Template", "tempfile.mktemp", "ssl._create_unverified_context",
}  # fmt: skip
"""Run what they are given, or are broken."""
METHODS = {"extra", "raw", "from_string"}
"""Of query sets and template engines."""
IMPORTS = {
    "pickle", "marshal", "shelve", "dill", "jsonpickle", "xml.etree", "xml.dom", "xml.sax", "xml.parsers", "lxml", "jinja2",
    "telnetlib", "ftplib", "ldap", "memcache", "requests",
}  # fmt: skip
ALLOWED_IMPORTS = {"xml.sax.saxutils"}
WRITERS = {"Element", "SubElement", "indent", "tostring"}
"""Of xml.etree.ElementTree: what writes XML; what reads it may be given anything, and is defusedxml's."""
ONLY_IN = {
    "random": {"kernel/http/client.py"},
    "subprocess": {
        "capabilities/data/queries/sandbox/cage.py",
        "capabilities/data/queries/intake/layers.py",
        "capabilities/mobility/queries/planning/engine.py",
    },
    "httpx": {"kernel/http/client.py", "kernel/http/resolution.py"},
    "httpcore": {"kernel/http/resolution.py"},
    "urllib.request": set(),
    "http.client": {"config/commands/serve.py", "config/demo_payments/server.py"},
}
"""Where these are at home: the cages of data, processes that have nothing else; what compiles the planner’s loops beside; jitter, the client that asks outside, the server that asks itself whether it is ready, the false
service of payments that tells this machine."""
SCRIPT = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage|__proto__|"
    r"\bimport\(|set(?:Timeout|Interval)\(\s*['\"]|sessionStorage|indexedDB"
)
ON_DEMAND = {"live.js": ["import("], "live-map.js": ["import("]}
"""The map that moves: its parts come when it is asked for, from addresses that our own templates write."""
TEMPLATE = re.compile(r"\|\s*safe\b|autoescape\s+off|<script(?![^>]*\bsrc=)|\son\w+\s*=|javascript:|style=\"")
SECRET = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s*\n[A-Za-z0-9+/=\n]{100}|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}\b|lacydon-key-1 \S+ [A-Za-z0-9+/]{43}="
)


def name_of(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def faults(source: str, *, file: str = "x.py") -> Iterator[str]:
    """What a file of code does that it may not, one word each."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            if isinstance(node, ast.ImportFrom) and node.level:
                continue
            if isinstance(node, ast.ImportFrom) and node.module == "xml.etree.ElementTree":
                modules = [] if {alias.name for alias in node.names} <= WRITERS else modules
            for module in modules:
                if module not in ALLOWED_IMPORTS and any(f"{module}.".startswith(f"{each}.") for each in IMPORTS):
                    yield f"imports {module}"
                for only, homes in ONLY_IN.items():
                    if f"{module}.".startswith(f"{only}.") and file not in homes:
                        yield f"imports {module}"
        if not isinstance(node, ast.Call):
            continue
        called = name_of(node.func)
        if called == "puremagic.from_string":  # tells a format by its first bytes
            continue
        if called in CALLS or (isinstance(node.func, ast.Attribute) and node.func.attr in METHODS):
            yield f"calls {called or node.func.attr}"
        for keyword in node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            if (keyword.arg, value) in {("shell", True), ("verify", False), ("check_hostname", False)}:
                yield f"{keyword.arg}={value}"
        executes = isinstance(node.func, ast.Attribute) and node.func.attr in ("execute", "executemany")
        if executes and node.args and not isinstance(node.args[0], ast.Constant | ast.Name | ast.Attribute):
            written = source.splitlines()[node.lineno - 1 : node.end_lineno]
            if not any("noqa: S608" in line for line in written):
                yield "a query made of pieces"


def test_no_code_of_ours_runs_what_it_is_given():
    wrong = {}
    for path in sorted(path for path in SOURCE.rglob("*.py") if path.parent.name != "migrations"):
        file = path.relative_to(SOURCE).as_posix()
        if found := list(faults(path.read_text(encoding="utf-8"), file=file)):
            wrong[file] = found
    assert wrong == {}


@pytest.mark.parametrize(
    "source",
    [
        "eval(x)", "exec(x)", "os.system(x)", "import pickle", "from xml.etree import ElementTree", "import lxml.etree",
        "subprocess.run(x, shell=True)", "import subprocess", "hashlib.md5(x)", "httpx.get(u, verify=False)", "import httpx",
        "cursor.execute(f'SELECT {x}')", "cursor.execute('SELECT %s' % x)", "cursor.execute('SELECT ' + x)", "Thing.objects.raw(x)",
        "Thing.objects.extra(where=[x])", "yaml.load(x)", "Template(x)", "engine.from_string(x)", "import random",
        "from xml.etree.ElementTree import fromstring", "import urllib.request", "tempfile.mktemp()", "cursor.execute('{}'.format(x))",
    ],
)  # fmt: skip
def test_code_that_does_is_seen(source):
    assert list(faults(source))


def test_code_that_does_not_is_left_alone():
    assert list(faults("cursor.execute('SELECT %s', [x])\nimport json\nfrom . import raw\nyaml.safe_load(x)")) == []
    assert list(faults("from xml.etree.ElementTree import Element, tostring")) == []


def test_scripts_write_text_and_never_markup():
    scripts = sorted(SOURCE.rglob("*.js"))
    assert scripts
    found = {path.name: SCRIPT.findall(path.read_text()) for path in scripts if SCRIPT.search(path.read_text())}
    assert found == ON_DEMAND
    assert SCRIPT.search("x.innerHTML = y") and SCRIPT.search("eval(x)")


def test_templates_escape_and_hold_no_script():
    wrong = {
        path.relative_to(SOURCE).as_posix(): TEMPLATE.findall(path.read_text())
        for path in SOURCE.rglob("templates/**/*.html")
        if TEMPLATE.search(path.read_text())
    }
    assert wrong == {}
    assert all(TEMPLATE.search(bad) for bad in ("{{ x|safe }}", "{% autoescape off %}", "<script>x", '<a onclick="x">'))


def test_no_secret_is_kept_with_the_code():
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    wrong = []
    for name in names:
        path = Path(ROOT / name)
        if path.is_file() and path.stat().st_size < 2_000_000 and SECRET.search(path.read_text(errors="ignore")):
            wrong.append(name)
    assert wrong == []
    assert SECRET.search("AKIA" + "A" * 16)


def test_production_is_what_one_gets_without_asking():
    """No page of debugging, no name but this machine's, no secret that comes with the code."""
    table = read({})
    assert table["DEBUG"] == "0"
    assert table["ALLOWED_HOSTS"] == "localhost,127.0.0.1,[::1]"
    assert [each.name for each in SETTINGS if each.secret and each.default] == []
