"""Where the workers of one server put their figures (kernel.metrics). Needs no Django, which is loaded after."""

import contextlib
import os
import shutil
from pathlib import Path


def folder_of_metrics(home: Path) -> Path:
    """A folder for the figures of this server's workers; those of servers that are gone are removed."""
    for old in home.glob("metrics-*"):
        with contextlib.suppress(ValueError, ProcessLookupError):
            os.kill(int(old.name.removeprefix("metrics-")), 0)
            continue
        shutil.rmtree(old, ignore_errors=True)
    folder = home / f"metrics-{os.getpid()}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
