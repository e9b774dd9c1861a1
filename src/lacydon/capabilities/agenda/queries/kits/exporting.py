"""What a commune may put in a kit, and the files that this makes: its address and its name stay behind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from yaml import safe_load

from lacydon.capabilities.data import public as data
from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.texts import Localised

from ..chart import chart
from ..nouns import Indicator, stored
from .fragment import dumped, emptied
from .preview import PARTS

OF_THE_COMMUNE = ("at", "url", "phone", "email", "address", "hours")
"""Fields of a channel that are one commune's own."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One thing a commune can export."""

    part: str
    id: str
    title: Localised

    @property
    def key(self) -> str:
        return f"{self.part}:{self.id}"


@dataclass
class Made:
    """The files of a kit; `notes`: what was left behind, in sentences for who exports."""

    files: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def offered(citycode: str) -> tuple[Offered, ...]:
    """Everything of a commune that can travel."""
    everything = {each.id: each for each in services.services()}
    found = [Offered("services", each.id, each.title) for each in services.services_of_commune(citycode)]
    found += [Offered("local", id, everything[id].title) for id in services.overrides_of(citycode)]
    found += [Offered("forms", each.form.id, each.form.title) for each in requests.forms_of_commune(citycode)]
    here = f"commune-{citycode}"
    found += [Offered("datasets", each.id, each.title) for each in data.datasets() if each.organisation == here]
    found += [Offered("indicators", one.id, one.title.stored()) for one in chart().all(Indicator) if one.owner == here]
    return tuple(found)


def made(citycode: str, keys: Collection[str], documents: Mapping[str, str]) -> Made:
    """The files of a kit with these things of a commune (keys of `offered`) and these documents (name → text)."""
    commune = territory.commune(citycode)
    chosen = [each for each in offered(citycode) if each.key in keys]
    ids = {part: {each.id for each in chosen if each.part == part} for part in PARTS}
    result = Made()

    def bare(id: str) -> str:
        return id.removesuffix(f"-{citycode}")

    own: list[Any] = []
    for each in chosen:
        if each.part == "services":
            told = _without_contacts(services.written_service(each.id), result)
            own.append({**told, "id": bare(each.id)})
    overrides = services.overrides_of(citycode)
    local = {each.id: _without_contacts(overrides[each.id], result) for each in chosen if each.part == "local"}
    if own or local:
        parts = {"override": local, "add": own}
        result.files["services.yaml"] = dumped(emptied({k: v for k, v in parts.items() if v}, commune.name))
    held = requests.published_forms()
    for id in sorted(ids["forms"]):
        told = dict(held[id].form.source)
        told.pop("communes", None)
        service = told["service"]
        told |= {"id": bare(id), "service": bare(service) if service in ids["services"] else service}
        result.files[f"forms/{bare(id)}.yaml"] = dumped(emptied(told, commune.name))
    for id in sorted(ids["datasets"]):
        result.files[f"datasets/{bare(id)}.yaml"] = dumped(emptied(_dataset(id), commune.name))
    if ids["indicators"]:
        result.files["indicators.yaml"] = dumped(
            [emptied(_indicator(id, ids["datasets"], bare), commune.name) for id in sorted(ids["indicators"])]
        )
    result.files |= {f"documents/{name}": emptied(text, commune.name) for name, text in documents.items()}
    named = [path for path, text in result.files.items() if "commune}" in text]
    if named:
        result.notes.append(
            _("Le nom de votre commune a laissé la place à celui de la commune qui adopte : %s.") % ", ".join(named)
        )
    return result


def _without_contacts(told: Mapping[str, Any], result: Made) -> dict[str, Any]:
    kept = dict(safe_load(dumped(_plain(told))))
    channels = kept.get("channels", [])
    if any(name in each for each in channels for name in OF_THE_COMMUNE):
        sentence = _(
            "Vos adresses, téléphones et horaires restent chez vous : ceux de la commune qui adopte les remplacent."
        )
        if sentence not in result.notes:
            result.notes.append(sentence)
    if channels:
        kept["channels"] = [
            {name: value for name, value in each.items() if name not in OF_THE_COMMUNE} for each in channels
        ]
    return kept


def _dataset(id: str) -> dict[str, Any]:
    each = data.dataset(id)
    told: dict[str, Any] = {
        "title": dict(each.title), "description": dict(each.description), "keywords": list(each.keywords),
        "themes": list(each.themes), "licence": each.licence, "frequency": each.frequency,
    }  # fmt: skip
    if each.schema:
        told["schema"] = each.schema
    told["columns"] = [
        {"name": one.name, "label": one.label, "type": one.type, "kind": one.kind, "description": one.description,
         "required": not one.nullable}
        for one in each.columns
    ]  # fmt: skip
    return {name: value for name, value in told.items() if value}


def _indicator(id: str, datasets: Collection[str], bare: Any) -> dict[str, Any]:
    told: dict[str, Any] = stored(chart().one(Indicator, id))
    for name in ("owner", "actions", "baseline", "targets"):
        told.pop(name, None)
    source = told.get("source", {})
    if source.get("dataset") in datasets:
        told["source"] = {**source, "dataset": bare(source["dataset"])}
    return {**told, "id": bare(id)}


def _plain(data: Any) -> Any:
    if isinstance(data, Mapping):
        return {str(key): _plain(each) for key, each in data.items()}
    if isinstance(data, list | tuple):
        return [_plain(each) for each in data]
    return data
