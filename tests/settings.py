"""Settings of the tests: those of the product, with a home of their own, no memory between tests, no rate limit, quick hashes."""

import atexit
import os
import shutil
import tempfile

os.environ["LACYDON_HOME"] = tempfile.mkdtemp(prefix="lacydon-tests-")
atexit.register(shutil.rmtree, os.environ["LACYDON_HOME"], ignore_errors=True)

from lacydon.config.settings import *  # noqa: E402, F403
from lacydon.config.settings import HOME, STORAGES  # noqa: E402

(HOME / "static").mkdir(exist_ok=True)
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_USE_FINDERS = True
SNAPSHOT_SECONDS = 0.0
MOBILITY_COMPILED = False  # ten seconds of a compiler, for questions that plain Python answers at once here
RATE_LIMIT = 0
PASSWORD_HASHERS = ["tests.hashing.Quick"]
