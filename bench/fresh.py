"""From nothing to the first page: clone, ./run with an empty home, wait for the front page; downloads apart.

    python -m bench.fresh

Twice: with an empty cache of pip, then with the cache the first time has filled. The difference is the downloads. What
is committed is measured, with pip (uv, when it is there, is hidden: a fresh Debian has none).
"""

import argparse
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
import venv
from pathlib import Path

import httpx

from bench import measuring
from tests import product

FIRST_PAGE_S = 90.0
PATIENCE_S = 900.0
LOCK = "requirements.lock"


def environment(home: Path, cache: Path, territory: Path, port: int) -> dict[str, str]:
    """A shell's, without uv and without what may shorten the downloads."""
    variables = product.environment(home=home, PORT=str(port), TERRITORY=str(territory))
    for name in ("PIP_FIND_LINKS", "VIRTUAL_ENV", "PYTHONPATH"):
        variables.pop(name, None)
    folders = variables["PATH"].split(":")
    variables["PATH"] = ":".join(each for each in folders if not (Path(each) / "uv").exists() and ".venv" not in each)
    return variables | {"PIP_CACHE_DIR": str(cache)}


def cloned(folder: Path) -> Path:
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", product.ROOT, folder], check=True)
    return folder


def install_from_here(clone: Path) -> None:
    """Give the clone what is installed in this checkout, as tools/install would have left it: nothing to download."""
    venv.create(clone / ".venv", with_pip=False)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = clone / ".venv" / "lib" / version / "site-packages"
    (site / "lacydon.pth").write_text(f"{clone}/src\n{sysconfig.get_path('purelib')}\n")
    command = clone / ".venv" / "bin" / "lacydon"
    command.write_text(
        f"#!{clone}/.venv/bin/python\nimport sys\nfrom lacydon.config.command_line import main\n\n"
        "if __name__ == '__main__':\n    sys.exit(main())\n"
    )
    command.chmod(0o755)
    digest = hashlib.sha256((clone / LOCK).read_bytes()).hexdigest()
    (clone / ".venv" / f".installed-{LOCK.removesuffix('.lock')}").write_text(f"{digest} {clone}\n")


def first_page(clone: Path, home: Path, cache: Path, *, territory: Path) -> dict[str, float]:
    """Seconds from ./run to each step it prints, and to the first answer of the front page."""
    port = product.free_port()
    marks: dict[str, float] = {}
    printed: list[str] = []
    began = time.perf_counter()
    run = subprocess.Popen(
        ["./run"],
        cwd=clone,
        env=environment(home, cache, territory, port),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )

    def listen() -> None:
        assert run.stdout
        for line in run.stdout:
            printed.append(line)
            if line.startswith("["):
                marks[line[:5]] = time.perf_counter() - began

    threading.Thread(target=listen, daemon=True).start()
    try:
        while run.poll() is None and time.perf_counter() - began < PATIENCE_S:
            try:
                # Plain HTTP: reading the authorities, twenty times a second, would slow down what is measured.
                if httpx.get(f"http://127.0.0.1:{port}/", timeout=20, verify=False).status_code == 200:
                    return marks | {"page": time.perf_counter() - began}
            except httpx.TransportError:
                time.sleep(0.05)
    finally:
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGTERM)
            run.wait(timeout=30)
    raise SystemExit("./run did not serve a page:\n" + "".join(printed[-30:]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="installs nothing, takes what this checkout has installed")
    chosen = parser.parse_args()
    print(measuring.machine())
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name in ("installed before",) if chosen.smoke else ("downloads included", "downloads aside", "again"):
            clone = folder / "clone"
            if name != "again":
                shutil.rmtree(clone, ignore_errors=True)
                shutil.rmtree(folder / "home", ignore_errors=True)
                cloned(clone)
            if chosen.smoke:
                install_from_here(clone)
            territory = (
                product.SMALL_TERRITORY if chosen.smoke else clone / product.REAL_TERRITORY.relative_to(product.ROOT)
            )
            marks = first_page(clone, folder / "home", folder / "cache", territory=territory)
            page = marks["page"]
            target = measuring.verdict(page, at_most=FIRST_PAGE_S) if name != "downloads included" else ""
            steps = (marks["[2/4]"], marks["[3/4]"] - marks["[2/4]"], marks["[4/4]"] - marks["[3/4]"])
            rows.append((name, *steps, page - marks["[4/4]"], page, target))
    columns = ("./run", "install s", "database s", "load s", "server s", "first page s", "target")
    measuring.say("From nothing to the first page", columns, rows)


if __name__ == "__main__":
    main()
