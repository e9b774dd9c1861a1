"""Two people at once: what each changed since the state that both had read, to be chosen point by point.

Nothing is decided by itself: what only one of them changed is proposed, what both changed is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from lacydon.kernel.errors import BadInput

from ...queries.nouns import SHAPES, Object, stored
from ...queries.writing import past
from ...queries.writing.differences import in_words
from ...queries.writing.fields import fields_of
from ...queries.writing.labels import label_of
from ...queries.writing.names import Names

SALT = "agenda.conflict"


@dataclass(frozen=True, slots=True)
class Point:
    """A field that is not the same for both. `chosen`: `miennes`, `leurs`, or nothing yet."""

    field: str
    label: Any
    theirs: list[tuple[str, str]]
    mine: list[tuple[str, str]]
    both: bool
    chosen: str
    missing: bool = False


def points(
    kind: str, *, base: int, mine: Object, theirs: Object, names: Names, choices: Mapping[str, str], number: int
) -> dict[str, Any]:
    """What the page shows."""
    before = past.was(kind, mine.id, base)
    found = [
        Point(
            field=each.name, label=label_of(each), both=proposed == "",
            theirs=in_words(each, theirs.model_dump(mode="json").get(each.name), names),
            mine=in_words(each, mine.model_dump(mode="json").get(each.name), names),
            chosen=_choice(choices, each.name) or proposed,
            missing=bool(choices) and proposed == "" and not _choice(choices, each.name),
        )
        for each in fields_of(kind)
        if (proposed := _proposed(each.name, before=before, mine=mine, theirs=theirs)) is not None
    ]  # fmt: skip
    return {
        "points": found, "must_choose": any(each.missing for each in found), "number": number, "base": base,
        "mine": signing.dumps({"kind": kind, "id": mine.id, "content": stored(mine)}, salt=SALT, compress=True),
    }  # fmt: skip


def mine_of(kind: str, id: str, signed: str) -> Object:
    """What this agent had written, as the page kept it. Raises BadInput."""
    try:
        held = signing.loads(signed, salt=SALT, max_age=86_400)
    except signing.BadSignature as wrong:
        raise BadInput(_("Ce que vous aviez écrit ne peut plus être relu : écrivez-le à nouveau.")) from wrong
    if (held["kind"], held["id"]) != (kind, id):
        raise BadInput(_("Ce que vous aviez écrit ne peut plus être relu : écrivez-le à nouveau."))
    return SHAPES[kind].model_validate(held["content"])


def reunited(kind: str, *, base: int, mine: Object, theirs: Object, choices: Mapping[str, str]) -> Object | None:
    """What was chosen of both; None as long as a point that both changed is not chosen."""
    content, before = theirs.model_dump(), past.was(kind, mine.id, base)
    for each in fields_of(kind):
        proposed = _proposed(each.name, before=before, mine=mine, theirs=theirs)
        if proposed is None:
            continue
        chosen = _choice(choices, each.name) or proposed
        if not chosen:
            return None
        if chosen == "miennes":
            content[each.name] = mine.model_dump()[each.name]
    return SHAPES[kind].model_validate(content)


def _choice(choices: Mapping[str, str], name: str) -> str:
    said = choices.get(name, "")
    return said if said in ("miennes", "leurs") else ""


def _proposed(name: str, *, before: Object | None, mine: Object, theirs: Object) -> str | None:
    """None: both say the same; else whose change it is, or nothing when both changed it."""
    mine_said, theirs_said = getattr(mine, name), getattr(theirs, name)
    if mine_said == theirs_said:
        return None
    if before is None:
        return ""
    if getattr(before, name) == theirs_said:
        return "miennes"
    return "leurs" if getattr(before, name) == mine_said else ""
