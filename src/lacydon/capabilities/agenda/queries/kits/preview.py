"""What adopting a kit would change in a commune, item by item: added, changed, a clash with what the commune has."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from django.utils.translation import gettext as _

from lacydon.capabilities.data import public as data
from lacydon.capabilities.requests import public as requests
from lacydon.capabilities.services import public as services
from lacydon.capabilities.territory import public as territory
from lacydon.kernel.errors import NotFound
from lacydon.kernel.texts import Localised

from ...models import Applied, KitVersion
from ..chart import chart
from ..nouns import Indicator, stored
from .fragment import DatasetPart, Fragment, dumped, form_text, local_id, read

ADDED, CHANGED, SAME, CLASH, WRONG = "added", "changed", "same", "clash", "wrong"
PARTS = ("services", "local", "forms", "datasets", "indicators")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing a kit brings. `before`, `after`: its text here, now and adopted; `needs`: another item, by its key."""

    part: str
    id: str
    here: str
    title: Localised
    state: str
    before: str
    after: str
    instead_of: tuple[str, ...] = ()
    needs: str = ""
    wrong: str = ""

    @property
    def key(self) -> str:
        return f"{self.part}:{self.id}"

    @property
    def takeable(self) -> bool:
        return self.state in (ADDED, CHANGED) or (self.state == CLASH and self.part != "datasets")

    @property
    def taken(self) -> bool:
        """Unless one says otherwise."""
        return self.state in (ADDED, CHANGED)

    @property
    def lines(self) -> list[Any]:
        return requests.differences(self.before, self.after)


@dataclass(frozen=True, kw_only=True)
class Preview:
    """`seen` tells this preview from that of another moment."""

    version: KitVersion
    commune: str
    fragment: Fragment
    items: tuple[Item, ...]
    last: Applied | None
    seen: str = field(default="")


def version_of(kit: str, number: int | None = None) -> KitVersion:
    """A version of a kit, the last one by default. Raises NotFound."""
    rows = KitVersion.objects.filter(kit=kit)
    found = rows.last() if number is None else rows.filter(number=number).first()
    if found is None:
        raise NotFound(_("Ce kit n’a pas cette version."))
    return found


def standing(kit: str, citycode: str) -> Applied | None:
    """What was laid last of a kit in a commune, and was not put back."""
    rows = Applied.objects.filter(version__kit=kit, commune=citycode, undone_at=None)
    return rows.select_related("version").last()


def preview(version: KitVersion, citycode: str) -> Preview:
    """What adopting would change, now."""
    commune = territory.commune(citycode)
    fragment = read(version.files, name=commune.name, code=citycode)
    last = standing(version.kit, citycode)
    ours = {f"{each['part']}:{each['id']}": each["made"] for each in last.items} if last else {}
    items = tuple(_items(fragment, citycode, ours))
    told = [version.content, str(last.pk) if last else "", [[each.key, each.state, each.before] for each in items]]
    seen = hashlib.sha256(orjson.dumps(told)).hexdigest()
    return Preview(version=version, commune=citycode, fragment=fragment, items=items, last=last, seen=seen)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _state(before: str, after: str, ours: str | None) -> str:
    if not before:
        return ADDED
    if before == after:
        return SAME
    return CHANGED if ours is not None and digest(before) == ours else CLASH


def _items(fragment: Fragment, code: str, ours: Mapping[str, str]) -> Iterator[Item]:
    for part in PARTS:
        for id, each in getattr(fragment, part).items():
            made: Item = _MAKERS[part](fragment, id, each, code, ours.get(f"{part}:{id}"))
            yield made


def _service(_fragment: Fragment, id: str, each: services.ServiceText, code: str, ours: str | None) -> Item:
    after, before = _text(each), stands("services", each.id, code)
    wrong = "; ".join(_("« %(found)s » : il faudrait %(expected)s") % {"found": fault.found, "expected": fault.expected}
                      for fault in services.wrong_with(each))  # fmt: skip
    state = WRONG if wrong else _state(before, after, ours)
    return Item(part="services", id=id, here=each.id, title=each.title.stored(), state=state, before=before,
                after=after, wrong=wrong)  # fmt: skip


def _local(_fragment: Fragment, id: str, each: services.LocalText, code: str, ours: str | None) -> Item:
    held = {one.id: one for one in services.services()}.get(id)
    if held is None or (held.commune and held.commune != code):
        return Item(part="local", id=id, here=id, title={"fr": id}, state=WRONG, before="", after=_text(each),
                    wrong=_("Ce service n’existe pas ici."))  # fmt: skip
    now = services.overrides_of(code).get(id, {})
    before = local_text(now)
    after = local_text(now | each.model_dump(mode="json", exclude_none=True, exclude_unset=True))
    return Item(part="local", id=id, here=id, title=held.title, state=_state(before, after, ours), before=before,
                after=after)  # fmt: skip


def _form(fragment: Fragment, id: str, form: Any, code: str, ours: str | None) -> Item:
    here = local_id(id, code)
    after, before = form_text(form), stands("forms", here, code)
    mine = [each for each in requests.forms_of_commune(code) if each.form.service == form.service]
    others = tuple(each.form.id for each in mine if each.form.id != here)
    laid = [one for one, text in fragment.services.items() if text.id == form.service]
    checked = requests.checked_form(after, id=here, services=[form.service] if laid else [])
    wrong = "; ".join(str(fault) for fault in checked.faults)
    state = WRONG if wrong else CLASH if others and not before else _state(before, after, ours)
    shown = before or (requests.text_of(mine[0].version) if others else "")
    return Item(part="forms", id=id, here=here, title=form.title, state=state, before=shown, after=after, wrong=wrong,
                instead_of=others, needs=f"services:{laid[0]}" if laid else "")  # fmt: skip


def _dataset(_fragment: Fragment, id: str, each: DatasetPart, code: str, ours: str | None) -> Item:
    here = local_id(id, code)
    after, before = dataset_text(each), stands("datasets", here, code)
    # What is said of a dataset that is there already is its publisher's: the kit never changes it.
    state = SAME if before and ours is not None else CLASH if before else ADDED
    return Item(part="datasets", id=id, here=here, title=each.title.stored(), state=state, before=before,
                after=after)  # fmt: skip


def _indicator(fragment: Fragment, id: str, each: Indicator, code: str, ours: str | None) -> Item:
    after, before = dumped(stored(each)), stands("indicators", each.id, code)
    used = each.source.dataset if each.source else None
    needs = next((f"datasets:{one}" for one in fragment.datasets if local_id(one, code) == used), "")
    return Item(part="indicators", id=id, here=each.id, title=each.title.stored(), state=_state(before, after, ours),
                before=before, after=after, needs=needs)  # fmt: skip


_MAKERS: Mapping[str, Any] = {
    "services": _service, "local": _local, "forms": _form, "datasets": _dataset, "indicators": _indicator,
}  # fmt: skip


def stands(part: str, here: str, code: str) -> str:
    """What stands now in a commune under this id, as text; empty: nothing."""
    if part == "services":
        found = {each.id: each for each in services.services_of_commune(code)}.get(here)
        return _text(services.ServiceText.model_validate(services.written_service(here))) if found else ""
    if part == "local":
        return local_text(services.overrides_of(code).get(here, {}))
    if part == "forms":
        held = requests.published_forms().get(here)
        return form_text(held.form) if held else ""
    if part == "datasets":
        known = data.known_dataset(here)
        return dumped({"title": dict(known.title), "description": dict(known.description)}) if known else ""
    one = chart().get(Indicator, here)
    return dumped(stored(one)) if one else ""


def dataset_text(each: DatasetPart) -> str:
    """What a dataset will say of itself, as `stands` tells it."""
    return dumped({"title": each.title.stored(), "description": each.description.stored()})


def _text(each: Any) -> str:
    return dumped(each.model_dump(mode="json", exclude_none=True, exclude_defaults=True))


def local_text(fields: Mapping[str, Any]) -> str:
    """What a commune says otherwise of a service, as text."""
    return dumped(dict(sorted(fields.items()))) if fields else ""
