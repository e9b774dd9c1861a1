"""routes.txt: the lines, their colours, those for pupils."""

import re

from ..timetable.nouns import Route
from .gathered import Reading
from .stops import WEB, whole

BUS = 3
LONGEST_NUMBER = 12
LEAST_CONTRAST = 3.0
SIX = re.compile(r"[0-9A-Fa-f]{6}")
SCHOOL = re.compile(r"\bscolaires?\b|\bschool\b", re.I)
SCHOOL_TYPES = (712, 713)


def read_routes(reading: Reading) -> None:
    table = reading.archive.table("routes.txt")
    assert table is not None
    remarks, routes = reading.remarks, reading.routes
    only = next(iter(reading.agencies.values()), -1)
    columns = ("route_id", "agency_id", "route_short_name", "route_long_name", "route_desc", "route_type", "route_url",
               "route_color", "route_text_color", "route_sort_order")  # fmt: skip
    for line, cells in table.rows(columns):
        id_, agency, short, long_, description, kind, url, colour, text_colour, order = cells
        if not id_:
            remarks.add("missing-id", table.name, line=line, example=short or long_)
            continue
        if id_ in routes:
            remarks.add("duplicate-id", table.name, line=line, example=id_)
            continue
        if not short and not long_:
            remarks.add("missing-route-name", table.name, line=line, example=id_)
            short = id_
        if len(short) > LONGEST_NUMBER:
            remarks.add("long-route-name", table.name, line=line, example=short)
        if short and short == long_:
            remarks.add("same-route-names", table.name, line=line, example=short)
            long_ = ""
        if agency not in reading.agencies and (agency or len(reading.agencies) > 1):
            remarks.add("unknown-agency", table.name, line=line, example=agency)
        type_ = whole(kind, -1)
        if not (0 <= type_ <= 12 or 100 <= type_ <= 1799):
            remarks.add("route-type", table.name, line=line, example=kind)
            type_ = BUS
        if url and not WEB.fullmatch(url):
            remarks.add("url", table.name, line=line, example=url)
            url = ""
        colours = [_colour(reading, line, each) for each in (colour, text_colour)]
        if all(colours) and contrast(*colours) < LEAST_CONTRAST:
            remarks.add("contrast", table.name, line=line, example=f"{short or long_} {colours[0]} {colours[1]}")
        routes[id_] = len(reading.to.routes)
        reading.to.routes.append(
            Route(
                id=reading.mark + id_, agency=reading.agencies.get(agency, only), short_name=short, long_name=long_,
                type=type_, description=description, url=url, colour=colours[0], text_colour=colours[1],
                order=whole(order), feed=reading.here,
                school=type_ in SCHOOL_TYPES or bool(SCHOOL.search(f"{short} {long_} {description}")),
            )
        )  # fmt: skip


def _colour(reading: Reading, line: int, written: str) -> str:
    six = written.removeprefix("#")
    if six and not SIX.fullmatch(six):
        reading.remarks.add("colour", "routes.txt", line=line, example=written)
        return ""
    return six.upper()


def contrast(one: str, other: str) -> float:
    """Between two colours of six digits, from 1 to 21. Source: WCAG 2.2, contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of six hexadecimal digits. Source: WCAG 2.2."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4))
    red, green, blue = (each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
