"""The quay: one folder per outside system. None knows another; adding one touches no other folder.

A folder holds `connector.toml` (what it is), `connector.py` (plugs into its port when it is imported, and offers
`check() -> Check`), `samples/`, `quality.toml` and `README.md`. `tools/new_connector` makes one.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.utils.translation import gettext as _

FOLDER = Path(__file__).parent
FILES = ("__init__.py", "connector.py", "connector.toml", "quality.toml", "README.md")
QUALITY: Mapping[str, str] = {
    "samples": "what the source says is kept in samples/, and a test parses it",
    "faults": "an answer that is not as expected is told in a sentence, with its line in a file, and harms nothing",
    "timeouts": "nobody waits longer than a stated time",
    "size-limit": "what is read has a stated largest size, or is streamed",
    "breaker": "a source that keeps failing is left alone for a while",
    "private-addresses": "it cannot be led to a machine inside (server-side request forgery)",
    "idempotent": "the same twice changes nothing, and an interruption leaves what was there",
    "without-it": "what residents get when the source is off or down is written and tested",
    "check": "check() says in a sentence whether it can work now",
    "licence": "the licence of the data is known and the source is named where it is shown",
}
"""What every connector does, or says why it need not: rule → meaning. quality.toml answers each."""


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a connector can work now: True, False, or None when it is not switched on; and one sentence."""

    ok: bool | None
    sentence: str


def check_of(routes: Iterable[tuple[str, bool, str]], *, nothing: str = "") -> Check:
    """The state of a connector that many routes (or sources) use: (route, whether it can work, why).

    `nothing`: what is said when there is none.
    """
    told = list(routes)
    if not told:
        return Check(ok=None, sentence=nothing or _("Aucune destination de deliveries.yaml ne passe par lui."))
    return Check(
        ok=all(ok for _route, ok, _why in told),
        sentence="\n    ".join(f"{route} : {sentence}" for route, _ok, sentence in told),
    )


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


def faults_of(folder: Path) -> list[str]:
    """What a connector's folder lacks, one sentence each; empty when it is complete."""
    faults = [f"{folder.name}/{name} is missing" for name in FILES if not (folder / name).is_file()]
    if not any(path.is_file() for path in (folder / "samples").glob("*")):
        faults.append(f"{folder.name}/samples/ has no sample")
    if (folder / "connector.toml").is_file():
        try:
            _described(folder / "connector.toml")
        except ValueError as error:
            faults.append(str(error))
    if (folder / "quality.toml").is_file():
        told = tomllib.loads((folder / "quality.toml").read_text(encoding="utf-8"))
        faults += [f"{folder.name}/quality.toml does not answer {rule}" for rule in QUALITY if rule not in told]
        for rule, answer in told.items():
            if rule not in QUALITY:
                faults.append(f"{folder.name}/quality.toml answers {rule}, which is no rule")
            elif answer != "done" and not (answer.startswith("exempt: ") and len(answer) > 20):
                faults.append(f'{folder.name}/quality.toml: {rule} must be "done", or "exempt: " and why')
    return faults


def _described(path: Path) -> Description:
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    wanted = set(Description.__dataclass_fields__)
    if set(told) != wanted:
        raise ValueError(f"{path} must say {', '.join(sorted(wanted))}; differs by {sorted(set(told) ^ wanted)}")
    if told["id"] != path.parent.name:
        raise ValueError(f"{path}: id is {told['id']}, its folder is {path.parent.name}")
    return Description(**(told | {"settings": tuple(told["settings"])}))
