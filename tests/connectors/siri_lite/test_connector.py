"""SIRI Lite: the same answers in JSON and in XML, situations with their words."""

import pytest

from lacydon.connectors.siri_lite.connector import read
from tests.connectors.visits import sample
from tests.product import ROOT

NOW = 1795590000


def test_a_stop_in_json():
    [visit] = read(sample("siri_lite", "stop_monitoring.json"), now=NOW, expected="StopMonitoringDelivery").visits
    assert (visit.stop, visit.route, visit.headsign, visit.measured) == ("hdv1", "1", "Plateau", True)
    assert visit.expected - visit.aimed == 90


def test_situations_in_xml():
    [alert] = read(sample("siri_lite", "situation_exchange.xml"), now=NOW).alerts
    assert (alert.id, alert.version, alert.cause, alert.effect, alert.severity) == (
        "RADE:12", "3", "construction", "detour", "warning",
    )  # fmt: skip
    assert alert.header == {"fr": "Ligne 1 déviée", "en": "Line 1 diverted"}
    assert alert.description == {"fr": "Travaux rue de la Gare.\nArrêt reporté."}
    assert (alert.routes, alert.stops, alert.url) == (["1"], ["gare"], "https://rade.example/travaux")
    assert alert.planned and not alert.everything and len(alert.periods) == 1


def test_a_real_delivery():
    path = ROOT.parent / "shared" / "data" / "siri-sx-lite.xml"
    if not path.exists():
        pytest.skip("../shared/data is not here")
    [alert] = read(path.read_bytes(), now=NOW).alerts
    assert alert.id == "STA:2024-3443167" and alert.routes == ["it:apb:Line:80120_.24a"]
    assert alert.header["en"] == "The busroute: 120 obstacle on the track" and alert.effect == "no-service"
    assert alert.published[0] is not None and alert.periods[0][1] is not None
