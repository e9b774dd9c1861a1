"""What was made for machines, as people read it: in the export of one's data, and the hour everywhere."""

from datetime import UTC, datetime

import pytest
from django.template import Context, Template
from django.utils import translation


def shown(value, *, by="plain"):
    with translation.override("fr"):
        return Template(f"{{% load ui %}}{{{{ value|{by} }}}}").render(Context({"value": value})).replace("\xa0", " ")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-28T20:05:00.123456+00:00", "28 novembre 2026 à 21 h 05"),
        ("2026-07-01T22:30:00Z", "2 juillet 2026 à 0 h 30"),
        ("2027-11-28", "28 novembre 2027"),
        ("1962-00-00", "1962-00-00"),
        (["Vous", "2026-11-28"], "Vous, 28 novembre 2026"),
        ("subject:" + "0a1b2c3d" * 4, "subject:0a1b2c3d…"),
        ("0a1b2c3d" * 8, "0a1b2c3d…"),
        ("12 rue de la République", "12 rue de la République"),
        (True, "oui"),
        (False, "non"),
        (None, "–"),
        ("", "–"),
        (0, "0"),
    ],
)
def test_a_value_in_words(value, said):
    assert shown(value) == said


def test_an_hour_where_the_residents_live():
    assert shown(datetime(2026, 11, 28, 20, 52, tzinfo=UTC), by="hour") == "21 h 52"
