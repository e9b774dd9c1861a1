"""The product's settings, and an address that answers a fixed string: the limit that pages are compared with.

`BENCH_BARE=1` takes every middleware away: what Django and the server cost alone.
"""

import os

from lacydon.config.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
if os.environ.get("BENCH_BARE"):
    MIDDLEWARE: list[str] = []
