"""A moment in words, where the residents live."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation

from lacydon.kernel import clock

NOW = datetime(2026, 11, 25, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (datetime(2026, 11, 25, 13, 5, tzinfo=UTC), "aujourd’hui à 14 h 05"),
        (datetime(2026, 11, 24, 8, 30, tzinfo=UTC), "hier à 9 h 30"),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "aujourd’hui à 0 h 30"),
        (datetime(2026, 11, 28, 20, 13, tzinfo=UTC), "samedi 28 novembre à 21 h 13"),
        (datetime(2026, 2, 1, 17, 0, tzinfo=UTC), "dimanche 1er février à 18 h 00"),
        (datetime(2025, 3, 3, 17, 0, tzinfo=UTC), "lundi 3 mars 2025 à 18 h 00"),
    ],
)
def test_a_moment_in_words(monkeypatch, when, said):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with translation.override("fr"):
        shown = Template("{% load ui %}{{ when|moment }}").render(Context({"when": when}))
    assert shown.replace("\xa0", " ") == said
