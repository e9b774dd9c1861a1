"""Forms and answers made at random, within the grammar; and one form that has a field of every type."""

from typing import Any

from hypothesis import strategies as st

ONE = {
    "text": {},
    "longtext": {},
    "email": {},
    "phone": {},
    "number": {},
    "money": {},
    "date": {},
    "choice": {"options": [{"value": each, "label": {"fr": each}} for each in ("a", "b", "c")]},
    "choices": {"options": [{"value": each, "label": {"fr": each}} for each in ("a", "b", "c")]},
    "yesno": {},
    "iban": {},
    "siret": {},
    "address": {},
    "place": {},
    "commune": {},
    "file": {},
    "group": {"fields": [{"id": "inner", "type": "text", "label": {"fr": "Dedans"}}]},
    "signature": {},
    "consent": {},
    "info": {},
}
SIMPLE = [type for type in ONE if type not in ("group", "info")]
GOOD: dict[str, list[Any]] = {
    "text": ["Zoé", " deux  mots\n", "x" * 12, "7"],
    "longtext": ["une\r\ndeux\t", "é" * 30],
    "email": ["Nom@Exemple.FR", "a.b+c@x-y.exemple.fr"],
    "phone": ["06 12 34 56 78", "+33 4 91 00 00 00", "+1 650 253 0000"],
    "number": ["12", "-0,50", " 1 000 ", "007", 3, 2.5],
    "money": ["12", "1 000,5 €", "0", "-0", 12.5],
    "date": ["2010-02-28", "1/3/2012", "2030-12-31", "31-12-1999"],
    "choice": ["a", "b", "c"],
    "choices": [["a"], ["c", "a", "a"], ["a", "b", "c"], "b"],
    "yesno": ["yes", "no", True, False],
    "iban": ["FR76 3000 6000 0112 3456 7890 189", "BE71-0961-2345-6769"],
    "siret": ["732 829 320 00074", "35600000000048"],
    "address": [
        "3 rue de la Mer",
        {"label": "3 rue de la Mer", "id": "97001_1234_00003", "citycode": "97001", "lon": "5.37", "lat": "43.2951"},
    ],
    "place": ["devant l’école", {"lon": 5.123456789, "lat": -43, "label": ""}, {"lon": "1", "lat": "2", "label": "là"}],
    "commune": ["97001", "2A004"],
    "file": [["a-1"], ["a-1", "b-2", "a-1"], "c-3"],
    "signature": [{"name": " Zoé ", "certified": "yes"}, {"name": "Zoé", "at": "2026-01-02T03:04:05+02:00"}],
    "consent": ["yes", True, "no", False],
}
HALF = {
    "date": ["31/02/2012", "today"],
    "address": [{"label": "ici", "lon": "400", "lat": "2"}, {"label": "ici", "lon": "1", "lat": ""}, {"id": "seul"}],
    "place": [{"lon": "", "lat": "4"}, {"label": "x" * 300}, {"lon": "nan", "lat": "inf"}],
    "signature": [{"name": "Zoé"}, {"certified": "yes"}, {"name": "Zoé", "at": "demain"}],
    "number": ["1,2,3", "1e3", "0" * 30, "١٢"],
    "phone": ["12", "06 12", "+++", "appelez-moi"],
    "iban": ["FR76 3000", "FR00 3000 6000 0112 3456 7890 189", "ZZ76"],
    "siret": ["73282932000075", "7"],
    "email": ["nom", "a@b", "a b@c.fr", "x@y@z.fr"],
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
amounts = st.integers(-50, 2000) | st.sampled_from([0.5, 2.1, 12.345])


def _specific(draw: Any, type: str) -> dict[str, Any]:
    told = dict(ONE[type])
    match type:
        case "text" | "longtext":
            told["max_length"] = draw(st.integers(5, 40))
            told["min_length"] = draw(st.integers(0, 5))
            if type == "text" and draw(st.booleans()):
                told["pattern"] = draw(st.sampled_from([r"[0-9]+", r"(?:[A-Z]{2}|\d)\w*", r"[a-zé]+( [a-zé]+)?", "."]))
        case "number" | "money":
            told["min"], told["max"] = draw(st.integers(-5, 5)), draw(st.integers(6, 3000))
            if type == "number":
                told["decimals"] = draw(st.integers(0, 3))
                told["unit"] = draw(st.sampled_from(["€", "m²", "kg"]))
        case "date":
            told["before"] = draw(st.sampled_from(["today", "today+30", "2031-01-01"]))
            told["after"] = draw(st.sampled_from(["1990-01-01", "2012-01-01", "today-9000"]))
        case "choices":
            told["min"], told["max"] = draw(st.integers(0, 1)), draw(st.integers(1, 3))
        case "file":
            told["max_files"] = draw(st.integers(1, 3))
        case "signature":
            told["drawn"] = draw(st.booleans())
    return told


def _condition(draw: Any, before: list[dict[str, Any]], depth: int = 0) -> dict[str, Any]:
    if depth < 2 and draw(st.integers(0, 3)) == 0:
        verb = draw(st.sampled_from(["all", "any", "not"]))
        inner = [_condition(draw, before, depth + 1) for _ in range(draw(st.integers(1, 2)))]
        return {verb: inner[0] if verb == "not" else inner}
    field = draw(st.sampled_from(before))
    match field["type"]:
        case "yesno" | "consent":
            tests: list[Any] = [True, False, {"not": True}]
        case "choice" | "choices":
            tests = ["a", ["a", "c"], {"not": "b"}]
        case "number" | "money":
            tests = [{draw(st.sampled_from(["over", "at_least", "under", "at_most"])): draw(amounts)}, draw(amounts)]
        case "date":
            tests = [{draw(st.sampled_from(["before", "after"])): draw(st.sampled_from(["today", "2012-03-01"]))}]
        case "text" | "commune":
            tests = ["97001", {"not": "7"}]
        case _:
            tests = []
    return {field["id"]: draw(st.sampled_from([*tests, {"filled": True}, {"filled": False}]))}


def _expression(draw: Any, fields: list[dict[str, Any]], groups: list[dict[str, Any]], depth: int = 0) -> Any:
    numbers = [each["id"] for each in fields if each["type"] in ("number", "money")]
    dates = [each["id"] for each in fields if each["type"] == "date"]
    counted = [each["id"] for each in [*fields, *groups] if each["type"] in ("choices", "file", "group")]
    totals = [inner["id"] for each in groups for inner in each["fields"] if inner["type"] in ("number", "money")]
    leaves = [("number", None)]
    leaves += [("field", id) for id in numbers] + [("age", id) for id in dates]
    leaves += [("count", id) for id in counted] + [("total", id) for id in totals]
    if depth > 2 or draw(st.booleans()):
        verb, id = draw(st.sampled_from(leaves))
        return draw(amounts) if verb == "number" else {verb: id}

    def inner() -> Any:
        return _expression(draw, fields, groups, depth + 1)

    match draw(st.sampled_from(["many", "pair", "round", "brackets", "if"])):
        case "many":
            return {draw(st.sampled_from(["sum", "product", "min", "max"])): [inner(), inner()]}
        case "pair":
            return {draw(st.sampled_from(["difference", "quotient"])): [inner(), inner()]}
        case "round":
            return {"round": inner(), "to": draw(st.integers(0, 3))}
        case "if" if fields:
            return {"if": _condition(draw, fields), "then": inner(), "else": inner()}
    table = [{"up_to": 3, "then": inner()}, {"up_to": 900.5, "then": inner()}, {"then": inner()}]
    return {"brackets": {"of": inner(), "table": table[: draw(st.integers(1, 3))]}}


@st.composite
def forms(draw: Any) -> dict[str, Any]:
    """A form's text, as data, that can be read."""
    names = iter(f"f{number}" for number in range(1000))
    before: list[dict[str, Any]] = []
    groups: list[dict[str, Any]] = []

    def field(types: list[str], known: list[dict[str, Any]]) -> dict[str, Any]:
        type = draw(st.sampled_from(types))
        made = {"id": next(names), "type": type, "label": {"fr": f"Une question ({type})"}, **_specific(draw, type)}
        if type != "info":
            made["required"] = draw(st.booleans())
        if known and draw(st.booleans()):
            made["when"] = _condition(draw, known)
        if type == "group":
            made["min"], made["max"] = draw(st.integers(0, 2)), draw(st.integers(2, 3))
            made["fields"] = []
            for _ in range(draw(st.integers(1, 3))):
                made["fields"].append(field(SIMPLE, [*before, *made["fields"]]))
        return made

    pages = []
    for number in range(draw(st.integers(1, 3))):
        page: dict[str, Any] = {"id": f"p{number}", "title": {"fr": "Page"}, "fields": []}
        if before and draw(st.booleans()):
            page["when"] = _condition(draw, before)
        for _ in range(draw(st.integers(1, 4))):
            made = field([*ONE, "number", "money", "yesno", "choice"], before)
            page["fields"].append(made)
            if made["type"] == "group":
                groups.append(made)
            elif made["type"] != "info":
                before.append(made)
        pages.append(page)
    computed = [
        {
            "id": f"c{number}",
            "type": draw(st.sampled_from(["number", "money"])),
            "label": {"fr": "Un calcul"},
            "value": _expression(draw, before, groups),
        }
        for number in range(draw(st.integers(0, 2)))
    ]
    return {"id": "essai", "service": "essai", "title": {"fr": "Essai"}, "pages": pages, "computed": computed}


def _answer(draw: Any, field: dict[str, Any], *, junk: bool) -> Any:
    kind = draw(st.integers(0, 9))
    if junk and kind == 0:
        return draw(json_values)
    if kind == 1:
        return draw(st.sampled_from([None, "", [], {}]))
    if field["type"] == "group":
        rows = [
            {each["id"]: _answer(draw, each, junk=junk) for each in field["fields"]}
            for _ in range(draw(st.integers(0, 4)))
        ]
        return [{**row, "extra": 1} if junk and draw(st.booleans()) else row for row in rows]
    if kind == 2 and field["type"] in HALF:
        return draw(st.sampled_from(HALF[field["type"]]))
    return draw(st.sampled_from(GOOD[field["type"]]))


@st.composite
def answers_to(draw: Any, form: dict[str, Any], *, junk: bool = True) -> dict[str, Any]:
    """Answers, good and bad; `junk`: also anything JSON may hold, and what was not asked."""
    fields = [each for page in form["pages"] for each in page["fields"] if each["type"] != "info"]
    found = {each["id"]: _answer(draw, each, junk=junk) for each in fields if draw(st.integers(0, 9))}
    return found | (draw(st.dictionaries(st.text(max_size=8), json_values, max_size=2)) if junk else {})


def a_form(*fields: dict[str, Any], computed: Any = (), **more: Any) -> dict[str, Any]:
    """A form of one page, with labels where none is given."""
    labelled = [{"label": {"fr": "Question"}, **each} for each in fields]
    page = {"id": "page", "title": {"fr": "Page"}, "fields": labelled}
    return {
        "id": "essai",
        "service": "essai",
        "title": {"fr": "Essai"},
        "pages": [page],
        "computed": [{"label": {"fr": "Calcul"}, **each} for each in computed],
        **more,
    }
