"""Logs: one JSON object a line, ours and Django's alike. Each case is a process of its own, as in production."""

import json
import subprocess
import sys

import pytest

PRELUDE = """
import logging, logging.config, structlog
from lacydon.kernel import logs
logging.config.dictConfig(logs.configuration(form="{form}", level="INFO"))
log = structlog.get_logger("lacydon.test")
"""


def logged(script: str, *, form: str = "json") -> list[str]:
    """The lines a process writes on its standard error."""
    command = [sys.executable, "-c", PRELUDE.format(form=form) + script]
    return subprocess.run(command, capture_output=True, text=True, check=True, encoding="utf-8").stderr.splitlines()


def test_one_object_a_line_even_with_a_traceback():
    [line] = logged("""
try:
    raise RuntimeError("deux\\nlignes")
except RuntimeError as error:
    log.error("échec", exc_info=error, what="à voir")
""")
    said = json.loads(line)
    assert (said["event"], said["level"], said["what"]) == ("échec", "error", "à voir")
    assert "RuntimeError" in said["exception"]
    assert "à voir" in line


def test_django_speaks_the_same_way_and_keeps_the_request_to_itself():
    [line] = logged("logging.getLogger('django.request').error('Oops: %s', '/x', extra={'request': object()})")
    said = json.loads(line)
    assert (said["event"], said["logger"]) == ("Oops: /x", "django.request")
    assert "object at" not in line


def test_the_id_of_the_request_is_on_every_line():
    [line] = logged("""
with structlog.contextvars.bound_contextvars(request_id="req-1"):
    logging.getLogger("some.library").warning("attention")
""")
    assert json.loads(line)["request_id"] == "req-1"


@pytest.mark.parametrize("form", ["json", "text"])
def test_what_is_below_the_level_is_not_written(form):
    [line] = logged("log.debug('psst'); log.info('bonjour')", form=form)
    assert "bonjour" in line
