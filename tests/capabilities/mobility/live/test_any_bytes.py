"""Whatever a source answers, with whichever connector: a sentence on the page of sources, never an error of ours."""

import random
from typing import Any

import pytest

from lacydon.capabilities.mobility.actions.live import asking
from lacydon.capabilities.mobility.models import LiveSource, LiveTurn
from lacydon.capabilities.mobility.public import live
from lacydon.connectors import FOLDER

KINDS = ("gtfs_realtime", "siri", "siri_lite", "gbfs", "car_parks", "irve")
SAMPLES = [path for kind in KINDS for path in sorted((FOLDER / kind / "samples").iterdir())]


def mixed(chance: random.Random) -> bytes:
    """A sample cut, with other bytes in it, or a piece of another; or nothing that ever was one."""
    content = bytearray(chance.choice(SAMPLES).read_bytes())
    for _n in range(chance.randint(0, 12)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    begin, end = sorted(chance.sample(range(len(content)), 2))
    return chance.choice((bytes(content), bytes(content[:end]), bytes(content[begin:]), chance.randbytes(200)))


@pytest.mark.parametrize("kind", KINDS)
def test_no_answer_breaks_anything(network: Any, held: Any, server: Any, kind: str) -> None:
    chance = random.Random(f"{kind} 2026")
    source = LiveSource.objects.create(
        pk="x", name="X", kind=kind, urls=[server.url + "/a", server.url + "/b"], prefixes=["AMP"], every=5
    )
    server.pages["*"] = lambda _handler: mixed(chance)
    for _n in range(40):
        held.forward(700)
        LiveTurn.objects.filter(source=source).update(next_at=None, state={})
        assert asking.ask("x", holder="test")
        turn = LiveTurn.objects.get()
        assert "n’a pas pu être lue" not in turn.error, turn.error
        live()
