"""The routes of the real territory: none is invented, and the examples that show how to write one are right."""

import re
import shutil

import pytest
import yaml

from lacydon.capabilities.requests.models import Route
from lacydon.capabilities.requests.ports import channels
from lacydon.config.commands.folder import check
from tests import product

FOLDER = product.ROOT / "territories" / "aix-marseille-provence"
TEXT = (FOLDER / "deliveries.yaml").read_text(encoding="utf-8")
SAMPLES = "\n".join(re.findall(r"^# (- id: .*|  +\S.*)$", TEXT, re.MULTILINE))


def test_every_authority_has_the_queue_of_the_platform_and_each_way_its_example():
    assert yaml.safe_load(TEXT) == []
    assert {each["channel"] for each in yaml.safe_load(SAMPLES)} == set(channels.ids())


def test_no_address_of_an_authority_is_invented():
    ours = {"demarche.numerique.gouv.fr"}  # the State's, for everybody
    named = set(re.findall(r"(?:@|https://|host: )([a-z0-9.-]+\.[a-z]+)", SAMPLES))
    assert named and all(each in ours or each.endswith(".example") for each in named)


@pytest.mark.django_db
def test_the_examples_would_be_accepted_as_they_are(tmp_path, capsys):
    copy = shutil.copytree(FOLDER, tmp_path / "territory")
    (copy / "deliveries.yaml").write_text(SAMPLES, encoding="utf-8")
    assert check(copy) == 0, capsys.readouterr().out
    assert not Route.objects.exists()
