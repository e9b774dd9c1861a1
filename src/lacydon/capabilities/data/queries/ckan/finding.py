"""package_search: words, and as much of Solr's language as clients and harvesters of CKAN write.

    marché forain · "marché forain" · organization:ville · tags:(eau OR air) · -res_format:PDF · name:mar*
    metadata_modified:[2026-01-01T00:00:00Z TO *] · *:*

All parts must hold; `OR` between two makes one of them enough; `-`, `!` and `NOT` refuse one.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from lacydon.kernel.french import plain
from lacydon.kernel.texts import said

from ...errors import WrongQuestion
from ..datasets import DatasetView
from .packages import identifier, resources, tag

Test = Callable[[DatasetView], bool]
LONGEST = 2_000
MOST_PARTS = 200
PIECE = re.compile(
    r"""\s*(?:(?P<not>NOT\b|[-!])|(?P<plus>\+)|(?P<and>AND\b|&&)|(?P<or>OR\b|\|\|)|(?P<open>\()|(?P<close>\))
    |(?P<field>[A-Za-z_][\w.]*|\*):|(?P<range>[\[{][^\]}]*[\]}])|"(?P<quoted>(?:[^"\\]|\\.)*)"(?:~\d+)?|(?P<word>[^\s()"\[\]{}]+))""",
    re.VERBOSE,
)
RANGE = re.compile(r'[\[{]\s*"?(?P<low>[^\s"]+)"?\s+TO\s+"?(?P<high>[^\s"]+)"?\s*[\]}]')


@dataclass(frozen=True, slots=True)
class Piece:
    kind: str
    text: str


def values(dataset: DatasetView, field: str) -> list[str]:
    """What a dataset has under one of the names of CKAN's index."""
    match field:
        case "name":
            return [dataset.id]
        case "id":
            return [identifier("dataset", dataset.id)]
        case "title" | "title_string":
            return [said(dataset.title)]
        case "notes":
            return [said(dataset.description)]
        case "tags":
            return [name for each in dataset.keywords for name in {each, tag(each)["name"]}]
        case "groups":
            return [each.lower() for each in dataset.themes]
        case "organization" | "owner_org":
            return [dataset.organisation, identifier("organisation", dataset.organisation)]
        case "res_format":
            return [str(each.told["format"]) for each in resources(dataset) if each.told["format"]]
        case "license_id":
            return [dataset.licence]
        case "state":
            return ["active"]
        case "dataset_type" | "type" | "entity_type":
            return ["dataset", "package"]
        case "capacity":
            return ["private" if dataset.access == "private" else "public"]
        case "private":
            return ["true" if dataset.access == "private" else "false"]
        case "metadata_modified":
            return [_written(dataset.modified)]
        case "metadata_created":
            return [_written(dataset.issued)]
        case "num_resources":
            return [str(len(resources(dataset)))]
        case _:
            return []


def tests_of(query: str) -> Test:
    """What a query asks of a dataset. Raises WrongQuestion."""
    if len(query) > LONGEST:
        raise WrongQuestion(_("Cette recherche est trop longue : au plus %d caractères.") % LONGEST)
    pieces = _pieces(query)
    test, end = _all(pieces, 0, "")
    if end < len(pieces):
        raise WrongQuestion(_("Une parenthèse se ferme sans s’être ouverte."))
    return test


def _pieces(query: str) -> list[Piece]:
    found, position = [], 0
    query = query.strip()
    while position < len(query):
        match = PIECE.match(query, position)
        if match is None or match.end() == position:
            raise WrongQuestion(
                _("Cette recherche n’est pas comprise à partir de « %s ».") % query[position : position + 20]
            )
        kind = match.lastgroup or ""
        found.append(Piece(kind, match[kind]))
        position = match.end()
        if len(found) > MOST_PARTS:
            raise WrongQuestion(_("Cette recherche a trop de parties : au plus %d.") % MOST_PARTS)
    return found


def _all(pieces: Sequence[Piece], at: int, field: str, depth: int = 0) -> tuple[Test, int]:
    """Parts up to the bracket that closes or the end: alternatives of conjunctions."""
    if depth > 20:
        raise WrongQuestion(_("Cette recherche est trop imbriquée."))
    ways: list[list[Test]] = [[]]
    while at < len(pieces) and pieces[at].kind != "close":
        piece = pieces[at]
        if piece.kind in ("and", "plus"):
            at += 1
        elif piece.kind == "or":
            ways.append([])
            at += 1
        else:
            test, at = _one(pieces, at, field, depth)
            ways[-1].append(test)
    held = [way for way in ways if way]
    return (lambda each: not held or any(all(test(each) for test in way) for way in held)), at


def _one(pieces: Sequence[Piece], at: int, field: str, depth: int) -> tuple[Test, int]:
    if at >= len(pieces):
        raise WrongQuestion(_("Cette recherche s’arrête trop tôt."))
    piece = pieces[at]
    if piece.kind == "not":
        refused, at = _one(pieces, at + 1, field, depth + 1) if depth < 20 else _too_deep()
        return (lambda each: not refused(each)), at
    if piece.kind == "field":
        if piece.text == "*":
            return (lambda _each: True), at + 2
        return _one(pieces, at + 1, piece.text, depth + 1) if depth < 20 else _too_deep()
    if piece.kind == "open":
        inner, at = _all(pieces, at + 1, field, depth + 1)
        if at >= len(pieces):
            raise WrongQuestion(_("Une parenthèse n’est pas fermée."))
        return inner, at + 1
    if piece.kind == "range":
        return _between(piece.text, field), at + 1
    if piece.kind in ("word", "quoted"):
        return _word(piece, field), at + 1
    raise WrongQuestion(_("Cette recherche n’est pas comprise à partir de « %s ».") % piece.text[:20])


def _too_deep() -> tuple[Test, int]:
    raise WrongQuestion(_("Cette recherche est trop imbriquée."))


def _word(piece: Piece, field: str) -> Test:
    text = piece.text.replace("\\", "")
    if piece.kind == "word":
        text = re.sub(r"[~^][\d.]*$", "", text)
    asked = plain(text)
    if text == "*" and not field:
        return lambda _each: True
    if not field or field in ("text", "title", "notes"):
        return lambda each: asked.rstrip("*") in _text(each, field)
    if asked.endswith("*"):
        return lambda each: any(plain(value).startswith(asked[:-1]) for value in values(each, field))
    return lambda each: any(plain(value) == asked for value in values(each, field))


def _between(text: str, field: str) -> Test:
    match = RANGE.fullmatch(text)
    if match is None or field not in ("metadata_modified", "metadata_created"):
        raise WrongQuestion(_("Un intervalle s’écrit : metadata_modified:[2026-01-01T00:00:00Z TO *]."))
    low, high = (None if each == "*" else _moment(each) for each in (match["low"], match["high"]))

    def test(each: DatasetView) -> bool:
        moment = each.modified if field == "metadata_modified" else each.issued
        if moment is None:
            return high is None  # who harvests takes it once more rather than never
        return (low is None or moment >= low) and (high is None or moment <= high)

    return test


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongQuestion(_("« %s » n’est pas une date comme 2026-01-31T00:00:00Z.") % text[:40]) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _text(dataset: DatasetView, field: str = "") -> str:
    """All that is looked for words in, in the form words are compared in."""
    if field in ("title", "notes"):
        return " ".join(plain(each) for each in (dataset.title if field == "title" else dataset.description).values())
    said_of = (
        dataset.id,
        *dataset.title.values(),
        *dataset.description.values(),
        *dataset.keywords,
        *dataset.organisation_name.values(),
        *(each.label for each in dataset.columns),
    )
    return " ".join(plain(each) for each in said_of)


SORTS: Mapping[str, Callable[[DatasetView], Any]] = {
    "name": lambda each: each.id,
    "title_string": lambda each: plain(said(each.title)),
    "title": lambda each: plain(said(each.title)),
    "metadata_modified": lambda each: _written(each.modified),
    "metadata_created": lambda each: _written(each.issued),
    "score": lambda _each: 0,
    "relevance": lambda _each: 0,
}


def sorted_by(found: Iterable[DatasetView], sort: str) -> list[DatasetView]:
    """In the order asked for, then by name. Raises WrongQuestion."""
    made = sorted(found, key=lambda each: each.id)
    for part in reversed([each.split() for each in sort.split(",") if each.strip()]):
        name, way = part[0], (part[1].lower() if len(part) > 1 else "asc")
        if name not in SORTS or way not in ("asc", "desc") or len(part) > 2:
            raise WrongQuestion(_("On ne peut pas trier par « %s ».") % " ".join(part)[:40])
        made.sort(key=SORTS[name], reverse=way == "desc")
    return made


FACETS = ("organization", "groups", "tags", "res_format", "license_id")


def facets(
    found: Sequence[DatasetView], fields: Sequence[str], *, most: int, least: int, names: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """How many there are of each value: CKAN's `facets`, and its `search_facets` with names for people."""
    counted: dict[str, Any] = {}
    told: dict[str, Any] = {}
    for field in fields:
        values_ = Counter(value for each in found for value in _facet(each, field))
        ranked = sorted(
            ((n, value) for value, n in values_.items() if n >= least), key=lambda each: (-each[0], each[1])
        )
        kept = ranked if most < 0 else ranked[:most]
        counted[field] = {value: n for n, value in kept}
        items = [{"name": value, "display_name": names.get(value, value), "count": n} for n, value in kept]
        told[field] = {"title": field, "items": items}
    return counted, told


def _facet(dataset: DatasetView, field: str) -> set[str]:
    if field == "organization":
        return {dataset.organisation}
    if field == "tags":
        return {tag(each)["name"] for each in dataset.keywords}
    return set(values(dataset, field))


def _written(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""
