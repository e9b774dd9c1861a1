"""What the workers of `lacydon serve` share: loaded once by the server, before they are forked from it.

A worker then owns only what it writes to. What follows the database (catalogue, indexes, forms) is built here too; a
worker builds its own again when the database says that it has changed (kernel.snapshots). Nothing personal is held.
"""

import gc
import logging
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connections
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.template.utils import get_app_template_dirs
from django.urls import get_resolver
from django.utils import translation

from lacydon.kernel import plugs, snapshots
from lacydon.kernel.errors import Refused

COLLECT_AFTER = 10_000
"""Objects made before the youngest are collected. A page makes thousands, nearly all of which go by themselves."""
log = logging.getLogger("lacydon.serve")


def preload() -> None:
    """To be called when the process has one thread, and no connection that is worth keeping."""
    from ..wsgi import application  # noqa: F401

    get_resolver()._populate()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            translation.gettext("")
    _load_templates()
    read_ahead()
    gc.collect()
    # What is there already is never looked at again by the collector: it would write to it, and each would get a copy.
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER)


def read_ahead() -> None:
    """What follows the database and what takes long to make: no visitor waits for it. No connection is kept."""
    try:
        snapshots.build_all()
        prepare()
    except DatabaseError as error:  # each worker will try for itself, and /readyz says what is wrong
        log.warning("Nothing is read from the database ahead of visitors: %s", error)
    finally:
        connections.close_all()


def prepare() -> None:
    """What each capability makes ahead."""
    for _name, make in plugs.preparations.items():
        with suppress(Refused):  # nothing to prepare yet
            make()


def _load_templates() -> None:
    for folder in get_app_template_dirs("templates"):
        for path in sorted(Path(folder).rglob("*.*")):
            with suppress(TemplateDoesNotExist, TemplateSyntaxError, UnicodeDecodeError):  # not one of Django's
                get_template(str(path.relative_to(folder)))
