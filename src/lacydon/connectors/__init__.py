"""The quay: one folder per outside system. None knows another; adding one touches no other folder.

A folder holds `connector.toml` (what it is), `connector.py` (plugs into its port when it is imported, and offers
`check() -> Check`), `samples/`, `quality.toml` and `README.md`. `tools/new_connector` makes one.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a connector can work now: True, False, or None when it is not switched on; and one sentence."""

    ok: bool | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Description:
    """What connector.toml says. `port`: what it plugs into; `settings`: names without LACYDON_."""

    id: str
    title: str
    port: str
    settings: tuple[str, ...]
    schedule: str
    licence: str
    documentation: str

    def module(self) -> ModuleType:
        """Its connector.py."""
        return import_module(f"{__name__}.{self.id}.connector")


@cache
def descriptions() -> tuple[Description, ...]:
    """Every connector of this installation, by id. ValueError when a connector.toml is wrong."""
    return tuple(_described(path) for path in sorted(FOLDER.glob("*/connector.toml")))


def checks() -> Iterator[tuple[Description, Check]]:
    """The state of each connector, asked now: this may go over the network."""
    for description in descriptions():
        yield description, description.module().check()


def _described(path: Path) -> Description:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    wanted = set(Description.__dataclass_fields__)
    if set(told) != wanted:
        raise ValueError(f"{path} must say {', '.join(sorted(wanted))}; differs by {sorted(set(told) ^ wanted)}")
    if told["id"] != path.parent.name:
        raise ValueError(f"{path}: id is {told['id']}, its folder is {path.parent.name}")
    return Description(**(told | {"settings": tuple(told["settings"])}))
